"""For a period, someone acts in another's place (รักษาราชการแทน, ปฏิบัติราชการแทน, ปฏิบัติหน้าที่)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import may
from prongsai.site.people.actions._words import day_words, role_words
from prongsai.site.people.models import Delegation, RoleKind, now_in_force
from prongsai.site.people.permissions import May

LENDABLE = (RoleKind.OFFICER, RoleKind.UNIT_OWNER, RoleKind.APPROVER)  # whoever gives rights does not lend that


@dataclass(kw_only=True)
class _OfDelegation(Action):
    delegation: Delegation

    def agency(self) -> Agency | None:
        """The role's agency."""
        return self.delegation.role.agency

    def subject(self) -> Delegation:
        """The delegation."""
        return self.delegation

    def check(self) -> None:
        """By the holder of the role or the agency's administrator."""
        role = self.delegation.role
        assert self.by is not None
        if role.person_id != self.by.pk and not (role.agency and may(self.by, May.MANAGE_AGENCY, role.agency)):
            raise refuse(
                "people.delegation_not_yours",
                "เฉพาะผู้ดำรงตำแหน่งหรือผู้ดูแลระบบของหน่วยงานเท่านั้น",
                "only the holder of the role or the agency's administrator may do this",
            )

    def facts(self) -> dict[str, Any]:
        """Role, form and days."""
        one = self.delegation
        return {
            **role_words(one.role), **day_words("start", one.start), **day_words("end", one.end), "acting": one.acting
        }  # fmt: skip

    def personal(self) -> dict[str, Any]:
        """Both names and the reason."""
        one = self.delegation
        return {"holder": one.role.person.full_name, "to": one.to.full_name, "reason": one.reason or "–"}


@dataclass(kw_only=True)
class Delegate(_OfDelegation):
    """A delegation (not yet saved)."""

    code = "people.delegate"
    th = "{actor} ให้ {to} {acting} {holder} ในบทบาท{role} ตั้งแต่ {start} ถึง {end} (เหตุผล: {reason})"
    en = "{actor} let {to} act for {holder} as {role_en} ({acting}) from {start_en} to {end_en} (reason: {reason})"

    def check(self) -> None:
        """To someone else of the same agency, for a period that makes sense."""
        super().check()
        one, today = self.delegation, timezone.localdate()
        if one.role.kind not in LENDABLE:
            raise refuse(
                "people.delegation_kind",
                "บทบาทนี้มอบหมายแทนกันไม่ได้",
                "this role cannot be delegated",
                "โปรดให้ผู้ดูแลระบบเพิ่มบทบาทแทน",
                "Ask the administrator to give a role instead.",
            )
        if one.role.end and one.role.end < today:
            raise refuse(
                "people.role_over",
                "บทบาทนี้สิ้นสุดแล้ว",
                "this role has ended already",
                "โปรดเลือกบทบาทอื่น",
                "Choose another role.",
            )
        if one.to_id == one.role.person_id:
            raise refuse(
                "people.delegation_self",
                "ผู้รับมอบต้องเป็นบุคคลอื่น",
                "the deputy must be someone else",
                "โปรดเลือกผู้อื่น",
                "Choose someone else.",
            )
        if not one.to.roles.filter(now_in_force(today), agency=one.role.agency).exists():
            raise refuse(
                "people.delegation_stranger",
                "ผู้รับมอบต้องมีบทบาทในหน่วยงานนี้",
                "the deputy must have a role in this agency",
                "โปรดให้ผู้ดูแลระบบเพิ่มบุคคลก่อน",
                "Ask the administrator to add the person first.",
            )
        if one.end < one.start or one.end < today:
            raise refuse(
                "people.delegation_days",
                "ช่วงวันที่ไม่ถูกต้อง หรือผ่านไปแล้ว",
                "the period is not in order or has passed",
                "โปรดแก้วันที่",
                "Correct the dates.",
            )

    def do(self) -> Delegation:
        """Save it."""
        self.delegation.save()
        return self.delegation


@dataclass(kw_only=True)
class Revoke(_OfDelegation):
    """The delegation ends now."""

    code = "people.delegation_revoked"
    th = "{actor} ยกเลิกการให้ {to} {acting} {holder} ในบทบาท{role}"
    en = "{actor} revoked that {to} acts for {holder} as {role_en}"

    def check(self) -> None:
        """Only once."""
        super().check()
        if self.delegation.revoked:
            raise refuse("people.delegation_over", "ยกเลิกไปแล้ว", "it has been revoked already")

    def do(self) -> None:
        """Revoke it."""
        self.delegation.revoked = True
        self.delegation.save(update_fields=["revoked"])
