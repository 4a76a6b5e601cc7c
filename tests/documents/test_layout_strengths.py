"""The layout by strengths and points to develop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from report_sample import (
    all_measures,
    arabic,
    cells,
    example,
    head,
    items,
    made,
    named,
    plan,
    request,
    texts,
    titles,
    with_head,
)

from prongsai.analysis.findings import Thresholds
from prongsai.documents.request import Request
from prongsai.documents.tree import Contents, Paragraph
from prongsai.documents.walk import cell_text, plain, tables
from prongsai.errors import InputError
from result_sample import sheet, tallies

DEVELOP = ("ตัวชี้วัด", "ประเด็นการประเมิน", "ประเด็นที่ควรพัฒนา")
COLUMNS = [
    "หัวข้อการประเมิน",
    "มาตรการ/กิจกรรม/โครงการ",
    "ขั้นตอนหรือวิธีปฏิบัติ",
    "ผู้รับผิดชอบ/ผู้เกี่ยวข้อง",
    "วันดำเนินการ",
    "การกำกับติดตาม/การรายงานผล",
]
ONE_BAD = items(2568, i1=84.99, i2=85, o6=0)


def measures_request() -> Request:
    return replace(request("measures", "strengths", overall=92, items=ONE_BAD), plan=plan())


def test_sections_in_order() -> None:
    document = made(measures_request())
    found = titles(document)
    assert found[0] == "คำนำ"
    assert [title[:2] for title in found[1:]] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert titles(document, 2)[0].startswith("ข้อสังเกต") or titles(document, 2)[0].startswith("3.1")
    assert isinstance(document.sections[2].blocks[0], Contents)
    assert [section.landscape for section in document.sections] == [False, False, False, False, True]


def test_foreword_has_unit_agency_and_month() -> None:
    document = made(measures_request())
    closing = [plain(b.text) for b in document.sections[1].blocks if isinstance(b, Paragraph) and b.align == "right"]
    assert closing == ["กองยุทธศาสตร์สมมติ", "หน่วยงานสมมติ", "มกราคม\u00a02569"]


def test_cover_breaks_its_title_between_phrases() -> None:
    document = made(request("analysis", "strengths", items=ONE_BAD))
    titled = [plain(b.text) for b in document.sections[0].blocks if isinstance(b, Paragraph) and b.style == "title"]
    assert titled == [
        "รายงานการวิเคราะห์ผล",
        "การประเมินคุณธรรมและความโปร่งใส",
        "ในการดำเนินงานของหน่วยงานภาครัฐ",
        "ประจำปีงบประมาณ พ.ศ.\u00a02568",
        "หน่วยงานสมมติ",
    ]


def test_columns_are_those_of_the_model() -> None:
    document = made(measures_request())
    assert head(named(document, "มาตรการ")) == COLUMNS
    assert len(with_head(document, *DEVELOP)) == 3
    assert head(named(document, "ข้อที่ต่ำกว่าเกณฑ์")) == ["ตัวชี้วัด", "หัวข้อการประเมิน", "คะแนน"]


def test_every_measure_step_and_unit_stands_once() -> None:
    wanted = plan()
    found = [cell_text(cell) for cell in cells(named(made(measures_request()), "มาตรการ"))]
    lines = [line for text in found for line in text.split("\n")]
    for measure in all_measures(wanted):
        assert sum(line == measure.title for line in lines) == 1
        for step in measure.steps:
            assert sum(line.endswith(step.text) for line in lines) == 1
    # The unit of two steps that follow each other stands once, over both.
    assert found.count("กองหนึ่ง") == 1
    assert found.count("กองสอง") == 1
    assert found.count("ไตรมาสสอง") == 1
    assert "งบประมาณ 20,000 บาท (ข้อบัญญัติ)" in lines
    assert "ติดตามกอ" in lines
    assert "ตัวชี้วัดความสำเร็จ: สำเร็จกอ" in lines


def test_money_and_success_can_be_left_out() -> None:
    wanted = replace(measures_request(), budget=False, success_indicators=False)
    text = "\n".join(cell_text(cell) for cell in cells(named(made(wanted), "มาตรการ")))
    assert "บาท" not in text
    assert "สำเร็จกอ" not in text


def test_points_are_grouped_by_instrument_and_the_rest_comes_last() -> None:
    rows = named(made(measures_request()), "มาตรการ").rows
    groups = [cell_text(row[0]) for row in rows if row[0].colspan == 6]
    assert [text.rpartition("(")[2] for text in groups] == ["IIT)", "EIT)", "OIT)", "ประเด็นอื่น"]


def test_items_under_the_threshold_with_the_numbers_of_the_sheet() -> None:
    document = made(measures_request())
    rows = [[cell_text(cell) for cell in row] for row in named(document, "ข้อที่ต่ำกว่าเกณฑ์").rows]
    assert [row[-1] for row in rows] == ["84.99", "0.00"]
    assert rows[0][1].startswith("i1 ")
    assert rows[1][1].startswith("o6 ")


def test_two_thresholds_each_its_own() -> None:
    limits = Thresholds(indicator=Decimal(90), item=Decimal(50))
    wanted = request("analysis", "strengths", overall=90, indicators={"1": 89.99, "2": 90}, items={"i1": 49, "i4": 50})
    document = made(replace(wanted, thresholds=limits))
    assert any("ต่ำกว่า 90 คะแนน) จำนวน 1 ตัวชี้วัด" in title for title in titles(document, 2))
    assert any("ตั้งแต่ 90 คะแนนขึ้นไป) จำนวน 1 ตัวชี้วัด" in title for title in titles(document, 2))
    assert any("ต่ำกว่า 50 คะแนน" in title for title in titles(document))
    assert len(named(document, "ข้อที่ต่ำกว่าเกณฑ์").rows) == 1


def test_letters_give_every_instrument_a_level_and_later_years_do_not() -> None:
    letters = request(
        "analysis", "strengths", 2565, overall=95.28, instruments={"IIT": 89.04, "EIT": 95.15, "OIT": 100}
    )
    text = "\n".join(texts(made(letters)))
    assert "89.04\u00a0คะแนน เมื่อเทียบกับช่วงคะแนนของระดับผลการประเมิน อยู่ในระดับ A" in text
    later = request(
        "analysis", "strengths", overall=90, components={"IIT": 99, "EIT.1": 84.995, "EIT.2": 80, "OIT": 86}
    )
    text = "\n".join(texts(made(later)))
    assert "IIT ถึงเกณฑ์ของระดับผ่านดีเยี่ยม (95 คะแนน)" in text
    assert "EIT ส่วนที่ 1 ถึงเกณฑ์ของระดับผ่านดี (85 คะแนน)" in text  # decided on the number shown
    assert "EIT ส่วนที่ 2 ยังไม่ถึงเกณฑ์ของระดับผ่านดี (85 คะแนน)" in text


def test_all_hundred() -> None:
    document = made(request("analysis", "strengths", items=items(2568, 100)))
    text = "\n".join(texts(document))
    assert "ไม่มีข้อใดต่ำกว่าเกณฑ์" in text
    assert "ไม่มีตัวชี้วัดที่ทราบคะแนนและต่ำกว่าเกณฑ์" in text
    assert not [table for table, _ in tables(document) if table.name == "ข้อที่ต่ำกว่าเกณฑ์"]


def test_nothing_known() -> None:
    text = "\n".join(texts(made(request("analysis", "strengths"))))
    assert "ไม่มีคะแนนรายข้อในข้อมูลที่ใช้จัดทำเอกสาร" in text
    assert "ยังไม่มีคะแนนของเครื่องมือนี้" in text


def test_without_a_plan() -> None:
    with pytest.raises(InputError, match="needs a plan"):
        made(request("measures", "strengths", items=ONE_BAD))


def test_a_plan_without_points() -> None:
    wanted = replace(request("measures", "strengths", items=ONE_BAD), plan=plan(points=[]))
    assert any("แผนยังไม่มีประเด็นและมาตรการ" in text for text in texts(made(wanted)))


def test_causes_are_possibilities() -> None:
    text = "\n".join(texts(made(request("analysis", "strengths", items=ONE_BAD))))
    if "เกิดจาก" in text:
        assert text.count("เกิดจาก") == text.count("อาจเกิดจาก")
        assert "ข้อสันนิษฐานซึ่งหน่วยงานต้องตรวจสอบ" in text


def test_small_groups_stay_hidden() -> None:
    few = sheet(2568, tallies=tallies(2568, "IIT", {0: 2, 3: 1}))
    wanted = Request(kind="analysis", sheet=few, layout="strengths")
    document = made(wanted)
    item = few.values["i1"].score
    assert item is not None
    table = with_head(document, *DEVELOP)[0]
    assert all("ไม่แสดง" in cell_text(row[0]) for row in table.rows)
    assert f"{float(item):.2f}" not in "\n".join(cell_text(cell) for cell in cells(table))


@pytest.mark.parametrize("name", ["krokkaeo-2562", "takbai-2565", "thatalat-2566", "bangpla-2567", "sisaket-2568"])
@pytest.mark.parametrize("kind", ["analysis", "measures"])
def test_real_examples(name: str, kind: str) -> None:
    wanted = example(name, kind, "strengths", digits="thai")
    document = made(wanted)
    assert wanted.plan
    if kind == "measures":
        lines = [line for cell in cells(named(document, "มาตรการ")) for line in cell_text(cell).split("\n")]
        thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
        for measure in all_measures(wanted.plan):
            assert measure.title.translate(thai) in lines
    assert arabic(document) == []
