"""The surveys of a round over all its agencies: the list, what is done for all at once, wordings and preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from prongsai.errors import InputError, ProngsaiError
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import Round, StageKind
from prongsai.site.surveys.access import assessed_round
from prongsai.site.surveys.actions.everywhere import StartJob
from prongsai.site.surveys.actions.wordings import SetWording
from prongsai.site.surveys.agency_views import posted, previewed, refused, status_of
from prongsai.site.surveys.asked import asked, own_form
from prongsai.site.surveys.forms import PrepareForm, WordingForm
from prongsai.site.surveys.languages import called
from prongsai.site.surveys.listed import ListedSurveys
from prongsai.site.surveys.models import Job, JobKind, Survey, SurveyState
from prongsai.survey.questionnaire import THAI, Questionnaire, containers
from prongsai.survey.shipped import wording_template
from prongsai.survey.wording import Wording, from_yaml, with_wording
from prongsai.yaml_file import parse

_PAGE = 50


@signed_in
def round_surveys(request: HttpRequest, slug: str) -> HttpResponse:
    """Every agency's surveys, page by page, and what is to be done for all."""
    found = assessed_round(request, slug)
    listed = ListedSurveys(request.user, found, request.GET)  # type: ignore[arg-type]
    page = Paginator(listed.found(), _PAGE).get_page(request.GET.get("page"))
    stage = next((one for one in Calendar(found).stages if one.kind == StageKind.SURVEY), None)
    context = {
        "round": found,
        "listed": listed,
        "page": page,
        "rows": [(survey, sum(box.filed for box in survey.boxes.all())) for survey in page],
        "counts": listed.counts(),
        "agencies": listed.agencies(),
        "stage": stage,
        "moved": Calendar(found).extension(stage, None) if stage else None,
        "forms": [_about(found, container) for container in containers(found.framework)],
        "jobs": list(found.survey_jobs.select_related("by")[:4]),
        "kinds": AGENCY_KINDS,
        "states": SurveyState.choices,
    }
    return render(request, "surveys/round.html", context)


def _about(of: Round, container: str) -> dict[str, Any]:
    form = asked(of, container)
    missing = form.missing()
    uncountable = sum(not line.countable for line in form.lines)
    languages = [(called(one), one in form.drafts) for one in form.languages]
    return {
        "container": container,
        "title": form.text("title") or container,
        "version": form.version,
        "missing": len(missing),
        "uncountable": uncountable,
        "languages": languages,
        "questions": len(form.questions),
    }


@signed_in
def everywhere(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Asks once more, then has a worker do it for all agencies."""
    found = assessed_round(request, slug)
    if kind not in JobKind.values:
        raise Http404
    form = PrepareForm(posted(request), of=found) if kind == JobKind.PREPARE else None
    if request.method == "POST" and (form is None or form.is_valid()):
        options = form.options() if form else {}
        try:
            job = StartJob(by=request.user, round=found, kind=JobKind(kind), options=options).execute()  # type: ignore[arg-type]
        except ProngsaiError as error:
            if form is None:
                raise
            refused(form, error)
        else:
            return redirect("survey_job", slug, job.pk)
    waiting = Survey.objects.filter(assessment__round=found)
    context = {
        "round": found,
        "kind": JobKind(kind),
        "form": form,
        "drafts": waiting.filter(state=SurveyState.DRAFT).count(),
        "closed": waiting.filter(state=SurveyState.CLOSED).values("assessment").distinct().count(),
        "agencies": found.assessments.count(),
    }
    return render(request, "surveys/everywhere.html", context, status=status_of(form) if form else 200)


@signed_in
def job(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How far a job is; htmx asks for the piece that changes until it is done."""
    found = assessed_round(request, slug)
    one: Job | None = found.survey_jobs.select_related("by").filter(pk=pk).first()
    if one is None:
        raise Http404
    name = "surveys/job_piece.html" if request.htmx else "surveys/job.html"  # type: ignore[attr-defined]
    return render(request, name, {"round": found, "job": one, "kind": JobKind(one.kind)})


def _form_for(of: Round, container: str) -> Questionnaire:
    try:
        return own_form(of, container)
    except InputError as error:
        raise Http404 from error


@signed_in
def wording(request: HttpRequest, slug: str, container: str) -> HttpResponse:
    """A wording file: looked at first, with errors by line and what it would change; then taken as it was shown."""
    found = assessed_round(request, slug)
    base = _form_for(found, container)
    form = WordingForm(posted(request), request.FILES or None)
    now = asked(found, container)
    tried: dict[str, Any] = {}
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            given = from_yaml(parse(data["text"], data.get("name") or pick("ไฟล์ถ้อยคำ", "wording file")), base)
            if "take" in request.POST:
                SetWording(by=request.user, round=found, container=container, given=given).execute()  # type: ignore[arg-type]
                messages.success(request, pick("เพิ่มถ้อยคำแล้ว", "The texts are added."))
                return redirect("round_survey_preview", slug, container)
            tried = _tried(now, given)
        except ProngsaiError as error:
            problems = list(error.problems)
        form = WordingForm(initial={"text": data["text"]})
    context = {
        "round": found,
        "container": container,
        "form": form,
        "now": now,
        "missing": now.missing(),
        "languages": [(one, called(one)) for one in dict.fromkeys((THAI, "en", *now.texts))],
        "kept": list(found.wordings.filter(container=container).select_related("by")),
        "tried": tried,
        "problems": problems,
        "open": Survey.objects.filter(assessment__round=found, container=container, form__isnull=False).exists(),
    }
    return render(request, "surveys/wording.html", context, status=400 if problems else status_of(form))


def _tried(now: Questionnaire, given: Wording) -> dict[str, Any]:
    """What a file would change."""
    then = with_wording(now, given)
    before = now.texts.get(given.language, {})
    changes = [(node, before.get(node), text) for node, text in given.texts.items() if before.get(node) != text]
    return {
        "language": called(given.language),
        "draft": given.status == "draft",
        "texts": len(given.texts),
        "changes": changes,
        "version": then.version,
        "missing": then.missing(given.language),
    }


@signed_in
def wording_file(request: HttpRequest, slug: str, container: str, language: str) -> HttpResponse:
    """A file with every text that a language lacks, to be filled in."""
    found = assessed_round(request, slug)
    _form_for(found, container)
    text = wording_template(asked(found, container), language)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = f"{found.framework_id}-{container}-{language}.yaml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
def round_preview(request: HttpRequest, slug: str, container: str) -> HttpResponse:
    """The questionnaire as it would be asked if a survey were opened now."""
    found = assessed_round(request, slug)
    _form_for(found, container)
    context = {
        "round": found,
        "container": container,
        "back": reverse("round_surveys", args=[slug]),
        **previewed(asked(found, container), request.GET.get("language", "")),
    }
    return render(request, "surveys/round_preview.html", context)
