"""Who may have which document: inside the agency all of them, outside what is public once it is published."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.papers.catalog import Kind, Wanted, kind_of, wanted_of
from prongsai.site.papers.models import Template
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.models import PlanState
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


def may_have(person: Person, assessment: Assessment, kind: Kind) -> bool:
    """Whether a person who sees the year may have a kind of document made from it."""
    if may(person, May.SEE_DRAFTS, assessment.agency):
        return True
    if not kind.public:
        return False
    published = assessment.plans.filter(state=PlanState.PUBLISHED).exists() if kind.needs else True
    return published and ("progress" not in kind.needs or assessment.reported_12_at is not None)


def paper_for(request: HttpRequest, code: str, slug: str) -> tuple[Assessment, Wanted, Kind]:
    """The year, and what the query or form asks to be made from it. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.SEE)
    wanted = wanted_of(request.POST if request.method == "POST" else request.GET)
    kind = kind_of(wanted.kind) if wanted else None
    assert isinstance(request.user, Person)
    if wanted is None or kind is None or not may_have(request.user, assessment, kind):
        raise Http404
    return assessment, wanted, kind


def template_for(request: HttpRequest, pk: int, *any_of: May) -> Template:
    """A template of an agency to which this person may do one of these. Raises ``Http404``."""
    found = Template.objects.select_related("agency", "file").filter(pk=pk).first()
    assert isinstance(request.user, Person)
    if found is None or not any(may(request.user, what, found.agency) for what in any_of):
        raise Http404
    return found
