"""Text and Markdown: tables in tabs and bars, HTML in cells, tables over pages, marks out of order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from source_sample import lines, opened, tables, texts

from prongsai.reading.formats.open import open_source
from prongsai.reading.source import Line, Table, Where

CASES = Path(os.environ.get("PRONGSAI_CASES", Path(__file__).parents[4] / "shared" / "cases"))
HEAD = "ประเด็น\tมาตรการ\tผู้รับผิดชอบ"


def test_rows_with_tabs_are_a_table_with_its_place(tmp_path: Path) -> None:
    source = opened(tmp_path, "ก.txt", f"หัวเรื่อง\n\n{HEAD}\nการใช้งบประมาณ\tเผยแพร่แผน\tกองคลัง\n\tประชุมชี้แจง\t\n\nจบ")
    (table,) = tables(source)
    assert texts(table) == [
        ["ประเด็น", "มาตรการ", "ผู้รับผิดชอบ"],
        ["การใช้งบประมาณ", "เผยแพร่แผน", "กองคลัง"],
        ["", "ประชุมชี้แจง", ""],
    ]
    assert table.head == 1
    assert table.rows[1][2].where == Where("ก.txt", line=4, table=1, row=2, column=3)
    assert lines(source) == ["หัวเรื่อง", "จบ"]


def test_html_left_in_a_cell_becomes_lines(tmp_path: Path) -> None:
    cell = '<p>๑. แต่งตั้งคณะทำงาน</p> <ul style="list-style-type: none"> - ประชุม - ติดตามปี 2567-2568 </ul>ก<br/>ข'
    (table,) = tables(opened(tmp_path, "ก.txt", f"หัวข้อ\tขั้นตอน\nI1\t{cell}\n"))
    assert table.rows[1][1].text == "๑. แต่งตั้งคณะทำงาน\n- ประชุม\n- ติดตามปี 2567-2568\nก\nข"
    assert table.rows[1][1].raw == cell


@pytest.mark.parametrize("text", ["คะแนน < 85 และ > 90", "Q&A และ E-Service", "ปี >2024+<", "a_b__c และ 5*3"])
def test_what_only_looks_like_markup_stays(tmp_path: Path, text: str) -> None:
    assert lines(opened(tmp_path, "ก.txt", text)) == [text]


def test_a_table_goes_on_after_a_page_with_its_head_again_or_misread(tmp_path: Path) -> None:
    again = HEAD.replace("ผู้รับผิดชอบ", "ผู้รับผิดชอน")
    text = f"{HEAD}\nก\tข\tค\n\n- 12 -\n\n{again}\n\tต่อ\t\n\nข้อความคั่น\n\n{HEAD}\nง\tจ\tฉ\n"
    first, second = tables(opened(tmp_path, "ก.txt", text))
    assert texts(first)[1:] == [["ก", "ข", "ค"], ["", "ต่อ", ""]]
    assert first.breaks == (2,)
    assert texts(second)[1:] == [["ง", "จ", "ฉ"]]


def test_an_empty_line_inside_a_table_does_not_end_it(tmp_path: Path) -> None:
    (table,) = tables(opened(tmp_path, "ก.txt", f"{HEAD}\nก\tข\tค\n\nง\t90.00\tฉ\n"))
    assert len(table.rows) == 3


def test_a_head_of_two_rows(tmp_path: Path) -> None:
    (table,) = tables(opened(tmp_path, "ก.txt", "ประเด็น\tการติดตาม\t\n\tดำเนินการแล้ว\tยังไม่ดำเนินการ\nก\t✓\t\n"))
    assert table.head == 2


@pytest.mark.parametrize("text", ["\tย่อหน้าแรกของบันทึก", "ที่ ตย ๑\tวันที่ ๑ มกราคม", "\tย่อหน้าหนึ่ง\n\tย่อหน้าสอง"])
def test_a_tab_alone_is_no_table(tmp_path: Path, text: str) -> None:
    assert tables(opened(tmp_path, "ก.txt", text)) == []


def test_bold_marks_and_hashes_are_headings_and_wrapped_lines_go_on(tmp_path: Path) -> None:
    text = "**รายงานผล  \nประจำปี**\n\n## 2.สรุป\n\n**จุดแข็ง** คือ ข้อ I3\n\nเทศบาล  \nอำเภอ\n"
    found = [(b.text, b.heading) for b in opened(tmp_path, "ก.txt", text).blocks if isinstance(b, Line)]
    assert found == [
        ("รายงานผล ประจำปี", 6),
        ("2.สรุป", 2),
        ("จุดแข็ง คือ ข้อ I3", None),
        ("เทศบาล อำเภอ", None),
    ]


def test_without_markdown_two_spaces_at_the_end_mean_nothing(tmp_path: Path) -> None:
    assert lines(opened(tmp_path, "ก.txt", "เท่ากับ 53.56 คะแนน  \nข้อI9 หน่วยงาน\n")) == [
        "เท่ากับ 53.56 คะแนน",
        "ข้อI9 หน่วยงาน",
    ]


def test_marks_are_put_in_order_and_the_text_as_it_stood_is_kept(tmp_path: Path) -> None:
    (line,) = opened(tmp_path, "ก.txt", "กำลัง ดํา เนิน ท่ี เเก้\u200bไข").blocks
    assert isinstance(line, Line)
    assert line.text == "กำลัง ดำ เนิน ที่ แก้ไข"
    assert line.raw == "กำลัง ดํา เนิน ท่ี เเก้\u200bไข"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_old_and_new_encodings(tmp_path: Path, encoding: str) -> None:
    assert lines(opened(tmp_path, "ก.txt", "คะแนน ๘๗.๐๒".encode(encoding))) == ["คะแนน ๘๗.๐๒"]


def test_bars_are_a_table_in_markdown(tmp_path: Path) -> None:
    text = (
        "# ผล\n\nตารางที่ 1 คะแนน\n\n| แบบ | คะแนน |\n|---|---:|\n| **IIT** | 85.10 |\n| a \\| b | |\n\n![แผนภูมิ](x.png)\n"
    )
    source = opened(tmp_path, "ก.md", text)
    (table,) = tables(source)
    assert texts(table) == [["แบบ", "คะแนน"], ["IIT", "85.10"], ["a | b", ""]]
    assert (table.head, table.name, source.format) == (1, "ตารางที่ 1 คะแนน", "markdown")


def test_a_table_in_html_inside_a_text(tmp_path: Path) -> None:
    rows = "<tr><th>ก</th><th>ข</th></tr>\n<tr><td rowspan=2>1</td><td>2</td></tr>\n<tr><td>3</td></tr>"
    text = f"ก่อน\n<table>{rows}</table>\n"
    (table,) = tables(opened(tmp_path, "ก.txt", text))
    assert texts(table) == [["ก", "ข"], ["1", "2"], ["3"]]
    assert [[cell and cell.text for cell in row] for row in table.grid()] == [["ก", "ข"], ["1", "2"], ["1", "3"]]
    assert table.where.line == 2


# --- the five real reports -----------------------------------------------------------------------------------------

EXPECTED = {"000": 11, "001": 0, "002": 5, "003": 4, "004": 2}


@pytest.mark.parametrize("case", EXPECTED)
def test_tables_of_a_real_report(case: str) -> None:
    found = sorted(CASES.glob(f"{case}_*.txt"))
    if not found:
        pytest.skip(f"real reports not there: set PRONGSAI_CASES (looked in {CASES})")
    source = open_source(found[0])
    assert len(tables(source)) == EXPECTED[case]
    assert all(table.head for table in tables(source))
    assert not any("<p" in text or "<ul" in text for table in tables(source) for row in texts(table) for text in row)
    raw = found[0].read_text(encoding="utf-8")
    kept = sum(len(block.raw) for block in source.blocks if isinstance(block, Line))
    kept += sum(len(cell.raw) for table in tables(source) for row in table.rows for cell in row)
    assert kept > 0.9 * len(raw.replace("\n", "").replace("\t", "")) - 3000  # repeated heads are the rest


def test_merged_cells_in_the_grid() -> None:
    from prongsai.reading.source import Cell

    place = Where("ก")
    tall, wide = Cell("ก", place, rowspan=2), Cell("ค", place, colspan=2)
    table = Table(((tall, Cell("ข", place), Cell("", place)), (wide,)), place)
    assert table.grid()[1] == [tall, wide, wide]


def test_a_line_of_stars_does_not_make_a_text_markdown(tmp_path: Path) -> None:
    text = "{}\nบรรทัดที่หนึ่ง  \nบรรทัดที่สอง"  # two spaces at the end go on only in Markdown
    assert lines(opened(tmp_path, "ก.txt", text.format("*****")))[1:] == ["บรรทัดที่หนึ่ง", "บรรทัดที่สอง"]
    assert len(lines(opened(tmp_path, "ก.txt", text.format("**หัวข้อ**")))) == 2
