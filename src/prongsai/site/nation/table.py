"""A table as a page shows it and as a file takes it along: the same cells, numbers as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import overload

from prongsai.cells import harmless
from prongsai.site.base.text import pick


@dataclass(frozen=True)
class Cell:
    """``text`` is shown, ``number`` goes into files; ``tone`` is a class of the style sheet, never the only sign."""

    text: str
    number: float | None = None
    href: str = ""
    tone: str = ""
    interval: bool = False

    @property
    def right(self) -> bool:
        """Whether it stands below a number: to the right, in one line."""
        return self.number is not None or self.interval or self.text == "–"


Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """A head. ``right``: numbers stand below it."""

    text: str
    right: bool = False


@dataclass(frozen=True)
class Table:
    """``caption`` says what is counted over what; the first cell of a row names the row."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]


class Lazy(Sequence[Row]):
    """Rows made when they are asked for: a page needs fifty of eight thousand, a file all."""

    def __init__(self, make: Callable[[int], Row], lines: Sequence[int]) -> None:
        self.make, self.lines = make, lines

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self.make(line) for line in self.lines[place]]
        return self.make(self.lines[place])


def known(value: float) -> float | None:
    """A number of an array; None where it is missing."""
    return None if isnan(value) else float(value)


def points(value: float | None, signed: bool = False) -> Cell:
    """A score or a difference with two decimals; a dash where it is missing."""
    if value is None or isnan(value):
        return Cell("–")
    text = f"{value:+.2f}" if signed else f"{value:.2f}"
    return Cell(text.replace("-", "−"), round(value, 2))


def between(low: float | None, high: float | None) -> Cell:
    """A score known exactly, or the interval that it lies in."""
    if low is None or high is None:
        return Cell("–")
    return points(low) if low == high else Cell(f"{low:.2f}–{high:.2f}", interval=True)


def whole(value: int | None) -> Cell:
    """A count."""
    return Cell("–") if value is None else Cell(f"{value:,}", value)


def span(low: int | None, high: int | None) -> Cell:
    """A range of whole numbers."""
    if low is None or high is None:
        return Cell("–")
    return whole(low) if low == high else Cell(f"{low:,}–{high:,}", interval=True)


def share(part: int, of: int) -> Cell:
    """A percentage of a stated whole; a dash where there is no whole."""
    return Cell(f"{100 * part / of:.1f} %", round(100 * part / of, 1)) if of else Cell("–")


def as_csv(table: Table) -> bytes:
    """UTF-8 with its mark, so that spreadsheets read Thai; no cell is a formula."""
    target = io.StringIO(newline="")
    out = csv.writer(target)
    out.writerow([column.text for column in table.columns])
    for row in table.rows:
        out.writerow([_plain(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | float:
    if cell.number is not None:
        return cell.number
    text = "" if cell.text == "–" else cell.text
    return harmless(text)


def as_xlsx(table: Table, basis: Sequence[tuple[str, str]]) -> bytes:
    """A workbook: the table, and on a second sheet what it rests on."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(pick("ตาราง", "Table"))
    bold = book.add_format({"bold": True, "bg_color": "#EAEEED", "bottom": 1})
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, column.text, bold)
        sheet.set_column(at, at, 14 if column.right else 30)
    sheet.freeze_panes(1, 1)
    for line, row in enumerate(table.rows, start=1):
        for at, cell in enumerate(row):
            if cell.number is not None:
                sheet.write_number(line, at, cell.number)
            elif cell.text != "–":
                sheet.write_string(line, at, cell.text)
    about = book.add_worksheet(pick("ที่มา", "About"))
    about.set_column(0, 1, 40)
    for line, (name, text) in enumerate([(pick("ตาราง", "Table"), table.caption), *basis]):
        about.write_string(line, 0, name, bold)
        about.write_string(line, 1, text)
    book.close()
    return target.getvalue()
