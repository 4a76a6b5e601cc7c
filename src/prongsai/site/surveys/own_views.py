"""What an agency runs for itself: rehearsals and periods of satisfaction at its service points."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.errors import ProngsaiError
from prongsai.framework import by_id
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.people.access import agency_for, may
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import Assessment, Round, StageKind
from prongsai.site.surveys.access import set_up_for
from prongsai.site.surveys.actions.own import ExtendOwnRound, PublishPoints, StartOwnRound
from prongsai.site.surveys.agency_views import posted, refused, status_of
from prongsai.site.surveys.forms import LaterForm, WindowForm
from prongsai.site.surveys.models import Survey
from prongsai.site.surveys.points import FRAMEWORK, REHEARSAL, Points, half_of, only_survey, own_rounds, points, summary
from prongsai.thai.dates import short_date
from prongsai.thai.fiscal_year import FiscalYear

_KINDS = {"rehearsal": REHEARSAL, "service": FRAMEWORK}
_REHEARSAL_DAYS = 14


@signed_in
def own(request: HttpRequest, code: str) -> HttpResponse:
    """All that the agency ran for itself, and how to begin."""
    agency = agency_for(request, code, May.SEE_DRAFTS, May.COACH)
    rows = []
    for one in own_rounds(agency):
        survey = next(iter(one.surveys.all()), None)
        if survey is not None:
            survey.assessment = one
            rows.append({"assessment": one, "survey": survey, "window": _window(one.round)})
    context = {
        "agency": agency,
        "rehearsals": [row for row in rows if row["assessment"].round.framework_id != FRAMEWORK],  # type: ignore[union-attr]
        "periods": [row for row in rows if row["assessment"].round.framework_id == FRAMEWORK],  # type: ignore[union-attr]
        "starts": may(request.user, May.ASK, agency),  # type: ignore[arg-type]
    }
    return render(request, "surveys/own.html", context)


def _window(of: Round) -> dict[str, dt.date] | None:
    """The days of an own round, from what was fetched with it."""
    stage = next((one for one in of.stages.all() if one.kind == StageKind.SURVEY), None)
    if stage is None:
        return None
    closes = max([stage.closes, *(extension.closes for extension in stage.extensions.all())])
    return {"opens": stage.opens, "closes": closes}


@signed_in
def start(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Begins a rehearsal or a period."""
    agency = agency_for(request, code, May.ASK)
    if kind not in _KINDS:
        raise Http404
    form = WindowForm(posted(request), initial=_initial(kind))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        action = StartOwnRound(
            by=request.user,  # type: ignore[arg-type]
            to=agency,
            framework=by_id(_KINDS[kind]),
            name=_names(kind, data["name"].strip()),
            window=(data["opens"], data["closes"]),
            doors=("by_places",) if kind == "service" else ("by_codes",),
        )
        try:
            made: Assessment = action.execute()
        except ProngsaiError as error:
            refused(form, error)
        else:
            said = pick("เริ่มแล้ว ตั้งค่าช่องทางตอบ แล้วเปิดรับคำตอบ", "Begun: choose how people answer, then open it.")
            messages.success(request, said)
            return redirect("survey_setup", code, made.round.slug, made.surveys.get().container)
    return render(
        request, "surveys/own_start.html", {"agency": agency, "form": form, "kind": kind}, status=status_of(form)
    )


def _names(kind: str, typed: str) -> tuple[str, str]:
    """A rehearsal is called one wherever its name stands."""
    if kind == "rehearsal" and not typed.startswith("ซ้อม"):
        return f"ซ้อม: {typed}", f"Rehearsal: {typed}"
    return typed, typed


def _initial(kind: str) -> dict[str, Any]:
    today = timezone.localdate()
    if kind == "rehearsal":
        closes = today + dt.timedelta(days=_REHEARSAL_DAYS)
        name = pick(f"ซ้อมประเมิน {short_date(today)}", f"ซ้อม {today.isoformat()}")
    else:
        year = FiscalYear.of(today)
        first = today < dt.date(year.end.year, 4, 1)
        closes = dt.date(year.end.year, 3, 31) if first else year.end
        half = 1 if first else 2
        name = pick(
            f"ความพึงพอใจ ณ จุดบริการ ปีงบประมาณ พ.ศ. {year.be} รอบที่ {half}",
            f"Service points, fiscal year {year.be}, half {half}",
        )
    return {"name": name, "opens": today, "closes": closes}


@signed_in
def extend(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A later last day for the agency's own round."""
    assessment = set_up_for(request, code, slug)
    if assessment.round.own_id is None:
        raise Http404
    form = LaterForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            ExtendOwnRound(by=request.user, assessment=assessment, **form.cleaned_data).execute()  # type: ignore[arg-type]
        except ProngsaiError as error:
            refused(form, error)
        else:
            messages.success(request, pick("ขยายเวลาแล้ว", "Extended."))
            return redirect("surveys", code, slug)
    window = deadline(assessment, StageKind.SURVEY)
    context = {"assessment": assessment, "agency": assessment.agency, "form": form, "window": window}
    return render(request, "surveys/own_extend.html", context, status=status_of(form))


def _points(assessment: Assessment) -> tuple[Survey, Points | None]:
    survey = only_survey(assessment)
    if survey is None or not survey.by_places or assessment.round.own_id is None:
        raise Http404
    return survey, points(survey)


@signed_in
def service_points(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Scores by service point after the close, compared with the period before."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    survey, found = _points(assessment)
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "survey": survey,
        "found": found,
        "half": half_of(assessment),
        "rows": _rows(found) if found else [],
        "publishes": may(request.user, May.ASK, assessment.agency),  # type: ignore[arg-type]
        "k": assessment.round.framework.disclosure.k,
    }
    return render(request, "surveys/points.html", context)


def _rows(found: Points) -> list[dict[str, Any]]:
    lines = [*found.figures.units, found.figures.total]
    rows = []
    for line in lines:
        total = line is found.figures.total
        before = None
        if found.before_figures:
            before = found.before_figures.total if total else found.earlier(line.name)
        earlier = before.overall if before and before.shown else None
        change = line.overall - earlier if line.overall is not None and earlier is not None else None
        scores = [line.item(code) for code, _ in found.items]
        rows.append({"line": line, "total": total, "items": scores, "earlier": earlier, "change": change})
    return rows


@signed_in
def points_file(request: HttpRequest, code: str, slug: str, form: str) -> HttpResponse:
    """The summary for the executive as a document."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    _, found = _points(assessment)
    if found is None or form not in ("docx", "pdf", "xlsx"):
        raise Http404
    response = HttpResponse(summary(found, form), content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="service-points-{slug}.{form}"'
    return response


@signed_in
@require_POST
def publish_points(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Shows the results on a public page, or takes them down."""
    assessment = assessment_for(request, code, slug, May.ASK)
    survey, _ = _points(assessment)
    public = request.POST.get("public") == "yes"
    PublishPoints(by=request.user, survey=survey, public=public).execute()  # type: ignore[arg-type]
    messages.success(request, pick("เผยแพร่แล้ว", "Published.") if public else pick("หยุดเผยแพร่แล้ว", "Taken down."))
    return redirect("service_points", code, slug)


def public_points(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The published scores by service point, for everybody."""
    assessment = (
        Assessment.objects.select_related("round", "agency")
        .filter(agency__code=code, round__slug=slug, round__own__isnull=False)
        .first()
    )
    survey = only_survey(assessment) if assessment else None
    found = points(survey) if survey and survey.published_at else None
    if assessment is None or found is None:
        raise Http404
    context = {
        "agency": assessment.agency,
        "round": assessment.round,
        "survey": survey,
        "found": found,
        "rows": _rows(found),
        "k": assessment.round.framework.disclosure.k,
    }
    return render(request, "surveys/points_public.html", context)
