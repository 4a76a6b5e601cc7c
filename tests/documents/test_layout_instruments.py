"""The layout by instrument: memo in front, what changed in the rules, measures with ticks, annex."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_sample import (
    all_measures,
    arabic,
    cells,
    example,
    example_progress,
    items,
    made,
    named,
    plan,
    request,
    texts,
    titles,
)

from prongsai.documents.request import Request
from prongsai.documents.tree import Contents, Document, Table
from prongsai.documents.walk import cell_text, tables
from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.improvement.model import Progress
from result_sample import sheet, tallies

WEAK = "ประเด็นที่เป็นข้อบกพร่อง/จุดอ่อน"
GUIDELINE = "แนวทางการนำผลการวิเคราะห์ไปสู่การปฏิบัติ"
TICK, EMPTY = "(\u00a0/\u00a0)", "(\u00a0\u00a0\u00a0)"
SOME = items(2568, i1=84.99, i2=85, o6=0)


def measures_request() -> Request:
    return replace(request("measures", "instruments", overall=92, items=SOME), plan=plan())


def measure_tables(document: Document) -> list[Table]:
    return [table for table, _ in tables(document) if (table.name or "").startswith("มาตรการ ")]


def flat(document: Document) -> str:
    return "\n".join(texts(document))


def test_sections_in_order() -> None:
    document = made(measures_request())
    assert any(text == "บันทึกข้อความ" for text in texts(replace(document, sections=document.sections[:1])))
    assert titles(document) == [
        "คำนำ",
        "ความเป็นมาของการประเมิน",
        "สิ่งที่เปลี่ยนแปลงในหลักเกณฑ์การประเมิน",
        "ผลการประเมิน ประจำปีงบประมาณ พ.ศ.\u00a02568",
        "การนำผลการประเมินไปปรับปรุงและพัฒนา ในปีงบประมาณ พ.ศ.\u00a02569",
        "ภาคผนวก คะแนนรายข้อ",
    ]
    assert [type(section.blocks[0]) is Contents for section in document.sections].count(True) == 1
    assert [section.landscape for section in document.sections[-3:]] == [False, True, False]


def test_two_head_rows_with_the_columns_of_the_model() -> None:
    found = measure_tables(made(measures_request()))
    assert len(found) == 4  # IIT, EIT, OIT, and the point that names no item
    for table in found:
        assert [cell_text(cell) for cell in table.head[0]] == [WEAK, GUIDELINE, "มาตรการ", "ผู้รับผิดชอบ", "การกำกับติดตาม"]
        assert [(cell.rowspan, cell.colspan) for cell in table.head[0]] == [(2, 1)] * 4 + [(1, 2)]
        assert [cell_text(cell) for cell in table.head[1]] == ["ดำเนินการแล้ว", "ยังไม่ดำเนินการ"]


def test_every_measure_step_and_unit_stands_once() -> None:
    wanted = plan()
    found = [cell_text(cell) for table in measure_tables(made(measures_request())) for cell in cells(table)]
    lines = [line for text in found for line in text.split("\n")]
    for measure in all_measures(wanted):
        assert lines.count(measure.title) == 1
        for step in measure.steps:
            assert sum(step.text in line for line in lines) == 1
    assert found.count("ขั้นตอนที่\u00a01–2: กองหนึ่ง\nขั้นตอนที่\u00a03: กองสอง") == 1
    assert "เรื่องหนึ่ง\nข้อค้นพบหนึ่ง" in "\n".join(found)
    assert "1) ขั้นตอนคอ" in lines  # a guideline stands above it
    assert lines.count("แนวทางหนึ่ง") == 1
    assert "1) ขั้นตอนกอหนึ่ง (ตลอดปีงบประมาณ)" in lines
    assert lines.count("ระยะเวลา: ยังไม่กำหนด") == 1  # one step without period
    assert found.count("ยังไม่กำหนดมาตรการ") == 1


def test_scores_stand_where_the_finding_does_not_give_them() -> None:
    weak = [cell_text(cell) for table in measure_tables(made(measures_request())) for cell in cells(table)]
    assert any("ข้อ i1 (84.99\u00a0คะแนน), ข้อ i2 (85.00\u00a0คะแนน)" in text for text in weak)
    said = plan()
    said.points[0].finding = "ข้อ i1 ได้ 84.99 คะแนน และ i2 ได้ 85.00 คะแนน"
    again = made(replace(measures_request(), plan=said))
    assert not any("ข้อ i1 (84.99" in text for table in measure_tables(again) for text in map(cell_text, cells(table)))


def ticks(wanted: Request, title: str) -> list[str]:
    rows = [row for table in measure_tables(made(wanted)) for row in table.rows]
    (found,) = [row for row in rows if any(cell_text(cell).split("\n")[0] == title for cell in row)]
    return [cell_text(cell) for cell in found if cell_text(cell).startswith("(") or cell.colspan == 2]


def test_ticks_come_from_the_progress_report() -> None:
    wanted = measures_request()
    assert ticks(wanted, "มาตรการกอ") == [EMPTY, EMPTY]
    entries = [
        {"measure": "m1", "status": "done"},
        {"measure": "m2", "status": "not_started"},
        {"measure": "m3", "status": "in_progress"},
    ]
    reported = replace(wanted, progress=Progress.model_validate({"plan": plan(), "measures": entries}))
    assert ticks(reported, "มาตรการกอ") == [TICK, EMPTY]
    assert ticks(reported, "มาตรการขอ") == [EMPTY, TICK]
    assert ticks(reported, "มาตรการคอ") == ["อยู่ระหว่างดำเนินการ"]
    assert ticks(reported, "มาตรการงอ") == [EMPTY, EMPTY]  # nobody reported on it


def test_what_changed_leads_to_the_year_of_filing() -> None:
    text = flat(made(measures_request()))
    assert "พ.ศ.\u00a02568 กับประจำปีงบประมาณ พ.ศ.\u00a02569" in text
    assert "เดิมเผยแพร่เป็นข้อ o27 เปลี่ยนเป็นข้อ o25" in text
    counts = named(made(measures_request()), "จำนวนข้อที่เปลี่ยนแปลง")
    assert [cell_text(cell) for cell in counts.rows[2]][1:] == ["28", "26", "ลด 2 ข้อ"]


def test_the_last_year_is_compared_with_the_year_before() -> None:
    text = flat(made(request("analysis", "instruments", 2569, overall=90)))
    assert "พ.ศ.\u00a02568 กับประจำปีงบประมาณ พ.ศ.\u00a02569" in text


def test_a_framework_without_year_or_predecessor_has_no_changes() -> None:
    assert by_id("rehearsal").fiscal_year is None
    wanted = Request(kind="analysis", sheet=sheet(2568, framework="rehearsal"), layout="instruments")
    assert "สิ่งที่เปลี่ยนแปลงในหลักเกณฑ์การประเมิน" not in titles(made(wanted))


def test_weakest_indicator_per_instrument() -> None:
    scores = {"1": 90, "2": 80, "3": 95, "4": 99, "5": 80, "6": 91, "9": 100, "10": 100}
    text = flat(made(request("analysis", "instruments", indicators=scores)))
    assert "คือ ตัวชี้วัดที่ 2 การใช้งบประมาณ และ ตัวชี้วัดที่ 5" in text
    assert "(80.00\u00a0คะแนน)" in text
    assert "ในตัวชี้วัดที่ทราบคะแนน (1 จาก 3 ตัวชี้วัด)" in text
    assert "ทุกตัวชี้วัดได้ 100.00\u00a0คะแนน เท่ากัน" in text


def test_annex_holds_every_item_with_the_number_of_the_sheet() -> None:
    wanted = measures_request()
    document = made(wanted)
    rows = [row for code in ("IIT", "EIT", "OIT") for row in named(document, f"คะแนนรายข้อ {code}").rows]
    found = {cell_text(row[0]).split(" ")[0]: cell_text(row[-1]) for row in rows if len(row) > 1}
    assert len(found) == 52
    assert found == {code: f"{score:.2f}" for code, score in SOME.items()}


def test_annex_shows_each_part_of_an_instrument() -> None:
    parts = {"e1": {"EIT.1": 80, "EIT.2": 90}, "e2": {"EIT.1": 70}, "e3": 91}
    document = made(request("analysis", "instruments", items=parts))
    table = named(document, "คะแนนรายข้อ EIT")
    assert [cell_text(cell) for cell in table.head[0]] == ["ข้อ", "EIT ส่วนที่ 1", "EIT ส่วนที่ 2", "คะแนน"]
    found = {
        cell_text(row[0]).split(" ")[0]: [cell_text(cell) for cell in row[1:]] for row in table.rows if len(row) > 1
    }
    assert found["e1"][:2] == ["80.00", "90.00"]
    assert found["e2"] == ["70.00", "–", "–"]
    assert found["e3"] == ["–", "–", "91.00"]
    assert "ไม่มีคะแนนรายข้อของ IIT, OIT" in flat(document)


def test_annex_has_no_empty_column() -> None:
    document = made(request("analysis", "instruments", items={"e1": {"EIT.1": 80}}))
    assert [cell_text(cell) for cell in named(document, "คะแนนรายข้อ EIT").head[0]] == ["ข้อ", "EIT ส่วนที่ 1"]


def test_small_groups_stay_hidden() -> None:
    few = sheet(2568, tallies=tallies(2568, "IIT", {0: 2, 3: 1}))
    document = made(Request(kind="analysis", sheet=few, layout="instruments"))
    table = named(document, "คะแนนรายข้อ IIT")
    assert {cell_text(row[-1]) for row in table.rows if len(row) > 1} == {"ไม่แสดง (กลุ่มเล็ก)"}
    assert all("ไม่แสดง" in cell_text(row[0]) for row in table.rows if len(row) == 1)


def test_all_hundred_and_nothing_known() -> None:
    assert "ไม่พบข้อบกพร่องหรือจุดอ่อนในข้อที่ทราบคะแนน" in flat(
        made(request("analysis", "instruments", items=items(2568, 100)))
    )
    assert "ยังไม่อาจระบุข้อบกพร่องเป็นรายข้อ" in flat(made(request("analysis", "instruments")))


def test_items_without_measure_are_named() -> None:
    lonely = replace(request("measures", "instruments", overall=92, items=items(2568, e1=50, o6=0)), plan=plan())
    text = flat(made(lonely))
    assert "ข้อ e1 ต่ำกว่าเกณฑ์ 85 คะแนน แต่แผนยังไม่มีมาตรการรองรับ" in text
    assert "ข้อ o6 ต่ำกว่าเกณฑ์" not in text


def test_without_a_plan() -> None:
    with pytest.raises(InputError, match="needs a plan"):
        made(request("measures", "instruments", items=SOME))


@pytest.mark.parametrize("name", ["krokkaeo-2562", "takbai-2565", "thatalat-2566", "bangpla-2567", "sisaket-2568"])
@pytest.mark.parametrize("kind", ["analysis", "measures"])
def test_real_examples(name: str, kind: str) -> None:
    wanted = example(name, kind, "instruments", digits="thai")
    assert wanted.plan
    if name == "krokkaeo-2562":
        wanted = replace(wanted, progress=example_progress(name))
    document = made(wanted)
    if kind == "measures":
        found = [cell_text(cell) for table in measure_tables(document) for cell in cells(table)]
        thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
        lines = [line for text in found for line in text.split("\n")]
        for measure in all_measures(wanted.plan):
            assert measure.title.translate(thai) in lines
    assert arabic(document) == []
