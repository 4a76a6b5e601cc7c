"""Roles by date, delegation, handover, invitations, and the table of who may do what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from cast import Cast
from django.utils import timezone, translation

from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.access import agencies_for, holder_of, may, role_in_place, roles_of, units_for
from prongsai.site.people.actions import (
    AnswerInvitation,
    Delegate,
    EndRole,
    GiveRole,
    HandOutPassword,
    HandOver,
    Revoke,
)
from prongsai.site.people.models import Delegation, Person, Role, RoleKind
from prongsai.site.people.permissions import ALLOWED, May

DAY = dt.timedelta(days=1)
# Who may do what: one row a role, one letter a right, in the order of May: SEE DRAFTS IMPORT PLAN REPORT SUBMIT ASK
# DECIDE ACKNOWLEDGE COACH ASSESS INSPECT AGENCY ROUNDS SYSTEM INTERVIEW FIELD.
TABLE = """
officer       y y y y y y y - y - - - - - - - -
unit_owner    y y - - y - - - y - - - - - - - -
approver      y y - - - - - y y - - - - - - - -
agency_admin  y y y - - - y - y - - - y - - - -
assessor      y - y - - - - - - y y - - y - - y
supervisor    y y - - - - - - - y - - - - - - -
inspector     y - - - - - - - - - - y - - - - -
surveyor      - - - - - - - - - - - - - - - y -
system_admin  y - - - - - - - - - - - y y y - -
"""


def today() -> dt.date:
    return timezone.localdate()


def fresh(person: Person) -> Person:
    """The person as the next request sees them."""
    return Person.objects.get(pk=person.pk)


def last_words(language: str = "th") -> str:
    with translation.override(language):
        return sentence(Entry.objects.order_by("-pk")[0])


@pytest.mark.parametrize("row", TABLE.strip().splitlines(), ids=lambda row: row.split()[0])
def test_each_role_may_what_the_table_says(row: str) -> None:
    kind, *marks = row.split()
    assert len(marks) == len(May)
    assert {what for what, mark in zip(May, marks, strict=True) if mark == "y"} == ALLOWED[RoleKind(kind)]


def test_the_table_has_every_role() -> None:
    assert {row.split()[0] for row in TABLE.strip().splitlines()} == set(RoleKind.values)


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [(None, None, True), (0, None, True), (1, None, False), (None, 0, True), (None, -1, False), (-5, 5, True)],
)
def test_a_role_is_in_force_on_its_days(cast: Cast, start: int | None, end: int | None, holds: bool) -> None:
    role = cast.officer.roles.get()
    role.start = today() + start * DAY if start is not None else None
    role.end = today() + end * DAY if end is not None else None
    role.save()
    assert may(fresh(cast.officer), May.PLAN, cast.agency) is holds


def delegation(cast: Cast, start: int, end: int) -> Delegation:
    return Delegation(
        role=cast.palad.roles.get(), to=cast.head, acting="รักษาราชการแทน", start=today() + start * DAY,
        end=today() + end * DAY, reason="ลาป่วย",
    )  # fmt: skip


@pytest.mark.parametrize(("start", "end", "lends"), [(0, 0, True), (-3, 3, True), (1, 3, False)])
def test_a_delegation_lends_the_role_on_its_days_and_until_revoked(
    cast: Cast, start: int, end: int, lends: bool
) -> None:
    made = delegation(cast, start, end)
    Delegate(by=cast.palad, delegation=made).execute()
    place = cast.palad.roles.get()
    lent = role_in_place(fresh(cast.head), place)
    assert (lent is not None and lent.loan == made) is lends
    assert role_in_place(fresh(cast.palad), place) == place, "the holder keeps the role"
    Revoke(by=cast.palad, delegation=made).execute()
    assert role_in_place(fresh(cast.head), place) is None
    assert last_words() == (
        "นางประสิทธิ์ ตัวอย่าง ยกเลิกการให้ นางมานะ ตัวอย่าง รักษาราชการแทน นางประสิทธิ์ ตัวอย่าง "
        "ในบทบาทผู้พิจารณาตามสายบังคับบัญชา (ปลัดเทศบาล)"
    )


def test_a_delegation_ends_with_the_role_it_lends(cast: Cast) -> None:
    Delegate(by=cast.agency_admin, delegation=delegation(cast, 0, 5)).execute()
    EndRole(by=cast.agency_admin, role=cast.palad.roles.get(), last_day=None).execute()
    assert all(role.person != cast.palad for role in roles_of(fresh(cast.head)))


@pytest.mark.parametrize("change", ["stranger", "self", "days", "administrator", "outsider"])
def test_delegations_that_make_no_sense_are_refused(cast: Cast, change: str) -> None:
    made, by = delegation(cast, 0, 5), cast.palad
    if change == "stranger":
        made.to = cast.stranger
    elif change == "self":
        made.to = cast.palad
    elif change == "days":
        made.start, made.end = today(), today() - DAY
    elif change == "administrator":
        made.role, by = cast.agency_admin.roles.get(), cast.agency_admin
    else:
        by = cast.officer
    with pytest.raises(Refused):
        Delegate(by=by, delegation=made).execute()
    assert not Delegation.objects.exists()


def test_the_last_administrator_stays(cast: Cast) -> None:
    role = cast.agency_admin.roles.get()
    with pytest.raises(Refused, match="last administrator"):
        EndRole(by=cast.agency_admin, role=role, last_day=None).execute()
    GiveRole(by=cast.agency_admin, role=Role(person=cast.officer, kind="agency_admin", agency=cast.agency)).execute()
    EndRole(by=cast.agency_admin, role=role, last_day=None).execute()
    assert not may(fresh(cast.agency_admin), May.SEE, cast.agency)
    with pytest.raises(Refused, match="last administrator"):
        EndRole(by=cast.admin, role=cast.admin.roles.get(), last_day=today() + 9 * DAY).execute()


def test_an_administrator_whose_term_ends_does_not_count_as_staying(cast: Cast) -> None:
    Role.objects.create(person=cast.officer, kind="agency_admin", agency=cast.agency, end=today() + DAY)
    with pytest.raises(Refused, match="last administrator"):
        EndRole(by=cast.agency_admin, role=cast.agency_admin.roles.get(), last_day=None).execute()


def test_one_person_in_several_agencies_sees_both_and_only_what_each_role_gives(cast: Cast, client_of: Any) -> None:
    Role.objects.create(person=cast.officer, kind="unit_owner", agency=cast.other, accepted=True)
    person = fresh(cast.officer)
    assert set(agencies_for(person)) == {cast.agency, cast.other}
    assert may(person, May.PLAN, cast.agency)
    assert not may(person, May.PLAN, cast.other)
    client = client_of("officer")
    assert client.get("/agencies/muang/people/").status_code == 200
    assert client.get("/agencies/other/people/").status_code == 200
    page = client.get("/me/").content.decode()
    assert cast.agency.name in page
    assert cast.other.name in page


@pytest.mark.parametrize(
    ("field", "sees"), [("province", {"muang"}), ("parent", {"other"}), (None, {"muang", "other"})]
)
def test_a_supervisor_sees_a_province_a_parents_agencies_or_all(cast: Cast, field: str | None, sees: set[str]) -> None:
    role = cast.supervisor.roles.get()
    role.province = ""
    if field == "province":
        role.province = cast.agency.province
    elif field == "parent":
        cast.other.parent = type(cast.agency).objects.create(code="ministry", name="กรมตัวอย่าง")
        cast.other.save()
        role.parent = cast.other.parent
    role.save()
    codes = {agency.code for agency in agencies_for(fresh(cast.supervisor))} - {"ministry"}
    assert codes == sees
    for agency in (cast.agency, cast.other):
        assert may(fresh(cast.supervisor), May.COACH, agency) is (agency.code in sees)


# --- handover


def test_handover_moves_every_role_on_the_day_and_open_tasks_keep_their_places(planned: Cast) -> None:
    cast = planned
    place = cast.palad.roles.get()
    Role.objects.create(person=cast.palad, kind="unit_owner", agency=cast.agency, unit=cast.units[2])
    on = today() + 3 * DAY
    new = HandOver(by=cast.agency_admin, leaving=cast.palad, successor=cast.head, within=cast.agency, on=on).execute()
    assert {role.kind for role in new} == {"approver", "unit_owner"}
    assert role_in_place(fresh(cast.palad), place), "until the day, the one who leaves still acts"
    assert role_in_place(fresh(cast.head), place) is None
    assert holder_of(place).person == cast.palad
    Role.objects.filter(person=cast.palad).update(end=today() - DAY)  # the day has come
    Role.objects.filter(pk__in=[role.pk for role in new]).update(start=today())
    taken = role_in_place(fresh(cast.head), place)
    assert taken is not None
    assert taken.person == cast.head
    assert holder_of(place).person == cast.head
    assert role_in_place(fresh(cast.palad), place) is None
    assert cast.units[2] in list(units_for(fresh(cast.head), cast.agency))
    assert cast.agency.ranks.get(position="ปลัดเทศบาล").role == place, "the chain was not touched"


def test_handover_twice_keeps_the_place(cast: Cast) -> None:
    place = cast.palad.roles.get()
    for leaving, successor in ((cast.palad, cast.head), (cast.head, cast.unit_owner)):
        HandOver(by=cast.admin, leaving=leaving, successor=successor, within=cast.agency, on=today()).execute()
    assert holder_of(place).person == cast.unit_owner
    assert holder_of(Role.objects.filter(person=cast.head, position="ปลัดเทศบาล").get()).person == cast.unit_owner


def test_history_tells_the_handover_in_both_languages(cast: Cast) -> None:
    on = dt.date(2099, 10, 1)
    HandOver(by=cast.agency_admin, leaving=cast.officer, successor=cast.head, within=cast.agency, on=on).execute()
    assert last_words() == (
        "นางสุดา ตัวอย่าง ส่งมอบงานจาก นางสมหญิง ตัวอย่าง ให้ นางมานะ ตัวอย่าง ตั้งแต่ 1\u00a0ตุลาคม\u00a02642: "
        "เจ้าหน้าที่ผู้รับผิดชอบ ITA (นักวิเคราะห์นโยบายและแผน สำนักปลัดเทศบาล)"
    )
    assert "from 2099-10-01: ITA officer (" in last_words("en")
    entry = Entry.objects.order_by("-pk")[0]
    assert entry.agency == cast.agency
    assert "สมหญิง" not in str(entry.facts), "names stand in the part that can be erased"


@pytest.mark.parametrize("fault", ["self", "past", "nothing"])
def test_handovers_that_make_no_sense_are_refused(cast: Cast, fault: str) -> None:
    leaving = cast.stranger if fault == "nothing" else cast.officer
    successor = cast.officer if fault == "self" else cast.head
    on = today() - DAY if fault == "past" else today()
    with pytest.raises(Refused):
        HandOver(by=cast.agency_admin, leaving=leaving, successor=successor, within=cast.agency, on=on).execute()
    assert cast.officer.roles.get().end is None


def test_the_last_administrator_does_not_hand_over_to_someone_who_may_decline(cast: Cast) -> None:
    over = HandOver(
        by=cast.agency_admin, leaving=cast.agency_admin, successor=cast.stranger, within=cast.agency, on=today()
    )
    with pytest.raises(Refused, match="last administrator"):
        over.execute()
    HandOver(
        by=cast.agency_admin, leaving=cast.agency_admin, successor=cast.officer, within=cast.agency, on=today()
    ).execute()
    assert may(fresh(cast.officer), May.MANAGE_AGENCY, cast.agency)


# --- invitations


def invite(cast: Cast) -> Role:
    role = Role(person=cast.other_officer, kind="officer", agency=cast.agency)
    made: Role = GiveRole(by=cast.agency_admin, role=role).execute()
    return made


def test_someone_of_another_agency_is_asked_first_and_stays_a_stranger_until_then(cast: Cast, client_of: Any) -> None:
    role = invite(cast)
    assert not may(fresh(cast.other_officer), May.SEE, cast.agency)
    assert "อารี" not in last_words()
    page = client_of("agency_admin").get("/agencies/muang/people/").content.decode()
    assert "other_officer" in page
    assert "อารี" not in page
    assert "other_officer@example.test" not in page
    detail = client_of("agency_admin").get(f"/agencies/muang/people/{cast.other_officer.pk}/").content.decode()
    assert "อารี" not in detail
    assert "other_officer" not in client_of("officer").get("/agencies/muang/people/").content.decode()
    for name in ("data", "identity", "handover", "role"):
        address = f"/agencies/muang/people/{cast.other_officer.pk}/{name}/"
        assert client_of("agency_admin").get(address).status_code == 404
    answered = client_of("other_officer").post(f"/me/invitations/{role.pk}/", {"answer": "yes"})
    assert answered.status_code == 302
    assert may(fresh(cast.other_officer), May.PLAN, cast.agency)
    assert last_words().startswith("นางอารี ตัวอย่าง รับบทบาทเจ้าหน้าที่ผู้รับผิดชอบ ITA")


def test_declining_leaves_no_trace_of_the_name(cast: Cast) -> None:
    role = invite(cast)
    AnswerInvitation(by=cast.other_officer, role=role, yes=False).execute()
    assert not Role.objects.filter(agency=cast.agency, person=cast.other_officer).exists()
    assert last_words().startswith("other_officer ไม่รับบทบาท")
    with pytest.raises(Refused):
        AnswerInvitation(by=cast.stranger, role=invite(cast), yes=True).execute()


def test_an_account_that_serves_elsewhere_cannot_be_taken_over(cast: Cast) -> None:
    AnswerInvitation(by=cast.other_officer, role=invite(cast), yes=True).execute()
    with pytest.raises(Refused, match="outside the agencies"):
        HandOutPassword(by=cast.agency_admin, person=cast.other_officer, within=cast.agency).execute()
    with pytest.raises(Refused):
        HandOutPassword(by=cast.agency_admin, person=cast.admin, within=cast.agency).execute()
    assert HandOutPassword(by=cast.admin, person=cast.other_officer).execute()
    assert HandOutPassword(by=cast.agency_admin, person=cast.officer, within=cast.agency).execute()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "unit_owner"}, "needs a unit"),
        ({"kind": "approver"}, "needs a position"),
        ({"kind": "agency_admin", "start": dt.date(2026, 1, 2), "end": dt.date(2026, 1, 1)}, "ends before"),
    ],
)
def test_a_role_that_is_not_whole_is_refused(cast: Cast, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        GiveRole(by=cast.agency_admin, role=Role(person=cast.officer, agency=cast.agency, **fields)).execute()


def test_a_role_is_held_once(cast: Cast) -> None:
    again = Role(person=cast.palad, kind="approver", agency=cast.agency, position="ปลัดเทศบาล")
    with pytest.raises(Refused, match="already"):
        GiveRole(by=cast.agency_admin, role=again).execute()
