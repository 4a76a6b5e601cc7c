"""The rights of the system's administrator: for a reason, for an hour, in one session, and in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from all_addresses import all_addresses
from cast import PASSWORD, Cast, with_a_reason
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from doors import DOORS
from signing_in import is_in, sign_in, words

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.access import agencies_for, may
from prongsai.site.people.actions import EndRole
from prongsai.site.people.actions.administration import end_overdue
from prongsai.site.people.models import Administration, Person, Role, RoleKind, Session
from prongsai.site.people.permissions import May

PAGE = "/system/administration/"
WHY = "ตรวจคำขอเปลี่ยนผู้ดูแล ตามหนังสือ นฐ 0023/145"


@pytest.fixture(autouse=True)
def nobody_says_why_for_the_administrator() -> Iterator[None]:
    user_logged_in.disconnect(dispatch_uid="tests")
    cache.clear()
    yield
    user_logged_in.connect(with_a_reason, dispatch_uid="tests")


def begin(client: Client, reason: str = WHY, **more: str) -> Any:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client.post(PAGE, {"reason": reason, **more})


def last() -> str:
    return sentence(Entry.objects.order_by("-pk")[0])


def test_at_rest_the_administrators_pages_ask_for_a_reason(cast: Cast) -> None:
    """Every address that the administrator's role alone opens."""
    only = {
        door.name: door for door in DOORS if "admin" in door.passes and "stranger" not in door.passes
        and not door.name.startswith("administration")
    }  # fmt: skip
    assert len(only) > 40
    client = sign_in("admin")
    addresses = dict(all_addresses())
    for name in (
        "system_agencies",
        "system_people",
        "system_agency_add",
        "jobs",
        "exchange_import",
        "agency",
        "people",
    ):
        answer = client.get(addresses[name])
        assert answer.status_code == 302, name
        assert answer.get("Location", "").startswith(f"{PAGE}?next=%2F"), name
    opened = []
    for name, door in only.items():
        answer = getattr(client, door.method)(addresses[name])
        if answer.status_code not in (302, 403, 404, 405):
            opened.append((name, answer.status_code))
    assert opened == []
    assert not agencies_at_rest(client)


def agencies_at_rest(client: Client) -> int:
    return words(client.get("/agencies/")).count("เทศบาลเมืองตัวอย่าง")


def test_an_hour_begins_with_a_reason_and_shows_in_the_frame(cast: Cast) -> None:
    client = sign_in("admin")
    page = words(client.get("/"))
    assert "สิทธิผู้ดูแลระบบกลางพักอยู่" in page
    assert client.get(PAGE).get("Location", "").startswith("/accounts/reauthenticate/"), (
        "an unlocked screen is not enough"
    )
    done = begin(client, next="/system/people/")
    assert (done.status_code, done["Location"]) == (302, "/system/people/")
    page = words(client.get("/system/people/"))
    assert "เหลือ 60 นาที" in page
    assert WHY in page
    assert last() == f"นางระบบ ตัวอย่าง เริ่มใช้สิทธิผู้ดูแลระบบกลาง ไม่เกิน 60 นาที เหตุผล: {WHY}"
    assert agencies_at_rest(client)


@pytest.mark.parametrize("reason", ["", "   ", "งาน", "          x"])
def test_a_reason_must_say_something(cast: Cast, reason: str) -> None:
    client = sign_in("admin")
    assert begin(client, reason).status_code == 422
    assert client.get("/system/people/").status_code == 302
    assert not Administration.objects.exists()


def test_it_is_ended_by_a_button(cast: Cast) -> None:
    client = sign_in("admin")
    begin(client)
    assert client.get("/system/administration/end/").status_code == 405
    assert client.post("/system/administration/end/").status_code == 302
    assert client.get("/system/people/").status_code == 302
    assert last().startswith("นางระบบ ตัวอย่าง สิ้นสุดการใช้สิทธิผู้ดูแลระบบกลาง (ผู้ใช้สั่งสิ้นสุด) หลังใช้ 0 นาที เหตุผลที่แจ้งไว้: ตรวจคำขอ")


def test_it_is_over_after_its_hour(cast: Cast) -> None:
    client = sign_in("admin")
    begin(client)
    earlier = timezone.now() - dt.timedelta(hours=1, seconds=1)
    Administration.objects.update(begun=earlier, until=earlier + dt.timedelta(hours=1))
    assert client.get("/system/people/").get("Location", "").startswith(PAGE)
    assert "(ครบเวลา) หลังใช้ 60 นาที" in last()


def test_what_was_typed_when_it_ended_is_kept(cast: Cast) -> None:
    client = sign_in("admin")
    begin(client)
    Administration.objects.update(until=timezone.now())
    lost = client.post("/system/agencies/add/", {"name": "เทศบาลตำบลใหม่"})
    assert lost.status_code == 403
    assert "เทศบาลตำบลใหม่" in words(lost)
    assert "เริ่มใช้สิทธิในแท็บใหม่" in words(lost)


def test_another_session_of_the_same_person_has_no_part_in_it(cast: Cast) -> None:
    client, thief = sign_in("admin"), sign_in("admin")
    begin(client)
    assert client.get("/system/people/").status_code == 200
    assert thief.get("/system/people/").status_code == 302


def test_signing_out_ends_it(cast: Cast) -> None:
    client = sign_in("admin")
    begin(client)
    client.post("/accounts/logout/")
    assert not Administration.objects.exists()
    assert "(ออกจากระบบ หรือการเข้าสู่ระบบสิ้นสุด)" in last()


def test_the_end_of_the_role_ends_it_and_the_session(cast: Cast) -> None:
    Role.objects.create(person=cast.stranger, kind=RoleKind.SYSTEM_ADMIN)
    client = sign_in("admin")
    begin(client)
    EndRole(by=cast.stranger, role=cast.admin.roles.get(), last_day=None).execute()
    assert not Administration.objects.exists()
    assert not is_in(client)


def test_what_nobody_ended_is_ended_by_the_hourly_jobs(cast: Cast) -> None:
    client = sign_in("admin")
    begin(client)
    assert end_overdue() == 0
    Administration.objects.update(until=timezone.now())
    Session.objects.all().delete()  # the browser is gone
    assert end_overdue() == 1
    assert "(ครบเวลา)" in last()


def test_nobody_else_begins(cast: Cast) -> None:
    for member in ("chief", "agency_admin", "assessor"):
        client = sign_in(member)
        assert client.get(PAGE).status_code == 404
        assert begin(client).status_code == 404
    assert not Administration.objects.exists()


def test_other_roles_of_an_administrator_do_not_rest(cast: Cast) -> None:
    Role.objects.create(person=cast.admin, kind=RoleKind.OFFICER, agency=cast.other)
    client = sign_in("admin")
    assert client.get("/agencies/other/").status_code == 200
    assert client.get("/agencies/muang/").status_code == 302


def test_what_rests_is_refused_to_every_question(cast: Cast) -> None:
    person = Person.objects.get(pk=cast.admin.pk)
    assert may(person, May.MANAGE_SYSTEM)
    person.at_rest = True
    assert not any(may(person, what, cast.agency) or may(person, what) for what in May)
    assert not agencies_for(person)


def test_the_page_wanted_is_one_of_ours(cast: Cast) -> None:
    client = sign_in("admin")
    for elsewhere in ("https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)", "\\\\elsewhere.test"):
        done = begin(client, next=elsewhere)
        assert done["Location"] == "/", elsewhere
        client.post("/system/administration/end/")
