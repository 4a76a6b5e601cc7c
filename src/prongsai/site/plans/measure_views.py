"""Measures: write one, edit one with its steps, and the one-button acts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.agencies.models import Unit
from prongsai.site.people.permissions import May
from prongsai.site.plans.access import measure_in, plan_for, point_in
from prongsai.site.plans.actions.base import PlanChange, Stale
from prongsai.site.plans.actions.measures import (
    AcceptMeasure,
    AddMeasure,
    DropMeasure,
    EditMeasure,
    MoveMeasure,
    RestoreMeasure,
)
from prongsai.site.plans.conflict import both_measures, conflict
from prongsai.site.plans.editing import ask, card_changed, confirmed, done, editing, person
from prongsai.site.plans.forms import MeasureEditor
from prongsai.site.plans.models import Choice, Measure, Plan, Point
from prongsai.site.plans.point_views import version


def _units(plan: Plan, measure: Measure | None = None) -> list[Unit]:
    """The agency's units to choose from; one that is no longer active stays where it was chosen before."""
    chosen = {unit.pk for step in measure.steps.all() for unit in step.units.all()} if measure else set()
    return [unit for unit in plan.assessment.agency.units.all() if unit.active or unit.pk in chosen]


def _saves(request: HttpRequest) -> bool:
    return request.method == "POST" and "rows" not in request.POST


@editing
def add(request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """A measure of the agency's own."""
    plan = plan_for(request, code, slug, May.PLAN)
    point = point_in(plan, pk)
    editor = MeasureEditor(_units(plan), request.POST if request.method == "POST" else None)
    if _saves(request) and editor.is_valid():
        action = AddMeasure(
            by=person(request), plan=plan, point=point, confirmed=confirmed(request), values=editor.values()
        )
        made = action.execute()
        return done(request, plan, f"measure-{made.pk}", ("เพิ่มมาตรการแล้ว", "Measure added."))
    return _form(request, plan, point, editor, {})


@editing
def edit(request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """A measure with its steps, units and dates."""
    plan = plan_for(request, code, slug, May.PLAN)
    measure = measure_in(plan, pk)
    editor = MeasureEditor(_units(plan, measure), request.POST if request.method == "POST" else None, measure)
    if _saves(request) and editor.is_valid():
        action = EditMeasure(
            by=person(request),
            plan=plan,
            measure=measure,
            confirmed=confirmed(request),
            values=editor.values(),
            version=version(request),
        )
        try:
            action.execute()
        except Stale:
            stored = measure_in(plan, pk)
            return conflict(request, plan, stored, both_measures(stored, editor.values()), {"editor": editor})
        return done(request, plan, f"measure-{pk}", _saved(measure))
    return _form(request, plan, measure.point, editor, {"measure": measure})


def _saved(measure: Measure) -> tuple[str, str]:
    if measure.choice == Choice.DROPPED:
        return (
            "บันทึกข้อความแล้ว แต่มาตรการนี้ถูกตัดออกอยู่ หากต้องการใช้ โปรดนำกลับมา",
            "Saved, but this measure is dropped: bring it back to use it.",
        )
    return ("บันทึกมาตรการแล้ว", "Measure saved.")


def _form(request: HttpRequest, plan: Plan, point: Point, editor: MeasureEditor, extra: dict[str, Any]) -> HttpResponse:
    measure: Measure | None = extra.get("measure")
    context = {
        "assessment": plan.assessment,
        "agency": plan.assessment.agency,
        "plan": plan,
        "point": point,
        "measure": measure,
        "editor": editor,
        "version": request.POST.get("version") or (measure.version if measure else ""),
    }
    return render(request, "plans/measure_form.html", context, status=400 if _saves(request) else 200)


@editing
def act(request: HttpRequest, code: str, slug: str, pk: int, verb: str) -> HttpResponse:
    """Accept, drop, restore, up, down."""
    plan = plan_for(request, code, slug, May.PLAN)
    measure = measure_in(plan, pk)
    if request.method != "POST":
        if verb != "drop":
            raise Http404
        return ask(request, plan, measure, verb)
    action, words = _act(request, plan, measure, verb)
    action.execute()
    return card_changed(request, plan, measure.point, words)


def _act(request: HttpRequest, plan: Plan, measure: Measure, verb: str) -> tuple[PlanChange, tuple[str, str]]:
    who, sure = person(request), confirmed(request)
    if verb == "accept":
        return AcceptMeasure(by=who, plan=plan, measure=measure, confirmed=sure), ("รับมาตรการแล้ว", "Measure accepted.")
    if verb == "drop":
        drop = DropMeasure(by=who, plan=plan, measure=measure, confirmed=sure, reason=request.POST.get("reason", ""))
        return drop, ("ตัดมาตรการออกแล้ว นำกลับมาได้", "Measure dropped; it can be brought back.")
    if verb == "restore":
        restore = RestoreMeasure(by=who, plan=plan, measure=measure, confirmed=sure)
        return restore, ("ย้อนการตัดสินใจแล้ว", "Decision taken back.")
    if verb in ("up", "down"):
        move = MoveMeasure(by=who, plan=plan, measure=measure, confirmed=sure, step=-1 if verb == "up" else 1)
        return move, ("เลื่อนลำดับแล้ว", "Moved.")
    raise Http404
