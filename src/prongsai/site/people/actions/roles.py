"""Roles are given for a time and end; they are never deleted, so that history can be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import may
from prongsai.site.people.actions._words import day_words, role_words
from prongsai.site.people.actions.accounts import sign_out_everywhere
from prongsai.site.people.models import Person, Role, RoleKind, now_in_force
from prongsai.site.people.permissions import May

OF_AN_AGENCY = (RoleKind.OFFICER, RoleKind.UNIT_OWNER, RoleKind.APPROVER, RoleKind.AGENCY_ADMIN)
OF_MANY = (RoleKind.ASSESSOR, RoleKind.SUPERVISOR, RoleKind.INSPECTOR, RoleKind.SURVEYOR, RoleKind.SYSTEM_ADMIN)


def is_known_to(person: Person, agency: Agency | None, by: Person | None) -> bool:
    """Whether a person may be given a role without being asked: no stranger to the agency, or by the system."""
    if agency is None or by is None or may(by, May.MANAGE_SYSTEM):
        return True
    return person.roles.filter(agency=agency, accepted=True).exists()


@dataclass(kw_only=True)
class _OfRole(Action):
    role: Role

    def agency(self) -> Agency | None:
        """The role's agency."""
        return self.role.agency

    def subject(self) -> Role:
        """The role."""
        return self.role

    def facts(self) -> dict[str, Any]:
        """Which role, and its days."""
        return {**role_words(self.role), **day_words("start", self.role.start), **day_words("end", self.role.end)}

    def personal(self) -> dict[str, Any]:
        """Whose: the name, or for someone who has not yet said yes only the username that was typed."""
        return {"person": self.role.person.full_name if self.role.accepted else self.role.person.username}


@dataclass(kw_only=True)
class GiveRole(_OfRole):
    """A role (not yet saved) for a person. ``new``: the account was made in the same step; anyone else who is a
    stranger to the agency is invited and must accept first.
    """

    new: bool = False

    code = "people.role_give"
    th = "{actor} มอบบทบาท{role} ให้ {person} ตั้งแต่ {start}"
    en = "{actor} gave {person} the role {role_en} from {start_en}"

    def check(self) -> None:
        """The role must be whole, its days in order, and not held already."""
        role = self.role
        if role.start and role.end and role.end < role.start:
            raise refuse(
                "people.role_days",
                "วันสิ้นสุดอยู่ก่อนวันเริ่ม",
                "the role ends before it begins",
                "โปรดแก้วันที่",
                "Correct the dates.",
            )
        if role.kind == RoleKind.UNIT_OWNER and role.unit is None:
            raise refuse(
                "people.role_unit",
                "ผู้รับผิดชอบของส่วนราชการต้องระบุส่วนราชการ",
                "a unit owner needs a unit",
                "โปรดเลือกส่วนราชการ",
                "Choose a unit.",
            )
        if role.kind == RoleKind.APPROVER and not role.position:
            raise refuse(
                "people.role_position",
                "ผู้พิจารณาต้องระบุตำแหน่ง",
                "an approver needs a position",
                "โปรดกรอกตำแหน่ง",
                "Fill in the post.",
            )
        same = Role.objects.filter(
            Q(end__isnull=True) | Q(end__gte=role.start or timezone.localdate()),
            person=role.person, kind=role.kind, agency=role.agency, unit=role.unit, position=role.position,
            province=role.province, parent=role.parent,
        )  # fmt: skip
        if same.exists():
            raise refuse(
                "people.role_held",
                "บุคคลนี้มีบทบาทนี้อยู่แล้ว",
                "the person holds this role already",
                "โปรดตรวจรายการบทบาท",
                "Check the list of roles.",
            )

    def do(self) -> Role:
        """Save it. An invitation has a day, from which it is counted how long it may wait for an answer."""
        self.role.accepted = self.new or is_known_to(self.role.person, self.role.agency, self.by)
        if not self.role.accepted:
            self.role.start = self.role.start or timezone.localdate()
        self.role.save()
        return self.role


@dataclass(kw_only=True)
class EndRole(_OfRole):
    """The role's last day. None ends it at once (its last day was yesterday)."""

    last_day: dt.date | None

    code = "people.role_end"
    th = "{actor} ให้บทบาท{role} ของ {person} สิ้นสุด มีผลถึงวันที่ {end}"
    en = "{actor} ended the role {role_en} of {person}; last day {end_en}"

    def check(self) -> None:
        """Somebody must stay who can give roles; and a role that has ended has ended."""
        today = timezone.localdate()
        if self.role.end and self.role.end < today:
            raise refuse(
                "people.role_over", "บทบาทนี้สิ้นสุดแล้ว", "this role has ended already", "โปรดดูประวัติ", "See the history."
            )
        check_administrator_stays(self.role, but=self.role.pk)

    def do(self) -> None:
        """Set the day; an invitation nobody accepted is taken back."""
        if not self.role.accepted:
            self.role.delete()
            return
        self.role.end = self.last_day or timezone.localdate() - dt.timedelta(days=1)
        if self.role.start and self.role.start > self.role.end:
            self.role.start = self.role.end
        self.role.save()
        if self.role.end < timezone.localdate():  # later the day itself ends it: roles are asked for at every request
            sign_out_everywhere(self.role.person)


def check_administrator_stays(role: Role, but: int) -> None:
    """Raise ``Refused`` if ``role`` is the last one by which an agency, or the system, can be administered."""
    if role.kind not in (RoleKind.AGENCY_ADMIN, RoleKind.SYSTEM_ADMIN) or not role.accepted:
        return
    others = Role.objects.select_for_update().filter(
        now_in_force(timezone.localdate()),
        kind=role.kind, agency=role.agency, end__isnull=True, person__is_active=True,
    )  # fmt: skip
    if not others.exclude(pk=but).exists():
        raise refuse(
            "people.last_administrator",
            "เป็นผู้ดูแลระบบคนสุดท้าย หากสิ้นสุดบทบาทนี้จะไม่มีผู้ใดให้สิทธิได้",
            "this is the last administrator; nobody could give roles any more",
            "โปรดมอบบทบาทผู้ดูแลระบบให้ผู้อื่นก่อน หรือใช้ “ส่งมอบงาน”",
            "Make someone else administrator first, or use “Hand over”.",
        )


@dataclass(kw_only=True)
class AnswerInvitation(_OfRole):
    """The invited person says yes, or no (then the role is gone)."""

    yes: bool

    code = "people.invitation_answered"
    th = "{person} {answer}บทบาท{role}"
    en = "{person} {answer_en} the role {role_en}"

    def check(self) -> None:
        """Only the invited person, once."""
        if self.role.person_id != getattr(self.by, "pk", None) or self.role.accepted:
            raise refuse(
                "people.no_invitation",
                "ไม่มีคำเชิญนี้แล้ว",
                "there is no such invitation any more",
                "โปรดดูหน้าบัญชีของฉัน",
                "See the page “My account”.",
            )

    def do(self) -> None:
        """Accept or remove."""
        self.who = self.role.person.full_name if self.yes else self.role.person.username
        if self.yes:
            self.role.accepted = True
            self.role.save(update_fields=["accepted"])
        else:
            Role.objects.filter(pk=self.role.pk).delete()

    def facts(self) -> dict[str, Any]:
        """The role and the answer."""
        return {
            **super().facts(),
            "answer": "รับ" if self.yes else "ไม่รับ",
            "answer_en": "accepted" if self.yes else "declined",
        }

    def personal(self) -> dict[str, Any]:
        """Who answered; whoever declines stays a stranger to the agency."""
        return {"person": self.who, "actor": self.who}
