"""The pages of privacy as people use them: notices, one's own data, requests, erasure, incidents, records."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.models import Person, Role
from prongsai.site.privacy import versions as module
from prongsai.site.privacy.anonymous import NAMELESS
from prongsai.site.privacy.inventory import activities, registry, rules
from prongsai.site.privacy.models import Incident, Request, Seen
from prongsai.site.privacy.versions import audiences, in_force, versions

pytestmark = pytest.mark.django_db
Clients = Callable[[str], Client]
PAGES = (
    "/system/privacy/", "/system/privacy/records/", "/system/privacy/requests/", "/system/privacy/requests/add/",
    "/system/privacy/incidents/", "/system/privacy/incidents/add/",
)  # fmt: skip


@pytest.mark.parametrize("audience", audiences())
def test_a_changed_text_of_a_notice_is_a_new_version(audience: str) -> None:
    every = versions(audience)
    for one in every:
        assert one.words_digest() == one.digest, (
            f"notices/{audience}.yaml, version {one.number}: what was shown never changes; add a version below, with "
            "its day and this digest (a new one of the last version too, where survey/words changed)"
        )
    assert [one.day for one in every] == sorted(one.day for one in every)


def test_what_the_survey_itself_says_belongs_to_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    last = versions("respondent")[-1]
    monkeypatch.setattr(module, "survey_words", lambda _tag: type("W", (), {"texts": {"not_kept": "เก็บทุกอย่าง"}}))
    assert last.words_digest() != last.digest


def test_which_version_was_in_force_is_known() -> None:
    first = versions("officer")[0]
    assert in_force("officer", first.day) is first
    assert in_force("officer", first.day - dt.timedelta(days=400)) is first
    assert in_force("officer") is versions("officer")[-1]


def test_everybody_reads_the_notices_and_the_footer_leads_there(cast: Cast, django_assert_max_num_queries: Any) -> None:
    anyone = Client()
    assert 'href="/privacy/' in anyone.get("/results/").content.decode()
    with django_assert_max_num_queries(20):
        shown = anyone.get("/privacy/").content.decode()
    for audience in audiences():
        assert in_force(audience).title.th in shown
        page = anyone.get(f"/privacy/{audience}/")
        assert page.status_code == 200
        assert "sessionid" not in page.cookies
        english = anyone.get(f"/privacy/{audience}/?language=en").content.decode()
        assert in_force(audience).parts[0].title.en in english
    assert anyone.get("/privacy/officer/?version=1").status_code == 200
    for wrong in ("/privacy/nobody/", "/privacy/officer/?version=99", "/privacy/officer/?version=x"):
        assert anyone.get(wrong).status_code == 404


def test_a_new_notice_is_shown_once_and_a_newer_version_again(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "ประกาศความเป็นส่วนตัวฉบับใหม่"
    officer = client_of("officer")
    assert told in officer.get("/").content.decode()
    assert officer.post("/me/privacy/seen/").status_code == 302
    assert told not in officer.get("/").content.decode()
    assert told not in client_of("officer").get("/").content.decode()
    assert [(one.audience, one.version) for one in Seen.objects.filter(person=cast.officer)] == [("officer", 1)]
    assert "รับทราบประกาศ" in sentence(Entry.objects.get(action="privacy.seen"))
    newer = module.Version(**{**vars(versions("officer")[-1]), "number": 2})
    monkeypatch.setattr(module, "in_force", lambda _audience, _day=None: newer)
    assert told in client_of("officer").get("/").content.decode()


def test_inspectors_and_surveyors_have_a_notice_of_their_own(cast: Cast) -> None:
    assert module.unseen(cast.inspector) == ["inspector"]
    assert module.unseen(cast.chief) == ["officer"]
    Role.objects.create(person=cast.inspector, kind="officer", agency=cast.agency)
    assert module.unseen(cast.inspector) == ["inspector", "officer"]


def test_a_person_gets_a_copy_and_asks(planned: Cast, client_of: Clients, django_assert_max_num_queries: Any) -> None:
    officer = client_of("officer")
    answer = officer.post("/me/privacy/copy/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as packed:
        assert planned.officer.email in packed.read("data.json").decode()
    assert "จัดทำสำเนาข้อมูล" in sentence(Entry.objects.get(action="privacy.copy"))
    said = officer.post("/me/privacy/", {"kind": "erasure", "words": "<b>ขอลบ</b>"}, follow=True).content.decode()
    assert "&lt;b&gt;" not in said
    assert "รับคำขอแล้ว" in said
    again = officer.post("/me/privacy/", {"kind": "erasure"})
    assert again.status_code == 422 or "มีคำขอประเภทนี้ที่รอดำเนินการอยู่แล้ว" in again.content.decode()
    assert Request.objects.filter(person=planned.officer).count() == 1
    assert officer.post("/me/privacy/", {"kind": "everything"}).status_code == 422


def test_an_administrator_looks_first_and_then_erases(planned: Cast, client_of: Clients) -> None:
    admin, whom = client_of("admin"), planned.other_officer
    address = f"/system/people/{whom.pk}/privacy/"
    refused = admin.post(address, {"more": "", "sure": "on"}).content.decode()
    assert "ยังมีบทบาท" in refused
    Role.objects.filter(person=whom).update(end=timezone.localdate() - dt.timedelta(days=1))
    planned.assessment.contact = f"{whom.given_name} {whom.family_name}"
    planned.assessment.save()
    looked = admin.post(address, {"more": ""}).content.decode()
    assert "rounds.Assessment.contact" in looked
    assert Person.objects.get(pk=whom.pk).given_name != NAMELESS, "without the tick nothing is erased"
    done = admin.post(address, {"more": "", "sure": "on"})
    assert done.status_code == 200
    assert "ลบข้อมูลของบัญชีเลขที่" in done.content.decode()
    assert Person.objects.get(pk=whom.pk).given_name == NAMELESS
    planned.assessment.refresh_from_db()
    assert planned.assessment.contact == "…"
    assert "ไม่ระบุตัวบุคคลแล้ว" in admin.get(address).content.decode()


def test_a_request_on_paper_has_a_due_day_and_an_answer(cast: Cast, client_of: Clients) -> None:
    admin, today = client_of("admin"), timezone.localdate()
    day = {"received_day": str(today.day), "received_month": str(today.month), "received_year": str(today.year + 543)}
    form = {"kind": "access", "name": "นางนอก ระบบ", "contact": "ตู้ ปณ. 1", "words": "", **day}
    assert admin.post("/system/privacy/requests/add/", form).status_code == 302
    asked = Request.objects.get()
    assert asked.due == today + dt.timedelta(days=30)
    assert (
        admin.post("/system/privacy/requests/add/", {**form, "received_year": str(today.year + 544)}).status_code == 422
    )
    page = admin.get(f"/system/privacy/requests/{asked.pk}/").content.decode()
    assert "นางนอก ระบบ" in page
    refused = admin.post(f"/system/privacy/requests/{asked.pk}/", {"done": "no", "answer": ""}).content.decode()
    assert "การปฏิเสธต้องมีเหตุผล" in refused
    admin.post(f"/system/privacy/requests/{asked.pk}/", {"done": "yes", "answer": "ส่งแล้ว"})
    assert Request.objects.get().state == "done"
    Request.objects.create(kind="access", name="x", received=today, due=today - dt.timedelta(days=1))
    assert "เลยกำหนด" in admin.get("/system/privacy/requests/").content.decode()


def test_the_clock_of_an_incident_runs_for_72_hours(cast: Cast, client_of: Clients) -> None:
    admin, now = client_of("admin"), timezone.localtime()
    known = now - dt.timedelta(hours=50)
    form = {
        "title": "ส่งอีเมลผิดคน", "what": "ไฟล์หนึ่งฉบับ", "risk": "unknown", "measures": "",
        "known_on_day": str(known.day), "known_on_month": str(known.month), "known_on_year": str(known.year + 543),
        "known_time": f"{known:%H:%M}",
    }  # fmt: skip
    assert admin.post("/system/privacy/incidents/add/", form).status_code == 302
    leak = Incident.objects.get()
    assert leak.clock_open
    assert leak.hours_left in (21, 22)
    assert "เหลือ 2" in admin.get("/system/privacy/").content.decode()
    address = f"/system/privacy/incidents/{leak.pk}/"
    assert "ยังปิดเหตุไม่ได้" in admin.post(address, {**form, "over": "on"}).content.decode()
    assert Incident.objects.get().closed_at is None
    assert "โปรดกรอกทั้งวันและเวลา" in admin.post(address, {**form, "told_time": "10:00"}).content.decode()
    Incident.objects.update(known_at=now - dt.timedelta(hours=80))
    assert "เลย 72 ชั่วโมงแล้ว" in admin.get("/system/privacy/").content.decode()
    assert admin.post(address, {**form, "risk": "none", "over": "on"}).status_code == 302
    assert Incident.objects.get().closed_at is not None
    assert "ชั่วโมงจาก 72" not in admin.get("/system/privacy/").content.decode()


def test_the_records_of_processing_have_every_activity_and_field(cast: Cast, client_of: Clients) -> None:
    admin = client_of("admin")
    page = admin.get("/system/privacy/records/").content.decode()
    book = load_workbook(io.BytesIO(admin.get("/system/privacy/records.xlsx").content))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value)
    for activity in activities().values():
        assert activity.words.th in page
        assert activity.words.th in cells
    for one in registry():
        for shown in (page, cells):
            assert one.model in shown
            assert one.field in shown
    for rule in rules().values():
        assert rule.words.th in cells
    assert "รอผู้เชี่ยวชาญยืนยัน" in page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_little_of_the_database(
    address: str, cast: Cast, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    today = timezone.localdate()
    Request.objects.bulk_create(
        Request(kind="access", person=cast.officer, received=today, due=today) for _ in range(60)
    )
    admin = client_of("admin")
    admin.get("/")
    with django_assert_max_num_queries(30 if address == "/system/privacy/" else 20):
        assert admin.get(address).status_code == 200


def test_the_worker_command_and_the_page_of_rules(cast: Cast, client_of: Clients) -> None:
    call_command("work", "--once")
    page = client_of("admin").get("/system/privacy/").content.decode()
    for rule in rules().values():
        assert f"<code>{rule.name}</code>" in page
