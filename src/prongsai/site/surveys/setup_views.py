"""Setting up one agency's survey: doors, numbers, codes, draw, service points, opening and closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from prongsai.errors import InputError, Problem, ProngsaiError
from prongsai.framework.model import Confidence
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.results.actions import GatherResults
from prongsai.site.surveys import prints
from prongsai.site.surveys.access import set_up_for, survey_to_set_up
from prongsai.site.surveys.actions.codes import IssueCodes, VoidCodes
from prongsai.site.surveys.actions.lists import DrawPeople
from prongsai.site.surveys.actions.open import CloseEarly, OpenSurvey, PrepareSurveys
from prongsai.site.surveys.actions.places import AddPlace, RenamePlace
from prongsai.site.surveys.actions.setting import SetUpSurvey
from prongsai.site.surveys.agency_views import page, posted, refused, status_of
from prongsai.site.surveys.asked import asked, form_of
from prongsai.site.surveys.cards import Card, cards
from prongsai.site.surveys.forms import CountForm, DrawForm, PlaceForm, ReasonForm, SettingForm
from prongsai.site.surveys.models import Survey, SurveyState
from prongsai.site.surveys.numbers import rule_of
from prongsai.survey.questionnaire import Questionnaire
from prongsai.survey.sample import Required, codes_needed


@signed_in
@require_POST
def prepare(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Lays the surveys of one agency."""
    assessment = set_up_for(request, code, slug)
    PrepareSurveys(by=request.user, assessment=assessment).execute()  # type: ignore[arg-type]
    messages.success(request, pick("เตรียมแบบสำรวจแล้ว โปรดตั้งค่าแต่ละแบบ", "The surveys are laid; set each one up."))
    return redirect("surveys", code, slug)


@signed_in
@never_cache
def setup(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """All about one survey, for whoever sets it up."""
    survey = survey_to_set_up(request, code, slug, container)
    form = SettingForm(posted(request), survey=survey)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        action = SetUpSurvey(
            by=request.user,  # type: ignore[arg-type]
            survey=survey,
            doors=data["doors"],
            heads=data["heads"],
            needed=form.needed,
        )
        try:
            action.execute()
        except ProngsaiError as error:
            refused(form, error)
        else:
            messages.success(request, pick("บันทึกการตั้งค่าแล้ว", "The settings are saved."))
            return redirect("survey_setup", code, slug, container)
    return _show(request, survey, form, status_of(form))


def _show(request: HttpRequest, survey: Survey, form: SettingForm, status: int = 200) -> HttpResponse:
    card = cards(survey.assessment, request.user, survey.container)[0]  # type: ignore[arg-type]
    questionnaire = form_of(survey)
    agency = survey.assessment.agency
    context = page(
        survey,
        form=form,
        card=card,
        asked_version=questionnaire.version,
        lacking=_lacking(questionnaire),
        rule=rule_of(survey.assessment.round.framework, survey.container),
        count_form=CountForm(initial={"count": _codes_wanted(card)}, auto_id="issue_%s"),
        draw_form=DrawForm(initial={"count": survey.required}, auto_id="draw_%s"),
        place_form=PlaceForm(agency=agency, auto_id="new_%s"),
        units=list(agency.units.filter(active=True)) if survey.by_places else [],
        changeable=survey.state in (SurveyState.DRAFT, SurveyState.OPEN),
        own=survey.assessment.round.own_id is not None,
    )
    return render(request, "surveys/setup.html", context, status=status)


def _codes_wanted(card: Card) -> int | None:
    """As many codes as are needed and not issued yet."""
    survey = card.survey
    if not survey.required or not survey.heads:
        return None
    needed = Required(survey.required, survey.required_source, Confidence.CONFIRMED)
    return max(0, codes_needed(needed, survey.heads) - card.issued) or None


def _lacking(form: Questionnaire) -> list[Any]:
    try:
        form.require_askable()
    except InputError as error:
        return list(error.problems)
    return []


@signed_in
@require_POST
@never_cache
def codes(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Issues codes; the answer is the file with them, once."""
    survey = survey_to_set_up(request, code, slug, container)
    form = CountForm(request.POST)
    if not form.is_valid():
        raise InputError(_problem(form))
    with transaction.atomic():  # a file that cannot be written must not leave codes that nobody has
        issued = IssueCodes(by=request.user, survey=survey, count=form.cleaned_data["count"]).execute()  # type: ignore[arg-type]
        return _download(survey, prints.sheets(survey, issued))


@signed_in
@require_POST
@never_cache
def draw(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Draws from the agency's list; the answer is the file with the drawn and the codes, once."""
    survey = survey_to_set_up(request, code, slug, container)
    form = DrawForm(request.POST)
    if not form.is_valid():
        raise InputError(_problem(form))
    data = form.cleaned_data
    with transaction.atomic():
        drawn = DrawPeople(by=request.user, survey=survey, count=data["count"], typed=data["seed"]).execute()  # type: ignore[arg-type]
        return _download(survey, prints.sheets(survey, drawn.codes, drawn.people))


def _download(survey: Survey, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="application/zip")
    name = f"codes-{survey.assessment.agency.code}-{survey.container}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _problem(form: Any) -> Problem:
    name, errors = next(iter(form.errors.items()))
    label = str(form.fields[name].label) if name in form.fields else ""
    return Problem("survey.form", label, str(errors[0]), str(errors[0]), "โปรดกลับไปแก้ไขช่องนี้", "Go back and change it.")


@signed_in
@require_POST
def void(request: HttpRequest, code: str, slug: str, container: str, pk: int) -> HttpResponse:
    """Makes the unspent codes of a set void."""
    survey = survey_to_set_up(request, code, slug, container)
    found = get_object_or_404(survey.code_sets.all(), pk=pk)
    VoidCodes(by=request.user, survey=survey, codes=found).execute()  # type: ignore[arg-type]
    said = pick("ยกเลิกรหัสที่ยังไม่ได้ใช้ของชุดนี้แล้ว ออกชุดใหม่ได้", "The unspent codes are void; issue a new set.")
    messages.success(request, said)
    return redirect("survey_setup", code, slug, container)


@signed_in
@require_POST
def places(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Adds a service point, or renames the one that ``place`` names."""
    survey = survey_to_set_up(request, code, slug, container)
    form = PlaceForm(request.POST, agency=survey.assessment.agency)
    if not form.is_valid():
        raise InputError(_problem(form))
    data: dict[str, Any] = {"by": request.user, "survey": survey, **form.cleaned_data}
    if request.POST.get("place"):
        place = get_object_or_404(survey.places.all(), token=request.POST["place"])
        RenamePlace(place=place, **data).execute()
        messages.success(request, pick("เปลี่ยนชื่อจุดบริการแล้ว", "The service point was renamed."))
    else:
        AddPlace(**data).execute()
        messages.success(request, pick("เพิ่มจุดบริการแล้ว", "The service point was added."))
    return redirect("survey_setup", code, slug, container)


@signed_in
@require_POST
def open_survey(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Opens a survey with the questionnaire that was shown."""
    survey = survey_to_set_up(request, code, slug, container)
    form = asked(survey.assessment.round, container)
    if request.POST.get("version", form.version) != form.version:
        raise Http404
    OpenSurvey(by=request.user, survey=survey, form=form).execute()  # type: ignore[arg-type]
    said = pick(
        f"เปิดรับคำตอบแล้ว (แบบสอบถามฉบับ {form.version}) พร้อมรับคำตอบภายในไม่กี่วินาที",
        f"The survey is open (questionnaire {form.version}); it takes answers within seconds.",
    )
    messages.success(request, said)
    return redirect("survey_setup", code, slug, container)


@signed_in
def close(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Asks for a reason, then closes before the last day."""
    survey = survey_to_set_up(request, code, slug, container)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            CloseEarly(by=request.user, survey=survey, reason=form.cleaned_data["reason"]).execute()  # type: ignore[arg-type]
        except ProngsaiError as error:
            refused(form, error)
        else:
            messages.success(request, pick("ปิดรับคำตอบแล้ว", "The survey takes no more answers."))
            return redirect("surveys", code, slug)
    card = cards(survey.assessment, request.user, container)[0]  # type: ignore[arg-type]
    return render(request, "surveys/close.html", page(survey, form=form, card=card), status=status_of(form))


@signed_in
@require_POST
def gather(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Makes the results of one agency from its closed surveys (and whatever else was assessed here)."""
    assessment = set_up_for(request, code, slug)
    result = GatherResults(by=request.user, assessment=assessment).execute()  # type: ignore[arg-type]
    messages.success(request, pick(f"ประมวลผลเป็นผลฉบับที่ {result.revision} แล้ว", f"Revision {result.revision} is made."))
    return redirect("results", code, slug)
