"""What changes tokens: making one, revoking one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.api.models import Token
from prongsai.site.api.tokens import LONGEST, digest_of, hint_of, new_key, scope_names, scopes_for
from prongsai.site.history.action import Action, refuse
from prongsai.thai.dates import long_date

MOST = 50  # in force at once, of one agency


@dataclass(kw_only=True)
class MakeToken(Action):
    """A key for one of the agency's systems. ``execute`` gives the token and its key, which is kept nowhere."""

    of: Agency
    name: str
    scopes: list[str]
    expires: dt.date
    made: Token | None = field(default=None, init=False)

    code = "api.token_made"
    th = "{actor} ออกโทเคน “{name}” ({hint}…) ให้ระบบของหน่วยงาน: {scopes} ใช้ได้ถึง {expires}"
    en = "{actor} made the token “{name}” ({hint}…) for a system of the agency: {scopes_en}, until {expires_en}"

    def agency(self) -> Agency:
        """Whose system."""
        return self.of

    def subject(self) -> Token | None:
        """The token."""
        return self.made

    def check(self) -> None:
        """No more than its maker may do, for a time, under a name of its own."""
        assert self.by is not None
        today = timezone.localdate()
        if set(self.scopes) - set(scopes_for(self.by, self.of)):
            raise refuse(
                "token.beyond_you",
                "โทเคนทำได้ไม่เกินสิทธิของผู้ออก และท่านยังไม่มีสิทธิบางรายการที่เลือก",
                "a token can do no more than who makes it, and you may not do all of what you chose",
                "โปรดเลือกเฉพาะรายการที่ท่านทำได้ หรือรับบทบาทเจ้าหน้าที่ผู้รับผิดชอบ ITA ก่อน",
                "Choose only what you may do, or be given the role of ITA officer first.",
            )
        if not today <= self.expires <= today + LONGEST:
            raise refuse(
                "token.expiry",
                "วันหมดอายุต้องไม่ผ่านไปแล้วและไม่เกิน 2 ปี",
                "the last day must not have passed and lie within two years",
                "โปรดแก้วันหมดอายุ",
                "Correct the last day.",
            )
        live = self.of.tokens.filter(revoked_at=None, expires__gte=today)
        if live.filter(name=self.name).exists():
            raise refuse(
                "token.name_taken",
                "มีโทเคนชื่อนี้ที่ยังใช้ได้อยู่",
                "a token of this name is in force",
                "โปรดตั้งชื่ออื่น เพื่อให้ประวัติบอกได้ว่าระบบใดทำ",
                "Choose another name, so that the history tells which system did what.",
            )
        if live.count() >= MOST:
            raise refuse(
                "token.many",
                f"มีโทเคนที่ใช้ได้ครบ {MOST} รายการแล้ว",
                f"{MOST} tokens are in force already",
                "โปรดยกเลิกโทเคนที่ไม่ใช้",
                "Revoke those that are not used.",
            )

    def do(self) -> tuple[Token, str]:
        """Make it."""
        assert self.by is not None
        key = new_key()
        self.made = Token.objects.create(
            agency=self.of,
            name=self.name,
            scopes=sorted(self.scopes),
            hint=hint_of(key),
            digest=digest_of(key),
            by=self.by,
            expires=self.expires,
        )
        return self.made, key

    def facts(self) -> dict[str, Any]:
        """Name, beginning, rights, last day."""
        th, en = scope_names(sorted(self.scopes))
        return {
            "name": self.name,
            "hint": self.made.hint if self.made else "",
            "scopes": th,
            "scopes_en": en,
            "expires": long_date(self.expires),
            "expires_en": self.expires.isoformat(),
        }


@dataclass(kw_only=True)
class RevokeToken(Action):
    """A token opens nothing any more; it cannot be taken back."""

    token: Token

    code = "api.token_revoked"
    th = "{actor} ยกเลิกโทเคน “{name}” ({hint}…)"
    en = "{actor} revoked the token “{name}” ({hint}…)"

    def agency(self) -> Agency:
        """Whose."""
        return self.token.agency

    def subject(self) -> Token:
        """The token."""
        return self.token

    def check(self) -> None:
        """Only once."""
        now = Token.objects.select_for_update().get(pk=self.token.pk)
        if now.revoked_at:
            raise refuse("token.revoked", "โทเคนนี้ถูกยกเลิกแล้ว", "this token was revoked already")

    def do(self) -> None:
        """Revoked."""
        self.token.revoked_at = timezone.now()
        self.token.save(update_fields=["revoked_at"])

    def facts(self) -> dict[str, Any]:
        """Name and beginning."""
        return {"name": self.token.name, "hint": self.token.hint}
