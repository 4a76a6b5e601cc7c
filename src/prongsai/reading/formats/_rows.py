"""Rows of cells as tables: which rows are head, and which table continues the one before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from prongsai.reading.source import Block, Cell, Line, Table, Where
from prongsai.thai.text import likeness, squeeze

SAME_HEAD = 0.75  # OCR reads a repeated head a little differently on every page
HEAD_LENGTH = 120
CAPTION = re.compile(r"(?:ตารางที่|ตาราง|Table)\s*[0-9๐-๙]")
_NUMBER = re.compile(r"[-–]?[0-9๐-๙][0-9๐-๙.,/%\s]*")


def is_number(text: str) -> bool:
    """Whether a cell holds nothing but a number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def head_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows look like the head where the format does not say: 0, 1 or 2.

    A head has words only, no long text, and something in its first or second cell. A second row belongs to it
    when it fills what the first leaves empty and begins empty itself (done / not done under one heading).
    """
    if len(rows) < 2 or not _looks_like_head(rows[0]):
        return 0
    first, second = ([bool(cell.text) for cell in row] for row in rows[:2])
    fills = any(below and not above for above, below in zip(first, second, strict=False))
    begins = any(first[:1]) and not any(second[:1])  # a row that cells from above cover has none of its own
    return 2 if begins and fills and _looks_like_head(rows[1]) else 1


def _looks_like_head(row: Sequence[Cell]) -> bool:
    words = [cell.text for cell in row if cell.text]
    return bool(words) and not any(is_number(word) or len(word) > HEAD_LENGTH for word in words)


def caption_above(blocks: Sequence[Block]) -> str | None:
    """The caption of a table that follows now: the line before it, if it calls itself a table."""
    last = blocks[-1] if blocks else None
    return last.text if isinstance(last, Line) and CAPTION.match(last.text) else None


def continues(table: Table, rows: Sequence[Sequence[Cell]]) -> int | None:
    """How many head rows of the next piece repeat, if it continues the table; None if it is another one.

    Only for pieces with nothing but empty lines and page numbers between them.
    """
    if not rows or not table.rows or _width(table.rows[0]) != _width(rows[0]):
        return None
    if table.head:
        above, below = _words(table.rows[0]), _words(rows[0])
        if above == below or likeness(above, below) >= SAME_HEAD:
            return repeated_head(table, rows)
        if head_rows(rows) and not (is_blank(rows[0][0]) and is_blank(rows[0][-1])):
            return None
    return 0


def repeated_head(table: Table, rows: Sequence[Sequence[Cell]]) -> int:
    """How many head rows of the table its next piece begins with."""
    count = 0
    for above, below in zip(table.rows[: table.head], rows, strict=False):
        if likeness(_words(above), _words(below)) < SAME_HEAD:
            break
        count += 1
    return count


def is_blank(cell: Cell) -> bool:
    """Whether a cell is empty."""
    return not cell.text


def joined(table: Table, rows: Sequence[tuple[Cell, ...]]) -> Table:
    """The table with the rows of its next piece; cells keep the place where they were printed."""
    if not rows:
        return table
    return replace(table, rows=(*table.rows, *rows), breaks=(*table.breaks, len(table.rows)))


def _width(row: Sequence[Cell]) -> int:
    return sum(cell.colspan for cell in row)


def _words(row: Sequence[Cell]) -> str:
    return squeeze(" ".join(cell.text for cell in row))


def filled_up(rows: list[list[Cell]], where: Where) -> list[list[Cell]]:
    """Rows whose empty merged cells are as large as they must be for every row to have the same width.

    A tagged PDF says nothing of empty cells, not even their spans. In a row that is too short an empty cell above
    goes on; where there is none, an empty cell of the row itself is as wide as what is missing.
    """
    wide = _widest(rows)
    taken: dict[int, int] = {}  # column → rows it is still covered by a cell above
    empty: dict[int, tuple[int, int]] = {}  # column → row and number of the empty cell that ended above
    for number, row in enumerate(rows):
        if not row and wide:
            free = [column for column in range(wide) if not taken.get(column)]
            place = Where(where.file, where.page, table=where.table, row=number + 1)
            row.extend(Cell("", replace(place, column=column + 1)) for column in free)
        missing = wide - sum(cell.colspan for cell in row) - sum(1 for left in taken.values() if left > 0)
        while missing < 0 and row and not row[-1].text:  # some writers put empty cells where a merged one goes on
            missing += row.pop().colspan
        for column in sorted(empty) if missing > 0 else ():
            if missing and not taken.get(column):
                above, index = empty[column]
                rows[above][index] = replace(rows[above][index], rowspan=number - above + 1)
                taken[column] = 1
                missing -= 1
        for index, cell in enumerate(row):
            if missing > 0 and not cell.text and cell.colspan == 1:
                row[index] = replace(cell, colspan=1 + missing)
                missing = 0
        column = 0
        below = {at: left - 1 for at, left in taken.items() if left > 1}
        ended = {at: place for at, place in empty.items() if taken.get(at)}
        for index, cell in enumerate(row):
            while taken.get(column, 0) > 0:
                column += 1
            if not cell.text and cell.colspan == 1 and cell.rowspan == 1:
                ended[column] = (number, index)
            for at in range(column, column + cell.colspan):
                if cell.rowspan > 1:
                    below[at] = cell.rowspan - 1
            column += cell.colspan
        taken, empty = below, ended
    return rows


def _widest(rows: list[list[Cell]]) -> int:
    """The width of the table: the most common one of rows without empty cells, rows above counted in."""
    taken: dict[int, int] = {}
    widths: Counter[int] = Counter()
    for row in rows:
        column = 0
        below = {at: left - 1 for at, left in taken.items() if left > 1}
        for cell in row:
            while taken.get(column, 0) > 0:
                column += 1
            for at in range(column, column + cell.colspan):
                if cell.rowspan > 1:
                    below[at] = cell.rowspan - 1
            column += cell.colspan
        while taken.get(column, 0) > 0:
            column += 1
        if row and all(cell.text for cell in row):
            widths[column] += 1
        taken = below
    return max(widths, default=0)
