"""Proof cited in text and annex, sections of the annex, links, pictures and numbered figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cases import case, invented

HEAD = "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2569\nเทศบาลตำบลตัวอย่าง\n\n"
TOLD = (
    "ตัวชี้วัดที่ 2 การใช้งบประมาณ\nมาตรการ : แจ้งแผนการใช้จ่ายงบประมาณ\nผู้รับผิดชอบ\nกองคลัง\nผลการดำเนินการตามมาตรการ\n"
    "แจ้งแล้วตามคำสั่ง ที่ 5/2569 ลงวันที่ 3 มีนาคม 2569\n"
)


# --- the real reports


def test_the_order_is_cited_twice_once_without_a_date() -> None:
    orders = [found for found in case("001").evidence if found.kind == "order"]
    assert [(found.number, found.date, found.measure) for found in orders] == [
        ("149/2566", dt.date(2020, 3, 3), "p8m1"),
        ("149/2566", None, "p9m1"),
    ]


def test_the_annex_has_a_section_for_some_indicators() -> None:
    sections = [found.indicator for found in case("001").evidence if found.kind == "section"]
    assert sections == ["2", "3", "6", "7", "8"]


def test_a_result_of_the_annex_keeps_the_name_that_the_annex_gives() -> None:
    results = [found for found in case("001").evidence if found.kind == "result"]
    assert [found.measure for found in results] == ["p1m1", "p2m1", "p3m1", "p5m1", "p6m1", "p7m1"]
    assert results[0].title == "เผยแพร่ข้อมูลแผนการใช้จ่ายงบประมาณประจำปี"
    assert "จริยธรรม" in results[2].text
    assert results[2].indicator == "3"


def test_a_picture_stands_under_its_indicator() -> None:
    (picture,) = [found for found in case("001").evidence if found.kind == "picture"]
    assert (picture.indicator, picture.in_annex) == ("7", True)


def test_figures_are_named_by_number() -> None:
    assert {figure.text for figure in case("004").figures} == {"ภาพที่ 2"}
    assert case("002").figures == []


def test_dates_of_letters_are_letters() -> None:
    letters = {(day.start, day.purpose) for day in case("003").days if day.purpose == "letter"}
    assert letters == {(dt.date(2020, 4, 10), "letter")}


# --- invented twins


def test_annex_by_indicator(tmp_path: Path) -> None:
    text = (
        HEAD
        + TOLD
        + "ภาคผนวก\nตัวชี้วัดที่ 2 การใช้งบประมาณ\nผลการดำเนินการตามมาตรการ : แจ้งแผนงบประมาณ คือ\nลงเว็บไซต์ https://example.go.th/plan\n"
        "[image: image1.png]\nตัวชี้วัดที่ 3 การใช้อำนาจ\n"
    )
    found = [one for one in invented(tmp_path, text).evidence if one.in_annex]
    assert [(one.kind, one.indicator) for one in found] == [
        ("section", "2"),
        ("link", "2"),
        ("result", "2"),
        ("picture", "2"),
        ("section", "3"),
    ]
    result = next(one for one in found if one.kind == "result")
    assert (result.title, result.measure) == ("แจ้งแผนงบประมาณ", "p1m1")


def test_documents_in_the_text_belong_to_their_measure(tmp_path: Path) -> None:
    (order,) = [one for one in invented(tmp_path, HEAD + TOLD).evidence if one.kind == "order"]
    assert (order.number, order.date, order.measure, order.indicator) == ("5/2569", dt.date(2026, 3, 3), "p1m1", "2")
    assert not order.in_annex


def test_the_table_of_contents_is_no_annex(tmp_path: Path) -> None:
    reading = invented(tmp_path, HEAD + "สารบัญ\nคำนำ ........ 1\nภาคผนวก ........ 9\n" + TOLD)
    assert not any(one.in_annex for one in reading.evidence)


def test_figures_in_thai_digits(tmp_path: Path) -> None:
    figures = invented(tmp_path, HEAD + "ดังภาพที่ ๑ และรูปที่ ๓\n").figures
    assert [figure.text for figure in figures] == ["ภาพที่ 1", "ภาพที่ 3"]
