"""May this person interview, or supervise the interviews of this survey? The object or 404."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from prongsai.site.fieldwork.models import Assignment
from prongsai.site.people.access import agencies_for, may
from prongsai.site.people.models import Person, Role, RoleKind, now_in_force
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.surveys.models import Survey


def person_of(request: HttpRequest) -> Person:
    """Whoever is signed in, on pages for people who are."""
    assert isinstance(request.user, Person)
    return request.user


def surveyor_for(request: HttpRequest) -> Person:
    """The signed-in person, if a surveyor now or once. Raises ``Http404``.

    Whose role is over may still send what was done before; new interviews are not offered (``bundle``).
    """
    person = person_of(request)
    if not may(person, May.INTERVIEW) and not person.roles.filter(kind=RoleKind.SURVEYOR, accepted=True).exists():
        raise Http404
    return person


def interviews_for(request: HttpRequest, code: str, slug: str, container: str) -> Survey:
    """The survey whose interviews this person supervises. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.SUPERVISE_FIELD)
    survey = assessment.surveys.filter(container=container, by_interview=True).select_related("form").first()
    if survey is None:
        raise Http404
    survey.assessment = assessment
    return survey


def surveyors(survey: Survey) -> QuerySet[Person]:
    """Everyone who may be given a quota of this survey, by name: as ``people.access`` decides, in one query."""
    agency = survey.assessment.agency
    everywhere = Q(province__in=("", agency.province), agency=None) & (Q(parent=None) | Q(parent=agency.parent_id))
    roles = Role.objects.filter(now_in_force(timezone.localdate()), Q(agency=agency) | everywhere)
    return Person.objects.filter(is_active=True, pk__in=roles.filter(kind=RoleKind.SURVEYOR).values("person"))


def supervised(person: Person) -> QuerySet[Survey]:
    """Surveys with interviews that a person supervises, newest round first."""
    own = agencies_for(person, May.SUPERVISE_FIELD)
    found = Survey.objects.filter(by_interview=True, assessment__agency__in=own)
    return found.select_related("assessment__agency", "assessment__round").order_by(
        "-assessment__round", "assessment__agency__name", "container"
    )


def own_assignments(person: Person) -> QuerySet[Assignment]:
    """A surveyor's assignments."""
    related = ("survey__form", "survey__seal", "survey__assessment__agency", "survey__assessment__round")
    return Assignment.objects.filter(surveyor=person).select_related(*related)
