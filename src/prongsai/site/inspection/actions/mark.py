"""The inspector's acts: a conflict, an item marked or the mark taken back; the preliminary result opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.inspection.actions.base import OfAgency
from prongsai.site.inspection.judging import MARKS, check_judge, check_verdict, is_sampled, options_of
from prongsai.site.inspection.models import Assignment, Conflict, Evidence, Mark, Preserved, State
from prongsai.site.inspection.states import move

WANTED = {1: "", 2: "sample", 3: "disagreement"}  # why a mark of this order is wanted, as ``Evidence.again``


@dataclass(kw_only=True)
class OnEvidence(Action):
    """Base: something about one item of one agency."""

    evidence: Evidence

    def agency(self) -> Agency:
        """The agency that is assessed."""
        return self.evidence.assessment.agency

    def subject(self) -> models.Model:
        """The item."""
        return self.evidence

    def facts(self) -> dict[str, Any]:
        """Which item of which round."""
        return {"item": self.evidence.item, "round": self.evidence.assessment.round.name}

    def hold(self, *states: State) -> None:
        """Take hold of the row and read it anew; refuse unless it is in one of these states."""
        now = Evidence.objects.select_for_update(of=("self",)).get(pk=self.evidence.pk)
        self.evidence.state, self.evidence.again, self.evidence.verdict = now.state, now.again, now.verdict
        if now.state not in states:
            raise refuse(
                "evidence.state",
                f"ข้อ {now.item} อยู่ในสถานะ “{State(now.state).label}” จึงทำขั้นตอนนี้ไม่ได้",
                f"item {now.item} is {now.state}",
                "โปรดเปิดหน้านี้ใหม่เพื่อดูสถานะล่าสุด",
                "Open the page again to see where it stands.",
            )

    def label(self, verdict: str) -> str:
        """A verdict in the framework's words."""
        option = options_of(self.evidence).get(verdict)
        return (option.label or verdict) if option else "ไม่ต้องดำเนินการ"


@dataclass(kw_only=True)
class DeclareConflict(Action):
    """An inspector says that an agency is not to be theirs."""

    of: Agency
    reason: str

    code = "inspection.conflict"
    told = False
    th = "{actor} แจ้งความเกี่ยวข้องกับ{name} จึงไม่ตรวจหน่วยงานนี้"
    en = "{actor} declared a conflict with {name} and will not inspect it"

    def agency(self) -> Agency:
        """The agency."""
        return self.of

    def check(self) -> None:
        """A reason, and not declared before."""
        if not self.reason.strip():
            raise refuse("conflict.no_reason", "โปรดระบุความเกี่ยวข้อง", "say what the conflict is")
        if self.by and self.by.conflicts.filter(agency=self.of, withdrawn_at=None).exists():
            raise refuse("conflict.declared", "แจ้งไว้แล้ว", "declared already")

    def do(self) -> Conflict:
        """Declared."""
        assert self.by is not None
        # What was given of this agency alone becomes nobody's: the assessor's page of the round says so.
        Assignment.objects.filter(inspector=self.by, agency=self.of, round__open=True).delete()
        return Conflict.objects.create(inspector=self.by, agency=self.of, reason=self.reason.strip())

    def facts(self) -> dict[str, Any]:
        """The agency."""
        return {"name": self.of.name}


@dataclass(kw_only=True)
class MarkItem(OnEvidence):
    """One inspector's verdict on one item, on the preserved copies. A sample is marked twice, a disagreement thrice."""

    verdict: str
    missing: str = ""
    sentence: str = ""
    copies: list[Preserved] = field(default_factory=list)
    live: bool = False

    code = "inspection.mark"
    told = False
    th = "ตรวจประเมินข้อ {item} ครั้งที่ {order}: {label}"
    en = "Item {item} was marked ({order}): {label}"

    def check(self) -> None:
        """Locked, by someone who may, with a verdict that can be defended."""
        self.hold(State.LOCKED)
        assert self.by is not None
        check_judge(self.by, self.evidence)
        check_verdict(self.evidence, self.verdict, self.missing, self.sentence)
        self.order = self.evidence.marks.count() + 1
        if self.order > MARKS:
            raise refuse("mark.enough", "ข้อนี้ตรวจครบแล้ว", "this item has all its marks")

    def do(self) -> Mark:
        """Kept; and what follows from it: done, a second mark, or a third."""
        mark = Mark.objects.create(
            evidence=self.evidence,
            inspector=self.by,
            order=self.order,
            verdict=self.verdict,
            missing=self.missing.strip(),
            sentence=self.sentence.strip(),
            live=self.live,
        )
        mark.copies.set(self.copies)
        one = self.evidence
        if self.order == 1 and is_sampled(one):
            one.again = WANTED[2]
        elif self.order == 2 and self._first() != self.verdict:
            one.again = WANTED[3]
        else:
            one.again, one.verdict = "", self.verdict
            move(one, State.MARKED)
        one.save(update_fields=["again", "verdict", "state"])
        return mark

    def _first(self) -> str:
        return str(self.evidence.marks.values_list("verdict", flat=True).get(order=1))

    def facts(self) -> dict[str, Any]:
        """Which mark and what it says; who made it is kept with the mark, not told to the agency."""
        return {**super().facts(), "order": self.order, "label": self.label(self.verdict)}

    def personal(self) -> dict[str, Any]:
        """The sentence."""
        return {"missing": self.missing, "sentence": self.sentence}


@dataclass(kw_only=True)
class WithdrawConflict(Action):
    """A conflict that is over, or was declared by mistake."""

    conflict: Conflict

    code = "inspection.conflict_over"
    told = False
    th = "{actor} ถอนการแจ้งความเกี่ยวข้องกับ{name}"
    en = "{actor} took back the conflict with {name}"

    def agency(self) -> Agency:
        """The agency."""
        return self.conflict.agency

    def check(self) -> None:
        """One's own, and standing."""
        if self.conflict.inspector != self.by or self.conflict.withdrawn_at:
            raise refuse("conflict.not_yours", "ไม่พบรายการที่ท่านแจ้งไว้", "not a conflict of yours that stands")

    def do(self) -> None:
        """The row stays; it says from when to when."""
        self.conflict.withdrawn_at = timezone.now()
        self.conflict.save(update_fields=["withdrawn_at"])

    def facts(self) -> dict[str, Any]:
        """The agency."""
        return {"name": self.conflict.agency.name}


@dataclass(kw_only=True)
class UndoMark(OnEvidence):
    """An inspector takes back the own mark, as long as it is the newest of the item and the agency was told nothing."""

    code = "inspection.undo"
    told = False
    th = "ถอนผลการตรวจข้อ {item} ครั้งที่ {order}: {label}"
    en = "Mark {order} of item {item} was taken back: {label}"

    def check(self) -> None:
        """The newest mark is one's own, and nothing rests on it yet."""
        self.hold(State.LOCKED, State.MARKED)
        newest = self.evidence.marks.order_by("-order").first()
        if newest is None or newest.inspector != self.by:
            raise refuse(
                "undo.taken",
                "มีผู้ตรวจคนถัดไปตรวจข้อนี้แล้ว หรือไม่ใช่ผลของท่าน จึงถอนไม่ได้",
                "another inspector has marked since, or it is not your mark",
            )
        self.mark = newest

    def do(self) -> None:
        """The item waits for that mark again. What it said stays in the log."""
        self.order, self.verdict = self.mark.order, self.mark.verdict
        self.mark.delete()
        one = self.evidence
        if one.state == State.MARKED:
            move(one, State.LOCKED)
        one.again, one.verdict = WANTED[self.order], ""
        one.save(update_fields=["again", "verdict", "state"])

    def facts(self) -> dict[str, Any]:
        """Which mark, and what it said."""
        return {**super().facts(), "order": self.order, "label": self.label(self.verdict)}


@dataclass(kw_only=True)
class OpenPreliminary(OfAgency):
    """Show an agency what was decided, with reasons. From now on silence accepts."""

    code = "inspection.preliminary"
    th = "{actor} แจ้งผลการตรวจประเมิน OIT เบื้องต้น {round}: {items} ข้อ"
    en = "{actor} opened the preliminary OIT result of {round}: {items} items"

    def check(self) -> None:
        """Every item is marked."""
        self.rows = list(self.assessment.evidence.select_for_update(of=("self",)))
        waiting = [row.item for row in self.rows if row.state != State.MARKED]
        if waiting or not self.rows:
            raise refuse(
                "inspection.waiting",
                f"ยังตรวจไม่ครบ เหลือ {len(waiting)} ข้อ: {', '.join(waiting[:8])}",
                f"{len(waiting)} items are not marked yet: {', '.join(waiting[:8])}",
            )

    def do(self) -> None:
        """Open."""
        self.move_all(State.PRELIMINARY)
        self.assessment.inspected_at = timezone.now()
        self.assessment.save(update_fields=["inspected_at"])

    def facts(self) -> dict[str, Any]:
        """How many."""
        return {**super().facts(), "items": len(self.rows)}
