"""May this person have this plan or measure? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.people.access import may, units_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.models import Measure, Plan, PlanState, Point
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


def plan_for(request: HttpRequest, code: str, slug: str, what: May) -> Plan:
    """The plan of an assessment. Whoever may not see drafts gets it only once it is published. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, what)
    plan = assessment.plans.first()
    if plan is None:
        raise Http404
    hidden = plan.state != PlanState.PUBLISHED and not may(request.user, May.SEE_DRAFTS, assessment.agency)  # type: ignore[arg-type]
    if hidden:
        raise Http404
    plan.assessment = assessment
    return plan


def measure_for(request: HttpRequest, pk: int, what: May) -> Measure:
    """A measure. To report, a unit owner needs a step of an own unit in it. Raises ``Http404``."""
    measure = (
        Measure.objects.select_related("point__plan__assessment__agency", "point__plan__assessment__round")
        .filter(pk=pk)
        .first()
    )
    if measure is None:
        raise Http404
    agency = measure.point.plan.assessment.agency
    if not may(request.user, what, agency):  # type: ignore[arg-type]
        raise Http404
    if what == May.REPORT and not may_report_on(request.user, measure):  # type: ignore[arg-type]
        raise Http404
    return measure


def may_report_on(person: Person, measure: Measure) -> bool:
    """Whether a person reports on a measure: a unit owner with a step of an own unit in it, or whoever plans."""
    agency = measure.point.plan.assessment.agency
    if may(person, May.PLAN, agency):
        return True
    own = [unit.pk for unit in units_for(person, agency)]
    return bool(own) and measure.steps.filter(units__in=own).exists()


def plan_seen(request: HttpRequest, assessment: Assessment) -> Plan | None:
    """The plan of an assessment this person already has, if it is there and not a draft hidden from them."""
    plan = assessment.plans.first()
    if plan is None:
        return None
    plan.assessment = assessment
    drafts = may(request.user, May.SEE_DRAFTS, assessment.agency)  # type: ignore[arg-type]
    return plan if drafts or plan.state == PlanState.PUBLISHED else None


def point_in(plan: Plan, pk: int) -> Point:
    """A point of a plan this person already has. Raises ``Http404``."""
    found = plan.points.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.plan = plan
    return found


def measure_in(plan: Plan, pk: int) -> Measure:
    """A measure of a plan this person already has. Raises ``Http404``."""
    found = Measure.objects.select_related("point").filter(pk=pk, point__plan=plan).first()
    if found is None:
        raise Http404
    found.point.plan = plan
    return found
