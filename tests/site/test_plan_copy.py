"""Carrying measures over from last year's plan, and what a plan did to the scores it was to raise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from cast import RESULT_YEAR, Cast, give_plan, give_results
from django.test import Client
from plan_forms import PLAN

from prongsai.analysis.trend import trend
from prongsai.framework import for_year
from prongsai.site.plans.effect import effects_of, successors
from prongsai.site.plans.models import Deed, Measure, Plan, Point, Report, Step
from prongsai.site.results.sheet import current_sheet
from prongsai.site.rounds.models import Assessment

Of = Callable[[str], Client]
LAST = "/agencies/muang/2567/plan/"


@pytest.fixture
def last(planned: Cast) -> Plan:
    """Last year's plan, with results, and one measure reported on."""
    assessment = Assessment.objects.get(agency=planned.agency, round=planned.last_round)
    give_results(assessment, seed=8)
    plan = give_plan(assessment)
    report = Report.objects.create(measure=measures(plan)[0], months=12, status="done", result="ผู้มาติดต่อรอน้อยลง")
    Deed.objects.create(report=report, text="อบรมแล้ว", date=dt.date(2025, 2, 3))
    return plan


def measures(plan: Plan) -> list[Measure]:
    return list(Measure.objects.filter(point__plan=plan))


def test_last_years_measures_are_shown_with_what_changed_and_what_was_done(last: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    assert "นำมาตรการปีก่อนมาใช้ต่อ" in officer.get(PLAN).content.decode()
    page = officer.get(f"{PLAN}copy/").content.decode()
    assert "ดำเนินการแล้ว" in page
    assert "ผู้มาติดต่อรอน้อยลง" in page
    assert "อบรมแล้ว" in page
    assert "ไม่มีรายงานผลการดำเนินการ" in page
    assert "คะแนนก่อนและหลังดำเนินการ" in page
    assert "เทียบกันไม่ได้" in page or "เพิ่มขึ้น" in page


def test_chosen_measures_are_copied_with_dates_moved_to_the_item_they_were_for(
    last: Plan, planned: Cast, client_of: Of
) -> None:
    plan: Plan = planned.extra["plan"]
    old = measures(last)[0]
    Step.objects.filter(measure=old).update(start=dt.date(2024, 10, 1), end=dt.date(2025, 9, 30), period_text="")
    client_of("officer").post(f"{PLAN}copy/", {"measure": [str(old.pk)]})
    made = Measure.objects.get(copied_from=old)
    plan.refresh_from_db()
    assert made.point.plan == plan
    assert (plan.copied_from, plan.revision) == (last, 2)
    assert {(step.start, step.end) for step in made.steps.all()} == {(dt.date(2025, 10, 1), dt.date(2026, 9, 30))}
    assert [s.text for s in made.steps.all()] == [s.text for s in old.steps.all()]
    now = {code for item in old.point.items for code in successors(for_year(RESULT_YEAR)).get(item, [])}
    assert now & set(made.point.items)
    assert old.point.plan == last  # the old one stays where it was


def test_nothing_is_copied_twice(last: Plan, client_of: Of) -> None:
    officer, old = client_of("officer"), measures(last)[0]
    officer.post(f"{PLAN}copy/", {"measure": [str(old.pk)]})
    again = officer.post(f"{PLAN}copy/", {"measure": [str(old.pk)]})
    assert again.status_code == 409
    assert Measure.objects.filter(copied_from=old).count() == 1
    assert "นำมาใช้แล้ว" in officer.get(f"{PLAN}copy/").content.decode()
    assert officer.post(f"{PLAN}copy/").status_code == 409


def test_an_item_without_a_point_gets_one(last: Plan, planned: Cast, client_of: Of) -> None:
    Point.objects.filter(plan=planned.extra["plan"]).delete()
    old = measures(last)[0]
    client_of("officer").post(f"{PLAN}copy/", {"measure": [str(old.pk)]})
    point = Point.objects.get(plan=planned.extra["plan"])
    assert point.topic == old.point.topic
    assert point.items


def test_without_a_plan_of_last_year_there_is_no_such_page(planned: Cast, client_of: Of) -> None:
    assert client_of("officer").get(f"{PLAN}copy/").status_code == 404
    assert "นำมาตรการปีก่อน" not in client_of("officer").get(PLAN).content.decode()


def test_next_years_result_stands_beside_the_measure_that_was_to_raise_it(
    last: Plan, planned: Cast, client_of: Of
) -> None:
    year, effects = effects_of(last)
    assert year == RESULT_YEAR
    page = client_of("officer").get(LAST).content.decode()
    assert "คะแนนก่อนและหลังดำเนินการ" in page
    after, before = current_sheet(planned.assessment), current_sheet(last.assessment)
    assert after
    assert before
    ruled = {change.before_node for change in trend(after, before).items if change.comparable}
    assert {effect.code for effect in effects.values() if effect.comparable} == ruled
    comparable = [effect for effect in effects.values() if effect.difference is not None]
    others = [effect for effect in effects.values() if effect.after is not None and not effect.comparable]
    for effect in comparable:
        assert effect.after is not None
        assert effect.before is not None
        assert effect.difference == effect.after - effect.before
    assert all(effect.reason and effect.difference is None for effect in others)
    assert comparable or others


def test_before_next_years_results_nothing_is_claimed(planned: Cast, client_of: Of) -> None:
    assert effects_of(planned.extra["plan"]) == (None, {})
    assert "คะแนนก่อนและหลังดำเนินการ" not in client_of("officer").get(PLAN).content.decode()
