"""The surveyor's own page, and the supervisor's: quotas against what came in, and the word on each interview."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.fieldwork.access import interviews_for, own_assignments, person_of, supervised, surveyor_for
from prongsai.site.fieldwork.actions import AcceptInterviews, AssignQuota, MoveQuota, ReturnInterviews
from prongsai.site.fieldwork.forms import AssignForm, DecideForm, MoveForm
from prongsai.site.fieldwork.models import Interview, InterviewState
from prongsai.site.fieldwork.progress import by_survey, flags, plain, short, team
from prongsai.site.people.access import need
from prongsai.site.people.permissions import May
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import StageKind
from prongsai.site.surveys.models import Survey, SurveyState

_PAGE = 50


@signed_in
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """A surveyor's quotas, what came in, what was returned and why; and the way to the offline page."""
    person = surveyor_for(request)
    surveys = {one.survey_id: one.survey for one in own_assignments(person)}
    rows = [row for survey in surveys.values() for row in team(survey) if row.surveyor == person]
    returned = Interview.objects.filter(assignment__surveyor=person, state=InterviewState.RETURNED)
    context = {
        "rows": rows,
        "surveys": surveys,
        "returned": returned.select_related("assignment__survey__assessment__agency")[:_PAGE],
    }
    return render(request, "fieldwork/own.html", context)


@signed_in
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All surveys with interviews that this person supervises, with quotas and what came in."""
    need(request, May.SUPERVISE_FIELD)
    page = Paginator(supervised(person_of(request)), _PAGE).get_page(request.GET.get("page"))
    return render(request, "fieldwork/overview.html", {"page": page, "rows": by_survey(list(page))})


@signed_in
@require_GET
def survey(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """One survey: surveyors with quota, interviews and durations; and the interviews that wait for a word."""
    found = interviews_for(request, code, slug, container)
    state = request.GET.get("state", InterviewState.SENT)
    listed = Interview.objects.filter(assignment__survey=found).select_related("assignment__surveyor", "decided_by")
    if state in InterviewState.values:
        listed = listed.filter(state=state)
    page = Paginator(listed, _PAGE).get_page(request.GET.get("page"))
    rows = team(found)
    usual = short(found)
    context = {
        **_frame(found),
        "rows": rows,
        "page": page,
        "interviews": [(one, flags(one, usual)) for one in page],
        "usual": usual,
        "state": state,
        "states": InterviewState,
        "decides": state == InterviewState.SENT and found.state == SurveyState.OPEN,
        "assign_form": AssignForm(survey=found),
        "move_form": MoveForm(survey=found),
        "decide_form": DecideForm(),
    }
    return render(request, "fieldwork/survey.html", context)


def _frame(found: Survey) -> dict[str, object]:
    assessment = found.assessment
    return {
        "survey": found,
        "assessment": assessment,
        "agency": assessment.agency,
        "window": deadline(assessment, StageKind.SURVEY),
        "open": found.state in (SurveyState.DRAFT, SurveyState.OPEN),
    }


@signed_in
@require_POST
def assign(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Give or change a quota."""
    found = interviews_for(request, code, slug, container)
    form = AssignForm(request.POST, survey=found)
    if not form.is_valid():
        return render(request, "fieldwork/form.html", {**_frame(found), "form": form, "what": "assign"}, status=400)
    data = form.cleaned_data
    AssignQuota(by=person_of(request), survey=found, **data).execute()
    name = data["surveyor"].full_name
    messages.success(request, pick(f"มอบหมายงานให้ {name} แล้ว", f"Assigned to {name}"))
    return redirect("fieldwork_survey", code, slug, container)


@signed_in
@require_POST
def move(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Move what is still to be done from one surveyor to another."""
    found = interviews_for(request, code, slug, container)
    form = MoveForm(request.POST, survey=found)
    if not form.is_valid():
        return render(request, "fieldwork/form.html", {**_frame(found), "form": form, "what": "move"}, status=400)
    data = form.cleaned_data
    MoveQuota(by=person_of(request), survey=found, **data).execute()
    messages.success(request, pick("โอนงานแล้ว", "Moved"))
    return redirect("fieldwork_survey", code, slug, container)


@signed_in
@require_POST
def decide(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Accept the chosen interviews unread, or return them with a reason."""
    found = interviews_for(request, code, slug, container)
    form = DecideForm(request.POST)
    ids = request.POST.getlist("interview")
    if not form.is_valid():
        return render(
            request, "fieldwork/form.html", {**_frame(found), "form": form, "what": "decide", "ids": ids}, status=400
        )
    if form.cleaned_data["word"] != DecideForm.RETURN:
        if form.cleaned_data["word"] == DecideForm.PLAIN:
            ids = plain(found)
        AcceptInterviews(by=person_of(request), survey=found, ids=ids).execute()
        messages.success(request, pick(f"รับแบบสัมภาษณ์ {len(ids)} ชุดแล้ว", f"{len(ids)} interviews accepted"))
    else:
        reason = form.cleaned_data["reason"]
        ReturnInterviews(by=person_of(request), survey=found, ids=ids, reason=reason).execute()
        messages.success(request, pick(f"ส่งคืนแบบสัมภาษณ์ {len(ids)} ชุดแล้ว", f"{len(ids)} interviews returned"))
    return redirect("fieldwork_survey", code, slug, container)
