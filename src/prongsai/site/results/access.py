"""May this person have this import or this revision? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.people.permissions import May
from prongsai.site.results.models import Import, Result
from prongsai.site.rounds.access import assessment_for


def import_for(request: HttpRequest, code: str, slug: str, pk: int) -> Import:
    """An upload that was tried, for whoever may bring in results of that year. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.IMPORT)
    found = assessment.imports.select_related("file", "by").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.assessment = assessment
    return found


def revision_for(request: HttpRequest, code: str, slug: str, revision: int) -> Result:
    """A revision of the results, for whoever may bring in others. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.IMPORT)
    found = assessment.results.filter(revision=revision).first()
    if found is None:
        raise Http404
    found.assessment = assessment
    return found
