"""The plan as a whole: draw it up, and say what kind it is and in which year it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from prongsai.analysis.findings import findings
from prongsai.analysis.trend import trend
from prongsai.errors import InputError
from prongsai.improvement import model
from prongsai.improvement.draft import DraftOptions, draft_plan, with_trend
from prongsai.improvement.filing import filed_as
from prongsai.scoring.score import ScoreSheet
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, refuse
from prongsai.site.plans.actions.base import PlanChange
from prongsai.site.plans.convert import store
from prongsai.site.plans.models import Choice, Plan
from prongsai.site.plans.states import closed, editing_window
from prongsai.site.results.sheet import current_sheet, previous_assessment
from prongsai.site.rounds.models import Assessment


def drafted(assessment: Assessment, sheet: ScoreSheet, kind: str, action_year: int) -> model.Plan:
    """The improvement room's draft for an assessment, with the change from last year where it may be compared."""
    units = tuple(unit.name for unit in assessment.agency.units.filter(active=True))
    shape = draft_plan(sheet, findings(sheet), DraftOptions(kind, action_year, units))
    before = previous_assessment(assessment)
    earlier = current_sheet(before) if before else None
    if earlier is None:
        return shape
    try:
        return with_trend(shape, trend(sheet, earlier))
    except InputError:  # no map leads from that year's framework to this one
        return shape


@dataclass(kw_only=True)
class DraftPlan(Action):
    """Draw up a plan from the results: every weak point with the proposals of its theme, nothing accepted yet."""

    assessment: Assessment
    kind: str
    action_year: int
    made: Plan | None = field(default=None, init=False)
    new_units: list[str] = field(default_factory=list, init=False)  # named by the proposals, now to be checked

    code = "plan.draft"
    th = "{actor} ร่างมาตรการจากผลการประเมิน สำหรับดำเนินการในปีงบประมาณ พ.ศ. {action_year} ({points} ประเด็น)"
    en = "{actor} drew up a draft plan from the results, for fiscal year {action_year} ({points} points)"

    def agency(self) -> Agency:
        """The assessed agency."""
        return self.assessment.agency

    def subject(self) -> models.Model:
        """The new plan."""
        return self.made or self.assessment

    def check(self) -> None:
        """Needs results, an open window, and no plan yet."""
        Assessment.objects.select_for_update().get(pk=self.assessment.pk)
        if over := closed(editing_window(self.assessment)):
            raise over
        if self.assessment.plans.exists():
            raise refuse(
                "plan.exists",
                "มีร่างมาตรการของปีนี้แล้ว",
                "This year already has a plan.",
                "โปรดแก้ไขร่างที่มีอยู่",
                "Edit the draft that is there.",
            )
        if current_sheet(self.assessment) is None:
            raise refuse(
                "plan.no_results",
                "ยังไม่มีผลการประเมินของปีนี้ จึงยังร่างมาตรการไม่ได้",
                "There are no results of this year to draw up a plan from.",
                "โปรดนำเข้าผลการประเมินก่อน",
                "Bring in the results first.",
            )
        result_year = self.assessment.round.fiscal_year
        if result_year and self.action_year <= result_year:
            raise wrong_year(self.action_year, result_year)

    def do(self) -> Plan:
        """Store the draft, all measures proposed."""
        sheet = current_sheet(self.assessment)
        assert sheet is not None  # check() asked
        shape = drafted(self.assessment, sheet, self.kind, self.action_year)
        self.made = Plan.objects.create(assessment=self.assessment, kind=self.kind, action_year=self.action_year)
        file_under(self.made, shape.filed_as)
        known = set(self.assessment.agency.units.values_list("name", flat=True))
        store(self.made, shape, Choice.PROPOSED)
        self.new_units = list(self.assessment.agency.units.exclude(name__in=known).values_list("name", flat=True))
        self.assessment.plan_at = timezone.now()
        self.assessment.save(update_fields=("plan_at",))
        return self.made

    def facts(self) -> dict[str, Any]:
        """Year and size."""
        points = self.made.points.count() if self.made else 0
        return {"action_year": self.action_year, "kind": self.kind, "points": points}


def wrong_year(action_year: int, result_year: int) -> Exception:
    """The refusal of an action year that does not come after the results."""
    return refuse(
        "plan.years",
        f"ปีที่ดำเนินการ ({action_year}) ต้องอยู่หลังปีของผลการประเมิน ({result_year})",
        f"The action year ({action_year}) must come after the result year ({result_year}).",
        f"โดยปกติคือปีงบประมาณ พ.ศ. {result_year + 1}",
        f"Usually it is fiscal year {result_year + 1} (B.E.).",
    )


def file_under(plan: Plan, filed: model.FiledAs | None) -> None:
    """Write down the OIT item and year under which the plan is disclosed."""
    plan.filed_year = filed.fiscal_year if filed else None
    plan.filed_item = filed.item if filed else ""
    plan.save(update_fields=("filed_year", "filed_item"))


@dataclass(kw_only=True)
class SetKind(PlanChange):
    """Change the kind of document and the year it runs in; where it is filed follows from both."""

    kind: str
    action_year: int

    code = "plan.set_kind"
    th = "{actor} เปลี่ยนชนิดเอกสารหรือปีที่ดำเนินการ (ปีงบประมาณ พ.ศ. {action_year})"
    en = "{actor} changed the kind of document or its year (fiscal year {action_year})"

    def allowed(self) -> None:
        """The year must come after the results."""
        result_year = self.plan.assessment.round.fiscal_year
        if result_year and self.action_year <= result_year:
            raise wrong_year(self.action_year, result_year)

    def change(self) -> None:
        """Save, and find the filing anew."""
        self.plan.kind, self.plan.action_year = self.kind, self.action_year
        self.plan.save(update_fields=("kind", "action_year"))
        result_year = self.plan.assessment.round.fiscal_year
        file_under(self.plan, filed_as(self.kind, result_year, self.action_year) if result_year else None)

    def facts(self) -> dict[str, Any]:
        """Kind and year."""
        return {"kind": self.kind, "action_year": self.action_year}
