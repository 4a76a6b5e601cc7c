"""May this person judge this item, decide this clarification, see this copy, read these verdicts? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.inspection.judging import barred_agencies, to_decide
from prongsai.site.inspection.models import Clarification, Conflict, Evidence, Mark, Preserved
from prongsai.site.inspection.states import FILLING
from prongsai.site.inspection.walk import Walk
from prongsai.site.people.access import may, need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


def judged_for(request: HttpRequest, way: Walk, pk: int) -> Evidence:
    """An item on this inspector's way, to be marked now. Raises ``Http404``."""
    need(request, May.INSPECT)
    found = way.rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def marked_for(request: HttpRequest, pk: int) -> Evidence:
    """An item that this inspector has marked. Raises ``Http404``."""
    need(request, May.INSPECT)
    found = Mark.objects.select_related("evidence__assessment__agency", "evidence__assessment__round")
    mark = found.filter(evidence=pk, inspector=request.user).first()  # type: ignore[misc]
    if mark is None:
        raise Http404
    return mark.evidence


def clarified_for(request: HttpRequest, pk: int) -> Clarification:
    """A clarification or appeal that this inspector may decide now. Raises ``Http404``."""
    need(request, May.INSPECT)
    found = to_decide(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


def conflict_for(request: HttpRequest, pk: int) -> Conflict:
    """A conflict that this person has declared. Raises ``Http404``."""
    need(request, May.INSPECT)
    found = Conflict.objects.select_related("agency", "inspector").filter(pk=pk, inspector=request.user).first()  # type: ignore[misc]
    if found is None:
        raise Http404
    return found


def copy_for(request: HttpRequest, pk: int) -> Preserved:
    """A preserved copy: for inspectors in reach once the item is locked, for the agency's own people always.

    Raises ``Http404``.
    """
    found = Preserved.objects.select_related("evidence__assessment__agency").filter(pk=pk).first()
    if found is None:
        raise Http404
    agency, person = found.evidence.assessment.agency, request.user
    inside = may(person, May.SEE_DRAFTS, agency)  # type: ignore[arg-type]
    filed = found.evidence.state not in FILLING
    judges = filed and may(person, May.INSPECT, agency) and agency.pk not in barred_agencies(person)  # type: ignore[arg-type]
    if not inside and not judges:
        raise Http404
    return found


def told_for(request: HttpRequest, code: str, slug: str) -> Assessment:
    """An assessment whose verdicts this person may read before they are final: the agency's people and who assesses it.

    Raises ``Http404``.
    """
    assessment = assessment_for(request, code, slug, May.SEE)
    if not is_told(request.user, assessment):  # type: ignore[arg-type]
        raise Http404
    return assessment


def is_told(person: Person, assessment: Assessment) -> bool:
    """Whether preliminary verdicts concern this person: inside the agency, above it, or assessing it."""
    return any(may(person, what, assessment.agency) for what in (May.SEE_DRAFTS, May.ASSESS))
