"""What all changes of a plan have in common: the window, the warning, the version, and a new revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from prongsai.errors import Problem
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, Refused, refuse
from prongsai.site.plans.models import Measure, Plan, PlanState, Point
from prongsai.site.plans.states import changed, closed, editing_window


class NeedsConfirmation(Refused):
    """The plan is under consideration, approved or published: whoever edits it must know what that does."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(
            Problem(
                "plan.not_draft",
                str(plan.assessment.agency),
                f"แผนอยู่ในสถานะ “{PlanState(plan.state).label}” การแก้ไขทำให้แผนกลับเป็นฉบับร่างและต้องเสนออนุมัติใหม่",
                f"The plan is “{PlanState(plan.state).label}”: a change makes it a draft that needs approval anew.",
            )
        )


class Stale(Refused):
    """Someone else saved the same point or measure since this form was opened."""

    def __init__(self, row: Measure | Point) -> None:
        self.row = row
        super().__init__(
            Problem(
                "plan.stale",
                str(row),
                "มีผู้อื่นบันทึกรายการนี้หลังจากที่ท่านเปิดแบบฟอร์ม",
                "Someone else saved this after you opened the form.",
            )
        )


@dataclass(kw_only=True)
class PlanChange(Action):
    """A change of a plan. ``confirmed``: the person was told that the plan will need approval anew."""

    plan: Plan
    confirmed: bool = False

    def agency(self) -> Agency:
        """The plan's agency."""
        return self.plan.assessment.agency

    def subject(self) -> models.Model:
        """The plan, unless a part of it is meant."""
        return self.plan

    def check(self) -> None:
        """Refuses after the deadline and, unless confirmed, when the plan is no draft; then ``allowed``."""
        now = Plan.objects.select_for_update().get(pk=self.plan.pk)
        self.plan.state, self.plan.returned_at = now.state, now.returned_at
        if over := closed(editing_window(self.plan.assessment, self.plan)):
            raise over
        if self.plan.state != PlanState.DRAFT and not self.confirmed:
            raise NeedsConfirmation(self.plan)
        self.allowed()

    def allowed(self) -> None:
        """Further checks of this change. Raises ``Refused``."""

    def do(self) -> Any:
        """Change, and let the revision grow."""
        result = self.change()
        changed(self.plan)
        return result

    def change(self) -> Any:
        """The change itself."""
        raise NotImplementedError


def same_version(row: Measure | Point, version: int) -> None:
    """Take the row for writing. Raises ``Stale`` when its version is another than the form's."""
    found = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if found.version != version:
        raise Stale(found)


def mandatory(reason: str) -> str:
    """The reason without blanks around it. Raises ``Refused`` where there is none."""
    if not reason.strip():
        raise refuse(
            "plan.no_reason",
            "ยังไม่ได้ระบุเหตุผลที่ตัดออก",
            "The reason for dropping it is missing.",
            "โปรดระบุเหตุผล เพื่อให้ผู้พิจารณาและผู้รับช่วงงานทราบ",
            "Give the reason, so that approvers and successors know it.",
        )
    return reason.strip()


def swap(rows: list[Any], row: models.Model, step: int) -> None:
    """Move a row one place among its neighbours and number them anew. Raises ``Refused`` at the end of the list."""
    place = next(i for i, other in enumerate(rows) if other.pk == row.pk)
    target = place + step
    if not 0 <= target < len(rows):
        raise refuse("plan.at_end", "รายการนี้อยู่ต้นหรือท้ายสุดแล้ว", "It is already at that end of the list.")
    rows[place], rows[target] = rows[target], rows[place]
    for number, other in enumerate(rows, start=1):
        if other.order != number:
            type(other)._default_manager.filter(pk=other.pk).update(order=number)


def next_key(prefix: str, taken: set[str]) -> str:
    """The first free id such as ``p4`` or ``p4m2``; ids of dropped rows stay taken."""
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
