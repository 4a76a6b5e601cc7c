"""For those who walk the web: which pages there are and since when, in parts, and where nobody need look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.opendata.reading import current
from prongsai.site.portal.caching import public_page

MOST = 50_000  # addresses in one file, as the protocol allows
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PLAIN = ("portal_home", "portal_method", "portal_data", "portal_changes", "nation_portal")
_CLOSED = ("/accounts/", "/agencies/", "/rounds/", "/me/", "/a/", "/results/compare/", "/results/suggest/")
_GROUPS = ("province", "ministry", "kind")

Place = tuple[str, dt.datetime | None]


@public_page()
def index(_request: HttpRequest) -> HttpResponse:
    """All parts: the pages of the portal, then each release's agencies."""
    releases = list(current())
    parts: list[Place] = [(reverse("sitemap_pages"), _newest(releases))]
    for release in releases:
        count = release.lines.count()
        parts += [
            (reverse("sitemap_part", args=[release.round.slug, number]), release.published_at)
            for number in range(1, -(-count // MOST) + 1)
        ]
    return _xml("sitemapindex", "sitemap", parts)


@public_page()
def pages(_request: HttpRequest) -> HttpResponse:
    """Pages that stand by themselves, each round's, and each group of agencies."""
    releases = list(current())
    newest = _newest(releases)
    found: list[Place] = [(reverse(name), newest) for name in _PLAIN]
    for release in releases:
        found += [
            (reverse(name, args=[release.round.slug]), release.published_at)
            for name in ("portal_method_of", "portal_data_of", "public_nation")
        ]
    for by in _GROUPS:
        rows = PublishedAgency.objects.filter(release__in=releases).exclude(**{by: ""})
        values = sorted(set(rows.values_list(by, flat=True).distinct()))
        found += [(reverse(f"portal_{by}", args=[value]), newest) for value in values]
    return _xml("urlset", "url", found[:MOST])


@public_page()
def part(_request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The agencies of one release, as many as a file may hold."""
    release = next((one for one in current() if one.round.slug == slug), None)
    if release is None or not number:
        raise Http404(slug)
    codes = release.lines.order_by("code").values_list("code", flat=True)[(number - 1) * MOST : number * MOST]
    found = [(reverse("portal_agency_year", args=[code, slug]), release.published_at) for code in codes]
    if not found:
        raise Http404(f"{slug} {number}")
    return _xml("urlset", "url", found)


@public_page()
def robots(_request: HttpRequest) -> HttpResponse:
    """Rooms behind the login and pages without end need not be walked."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED), ""]
    lines += [f"Sitemap: {settings.SITE_ADDRESS}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _newest(releases: Iterable[Release]) -> dt.datetime | None:
    return max((one.published_at for one in releases if one.published_at), default=None)


def _xml(root: str, name: str, places: Iterable[Place]) -> HttpResponse:
    body = "".join(_lines(root, name, places))
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def _lines(root: str, name: str, places: Iterable[Place]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n'
    for path, at in places:
        since = f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
        yield f"<{name}><loc>{escape(settings.SITE_ADDRESS + path)}</loc>{since}</{name}>\n"
    yield f"</{root}>\n"
