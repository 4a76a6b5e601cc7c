"""Between the plan people edit and the improvement room's shape, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from django.db.models import Prefetch

from prongsai.improvement import model
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.plans.models import Choice, Measure, Plan, Point, Report, Step


def loaded(plan: Plan) -> list[Point]:
    """All points of a plan with measures, steps and units; four queries."""
    steps = Step.objects.prefetch_related("units")
    measures = Measure.objects.prefetch_related(Prefetch("steps", steps))
    return list(plan.points.prefetch_related(Prefetch("measures", measures)))


def as_plan(plan: Plan, points: Iterable[Point] | None = None, *, proposed: bool = False) -> model.Plan:
    """The plan as documents and checks take it: accepted measures, and proposed ones too if asked."""
    agency = plan.assessment.agency
    wanted = {Choice.ACCEPTED, Choice.PROPOSED} if proposed else {Choice.ACCEPTED}
    filed = (
        model.FiledAs(fiscal_year=plan.filed_year, item=plan.filed_item)
        if plan.filed_year and plan.filed_item
        else None
    )
    return model.Plan(
        kind="action_plan" if plan.kind == "action_plan" else "measures",
        agency=model.AgencyRef(
            name=agency.name,
            kind=agency.kind or None,
            district=agency.district or None,
            province=agency.province or None,
        ),
        framework=plan.assessment.round.framework_id,
        result_year=plan.assessment.round.fiscal_year or plan.action_year - 1,
        action_year=plan.action_year,
        filed_as=filed,
        points=[
            _point(point, merged, wanted)
            for point, merged in folded(loaded(plan) if points is None else points)
            if not point.dropped
        ],
    )


def folded(points: Iterable[Point]) -> list[tuple[Point, list[Point]]]:
    """Every point that stands by itself, with the points merged into it, directly or through another."""
    every = list(points)
    by_pk = {point.pk: point for point in every}
    inside: dict[int, list[Point]] = {point.pk: [] for point in every if not point.merged_into_id}
    for point in every:
        root = point
        while root.merged_into_id:
            root = by_pk[root.merged_into_id]
        if root is not point:
            inside[root.pk].append(point)
    return [(by_pk[pk], merged) for pk, merged in inside.items()]


def _point(point: Point, merged: list[Point], wanted: set[Choice]) -> model.Point:
    """A point speaks for those merged into it: their items, what was found of them, and their measures."""
    every = [point, *merged]
    return model.Point(
        id=point.key,
        items=list(dict.fromkeys(code for one in every for code in one.items)),
        indicators=list(dict.fromkeys(number for one in every for number in one.indicators)),
        topic=point.topic or None,
        finding=" ".join(one.finding for one in every if one.finding) or None,
        guideline=point.guideline or None,
        measures=[_measure(m) for one in every for m in one.measures.all() if m.choice in wanted],
    )


def _measure(measure: Measure) -> model.Measure:
    budget = (
        model.Budget(amount=measure.budget, source=measure.budget_source or None)
        if measure.budget is not None
        else None
    )
    return model.Measure(
        id=measure.key,
        title=measure.title,
        steps=[_step(step) for step in measure.steps.all()],
        monitoring=measure.monitoring or None,
        budget=budget,
        success_indicator=measure.success_indicator or None,
        proposal=measure.proposal or None,
    )


def _step(step: Step) -> model.Step:
    period = model.Period(start=step.start, end=step.end, text=step.period_text or None)
    return model.Step(
        text=step.text,
        units=[unit.name for unit in step.unit_list],
        period=period if step.start or step.end or step.period_text else None,
    )


def as_progress(plan: Plan, months: Literal[6, 12]) -> model.Progress:
    """The progress of a plan at 6 or 12 months, from what was reported; a measure without a report has not begun."""
    reports = Report.objects.filter(measure__point__plan=plan, months=months)
    reports = reports.select_related("measure").prefetch_related("deeds", "proofs__file")
    return progress_of(as_plan(plan), reports, months)


def progress_of(shape: model.Plan, reports: Iterable[Report], months: Literal[6, 12]) -> model.Progress:
    """The same from a plan and reports at hand; those of the other period are left out."""
    found = {report.measure.key: report for report in reports if report.months == months}
    keys = [measure.id for point in shape.points for measure in point.measures]
    return model.Progress(plan=shape, months=months, measures=[_progress(key, found.get(key)) for key in keys])


def _progress(key: str, report: Report | None) -> model.MeasureProgress:
    if report is None:
        return model.MeasureProgress(measure=key, status="not_started")
    return model.MeasureProgress(
        measure=key,
        status=report.status,
        done=[model.Deed(text=deed.text, date=deed.date, end=deed.end) for deed in report.deeds.all()],
        proof=[
            model.Proof(
                kind=proof.kind,
                title=proof.title or None,
                number=proof.number or None,
                date=proof.date,
                subject=proof.subject or None,
                url=proof.url or None,
                path=proof.file.name if proof.file else None,
            )
            for proof in report.proofs.all()
        ],
        obstacles=report.obstacles or None,
        result=report.result or None,
    )


def store(plan: Plan, shape: model.Plan, choice: Choice) -> None:
    """Write a plan's points, measures and steps into the database under ``plan``; units are made by name if missing."""
    agency = plan.assessment.agency
    units = {unit.name: unit for unit in agency.units.all()}
    for order, point in enumerate(shape.points, start=1):
        row = Point.objects.create(
            plan=plan,
            order=order,
            key=point.id,
            items=point.items,
            indicators=point.indicators,
            topic=point.topic or "",
            finding=point.finding or "",
            guideline=point.guideline or "",
        )
        for place, measure in enumerate(point.measures, start=1):
            _store_measure(row, place, measure, choice, units)


def known_units(agency: Agency, units: dict[str, Unit], names: Iterable[str]) -> list[Unit]:
    """Units by name; one the agency does not have yet is made and added to ``units``."""
    for name in names:
        if name not in units:
            units[name] = Unit.objects.create(agency=agency, name=name, order=len(units) + 1)
    return [units[name] for name in names]


def _store_measure(point: Point, place: int, measure: model.Measure, choice: Choice, units: dict[str, Unit]) -> None:
    row = Measure.objects.create(
        point=point,
        order=place,
        key=measure.id,
        title=measure.title,
        monitoring=measure.monitoring or "",
        budget=Decimal(measure.budget.amount) if measure.budget else None,
        budget_source=(measure.budget.source or "") if measure.budget else "",
        success_indicator=measure.success_indicator or "",
        proposal=measure.proposal or "",
        choice=choice,
    )
    for number, step in enumerate(measure.steps, start=1):
        made = Step.objects.create(
            measure=row,
            order=number,
            text=step.text,
            start=step.period.start if step.period else None,
            end=step.period.end if step.period else None,
            period_text=(step.period.text or "") if step.period else "",
        )
        made.units.add(*known_units(point.plan.assessment.agency, units, step.units))
