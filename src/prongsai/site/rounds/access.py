"""May this person have this agency's year, or run this round? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.people.access import agencies_for, may, need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Assessment, Round


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


def round_for(request: HttpRequest, slug: str) -> Round:
    """A round, for whoever runs rounds. Raises ``Http404``."""
    need(request, May.MANAGE_ROUNDS)
    found = Round.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def covers_round(person: Person, of: Round) -> bool:
    """Whether a person runs rounds for every agency of one; others act on their own agencies alone."""
    own = agencies_for(person, May.MANAGE_ROUNDS)
    return not own.query.where or not of.assessments.exclude(agency__in=own).exists()


def contact_of(person: Person, of: Round) -> str:
    """Whom the agencies of a round that this person covers may ask; empty where nobody was named."""
    own = of.assessments.filter(agency__in=agencies_for(person, May.MANAGE_ROUNDS)).exclude(contact="")
    return own.order_by("pk").values_list("contact", flat=True).first() or ""
