"""May this person read or run a round's result over all agencies? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import covers_round
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.access import assessed_round


def nation_for(request: HttpRequest, slug: str) -> Round:
    """A round, for whoever assesses every agency of it. Raises ``Http404``."""
    found = assessed_round(request, slug, May.ASSESS)
    if not covers_round(request.user, found):  # type: ignore[arg-type]
        raise Http404
    return found


def revision_for(request: HttpRequest, slug: str, revision: int) -> NationResult:
    """A revision, for whoever assesses the whole round. Raises ``Http404``."""
    found = nation_for(request, slug)
    result = found.nation_results.select_related("file", "round").filter(revision=revision).first()
    if result is None:
        raise Http404
    return result


def job_for(request: HttpRequest, slug: str, pk: int) -> NationJob:
    """A gathering, for whoever assesses the whole round. Raises ``Http404``."""
    job = nation_for(request, slug).nation_jobs.select_related("by", "result", "round").filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def published_for(slug: str) -> NationResult:
    """What everybody may read of a round. Raises ``Http404`` where nothing is published."""
    found = NationResult.objects.select_related("round", "public_file")
    result = found.filter(round__slug=slug, round__own=None, published_at__isnull=False).first()
    if result is None:
        raise Http404
    return result
