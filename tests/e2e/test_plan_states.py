"""The plan's rarer pages pass the accessibility checker too: warnings, both versions, drops, merges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from screens import ONE_OR_BOTH, PHONE, judged

from prongsai.site.plans import states
from prongsai.site.plans.models import Choice, Comment, Measure

PLAN = "/agencies/muang/2568/plan/"


@pytest.mark.parametrize("size", ONE_OR_BOTH)
def test_rarer_pages(cast: Cast, page_of: Callable[..., Any], axe: str, size: dict[str, int]) -> None:
    measures, plan = list(Measure.objects.all()), cast.extra["plan"]
    Measure.objects.filter(pk=measures[0].pk).update(choice=Choice.DROPPED, reason="ซ้ำ")
    Measure.objects.filter(pk=measures[1].pk).update(choice=Choice.PROPOSED)
    points = list(plan.points.all())
    points[1].merged_into = points[0]
    points[1].save()
    points[2].dropped, points[2].reason = True, "ไม่อยู่ในอำนาจ"
    points[2].save()
    Comment.objects.create(plan=plan, measure=measures[1], by=cast.supervisor, text="ควรระบุวัน")
    page = page_of("officer", size=size, english=size is PHONE)
    page.goto(PLAN)
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
    page.locator(f"#measure-{measures[1].pk} a.danger").click()
    page.locator(f"#measure-{measures[1].pk} textarea").wait_for()
    assert judged(page, axe) == []
    for asked in (f"measures/{measures[1].pk}/drop/", f"points/{points[0].pk}/merge/", "comments/"):
        page.goto(f"{PLAN}{asked}")
        assert judged(page, axe) == [], asked
    page.goto(f"{PLAN}measures/{measures[1].pk}/")
    page.locator("textarea[name=title]").fill("ฉบับของฉัน")
    Measure.objects.filter(pk=measures[1].pk).update(version=2, title="ฉบับของผู้อื่น")
    page.locator(".plan-save button").click()
    page.locator(".plan-both").wait_for()
    assert judged(page, axe) == []
    states.mark_submitted(plan)
    page.locator("button[form=merge]").click()
    page.locator("button[name=confirmed]").wait_for()
    assert judged(page, axe) == []
    page.locator("button[name=confirmed]").click()
    page.wait_for_url(f"**#measure-{measures[1].pk}")
    measures[1].refresh_from_db()
    assert measures[1].title == "ฉบับของฉัน"
