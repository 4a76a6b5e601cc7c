"""Tables as full grids: a merged cell is seen from every place that it covers."""

from __future__ import annotations

from prongsai.reading.source import Cell, Table

Grid = list[list[Cell | None]]


def grid(table: Table) -> Grid:
    """Rows of equal length. A cell that spans rows or columns stands in each of its places; None where nothing is.

    Formats put a merged cell only where it begins, so that counting cells would shift the columns after it.
    """
    rows: Grid = []
    below: dict[tuple[int, int], Cell] = {}
    for y, cells in enumerate(table.rows):
        row: list[Cell | None] = []
        for cell in cells:
            while (held := below.pop((y, len(row)), None)) is not None:
                row.append(held)
            first = len(row)
            row.extend([cell] * max(1, cell.colspan))
            for further in range(1, min(max(1, cell.rowspan), len(table.rows) - y)):
                for x in range(first, len(row)):
                    below[(y + further, x)] = cell
        while (held := below.pop((y, len(row)), None)) is not None:
            row.append(held)
        rows.append(row)
    width = max((len(row) for row in rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]


def text_at(row: list[Cell | None], column: int) -> str:
    """The text of a place, empty where there is no cell."""
    cell = row[column] if column < len(row) else None
    return cell.text.strip() if cell else ""
