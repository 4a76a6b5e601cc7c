"""May this person see a release that is prepared? And which published files does an address name? The object or 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from prongsai.site.nation.access import nation_for
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.reading import published


def release_for(request: HttpRequest, slug: str, revision: int) -> Release:
    """A revision in any state, for whoever assesses the whole round. Raises ``Http404``."""
    found = nation_for(request, slug).releases.select_related("round", "result", "by", "changes")
    release = found.filter(revision=revision).first()
    if release is None:
        raise Http404
    return release


def readable(slug: str, revision: int) -> Release:
    """A revision that everybody may read. Raises ``Http404``."""
    release = published().filter(round__slug=slug, revision=revision).first()
    if release is None:
        raise Http404
    return release
