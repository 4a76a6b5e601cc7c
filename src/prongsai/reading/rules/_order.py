"""Which place comes before which: the reading order of a file, whatever its format counts by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from prongsai.reading.model import Printed, Reading
from prongsai.reading.source import Table, Where

Place = tuple[int, int, int]
T = TypeVar("T")


class Order:
    """Places as block, row and column of the source."""

    def __init__(self, reading: Reading) -> None:
        self.exact: dict[Where, Place] = {}
        self.lines: dict[tuple[int | None, int | None], int] = {}
        self.tables: dict[int, int] = {}
        for index, block in enumerate(reading.source.blocks):
            self.exact.setdefault(block.where, (index, 0, 0))
            if block.where.line is not None:
                self.lines.setdefault((block.where.page, block.where.line), index)
            if isinstance(block, Table):
                if block.where.table is not None:
                    self.tables.setdefault(block.where.table, index)
                for row, cells in enumerate(block.rows, 1):
                    for column, cell in enumerate(cells, 1):
                        self.exact.setdefault(cell.where, (index, row, column))
        self.blocks = len(reading.source.blocks)

    def of(self, where: Where) -> Place:
        """The place in reading order; by line, table or page where the exact one is not known."""
        if where in self.exact:
            return self.exact[where]
        row, column = where.row or 0, where.column or 0
        if (index := self.lines.get((where.page, where.line))) is not None:
            return index, row, column
        if where.table is not None and where.table in self.tables:
            return self.tables[where.table], row, column
        return (where.page or 0) * 10_000 + (where.line or 0), row, column

    def near(self, values: Iterable[Printed], where: Where) -> Printed | None:
        """The value printed nearest to a place: at the place itself, then after it, then before it."""
        here = self.of(where)
        options = list(values)
        if not options:
            return None
        return min(options, key=lambda value: self._away(self.of(value.where), here))

    def after(self, values: Iterable[Printed], where: Where) -> Printed | None:
        """The first value at or after a place, else the last one before it."""
        here = self.of(where)
        options = sorted(values, key=lambda value: self.of(value.where))
        return next((value for value in options if self.of(value.where) >= here), options[-1] if options else None)

    @staticmethod
    def _away(place: Place, here: Place) -> tuple[int, bool, int, int]:
        block = place[0] - here[0]
        return abs(block), block < 0, abs(place[1] - here[1]), abs(place[2] - here[2])
