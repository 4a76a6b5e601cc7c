"""What to do now, and an agency's year at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from prongsai.site.base.views import signed_in
from prongsai.site.desk.guide import first_day, setting_up
from prongsai.site.desk.steps import next_step, page_of
from prongsai.site.desk.todo import Desk, duties, overseen, own_agencies
from prongsai.site.history.entries import told_to
from prongsai.site.history.sentences import sentence
from prongsai.site.opendata.reading import years_of
from prongsai.site.people.access import agency_for, may, roles_of
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.portal.views import home as portal_home
from prongsai.site.results.sheet import current_sheet
from prongsai.site.results.show import figure
from prongsai.site.results.show_words import level_text
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import deadlines
from prongsai.site.rounds.models import IMPROVING, StageKind

_RECENT = 6


def home(request: HttpRequest) -> HttpResponse:
    """For a stranger the portal. For someone signed in: what to do now, most urgent first."""
    person = request.user
    if not isinstance(person, Person):
        response = portal_home(request)
        patch_vary_headers(response, ["Cookie"])  # whoever is signed in sees the desk at the same address
        return response
    tasks = Desk(person).tasks()
    context = {
        "tasks": [task for task in tasks if not task.waits],
        "waiting": [task for task in tasks if task.waits],
        "guide": first_day(person) or setting_up(person),
        "overseen": overseen(person),
        "duties": duties(person),
        "agencies": own_agencies(person),
        "roles": roles_of(person),
    }
    return render(request, "desk/home.html", context)


@signed_in
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """An agency: its years with score, level and how far each is."""
    found = agency_for(request, code, May.SEE)
    years = [
        (one, [(kind, one.done_at(kind)) for kind in StageKind if kind in IMPROVING or one.done_at(kind)])
        for one in found.assessments.select_related("round", "agency")
    ]
    return render(request, "desk/agency.html", {"agency": found, "years": years})


@signed_in
def year(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """An agency's year: what comes next, all steps with deadline and state, whom to ask, what happened last."""
    assessment = assessment_for(request, code, slug, May.SEE)
    person = request.user
    assert isinstance(person, Person)
    found = deadlines(assessment)
    entries = []
    if may(person, May.SEE_DRAFTS, assessment.agency):
        recent = told_to(assessment.agency).select_related("actor")[:_RECENT]
        entries = [(entry, sentence(entry)) for entry in recent]
    sheet = current_sheet(assessment)
    context = {
        "overall": figure(sheet, "overall") if sheet else None,
        "levels": level_text(sheet.level.names) if sheet else "",
        "public": years_of(assessment.agency.code).filter(release__round=assessment.round).exists(),
        "assessment": assessment,
        "agency": assessment.agency,
        "next": next_step(assessment, found, person),
        "steps": [(one, page_of(assessment, one.kind, person)) for one in found],
        "entries": entries,
    }
    return render(request, "desk/year.html", context)
