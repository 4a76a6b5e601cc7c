"""Measures: accept, edit, drop, restore, add, put in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from prongsai.improvement.model import Measure as Shape
from prongsai.improvement.proposals import Proposal, period, unit_name
from prongsai.site.agencies.models import Unit
from prongsai.site.history.action import refuse
from prongsai.site.plans.actions.base import PlanChange, mandatory, next_key, same_version, swap
from prongsai.site.plans.actions.points import PointChange
from prongsai.site.plans.convert import known_units
from prongsai.site.plans.models import Choice, Measure, Point, Step
from prongsai.thai.fiscal_year import FiscalYear


@dataclass
class StepValues:
    """One step as a form gives it."""

    text: str
    units: list[Unit]
    start: dt.date | None = None
    end: dt.date | None = None
    period_text: str = ""


@dataclass
class MeasureValues:
    """One measure as a form gives it: ``fields`` by name, and its steps in order."""

    fields: dict[str, Any]
    steps: list[StepValues]


def new_measure(point: Point, values: MeasureValues, **extra: Any) -> Measure:
    """A measure at the end of a point, accepted, with its steps."""
    taken = set(Measure.objects.filter(point__plan=point.plan_id).values_list("key", flat=True))
    last = point.measures.order_by("-order").values_list("order", flat=True).first() or 0
    key = next_key(f"{point.key}m", taken)
    made = Measure.objects.create(
        point=point, key=key, order=last + 1, choice=Choice.ACCEPTED, **values.fields, **extra
    )
    write_steps(made, values.steps)
    return made


def write_steps(measure: Measure, steps: list[StepValues]) -> None:
    """Put these steps in place of a measure's own."""
    measure.steps.all().delete()
    for order, step in enumerate(steps, start=1):
        made = Step.objects.create(
            measure=measure,
            order=order,
            text=step.text,
            start=step.start,
            end=step.end,
            period_text=step.period_text,
        )
        made.units.set(step.units)


@dataclass(kw_only=True)
class AddMeasure(PointChange):
    """A measure of the agency's own."""

    values: MeasureValues
    made: Measure | None = field(default=None, init=False)

    code = "plan.measure.add"
    th = "{actor} เพิ่มมาตรการ “{measure}” ในประเด็น “{point}”"
    en = "{actor} added the measure “{measure}” to the point “{point}”"

    def change(self) -> Measure:
        """The new measure."""
        self.made = new_measure(self.point, self.values)
        return self.made

    def subject(self) -> models.Model:
        """The new measure."""
        return self.made or self.point

    def facts(self) -> dict[str, Any]:
        """Measure and point."""
        return {"measure": str(self.values.fields["title"]), "point": str(self.point)}


@dataclass(kw_only=True)
class AddProposal(PointChange):
    """A further proposal of the point's theme, with the agency's own units where one fits, dates in the action year."""

    proposal: Proposal
    made: Measure | None = field(default=None, init=False)

    code = "plan.measure.propose"
    th = "{actor} เลือกมาตรการ “{measure}” จากข้อเสนอ ในประเด็น “{point}”"
    en = "{actor} chose the proposed measure “{measure}” for the point “{point}”"

    def change(self) -> Measure:
        """The new measure."""
        agency, year = self.plan.assessment.agency, FiscalYear(self.plan.action_year)
        units = {unit.name: unit for unit in agency.units.all()}
        own = tuple(name for name, unit in units.items() if unit.active)
        steps = []
        for step in self.proposal.steps:
            when = period(step.when, year)
            does = known_units(agency, units, [unit_name(step.unit, own)])
            steps.append(StepValues(step.text, does, when.start, when.end, when.text or ""))
        names = ("title", "monitoring", "success_indicator")
        values = MeasureValues({name: getattr(self.proposal, name) for name in names}, steps)
        self.made = new_measure(self.point, values, proposal=self.proposal.id)
        return self.made

    def subject(self) -> models.Model:
        """The new measure."""
        return self.made or self.point

    def facts(self) -> dict[str, Any]:
        """Measure and point."""
        return {"measure": self.proposal.title, "point": str(self.point)}


def values_of_shape(shape: Shape, units: dict[str, Unit]) -> MeasureValues:
    """A measure of a plan file as a form would give it; ``units`` by name, with all that it names."""
    steps = [
        StepValues(
            step.text,
            [units[name] for name in step.units],
            step.period.start if step.period else None,
            step.period.end if step.period else None,
            (step.period.text or "") if step.period else "",
        )
        for step in shape.steps
    ]
    fields = {
        "title": shape.title,
        "monitoring": shape.monitoring or "",
        "budget": shape.budget.amount if shape.budget else None,
        "budget_source": (shape.budget.source or "") if shape.budget else "",
        "success_indicator": shape.success_indicator or "",
    }
    return MeasureValues(fields, steps)


@dataclass(kw_only=True)
class MeasureChange(PlanChange):
    """A change of one measure."""

    measure: Measure

    def subject(self) -> models.Model:
        """The measure."""
        return self.measure

    def facts(self) -> dict[str, Any]:
        """Which measure."""
        return {"measure": str(self.measure)}


@dataclass(kw_only=True)
class EditMeasure(MeasureChange):
    """Write over a measure and its steps; an edited proposal is thereby accepted. Refuses a stale ``version``."""

    values: MeasureValues
    version: int

    code = "plan.measure.edit"
    th = "{actor} แก้ไขมาตรการ “{measure}”"
    en = "{actor} edited the measure “{measure}”"

    def allowed(self) -> None:
        """Only over the version the form showed."""
        same_version(self.measure, self.version)

    def change(self) -> None:
        """Save the measure with its steps."""
        for name, value in self.values.fields.items():
            setattr(self.measure, name, value)
        self.measure.version = self.version + 1
        if self.measure.choice == Choice.PROPOSED:
            self.measure.choice = Choice.ACCEPTED
        self.measure.save(update_fields=(*self.values.fields, "version", "choice"))
        write_steps(self.measure, self.values.steps)


@dataclass(kw_only=True)
class AcceptMeasure(MeasureChange):
    """Take a proposal into the plan as it is."""

    code = "plan.measure.accept"
    th = "{actor} รับมาตรการ “{measure}”"
    en = "{actor} accepted the measure “{measure}”"

    def change(self) -> None:
        """Accept."""
        Measure.objects.filter(pk=self.measure.pk).update(choice=Choice.ACCEPTED, reason="")


@dataclass(kw_only=True)
class AcceptAll(PlanChange):
    """Take every proposal that nobody decided on yet, in points that stand."""

    count: int = field(default=0, init=False)

    code = "plan.accept_all"
    th = "{actor} รับมาตรการที่ระบบเสนอทั้งหมด {count} มาตรการ"
    en = "{actor} accepted all {count} proposed measures"

    def allowed(self) -> None:
        """There must be some."""
        if not self._open().exists():
            raise refuse("plan.none_open", "ไม่มีข้อเสนอที่รอการตัดสินใจ", "No proposal is waiting for a decision.")

    def _open(self) -> models.QuerySet[Measure]:
        return Measure.objects.filter(point__plan=self.plan, point__dropped=False, choice=Choice.PROPOSED)

    def change(self) -> None:
        """Accept."""
        self.count = self._open().update(choice=Choice.ACCEPTED)

    def facts(self) -> dict[str, Any]:
        """How many."""
        return {"count": self.count}


@dataclass(kw_only=True)
class DropMeasure(MeasureChange):
    """Take a measure out of the plan, with the reason; it can be restored."""

    reason: str

    code = "plan.measure.drop"
    th = "{actor} ตัดมาตรการ “{measure}” ออก เหตุผล: {reason}"
    en = "{actor} dropped the measure “{measure}”. Reason: {reason}"

    def allowed(self) -> None:
        """A reason is needed."""
        self.reason = mandatory(self.reason)

    def change(self) -> None:
        """Drop."""
        Measure.objects.filter(pk=self.measure.pk).update(choice=Choice.DROPPED, reason=self.reason)

    def personal(self) -> dict[str, Any]:
        """The reason as typed."""
        return {"reason": self.reason}


@dataclass(kw_only=True)
class RestoreMeasure(MeasureChange):
    """Undo: a dropped or accepted proposal waits for a decision again; a measure of one's own is back in the plan."""

    code = "plan.measure.restore"
    th = "{actor} ย้อนการตัดสินใจเรื่องมาตรการ “{measure}”"
    en = "{actor} took back the decision on the measure “{measure}”"

    def change(self) -> None:
        """Restore."""
        back = Choice.PROPOSED if self.measure.proposal else Choice.ACCEPTED
        Measure.objects.filter(pk=self.measure.pk).update(choice=back, reason="")


@dataclass(kw_only=True)
class MoveMeasure(MeasureChange):
    """One place up (-1) or down (1) within its point."""

    step: int

    code = "plan.measure.move"
    th = "{actor} เลื่อนลำดับมาตรการ “{measure}”"
    en = "{actor} moved the measure “{measure}”"

    def change(self) -> None:
        """Swap with the neighbour."""
        swap(list(self.measure.point.measures.all()), self.measure, self.step)
