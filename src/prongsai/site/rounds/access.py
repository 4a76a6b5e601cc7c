"""May this person have this agency's year? The assessment or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Assessment


def assessment_for(request: HttpRequest, code: str, slug: str, what: May) -> Assessment:
    """The assessment of an agency in a round, if this person may do that to it. Raises ``Http404``."""
    found = (
        Assessment.objects.select_related("round", "agency", "agency__parent")
        .filter(agency__code=code, round__slug=slug)
        .first()
    )
    if found is None or not may(request.user, what, found.agency):  # type: ignore[arg-type]
        raise Http404
    return found
