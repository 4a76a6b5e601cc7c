"""May this person have this survey, or set up surveys here? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.agencies.models import Agency
from prongsai.site.people.access import may, need
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment, Round
from prongsai.site.surveys.models import Survey


def sets_up(person: Person, assessment: Assessment) -> bool:
    """Whether a person sets up the surveys of an agency: assessors, or its own people in a round of its own."""
    what = May.ASK if assessment.round.own_id else May.ASSESS
    return may(person, what, assessment.agency)


def sees_all(person: Person, agency: Agency) -> bool:
    """Whether a person sees every count at once: those who are not of the agency and watch it."""
    inside = may(person, May.ACKNOWLEDGE, agency)  # whoever works there
    return not inside and (may(person, May.ASSESS, agency) or may(person, May.COACH, agency))


def set_up_for(request: HttpRequest, code: str, slug: str) -> Assessment:
    """An agency's year, for whoever sets up its surveys. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.SEE)
    if not sets_up(request.user, assessment):  # type: ignore[arg-type]
        raise Http404
    return assessment


def survey_of(assessment: Assessment, container: str) -> Survey:
    """One survey of an agency's year. Raises ``Http404``."""
    found = assessment.surveys.select_related("form").filter(container=container).first()
    if found is None:
        raise Http404
    found.assessment = assessment
    return found


def survey_for(request: HttpRequest, code: str, slug: str, container: str, what: May) -> Survey:
    """A survey, for whoever may do this to its agency. Raises ``Http404``."""
    return survey_of(assessment_for(request, code, slug, what), container)


def survey_to_set_up(request: HttpRequest, code: str, slug: str, container: str) -> Survey:
    """A survey, for whoever sets it up. Raises ``Http404``."""
    return survey_of(set_up_for(request, code, slug), container)


def assessed_round(request: HttpRequest, slug: str, what: May = May.ASSESS) -> Round:
    """A round of many agencies, for those who assess (or watch) some of them. Raises ``Http404``."""
    need(request, what)
    found = Round.objects.filter(slug=slug, own=None).first()
    if found is None:
        raise Http404
    return found
