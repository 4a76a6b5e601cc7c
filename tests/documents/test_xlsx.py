"""Excel: read back by another library."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
import python_calamine
from document_sample import SAMPLE, TABLE

from prongsai.documents.tree import Cell, Column, Document, Section, Table
from prongsai.documents.writers import WriteOptions, write
from prongsai.documents.writers.xlsx import number_format, sheet_names


@pytest.fixture(scope="module")
def book() -> python_calamine.CalamineWorkbook:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write(SAMPLE, "xlsx")))


def test_first_sheet_lists_the_tables(book: python_calamine.CalamineWorkbook) -> None:
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == SAMPLE.title
    assert [row[1] for row in rows[4:]] == [TABLE.caption, "ตารางที่ ๒ มาตรการ"]
    assert len(book.sheet_names) == 3
    assert rows[4][2] == book.sheet_names[1]


def test_first_sheet_says_what_the_tables_alone_do_not() -> None:
    data = write(replace(SAMPLE, lead=("รอบ 6 เดือน", "ข้อมูล ณ วันที่ 31 มีนาคม 2569")), "xlsx")
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[:6]] == [
        SAMPLE.title, SAMPLE.agency, "รอบ 6 เดือน", "ข้อมูล ณ วันที่ 31 มีนาคม 2569", "", "ลำดับ",
    ]  # fmt: skip


def test_numbers_are_numbers_and_text_is_text(book: python_calamine.CalamineWorkbook) -> None:
    rows = book.get_sheet_by_index(1).to_python()
    assert rows[0][0] == TABLE.caption
    assert rows[5][2:4] == [95.1, 96.42]
    assert rows[7][2] == "–"
    assert rows[7][4].endswith('=HYPERLINK("http://x")')
    assert book.get_sheet_by_index(1).merged_cell_ranges


def test_formulas_in_text_stay_text() -> None:
    bad = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", "http://example.org", "007")
    table = Table((Column(1),), ((Cell("ก"),),), tuple((Cell(text),) for text in bad))
    data = write(Document("ก", (Section((table,)),)), "xlsx")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(1)
    assert tuple(row[0] for row in sheet.to_python()[3:]) == bad
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist())


def test_sheet_setup() -> None:
    with zipfile.ZipFile(io.BytesIO(write(SAMPLE, "xlsx"))) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert 'state="frozen"' in sheet
    assert 'ySplit="4"' in sheet
    assert 'fitToWidth="1"' in sheet or "fitToPage" in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'formatCode="0.00"' in styles or 'numFmtId="2"' in styles


def test_sheet_names() -> None:
    long = "คะแนนรายตัวชี้วัด [ปี 2567/2568] ของเทศบาลเมืองตัวอย่าง"
    names = sheet_names([long, long, "History", "", "รายการตาราง", "A", "a"])
    assert len({n.casefold() for n in names}) == len(names)
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\'") for n in names)
    assert "รายการตาราง" not in names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("92.89", "0.00"),
        ("๙๒.๘๙", "0.00"),
        ("173", "0"),
        ("1,204", "#,##0"),
        ("50.0%", '0.0"%"'),
        ("–", "0.00"),
        ("-3.1", "0.0"),
    ],
)
def test_number_format_follows_the_text(text: str, expected: str) -> None:
    assert number_format(text) == expected


def test_created_makes_the_bytes_repeatable() -> None:
    options = WriteOptions(created=datetime(2026, 1, 15))
    assert write(SAMPLE, "xlsx", options) == write(SAMPLE, "xlsx", options)
