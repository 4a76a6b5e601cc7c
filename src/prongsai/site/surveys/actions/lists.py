"""A draw from a list: the agency gives the list, its digest is logged, and the assessor draws with a later seed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from prongsai.errors import InputError
from prongsai.site.history.action import Refused, refuse
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.actions.codes import MOST, IssueCodes
from prongsai.site.surveys.models import PeopleList, SurveyState
from prongsai.survey.sample import draw, list_digest

_DIGITS = 16  # of a digest, as people compare it
_TYPED, _RANDOM = 30, 16  # characters and bytes of a seed


@dataclass(kw_only=True)
class GiveList(OnSurvey):
    """Hand in the list of those who may answer: position numbers or names. It fixes the list before the seed."""

    entries: Sequence[str]

    code = "surveys.give_list"
    th = "{actor} ส่งรายชื่อ {count} รายการเพื่อสุ่มผู้ตอบแบบสำรวจ {container} ของ “{round}” (ค่าย่อยรายชื่อ {digest})"
    en = "{actor} handed in a list of {count} for the draw, survey {container} of “{round}” (digest {digest})"

    _digest = ""

    def check(self) -> None:
        """Codes are used, nobody was drawn from a list yet, and every entry stands once."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        if not self.survey.by_codes:
            raise refuse(
                "survey.no_codes",
                "แบบสำรวจนี้ไม่ใช้รหัส จึงไม่ต้องส่งรายชื่อ",
                "this survey takes no codes, so it needs no list",
            )
        if self.survey.code_sets.filter(way="list", voided_at=None).exists():
            raise refuse(
                "survey.drawn",
                "สุ่มผู้ตอบจากรายชื่อไปแล้ว จึงเปลี่ยนรายชื่อไม่ได้",
                "people were drawn from a list already, so it cannot be changed",
                "หากรายชื่อผิด โปรดแจ้งผู้ประเมินให้ยกเลิกรหัสชุดเดิมก่อน",
                "If the list was wrong, ask the assessor to make the codes void first.",
            )
        if not self.entries or len(self.entries) > MOST:
            raise refuse(
                "survey.list_size",
                f"รายชื่อต้องมี 1 ถึง {MOST:,} รายการ (พบ {len(self.entries):,})",
                f"a list has between 1 and {MOST:,} entries, found {len(self.entries):,}",
                "โปรดตรวจสอบไฟล์รายชื่อ",
                "Check the list.",
            )
        try:
            self._digest = list_digest(self.entries)
        except InputError as error:
            raise Refused(error.problems) from error

    def do(self) -> PeopleList:
        """The list in place of an earlier one."""
        PeopleList.objects.filter(survey=self.survey).delete()
        return PeopleList.objects.create(
            survey=self.survey, entries=list(self.entries), digest=self._digest, count=len(self.entries), by=self.by
        )

    def facts(self) -> dict[str, Any]:
        """How many, and the digest that fixes them."""
        return {**super().facts(), "count": len(self.entries), "digest": self._digest[:_DIGITS]}


@dataclass(kw_only=True)
class WithdrawList(OnSurvey):
    """Take a list back; nothing of it is kept."""

    code = "surveys.withdraw_list"
    th = "{actor} ถอนรายชื่อของแบบสำรวจ {container} “{round}”"
    en = "{actor} withdrew the list of the survey {container} of “{round}”"

    def check(self) -> None:
        """There is one."""
        if not PeopleList.objects.filter(survey=self.survey).exists():
            raise refuse("survey.no_list", "ไม่มีรายชื่อให้ถอน", "there is no list")

    def do(self) -> None:
        """Gone."""
        PeopleList.objects.filter(survey=self.survey).delete()


@dataclass(frozen=True)
class Drawn:
    """Who was drawn, sorted, and the codes in an order that says nothing of who gets which."""

    people: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(kw_only=True)
class DrawPeople(OnSurvey):
    """Draw from the list and issue as many codes. The list goes with it; the seed is kept for the check.

    The seed is what the assessor typed and something random behind it, so that the agency, which has the list, cannot
    guess it and so learn who was asked. The log names its digest alone until it is public.
    """

    count: int
    typed: str
    seed: str = ""
    _people: tuple[str, ...] = ()
    _digest: str = ""
    _list: PeopleList | None = field(default=None)

    code = "surveys.draw"
    th = "{actor} สุ่มผู้ตอบ {count} รายจากรายชื่อ {digest} ของแบบสำรวจ {container} “{round}” (ค่าย่อยของค่าเริ่มสุ่ม {seed_digest})"
    en = "{actor} drew {count} from the list {digest}, survey {container} of “{round}” (seed {seed_digest})"

    def check(self) -> None:
        """A list is there, and long enough."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        self._list = PeopleList.objects.select_for_update().filter(survey=self.survey).first()
        if self._list is None:
            raise refuse(
                "survey.no_list",
                "หน่วยงานยังไม่ได้ส่งรายชื่อ",
                "the agency has not handed in a list",
                "โปรดให้เจ้าหน้าที่ของหน่วยงานส่งรายชื่อที่หน้าแบบสำรวจ",
                "Ask the agency's officer to hand it in.",
            )
        self.seed = f"{self.typed.strip()[:_TYPED]}/{secrets.token_hex(_RANDOM)}"
        try:
            self._people = draw(self._list.entries, self.count, self.seed)
        except InputError as error:
            raise Refused(error.problems) from error
        self._digest = self._list.digest

    def do(self) -> Drawn:
        """The drawn and the codes."""
        issued = IssueCodes(
            by=self.by, survey=self.survey, count=len(self._people), drawn=(self._digest, self.seed)
        ).execute()
        if self._list is not None:
            self._list.delete()
        return Drawn(tuple(sorted(self._people)), issued)

    def facts(self) -> dict[str, Any]:
        """How many, from which list; the seed's digest."""
        seed = hashlib.sha256(self.seed.encode()).hexdigest()[:_DIGITS]
        return {**super().facts(), "count": self.count, "digest": self._digest[:_DIGITS], "seed_digest": seed}
