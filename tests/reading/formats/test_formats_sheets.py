"""Sheets and CSV: numbers as shown, merged cells, titles above tables, the place of every cell."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from source_sample import lines, opened, tables, texts

from prongsai.reading.formats import xls
from prongsai.reading.formats._number_formats import shown
from prongsai.reading.source import Where


def book(fill: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        fill(made)
    return buffer.getvalue()


def test_a_head_whose_every_cell_is_two_rows_high(tmp_path: Path) -> None:
    """The row below it has no cells of its own."""

    def fill(made: Any) -> None:
        sheet = made.add_worksheet("ผลคะแนน")
        sheet.merge_range("A1:A2", "ตัวชี้วัด")
        sheet.merge_range("B1:B2", "คะแนน")
        sheet.write_row("A3", ["การปฏิบัติหน้าที่", "90.50"])

    (table,) = tables(opened(tmp_path, "ก.xlsx", book(fill)))
    assert texts(table) == [["ตัวชี้วัด", "คะแนน"], [], ["การปฏิบัติหน้าที่", "90.50"]]
    assert table.head == 1


def test_a_sheet_with_title_merged_head_and_note(tmp_path: Path) -> None:
    def fill(made: Any) -> None:
        sheet = made.add_worksheet("ผลคะแนน")
        two = made.add_format({"num_format": "0.00"})
        sheet.write("A1", "ผลการประเมิน ปี 2568")
        sheet.merge_range("B3:B4", "หน่วยงาน")
        sheet.merge_range("C3:D3", "คะแนน")
        sheet.write_row("C4", ["IIT", "EIT"])
        sheet.write("B5", "เทศบาลตัวอย่าง")
        sheet.write("C5", 87.5, two)
        sheet.write("D5", 90)
        sheet.write("B6", "อบต.ตัวอย่าง")
        sheet.write("D6", 0.8712, made.add_format({"num_format": "0.0%"}))
        sheet.write("A8", "หมายเหตุ")
        made.add_worksheet("ลับ").hide()

    source = opened(tmp_path, "ก.xlsx", book(fill))
    (table,) = tables(source)
    assert texts(table) == [
        ["หน่วยงาน", "คะแนน"],
        ["IIT", "EIT"],
        ["เทศบาลตัวอย่าง", "87.50", "90"],
        ["อบต.ตัวอย่าง", "", "87.1%"],
    ]
    assert [(cell.rowspan, cell.colspan) for cell in table.rows[0]] == [(2, 1), (1, 2)]
    cell = table.rows[2][1]
    assert cell.where == Where("ก.xlsx", table=1, row=5, column=3, sheet="ผลคะแนน", cell="C5")
    assert cell.raw == "87.5"
    assert lines(source) == ["ผลการประเมิน ปี 2568", "หมายเหตุ"]
    assert source.notes == ("ไม่ได้อ่านแผ่นงานที่ซ่อนไว้: ลับ",)


@pytest.mark.parametrize(
    ("stored", "code", "text"),
    [
        ("87.5", "0.00", "87.50"),
        ("87.1", "General", "87.1"),
        ("87.10000000000001", "General", "87.1"),
        ("100", "General", "100"),
        ("0.875", "0.00%", "87.50%"),
        ("87", '0.00"%"', "87.00%"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("87.5", "0.##", "87.5"),
        ("87.5", "[$-D00041E]0.00", "๘๗.๕๐"),
        ("45567", "d/m/yyyy", "2 ตุลาคม 2567"),
        ("84.995", "0.00", "85.00"),
    ],
)
def test_numbers_as_excel_shows_them(stored: str, code: str, text: str) -> None:
    assert shown(stored, code) == text


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp874"])
def test_csv_with_any_sign_and_encoding(tmp_path: Path, sign: str, encoding: str) -> None:
    text = f'ผลคะแนน\nหน่วยงาน{sign}คะแนน\n"เทศบาล\nตัวอย่าง"{sign}87.50\nอบต.{sign}\n'
    source = opened(tmp_path, "ก.csv", text.encode(encoding))
    (table,) = tables(source)
    assert texts(table)[:2] == [["หน่วยงาน", "คะแนน"], ["เทศบาล\nตัวอย่าง", "87.50"]]
    assert (lines(source), table.head, table.name) == (["ผลคะแนน", "อบต."], 1, "ผลคะแนน")


def test_a_table_with_an_empty_row_in_it_is_one(tmp_path: Path) -> None:
    (table,) = tables(opened(tmp_path, "ก.csv", "ชื่อ,คะแนน\nก,1\n,\nข,2\n"))
    assert texts(table) == [["ชื่อ", "คะแนน"], ["ก", "1"], ["ข", "2"]]


def test_other_spreadsheets_through_calamine() -> None:
    def fill(made: Any) -> None:
        sheet = made.add_worksheet("ผล")
        sheet.write_row("A1", ["หน่วยงาน", "คะแนน"])
        sheet.merge_range("A2:A3", "เทศบาล")
        sheet.write("B2", 87.5)
        sheet.write("B3", 90)

    source = xls.read(Path("ก.xls"), book(fill))
    assert texts(tables(source)[0]) == [["หน่วยงาน", "คะแนน"], ["เทศบาล", "87.5"], ["90"]]
