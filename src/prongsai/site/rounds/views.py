"""The list of agencies: one's own, or every agency of a round with how far it is."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.agency_list import STATES, Listed, spreadsheet
from prongsai.site.rounds.models import StageKind

_PAGE = 50
_OUTSIDE = 20


@signed_in
def agencies(request: HttpRequest) -> HttpResponse:
    """Agencies that this person may see, in the round asked for; htmx asks for the table alone."""
    listed = Listed(request.user, request.GET)  # type: ignore[arg-type]
    page = Paginator(listed.found(), _PAGE).get_page(request.GET.get("page"))
    context = {"listed": listed, "page": page, "rows": list(listed.rows(page)) if listed.round else []}
    if request.htmx and request.htmx.target == "list":  # type: ignore[attr-defined]
        return render(request, "rounds/agency_table.html", context)
    # Those whom the round does not know: a few people's own agencies, or a reminder to whoever runs rounds.
    outside = listed.visible.exclude(assessments__round=listed.round) if listed.round else listed.visible
    context |= {
        "outside": outside[:_OUTSIDE],
        "outside_count": outside.count(),
        "manages": may(request.user, May.MANAGE_ROUNDS),  # type: ignore[arg-type]
        "watches": _surveyed(listed) and may(request.user, May.COACH),  # type: ignore[arg-type]
        "kinds": AGENCY_KINDS,
        "steps": StageKind.choices,
        "states": STATES,
    }
    return render(request, "rounds/agencies.html", context)


def _surveyed(listed: Listed) -> bool:
    return listed.calendar is not None and StageKind.SURVEY in listed.calendar.kinds


@signed_in
def agencies_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list, as asked for, as a spreadsheet."""
    listed = Listed(request.user, request.GET)  # type: ignore[arg-type]
    response = HttpResponse(spreadsheet(listed), content_type=MEDIA_TYPES["xlsx"])
    name = f"agencies-{listed.round.slug}.xlsx" if listed.round else "agencies.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
