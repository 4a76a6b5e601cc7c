"""One-time codes: issued once, shown once, kept nowhere; what a lost sheet holds is made void."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.site.history.action import refuse
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import Box, Code, CodeSet, SurveyState
from prongsai.survey.codes import issue

# One scope for all codes, so that a code alone says whose survey it opens.
CODE_SCOPE = "codes"
MOST = 20_000  # codes of one set: more people than any agency asks, fewer than a slip of the finger


@dataclass(kw_only=True)
class IssueCodes(OnSurvey):
    """Issue one-time codes. ``execute`` returns them; they are shown once and kept nowhere.

    ``drawn``: digest of the list and the seed, where people were drawn from a list.
    """

    count: int
    drawn: tuple[str, str] | None = None

    code = "surveys.issue"
    th = "{actor} ออกรหัสเข้าตอบแบบสำรวจ {container} ของ “{round}” จำนวน {count} รหัส"
    en = "{actor} issued {count} codes for the survey {container} of “{round}”"

    def check(self) -> None:
        """A draft or open survey that takes codes, and a number that can be meant."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        if not self.survey.by_codes or not 1 <= self.count <= MOST:
            raise refuse(
                "survey.codes",
                f"แบบสำรวจนี้ไม่ใช้รหัส หรือจำนวนรหัสไม่อยู่ระหว่าง 1 ถึง {MOST:,}",
                f"this survey takes no codes, or their number is not between 1 and {MOST:,}",
                "โปรดเลือกช่องทาง “รหัสครั้งเดียว” แล้วระบุจำนวนรหัส",
                "Choose one-time codes as a way to answer, then say how many.",
            )

    def do(self) -> tuple[str, ...]:
        """The codes, in an order that says nothing."""
        box, _ = Box.objects.get_or_create(survey=self.survey, place=None)
        made = issue(self.count, keys().code_key, CODE_SCOPE)
        way, (digest, seed) = ("list", self.drawn) if self.drawn else ("heads", ("", ""))
        issued = CodeSet.objects.create(
            survey=self.survey, way=way, count=self.count, list_digest=digest, seed=seed, by=self.by
        )
        codes = [Code(digest=one.hex(), box=box, set=issued) for one in made.digests]
        Code.objects.bulk_create(codes, batch_size=500)
        return made.codes

    def facts(self) -> dict[str, Any]:
        """With how many."""
        return {**super().facts(), "count": self.count}


@dataclass(kw_only=True)
class VoidCodes(OnSurvey):
    """Make the unspent codes of a set void: its sheet was lost, or came into the wrong hands.

    Answers that were given with the set stay. How many codes were still unspent is neither logged nor shown: beside
    the number issued it would tell how many have answered by now.
    """

    codes: CodeSet

    code = "surveys.void"
    th = "{actor} ยกเลิกรหัสที่ยังไม่ได้ใช้ของชุดที่ออกจำนวน {count} รหัส แบบสำรวจ {container} ของ “{round}”"
    en = "{actor} made the unspent codes of a set of {count} void, survey {container} of “{round}”"

    def check(self) -> None:
        """A set that is not void, of a survey that takes answers."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        if self.codes.voided_at:
            raise refuse("survey.void", "รหัสชุดนี้ยกเลิกไปแล้ว", "the codes of this set are void already")

    def do(self) -> None:
        """Gone: a void code is unknown from now on."""
        Code.objects.filter(set=self.codes, spent=False).delete()
        self.codes.voided_at = timezone.now()
        self.codes.save(update_fields=["voided_at"])

    def facts(self) -> dict[str, Any]:
        """With the set's size."""
        return {**super().facts(), "count": self.codes.count}
