"""Older and other spreadsheets (.xls, .xlsb, .ods), through calamine: numbers as stored, without their formats."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from prongsai.reading.formats._decode import refuse
from prongsai.reading.formats._number_formats import general
from prongsai.reading.formats._sheet import Grid, merges, sheets_as_blocks
from prongsai.reading.source import Source
from prongsai.thai.dates import MONTHS

SUFFIXES = (".xls", ".xlsb", ".ods")


def read(path: Path, data: bytes) -> Source:
    """A spreadsheet that is no .xlsx."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = [_grid(path.name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except Exception as error:  # calamine raises its own and, for broken files, whatever Rust made of it
        raise refuse(
            "sheet_broken",
            path.name,
            "อ่านแผ่นงานไม่ได้ ไฟล์เสียหายหรือมีรหัสผ่าน",
            f"cannot read the spreadsheet: {error}",
            "โปรดเปิดในโปรแกรมต้นทางแล้วบันทึกเป็น .xlsx",
        ) from error
    return Source(path.name, "xlsx", sheets_as_blocks(grids), notes=("อ่านตัวเลขตามค่าที่เก็บ ไม่ใช่ตามรูปแบบที่แสดง",))


def _grid(file: str, sheet: Any) -> Grid:
    grid = Grid(file, sheet.name)
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        for column, value in enumerate(values, 1):
            text = _shown(value)
            grid.put(row, column, text, text)
    ranges = sheet.merged_cell_ranges or ()
    grid.merged = dict(merges(((a + 1, b + 1), (c + 1, d + 1)) for (a, b), (c, d) in ranges))
    return grid


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return general(Decimal(repr(value)))
    if isinstance(value, dt.date):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year + 543}"
    return str(value)
