"""May this person have this plan or measure? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.people.access import may, units_for
from prongsai.site.people.permissions import May
from prongsai.site.plans.models import Measure, Plan, PlanState
from prongsai.site.rounds.access import assessment_for


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
    if what == May.REPORT and not may(request.user, May.PLAN, agency):  # type: ignore[arg-type]
        own = [unit.pk for unit in units_for(request.user, agency)]  # type: ignore[arg-type]
        if not measure.steps.filter(units__in=own).exists():
            raise Http404
    return measure
