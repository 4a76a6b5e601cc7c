"""OIT from links to a confirmed score, in a real browser: units, checks, confirmation, inspector by keyboard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from inspection_evidence import assign, fill, open_window
from inspection_world import inspector, window
from screens import ONE_OR_BOTH, PHONE, judged

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))
import evidence_world as small

from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.links import checklist_items
from prongsai.evidence.visit import Keeping
from prongsai.site.inspection import jobs, judging
from prongsai.site.inspection.copies import copies
from prongsai.site.inspection.models import Evidence, Link, Preserved, State
from prongsai.site.notices.due import remind
from prongsai.site.results.models import Result
from prongsai.site.rounds.models import StageKind

HOME = "/agencies/muang/2568/evidence/"
PAGE = (
    "<!doctype html><html lang=th><meta charset=utf-8><title>ผู้บริหาร</title><h1>โครงสร้าง ปีงบประมาณ พ.ศ. ๒๕๖๘</h1>"
    + "ข้อมูลของเทศบาลเมืองตัวอย่าง " * 20
    + "<script>document.title = 'taken'; document.body.innerHTML = ''</script><img src=x onerror=\"alert(1)\">"
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The small web of the evidence tests, its names allowed to lead here; nothing is drawn for a second mark."""
    monkeypatch.setattr(judging, "SAMPLED", 0)
    with small.serving() as made:
        monkeypatch.setattr(jobs, "fetcher", lambda: Fetcher(small.QUICK, small.open_network()))
        monkeypatch.setattr(jobs, "keeping", lambda: Keeping(copies()))
        yield made


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


def arrived(page: Any, item: str) -> None:
    """The decision page of an item is there, its keys alive."""
    page.locator(".item-code").get_by_text(item, exact=True).wait_for()
    page.wait_for_load_state()


def filed_links(cast: Cast, world: Any) -> list[str]:
    """Two items are the treasury's to file; the form refuses ports, so the test's server comes in below it."""
    address = world.serve("/structure", PAGE.encode(), "text/html; charset=utf-8")
    open_window(cast.round)
    items = list(checklist_items(cast.round.framework))
    assign(cast, o1=1, o2=1)
    for item in items[2:]:
        fill(cast, item, not_applicable=True, reason="ไม่มีภารกิจนี้ (สมมติ)", ready=True)
    return [address, *items]


@pytest.mark.parametrize("size", ONE_OR_BOTH)
def test_from_links_to_a_confirmed_score(
    cast: Cast, page_of: Callable[..., Any], axe: str, world: Any, size: dict[str, int]
) -> None:
    english = size is PHONE
    address, *items = filed_links(cast, world)

    unit = page_of("unit_owner", size=size)  # the unit files its two items
    for item in ("o1", "o2"):
        unit.goto(f"{HOME}{item}/")
        unit.locator("[name$=url]").first.fill(f"https://www.muang.example.go.th/{item}")
        unit.locator("button[name=ready]").click()
        unit.wait_for_load_state()
    assert Evidence.objects.filter(item__in=("o1", "o2"), state=State.READY).count() == 2
    Link.objects.update(url=address)

    officer = page_of("officer", size=size, english=english)  # looks at the links
    officer.goto(HOME)
    officer.locator(f"form[action='{HOME}check/'] button").first.click()
    work()

    chief = page_of("chief", size=size)  # and the chief executive stands by them
    chief.goto(f"{HOME}confirm/")
    for box in chief.locator("[name=accepts_missing]").all():
        box.check()
    chief.locator("form:has([name=digest]) button.primary").click()
    chief.wait_for_url("**/table/")
    work()
    assert Preserved.objects.filter(occasion="submission").exclude(name="").count() == 2

    window(cast, StageKind.EVIDENCE, -40, -1)  # the calendar goes on: the window closes, and all is preserved again
    remind()
    work()
    assert set(Evidence.objects.filter(assessment=cast.assessment).values_list("state", flat=True)) == {State.LOCKED}
    assert Preserved.objects.filter(occasion="inspection").exclude(name="").count() == 2

    judge = page_of("inspector", size=size, english=english)  # by keyboard alone
    judge.goto("/inspection/?by=agency")
    assert judged(judge, axe) == []
    judge.goto("/inspection/start/?agency=muang")
    assert "taken" not in judge.title()  # the preserved page's script never ran
    assert judge.locator("pre.copy-text").count() >= 1
    assert judged(judge, axe) == []
    judge.keyboard.press("2")
    judge.keyboard.press("a")
    judge.keyboard.type("ไม่พบผังโครงสร้างในสำเนา")
    judge.keyboard.press("Control+Enter")
    arrived(judge, "o2")
    judge.keyboard.press("n")  # skipped: the next one
    arrived(judge, "o3")
    judge.keyboard.press("p")
    arrived(judge, "o2")
    judge.keyboard.press("1")  # one key: kept, and on to the next
    arrived(judge, "o3")
    judge.keyboard.press("u")  # a slip: taken back, and made again
    arrived(judge, "o2")
    judge.keyboard.press("1")
    for item in items[2:]:
        arrived(judge, item)
        judge.keyboard.press("3" if judge.locator("[name=verdict][value=not_applicable]").is_visible() else "1")
    judge.wait_for_url("**/inspection/")
    assert set(cast.assessment.evidence.values_list("state", flat=True)) == {State.MARKED}

    assessor = page_of("assessor", size=size, english=english)
    window(cast, StageKind.CLARIFICATION, -1, 5)
    assessor.goto("/inspection/rounds/2568/")
    assert judged(assessor, axe) == []
    assessor.locator("button[name=verb][value=open]").first.click()
    assessor.locator("button[name=sure]").click()

    officer.goto(f"{HOME}result/")
    assert "ไม่พบผังโครงสร้างในสำเนา" in officer.inner_text("main")
    assert judged(officer, axe) == []
    officer.goto(f"{HOME}o1/clarify/")
    officer.locator("textarea[name=text]").fill("ผังอยู่ด้านล่างของหน้าเดียวกัน")
    assert judged(officer, axe) == []
    officer.locator("main form button.primary").click()
    officer.wait_for_url("**/result/")

    cast.people["second"] = inspector(2)
    second = page_of("second", size=size, english=english)
    second.goto("/inspection/")
    second.keyboard.press("Tab")
    second.locator("a[href^='/inspection/clarifications/']").first.focus()
    second.keyboard.press("Enter")
    second.wait_for_url("**/clarifications/*/")
    assert judged(second, axe) == []
    second.keyboard.press("1")
    second.keyboard.type("พบผังโครงสร้างแล้ว")
    second.keyboard.press("Control+Enter")
    second.wait_for_url("**/inspection/")

    window(cast, StageKind.CLARIFICATION, -9, -1)
    assessor.goto("/inspection/rounds/2568/")
    assessor.locator("button[name=verb][value=confirm]").first.click()
    assessor.locator("button[name=sure]").click()
    officer.goto(f"{HOME}result/")
    assert "พบผังโครงสร้างแล้ว" in officer.inner_text("main")
    officer.locator("main a[href$='/results/']").click()
    officer.wait_for_url("**/results/")
    verdicts = Result.objects.filter(assessment=cast.assessment).order_by("-revision")[0].data["verdicts"]
    assert {verdicts["o1"], verdicts["o2"]} == {"disclosed"}
    assert "OIT" in officer.inner_text("main")


def test_single_keys_can_be_switched_off(cast: Cast, page_of: Callable[..., Any], world: Any) -> None:
    open_window(cast.round, -40, -1)
    for item in ("o1", "o2"):
        Evidence.objects.create(assessment=cast.assessment, item=item, state=State.LOCKED)
    judge = page_of("inspector")
    judge.goto("/inspection/start/?agency=muang")
    judge.locator("details.keys summary").click()
    judge.locator("[data-keys]").uncheck()
    judge.locator("h1").click()
    judge.keyboard.press("1")
    judge.reload()
    judge.keyboard.press("n")
    judge.wait_for_timeout(200)
    assert "o1" in judge.inner_text("h1")
    assert not Evidence.objects.filter(state=State.MARKED).exists()
