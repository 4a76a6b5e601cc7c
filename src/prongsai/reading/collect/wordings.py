"""Item codes printed with their questions, indicator numbers printed with their names, items listed under aspects."""

from __future__ import annotations

import re
from collections.abc import Sequence

from prongsai.reading.collect._score_tables import Row, columns_of, rows_of
from prongsai.reading.columns import Column
from prongsai.reading.item_codes import understood
from prongsai.reading.mentions import Mention
from prongsai.reading.model import Reading, Wording
from prongsai.reading.source import Cell, Line
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary, vocabulary
from prongsai.reading.walk import Placed, Stretch, stretch, walk

ORDER = 40

_LEADING = re.compile(
    r"\s*(?:ข้อ(?:คำถาม|ที่)?\s*)?(?P<code>[A-Za-z|!]?[ \-]?[0-9๐-๙]{1,3})[.:)]?\s+(?P<wording>\S.{2,})", re.DOTALL
)
_QUESTION_END = re.compile(r"เพียงใด|หรือไม่|อย่างไร")
_LONGEST = 420


def collect(reading: Reading) -> None:
    """Fill ``wordings``, ``names`` and ``aspects``."""
    if reading.framework is None:
        return
    words = vocabulary(reading.framework)
    for part in walk(reading):
        if isinstance(part, Stretch):
            _in_text(reading, part)
        else:
            _in_table(reading, part, words)


def _in_text(reading: Reading, text: Stretch) -> None:
    plain, mentions = text.text.plain, text.mentions
    for mention, following in zip(mentions, (*mentions[1:], None), strict=False):
        if mention.kind == "indicator" and mention.number and mention.name and len(mention.nodes) == 1:
            _add_name(reading, mention, text)
        if mention.kind == "item" and len(mention.nodes) == 1:
            stop = following.start if following else len(plain)
            end = _QUESTION_END.search(plain, mention.end, min(stop, mention.end + _LONGEST))
            if (
                end is None
                or re.match(r"[\s(]*\d", plain[mention.end :])
                or plain.count("\n", mention.end, end.start()) > 1
            ):
                continue
            _add_wording(reading, mention, text, end.end())


def _add_name(reading: Reading, mention: Mention, text: Stretch) -> None:
    assert mention.number is not None
    assert mention.name is not None
    printed = text.text.printed(mention.start, mention.end)
    reading.names.append(Wording(mention.number, printed, mention.name, text.text.where(mention.start)))


def _add_wording(reading: Reading, mention: Mention, text: Stretch, end: int) -> None:
    code, first, last = mention.nodes[0], text.text.index(mention.end), text.text.index(end - 1)
    printed = text.text.printed(mention.start, mention.end)
    pieces = []
    for index in range(first, last + 1):
        begin = max(mention.end, text.text.starts[index])
        until = end if index == last else text.text.starts[index + 1] - 1
        pieces.append(text.text.printed(begin, until))
    wording = " ".join(piece for piece in pieces if piece).strip()
    if len(squeeze(wording)) >= 10:
        reading.wordings.append(Wording(code, printed, wording, text.text.where(mention.start)))


def _in_table(reading: Reading, placed: Placed, words: Vocabulary) -> None:
    cols = columns_of(placed, words)
    seen: set[int] = set()
    for cells, row in rows_of(placed, words):
        known = _row_wording(cells, cols, row, words)
        if known:
            reading.wordings.append(known)
        if placed.around.aspect and row.scored and row.node in words.items:
            assert row.node is not None
            _under_aspect(reading, placed, row.node)
        for cell in cells:
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            if len(cell.text) > 20 and not (known and cell.where == known.where):
                lines = [Line(piece, cell.where) for piece in cell.text.split("\n") if piece.strip()]
                _in_text(reading, stretch(lines, row.around, words))


def _row_wording(cells: Sequence[Cell | None], cols: Sequence[Column], row: Row, words: Vocabulary) -> Wording | None:
    """A row's item with its wording: in one cell, or the code in one cell and the words in the next."""
    if row.node is None or row.node not in words.items or not row.scored:
        return None
    labels = [
        c for x, c in enumerate(cells) if c and c.text.strip() and (x >= len(cols) or cols[x].use in ("label", "none"))
    ]
    for index, cell in enumerate(labels):
        text = cell.text.strip()
        if match := _LEADING.match(text):
            wording = match.group("wording").strip()
            if understood(match.group("code"), words, row.around, wording) == row.node:
                return Wording(row.node, match.group("code").strip(), _one_line(wording), cell.where)
        if re.fullmatch(r"(?:ข้อ\s?)?\(?[A-Za-z|!]?[ \-]?[0-9๐-๙]{1,3}\)?\.?", text) and index + 1 < len(labels):
            wording = labels[index + 1].text.strip()
            if len(squeeze(wording)) >= 6 and understood(text, words, row.around, wording) == row.node:
                return Wording(row.node, text, _one_line(wording), cell.where)
    return None


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:_LONGEST]


def _under_aspect(reading: Reading, placed: Placed, code: str) -> None:
    number = placed.around.aspect
    assert number is not None
    listed = reading.aspects.setdefault(number, [])
    if code not in listed:
        listed.append(code)
    reading.places.setdefault(f"aspect:{number}", placed.table.where)
