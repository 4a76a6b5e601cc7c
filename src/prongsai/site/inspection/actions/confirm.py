"""The chief executive stands by what is filed, takes it back, and the calendar locks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prongsai.site.history.action import refuse
from prongsai.site.inspection.actions.base import OfAgency
from prongsai.site.inspection.actions.check import links_of, start_look
from prongsai.site.inspection.filing import shut, window
from prongsai.site.inspection.frozen import content_of, digest_of, standing
from prongsai.site.inspection.models import Confirmation, Evidence, Mark, State
from prongsai.site.inspection.states import AFTER_LOCK, FILLING, move


def _need_unmarked(rows: list[Evidence]) -> None:
    """Raise ``Refused`` once inspectors have begun: the window may have been prolonged after that."""
    if any(row.state in AFTER_LOCK for row in rows) or Mark.objects.filter(evidence__in=rows).exists():
        raise refuse(
            "evidence.marked",
            "เริ่มตรวจประเมินแล้ว หลักฐานจึงเปลี่ยนแปลงไม่ได้",
            "inspection has begun: evidence stays as it is",
            "หากมีข้อมูลเพิ่ม โปรดชี้แจงเมื่อได้รับแจ้งผลเบื้องต้น",
            "What is missing can be clarified when the preliminary result is open.",
        )


@dataclass(kw_only=True)
class ConfirmEvidence(OfAgency):
    """The links become the agency's word. ``digest``: of what the person saw; ``accepts_missing``: empty items too."""

    signed_as: str
    digest: str
    accepts_missing: bool = False
    missing: list[str] = field(default_factory=list, init=False)

    code = "evidence.confirm"
    th = "{signed_as} ยืนยันหลักฐาน OIT {items} ข้อ {links} ลิงก์ ({missing} ข้อไม่มีหลักฐาน) {round} รหัสตรวจสอบ {short}"
    en = "{signed_as} confirmed {items} OIT items, {links} links ({missing} without evidence), {round}, digest {short}"

    def check(self) -> None:
        """Refuses outside the window, twice, what was not seen as it stands, and empty items nobody agreed to."""
        found = window(self.assessment)
        if reason := shut(found):
            raise reason
        if found and not found.open:
            raise refuse(
                "evidence.early",
                "ยังไม่ถึงกำหนดเปิดรับหลักฐาน จึงยังยืนยันไม่ได้",
                f"evidence opens on {found.opens.isoformat()}",
                "เตรียมลิงก์ไว้ก่อนได้",
                "Links can be prepared until then.",
            )
        self.hold()
        _need_unmarked(self.rows)
        if standing(self.assessment):
            raise refuse("evidence.confirmed", "ยืนยันหลักฐานไว้แล้ว", "the evidence is confirmed already")
        self.content = content_of(self.assessment)
        if digest_of(self.content) != self.digest:
            raise refuse(
                "evidence.moved",
                "มีผู้แก้ไขหลักฐานหลังจากที่ท่านเปิดหน้านี้ จึงยังไม่ยืนยัน",
                "someone changed the evidence after you opened the page: not confirmed",
                "โปรดตรวจรายการที่เป็นปัจจุบันแล้วยืนยันอีกครั้ง",
                "Read the list as it stands now, then confirm.",
            )
        self.missing = [one["item"] for one in self.content["items"] if not one["links"] and not one["reason"]]
        if self.missing and not self.accepts_missing:
            raise refuse(
                "evidence.missing",
                f"ยังไม่มีหลักฐาน {len(self.missing)} ข้อ: {', '.join(self.missing)}",
                f"{len(self.missing)} items have no evidence: {', '.join(self.missing)}",
                "โปรดให้ส่วนราชการกรอกให้ครบ หรือทำเครื่องหมายว่ารับทราบแล้วจึงยืนยัน",
                "Have them filled in, or tick that you know and confirm.",
            )

    def do(self) -> Confirmation:
        """Freeze what stands."""
        self.move_all(State.CONFIRMED)
        made = Confirmation.objects.create(
            assessment=self.assessment,
            number=self.assessment.confirmations.count() + 1,
            content=self.content,
            digest=self.digest,
            by=self.by,
            signed_as=self.signed_as,
        )
        self.assessment.evidence_at = timezone.now()
        self.assessment.save(update_fields=["evidence_at"])
        start_look(self.assessment, None, "confirmation", self.by)  # and what the links show now is preserved
        return made

    def facts(self) -> dict[str, Any]:
        """How much, and the digest."""
        return {
            **super().facts(),
            "items": len(self.content["items"]),
            "links": sum(len(one["links"]) for one in self.content["items"]),
            "missing": len(self.missing),
            "digest": self.digest,
            "short": self.digest[:12],
        }

    def personal(self) -> dict[str, Any]:
        """Name and post."""
        return {"signed_as": self.signed_as}


@dataclass(kw_only=True)
class TakeBack(OfAgency):
    """The confirmation is taken back so that units can mend something; only while the window is open."""

    signed_as: str
    reason: str

    code = "evidence.take_back"
    th = "{signed_as} ถอนการยืนยันหลักฐาน OIT {round} เหตุผล: {reason}"
    en = "{signed_as} took back the confirmation of the OIT evidence, {round}. Reason: {reason}"

    def check(self) -> None:
        """Refuses after the window, without a reason, and where nothing is confirmed."""
        if reason := shut(window(self.assessment)):
            raise reason
        if not self.reason.strip():
            raise refuse("evidence.no_reason", "โปรดระบุเหตุผลที่ถอนการยืนยัน", "give the reason", "พิมพ์เหตุผลสั้น ๆ แล้วส่งอีกครั้ง")
        self.hold()
        _need_unmarked(self.rows)
        found = standing(self.assessment)
        if found is None:
            raise refuse("evidence.unconfirmed", "ยังไม่มีการยืนยันที่จะถอน", "nothing is confirmed")
        self.found = found

    def do(self) -> None:
        """Every item is ready again, to be changed."""
        for row in self.rows:
            if row.state == State.LOCKED:
                move(row, State.CONFIRMED)  # the window was prolonged after it had closed
        self.move_all(State.READY)
        self.found.withdrawn_at, self.found.withdrawn_by = timezone.now(), self.by
        self.found.withdrawn_reason = self.reason
        self.found.save()
        self.assessment.evidence_at = None
        self.assessment.save(update_fields=["evidence_at"])

    def personal(self) -> dict[str, Any]:
        """Name, post, reason."""
        return {"signed_as": self.signed_as, "reason": self.reason}


@dataclass(kw_only=True)
class LockEvidence(OfAgency):
    """The window has closed: every item goes to the inspectors as it stands, confirmed or not."""

    code = "evidence.lock"
    th = "ปิดรับหลักฐาน OIT {round}: {state_th}"
    en = "OIT evidence closed, {round}: {state_en}"

    def check(self) -> None:
        """Refuses while the window is open."""
        found = window(self.assessment)
        if found is None or not found.over:
            raise refuse("evidence.open", "ยังไม่หมดเวลารับหลักฐาน", "the window has not closed")
        self.hold()
        self.confirmed = standing(self.assessment) is not None

    def do(self) -> None:
        """Lock what is not locked yet."""
        self.rows = [row for row in self.rows if row.state in (*FILLING, State.CONFIRMED)]
        self.move_all(State.LOCKED)
        if links_of(self.assessment, None).exists():
            start_look(self.assessment, None, "inspection", None)  # preserved as inspectors will judge it

    def facts(self) -> dict[str, Any]:
        """Whether the chief executive had confirmed."""
        return {
            **super().facts(),
            "state_th": "ผู้บริหารยืนยันแล้ว" if self.confirmed else "ผู้บริหารยังไม่ยืนยัน",
            "state_en": "confirmed" if self.confirmed else "not confirmed",
        }


@dataclass(kw_only=True)
class Unlock(OfAgency):
    """More time was given after the window had closed and before anyone marked: units can go on."""

    code = "evidence.unlock"
    th = "เปิดรับหลักฐาน OIT อีกครั้งตามกำหนดที่ขยาย {round}"
    en = "OIT evidence opened again by the extension, {round}"

    def check(self) -> None:
        """Refuses where the window is over, or an item was marked already."""
        if reason := shut(window(self.assessment)):
            raise reason
        self.hold()
        _need_unmarked(self.rows)
        self.confirmed = standing(self.assessment) is not None

    def do(self) -> None:
        """Back to where each was."""
        self.rows = [row for row in self.rows if row.state == State.LOCKED]
        self.move_all(State.CONFIRMED if self.confirmed else State.READY)
