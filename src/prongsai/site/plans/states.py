"""Where a plan stands: every change makes it a draft again; the approval room says when it was proposed and decided.

These functions change rows and log nothing: they are called from an ``Action`` that writes the entry.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from prongsai.site.base.text import pick
from prongsai.site.history.action import Refused, refuse
from prongsai.site.plans.models import Plan, PlanState
from prongsai.site.rounds.deadlines import Deadline, deadline
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.thai.dates import long_date


def changed(plan: Plan) -> None:
    """The plan's content changed: its revision grows, and what was proposed, approved or published is so no longer."""
    stands = plan.state != PlanState.DRAFT
    Plan.objects.filter(pk=plan.pk).update(revision=F("revision") + 1, state=PlanState.DRAFT)
    plan.refresh_from_db(fields=("revision", "state"))
    if stands:
        _stamp(plan, submitted_at=None, approved_at=None, published_at=None)


def mark_submitted(plan: Plan, at: dt.datetime | None = None) -> None:
    """A bundle of this revision was proposed."""
    _move(plan, PlanState.SUBMITTED)
    _stamp(plan, submitted_at=at or timezone.now(), approved_at=None, published_at=None)


def mark_approved(plan: Plan, at: dt.datetime | None = None) -> None:
    """The last rank approved this revision."""
    _move(plan, PlanState.APPROVED)
    _stamp(plan, approved_at=at or timezone.now(), published_at=None)


def mark_published(plan: Plan, at: dt.datetime | None = None) -> None:
    """The approved plan was circulated and disclosed; from here on everyone with ``May.SEE`` reads it."""
    _move(plan, PlanState.PUBLISHED)
    _stamp(plan, published_at=at or timezone.now())


def mark_returned(plan: Plan, at: dt.datetime | None = None) -> None:
    """A rank sent it back or refused it: a draft that may be corrected until the approval step closes."""
    _move(plan, PlanState.DRAFT, at or timezone.now())
    _stamp(plan, submitted_at=None, approved_at=None, published_at=None)


def _move(plan: Plan, state: PlanState, returned_at: dt.datetime | None = None) -> None:
    plan.state, plan.returned_at = state, returned_at
    plan.save(update_fields=("state", "returned_at"))


def _stamp(plan: Plan, **moments: dt.datetime | None) -> None:
    Assessment.objects.filter(pk=plan.assessment_id).update(**moments)
    for name, moment in moments.items():
        setattr(plan.assessment, name, moment)


def editing_window(assessment: Assessment, plan: Plan | None = None) -> Deadline | None:
    """Until when the plan may be written: the plan step, or the approval step for a plan that was sent back."""
    window = deadline(assessment, StageKind.PLAN)
    if plan is None or plan.returned_at is None:
        return window
    approval = deadline(assessment, StageKind.APPROVAL)
    return max((d for d in (window, approval) if d), key=lambda d: d.closes, default=None)


ASK_FOR_TIME = (
    "หากมีเหตุจำเป็น โปรดทำหนังสือขอขยายเวลาพร้อมเหตุผลถึงผู้ประเมิน เมื่อผู้ประเมินบันทึกการขยายเวลาในปฏิทินแล้วจะแก้ไขได้ทันที",
    "If there is a reason, ask the assessor in writing for more time. Once the extension is in the calendar, the plan "
    "can be changed at once.",
)


def closed(window: Deadline | None) -> Refused | None:
    """The refusal once the window is over: when it closed, and how to ask for more time. None while it is open."""
    if window is None or not window.over:
        return None
    day = long_date(window.closes)
    return refuse(
        "plan.closed",
        f"การ{window.kind.label}ปิดรับเมื่อวันที่ {day} เวลา 23:59:59 น. จึงแก้ไขมาตรการไม่ได้",
        f"“{window.kind.label}” closed on {window.closes.isoformat()} at 23:59:59 Bangkok time: no more changes.",
        *ASK_FOR_TIME,
    )


def ask_for_time() -> str:
    """How to get an extension."""
    return pick(*ASK_FOR_TIME)
