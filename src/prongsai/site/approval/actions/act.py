"""A rank acts on a bundle: forward, opine, decide, or return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.site.approval.actions._bundle import CLOSING, OnBundle, refuse_when_over, window_of
from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.models import Turn, Verb
from prongsai.site.approval.seats import had_seat, seat_for
from prongsai.site.history.action import Refused, refuse

VERBS = {
    "forward": (Verb.FORWARD, Verb.RETURN),
    "opine": (Verb.SUPPORT, Verb.OPPOSE, Verb.RETURN),
    "decide": (Verb.APPROVE, Verb.REFUSE, Verb.RETURN),
}
NEEDS_REASON = frozenset({Verb.OPPOSE, Verb.REFUSE, Verb.RETURN})


@dataclass(kw_only=True)
class Act(OnBundle):
    """Act at the rank ``order``. A negative opinion still goes up; a return goes back to the officer."""

    order: int
    verb: Verb
    text: str = ""
    turn: Turn | None = None
    signed_as: str = ""
    code = "approval.act"
    th = "{signed_as} {verb}{what} ฉบับที่ {number} {reason}"
    en = "{signed_as}: {verb_en}, {what_en} no. {number} {reason}"

    def check(self) -> None:
        """It is this rank's turn, this person's seat, the version that was read, in time, and with a reason."""
        self.lock_open()
        turn = current_turn(self.bundle)
        if turn is None or turn.order != self.order:
            raise refuse(
                "approval.out_of_turn",
                f"ขณะนี้เป็นลำดับของ{turn.position if turn else 'ผู้อื่น'} ลำดับที่ท่านดำเนินการยังไม่ถึงหรือผ่านไปแล้ว",
                f"it is the turn of {turn.position if turn else 'nobody'}; yours has not come or has passed",
                "โปรดเปิดหน้าอีกครั้งเพื่อดูลำดับปัจจุบัน",
                "Open the page again to see whose turn it is.",
            )
        assert self.by is not None
        seat = seat_for(self.by, turn, self.agency())
        if seat is None:
            raise self._no_seat(turn)
        if self.by.pk == self.bundle.by_id and not turn.may_be_author:
            raise refuse(
                "approval.own",
                "ท่านเป็นผู้เสนอเรื่องนี้ สายการพิจารณาของหน่วยงานไม่ให้ผู้เสนอพิจารณาเรื่องของตนในลำดับนี้",
                "you proposed this yourself; the chain does not let the author act at this rank",
                "โปรดให้ผู้รักษาราชการแทนพิจารณา หรือให้ผู้ดูแลระบบของหน่วยงานแก้สายการพิจารณา",
                "Let the acting official consider it, or ask your agency’s administrator to change the chain.",
            )
        refuse_when_over(window_of(self.bundle.plan.assessment, self.bundle.subject))
        if self.verb not in VERBS[turn.act]:
            raise refuse(
                "approval.verb",
                "ลำดับนี้ไม่มีอำนาจดำเนินการเช่นนั้น",
                "this rank may not do that",
                "โปรดเลือกการดำเนินการที่แสดงไว้",
                "Choose one of the acts shown.",
            )
        if self.verb in NEEDS_REASON and not self.text.strip():
            raise refuse(
                "approval.reason",
                f"การ{self.verb.label}ต้องระบุเหตุผล",
                f"“{self.verb.label}” needs a reason",
                "โปรดพิมพ์เหตุผล แล้วกดอีกครั้ง",
                "Type the reason and press again.",
            )
        self.turn, self.signed_as = turn, seat.signed_as

    def _no_seat(self, turn: Turn) -> Refused:
        assert self.by is not None
        if had_seat(self.by, turn, self.agency()):
            return refuse(
                "approval.ended",
                f"บทบาทหรือการรักษาราชการแทนของท่านในตำแหน่ง {turn.position} สิ้นสุดแล้วหรือยังไม่เริ่ม",
                f"your role or delegation as {turn.position} has ended or not begun",
                "หากยังปฏิบัติหน้าที่อยู่ โปรดให้ผู้ดูแลระบบของหน่วยงานต่อระยะเวลา",
                "If you still hold the post, ask your agency’s administrator to prolong it.",
            )
        return refuse(
            "approval.not_yours",
            f"ขณะนี้เป็นลำดับของ{turn.position} ท่านไม่ได้ดำรงตำแหน่งหรือรักษาราชการแทนตำแหน่งนี้",
            f"it is the turn of {turn.position}, a post that you do not hold or act for",
            "โปรดรอให้ถึงลำดับของท่าน",
            "Please wait until it is your turn.",
        )

    def do(self) -> Turn:
        """Write the turn; a closing act closes the bundle."""
        turn = self.turn
        assert turn is not None
        turn.verb, turn.text, turn.person = self.verb, self.text.strip(), self.by
        turn.signed_as, turn.at = self.signed_as, timezone.now()
        turn.save()
        if self.verb in CLOSING:
            self.close(self.verb)
        return turn

    def facts(self) -> dict[str, Any]:
        """Which bundle, rank and act."""
        verb = {"verb": str(self.verb.label), "verb_en": self.verb.value, "order": self.order}
        return {**super().facts(), **verb}

    def personal(self) -> dict[str, Any]:
        """How it was signed, and the reason."""
        return {"signed_as": self.signed_as, "reason": self.text.strip()}
