"""Where each cell of a table stands, once rows and columns are spanned.

DOCX and XLSX need the position of every cell and of every place that a span covers. A table whose rows
do not fill its columns is refused here, by name and row, before any writer draws it crooked.
"""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.documents.errors import DocumentError
from prongsai.documents.tree import Cell, Table


@dataclass(frozen=True)
class Place:
    """One cell of the laid-out table. ``first`` is False where a rowspan continues from above."""

    cell: Cell
    row: int
    column: int
    first: bool


def lay_out(table: Table) -> tuple[tuple[Place, ...], ...]:
    """Every row as the places in it, left to right, head rows first; continued spans included."""
    width = len(table.columns)
    source = (*table.head, *table.rows)
    open_spans: dict[int, tuple[Place, int]] = {}
    laid: list[tuple[Place, ...]] = []
    for row, cells in enumerate(source):
        queue = list(cells)
        places: list[Place] = []
        column = 0
        while column < width:
            covered = open_spans.pop(column, None)
            if covered is not None:
                above, left = covered
                place = Place(above.cell, row, column, first=False)
                if left > 1:
                    open_spans[column] = (above, left - 1)
            elif queue:
                place = Place(queue.pop(0), row, column, first=True)
                if place.cell.rowspan > 1:
                    open_spans[column] = (place, place.cell.rowspan - 1)
            else:
                raise _error(table, row, f"covers {column} of {width} columns", f"มี {column} จาก {width} คอลัมน์")
            places.append(place)
            column += place.cell.colspan
        if queue or column != width:
            raise _error(table, row, "has more cells than columns", "มีช่องเกินจำนวนคอลัมน์")
        laid.append(tuple(places))
    if open_spans:
        raise _error(table, len(source) - 1, "a rowspan runs past the last row", "การผสานแถวเกินแถวสุดท้าย")
    return tuple(laid)


def _error(table: Table, row: int, english: str, thai: str) -> DocumentError:
    name = table.name or table.caption or "table"
    return DocumentError(f"ตาราง “{name}” แถวที่ {row + 1} {thai}", f"row {row + 1} {english}", name)
