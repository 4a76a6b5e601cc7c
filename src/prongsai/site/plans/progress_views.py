"""Progress: the board and calendar of a year, one's own tasks, and the report on one measure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.access import agencies_for, may, units_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans import calendar
from prongsai.site.plans.access import may_report_on, measure_for, plan_seen
from prongsai.site.plans.board import Board, is_late
from prongsai.site.plans.effect import effects_of
from prongsai.site.plans.models import Measure, Report
from prongsai.site.plans.progress_actions import (
    STAGES,
    Changed,
    CloseReport,
    Months,
    ReopenReport,
    Row,
    SaveReport,
    barred,
)
from prongsai.site.plans.progress_conflict import differences, merge
from prongsai.site.plans.progress_forms import PAPERS, DeedForm, ProofForm, Sheet, add_row, limit_mb, take_files
from prongsai.site.plans.reminders import measures_in_force
from prongsai.site.plans.states import ask_for_time
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.deadlines import Calendar, Deadline, deadline

_PAGE = 50


@signed_in
def tasks(request: HttpRequest) -> HttpResponse:
    """The measures in which one's units have a step, those that are late first."""
    assert isinstance(request.user, Person)
    own = {unit.pk for agency in agencies_for(request.user, May.REPORT) for unit in units_for(request.user, agency)}
    found = measures_in_force().filter(steps__units__in=own).distinct() if own else Measure.objects.none()
    lines = sorted(_lines(list(found), own), key=lambda line: (not line["late"], line["day"] is None, line["day"]))
    page = Paginator(lines, _PAGE).get_page(request.GET.get("page"))
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in page:
        groups[line["assessment"].pk].append(line)
    context = {
        "groups": [{"assessment": of[0]["assessment"], "lines": of} for of in groups.values()],
        "page": page,
        "late": sum(line["late"] for line in lines),
        "reports": may(request.user, May.REPORT),
    }
    return render(request, "plans/task_list.html", context)


def _lines(measures: list[Measure], own: set[int]) -> list[dict[str, Any]]:
    """Each measure with one's steps, the state of both reports, and until when they are taken."""
    today = timezone.localdate()
    calendars: dict[int, Calendar] = {}
    lines = []
    for measure in measures:
        plan = measure.point.plan
        assessment = plan.assessment
        if assessment.round_id not in calendars:
            calendars[assessment.round_id] = Calendar(assessment.round)
        windows = {window.kind: window for window in calendars[assessment.round_id].deadlines(assessment)}
        reports = {report.months: report for report in measure.reports.all()}
        newest = reports.get(12) or reports.get(6)
        steps = list(measure.steps.all())
        mine = [step for step in steps if any(unit.pk in own for unit in step.unit_list)]
        late = is_late(steps, newest.status if newest else "not_started", plan.action_year, today)
        periods = [
            _period(months, windows.get(stage), reports.get(months), assessment) for months, stage in STAGES.items()
        ]
        next_one = next((period for period in periods if not period["barred"] and not period["report"]), None)
        lines.append(
            {
                "measure": measure,
                "assessment": assessment,
                "steps": [{"step": s, "late": late and bool(s.end and s.end < today)} for s in mine],
                "periods": periods,
                "next": next_one["months"] if next_one else 0,
                "late": late,
                "day": min((s.end for s in mine if s.end and s.end >= today), default=None)
                or max((s.end for s in mine if s.end), default=None),
            }
        )
    return lines


def _period(months: int, window: Deadline | None, report: Report | None, assessment: Any) -> dict[str, Any]:
    shut = barred(assessment, cast(Months, months), window)
    return {"months": months, "window": window, "report": report, "barred": shut is not None}


@signed_in
def task_report(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """Report on a measure; to those who may see but not report, what was reported."""
    measure = measure_for(request, pk, May.SEE_DRAFTS)
    if months not in STAGES:
        raise Http404
    assert isinstance(request.user, Person)
    months = cast(Months, months)
    assessment = measure.point.plan.assessment
    window = deadline(assessment, STAGES[months])
    shut = barred(assessment, months, window)
    mine = may_report_on(request.user, measure)
    report, earlier = _reports(measure, months)
    if request.method == "POST":
        if not mine:
            raise Http404
        if shut:
            raise shut
        return _save(request, measure, months, report)
    context = _context(request, measure, months) | {"report": report, "shut": shut, "ask": ask_for_time()}
    if not mine or shut:
        return render(request, "plans/task_read.html", context)
    sheet = Sheet.of_saved(measure, request.user, report, earlier)
    return render(
        request, "plans/task_report.html", context | {"sheet": sheet, "begun_from": earlier if not report else None}
    )


def _reports(measure: Measure, months: Months) -> tuple[Report | None, Report | None]:
    """The report of the period, and the one of the period before."""
    rows = measure.reports.select_related("measure", "by").prefetch_related("deeds", "proofs__file")
    found = {report.months: report for report in rows}
    return found.get(months), found.get(6) if months == 12 else None


def _context(request: HttpRequest, measure: Measure, months: Months) -> dict[str, Any]:
    assessment = measure.point.plan.assessment
    return {
        "measure": measure,
        "assessment": assessment,
        "agency": assessment.agency,
        "months": months,
        "other_months": 12 if months == 6 else 6,
        "window": deadline(assessment, STAGES[months]),
        "steps": measure.steps.prefetch_related("units"),
        "limit": limit_mb(),
        "papers": PAPERS,
        "blank_deed": DeedForm(prefix="deed-__n__"),
        "blank_proof": ProofForm(prefix="proof-__n__"),
        "own_tasks": may(cast(Person, request.user), May.REPORT, assessment.agency),
    }


def _save(request: HttpRequest, measure: Measure, months: Months, report: Report | None) -> HttpResponse:
    """Save the report. Anything that keeps it from being saved shows the form again with all that was sent."""
    person = cast(Person, request.user)
    data = request.POST.copy()
    problems = take_files(request, Sheet(measure, person, report, data), data)
    wanted = request.POST.get("add")
    if wanted in ("deed", "proof"):
        add_row(data, wanted)
    sheet = Sheet.of_data(measure, person, report, data)
    context: dict[str, Any] = {"sheet": sheet, "problems": problems, "report": report}
    if wanted:
        return _again(request, measure, months, context | {"sheet": sheet.quiet()}, 200)
    if not sheet.valid() or problems:
        return _again(request, measure, months, context | {"faulty": True}, 422)
    try:
        action_of(sheet, months).execute()
    except Changed as changed:
        return _again(request, measure, months, _conflict(sheet, data, changed.report), 409)
    messages.success(request, pick("บันทึกรายงานแล้ว", "The report is saved."))
    return redirect("task_report", measure.pk, months)


def _again(request: HttpRequest, measure: Measure, months: Months, more: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "plans/task_report.html", _context(request, measure, months) | more, status=status)


def _conflict(sheet: Sheet, data: QueryDict, saved: Report) -> dict[str, Any]:
    """The form with what was typed, the other's rows added, and the difference above it."""
    told = differences(sheet, saved)
    merge(data, saved)
    merged = Sheet.of_data(sheet.measure, sheet.person, saved, data)
    return {"sheet": merged.quiet(), "differences": told, "report": saved}


def action_of(sheet: Sheet, months: Months) -> SaveReport:
    """What saves a form that was found in order."""
    main = sheet.main.cleaned_data
    names = ("kind", "title", "number", "date", "subject", "url")
    proofs = []
    for form in sheet.proofs:
        if not form.kept:
            continue
        values: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
        proofs.append(Row(form.cleaned_data["pk"], values | {"file_id": form.file.pk if form.file else None}))
    return SaveReport(
        by=sheet.person,
        measure=sheet.measure,
        months=months,
        version=main["version"],
        values={name: main[name] for name in ("status", "obstacles", "result")},
        deeds=[
            Row(form.cleaned_data["pk"], {name: form.cleaned_data[name] for name in ("text", "date", "end")})
            for form in sheet.deeds
            if form.kept
        ],
        proofs=proofs,
    )


@signed_in
def progress(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The board, what the two reports lack, the calendar, and what next year's result says."""
    assessment = assessment_for(request, code, slug, May.SEE)
    plan = plan_seen(request, assessment)
    context: dict[str, Any] = {"assessment": assessment, "agency": assessment.agency, "plan": plan}
    if plan is None:
        return render(request, "plans/progress.html", context)
    board = Board(plan)
    chosen = request.GET.get("unit", "")
    unit = next((unit for unit in board.units if str(unit.pk) == chosen), None)
    cards = board.of(unit)
    year, effects = effects_of(plan)
    steps = calendar.entries(card.measure for card in cards)
    context |= {
        "board": board,
        "unit": unit,
        "cards": cards,
        "columns": board.columns(cards),
        "months": calendar.months(steps, plan.action_year),
        "undated": calendar.undated(steps),
        "effect_year": year,
        "effects": _told(board, effects) if year else [],
    }
    return render(request, "plans/progress.html", context)


def _told(board: Board, effects: dict[str, Any]) -> list[dict[str, Any]]:
    """Each measure's items with their scores before and after."""
    of = {measure.id: point.items for point in board.shape.points for measure in point.measures}
    rows = []
    for card in board.cards:
        items = [effects[item] for item in of.get(card.measure.key, ()) if item in effects]
        rows.append({"card": card, "items": items})
    return [row for row in rows if row["items"]]


@signed_in
def progress_calendar(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The steps as a file for people's own calendars, of one unit if asked."""
    assessment = assessment_for(request, code, slug, May.SEE)
    plan = plan_seen(request, assessment)
    if plan is None:
        raise Http404
    board = Board(plan)
    unit = next((unit for unit in board.units if str(unit.pk) == request.GET.get("unit", "")), None)
    steps = calendar.entries(card.measure for card in board.of(unit))
    address = f"{settings.SITE_ADDRESS}{reverse('progress', args=(code, slug))}"
    name = f"{assessment.agency.name} {plan.action_year}" + (f" {unit.name}" if unit else "")
    body = calendar.as_ics(steps, name=name, address=address, stamp=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{slug}.ics"'
    return response


@require_POST
@signed_in
def progress_report(request: HttpRequest, code: str, slug: str, months: int) -> HttpResponse:
    """Draw up the report of a period, or open it again."""
    assessment = assessment_for(request, code, slug, May.SUBMIT)
    plan = plan_seen(request, assessment)
    if plan is None or months not in STAGES:
        raise Http404
    months, person = cast(Months, months), cast(Person, request.user)
    if request.POST.get("do") == "reopen":
        ReopenReport(by=person, plan=plan, months=months).execute()
        messages.success(request, pick("เปิดรายงานให้แก้ไขแล้ว", "The report is open again."))
    else:
        CloseReport(by=person, plan=plan, months=months).execute()
        messages.success(
            request,
            pick(
                f"จัดทำรายงานรอบ {months} เดือนแล้ว ดาวน์โหลดหรือเสนอผู้บริหารได้ที่หน้าเอกสาร",
                f"The {months}-month report is drawn up; take it from the documents page.",
            ),
        )
    return redirect(f"{reverse('progress', args=(code, slug))}#reports")
