"""Guesses a mapping from a file: by code, by text, and last by likeness, which a person must confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prongsai.survey.imports.mapping import Mapping, options
from prongsai.survey.imports.personal import kind_of
from prongsai.survey.imports.source import Source
from prongsai.survey.imports.table import Table
from prongsai.survey.questionnaire import ELIGIBLE, Questionnaire, option_node
from prongsai.survey.xlsform import WORDS
from prongsai.thai.codes import read_code
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import likeness, repair, squeeze

# An option's label is short and its opposite is often like it (satisfied, dissatisfied): there likeness must be near.
_LIKE_TEXT, _LIKE_LABEL, _APART = 0.75, 0.9, 0.08
_NUMBER = re.compile(r"^(?:ข้อ(?:ที่)?\s*)?[0-9]{1,3}(?:\.[0-9]{1,2})?\s*[.):]\s*|^(?:ข้อ(?:ที่)?\s*)[0-9]{1,3}\s+")
_CODE = re.compile(r"^\s*([A-Za-z]{1,3}\s?[0-9]{1,3}(?:\.[0-9]{1,2})?)\s*[.):\-–]?\s+\S")
_KEY_LAST = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
_KEY_FIRST = re.compile(r"^[(\[]?([^\s()\[\].:=–-]+)[)\]]?\s*[.:=–-]?\s+(.+)$|^([^\s()\[\].:=]+)\s*[.:=)]\s*(.+)$")
_MANY = 60  # a column with more different cells than this is no scale


@dataclass(frozen=True)
class Guess:
    """A guessed mapping. ``unsure``: headings and cells that were matched by likeness only, as ``this → that``."""

    mapping: Mapping
    unsure: tuple[str, ...]


def guess(table: Table, form: Questionnaire, source: Source) -> Guess:
    """The likeliest mapping of a file's columns and cells; of what looks like two things, neither.

    Cells that are no option stand in the mapping with an empty key, for a person to fill in. Raises ``InputError``
    where the CSV is broken.
    """
    columns, unsure = _columns(table.headers, form, source)
    values, unsure_values = _values(table, columns, form, source)
    return Guess(Mapping(form.id, columns, values), (*unsure, *unsure_values))


def _columns(headers: tuple[str, ...], form: Questionnaire, source: Source) -> tuple[dict[str, str], list[str]]:
    columns: dict[str, str] = {}
    for role, taken in source.roles.items():
        header = next((one for one in headers if one.lower() == role), None)
        if header and taken not in columns.values():
            columns[header] = taken
    texts = _texts(form)
    left = []
    for header in headers:
        code = _exactly(header, form, source, texts) if header not in columns else None
        if code and code not in columns.values():
            columns[header] = code
        elif header and header not in columns and not kind_of(header):
            left.append(header)
    unsure = []
    for header in left:
        code = _like(source.readings(header), texts, _LIKE_TEXT)
        if code and code not in columns.values():
            columns[header] = code
            unsure.append(f"{header} → {code}")
    return columns, unsure


def _exactly(header: str, form: Questionnaire, source: Source, texts: list[tuple[str, str]]) -> str | None:
    codes = {line.code for line in form.lines} | {ELIGIBLE}
    for reading in source.readings(header):
        if reading.lower() == ELIGIBLE or (code := read_code(reading)) in codes:
            return ELIGIBLE if reading.lower() == ELIGIBLE else code
        if (match := _CODE.match(to_arabic(reading))) and (code := read_code(match[1])) in codes:
            return code
        plain = squeeze(_NUMBER.sub("", to_arabic(reading))).casefold()
        if found := {code for text, code in texts if squeeze(to_arabic(text)).casefold() == plain}:
            # One text of several lines (a row that stands below two questions) tells nothing.
            return found.pop() if len(found) == 1 else None
    return None


def _texts(form: Questionnaire) -> list[tuple[str, str]]:
    """Every text by which a line may be known, in all languages, with its code."""
    found: list[tuple[str, str]] = []
    for texts in form.texts.values():
        if ELIGIBLE in texts:
            found.append((texts[ELIGIBLE], ELIGIBLE))
        for question in form.questions:
            for line in question.lines:
                text = texts.get(line.code)
                if text:
                    found.append((text, line.code))
                if text and question.has_rows and question.code in texts:
                    # How tools write a row below its question: LimeSurvey and Google Forms, Kobo.
                    found += [(f"{texts[question.code]}{row}", line.code) for row in (f" [{text}]", f"/{text}")]
    return found


def _like(readings: Iterable[str], known: Iterable[tuple[str, str]], least: float) -> str | None:
    """The code whose text is the most like, where it is like enough and no other code's text nearly as like."""
    best: dict[str, float] = {}
    for reading in readings:
        for text, code in known:
            best[code] = max(best.get(code, 0.0), likeness(reading.casefold(), text.casefold()))
    ranked = sorted(best.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < least or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - _APART):
        return None
    return ranked[0][0]


def _values(
    table: Table, columns: dict[str, str], form: Questionnaire, source: Source
) -> tuple[dict[str, dict[str, str]], list[str]]:
    scale_of = {line.code: line.scale for line in form.lines if line.scale} | {ELIGIBLE: ELIGIBLE}
    read = {position: scale_of[columns[h]] for position, h in enumerate(table.headers) if columns.get(h) in scale_of}
    raw: dict[str, dict[str, None]] = {scale: {} for scale in read.values()}
    for row in table.rows():
        for position, cell in enumerate(row.cells):
            if (scale := read.get(position)) and cell not in raw[scale] and len(raw[scale]) < _MANY:
                raw[scale][cell] = None
    cells = {
        scale: {text: None for cell in found if (text := plain(cell)) and text.lower() not in source.empty}
        for scale, found in raw.items()
    }
    keys = options(form)
    values: dict[str, dict[str, str]] = {}
    unsure = []
    for scale, found in cells.items():
        labels = labels_of(form, scale)
        for cell in found:
            if cell in keys[scale]:
                continue
            key = _option(cell, keys[scale], labels, source)
            if not key and (key := _like([cell], _plainly(labels).items(), _LIKE_LABEL)):
                unsure.append(f"{cell} → {key}")
            values.setdefault(scale, {})[cell] = key or ""
    return values, unsure


def plain(cell: str) -> str:
    """A cell as it is compared: repaired, Thai digits as Arabic ones."""
    return to_arabic(repair(cell)).strip()


def labels_of(form: Questionnaire, scale: str) -> dict[str, set[str]]:
    """Label (compared form) → keys it stands for in any language; for the eligibility question our own words."""
    found: dict[str, set[str]] = {}
    for key, texts in _labels(form, scale):
        for text in texts:
            found.setdefault(squeeze(text).casefold(), set()).add(key)
    return found


def _labels(form: Questionnaire, scale: str) -> Iterator[tuple[str, Iterable[str]]]:
    for key in options(form)[scale]:
        if scale == ELIGIBLE:
            yield key, WORDS[key].values()
        else:
            node = option_node(scale, key)
            yield key, [texts[node] for texts in form.texts.values() if node in texts]


def _plainly(labels: dict[str, set[str]]) -> dict[str, str]:
    return {label: min(keys) for label, keys in labels.items() if len(keys) == 1}


def _option(cell: str, keys: tuple[str, ...], labels: dict[str, set[str]], source: Source) -> str | None:
    """The option a cell names: its key, its label, or both where they do not contradict each other."""
    by_fold = {key.casefold(): key for key in keys}
    word = source.words.get(cell.lower())
    if cell.casefold() in by_fold or word in keys:
        return by_fold.get(cell.casefold()) or word
    known = _plainly(labels)
    if label := known.get(squeeze(cell).casefold()):
        return label
    for pattern in (_KEY_LAST, _KEY_FIRST):
        if not (match := pattern.match(cell)):
            continue
        first, second = (group for group in match.groups() if group is not None)
        text, key = (first, second) if pattern is _KEY_LAST else (second, first)
        key = by_fold.get(key.casefold(), "")
        # A label that is known to be another option's contradicts the key; one that is not known does not.
        if key and labels.get(squeeze(text).casefold(), {key}) == {key}:
            return key
    return None
