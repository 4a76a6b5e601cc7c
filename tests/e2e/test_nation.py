"""From the answers of every agency to a published map, in a real browser, by mouse and without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from nation_world import CODE, keep
from screens import ONE_OR_BOTH, PHONE, judged, too_wide

from prongsai.site.nation.models import NationResult

HOME = "/rounds/2568/nation/"
PAGES = ("", "spread/", "league/", "movers/", "heat/", "items/", f"agency/{CODE}/")


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


@pytest.mark.parametrize("size", ONE_OR_BOTH)
def test_from_results_to_a_public_map(cast: Cast, page_of: Callable[..., Any], axe: str, size: dict[str, int]) -> None:
    english = size is PHONE
    assessor = page_of("assessor", size=size, english=english)
    assessor.goto("/rounds/2568/")  # the way in
    assessor.locator(f"a[href='{HOME}']").click()
    assessor.locator(f"form[action='{HOME}gather/'] button").click()
    assessor.wait_for_url("**/gather/*/")
    work()
    assessor.locator("a[href$='/nation/']").last.wait_for()
    assert judged(assessor, axe) == []
    assert NationResult.objects.get().scored == 1

    nobody = page_of("nobody", size=size, english=english)
    assert nobody.goto("/nation/2568/").status == 404
    assessor.goto(f"{HOME}revisions/")
    assert judged(assessor, axe) == []
    assessor.locator("a[href$='/revisions/1/']").click()
    assert judged(assessor, axe) == []
    assessor.locator("main form button.primary").click()  # prepared, seen by the assessor alone
    assessor.wait_for_url("**/releases/1/")
    assert judged(assessor, axe) == []
    work()
    assert nobody.goto("/nation/2568/").status == 404
    assessor.goto(f"{HOME}releases/1/")
    assert judged(assessor, axe) == []
    assessor.locator("button[name=publish]").click()
    assessor.wait_for_url("**/revisions/")
    assert judged(assessor, axe) == []
    assert nobody.goto("/nation/2568/").status == 200
    assert nobody.goto("/results/muang/2568/").status == 200


@pytest.mark.parametrize("size", ONE_OR_BOTH)
def test_a_map_leads_to_an_agency_in_two_clicks(
    cast: Cast, page_of: Callable[..., Any], axe: str, size: dict[str, int]
) -> None:
    english = size is PHONE
    keep(cast, public=True)
    assessor = page_of("assessor", size=size, english=english)
    assessor.goto(HOME)
    assert judged(assessor, axe) == []
    tile = assessor.locator("svg.tiles a:has(.s5)").first
    tile.click()
    assessor.wait_for_url("**/league/?*")
    assert judged(assessor, axe) == []
    assessor.locator("table.league tbody th a").first.click()
    assessor.wait_for_url("**/agency/**")
    assert judged(assessor, axe) == []

    nobody = page_of("nobody", size=size, english=english)
    nobody.goto("/nation/")
    assert judged(nobody, axe) == []
    nobody.locator("main a[href='/nation/2568/']").click()
    for page in PAGES:
        nobody.goto(f"/nation/2568/{page}")
        assert judged(nobody, axe) == []
    with nobody.expect_download() as file:
        nobody.locator("a[download]").first.click()
    assert file.value.suggested_filename.endswith(".xlsx")


def test_everything_works_without_a_script(cast: Cast, page_of: Callable[..., Any]) -> None:
    keep(cast, cast.last_round, public=True)
    keep(cast, public=True)
    nobody = page_of("nobody", size=PHONE, script=False)
    nobody.goto("/nation/2568/league/")
    nobody.locator("#q").fill("จำลอง")
    nobody.locator("#score").select_option("OIT")
    nobody.locator("main form button.primary").click()
    nobody.wait_for_url("**score=OIT**")
    assert nobody.locator("table.league tbody tr").count() > 0
    nobody.goto("/nation/2568/heat/")
    nobody.locator("#by").select_option("province")
    nobody.locator("main form button.primary").click()
    nobody.wait_for_url("**by=province**")
    nobody.goto("/nation/2568/movers/")
    assert "แยกไม่ออก" in nobody.inner_text("main")


def test_tiles_are_reached_and_named_by_keyboard(cast: Cast, page_of: Callable[..., Any]) -> None:
    keep(cast)
    page = page_of("assessor")
    page.goto(HOME)
    tile = page.locator("svg.tiles a").first
    tile.focus()
    assert page.get_by_role("link", name="ค่าเฉลี่ย").count() > 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/league/?*")


def test_narrowest_phones_need_no_sideways_scrolling(cast: Cast, page_of: Callable[..., Any]) -> None:
    keep(cast, cast.last_round, public=True)
    keep(cast, public=True)
    nobody = page_of("nobody", size={"width": 320, "height": 640})
    for page in PAGES:
        nobody.goto(f"/nation/2568/{page}")
        assert too_wide(nobody) == []
