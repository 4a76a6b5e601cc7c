"""What an agency itself made public of a year: its plan as approved, progress, documents, who approved, its links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from prongsai.improvement.follow_up import Summary, entries, summarise
from prongsai.improvement.model import Measure, MeasureProgress, Plan, Point
from prongsai.site.approval.access import is_public
from prongsai.site.approval.freeze import MONTHS, PLAN_DATA, PUBLIC, plan_of
from prongsai.site.approval.models import Bundle, BundleFile, BundleState, Turn
from prongsai.site.inspection.models import Confirmation
from prongsai.site.plans.convert import as_progress
from prongsai.site.plans.models import PlanState, Report


@dataclass(frozen=True)
class Doing:
    """What there is to show of an agency's own doing; empty where nothing was made public.

    ``measures``: of the plan as it was approved, each with what became of it where a report was made public.
    """

    plan: Plan | None = None
    measures: tuple[tuple[Point, Measure, MeasureProgress | None], ...] = ()
    months: int | None = None
    progress: Summary | None = None
    documents: tuple[tuple[Bundle, tuple[BundleFile, ...]], ...] = ()
    turns: tuple[tuple[Bundle, tuple[Turn, ...]], ...] = ()
    links: Confirmation | None = None

    @property
    def filed(self) -> int:
        """How many items of the table have links."""
        return sum(1 for item in self.links.content["items"] if item["links"]) if self.links else 0


def doing_of(code: str, slug: str) -> Doing:
    """What an agency made public of its year in a round. At most eight queries."""
    bundles = _public_bundles(code, slug)
    links = Confirmation.objects.filter(
        assessment__agency__code=code, assessment__round__slug=slug, withdrawn_at=None
    ).first()
    if not bundles:
        return Doing(links=links)
    plan = _plan(bundles.get("plan"))
    months, reported, summary = _progress(bundles)
    measures = tuple(
        (point, measure, reported.get(measure.id))
        for point in (plan.points if plan else ())
        for measure in point.measures
    )
    shown = sorted(bundles.values(), key=lambda one: one.subject)
    documents = tuple((one, tuple(file for file in one.files.all() if file.kind in PUBLIC)) for one in shown)
    turns = tuple((one, tuple(turn for turn in one.turns.all() if turn.verb)) for one in shown)
    return Doing(plan, measures, months, summary, documents, turns, links)


def doing_key(code: str) -> str:
    """Another text whenever something of it changes, in any round; two queries."""
    bundles = Bundle.objects.filter(
        plan__assessment__agency__code=code, state=BundleState.APPROVED, plan__state=PlanState.PUBLISHED
    )
    links = Confirmation.objects.filter(assessment__agency__code=code, withdrawn_at=None)
    told: list[Any] = [*bundles.values_list("pk", "plan__revision"), *links.values_list("pk", "digest")]
    return str(told)


def document_of(code: str, slug: str, pk: int) -> BundleFile:
    """A frozen file of what an agency made public. Raises ``Http404`` for any other."""
    for bundle in _public_bundles(code, slug).values():
        for file in bundle.files.all():
            if file.pk == pk and file.kind in PUBLIC:
                return file
    raise Http404


def _public_bundles(code: str, slug: str) -> dict[str, Bundle]:
    """The newest public bundle of each subject."""
    found = Bundle.objects.filter(
        plan__assessment__agency__code=code,
        plan__assessment__round__slug=slug,
        plan__state=PlanState.PUBLISHED,
        state=BundleState.APPROVED,
    )
    related = found.select_related("plan").prefetch_related("files__file", "turns").order_by("decided_at")
    return {one.subject: one for one in related if is_public(one)}


def _plan(bundle: Bundle | None) -> Plan | None:
    """The plan as it was frozen, whatever was written since."""
    data = next((file for file in bundle.files.all() if file.kind == PLAN_DATA), None) if bundle else None
    return plan_of(data.file.read()) if data else None


def _progress(bundles: dict[str, Bundle]) -> tuple[int | None, dict[str, MeasureProgress], Summary | None]:
    """What became of each measure by the newest public report; nothing where reports changed after it was frozen."""
    for subject, months in sorted(MONTHS.items(), key=lambda one: -one[1]):
        bundle = bundles.get(subject)
        if bundle is None:
            continue
        later = Report.objects.filter(measure__point__plan=bundle.plan_id, months=months, at__gt=bundle.at)
        if later.exists():
            return None, {}, None
        found = as_progress(bundle.plan, months)
        return months, {entry.measure: entry for _, _, entry in entries(found)}, summarise(found)
    return None, {}, None
