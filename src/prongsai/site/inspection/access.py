"""May this person have this item of an agency's checklist? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.evidence.links import checklist_items
from prongsai.site.inspection.chief import signs_as
from prongsai.site.inspection.filing import may_fill
from prongsai.site.inspection.models import Evidence
from prongsai.site.inspection.states import FILLING
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


def evidence_for(request: HttpRequest, assessment: Assessment, item: str, *, fill: bool = False) -> Evidence:
    """One item's evidence, not saved yet where nobody touched it. ``fill``: only for those who may change it.

    Until it is confirmed it is a draft of the agency's own. Raises ``Http404``.
    """
    if item not in checklist_items(assessment.round.framework):
        raise Http404
    found = assessment.evidence.select_related("unit", "by").filter(item=item).first()
    evidence = found or Evidence(assessment=assessment, item=item)
    evidence.assessment = assessment
    hidden = evidence.state in FILLING and not may(request.user, May.SEE_DRAFTS, assessment.agency)  # type: ignore[arg-type]
    if hidden or (fill and not may_fill(request.user, evidence)):  # type: ignore[arg-type]
        raise Http404
    return evidence


def confirming_for(request: HttpRequest, code: str, slug: str) -> tuple[Assessment, str]:
    """The assessment, and how this person signs for the chief executive. Raises ``Http404`` for anyone else."""
    assessment = assessment_for(request, code, slug, May.DECIDE)
    signed_as = signs_as(request.user, assessment.agency)  # type: ignore[arg-type]
    if not signed_as:
        raise Http404
    return assessment, signed_as
