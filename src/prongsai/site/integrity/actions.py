"""A head was posted: written down with where and when, so that anybody can find it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.errors import InputError
from prongsai.ledger.head import Head, read_heads
from prongsai.site.history import chain
from prongsai.site.history.action import Action, refuse
from prongsai.site.history.keys import known_keys
from prongsai.site.history.models import Entry
from prongsai.site.integrity.models import Posting


@dataclass(kw_only=True)
class PostHead(Action):
    """Register that a head (its whole ``line``) was posted somewhere on a day."""

    line: str
    place: str
    day: dt.date

    code = "integrity.post"
    th = "{actor} ลงทะเบียนว่าประกาศหัวบัญชีลำดับที่ {number} แล้วที่ {place}"
    en = "{actor} registered that head {number} was posted at {place}"

    _made: Posting | None = None

    def subject(self) -> Posting | None:
        """The line of the register."""
        return self._made

    def check(self) -> None:
        """A head of this very chain, somewhere that can be found, not in the future."""
        try:
            self._head: Head = read_heads(self.line, "")[0]
        except InputError as error:
            raise refuse(
                "integrity.line",
                "ไม่ใช่บรรทัดหัวบัญชีที่ครบถ้วน",
                "this is no whole line of a head",
                "โปรดคัดลอกใหม่ทั้งบรรทัดจากหน้านี้",
                "Copy the whole line from this page again.",
            ) from error
        self.place = " ".join(self.place.split())  # one line in the list of heads that others read
        if not self.place:
            raise refuse("integrity.place", "โปรดระบุว่าประกาศไว้ที่ใด", "say where it was posted")
        if self.day > timezone.localdate():
            raise refuse("integrity.day", "วันที่ประกาศอยู่ในอนาคต", "the day of posting is in the future")
        there = Entry.objects.filter(number=self._head.number).values_list("link", flat=True).first()
        if there != self._head.hash or not self._head.by(known_keys()):
            raise refuse(
                "integrity.other",
                "หัวบัญชีนี้ไม่ตรงกับประวัติของระบบนี้",
                "this head is not of this site's history",
                "ถ้าเป็นบรรทัดที่เคยประกาศจริง แปลว่าประวัติถูกแก้ โปรดแจ้งผู้ดูแลระบบทันที",
                "If it was really posted, the history was changed: tell the administrator at once.",
            )

    def do(self) -> Posting:
        """Into the register."""
        self._made = Posting.objects.create(
            number=self._head.number, line=self._head.line(), place=self.place, day=self.day, by=self.by
        )
        return self._made

    def facts(self) -> dict[str, Any]:
        """Which head, where, when."""
        return {"number": self._head.number, "place": self.place, "day": self.day.isoformat()}


def latest() -> Head | None:
    """The head now, everything tied that can be."""
    chain.extend()
    return chain.head()
