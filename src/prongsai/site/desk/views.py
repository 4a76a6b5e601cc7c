"""What to do now, and an agency's year at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.base.views import signed_in
from prongsai.site.people.access import agencies_for, agency_for, roles_of
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import deadlines


def home(request: HttpRequest) -> HttpResponse:
    """For a stranger: what this is. For someone signed in: their agencies and what is next."""
    if not request.user.is_authenticated:
        return render(request, "desk/welcome.html")
    agencies = agencies_for(request.user)[:20]
    roles = roles_of(request.user)
    return render(request, "desk/home.html", {"agencies": agencies, "roles": roles})


@signed_in
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """An agency: its years."""
    found = agency_for(request, code, May.SEE)
    years = found.assessments.select_related("round")
    return render(request, "desk/agency.html", {"agency": found, "years": years})


@signed_in
def year(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """An agency's year: steps, deadlines, whom to ask."""
    assessment = assessment_for(request, code, slug, May.SEE)
    context = {"assessment": assessment, "agency": assessment.agency, "deadlines": deadlines(assessment)}
    return render(request, "desk/year.html", context)
