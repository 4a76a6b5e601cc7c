"""The surveys of an agency's year as its own people see them: counts, posters, reminders, a list for the draw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.validators import validate_email
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from prongsai.errors import InputError, ProngsaiError
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.people.access import may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.surveys import prints
from prongsai.site.surveys.access import sets_up, survey_for, survey_of
from prongsai.site.surveys.actions.lists import GiveList, WithdrawList
from prongsai.site.surveys.asked import form_of
from prongsai.site.surveys.cards import cards
from prongsai.site.surveys.forms import ListForm
from prongsai.site.surveys.languages import called
from prongsai.site.surveys.models import PeopleList, Place, Survey
from prongsai.survey.sample import draw, list_digest


def refused(form: Any, error: ProngsaiError) -> None:
    """A refusal as an error of the form, so that nothing typed is lost."""
    for problem in error.problems:
        form.add_error(None, f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}".strip())


def posted(request: HttpRequest) -> Any:
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None


def status_of(form: Any) -> int:
    """400 where a form was sent that cannot be used."""
    return 400 if form.is_bound and form.errors else 200


def page(survey: Survey, **more: Any) -> dict[str, Any]:
    """What every page of one survey needs."""
    assessment = survey.assessment
    return {"assessment": assessment, "agency": assessment.agency, "survey": survey, **more}


@signed_in
def surveys(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """What to do now, how many answered, and by when; for each survey of the agency's year."""
    assessment = assessment_for(request, code, slug, May.SEE)
    person: Any = request.user
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "cards": cards(assessment, person),
        "sets_up": sets_up(person, assessment),
        "hands_out": may(person, May.ASK, assessment.agency),
        "inside": may(person, May.SEE_DRAFTS, assessment.agency),
        "k": assessment.round.framework.disclosure.k,
    }
    return render(request, "surveys/agency.html", context)


@signed_in
def preview(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """The questionnaire exactly as it is asked, in each language."""
    assessment = assessment_for(request, code, slug, May.SEE)
    survey = survey_of(assessment, container)
    context = page(survey, **previewed(form_of(survey), request.GET.get("language", "")))
    return render(request, "surveys/preview.html", context)


def previewed(form: Any, wanted: str) -> dict[str, Any]:
    """A questionnaire in one language, ready for the page: questions, lines and options with their texts."""
    languages = form.languages or tuple(form.texts)
    language = wanted if wanted in languages else languages[0] if languages else "th"

    def text(node: str) -> str | None:
        found: str | None = form.text(node, language)
        return found

    questions = [
        {
            "code": question.code,
            "heading": text(question.indicator) if first else None,
            "text": text(question.code),
            "rows": question.has_rows,
            "lines": [
                {
                    "code": line.code,
                    "text": text(line.code),
                    "options": [text(f"{line.scale}:{key}") or f"({key})" for key in line.options],
                }
                for line in question.lines
            ],
        }
        for question, first in _with_headings(form.questions)
    ]
    return {
        "form": form,
        "title": text("title"),
        "eligible": text("eligible"),
        "language_shown": language,
        "rtl": language.endswith("-Arab"),
        "languages": [(one, called(one), one in form.drafts) for one in languages],
        "questions": questions,
        "missing": form.missing(),
    }


def _with_headings(questions: Any) -> Any:
    before = None
    for question in questions:
        yield question, question.indicator != before
        before = question.indicator


@signed_in
def printed(request: HttpRequest, code: str, slug: str, container: str, name: str) -> HttpResponse:
    """A poster, banner or QR code: ``poster-a4.pdf``, ``banner-728x90.svg``, ``qr.svg``; ``?place=``: for a counter."""
    survey = survey_for(request, code, slug, container, May.SEE)
    place = _place(request, survey)
    if place is None and not (survey.by_link or survey.by_codes):
        raise Http404
    if name in ("poster-a4.pdf", "poster-a5.pdf"):
        data, kind = prints.poster_pdf(survey, place, "a5" if "a5" in name else "a4"), MEDIA_TYPES["pdf"]
    elif name in ("banner-728x90.svg", "banner-300x250.svg"):
        size = "728x90" if "728" in name else "300x250"
        data, kind = prints.banner_svg(survey, size).encode(), "image/svg+xml"  # type: ignore[arg-type]
    elif name == "qr.svg":
        data, kind = prints.qr(survey, place).encode(), "image/svg+xml"
    else:
        raise Http404
    response = HttpResponse(data, content_type=kind)
    shown = name == "qr.svg" or "show" in request.GET
    where = f"{survey.container}-{place.token}-{name}" if place else f"{survey.container}-{name}"
    response["Content-Disposition"] = content_disposition_header(not shown, where) or "inline"
    return response


def _place(request: HttpRequest, survey: Survey) -> Place | None:
    token = request.GET.get("place", "")
    if not token:
        return None
    found = survey.places.filter(token=token).first()
    if found is None:
        raise Http404
    return found


@signed_in
@never_cache
def reminder(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """A text for all who were given codes; addresses that are pasted make a link for the mail program, no more."""
    survey = survey_for(request, code, slug, container, May.ASK)
    card = cards(survey.assessment, request.user, container)[0]  # type: ignore[arg-type]
    subject, text = _reminder(card)
    pasted = request.POST.get("addresses", "")[:100_000]
    addresses, bad = _addresses(pasted)
    link = ""
    if addresses and not bad:
        link = "mailto:?" + urlencode({"bcc": ",".join(addresses), "subject": subject, "body": text}).replace(
            "+", "%20"
        )
    context = page(
        survey, card=card, subject=subject, text=text, link=link, count=len(addresses), bad=bad[:10], pasted=pasted
    )
    return render(request, "surveys/reminder.html", context, status=400 if bad else 200)


def _reminder(card: Any) -> tuple[str, str]:
    from prongsai.site.base.templatetags.prongsai import full_day

    survey = card.survey
    closes = full_day(card.window.closes) if card.window else "–"
    subject = pick(f"ขอเชิญตอบ {card.title} ภายใน {closes}", f"Please answer: {card.title}, by {closes}")
    how = (
        pick("กรอกรหัสจากสลิปที่ท่านได้รับ", "type the code from the slip you were given")
        if survey.by_codes and not survey.by_link
        else pick("เปิดลิงก์หรือสแกน QR", "open the link or scan the QR code")
    )
    text = pick(
        f"เรียน ทุกท่าน\n\nขอเชิญตอบ {card.title} ของ{survey.assessment.agency.name} ที่ {card.address} โดย{how} "
        f"ใช้เวลาไม่กี่นาที ตอบได้ถึง {closes}\n\nหน่วยงานไม่ทราบว่าใครตอบแล้วหรือยังไม่ตอบ จึงส่งข้อความนี้ถึงทุกคน "
        "หากท่านตอบแล้ว ขอขอบคุณและไม่ต้องทำอะไรอีก ไม่มีผู้ใดในหน่วยงานเห็นคำตอบของท่าน",
        f"Dear colleagues,\n\nplease answer {card.title} at {card.address}: {how}. It takes a few minutes and is open "
        f"until {closes}.\n\nNobody knows who has answered, so this goes to everybody. If you have, thank you. Nobody "
        "in the agency sees your answers.",
    )
    return subject, text


def _addresses(text: str) -> tuple[list[str], list[str]]:
    good: list[str] = []
    bad: list[str] = []
    for one in text.replace(",", " ").replace(";", " ").split():
        try:
            validate_email(one)
        except ValidationError:
            bad.append(one)
        else:
            good.append(one)
    return good, bad


@signed_in
@never_cache
def give_list(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """The agency hands in the list from which the assessor will draw."""
    survey = survey_for(request, code, slug, container, May.ASK)
    form = ListForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = GiveList(by=request.user, survey=survey, entries=form.cleaned_data["entries"]).execute()  # type: ignore[arg-type]
        except ProngsaiError as error:
            refused(form, error)
        else:
            said = pick(
                f"รับรายชื่อ {kept.count} รายแล้ว ค่าย่อย {kept.digest[:16]} บันทึกในประวัติแล้ว",
                f"The list of {kept.count} is in; its digest {kept.digest[:16]} stands in the history.",
            )
            messages.success(request, said)
            return redirect("survey_list", code, slug, container)
    kept_list = PeopleList.objects.filter(survey=survey).first()
    context = page(survey, form=form, kept=kept_list)
    return render(request, "surveys/list.html", context, status=status_of(form))


@signed_in
@require_POST
def withdraw_list(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """Takes the list back."""
    survey = survey_for(request, code, slug, container, May.ASK)
    WithdrawList(by=request.user, survey=survey).execute()  # type: ignore[arg-type]
    messages.success(request, pick("ถอนรายชื่อแล้ว ระบบไม่เก็บไว้", "The list was withdrawn; nothing of it is kept."))
    return redirect("surveys", code, slug)


@signed_in
@never_cache
def verify(request: HttpRequest, code: str, slug: str, container: str) -> HttpResponse:
    """After the close: the list and the published seed give the same draw, for whoever has the list."""
    survey = survey_for(request, code, slug, container, May.SEE)
    sets = [one for one in survey.code_sets.all() if one.way == "list"]
    over = survey.state == "closed"
    form = ListForm(posted(request), request.FILES or None)
    found: dict[str, Any] = {}
    if request.method == "POST" and over and sets and form.is_valid():
        entries = form.cleaned_data["entries"]
        try:
            digest = list_digest(entries)
            same = [one for one in sets if one.list_digest == digest]
            found = {"digest": digest, "same": bool(same)}
            if same:
                found["drawn"] = sorted(draw(entries, same[0].count, same[0].seed))
        except InputError as error:
            refused(form, error)
    context = page(survey, form=form, sets=sets, over=over, found=found)
    return render(request, "surveys/verify.html", context, status=status_of(form))
