"""Interviews without signal, in a real browser that is killed, set to a wrong time, cut off, and made to send twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone
from field_world import assign
from screens import judged
from survey_world import key_folder  # noqa: F401 - a fixture
from telephone import (  # noqa: F401 - three of them are fixtures
    BACKEND,
    CODE,
    HOME,
    MOVED_ON,
    Telephone,
    answer_all,
    begin,
    begun,
    controlled,
    go_on,
    interview,
    on_disk,
    session_of_a_surveyor,
    set_code,
    telephone_of_a_surveyor,
    unlock,
    until,
    wait_states,
    work_of_a_surveyor,
)

from prongsai.site.fieldwork.actions import AcceptInterviews
from prongsai.site.fieldwork.models import Assignment, Interview, InterviewState
from prongsai.site.rounds.models import Stage
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Letter

pytestmark = pytest.mark.usefixtures("key_folder")


def test_interviews_without_signal_reach_the_letterbox(
    cast: Cast, telephone: Telephone, work: Assignment, session: str
) -> None:
    page = begun(telephone, session, offline=True)
    page.reload()
    page.get_by_text("ออฟไลน์").wait_for()
    unlock(page)
    for _ in range(2):
        interview(page)
    wait_states(telephone, "ready", "ready")
    assert Interview.objects.count() == 0
    telephone.context.set_offline(False)
    page.locator("#send").click()
    wait_states(telephone, "confirmed", "confirmed")
    assert Interview.objects.filter(state=InterviewState.SENT).count() == 2
    for kept in on_disk(page):
        assert not {"sealed", "box", "key"} & set(kept)
    turn()
    ids = list(Interview.objects.values_list("pk", flat=True))
    assert not Interview.objects.filter(alike=None).exists()
    AcceptInterviews(by=cast.assessor, survey=work.survey, ids=ids).execute()
    turn()
    assert Letter.objects.count() == 2
    assert Interview.objects.filter(state=InterviewState.MOVED, sealed=None).count() == 2


def test_a_killed_browser_loses_nothing(telephone: Telephone, work: Assignment, session: str) -> None:
    page = begun(telephone, session, offline=True)
    interview(page)
    begin(page)
    answer_all(page, stop_after=3)
    page.locator("#choices input").nth(1).check()  # chosen, not yet gone on
    page.get_by_text("บันทึกลงเครื่องแล้ว").wait_for()
    telephone.die()

    page = telephone.switch_on()
    telephone.context.set_offline(True)
    telephone.open()
    page.get_by_text("ออฟไลน์").wait_for()
    wait_states(telephone, "draft", "ready")
    page.locator("#pin").fill("ไม่ใช่รหัสนี้")
    page.locator("#unlock .primary").click()
    page.get_by_text("รหัสไม่ถูกต้อง").wait_for()
    unlock(page)
    page.get_by_role("button", name="ทำต่อ").click()
    page.locator("#ask").wait_for()
    assert page.locator("#ask-step").inner_text() == "ข้อ 5 จาก 11"
    assert page.locator("#choices input").nth(1).is_checked()
    go_on(page)
    answer_all(page)
    page.locator("#finish").click()
    wait_states(telephone, "ready", "ready")

    # The session went with the browser: the page says so, and loses nothing.
    telephone.context.set_offline(False)
    page.locator("#send").click()
    page.get_by_text("หมดเวลาเข้าสู่ระบบ").wait_for()
    assert Interview.objects.count() == 0
    telephone.context.add_cookies([{"name": "sessionid", "value": session, "url": telephone.address}])
    page.locator("#send").click()
    wait_states(telephone, "confirmed", "confirmed")
    assert Interview.objects.count() == 2


def test_killed_while_sending_and_sent_twice_counts_once(
    cast: Cast, telephone: Telephone, work: Assignment, session: str
) -> None:
    page = begun(telephone, session, offline=True)
    interview(page)
    interview(page)
    wait_states(telephone, "ready", "ready")
    bodies: list[str] = []

    def lose_the_answer(route: Any) -> None:
        bodies.append(route.request.post_data)
        route.fetch()  # the server has it; the device never hears of it
        route.abort()

    page.route("**/field/sync/", lose_the_answer)
    telephone.context.set_offline(False)
    page.locator("#send").click()
    wait_states(telephone, "sent", "sent")
    for _ in range(50):
        if bodies and Interview.objects.count() == 2:
            break
        page.wait_for_timeout(100)
    telephone.die()
    page = telephone.switch_on(session)
    telephone.open()
    wait_states(telephone, "confirmed", "confirmed")
    assert Interview.objects.count() == 2
    # The very same batch once more, replayed from outside.
    replay = """async (body) => {
        const {token} = await (await fetch('/field/bundle/')).json();
        const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
        const answer = await (await fetch('/field/sync/', {method: 'POST', headers, body})).json();
        return answer.results.map((one) => one.outcome);
    }"""
    assert page.evaluate(replay, bodies[0]) == ["here", "here"]
    ids = list(Interview.objects.values_list("pk", flat=True))
    turn()
    AcceptInterviews(by=cast.assessor, survey=work.survey, ids=ids).execute()
    turn()
    assert page.evaluate(replay, bodies[0]) == ["here", "here"]
    assert Letter.objects.count() == 2


def test_a_clock_that_is_wrong_and_jumps(telephone: Telephone, work: Assignment, session: str) -> None:
    page = telephone.switch_on(session)
    page.add_init_script("""
        const real = Date.now.bind(Date);
        globalThis.off = -3 * 86400000;
        Date.now = () => real() + globalThis.off;
    """)
    telephone.open()
    set_code(page)
    page.get_by_text("นาฬิกาเครื่องช้ากว่าเวลาจริง 3 วัน").wait_for()
    begin(page)
    page.evaluate("off = 400 * 86400000")  # somebody sets it during the interview
    answer_all(page)
    page.locator("#finish").click()
    wait_states(telephone, "confirmed")
    kept = Interview.objects.get()
    assert kept.seconds < 60
    assert kept.started
    assert kept.ended
    assert (kept.ended - kept.started).days == 403
    assert abs(kept.ahead - 400 * 86400) < 60


def test_left_alone_it_locks_and_keeps_the_draft(telephone: Telephone, work: Assignment, session: str) -> None:
    page = begun(telephone, session, offline=True)
    begin(page)
    answer_all(page, stop_after=2)
    page.evaluate("""() => {
        const real = performance.now.bind(performance);
        performance.now = () => real() + 9 * 60000;
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    page.wait_for_timeout(300)
    assert page.locator("#ask").is_visible()  # nine minutes are not ten
    page.evaluate("""() => {
        const real = performance.now.bind(performance);
        performance.now = () => real() + 2 * 60000;
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    page.locator("#unlock").wait_for()
    assert not page.locator("#ask").is_visible()
    unlock(page)
    assert telephone.states() == ["draft"]
    page.get_by_role("button", name="ทำต่อ").click()
    page.locator("#ask").wait_for()
    assert page.locator("#ask-step").inner_text() == "ข้อ 4 จาก 11"


def test_a_full_device_says_so_and_keeps_what_it_has(telephone: Telephone, work: Assignment, session: str) -> None:
    page = begun(telephone, session)
    begin(page)
    answer_all(page, stop_after=2)
    page.evaluate("""() => {
        IDBObjectStore.prototype.realPut = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
    }""")
    page.locator("#choices input").nth(1).check()
    page.get_by_text("บันทึกลงเครื่องไม่ได้").wait_for()
    step = page.locator("#ask-step").inner_text()
    page.locator("#next").click()
    page.wait_for_timeout(300)
    assert page.locator("#ask-step").inner_text() == step  # it does not go on with what is not kept
    page.evaluate("() => { IDBObjectStore.prototype.put = IDBObjectStore.prototype.realPut; }")
    go_on(page)
    assert page.get_by_text("บันทึกลงเครื่องไม่ได้").count() == 0
    answer_all(page)
    page.locator("#finish").click()
    wait_states(telephone, "confirmed")


def test_nothing_readable_is_on_the_disk(telephone: Telephone, work: Assignment, session: str) -> None:
    page = begun(telephone, session, offline=True)
    interview(page)
    begin(page)
    answer_all(page, stop_after=2)
    page.locator("#pause").click()
    wait_states(telephone, "draft", "ready")
    by_state = {kept[-1]: set(kept[:-1]) for kept in on_disk(page)}
    assert "box" not in by_state["ready"]
    assert "sealed" not in by_state["draft"]
    for kept in by_state.values():
        assert not {"answers", "language", "content"} & kept
    packed = f"{work.survey.form_id}/{work.survey.container}/"
    telephone.die()
    for file in telephone.folder.rglob("*"):
        if file.is_file() and "IndexedDB" in str(file):
            raw = file.read_bytes()
            assert packed.encode() not in raw
            assert packed.encode("utf-16-le") not in raw
            assert CODE.encode() not in raw
            assert CODE.encode("utf-16-le") not in raw


def test_a_new_version_waits_until_it_is_asked_for(
    telephone: Telephone, work: Assignment, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prongsai.site.fieldwork import app_views

    page = begun(telephone, session)
    controlled(page)
    begin(page)
    answer_all(page, stop_after=1)
    page.locator("#pause").click()
    monkeypatch.setattr(app_views, "version", lambda: "another")
    page.evaluate("navigator.serviceWorker.getRegistration('/field/app/').then((one) => one.update())")
    page.locator("#update").wait_for()
    assert len(page.evaluate("caches.keys()")) == 2
    page.locator("#update-now").click()
    page.locator("#unlock").wait_for()
    assert page.evaluate("caches.keys()") == ["prongsai-field-another"]
    unlock(page)
    assert telephone.states() == ["draft"]


def test_the_second_tab_waits(telephone: Telephone, work: Assignment, session: str) -> None:
    begun(telephone, session)
    second = telephone.context.new_page()
    second.goto(telephone.address + HOME)
    second.get_by_text("เปิดอยู่ในอีกแท็บหนึ่ง").wait_for()
    assert not second.locator("#home").is_visible()


def test_another_surveyor_on_the_same_telephone(
    cast: Cast, telephone: Telephone, work: Assignment, session: str
) -> None:
    assign(cast, work.survey, cast.inspector)
    page = begun(telephone, session, offline=True)
    interview(page)
    wait_states(telephone, "ready")
    client = Client()
    client.force_login(cast.inspector, backend=BACKEND)
    telephone.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": telephone.address}]
    )
    telephone.context.set_offline(False)
    page.locator("#send").click()
    page.get_by_text("ของผู้สำรวจอื่น 1 ชุด").wait_for()
    page.locator("#first").wait_for()  # a code of their own
    assert telephone.states() == []
    assert Interview.objects.count() == 0
    telephone.context.add_cookies([{"name": "sessionid", "value": session, "url": telephone.address}])
    page.locator("#send").click()
    wait_states(telephone, "confirmed")
    assert Interview.objects.get().assignment == work


def test_asked_again_while_one_is_under_way_it_sends_once_more(
    telephone: Telephone, work: Assignment, session: str
) -> None:
    """The first began before the surveyor had signed in again; what was asked for after it must not be lost."""
    page = begun(telephone, session, offline=True)
    interview(page)
    wait_states(telephone, "ready")
    asked: list[Any] = []
    page.route("**/field/bundle/", lambda route: (asked.append(route), route.continue_() if len(asked) > 1 else None))
    telephone.context.set_offline(False)  # which begins one by itself
    for _ in range(100):
        page.wait_for_timeout(0 if asked else 100)
    page.locator("#send").click()
    page.wait_for_timeout(200)
    asked[0].fulfill(status=401)
    wait_states(telephone, "confirmed")


def test_it_can_be_installed(telephone: Telephone, work: Assignment, session: str) -> None:
    page = telephone.switch_on(session)
    telephone.open()
    controlled(page)
    protocol = telephone.context.new_cdp_session(page)
    assert protocol.send("Page.getAppManifest")["errors"] == []
    problems = [one["errorId"] for one in protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in problems if one != "in-incognito"] == []


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_screen_is_accessible_and_fits(
    language: str, cast: Cast, telephone: Telephone, work: Assignment, session: str, axe: str
) -> None:
    page = telephone.switch_on(session)
    page.set_viewport_size({"width": 320, "height": 640})
    found: list[str] = []

    def look(screen: str) -> None:
        found.extend(f"{screen}: {fault}" for fault in judged(page, axe))

    page.goto(f"{telephone.address}/field/app/{language}/")
    page.locator("#first").wait_for()
    look("first")
    set_code(page)
    look("home")
    page.locator("#assignments button").first.click()
    look("consent")
    page.locator("#agrees").click()
    page.locator("#ask").wait_for()
    look("eligible")
    page.locator("#next").click()
    look("nothing chosen")
    page.locator("#choices input[value=yes]").check()
    go_on(page)
    answer_all(page)
    page.locator("#review").wait_for()
    look("review")
    page.locator("#finish").click()
    wait_states(telephone, "confirmed")
    look("sent")
    assert found == []


def test_who_is_not_asked_leaves_nothing(telephone: Telephone, work: Assignment, session: str) -> None:
    page = begun(telephone, session)
    page.locator("#assignments button").first.click()
    page.locator("#declines").click()
    page.get_by_text("ไม่ได้เก็บสิ่งใดไว้").wait_for()
    page.locator("#assignments button").first.click()
    page.locator("#agrees").click()
    page.locator("#choices input[value=no]").check()
    page.locator("#next").click()
    page.get_by_text("ไม่ได้เก็บสิ่งใดไว้").wait_for()
    begin(page)
    answer_all(page, stop_after=2)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#discard").click()
    page.get_by_text("ไม่ได้เก็บสิ่งใดไว้").wait_for()
    assert on_disk(page) == []
    assert Interview.objects.count() == 0


def test_what_the_server_refuses_stays_on_the_device(telephone: Telephone, work: Assignment, session: str) -> None:
    page = begun(telephone, session, offline=True)
    interview(page)
    wait_states(telephone, "ready")
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    turn()
    telephone.context.set_offline(False)
    page.locator("#send").click()
    wait_states(telephone, "refused")
    page.get_by_text("ปิดรับคำตอบแล้ว").wait_for()
    assert "sealed" in on_disk(page)[0]
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="ลบออกจากเครื่อง").click()
    assert telephone.states() == ["refused"]
    # Sending it again, it never looks as if it were on its way: whoever reads the reason keeps it before them.
    page.evaluate(
        """() => {
            window.shown = [];
            const list = document.querySelector('#interviews');
            const look = () => list.querySelectorAll('.entry').forEach((one) => shown.push(one.dataset.state));
            new MutationObserver(look).observe(list, {childList: true, subtree: true});
        }"""
    )
    with page.expect_response("**/field/sync/"):
        page.locator("#send").click()
    wait_states(telephone, "refused")
    assert "sent" not in page.evaluate("() => shown")
