"""The plan page in a browser: a card changes in its place; without JavaScript the same buttons work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from screens import DESKTOP, PHONE

from prongsai.site.people.models import Session
from prongsai.site.plans import states
from prongsai.site.plans.models import Choice, Measure

PLAN = "/agencies/muang/2568/plan/"


@pytest.fixture
def measure(cast: Cast) -> Measure:
    Measure.objects.update(choice=Choice.PROPOSED)
    found = Measure.objects.first()
    assert found
    return found


def test_accepting_swaps_the_card_and_says_so(measure: Measure, page_of: Callable[..., Any]) -> None:
    page = page_of("officer", size=DESKTOP)
    page.goto(PLAN)
    page.evaluate("window.stayed = true")
    page.locator(f"#measure-{measure.pk} button.primary").click()
    page.locator(f"#measure-{measure.pk}.accepted").wait_for()
    assert page.evaluate("window.stayed")
    assert "รับมาตรการแล้ว" in page.locator("#plan-said").inner_text()
    assert "ฉบับแก้ไขที่ 2" in page.locator("#plan-head").inner_text()
    measure.refresh_from_db()
    assert measure.choice == Choice.ACCEPTED


def test_the_same_buttons_work_without_javascript(measure: Measure, page_of: Callable[..., Any]) -> None:
    page = page_of("officer", size=PHONE, script=False)
    page.goto(PLAN)
    page.locator(f"#measure-{measure.pk} a.danger").click()  # a page of its own asks for the reason
    page.locator("textarea[name=reason]").fill("ทำแล้วในปีก่อน")
    page.locator("form button.danger").click()
    page.wait_for_url(f"**#measure-{measure.pk}")
    assert page.url.endswith(f"#measure-{measure.pk}")
    assert "ทำแล้วในปีก่อน" in page.locator(f"#measure-{measure.pk}").inner_text()


def test_dropping_asks_in_the_card_and_swaps_it(measure: Measure, page_of: Callable[..., Any]) -> None:
    page = page_of("officer")
    page.goto(PLAN)
    page.evaluate("window.stayed = true")
    card = page.locator(f"#measure-{measure.pk}")
    card.locator("a.danger").click()
    card.locator("textarea[name=reason]").fill("ทำแล้วในปีก่อน")
    card.locator(".plan-ask button.danger").click()
    page.locator(f"#measure-{measure.pk}.dropped").wait_for()
    assert page.evaluate("window.stayed")
    assert "ทำแล้วในปีก่อน" in card.inner_text()


def test_a_warning_takes_the_whole_page_and_leads_on(measure: Measure, cast: Cast, page_of: Callable[..., Any]) -> None:
    page = page_of("officer")
    page.goto(PLAN)
    states.mark_submitted(cast.extra["plan"])  # meanwhile
    page.locator(f"#measure-{measure.pk} button.primary").click()
    page.locator("button[name=confirmed]").click()
    page.locator(f"#measure-{measure.pk}.accepted").wait_for()
    cast.extra["plan"].refresh_from_db()
    assert cast.extra["plan"].state == "draft"


def test_a_session_that_ended_keeps_the_reason_that_was_typed(measure: Measure, page_of: Callable[..., Any]) -> None:
    page = page_of("officer")
    page.goto(PLAN)
    card = page.locator(f"#measure-{measure.pk}")
    card.locator("a.danger").click()  # the question opens in the card
    card.locator("textarea[name=reason]").fill("เหตุผลที่พิมพ์ไว้")
    Session.objects.all().delete()
    card.locator("form button.danger").click()
    page.locator("h1", has_text="หมดเวลา").or_(page.locator("h1")).first.wait_for()
    page.wait_for_function("document.body.innerText.includes('เหตุผลที่พิมพ์ไว้')")


def test_steps_are_added_and_saved(measure: Measure, page_of: Callable[..., Any]) -> None:
    page = page_of("officer", size=PHONE)
    page.goto(f"{PLAN}measures/{measure.pk}/")
    before = measure.steps.count()
    page.locator("button[name=rows][value=add]").click()
    page.locator(f"textarea[name=s{before}-text]").fill("ขั้นตอนที่เพิ่ม")
    page.locator(".plan-save button").click()
    page.wait_for_url(f"**#measure-{measure.pk}")
    assert measure.steps.count() == before + 1
