"""Choose measures of last year's plan to carry over, beside what changed since."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.analysis.ranking import item_scores
from prongsai.improvement.follow_up import STATUS_TH
from prongsai.site.base.text import pick
from prongsai.site.people.permissions import May
from prongsai.site.plans.access import plan_for
from prongsai.site.plans.actions.copies import CopyMeasures, may_be_copied
from prongsai.site.plans.editing import confirmed, done, editing, person
from prongsai.site.plans.effect import Effect, earlier_plan, effects
from prongsai.site.plans.models import Measure, Plan, Report
from prongsai.site.results.sheet import current_sheet


@dataclass(frozen=True)
class Candidate:
    """A measure of last year: the scores it was to raise, what was done, and whether it is in this plan already."""

    measure: Measure
    effects: list[Effect]
    report: Report | None
    status: str
    copied: bool


@editing
def copy(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The list to choose from; on POST the chosen ones are copied."""
    plan = plan_for(request, code, slug, May.PLAN)
    source = earlier_plan(plan.assessment)
    if source is None:
        raise Http404
    measures = may_be_copied(source)
    if request.method == "POST":
        chosen = set(request.POST.getlist("measure"))
        wanted = [measure for measure in measures if str(measure.pk) in chosen]
        action = CopyMeasures(
            by=person(request), plan=plan, source=source, measures=wanted, confirmed=confirmed(request)
        )
        made = action.execute()
        words = (f"นำมาตรการมาใช้ต่อ {len(made)} มาตรการแล้ว โปรดปรับให้ตรงกับปีนี้", f"{len(made)} measures carried over.")
        return done(request, plan, f"measure-{made[0].pk}", words)
    context = {
        "assessment": plan.assessment,
        "agency": plan.assessment.agency,
        "plan": plan,
        "source": source,
        "candidates": _candidates(plan, source, measures),
        "year_then": source.assessment.round.fiscal_year,
        "year_now": plan.assessment.round.fiscal_year,
    }
    return render(request, "plans/copy.html", context)


def _candidates(plan: Plan, source: Plan, measures: list[Measure]) -> list[Candidate]:
    now, then = current_sheet(plan.assessment), current_sheet(source.assessment)
    raised = effects(then, now) if now and then else {}
    if not raised and then:
        reason = pick("ยังไม่มีผลการประเมินของปีนี้", "There are no results of this year.")
        raised = {
            code: Effect(code, one.title, one.score if one.shown else None, "", None, False, reason)
            for code, one in item_scores(then).items()
        }
    found = []
    for measure in measures:
        reports = sorted(measure.reports.all(), key=lambda report: report.months)
        report = reports[-1] if reports else None
        status = pick(STATUS_TH[report.status], report.get_status_display()) if report else ""  # type: ignore[index]
        copied = any(copy.point.plan_id == plan.pk for copy in measure.copies.all())
        touched = [raised[code] for code in measure.point.items if code in raised]
        found.append(Candidate(measure, touched, report, status, copied))
    return found
