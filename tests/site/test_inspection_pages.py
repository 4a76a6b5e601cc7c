"""The inspectors' and the agency's pages of the inspection, as people use them."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.conf import settings
from django.test import Client
from inspection_world import FAIL, HOSTILE, PASS, inspector, locked, mark, preliminary, preserve, window

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection import judging
from prongsai.site.inspection.models import Clarification, Conflict, Evidence, Mark, State
from prongsai.site.people.models import Role
from prongsai.site.results.models import Result
from prongsai.site.rounds.models import StageKind

pytestmark = pytest.mark.django_db
Of = Callable[[str], Client]
RESULT = "/agencies/muang/2568/evidence/result/"
CLARIFY = "/agencies/muang/2568/evidence/o1/clarify/"
ROUND = "/inspection/rounds/2568/"


@pytest.fixture(autouse=True)
def _no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 0)


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def decide(client: Client, evidence: Evidence, verdict: str = PASS, **more: str) -> Any:
    return client.post(f"/inspection/items/{evidence.pk}/", {"verdict": verdict, **more})


def test_the_queue_by_item_and_by_agency(cast: Cast, client_of: Of) -> None:
    rows = locked(cast)
    window(cast, StageKind.INSPECTION, -4, 6)
    client = client_of("inspector")
    page = words(client.get("/inspection/"))
    assert f'<p class="figure-big">{len(rows)}</p>' in page
    assert "ตรวจให้เสร็จภายใน" in page
    assert cast.agency.name in words(client.get("/inspection/?by=agency"))
    assert "ไม่พบหน่วยงานนี้" in words(client.get("/inspection/?by=agency&q=ไม่มีจริง"))
    started = client.get("/inspection/start/?item=o2&round=2568")
    assert started["Location"] == f"/inspection/items/{rows[1].pk}/?by=item"
    assert client.get("/inspection/start/?item=o35")["Location"] == "/inspection/"


def test_one_decision_leads_to_the_next_and_can_be_taken_back(cast: Cast, client_of: Of) -> None:
    rows = locked(cast)
    client = client_of("inspector")
    answer = client.post(f"/inspection/items/{rows[0].pk}/?by=agency", {"verdict": PASS})
    assert answer["Location"] == f"/inspection/items/{rows[1].pk}/?by=agency"
    rows[0].refresh_from_db()
    assert rows[0].state == State.MARKED
    undone = client.post(f"/inspection/items/{rows[0].pk}/undo/?by=agency")
    assert undone["Location"] == f"/inspection/items/{rows[0].pk}/?by=agency"
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].verdict, rows[0].marks.count()) == (State.LOCKED, "", 0)
    assert [one.action for one in Entry.objects.order_by("-pk")[:2]] == ["inspection.undo", "inspection.mark"]


def test_a_mark_that_the_next_inspector_built_on_stays(
    cast: Cast, client_of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 1)
    row = locked(cast)[0]
    mark(row, cast.inspector)
    mark(row, inspector(1))
    answer = client_of("inspector").post(f"/inspection/items/{row.pk}/undo/")
    assert answer.status_code == 409
    assert "มีผู้ตรวจคนถัดไปตรวจข้อนี้แล้ว" in words(answer)
    assert row.marks.count() == 2


def test_a_rejection_without_reason_is_sent_back_with_what_was_typed(cast: Cast, client_of: Of) -> None:
    row = locked(cast)[0]
    client = client_of("inspector")
    answer = decide(client, row, FAIL, sentence="ไม่พบผังโครงสร้าง")
    assert answer.status_code == 409
    assert "ต้องระบุองค์ประกอบที่ขาด" in words(answer)
    assert "ไม่พบผังโครงสร้าง" in words(answer)
    assert not Mark.objects.exists()
    assert decide(client, row, "perhaps").status_code == 409
    assert decide(client, row, FAIL, sentence="ไม่พบผังโครงสร้าง", missing="other").status_code == 302
    assert Mark.objects.get().missing == "อื่น ๆ"


def test_the_second_marker_does_not_see_the_first_but_who_decides_sees_both(
    cast: Cast, client_of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 1)
    row = locked(cast)[0]
    mark(row, inspector(1), FAIL)
    client = client_of("inspector")
    page = words(client.get(f"/inspection/items/{row.pk}/"))
    assert "ไม่แสดงผลครั้งแรก" in page
    assert "ไม่พบข้อมูลในสำเนา" not in page
    mark(row, inspector(2), PASS)
    page = words(client.get(f"/inspection/items/{row.pk}/"))
    assert "ท่านเป็นผู้ชี้ขาด" in page
    assert "ไม่พบข้อมูลในสำเนา" in page


def test_the_page_shows_copy_links_last_year_and_precedents(
    cast: Cast, client_of: Of, django_assert_max_num_queries: Any
) -> None:
    rows = locked(cast)
    preserve(rows[0], png=b"\x89PNG\r\n\x1a\n picture")
    other = Evidence.objects.create(
        assessment=cast.round.assessments.get(agency=cast.other), item="o1", state=State.LOCKED
    )
    mark(other, inspector(1), FAIL)
    client = client_of("inspector")
    client.get("/inspection/")
    with django_assert_max_num_queries(20):
        page = words(client.get(f"/inspection/items/{rows[0].pk}/"))
    for said in ("ตำแหน่งสำคัญ", "ไม่พบข้อมูลในสำเนา", "https://example.go.th/o1", "ลิงก์ของข้ออื่นในหน่วยงานนี้ (3)"):
        assert said in page
    assert cast.other.name not in page
    for address in ("/inspection/", "/inspection/?by=agency", "/inspection/agreement/", f"{ROUND}o1/"):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


# --- preserved copies


def test_a_copy_comes_alone_and_can_run_nothing(cast: Cast, client_of: Of) -> None:
    copy = preserve(locked(cast)[0], png=b"\x89PNG\r\n\x1a\n picture")
    client = client_of("inspector")
    for part, kind in (("picture", "image/png"), ("text", "text/plain; charset=utf-8"), ("file", "application/warc")):
        answer = client.get(f"/inspection/copies/{copy.pk}/{part}/")
        assert answer.status_code == 200
        assert answer["Content-Type"] == kind
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(f"/inspection/copies/{copy.pk}/page/").status_code == 404
    page = client.get(f"/inspection/items/{copy.evidence_id}/").content.decode()
    assert "<script>document.title" not in page
    assert "&lt;script&gt;document.title" in page  # what the page said of scripts, as words
    assert HOSTILE not in page


def test_a_damaged_copy_is_said_to_be_one(cast: Cast, client_of: Of) -> None:
    copy = preserve(locked(cast)[0])
    for path in (settings.DATA / "copies" / "store").rglob(copy.name):
        path.chmod(0o600)
        path.write_bytes(b"{}")
    client = client_of("inspector")
    page = client.get(f"/inspection/items/{copy.evidence_id}/")
    assert page.status_code == 200
    assert "สำเนานี้ไม่ตรงกับค่าแฮช" in words(page)
    answer = client.get(f"/inspection/copies/{copy.pk}/text/")
    assert answer.status_code == 410
    assert "สำเนานี้ไม่ตรงกับค่าแฮช" in words(answer)


def test_who_may_see_a_copy(cast: Cast, client_of: Of) -> None:
    copy = preserve(locked(cast)[0])
    address = f"/inspection/copies/{copy.pk}/text/"
    assert client_of("officer").get(address).status_code == 200
    assert client_of("assessor").get(address).status_code == 404
    assert client_of("other_officer").get(address).status_code == 404
    Conflict.objects.create(inspector=cast.inspector, agency=cast.agency, reason="ญาติ")
    assert client_of("inspector").get(address).status_code == 404


# --- conflicts


def test_a_conflict_is_declared_and_taken_back(cast: Cast, client_of: Of) -> None:
    row = locked(cast)[0]
    client = client_of("inspector")
    assert client.post("/inspection/", {"agency": "nowhere", "reason": "ญาติ"}).status_code == 400
    assert client.post("/inspection/", {"agency": "MUANG", "reason": "เคยรับราชการ"}).status_code == 302
    assert client.get(f"/inspection/items/{row.pk}/").status_code == 404
    assert client.post("/inspection/", {"agency": "muang", "reason": "อีกครั้ง"}).status_code == 400
    assert client.post(f"/inspection/conflicts/{Conflict.objects.get().pk}/over/").status_code == 302
    assert client.get(f"/inspection/items/{row.pk}/").status_code == 200
    said = [sentence(one) for one in Entry.objects.filter(action__startswith="inspection.conflict").order_by("pk")]
    assert len(said) == 2
    assert cast.agency.name in said[1]


# --- the assessor


def test_opening_and_confirming_ask_first(cast: Cast, client_of: Of) -> None:
    rows = locked(cast)
    for row in rows:
        mark(row, cast.inspector)
    client = client_of("assessor")
    assert "แจ้งผลที่พร้อม 1 แห่ง" in words(client.get(ROUND))
    asked = client.post(ROUND, {"verb": "open", "agency": "all"})
    assert "แจ้งผลเบื้องต้นแก่ 1 หน่วยงาน?" in words(asked)
    assert Evidence.objects.filter(state=State.MARKED).count() == len(rows)
    done = client.post(ROUND, {"verb": "open", "agency": "all", "sure": "1"}, follow=True)
    assert "แจ้งผลเบื้องต้นแล้ว 1 หน่วยงาน" in words(done)
    assert cast.agency.name in words(client.get(f"{ROUND}?show=confirm"))
    client.post(ROUND, {"verb": "confirm", "agency": "muang", "sure": "1"})
    assert Result.objects.get(assessment=cast.assessment).data["verdicts"]["o1"] == PASS
    assert client.post(ROUND, {"verb": "other", "agency": "all"}).status_code == 404
    assert "ผลเป็นที่สุดและเข้าสู่คะแนนแล้ว" in words(client_of("officer").get(RESULT))


def test_a_refusal_names_the_agency_and_the_reason(cast: Cast, client_of: Of) -> None:
    preliminary(cast, [inspector(1)], failing=("o1",))
    said = words(client_of("assessor").post(ROUND, {"verb": "confirm", "agency": "muang", "sure": "1"}, follow=True))
    assert f"{cast.agency.name}: หน่วยงานยังดำเนินการขั้น “ชี้แจงเพิ่มเติม” ได้" in said
    assert not Result.objects.exists()


# --- the agency


def test_reasons_clarification_second_decision_and_score(cast: Cast, client_of: Of) -> None:
    rows = preliminary(cast, [inspector(1)], failing=("o1", "o2"))
    officer = client_of("officer")
    page = words(officer.get(RESULT))
    for said in ("องค์ประกอบที่ 1", "ไม่พบข้อมูลในสำเนา", "ชี้แจงข้อนี้", "ข้อที่ไม่ชี้แจงถือว่ายอมรับผล"):
        assert said in page
    assert "ชี้แจงข้อนี้" not in words(client_of("unit_owner").get(RESULT))
    assert "ไม่พบข้อมูลในสำเนา" in words(officer.get("/agencies/muang/2568/evidence/o1/"))
    assert "ไม่พบข้อมูลในสำเนา" not in words(client_of("inspector").get("/agencies/muang/2568/evidence/o1/"))
    assert "ชี้แจงได้ 2 ข้อ" in words(officer.get("/"))
    assert officer.post(CLARIFY, {"text": " "}).status_code == 409
    link = rows[0].links.get()
    assert officer.post(CLARIFY, {"text": "อยู่ท้ายหน้า", "links": [link.pk]}).status_code == 302
    assert officer.post(CLARIFY + "back/").status_code == 302
    assert "อยู่ท้ายหน้า" in words(officer.get(CLARIFY))  # what was typed is offered again
    officer.post(CLARIFY, {"text": "อยู่ท้ายหน้าเดิม", "links": [link.pk]})
    filed = Clarification.objects.get()
    second = client_of("inspector")
    assert "รอวินิจฉัยคำชี้แจง 1 เรื่อง" in words(second.get("/"))
    page = words(second.get(f"/inspection/clarifications/{filed.pk}/"))
    assert "อยู่ท้ายหน้าเดิม" in page
    assert "ไม่พบข้อมูลในสำเนา" in page
    address = f"/inspection/clarifications/{filed.pk}/"
    assert second.post(address, {"verdict": PASS}).status_code == 409
    assert second.post(address, {"verdict": PASS, "sentence": "พบข้อมูลแล้ว"}).status_code == 302
    page = words(officer.get(RESULT))
    assert "พบข้อมูลแล้ว" in page
    window(cast, StageKind.CLARIFICATION, -9, -1)
    assert "รอยืนยันผลคะแนน 1 แห่ง" in words(client_of("assessor").get("/"))
    client_of("assessor").post(ROUND, {"verb": "confirm", "agency": "all", "sure": "1"})
    verdicts = Result.objects.get(assessment=cast.assessment).data["verdicts"]
    assert (verdicts["o1"], verdicts["o2"]) == (PASS, FAIL)
    assert "ไม่พบข้อมูลในสำเนา" in words(client_of("inspector").get("/agencies/muang/2568/evidence/o2/"))


def test_who_judged_an_item_or_its_agency_decides_no_clarification(cast: Cast, client_of: Of) -> None:
    rows = preliminary(cast, [cast.inspector], failing=("o1",))
    client_of("officer").post(CLARIFY, {"text": "อยู่ท้ายหน้า"})
    address = f"/inspection/clarifications/{Clarification.objects.get().pk}/"
    assert client_of("inspector").get(address).status_code == 404
    Mark.objects.filter(evidence=rows[0]).update(inspector=inspector(7))
    assert client_of("inspector").get(address).status_code == 200
    Role.objects.create(person=cast.inspector, kind="officer", agency=cast.agency)
    assert client_of("inspector").get(address).status_code == 404
