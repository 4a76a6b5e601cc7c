"""Item codes with a digit misread: a score belongs to the item whose wording it stands beside.

Only codes one digit away are looked at, and only evidence on the page moves a score. In a table: the wording of an
item that has no row of its own, or a code twice where the one left out stands between its neighbours. In running
text, where the printed code has another score: another item's wording word for word, or a wording that leans to it
(a list that leaves it out) and this very score printed for it elsewhere. All else stays as printed, since two values
of one item are for the audit to name. The context of a moved score still shows the code as printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from prongsai.reading.item_codes import WORDING_AHEAD, texts_of
from prongsai.reading.loosely import covered, one_off
from prongsai.reading.model import Printed
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary
from prongsai.thai.text import likeness

# A wording is another item's when it is this much alike to it and this much more than to its own code's.
ALIKE, AHEAD = 0.6, 0.3
SURE, UNLIKE = 0.8, 0.3  # without the score printed again elsewhere
LEANS = 0.2  # with it
FEW = Decimal("0.2")  # of a table's rows may have a misread code
_SCORE = re.compile(r"\(?\d{1,3}\.\d\d")
_WORDING = 120
SHORT = 6  # characters of a wording that tells something


@dataclass(frozen=True)
class _Said:
    """How a score's item is printed: its code, its figures as they stand, the words behind it."""

    value: Printed
    code: str
    part: str
    figures: str
    wording: str
    row: tuple[tuple[str | None, int | None], int] | None  # the table and row that it is the score of; None in a text

    def others(self, words: Vocabulary) -> list[str]:
        """The codes that one misread digit makes of this one, or this one of them."""
        letter = self.code[0]
        return [
            code
            for number in one_off(self.figures, range(1, words.count(letter) + 1))
            if (code := f"{letter}{number}") in words.items
        ]


def settled(values: Sequence[Printed], words: Vocabulary) -> list[Printed]:
    """The values, each under the item that the page as a whole says it is of."""
    said = {id(value): found for value in values if (found := _said(value, words))}
    rows: dict[tuple[str | None, int | None], list[_Said]] = defaultdict(list)
    for found in said.values():
        if found.row:
            rows[found.row[0]].append(found)
    moved: dict[int, str] = {}
    for table in rows.values():
        moved.update(_in_table(table, words))
    known: dict[str, list[Printed]] = defaultdict(list)
    for value in values:
        if value.node.partition("@")[0] in words.items:
            known[moved.get(id(value), value.node.partition("@")[0])].append(value)
    for key, found in said.items():
        if found.row is None and (other := _in_text(found, known, said.values(), words)):
            moved[key] = other
    return [
        replace(value, node=value.node.replace(said[id(value)].code, moved[id(value)], 1))
        if id(value) in moved
        else value
        for value in values
    ]


def _said(value: Printed, words: Vocabulary) -> _Said | None:
    code, _, part = value.node.partition("@")
    if code not in words.items:
        return None
    plain, score = squeeze(value.context), squeeze(value.text)
    at = plain.find(score) if score else -1
    found = [*re.finditer(rf"(?<![A-Za-z0-9]){code[0]}[ \-]?(0*{code[1:]})(?![\d.]\d?)", plain, re.IGNORECASE)]
    if not found:
        return None
    before = [match for match in found if match.end() <= at]
    match = before[-1] if before else found[0]
    wording = re.sub(r"^[:.)\s“\"]+", "", plain[match.end() : match.end() + _WORDING])
    end = _SCORE.search(wording)
    where = value.where
    row = ((where.sheet, where.table), where.row) if at < 0 and where.row is not None else None
    return _Said(value, code, part, match.group(1), wording[: end.start()] if end else wording, row)


def _fit(wording: str, code: str, words: Vocabulary) -> float:
    """How alike the beginning of a wording is to an item's text."""
    return max((likeness(wording[: len(squeeze(text))], text) for text in texts_of(words).get(code, ())), default=0.0)


def _held(wording: str, code: str, words: Vocabulary) -> float:
    """How much of a short wording an item's text holds."""
    return max((covered(wording, text) for text in texts_of(words).get(code, ())), default=0.0)


def _in_table(rows: Sequence[_Said], words: Vocabulary) -> dict[int, str]:
    """Scores of rows that are another item's; a row may hold several."""
    by_row: dict[int, list[_Said]] = {}
    for said in rows:
        assert said.row is not None
        by_row.setdefault(said.row[1], []).append(said)
    lines = [by_row[row] for row in sorted(by_row)]
    codes = [line[0].code for line in lines]
    moved: dict[int, str] = {}
    changed = 0
    for index, line in enumerate(lines):
        first = line[0]
        free = [code for code in first.others(words) if code not in codes]
        other = _by_wording(first, free, words) or _between(index, codes, free)
        if other:
            codes[index] = other
            moved.update((id(said.value), other) for said in line if said.code == first.code)
            changed += 1
    return moved if changed <= max(1, int(len(lines) * FEW)) else {}  # many together are another year's numbers


def _by_wording(said: _Said, free: Iterable[str], words: Vocabulary) -> str | None:
    fits = sorted(((_fit(said.wording, code, words), code) for code in free), reverse=True)
    if not fits or fits[0][0] < ALIKE or fits[0][0] - _fit(said.wording, said.code, words) < AHEAD:
        return None
    second = fits[1][0] if len(fits) > 1 else 0.0
    return fits[0][1] if fits[0][0] - second >= WORDING_AHEAD else None


def _between(index: int, codes: Sequence[str], free: Iterable[str]) -> str | None:
    """The one free code between the neighbours of a code that stands twice and out of order here."""
    code = codes[index]
    if codes.count(code) < 2 or not 0 < index < len(codes) - 1:
        return None
    above, below = codes[index - 1], codes[index + 1]
    if {above[0], below[0]} != {code[0]}:
        return None
    low, high = int(above[1:]), int(below[1:])
    found = [other for other in free if low < int(other[1:]) < high]
    return found[0] if len(found) == 1 and not low < int(code[1:]) < high else None


def _in_text(
    said: _Said, known: dict[str, list[Printed]], everything: Iterable[_Said], words: Vocabulary
) -> str | None:
    """The other item that a score in running text is of."""
    if not any(value.value != said.value.value for value in known[said.code]):
        return None  # nothing speaks against the code as printed
    own_fit, own_held = _fit(said.wording, said.code, words), _held(said.wording, said.code, words)
    alike = [s for s in everything if s.code == said.code and s.value.where == said.value.where and s.row is None]
    line = squeeze(said.value.context)
    found = []
    for code in said.others(words):
        there = known.get(code, [])
        leans = len(said.wording) >= SHORT and _held(said.wording, code, words) - own_held >= LEANS
        left_out = len(alike) > 1 and not re.search(rf"(?<![A-Za-z0-9]){code}(?!\d)", line)
        sure = own_fit <= UNLIKE and _fit(said.wording, code, words) >= SURE
        fitting = not there or any(value.value == said.value.value for value in there)
        if (sure and fitting) or ((leans or left_out) and _again(said, there)):
            found.append(code)
    return found[0] if len(found) == 1 else None


def _again(said: _Said, values: Iterable[Printed]) -> bool:
    """Whether the other item has this very score elsewhere. Full and no marks tell nothing."""
    if said.value.value in (Decimal(0), Decimal(100)):
        return False
    return any(
        value.value == said.value.value and value.of == said.value.of and value.where != said.value.where
        for value in values
    )
