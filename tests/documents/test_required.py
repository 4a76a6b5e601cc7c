"""Kinds analysis and measures, and the check of what a document must show before it is filed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_sample import example, items, made, plan, request, texts

from prongsai.documents.build import build
from prongsai.documents.kinds._layout import sections
from prongsai.documents.request import Request
from prongsai.documents.required import Missing, required_elements
from prongsai.errors import InputError
from prongsai.improvement.model import Plan

GOOD_STEP = {"text": "ประชุมครั้งกอ", "units": ["กองหนึ่ง"], "period": {"text": "ตลอดปีงบประมาณ"}}


def good(year: int = 2565, **keys: object) -> Plan:
    """A plan that lacks nothing."""
    measure = {"id": "m1", "title": "มาตรการดี", "steps": [GOOD_STEP], "monitoring": "ติดตามทุกเดือน"}
    point = {"id": "p1", "items": ["i1"], "topic": "เรื่องหนึ่ง", "guideline": "แนวทางดี", "measures": [measure]}
    return plan(year, **{"points": [point], **keys})


def wanted(year: int = 2565, **keys: object) -> Request:
    scores = {"overall": 92, "items": items(year, 96, i1=80)}
    return replace(request("measures", "indicators", year=year, **scores), plan=good(year, **keys))


def check(wish: Request) -> dict[str, Missing]:
    return {found.code: found for found in required_elements(wish, build(wish))}


@pytest.mark.parametrize("digits", ["arabic", "thai"])
def test_a_complete_document_leaves_only_what_nobody_knows(digits: str) -> None:
    wish = replace(wanted(), digits="thai" if digits == "thai" else "arabic")
    found = check(wish)
    assert {entry.severity for entry in found.values()} == {"note"}
    assert set(found) == {"required.incomplete"}
    assert "o42" in found["required.incomplete"].th


def test_unknown_elements_are_said() -> None:
    found = check(wanted(2568))
    assert found["required.unknown"].severity == "note"
    assert found["required.unknown"].where == "o25"


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"steps": []}, "required.steps", "error"),
        ({"monitoring": None}, "required.monitoring", "warning"),
        ({"steps": [GOOD_STEP | {"units": []}]}, "required.unit", "error"),
        ({"steps": [GOOD_STEP | {"period": None}]}, "required.period", "error"),
    ],
)
def test_what_a_measure_lacks(change: dict[str, object], code: str, severity: str) -> None:
    measure = {"id": "m1", "title": "มาตรการดี", "steps": [GOOD_STEP], "monitoring": "ติดตามทุกเดือน"} | change
    wish = wanted(points=[{"id": "p1", "items": ["i1"], "measures": [measure]}])
    found = check(wish)
    assert found[code].severity == severity
    assert found[code].where.startswith("m1")
    if code != "required.period":  # the known elements do not speak of periods
        elements = [e.th for e in required_elements(wish, build(wish)) if e.code == "required.element"]
        assert any("มาตรการ พร้อมผู้รับผิดชอบ" in text for text in elements)


def test_a_plan_without_measures() -> None:
    found = check(wanted(points=[{"id": "p1", "items": ["i1"]}]))
    assert found["required.measures"].severity == "error"
    assert found["required.measure"].where == "p1"


def test_what_a_layout_lost_is_found() -> None:
    wish = wanted()
    document = build(wish)
    lost = replace(document, sections=document.sections[:2])
    codes = {found.code for found in required_elements(wish, lost)}
    assert {"required.measure_lost", "required.step_lost", "required.monitoring_lost"} <= codes
    nothing = replace(document, sections=document.sections[:1])
    codes = {found.code for found in required_elements(wish, nothing)}
    assert {"required.result", "required.weakness", "required.element"} <= codes


def test_i1_is_not_found_in_i10() -> None:
    wish = wanted()
    document = build(wish)
    other = replace(document, sections=made(request("analysis", "indicators", items={"i10": 80})).sections[:1])
    assert any(found.where == "i1" for found in required_elements(wish, other) if found.code == "required.weakness")


def test_filing_that_is_not_known_or_wrong() -> None:
    assert check(wanted(2569))["required.filing"].severity == "warning"
    wrong = check(wanted(filed_as={"fiscal_year": 2566, "item": "o99"}))
    assert wrong["required.no_item"].severity == "error"
    later = check(wanted(filed_as={"fiscal_year": 2580, "item": "o1"}))
    assert later["required.no_framework"].severity == "note"


def test_another_agencys_plan() -> None:
    assert check(wanted(agency={"name": "หน่วยงานอื่น"}))["required.agency"].severity == "error"


def test_analysis_is_checked_against_the_results_only() -> None:
    wish = replace(wanted(), kind="analysis", plan=None)
    assert check(wish) == {}
    assert check(replace(request("analysis", "indicators"), plan=None))["required.result"].severity == "warning"


def test_json_has_the_shape_of_all_problems() -> None:
    entry = next(iter(check(wanted()).values())).as_json()
    assert list(entry) == ["code", "severity", "where", "message_th", "message_en"]


def test_measures_without_a_plan_point_to_the_command() -> None:
    with pytest.raises(InputError) as error:
        build(request("measures", "indicators", overall=90))
    assert "prongsai plan" in error.value.problems[0].next_th


def test_a_plan_of_another_year_is_refused() -> None:
    with pytest.raises(InputError):
        build(replace(wanted(2568), plan=good(2567)))


def test_a_layout_without_the_kind_is_refused_with_those_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("prongsai.documents.layouts.aspects.measures")
    with pytest.raises(InputError) as error:
        sections(replace(wanted(2568), layout="aspects"), "measures")
    assert "indicators" in error.value.problems[0].next_th
    assert "aspects" not in error.value.problems[0].next_th


def test_title_header_and_footer() -> None:
    document = made(wanted(2568))
    assert (
        document.title.replace("\u00a0", " ") == "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ พ.ศ. 2569"
    )
    assert document.footer
    assert document.footer.startswith("หน่วยงานสมมติ – เปิดเผยเป็นข้อ o25")
    report = made(replace(wanted(2568), kind="analysis"))
    assert report.title.startswith("รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส")
    assert report.footer == "หน่วยงานสมมติ"


def test_the_three_years_are_told_apart() -> None:
    last = list(texts(made(wanted(2568))))[-1].replace("\u00a0", " ")
    assert "วิเคราะห์ผลการประเมินประจำปีงบประมาณ พ.ศ. 2568" in last
    assert "ดำเนินการในปีงบประมาณ พ.ศ. 2569" in last
    assert "เปิดเผยเป็นข้อ o25" in last


def test_a_plan_against_corruption_has_its_own_title() -> None:
    assert made(wanted(2568, kind="action_plan")).title.startswith("แผนปฏิบัติการป้องกันการทุจริต")


def test_the_layout_follows_from_the_filing() -> None:
    found = made(example("sisaket-2568", "measures", None))
    assert any("ประเด็นที่ต้องยกระดับการประเมิน" in text for text in texts(found))
    older = made(example("takbai-2565", "measures", None))
    assert any("วัน เดือน ปี ที่ดำเนินการ" in text for text in texts(older))
