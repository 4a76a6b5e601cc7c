"""What all actions on a bundle share: lock it, see that it is still the one that was read, close it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.freeze import MONTHS
from prongsai.site.approval.models import Bundle, BundleState, Verb
from prongsai.site.history.action import Action, refuse
from prongsai.site.plans.models import Plan
from prongsai.site.plans.states import mark_approved, mark_returned
from prongsai.site.rounds.deadlines import Deadline, deadline
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.thai.dates import long_date

STAGES = {"plan": StageKind.APPROVAL, "report_6": StageKind.REPORT_6, "report_12": StageKind.REPORT_12}
CLOSING = {Verb.APPROVE: BundleState.APPROVED, Verb.REFUSE: BundleState.REFUSED, Verb.RETURN: BundleState.RETURNED}


def window_of(assessment: Assessment, subject: str) -> Deadline | None:
    """The step in whose window a subject is submitted and considered."""
    return deadline(assessment, STAGES[subject])


def refuse_when_over(window: Deadline | None) -> None:
    """Raise when the window has closed."""
    if window and window.over:
        raise refuse(
            "approval.over",
            f"พ้นกำหนด{window.kind.label}เมื่อวันที่ {long_date(window.closes)} เวลา 23:59:59 น.",
            f"the deadline for “{window.kind.label}” passed on {window.closes} at 23:59:59",
            "หากมีเหตุจำเป็น โปรดขอขยายเวลากับผู้ประเมิน เมื่อบันทึกการขยายเวลาแล้วจะดำเนินการต่อได้",
            "If there is a reason, ask the assessor for more time; once the extension is recorded you can go on.",
        )


@dataclass(kw_only=True)
class OnBundle(Action):
    """An action on a bundle that was read with ``digest``. ``check`` locks the row, so that of two only one wins."""

    bundle: Bundle
    digest: str

    def agency(self) -> Agency:
        """Whose plan it is."""
        return self.bundle.plan.assessment.agency

    def subject(self) -> models.Model:
        """The bundle."""
        return self.bundle

    def facts(self) -> dict[str, Any]:
        """Which bundle."""
        return {
            "number": self.bundle.number,
            "digest": self.bundle.digest,
            "what": str(self.bundle.get_subject_display()),
            "what_en": self.bundle.subject,
        }

    def lock_open(self) -> None:
        """Lock the bundle; raise unless it is open and still the one that was read."""
        self.bundle = Bundle.objects.select_for_update(of=("self",)).select_related(
            "plan__assessment__agency", "plan__assessment__round"
        ).get(pk=self.bundle.pk)  # fmt: skip
        state = self.bundle.state
        if state == BundleState.SUPERSEDED or self.digest != self.bundle.digest:
            raise refuse(
                "approval.old",
                "ฉบับที่ท่านเปิดอยู่ไม่ใช่ฉบับล่าสุด มีการเสนอฉบับใหม่แทนแล้ว",
                "what you read is not the newest version: another was submitted meanwhile",
                "โปรดเปิดฉบับล่าสุดจากหน้าเสนออนุมัติ อ่านส่วนที่เปลี่ยน แล้วพิจารณาใหม่",
                "Open the newest version from the approval page, read what changed, and consider it anew.",
            )
        if state != BundleState.OPEN:
            label = BundleState(state).label
            raise refuse(
                "approval.closed",
                f"ฉบับนี้พิจารณาเสร็จแล้ว ({label}) จึงพิจารณาซ้ำไม่ได้",
                f"this bundle has been dealt with ({label}); it cannot be decided twice",
                "หากต้องการเปลี่ยนแปลง โปรดให้เจ้าหน้าที่เสนอฉบับใหม่",
                "If something must change, ask the officer to submit a new version.",
            )

    def close(self, verb: Verb) -> None:
        """What a closing act makes of the bundle and its plan."""
        bundle = self.bundle
        bundle.state, bundle.decided_at = CLOSING[verb], timezone.now()
        bundle.save(update_fields=("state", "decided_at"))
        plan = Plan.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=bundle.plan_id)
        if bundle.subject in MONTHS:
            if verb == Verb.APPROVE:
                field = "reported_6_at" if bundle.subject == "report_6" else "reported_12_at"
                Assessment.objects.filter(pk=plan.assessment_id).update(**{field: bundle.decided_at})
        elif plan.revision == bundle.plan_revision:  # an edit since then made it a draft, which this does not concern
            (mark_approved if verb == Verb.APPROVE else mark_returned)(plan, bundle.decided_at)
