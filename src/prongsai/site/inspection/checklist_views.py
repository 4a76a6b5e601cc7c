"""The checklist of a year: all items with filters, owners and days, and the look at links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from prongsai.errors import ProngsaiError
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.inspection.access import evidence_for
from prongsai.site.inspection.actions.assign import AssignUnits
from prongsai.site.inspection.actions.check import CheckLinks, running
from prongsai.site.inspection.checklist import Checklist, Line
from prongsai.site.inspection.chief import signs_as
from prongsai.site.inspection.filing import shut, window
from prongsai.site.inspection.forms import AssignForm
from prongsai.site.inspection.frozen import standing
from prongsai.site.inspection.models import CheckRun, State
from prongsai.site.inspection.told import OPENED
from prongsai.site.people.access import may, units_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


@signed_in
@require_GET
def evidence(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Every item with its owner, day, state, links, worst check and last year; for outsiders once it is confirmed."""
    assessment = assessment_for(request, code, slug, May.SEE)
    person: Any = request.user
    found = window(assessment)
    confirmation = standing(assessment)
    inside = may(person, May.SEE_DRAFTS, assessment.agency)
    context: dict[str, Any] = {
        "assessment": assessment,
        "agency": assessment.agency,
        "window": found,
        "shut": shut(found),
        "confirmation": confirmation,
        "inside": inside,
    }
    if found is None and not assessment.evidence.exists():
        return render(request, "inspection/evidence.html", context)
    checklist = Checklist(assessment)
    lines = checklist.lines if inside else [line for line in checklist.lines if not line.filling]
    mine = {unit.pk for unit in units_for(person, assessment.agency)} if inside else set()
    plans = may(person, May.PLAN, assessment.agency)
    chosen = {name: request.GET.get(name, "") for name in ("unit", "state")}
    if "unit" not in request.GET and len(mine) == 1 and not plans:
        chosen["unit"] = str(next(iter(mine)))  # unit owners begin with their own
    shown = _filtered(lines, **chosen)
    context |= {
        "total": len(lines),
        "groups": list(checklist.groups(shown)),
        "shown": len(shown),
        "counts": _counts(lines),
        "units": _units(lines),
        "unassigned": sum(line.evidence.unit is None for line in lines),
        "states": [(state, state.label) for state in State if any(line.evidence.told_state == state for line in lines)],
        "chosen": chosen,
        "mine": mine,
        "told": any(line.evidence.state in OPENED for line in lines),
        "plans": plans,
        "chief": bool(signs_as(person, assessment.agency)),
        "run": latest_run(assessment, None) if inside else None,
        "previous": checklist.previous,
    }
    return render(request, "inspection/evidence.html", context)


def _filtered(lines: list[Line], unit: str, state: str) -> list[Line]:
    if unit:
        lines = [line for line in lines if str(line.evidence.unit_id or "none") == unit]
    if state == "todo":
        return [line for line in lines if line.evidence.state == State.OPEN]
    if state == "warning":
        return [line for line in lines if line.worst in ("warning", "error")]
    return [line for line in lines if line.evidence.told_state == state] if state else lines


def _counts(lines: list[Line]) -> dict[str, int]:
    return {
        "ready": sum(line.evidence.state != State.OPEN for line in lines),
        "filled": sum(line.filled for line in lines),
        "links": sum(len(line.links) for line in lines),
        "unchecked": sum(line.unchecked for line in lines),
        "troubled": sum(line.worst in ("warning", "error") for line in lines),
        "late": sum(line.late for line in lines),
    }


def _units(lines: list[Line]) -> list[tuple[Any, int, int]]:
    """Each unit that owns items: how many are ready of how many."""
    found: dict[Any, list[Line]] = {}
    for line in lines:
        if line.evidence.unit:
            found.setdefault(line.evidence.unit, []).append(line)
    return [
        (unit, sum(line.evidence.state != State.OPEN for line in own), len(own))
        for unit, own in sorted(found.items(), key=lambda pair: (pair[0].order, pair[0].pk))
    ]


def latest_run(assessment: Assessment, item: Any) -> CheckRun | None:
    """The look under way, or the newest one at all links or at one item."""
    found = running(assessment, item)
    return found or assessment.check_runs.filter(evidence=item).select_related("by").first()


@signed_in
def evidence_assign(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Owners and days of all items in one table."""
    assessment = assessment_for(request, code, slug, May.PLAN)
    if reason := shut(window(assessment)):
        raise reason
    checklist = Checklist(assessment)
    units = list(assessment.agency.units.filter(active=True))
    form = AssignForm(checklist.lines, units, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = AssignUnits(by=request.user, assessment=assessment, rows=form.rows()).execute()  # type: ignore[arg-type]
        except ProngsaiError as error:
            for problem in error.problems:
                form.add_error(None, f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}".strip())
        else:
            messages.success(request, pick(f"บันทึกแล้ว เปลี่ยนแปลง {count} ข้อ", f"Saved; {count} items changed."))
            return redirect("evidence", code, slug)
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "form": form,
        "groups": _by_group(form),
        "units": units,
        "window": window(assessment),
        "from_last_year": _from_last_year(checklist) and not form.is_bound,
    }
    return render(request, "inspection/assign.html", context, status=400 if form.errors else 200)


def _from_last_year(checklist: Checklist) -> bool:
    """Whether the form begins with last year's owners."""
    lines = checklist.lines
    return any(line.last and line.last.unit for line in lines) and not any(line.evidence.unit_id for line in lines)


def _by_group(form: AssignForm) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for row in form.table:
        found.setdefault(row[0].group, []).append(row)
    return list(found.items())


@require_POST
@signed_in
def evidence_check(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Have links looked at: those of one item (its own people), or all."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    item = request.POST.get("item", "")
    one = evidence_for(request, assessment, item, fill=True) if item else None
    person = request.user
    assert isinstance(person, Person)
    if one is None and not may(person, May.PLAN, assessment.agency):
        raise Http404
    CheckLinks(by=person, assessment=assessment, evidence=one).execute()
    messages.success(
        request,
        pick(
            "เริ่มตรวจสอบลิงก์แล้ว ผลเป็นคำแนะนำ ไม่ใช่ผลการประเมิน",
            "The links are being looked at. What is found is advice, not a result.",
        ),
    )
    return redirect("evidence_item", code, slug, item) if item else redirect("evidence", code, slug)


@signed_in
@require_GET
def evidence_run(request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """How far a look is, as the piece of the page that asks for itself again until it is done."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    run = assessment.check_runs.select_related("evidence", "by").filter(pk=pk).first()
    if run is None:
        raise Http404
    context = {"assessment": assessment, "agency": assessment.agency, "run": run, "polled": True}
    return render(request, "inspection/run.html", context)
