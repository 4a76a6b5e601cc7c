"""People answer on a phone without JavaScript, in Thai and English, by touch and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from screens import DESKTOP, ONE_OR_BOTH, PHONE, judged
from survey_world import form_of, key_folder, survey_round  # noqa: F401 - a fixture

from prongsai.site.ask import doors, steps
from prongsai.site.surveys.actions import IssueCodes, OpenSurvey, PrepareSurveys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Code, Letter, Survey
from prongsai.survey.shipped import shipped
from prongsai.survey.words import words


@pytest.fixture
def survey(cast: Cast, key_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Survey]:  # noqa: F811
    monkeypatch.setattr(steps, "LEAST", 0)  # a browser is quicker than any person
    doors.forget()
    made = PrepareSurveys(by=cast.assessor, assessment=survey_round(cast.agency)).execute()[0]
    made.by_codes = made.by_link = True
    made.save()
    cast.extra["codes"] = IssueCodes(by=cast.assessor, survey=made, count=3).execute()
    OpenSurvey(by=cast.assessor, survey=made, form=shipped(form_of(made))).execute()
    turn(first=True)
    yield made
    doors.forget()


def narrow(page: Any) -> None:
    """Nothing is wider than the screen, and every target is large."""
    page.wait_for_load_state()
    small = 44
    for target in page.locator("button, .options label, input.code, summary").all():
        if target.is_visible():
            box = target.bounding_box()
            assert box
            assert box["height"] >= small
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= page.viewport_size["width"]


@pytest.mark.parametrize("language", ["th", "en", "ms-Arab"])
def test_question_by_question_on_a_phone(
    language: str, survey: Survey, cast: Cast, page_of: Callable[..., Any]
) -> None:
    page, say = page_of("nobody", size=PHONE, script=False), words(language).texts
    page.goto("/a/")
    page.locator("#code").fill(cast.extra["codes"][0].lower())
    page.locator("button.go").click()
    page.locator(f'button[value="lang-{language}"]').click()
    assert page.locator("html").get_attribute("dir") == words(language).direction
    narrow(page)
    page.get_by_label(say["choose_yes"], exact=True).check()
    page.get_by_role("button", name=say["begin"]).click()
    of = len(form_of(survey).questions)
    for number in range(1, of + 1):
        page.get_by_text(say["question_of"].format(n=number, of=of)).wait_for()
        narrow(page)
        page.locator(".options label").nth(number % 2).click()
        page.locator("button.go").click()
    page.get_by_role("heading", name=say["review_title"]).wait_for()
    page.get_by_role("button", name=say["change_which"].format(n=2)).click()
    page.locator(".options label").nth(1).click()
    page.locator("button.go").click()
    page.get_by_role("button", name=say["send"]).first.dblclick()
    page.get_by_role("heading", name=say["sent_title"]).wait_for()
    assert page.context.cookies() == []
    assert Letter.objects.count() == Code.objects.filter(spent=True).count() == 1


def test_all_on_one_page_by_keyboard_and_the_back_button(survey: Survey, page_of: Callable[..., Any]) -> None:
    page, say = page_of("nobody", size=DESKTOP, script=False), words("th").texts
    page.goto(f"/a/{survey.token}/all/")
    groups = page.locator("fieldset")
    for number in range(groups.count()):
        groups.nth(number).locator("input").first.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name=say["to_review"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=say["review_title"]).wait_for()
    page.get_by_role("button", name=say["send"]).first.click()
    receipt = page.locator(".receipt").inner_text()
    with pytest.raises(Exception, match="ERR_CACHE_MISS"):
        page.go_back()  # nothing of ours was kept: the browser asks whether to send the form again
    page = page.context.new_page()  # the old one may still be on its way to the browser's own error page
    page.goto("/a/receipt/")
    page.locator("#receipt").fill(receipt)
    page.keyboard.press("Enter")
    page.locator(".good").wait_for()
    assert Letter.objects.count() == 1


def test_a_form_left_empty_stays_where_it_is(survey: Survey, page_of: Callable[..., Any]) -> None:
    page = page_of("nobody", size=PHONE, script=False)
    page.goto(f"/a/{survey.token}/")
    page.locator("button.go").click()
    assert page.url.endswith(f"/a/{survey.token}/")
    assert not Letter.objects.exists()


@pytest.mark.parametrize("size", ONE_OR_BOTH)
def test_no_page_has_a_fault_for_a_screen_reader(
    size: dict[str, int], survey: Survey, browser: Any, live_server: Any, axe: str
) -> None:
    """The checker needs a script, which the surface's own policy forbids: here alone that is set aside."""
    context = browser.new_context(viewport=size, base_url=live_server.url, bypass_csp=True)
    page, faults = context.new_page(), []

    def check() -> None:
        faults.extend(judged(page, axe))

    for path in (
        "/a/",
        "/a/ms-Arab/",
        "/a/receipt/",
        "/a/zzzzzz/",
        f"/a/{survey.token}/all/en/",
        f"/a/{survey.token}/",
    ):
        page.goto(path)
        check()

    def go() -> None:
        with page.expect_navigation():
            page.locator("button.go").first.click()

    page.locator("input[name=eligible][value=yes]").check()
    go()
    check()
    for _ in form_of(survey).questions:
        page.locator(".options label").first.click()
        go()
    check()
    go()
    check()
    context.close()
    assert faults == []
