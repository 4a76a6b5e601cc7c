"""Excel: the tables of a document as sheets, numbers as numbers, text never as a formula.

The first sheet says what the document is and lists the tables. Where a cell carries its number the sheet holds
the number, shown with as many decimals as the document shows; everything else is written as text, whatever it
begins with, because free text from outside may begin with ``=``.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import re
from typing import Any

from prongsai.documents.grid import Place, lay_out
from prongsai.documents.tree import Cell, Document, Table
from prongsai.documents.walk import cell_paragraphs, cell_text, clean, runs, tables
from prongsai.documents.writers import WriteOptions
from prongsai.thai.digits import to_arabic

TONES = {"head": "#DCE9E6", "group": "#EEF3F2", "good": "#DFF1E3", "warn": "#FCEFCF", "bad": "#F9DEDC"}
FIRST_SHEET = "รายการตาราง"
MAX_NAME, MAX_TEXT, SHEET_WIDTH = 31, 32_000, 110.0
HEAD_ROW = 2
EPOCH = dt.datetime(1980, 1, 1)  # the day ZIP archives count from
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def write(document: Document, options: WriteOptions) -> bytes:
    """The document's tables as .xlsx bytes."""
    return _Book(document, options).save()


class _Book:
    """One workbook; formats are made once per look, as xlsxwriter wants them."""

    def __init__(self, document: Document, options: WriteOptions) -> None:
        xlsxwriter: Any = importlib.import_module("xlsxwriter")
        self.document, self.options = document, options
        self.buffer = io.BytesIO()
        settings = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book: Any = xlsxwriter.Workbook(self.buffer, settings)
        self.looks: dict[tuple[Any, ...], Any] = {}

    def save(self) -> bytes:
        entries = list(tables(self.document))
        names = sheet_names([table.name or table.caption or under or "ตาราง" for table, under in entries])
        front = self.book.add_worksheet(FIRST_SHEET)
        for (table, _), name in zip(entries, names, strict=True):
            self._sheet(table, name)
        self._front(front, entries, names)
        # Left to itself the library writes the clock into the file, and the same document would give other bytes.
        created = self.options.created or EPOCH
        about = {"title": _cut(self.document.title), "author": _cut(self.document.agency)}
        self.book.set_properties({**about, "created": created})
        self.book.close()
        return self.buffer.getvalue()

    def _front(self, sheet: Any, entries: list[tuple[Table, str]], names: list[str]) -> None:
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 2, 34)
        sheet.write_string(0, 0, _cut(self.document.title), self._look(size=18, bold=True, wrap=False))
        for row, text in enumerate((self.document.agency, *self.document.lead), start=1):
            sheet.write_string(row, 0, _cut(text), self._look(size=16, wrap=False))
        top = 3 + len(self.document.lead)  # an empty row between the lines and the table
        head = self._look(bold=True, tone="head", border=1, align="center")
        for column, text in enumerate(("ลำดับ", "ตาราง", "แผ่นงาน")):
            sheet.write_string(top, column, text, head)
        cell = self._look(border=1)
        for number, ((table, under), name) in enumerate(zip(entries, names, strict=True), 1):
            sheet.write_number(top + number, 0, number, self._look(border=1, align="center"))
            sheet.write_string(top + number, 1, _cut(table.caption or table.name or under or name), cell)
            sheet.write_url(top + number, 2, f"internal:'{name}'!A1", cell, name)
        _paper(sheet, landscape=False)

    def _sheet(self, table: Table, name: str) -> None:
        sheet = self.book.add_worksheet(name)
        whole = sum(column.width for column in table.columns) or 1
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, max(column.width / whole * SHEET_WIDTH, 6))
        title = self._look(size=16, bold=True, wrap=False)
        sheet.write_string(0, 0, _cut(table.caption or table.name or self.document.title), title)
        laid = lay_out(table)
        for places in laid:
            for place in places:
                if place.first:
                    self._cell(sheet, table, place)
        head = HEAD_ROW + len(table.head)
        sheet.freeze_panes(head, 0)
        if table.head:
            sheet.repeat_rows(HEAD_ROW, head - 1)
        sheet.print_area(0, 0, max(HEAD_ROW + len(laid) - 1, 0), len(table.columns) - 1)
        _paper(sheet, landscape=len(table.columns) > 5)

    def _cell(self, sheet: Any, table: Table, place: Place) -> None:
        cell = place.cell
        head = place.row < len(table.head)
        default = "center" if head else "left" if cell.colspan > 1 else table.columns[place.column].align
        look: dict[str, Any] = {
            "bold": head or cell.bold or _all_bold(cell),
            "tone": "head" if head and cell.tone == "none" else cell.tone,
            "align": cell.align or default,
            "border": 1,
        }
        row, column = HEAD_ROW + place.row, place.column
        text = _cut(cell_text(cell))
        if cell.number is not None:
            look["number"] = number_format(text)
        form = self._look(**look)
        if cell.colspan > 1 or cell.rowspan > 1:
            sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", form)
        if cell.number is not None:
            sheet.write_number(row, column, cell.number, form)
        elif text:
            sheet.write_string(row, column, text, form)
        else:
            sheet.write_blank(row, column, None, form)

    def _look(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.looks:
            tone = wanted.get("tone", "none")
            properties = {
                "font_name": "TH SarabunPSK",
                "font_size": wanted.get("size", 15),
                "bold": wanted.get("bold", False),
                "align": wanted.get("align", "left"),
                "valign": "top",
                "text_wrap": wanted.get("wrap", True),
                "border": wanted.get("border", 0),
                "border_color": "#8A9BA5",
            }
            if tone != "none":
                properties["bg_color"] = TONES[tone]
            if "number" in wanted:
                properties["num_format"] = wanted["number"]
            self.looks[key] = self.book.add_format(properties)
        return self.looks[key]


def sheet_names(wanted: list[str]) -> list[str]:
    """Names that Excel takes: at most 31 characters, none of its signs, no two alike in any case."""
    taken = {FIRST_SHEET.casefold(), "history"}
    names: list[str] = []
    for text in wanted:
        base = " ".join(_NOT_IN_NAMES.sub(" ", clean(text)).split()) or "ตาราง"
        name, number = _units(base, MAX_NAME), 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = _units(base, MAX_NAME - len(ending)) + ending
        taken.add(name.casefold())
        names.append(name)
    return names


def _units(text: str, most: int) -> str:
    """The beginning of a text as Excel counts: a sign beyond the first 65,536 is two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").strip()


def number_format(text: str) -> str:
    """As many decimals as the text of the cell shows; two where the text is no number."""
    shown = to_arabic(text.strip())
    match = re.fullmatch(r"[-+]?([\d,]+)(?:\.(\d+))?\s*(%?)", shown, re.ASCII)
    if match is None:
        return "0.00"
    whole = "#,##0" if "," in match[1] else "0"
    return whole + ("." + "0" * len(match[2]) if match[2] else "") + ('"%"' if match[3] else "")


def _all_bold(cell: Cell) -> bool:
    found = [run for paragraph in cell_paragraphs(cell) for run in runs(paragraph.text) if run.text.strip()]
    return bool(found) and all(run.bold for run in found)


def _cut(text: str) -> str:
    return clean(text)[:MAX_TEXT]


def _paper(sheet: Any, landscape: bool) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
