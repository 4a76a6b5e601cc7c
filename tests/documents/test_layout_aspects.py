"""The layout by the seven aspects."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_sample import EXAMPLES, all_measures, cells, example, head, items, made, plan, request, texts, titles

from prongsai.documents.request import Request
from prongsai.documents.tree import Chart, Document, Heading, Paragraph, Table
from prongsai.documents.walk import cell_text, plain, tables
from prongsai.errors import InputError
from prongsai.framework import for_year
from prongsai.improvement.model import Plan
from result_sample import options, sheet, tallies

ANALYSIS = ["ประเด็นข้อคำถาม", "คะแนน", "การวิเคราะห์ผลการประเมิน"]
MEASURES = [
    "ประเด็นที่ต้องยกระดับการประเมิน",
    "มาตรการ โครงการ หรือกิจกรรม",
    "ขั้นตอนหรือวิธีปฏิบัติ",
    "ช่วงระยะเวลาในการดำเนินการ",
    "ผู้รับผิดชอบ",
]
SCORES = items(2568, 96, i1=84.99, i3=100, e9=70, o6=0, o15=0)


def wanted(kind: str = "measures", **scores: object) -> Request:
    scores = scores or {"overall": 92, "items": SCORES}
    return replace(request(kind, "aspects", **scores), plan=plan())


def of(document: Document, columns: list[str]) -> dict[str, Table]:
    """Tables with these columns by the heading they stand under."""
    return {under: table for table, under in tables(document) if head(table) == columns}


def sentences(document: Document, under: str) -> list[str]:
    """Paragraphs of the last section below a heading."""
    found: list[str] = []
    inside = False
    for block in document.sections[-1].blocks:
        if isinstance(block, Heading):
            inside = block.text.startswith(under)
        elif inside and isinstance(block, Paragraph):
            found.append(plain(block.text))
    return found


def test_order_of_the_report_and_of_the_measures() -> None:
    document = made(wanted())
    assert titles(document)[:2] == ["ผลการประเมินในภาพรวม", "การวิเคราะห์ผลการประเมินรายประเด็น"]
    assert titles(document)[-1].startswith("มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ")
    assert [section.landscape for section in document.sections] == [False, True]
    expected = [f"ประเด็นที่ {a.number} {a.name}" for a in for_year(2568).aspects]
    assert list(of(document, ANALYSIS)) == [*expected, "ประเด็นอื่น"]
    assert list(of(document, MEASURES)) == [expected[0], "ประเด็นอื่น"]
    assert any(isinstance(block, Chart) for block in document.sections[0].blocks)


def test_the_analysis_alone_has_no_measures_even_with_a_plan_at_hand() -> None:
    document = made(wanted("analysis"))
    assert len(document.sections) == 1
    assert not of(document, MEASURES)
    assert not any("แนวทางหนึ่ง" in text for text in texts(document))


def test_indicators_from_high_to_low_within_each_instrument() -> None:
    document = made(request("analysis", "aspects", indicators={"1": 80, "2": 99, "4": 90}))
    table = next(table for table, _ in tables(document) if table.name == "คะแนนจากมากไปหาน้อย")
    first = [cell_text(row[0]) for row in table.rows[1:4]]
    assert [text.split()[1] for text in first] == ["2", "4", "1"]
    assert [cell_text(row[1]) for row in table.rows[1:4]] == ["99.00", "90.00", "80.00"]


def test_every_score_of_the_sheet_is_in_the_tables_once() -> None:
    document = made(wanted())
    shown = [
        (cell_text(row[0]).split()[0], cell_text(row[1])) for t in of(document, ANALYSIS).values() for row in t.rows
    ]
    assert dict(shown) == {code: f"{score:.2f}" for code, score in SCORES.items()}
    assert len(shown) == len(SCORES)


def test_the_analysis_cell_spans_all_items_and_names_lowest_cause_and_guidance() -> None:
    for under, table in of(made(wanted("analysis")), ANALYSIS).items():
        assert table.rows[0][2].rowspan == len(table.rows), under
        assert all(len(row) == 2 for row in table.rows[1:])
    text = cell_text(of(made(wanted("analysis")), ANALYSIS)["ประเด็นอื่น"].rows[0][2])
    labels = [text.index(x) for x in ("ข้อคำถามที่ได้คะแนนน้อยที่สุด", "สาเหตุที่อาจเป็นไปได้", "แนวทางการยกระดับผลการประเมิน")]
    assert labels == sorted(labels)
    assert "ข้อ o6" in text
    assert "(0.00 คะแนน)" in text


def test_causes_are_possibilities() -> None:
    for table in of(made(wanted("analysis")), ANALYSIS).values():
        lines = cell_text(table.rows[0][2]).split("\n")
        if "สาเหตุที่อาจเป็นไปได้" in lines:
            start = lines.index("สาเหตุที่อาจเป็นไปได้") + 1
            assert lines[start:]
            assert all("อาจ" in line for line in lines[start : start + 1])


def test_works_without_themes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("prongsai.analysis.findings", "prongsai.documents.parts_findings"):
        monkeypatch.setattr(f"{module}.themes", dict)
    document = made(wanted("analysis"))
    assert not any("สาเหตุที่อาจเป็นไปได้" in text for text in texts(document))
    assert any("ข้อ i1" in text for text in texts(document))


def test_other_items_below_the_threshold_are_named_beside_the_lowest() -> None:
    scores = items(2568, 96, i10=60, i12=84.5)
    table = of(made(request("analysis", "aspects", items=scores)), ANALYSIS)
    text = next(cell_text(t.rows[0][2]) for under, t in table.items() if "ทรัพย์สิน" in under)
    assert "ข้ออื่นที่ต่ำกว่าเกณฑ์ 85 คะแนน" in text
    assert "(84.50 คะแนน)" in text


def test_the_plans_guideline_takes_the_place_of_our_advice() -> None:
    text = next(cell_text(t.rows[0][2]) for t in of(made(wanted()), ANALYSIS).values())
    assert "แนวทางการยกระดับผลการประเมิน: แนวทางหนึ่ง" in text


def test_everything_of_the_plan_is_there_once() -> None:
    document = made(wanted())
    found = list(texts(document))
    joined = "\n".join(found)
    for measure in all_measures(plan()):
        assert joined.count(measure.title) == 1
        for step in measure.steps:
            assert joined.count(step.text) == 1
    for text in ("เรื่องหนึ่ง", "ข้อค้นพบหนึ่ง", "ข้อค้นพบสอง", "แนวทางหนึ่ง", "เรื่องสาม", "เรื่องสี่", "ติดตามกอ", "สำเร็จกอ", "20,000"):
        assert joined.count(text) == 1, text


def test_point_and_measure_cells_span_their_steps_and_equal_neighbours_are_one_cell() -> None:
    table = next(iter(of(made(wanted()), MEASURES).values()))
    first = table.rows[0]
    assert [cell.rowspan for cell in first] == [4, 3, 1, 1, 2]
    assert [cell_text(cell) for cell in table.rows[1]] == ["2) ขั้นตอนกอสอง", "ไตรมาสสอง"]
    assert [cell_text(cell) for cell in table.rows[2]] == ["3) ขั้นตอนกอสาม", "กองสอง"]
    assert [cell_text(cell) for cell in table.rows[3]] == ["2) มาตรการขอ", "ยังไม่กำหนดขั้นตอน", "ยังไม่กำหนด", "ยังไม่กำหนด"]


def test_budget_and_success_can_be_left_out() -> None:
    joined = "\n".join(texts(made(replace(wanted(), budget=False, success_indicators=False))))
    assert "20,000" not in joined
    assert "สำเร็จกอ" not in joined
    assert "ติดตามกอ" in joined


def test_a_point_in_two_aspects_goes_where_most_of_its_items_are() -> None:
    points = [{"id": "p1", "items": ["i1", "i10", "i11"], "measures": [{"id": "m1", "title": "มาตรการเดียว"}]}]
    document = made(replace(wanted(), plan=plan(points=points)))
    (under,) = of(document, MEASURES)
    assert "ทรัพย์สิน" in under


def test_a_point_without_items_finds_its_aspect_by_name() -> None:
    name = for_year(2568).aspects[2].name
    points = [{"id": "p1", "topic": name, "measures": [{"id": "m1", "title": "มาตรการเดียว"}]}]
    (under,) = of(made(replace(wanted(), plan=plan(points=points))), MEASURES)
    assert under == f"ประเด็นที่ 3 {name}"


def test_a_point_without_measures_says_so() -> None:
    table = of(made(wanted()), MEASURES)["ประเด็นอื่น"]
    said = [cell for cell in cells(table) if cell.colspan == 4]
    assert [cell_text(cell) for cell in said] == ["แผนยังไม่กำหนดมาตรการสำหรับประเด็นนี้"]


def test_an_aspect_without_measures_keeps_its_level_or_says_what_is_open() -> None:
    document = made(wanted())
    assert any("ให้รักษาระดับ" in text for text in sentences(document, "ประเด็นที่ 4"))
    assert any("ข้อ e9 ต่ำกว่าเกณฑ์ 85 คะแนน แต่แผนยังไม่มีมาตรการรองรับ" in text for text in sentences(document, "ประเด็นที่ 2"))


def test_all_hundred() -> None:
    scores = {"overall": 100, "items": items(2568, 100)}
    empty = plan(points=[])
    document = made(replace(request("measures", "aspects", **scores), plan=empty))
    assert not of(document, MEASURES)
    kept = [text for text in texts(document) if "ทุกข้อที่ทราบคะแนนได้ 100.00 คะแนน" in text]
    assert len(kept) == 8 + 7  # seven aspects and the items in none, then seven sentences instead of tables
    assert not any("น้อยที่สุด" in text for text in texts(document))


def test_no_scores_at_all() -> None:
    document = made(replace(request("measures", "aspects", indicators={"1": 90}), plan=plan(points=[])))
    assert all(cell_text(row[1]) == "–" for table in of(document, ANALYSIS).values() for row in table.rows)
    assert "ประเด็นอื่น" not in titles(document, 2)
    assert any("ยังไม่มีคะแนนรายข้อของประเด็นนี้" in text for text in texts(document))


def test_nothing_known_draws_no_chart() -> None:
    document = made(request("analysis", "aspects"))
    assert not any(isinstance(block, Chart) for block in document.sections[0].blocks)
    assert any("ยังไม่ทราบคะแนนรวม" in text for text in texts(document))


def test_small_groups_are_never_shown() -> None:
    few = tallies(2568, "IIT", {0: 3, 1: 2})
    few["i1"] = {options(for_year(2568), "i1")[0]: 5}
    small = sheet(2568, tallies=few)
    document = made(Request(kind="analysis", layout="aspects", sheet=small))
    shown = "\n".join(texts(document))
    number = {node: f"{float(small.values[node].interval.low):.2f}" for node in ("IIT", "1", "2", "i2")}
    assert number["IIT"] in shown
    assert not any(number[node] in shown for node in ("1", "2", "i2"))
    table = next(iter(of(document, ANALYSIS).values()))
    assert all(cell_text(row[1]) == "ไม่แสดง (กลุ่มเล็ก)" for row in table.rows)
    assert "ผู้ตอบมีน้อยกว่า" in cell_text(table.rows[0][2])


def test_a_year_without_aspects_is_refused() -> None:
    with pytest.raises(InputError) as error:
        made(request("analysis", "aspects", year=2565, overall=90))
    assert "indicators" in error.value.problems[0].next_th


def test_many_failed_items_are_ranges_with_advice_for_each() -> None:
    codes = {f"o{n}": 0 for n in range(1, 29)}
    document = made(request("analysis", "aspects", items=items(2568, 96, **codes)))
    text = next(cell_text(t.rows[0][2]) for under, t in of(document, ANALYSIS).items() if under.startswith("ประเด็นที่ 7"))
    assert "ข้อ o17–o19 และ o21–o28 (0.00 คะแนน)" in text


def test_thai_digits() -> None:
    document = made(replace(wanted(), digits="thai"))
    assert not any(char in text for text in texts(document) for char in "0123456789")
    assert "๒๕๖๙" in document.title


@pytest.mark.parametrize("folder", ["bangpla-2567", "sisaket-2568"])
@pytest.mark.parametrize("kind", ["analysis", "measures"])
def test_real_agencies(folder: str, kind: str) -> None:
    assert (EXAMPLES / folder).is_dir()
    wanted_plan: Plan | None = example(folder, kind, "aspects").plan
    document = made(example(folder, kind, "aspects"))
    joined = "\n".join(texts(document))
    if kind == "measures" and wanted_plan:
        for measure in all_measures(wanted_plan):
            assert joined.count(measure.title) == 1
        column = "".join(cell_text(cell) for table in of(document, MEASURES).values() for cell in cells(table))
        assert all(step.text in column for measure in all_measures(wanted_plan) for step in measure.steps)
