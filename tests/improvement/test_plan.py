"""Plans: drafted from findings, checked, edited as YAML and back; progress and its share."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from prongsai.analysis.findings import findings
from prongsai.errors import InputError
from prongsai.framework import for_year
from prongsai.improvement.checks import PlanProblem, check_plan
from prongsai.improvement.draft import draft_plan
from prongsai.improvement.files import read_plan, read_progress, to_yaml
from prongsai.improvement.filing import filed_as
from prongsai.improvement.follow_up import check_progress, draft_progress, entries, summarise
from prongsai.improvement.model import AgencyRef, Deed, FiledAs, Measure, Period, Plan, Point, Proof, Step
from prongsai.improvement.proposals import period, proposals, unit_name, units
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate
from prongsai.thai.fiscal_year import FiscalYear

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PLANS = sorted(EXAMPLES.glob("*/plan.yaml"))
REPORTS = sorted(EXAMPLES.glob("*/progress.yaml"))


def plan(**changes: object) -> Plan:
    step = Step(
        text="จัดทำคู่มือการปฏิบัติงาน",
        units=["สำนักปลัด"],
        period=Period(start=dt.date(2024, 10, 1), end=dt.date(2024, 12, 31)),
    )
    measure = Measure(id="p1m1", title="จัดทำคู่มือการปฏิบัติงานและเผยแพร่บนเว็บไซต์", steps=[step])
    base = Plan(
        kind="measures",
        agency=AgencyRef(name="เทศบาลตำบลสมมติ"),
        framework="ita-2567",
        result_year=2567,
        action_year=2568,
        filed_as=FiledAs(fiscal_year=2568, item="o27"),
        points=[Point(id="p1", items=["i1"], finding="ข้อ i1 ได้คะแนนต่ำที่สุด", measures=[measure])],
    )
    return base.model_copy(update=changes, deep=True)


def codes(problems: list[PlanProblem]) -> set[str]:
    return {problem.code for problem in problems}


def test_a_complete_plan_has_no_problems() -> None:
    assert check_plan(plan()) == []


@pytest.mark.parametrize(
    ("year", "expected"), [(2566, (2567, "o34")), (2567, (2568, "o27")), (2568, (2569, "o25")), (2569, None)]
)
def test_results_of_one_year_are_filed_in_the_next(year: int, expected: tuple[int, str] | None) -> None:
    found = filed_as("measures", year)
    assert ((found.fiscal_year, found.item) if found else None) == expected


def test_an_action_plan_is_filed_in_the_year_it_runs_and_reported_in_the_next() -> None:
    plan_item, report = filed_as("action_plan", 2567, 2568), filed_as("action_plan_progress", 2567, 2568)
    assert plan_item == FiledAs(fiscal_year=2568, item="o25")
    assert report is not None
    assert report.fiscal_year == 2569


def test_where_a_year_does_not_say_nothing_is_claimed() -> None:
    """Which year's measures item o28 of 2568 reports on is not published."""
    assert filed_as("measures_progress", 2567) is None


def test_every_weakness_of_a_simulated_agency_gets_a_measure() -> None:
    sheet = score(simulate(Spec(for_year(2568), quality=0.7, disclosed=0.6)).results)
    found = findings(sheet)
    draft = draft_plan(sheet, found)
    assert (draft.result_year, draft.action_year, draft.filed_as.item if draft.filed_as else "") == (2568, 2569, "o25")
    problems = check_plan(draft, found)
    assert "plan.unanswered" not in codes(problems)
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_a_failed_item_without_measure_is_an_error() -> None:
    sheet = score(simulate(Spec(for_year(2567), disclosed=0.0)).results)
    problems = check_plan(plan(), findings(sheet))
    assert any(p.code == "plan.unanswered" and p.severity == "error" and "o1 " in p.th for p in problems)


def broken_step(**changes: object) -> Plan:
    changed = plan()
    changed.points[0].measures[0].steps[0] = changed.points[0].measures[0].steps[0].model_copy(update=changes)
    return changed


def test_a_step_needs_unit_and_period() -> None:
    assert codes(check_plan(broken_step(units=[], period=None))) == {"plan.no_unit", "plan.no_period"}


def test_a_period_outside_the_action_year_is_found_and_reports_may_fall_due_in_the_month_after() -> None:
    late = Period(start=dt.date(2025, 9, 1), end=dt.date(2025, 10, 15))
    assert codes(check_plan(broken_step(period=late))) == {"plan.period_outside"}
    assert check_plan(broken_step(period=late, text="รายงานผลการดำเนินการต่อผู้บริหาร")) == []
    early = Period(start=dt.date(2024, 9, 30), end=dt.date(2024, 12, 31))
    assert codes(check_plan(broken_step(period=early))) == {"plan.period_outside"}
    backwards = Period(start=dt.date(2025, 3, 1), end=dt.date(2025, 2, 1))
    assert codes(check_plan(broken_step(period=backwards))) == {"plan.period_reversed"}


def test_a_copied_text_is_found() -> None:
    twice = plan()
    copy = twice.points[0].model_copy(update={"id": "p2", "items": ["i2"], "finding": None}, deep=True)
    copy.measures[0].id = "p2m1"
    twice.points.append(copy)
    assert codes(check_plan(twice)) == {"plan.copied"}
    assert codes(check_plan(plan(), earlier=plan(action_year=2567))) == {"plan.copied_year"}


def test_unknown_items_wrong_filing_and_years_are_found() -> None:
    wrong = plan(action_year=2567, filed_as=FiledAs(fiscal_year=2568, item="o26"))
    wrong.points[0].items.append("i99")
    assert {"plan.unknown_item", "plan.filed_as", "plan.years"} <= codes(check_plan(wrong))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name)
def test_example_plans_round_trip(path: Path, tmp_path: Path) -> None:
    first = read_plan(path)
    again = tmp_path / "plan.yaml"
    again.write_text(to_yaml(first), encoding="utf-8")
    assert read_plan(again) == first


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.parent.name)
def test_example_progress_round_trips(path: Path, tmp_path: Path) -> None:
    first = read_progress(path)
    again = tmp_path / "progress.yaml"
    again.write_text(to_yaml(first), encoding="utf-8")
    assert read_progress(again) == first


def test_thai_digits_and_buddhist_dates_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    text = to_yaml(plan())
    for plain, typed in {
        "result_year: 2567": "result_year: ๒๕๖๗",
        "action_year: 2568": "action_year: 2025",
        "2024-10-01": "๑ ตุลาคม ๒๕๖๗",
        "- i1": "- ข้อ I๑",
    }.items():
        assert plain in text
        text = text.replace(plain, typed, 1)
    path.write_text(text, encoding="utf-8")
    assert read_plan(path) == plan()


def test_a_wrong_key_names_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(to_yaml(plan()).replace("units:", "unit:"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert "unit" in caught.value.problems[0].where
    assert "plan.yaml:" in caught.value.problems[0].where


def test_progress_share_against_eighty_percent() -> None:
    report = draft_progress(plan())
    assert summarise(report).share == 0
    report.measures[0].status = "done"
    found = summarise(report)
    assert (found.share, found.reached, found.total) == (Fraction(100), True, 1)


def test_done_needs_proof_and_date_and_not_started_a_reason() -> None:
    report = draft_progress(plan())
    assert codes(check_progress(report)) == {"progress.no_reason"}
    report.measures[0].status = "done"
    assert codes(check_progress(report)) == {"progress.no_proof", "progress.no_date"}
    report.measures[0].proof = [Proof(kind="order", number="12/2568", date=dt.date(2024, 11, 1))]
    report.measures[0].done = [Deed(text="เผยแพร่คู่มือแล้ว", date=dt.date(2024, 12, 1))]
    assert check_progress(report) == []
    report.measures[0].measure = "p9m9"
    assert codes(check_progress(report)) == {"progress.unknown_measure", "progress.no_reason"}


def test_measures_nobody_reported_on_are_not_started() -> None:
    report = draft_progress(plan())
    report.measures.clear()
    assert [entry.status for _, _, entry in entries(report)] == ["not_started"]


def test_periods_of_the_fiscal_year() -> None:
    found = period("second_quarter", FiscalYear(2568))
    assert (found.start, found.end) == (dt.date(2025, 1, 1), dt.date(2025, 3, 31))
    assert period("all_year", FiscalYear(2568)).text == "ตลอดปีงบประมาณ"


def test_units_of_the_agency_are_recognised_by_their_words() -> None:
    assert unit_name("finance", ("สำนักปลัดเทศบาล", "กองคลัง")) == "กองคลัง"
    assert unit_name("finance") == units()["finance"].name
    used = {step.unit for found in proposals().values() for one in found for step in one.steps}
    assert used <= set(units())
