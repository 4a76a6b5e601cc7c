"""A grid of cells (a sheet, a CSV file) as lines and tables: empty rows part them, a lone cell is a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prongsai.errors import InputError
from prongsai.reading.formats._decode import refuse
from prongsai.reading.formats._markup import plain
from prongsai.reading.formats._rows import continues, head_rows, joined
from prongsai.reading.source import Block, Cell, Line, Table, Where

MAX_CELLS = 2_000_000
Place = tuple[int, int]  # row and column from 1


@dataclass
class Grid:
    """One sheet. ``cells``: shown and stored text where there is any; ``merged``: the far corner of a merge."""

    file: str
    sheet: str | None = None
    cells: dict[Place, tuple[str, str]] = field(default_factory=dict)
    merged: dict[Place, Place] = field(default_factory=dict)

    def put(self, row: int, column: int, shown: str, raw: str) -> None:
        """Set a cell; an empty one is no cell."""
        if shown.strip():
            if len(self.cells) >= MAX_CELLS:
                raise too_many(self.file)
            self.cells[row, column] = (shown, raw)

    def blocks(self, tables: int) -> list[Block]:
        """Lines and tables from top to bottom; ``tables`` counts those before."""
        found: list[Block] = []
        open_table = False
        for chunk in self._chunks():
            first, last = 0, len(chunk)
            while first < last and len(chunk[first][1]) == 1:
                first += 1
            while last > first and len(chunk[last - 1][1]) == 1:
                last -= 1
            found += [self._line(row, columns) for row, columns in chunk[:first]]
            if first:
                open_table = False
            if first < last:
                rows = self._rows([row for row, _ in chunk[first:last]], tables + 1)
                before = found[-1] if found else None
                repeated = continues(before, rows) if open_table and isinstance(before, Table) else None
                if repeated is not None and isinstance(before, Table):
                    found[-1] = joined(before, rows[repeated:])
                else:
                    tables += 1
                    name = before.text if isinstance(before, Line) and first else self.sheet
                    found.append(Table(tuple(rows), rows[0][0].where, head_rows(rows), name))
                open_table = True
            found += [self._line(row, columns) for row, columns in chunk[last:]]
            open_table = open_table and last == len(chunk)
        return found

    def _chunks(self) -> list[list[tuple[int, set[Place]]]]:
        """Runs of rows that are not empty: each row with the cells that stand in it or reach into it."""
        rows: dict[int, set[Place]] = {}
        lowest = max((row for row, _ in self.cells), default=0)
        for place in self.cells:
            rows.setdefault(place[0], set()).add(place)
        for place, (last, _) in self.merged.items():
            if place in self.cells:
                for row in range(place[0] + 1, min(last, lowest) + 1):
                    rows.setdefault(row, set()).add(place)
        chunks: list[list[tuple[int, set[Place]]]] = []
        for row in sorted(rows):
            if not chunks or row != chunks[-1][-1][0] + 1:
                chunks.append([])
            chunks[-1].append((row, rows[row]))
        return chunks

    def _line(self, row: int, columns: Iterable[Place]) -> Line:
        place = min(columns)
        shown, raw = self.cells[place]
        return Line(plain(shown).replace("\n", " "), self._where(row, place[1]), raw)

    def _rows(self, numbers: list[int], table: int) -> list[tuple[Cell, ...]]:
        inside = set(numbers)
        columns = [column for row, column in self.cells if row in inside]
        left, right = min(columns), max(columns)
        for (row, column), (_, end) in self.merged.items():
            if row in inside and (row, column) in self.cells:
                right = max(right, min(end, column + 100))
        covered = self._covered(inside, right)
        found: list[tuple[Cell, ...]] = []
        for row in numbers:
            cells = [
                self._cell((row, column), table, (numbers[-1], right))
                for column in range(left, right + 1)
                if (row, column) not in covered
            ]
            found.append(tuple(cells))
        return found

    def _covered(self, rows: set[int], right: int) -> set[Place]:
        found: set[Place] = set()
        lowest = max(rows)
        for (row, column), (last, end) in self.merged.items():
            if row in rows:
                found |= {
                    (down, across)
                    for down in range(row, min(last, lowest) + 1)
                    for across in range(column, min(end, right) + 1)
                }
                found.discard((row, column))
        return found

    def _cell(self, place: Place, table: int, corner: Place) -> Cell:
        row, column = place
        shown, raw = self.cells.get(place, ("", ""))
        last, end = self.merged.get(place, place)
        rowspan, colspan = min(last, corner[0]) - row + 1, min(end, corner[1]) - column + 1
        return Cell(plain(shown), self._where(row, column, table), raw, max(rowspan, 1), max(colspan, 1))

    def _where(self, row: int, column: int, table: int | None = None) -> Where:
        if self.sheet is None:
            return Where(self.file, line=row, table=table, row=row, column=column)
        return Where(self.file, table=table, row=row, column=column, sheet=self.sheet, cell=f"{letters(column)}{row}")


def sheets_as_blocks(grids: Iterable[Grid]) -> tuple[Block, ...]:
    """The blocks of all sheets in order, tables counted through."""
    found: list[Block] = []
    for grid in grids:
        found += grid.blocks(sum(isinstance(block, Table) for block in found))
    return tuple(found)


def merges(ranges: Iterable[tuple[Place, Place]]) -> Mapping[Place, Place]:
    """Merged ranges by their first cell; the far corner is kept."""
    return {first: last for first, last in ranges if last[0] >= first[0] and last[1] >= first[1]}


def letters(column: int) -> str:
    """A column as Excel names it."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def too_many(name: str) -> InputError:
    """The error for a sheet that no report can be."""
    return refuse(
        "too_many_cells",
        name,
        f"ตารางมีข้อมูลเกิน {MAX_CELLS:,} ช่อง",
        f"more than {MAX_CELLS:,} cells",
        "โปรดแบ่งไฟล์ให้เล็กลง",
    )
