"""The monitor: answered against required over a nation, a province or a kind of agency."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import covers_round
from prongsai.site.surveys.access import assessed_round
from prongsai.site.surveys.curve import curve
from prongsai.site.surveys.listed import ListedSurveys
from prongsai.site.surveys.models import SurveyState
from prongsai.site.surveys.monitor import GROUPS, Monitor, Part, as_csv, as_xlsx

_PAGE = 50
_BY = {"province": "assessment__agency__province", "kind": "assessment__agency__kind"}


def _monitor(request: HttpRequest, slug: str) -> Monitor:
    found = assessed_round(request, slug, May.COACH)
    return Monitor(ListedSurveys(request.user, found, request.GET, May.COACH))  # type: ignore[arg-type]


@signed_in
def monitor(request: HttpRequest, slug: str) -> HttpResponse:
    """All together by questionnaire, then by province or kind, then the agencies at risk first."""
    found = _monitor(request, slug)
    by = request.GET.get("by", "province")
    by = by if by in _BY else "province"
    listed = found.listed
    page = Paginator(listed.narrowed(), _PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * _PAGE
    whole, groups = found.parts(_BY[by])
    days = found.days()
    answered = sum(part.answered for part in whole)
    seen = found.forecast(days, answered)
    assesses = may(request.user, May.ASSESS)  # type: ignore[arg-type]
    context = {
        "round": listed.round,
        "listed": listed,
        "kinds": AGENCY_KINDS,
        "states": SurveyState.choices,
        "whole": whole,
        "parts": [_named(part, by) for part in groups],
        "by": by,
        "by_name": GROUPS[_BY[by]],
        "page": page,
        "rows": found.rows(found.at_risk()[start : start + _PAGE]),
        "closes": found.closes(),
        "days": days,
        "forecast": seen,
        "answered": answered,
        "curve": curve(days, found.closes(), seen),
        "assesses": assesses,
        "assesses_all": assesses and covers_round(request.user, listed.round),  # type: ignore[arg-type]
    }
    return render(request, "surveys/monitor.html", context)


def _named(part: Part, by: str) -> tuple[str, str, Part]:
    """A group with its name on screen and its key for the filter."""
    return (AGENCY_KINDS.get(part.name, part.name) if by == "kind" else part.name, part.name, part)


@signed_in
def monitor_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The list, as asked for, to take along."""
    found = _monitor(request, slug)
    if form not in ("csv", "xlsx"):
        raise Http404
    data = as_csv(found) if form == "csv" else as_xlsx(found)
    response = HttpResponse(data, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="surveys-{slug}.{form}"'
    return response
