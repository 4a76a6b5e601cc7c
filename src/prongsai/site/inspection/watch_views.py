"""What the watch sees of an agency's published links."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.evidence.watch import is_dead
from prongsai.site.base.views import signed_in
from prongsai.site.inspection.models import WatchedAddress
from prongsai.site.inspection.watching import watched
from prongsai.site.people.access import agency_for
from prongsai.site.people.permissions import May

_PAGE = 50


@signed_in
def dead_links(request: HttpRequest, code: str) -> HttpResponse:
    """Published addresses, those that do not open first; the check is advice and never lowers a score."""
    agency = agency_for(request, code, May.SEE_DRAFTS)
    links = sorted(watched([agency]), key=lambda one: (not is_dead(one), not one.failures, one.url))
    reasons = dict(WatchedAddress.objects.filter(url__in=[one.url for one in links]).values_list("url", "reason"))
    rows = [(one, is_dead(one), reasons.get(one.url, "")) for one in links]
    context = {
        "agency": agency,
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "dead": sum(dead for _, dead, _ in rows),
    }
    return render(request, "inspection/dead_links.html", context)
