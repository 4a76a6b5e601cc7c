"""The layout by the ten indicators, and the numbers behind its numbers."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path

import pytest
from report_sample import all_measures, cells, example, head, items, made, named, plan, request, texts, titles

from prongsai.documents.request import Request
from prongsai.documents.tree import Bullets, Chart, Document, Heading, Paragraph
from prongsai.documents.walk import cell_text, plain, tables
from prongsai.framework import for_year
from prongsai.scoring.results import from_yaml
from prongsai.scoring.score import ScoreSheet, score
from prongsai.yaml_file import YamlFile
from result_sample import NAME, options, sheet, tallies

COLUMNS = [
    "ตัวชี้วัด",
    "มาตรการ/โครงการ/กิจกรรม",
    "ผลการวิเคราะห์ตัวชี้วัด",
    "ขั้นตอน/วิธีปฏิบัติ",
    "ผู้รับผิดชอบ",
    "วัน เดือน ปี ที่ดำเนินการ",
]
SCORES = items(2568, 96, i1=84.99, i3=100, o6=0, o15=0)


def wanted(kind: str = "measures", **scores: object) -> Request:
    scores = scores or {"overall": 92, "items": SCORES}
    return replace(request(kind, "indicators", **scores), plan=plan())


def under(document: Document, title: str) -> str:
    """The text between a heading and the next one."""
    found: list[str] = []
    inside = False
    for block in (block for section in document.sections for block in section.blocks):
        if isinstance(block, Heading):
            inside = title in block.text
        elif inside and isinstance(block, Paragraph):
            found.append(plain(block.text))
        elif inside and isinstance(block, Bullets):
            found += map(plain, block.items)
    return "\n".join(found)


def test_sections_in_order() -> None:
    document = made(wanted())
    assert [title.split()[0] for title in titles(document)] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert [section.landscape for section in document.sections] == [False, False, True]
    assert [title.split()[0] for title in titles(document, 2)[:3]] == ["3.1", "3.2", "3.3"]
    names = [f"({n}) ตัวชี้วัดที่ {n} " for n in range(1, 11)]
    assert all(title.startswith(name) for title, name in zip(titles(document, 3), names, strict=True))
    assert any(isinstance(block, Chart) for block in document.sections[1].blocks)


def test_the_analysis_alone_has_five_parts() -> None:
    document = made(wanted("analysis"))
    assert len(titles(document)) == 5
    assert not any(head(table) == COLUMNS for table, _ in tables(document))


def test_what_an_indicator_says() -> None:
    text = under(made(wanted()), "(1) ตัวชี้วัดที่ 1")
    assert "ได้คะแนน 93.66" in text
    assert "ประเมินการรับรู้ของบุคลากรภายใน" in text
    strong, weak = text.index("จุดแข็ง คือ ข้อ i3"), text.index("จุดอ่อนหรือข้อบกพร่อง คือ ข้อ i1")
    assert strong < weak < text.index("แนวทางพัฒนา")
    assert "(84.99 คะแนน) ต่ำกว่าเกณฑ์ 85 คะแนน" in text


def test_advice_names_oit_items_of_the_years_own_codes() -> None:
    text = under(made(wanted()), "(1) ตัวชี้วัดที่ 1")
    codes = [item.code for ind in for_year(2568).instruments[2].indicators for item in ind.items if item.theme]
    assert "อ้างอิงจากข้อ o" in text
    assert any(code in text for code in codes)


def test_disclosure_items_as_ranges_and_what_failing_means() -> None:
    document = made(wanted())
    text = under(document, "(9) ตัวชี้วัดที่ 9")
    assert "ข้อ o6" in text
    assert "ไม่ผ่านการตรวจประเมิน" in text
    passed = made(wanted(overall=92, items=items(2568, 100, o6=0, o15=0)))
    assert "ข้อ o1–o5, o7–o14 และ o16–o20 (100.00 คะแนน)" in under(passed, "(9) ตัวชี้วัดที่ 9")
    assert "ทุกข้อ คือ ข้อ o21–o28 (100.00 คะแนน)" in under(passed, "(10) ตัวชี้วัดที่ 10")
    assert under(passed, "3.3").count("ไม่พบการเปิดเผยข้อมูล") == 1


def test_lowest_above_the_threshold_is_first_to_raise_not_a_failure() -> None:
    text = under(made(wanted(items=items(2568, 99, i8=97, i9=100))), "(3) ตัวชี้วัดที่ 3")
    assert "(97.00 คะแนน) ถึงเกณฑ์ 85 คะแนน แต่ต่ำที่สุดของตัวชี้วัดนี้" in text


def test_lowest_of_a_few_known_items_is_not_called_the_lowest_of_all() -> None:
    document = made(wanted(items={"i7": 90, "i8": 99, "i13": 88}))
    assert "แต่ต่ำที่สุดในข้อที่ทราบคะแนนของตัวชี้วัดนี้" in under(document, "(3) ตัวชี้วัดที่ 3")
    assert "เป็นข้อเดียวของตัวชี้วัดนี้ที่ทราบคะแนน" in under(document, "(5) ตัวชี้วัดที่ 5")
    assert "ไม่มีคะแนนของข้อ i9" in under(document, "(3) ตัวชี้วัดที่ 3")


def test_table_of_measures_has_ten_groups_and_one_for_the_rest() -> None:
    document = made(wanted())
    table = named(document, "มาตรการรายตัวชี้วัด")
    assert head(table) == COLUMNS
    groups = [cell for cell in cells(table) if cell.tone == "group"]
    assert [cell_text(cell).split()[0] for cell in groups[:10]] == [f"{n}." for n in range(1, 11)]
    assert cell_text(groups[10]) == "ประเด็นอื่น"
    assert sum(cell.rowspan for cell in groups) == len(table.rows)
    assert groups[0].rowspan == 4
    kept = [cell_text(cell) for cell in cells(table) if cell.colspan == 5]
    assert len(kept) == 7  # ten less the groups of i1, o6 and indicator 7
    assert any("แต่แผนยังไม่มีมาตรการรองรับ" in text or "ให้รักษาระดับ" in text for text in kept)


def test_everything_of_the_plan_is_there_once() -> None:
    joined = "\n".join(texts(made(wanted())))
    for measure in all_measures(plan()):
        assert joined.count(measure.title) == 1
        for step in measure.steps:
            assert joined.count(step.text) == 1
    for text in ("เรื่องหนึ่ง", "ข้อค้นพบหนึ่ง", "ข้อค้นพบสอง", "แนวทางหนึ่ง", "เรื่องสาม", "เรื่องสี่", "ติดตามกอ", "สำเร็จกอ"):
        assert joined.count(text) == 1, text


def test_the_items_stand_under_every_finding() -> None:
    found = [cell_text(cell) for cell in cells(named(made(wanted()), "มาตรการรายตัวชี้วัด"))]
    assert "เรื่องหนึ่ง\nข้อค้นพบหนึ่ง\nข้อ i1 และ i2\nแนวทาง: แนวทางหนึ่ง" in found
    assert "ข้อค้นพบสอง\nข้อ o6" in found


def test_dates_have_day_month_and_year() -> None:
    points = [
        {
            "id": "p1",
            "items": ["i1"],
            "measures": [
                {
                    "id": "m1",
                    "title": "มาตรการเดียว",
                    "steps": [
                        {"text": "หนึ่ง", "units": ["กอง"], "period": {"start": "2025-10-01", "end": "2026-03-31"}},
                        {"text": "สอง", "units": ["กอง"], "period": {"end": "2026-04-30"}},
                    ],
                }
            ],
        }
    ]
    joined = "\n".join(texts(made(replace(wanted(), plan=plan(points=points))))).replace("\u00a0", " ")
    assert "1 ตุลาคม 2568 ถึง 31 มีนาคม 2569" in joined
    assert "ภายใน 30 เมษายน 2569" in joined


def test_next_level() -> None:
    scores = {"overall": 92.89, "level": "ผ่าน", "components": {"IIT": 99.1, "OIT": 83.25}, "items": {"o6": 0, "o15": 0}}
    document = made(wanted(**scores))
    text = under(document, "4. ระยะห่าง")
    assert "ระดับถัดไปคือ ระดับผ่านดี" in text
    assert "คะแนนรวม 92.89 คะแนน ถึงเกณฑ์แล้ว" in text
    assert "OIT 83.25 คะแนน (ขาด 1.75)" in text
    assert "ยังไม่ทราบคะแนน EIT ส่วนที่ 1 และ EIT ส่วนที่ 2" in text
    table = named(document, "ผลหากได้คะแนนเต็ม")
    assert [cell_text(row[0]) for row in table.rows] == ["ข้อ o6", "ข้อ o15", "ข้อ o6 และ o15 (ทุกข้อที่ได้ 0 คะแนน)"]


def test_next_level_at_the_top_and_where_nothing_is_known() -> None:
    top = made(request("analysis", "indicators", year=2565, overall=97, level="AA"))
    assert "ซึ่งเป็นระดับสูงสุดของเกณฑ์" in under(top, "4. ระยะห่าง")
    nothing = made(request("analysis", "indicators", items={"i1": 90}))
    assert "ยังไม่ทราบคะแนนรวม" in under(nothing, "4. ระยะห่าง") or "ขาดไม่ได้" in under(nothing, "4. ระยะห่าง")


def test_a_gap_is_between_the_two_numbers_the_reader_sees() -> None:
    document = made(request("analysis", "indicators", year=2565, overall=94.99, level="A"))
    assert "คะแนนรวม 94.99 คะแนน ยังขาดอีก 0.01 คะแนน" in under(document, "4. ระยะห่าง")


def with_sheets(folder: Path, count: int, population: int | None = None) -> ScoreSheet:
    framework = for_year(2568)
    codes = [item.code for ind in framework.instruments[0].indicators for item in ind.items]
    chance = random.Random(7)
    with (folder / "iit.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(codes)
        for _ in range(count):
            writer.writerow([options(framework, code)[0 if chance.random() < 0.8 else 1] for code in codes])
    data = {"agency": {"name": NAME}, "fiscal_year": 2568, "sheets": {"IIT": "iit.csv"}}
    if population:
        data["population"] = {"IIT": population}
    return score(from_yaml(YamlFile("ผล.yaml", data), folder))


def test_uncertainty_where_sheets_are_given(tmp_path: Path) -> None:
    found = with_sheets(tmp_path, 40, 120)
    document = made(Request(kind="analysis", layout="indicators", sheet=found))
    table = named(document, "ความคลาดเคลื่อนของคะแนน")
    assert [cell_text(row[0]).split()[0] for row in table.rows] == ["IIT", *["ตัวชี้วัดที่"] * 5]
    assert cell_text(table.rows[0][4]) == "40"
    low, high = (float(text) for text in cell_text(table.rows[0][3]).split("–"))
    assert low < float(found.values["IIT"].interval.low) < high


def test_uncertainty_of_a_small_group_is_not_shown(tmp_path: Path) -> None:
    document = made(Request(kind="analysis", layout="indicators", sheet=with_sheets(tmp_path, 6)))
    assert not any(table.name == "ความคลาดเคลื่อนของคะแนน" for table, _ in tables(document))
    assert "IIT มีผู้ตอบน้อยกว่า 10 คน" in under(document, "5. ความแม่นยำ")


def test_what_is_missing_for_uncertainty_and_who_answered() -> None:
    text = under(made(example("sisaket-2568", "analysis", "indicators")), "5. ความแม่นยำ")
    assert "ไม่มีคำตอบรายชุดของแบบวัด" in text
    assert "IIT สอดคล้องกับจำนวนผู้ตอบ 173 คน" in text


def test_small_groups_are_never_shown() -> None:
    small = sheet(2568, tallies=tallies(2568, "IIT", {0: 3, 1: 2}))
    document = made(Request(kind="analysis", layout="indicators", sheet=small))
    text = under(document, "(1) ตัวชี้วัดที่ 1")
    assert "ไม่แสดง (กลุ่มเล็ก)" in text
    assert "ไม่แสดงคะแนนข้อ i1–i3 เพราะผู้ตอบมีน้อยกว่า 10 คน" in text
    scores = [cell_text(row[-1]) for row in next(t for t, _ in tables(document) if t.name == "คะแนนรายตัวชี้วัด").rows]
    assert scores[:5] == ["ไม่แสดง (กลุ่มเล็ก)"] * 5


def test_missing_parts_of_a_survey() -> None:
    document = made(request("analysis", "indicators", items={"e1": {"EIT.1": 82.5}, "e2": {"EIT.1": 99}}))
    text = under(document, "(6) ตัวชี้วัดที่ 6")
    assert "(EIT ส่วนที่ 1 82.50 คะแนน) ต่ำกว่าเกณฑ์" in text
    assert "ไม่มีคะแนนของข้อ e3" in text


@pytest.mark.parametrize("year", [2562, 2563, 2564, 2565, 2566, 2567, 2569])
def test_other_years_in_their_own_terms(year: int) -> None:
    document = made(request("analysis", "indicators", year=year, overall=80, items=items(year, 90)))
    names = [instrument.name.th for instrument in for_year(year).instruments]
    assert all(any(name in title for title in titles(document, 2)) for name in names)


def test_all_hundred() -> None:
    document = made(replace(wanted(overall=100, items=items(2568, 100)), plan=plan(points=[])))
    assert not any("จุดอ่อน" in text for text in texts(document))
    kept = [cell for cell in cells(named(document, "มาตรการรายตัวชี้วัด")) if cell.colspan == 5]
    assert len(kept) == 10
    assert all("ได้ 100.00 คะแนน ให้รักษาระดับ" in cell_text(cell) for cell in kept)


def test_works_without_themes(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("prongsai.analysis.findings", "prongsai.documents.parts_findings"):
        monkeypatch.setattr(f"{module}.themes", dict)
    text = under(made(wanted()), "(1) ตัวชี้วัดที่ 1")
    assert "จุดอ่อนหรือข้อบกพร่อง คือ ข้อ i1" in text
    assert "แนวทางพัฒนา" not in text


def test_thai_digits() -> None:
    document = made(replace(wanted(), digits="thai"))
    assert not any(char in text for text in texts(document) for char in "0123456789")


@pytest.mark.parametrize("folder", ["krokkaeo-2562", "takbai-2565", "thatalat-2566", "bangpla-2567", "sisaket-2568"])
def test_real_agencies(folder: str) -> None:
    wish = example(folder, "measures", "indicators")
    joined = "\n".join(texts(made(wish)))
    assert wish.plan
    for measure in all_measures(wish.plan):
        assert measure.title in joined
        assert all(step.text in joined for step in measure.steps)
    assert "--assume" not in joined
    assert "@" not in joined


def test_an_assessment_of_our_own_goes_by_its_own_name() -> None:
    data = {"agency": {"name": NAME}, "framework": "rehearsal", "scores": {"overall": 80}}
    document = made(Request(kind="analysis", layout="indicators", sheet=score(from_yaml(YamlFile("ผล.yaml", data)))))
    joined = "\n".join([document.title, *texts(document)])
    assert "การซ้อมประเมินภายในสำนักงาน" in joined
    assert "หน่วยงานภาครัฐ" not in joined
    assert "พ.ศ." not in joined


def test_an_indicator_known_without_its_items() -> None:
    document = made(replace(wanted(indicators={"4": 73.8, "9": 100}), plan=plan(2568, points=[])))
    assert "ได้คะแนน 73.80\u00a0คะแนน ต่ำกว่าเกณฑ์ 85 คะแนนของตัวชี้วัด" in under(document, "(4) ตัวชี้วัดที่ 4")
    said = [cell_text(cell) for cell in cells(named(document, "มาตรการรายตัวชี้วัด")) if cell.colspan == 5]
    assert "แต่แผนยังไม่มีมาตรการรองรับ" in said[3]
    assert "ให้รักษาระดับ" in said[8]
    assert "ยังไม่มีคะแนนที่แสดงได้" in said[0]
