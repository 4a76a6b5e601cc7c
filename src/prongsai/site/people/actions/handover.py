"""Handover: all roles of the one who leaves go to a successor on a day, and open tasks keep their places."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.actions._words import day_words, role_words
from prongsai.site.people.actions.accounts import sign_out_everywhere
from prongsai.site.people.actions.roles import check_administrator_stays, is_known_to
from prongsai.site.people.models import Person, Role, RoleKind


def roles_to_hand_over(person: Person, agency: Agency, on: dt.date) -> list[Role]:
    """The person's roles in the agency that reach to a day or beyond."""
    live = person.roles.filter(Q(end__isnull=True) | Q(end__gte=on), agency=agency, accepted=True)
    return list(live.select_related("unit", "agency", "person"))


@dataclass(kw_only=True)
class HandOver(Action):
    """From ``on`` the successor holds every role that ``leaving`` had in the agency, in the same places.

    ``execute`` gives the new roles. What waits for a role (a turn in the chain) waits for its place, so nothing has
    to be moved; what belongs to a unit or to the agency stays there.
    """

    leaving: Person
    successor: Person
    within: Agency
    on: dt.date
    new: bool = False  # the successor's account was made in the same step

    code = "people.handover"
    th = "{actor} ส่งมอบงานจาก {leaving} ให้ {successor} ตั้งแต่ {on}: {roles}"
    en = "{actor} handed over from {leaving} to {successor} from {on_en}: {roles_en}"

    def agency(self) -> Agency:
        """Where the roles are."""
        return self.within

    def subject(self) -> Person:
        """The one who leaves."""
        return self.leaving

    def check(self) -> None:
        """There must be roles to move, and someone else to take them."""
        if self.leaving == self.successor:
            raise refuse(
                "people.handover_self",
                "ผู้รับมอบต้องเป็นบุคคลอื่น",
                "the successor must be someone else",
                "โปรดเลือกผู้อื่น",
                "Choose someone else.",
            )
        if self.on < timezone.localdate():
            raise refuse(
                "people.handover_past",
                "วันส่งมอบผ่านไปแล้ว",
                "the day of handover has passed",
                "โปรดเลือกวันนี้หรือวันหลังจากนี้",
                "Choose today or a later day.",
            )
        self.roles = roles_to_hand_over(self.leaving, self.within, self.on)
        if not self.roles:
            raise refuse(
                "people.handover_nothing",
                "ไม่มีบทบาทที่จะส่งมอบในวันนั้น",
                "there is no role to hand over on that day",
                "โปรดตรวจวันที่และรายการบทบาท",
                "Check the day and the list of roles.",
            )
        self.known = self.new or is_known_to(self.successor, self.within, self.by)
        if not self.known:
            for role in self.roles:  # an invitation may be declined: then nobody could give roles any more
                check_administrator_stays(role, but=role.pk)

    def do(self) -> list[Role]:
        """End the old roles on the eve, and begin the same ones with the successor."""
        new = []
        for role in self.roles:
            held = self._held_already(role)
            if held is None:
                new.append(
                    Role.objects.create(
                        person=self.successor, kind=role.kind, agency=role.agency, unit=role.unit,
                        position=role.position, start=self.on, end=role.end, seat_id=role.place, accepted=self.known,
                    )
                )  # fmt: skip
            role.end = self.on - dt.timedelta(days=1)
            if role.start and role.start > role.end:
                role.start = role.end
            role.save()
        if self.on <= timezone.localdate():
            sign_out_everywhere(self.leaving)
        return new

    def _held_already(self, role: Role) -> Role | None:
        """Two officers of one agency need not become two roles of one person; a place in the chain always moves."""
        if role.kind == RoleKind.APPROVER:
            return None
        live = self.successor.roles.filter(Q(end__isnull=True) | Q(end__gte=self.on), agency=self.within, accepted=True)
        return live.filter(kind=role.kind, unit=role.unit, position=role.position, end=role.end).first()

    def facts(self) -> dict[str, Any]:
        """The day and the roles."""
        words = [role_words(role) for role in self.roles]
        return {
            **day_words("on", self.on),
            "roles": ", ".join(w["role"] for w in words),
            "roles_en": ", ".join(w["role_en"] for w in words),
        }

    def personal(self) -> dict[str, Any]:
        """Both names; of an invited stranger only the username that was typed."""
        name = self.successor.full_name if self.known else self.successor.username
        return {"leaving": self.leaving.full_name, "successor": name}
