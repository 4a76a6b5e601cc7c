"""Requests from arrival to answer: who hears of them, how they are taken back, and how someone is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone

from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.notices.due import remind
from prongsai.site.notices.models import Notice
from prongsai.site.people.models import Person, Role
from prongsai.site.privacy.actions import AnswerRequest, AskRequest, WithdrawRequest
from prongsai.site.privacy.models import Incident, Request, RequestKind

pytestmark = pytest.mark.django_db
Clients = Callable[[str], Client]


def asks(person: Person, kind: RequestKind = RequestKind.ERASURE) -> Request:
    made: Request = AskRequest(by=person, kind=kind, person=person, words=f"ขอของ {person.full_name}").execute()
    return made


def told(person: Person, about: str) -> list[Notice]:
    return list(Notice.objects.filter(to=person, key__startswith=about).order_by("pk"))


def test_administrators_hear_of_a_request_and_again_when_its_day_is_near(cast: Cast) -> None:
    asked = asks(cast.officer)
    for _ in range(2):
        remind()
    (first,) = told(cast.admin, "privacy:request:")
    assert first.link.endswith(f"/system/privacy/requests/{asked.pk}/")
    assert cast.officer.family_name not in first.subject + first.text, "a message names nobody"
    assert not told(cast.officer, "privacy:request:")
    assert not told(cast.admin, "privacy:request-due:")
    Request.objects.update(due=timezone.localdate() + dt.timedelta(days=7))
    remind()
    assert len(told(cast.admin, "privacy:request-due:")) == 1
    Request.objects.update(state="done")
    Notice.objects.all().delete()
    remind()
    assert not told(cast.admin, "privacy:request")


def test_administrators_hear_of_an_incident_whose_clock_runs_out(cast: Cast) -> None:
    now = timezone.now()
    late = Incident.objects.create(title="นายสมชายส่งผิด", what="x", known_at=now - dt.timedelta(hours=50))
    Incident.objects.create(title="ใหม่", what="x", known_at=now - dt.timedelta(hours=1))
    Incident.objects.create(title="ไม่เสี่ยง", what="x", known_at=now - dt.timedelta(hours=50), risk="none")
    remind()
    (one,) = told(cast.admin, "privacy:incident:")
    assert one.link.endswith(f"/system/privacy/incidents/{late.pk}/")
    assert "สมชาย" not in one.subject + one.text


def test_who_asked_is_told_of_the_answer(cast: Cast) -> None:
    AnswerRequest(by=cast.admin, request=asks(cast.officer), done=False, answer="มีหนังสือลงนามแล้ว").execute()
    (one,) = told(cast.officer, "privacy:answer:")
    assert one.link == "/me/privacy/"
    assert "มีหนังสือ" not in one.text, "the answer is read after signing in"


def test_a_request_is_taken_back_while_nobody_has_answered(cast: Cast, client_of: Clients) -> None:
    asked = asks(cast.officer)
    mine = client_of("officer")
    assert "ถอนคำขอ" in mine.get("/me/privacy/").content.decode()
    assert client_of("palad").post(f"/me/privacy/requests/{asked.pk}/withdraw/").status_code == 404
    assert mine.post(f"/me/privacy/requests/{asked.pk}/withdraw/").status_code == 302
    assert not Request.objects.exists()
    assert "ถอนคำขอ" in sentence(Entry.objects.get(action="privacy.withdraw"))
    again = asks(cast.officer)
    AnswerRequest(by=cast.admin, request=again, done=True, answer="").execute()
    with pytest.raises(Refused):
        WithdrawRequest(by=cast.officer, request=Request.objects.get(pk=again.pk)).execute()
    with pytest.raises(Refused):
        WithdrawRequest(by=cast.palad, request=asks(cast.officer)).execute()


def test_a_letter_of_somebody_with_an_account_is_about_the_account(cast: Cast, client_of: Clients) -> None:
    admin, today = client_of("admin"), timezone.localdate()
    day = {"received_day": str(today.day), "received_month": str(today.month), "received_year": str(today.year + 543)}
    form = {"kind": "erasure", "name": "นางสมหญิง", "contact": "ตู้ ปณ. 9", "words": "", "username": " OFFICER ", **day}
    unknown = admin.post("/system/privacy/requests/add/", {**form, "username": "nobody"})
    assert unknown.status_code == 422
    assert "ไม่พบบัญชี" in unknown.content.decode()
    assert admin.post("/system/privacy/requests/add/", form).status_code == 302
    asked = Request.objects.get()
    assert asked.person == cast.officer
    page = admin.get(f"/system/privacy/requests/{asked.pk}/").content.decode()
    assert f"/system/people/{cast.officer.pk}/privacy/" in page
    assert "ตู้ ปณ. 9" in page


def test_the_page_of_a_person_leads_to_copy_and_erasure(cast: Cast, client_of: Clients) -> None:
    address = f"/system/people/{cast.officer.pk}/"
    assert f'href="{address}privacy/"' in client_of("admin").get(address).content.decode()
    inside = client_of("agency_admin").get(f"/agencies/{cast.agency.code}/people/{cast.officer.pk}/")
    assert inside.status_code == 200
    assert "/privacy/" not in inside.content.decode().partition("<main")[2].partition("</main>")[0]


def test_open_ones_stand_first_in_both_registers(cast: Cast, client_of: Clients) -> None:
    today, now = timezone.localdate(), timezone.now()
    for name, answered in (("ตอบแล้ว", now), ("ยังไม่ตอบ", None)):
        Request.objects.create(kind="access", name=name, received=today, due=today, answered_at=answered)
        Incident.objects.create(title=name, what="x", known_at=now, closed_at=answered)
    for address in ("/system/privacy/requests/", "/system/privacy/incidents/"):
        page = client_of("admin").get(address).content.decode()
        assert page.index("ยังไม่ตอบ") < page.index("ตอบแล้ว"), address


def test_who_erases_is_told_of_namesakes_and_of_words_too_short(cast: Cast, client_of: Clients) -> None:
    admin, today = client_of("admin"), timezone.localdate()
    whom = cast.other_officer
    Role.objects.filter(person=whom).update(end=today - dt.timedelta(days=1))
    address = f"/system/people/{whom.pk}/privacy/"
    assert "ชื่อและนามสกุลเดียวกัน" not in admin.get(address).content.decode()
    Person.objects.create(username="twin", given_name=whom.given_name, family_name=whom.family_name)
    assert "ชื่อและนามสกุลเดียวกัน" in admin.get(address).content.decode()
    short = admin.post(address, {"more": "นก", "sure": "on"})
    assert short.status_code == 422
    assert "นก" in short.content.decode()
    assert "สั้นเกินไป" in short.content.decode()
    Person.objects.filter(pk=whom.pk).update(email="leaving@example.test", phone="081 000 1111")
    done = admin.post(address, {"more": "", "sure": "on"}).content.decode()
    for way in ("leaving@example.test", "081 000 1111", whom.family_name):
        assert way in done, "how to tell the person is shown this once: it is gone from everywhere else"
    assert "ชื่อและนามสกุลเดียวกัน" in done


@pytest.mark.parametrize("typed", ["14:05", "14.05", "๑๔.๐๕", "๑๔:๐๕ น.", "14.05 น."])
def test_a_time_is_taken_as_it_is_written_in_thai(cast: Cast, client_of: Clients, typed: str) -> None:
    day = timezone.localdate() - dt.timedelta(days=1)
    form = {
        "title": "x", "what": "x", "risk": "none", "measures": "", "known_on_day": str(day.day),
        "known_on_month": str(day.month), "known_on_year": str(day.year + 543), "known_time": typed,
    }  # fmt: skip
    assert client_of("admin").post("/system/privacy/incidents/add/", form).status_code == 302
    assert timezone.localtime(Incident.objects.get().known_at).strftime("%H:%M") == "14:05"
