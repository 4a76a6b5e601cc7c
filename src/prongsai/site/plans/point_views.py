"""Points: write one, edit one, and the one-button acts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.improvement.proposals import proposals
from prongsai.site.people.permissions import May
from prongsai.site.plans.access import plan_for, point_in
from prongsai.site.plans.actions.base import PlanChange, Stale
from prongsai.site.plans.actions.measures import AddProposal
from prongsai.site.plans.actions.points import AddPoint, DropPoint, EditPoint, MergePoint, MovePoint, RestorePoint
from prongsai.site.plans.conflict import both_points, conflict
from prongsai.site.plans.editing import ask, card_changed, confirmed, done, editing, person
from prongsai.site.plans.forms import PointForm
from prongsai.site.plans.models import Plan, Point


@editing
def add(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A point of the agency's own."""
    plan = plan_for(request, code, slug, May.PLAN)
    form = PointForm(plan.assessment.round.framework, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = AddPoint(by=person(request), plan=plan, confirmed=confirmed(request), values=form.values()).execute()
        return done(request, plan, f"point-{made.pk}", ("เพิ่มประเด็นแล้ว", "Point added."))
    return _form(request, plan, None, form)


@editing
def edit(request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """A point's texts and items."""
    plan = plan_for(request, code, slug, May.PLAN)
    point = point_in(plan, pk)
    form = PointForm(plan.assessment.round.framework, request.POST or None, initial=PointForm.initial_of(point))
    if request.method == "POST" and form.is_valid():
        action = EditPoint(
            by=person(request),
            plan=plan,
            point=point,
            confirmed=confirmed(request),
            values=form.values(),
            version=version(request),
        )
        try:
            action.execute()
        except Stale:
            stored = point_in(plan, pk)
            return conflict(request, plan, stored, both_points(stored, form), {"form": form})
        return done(request, plan, f"point-{pk}", ("บันทึกประเด็นแล้ว", "Point saved."))
    return _form(request, plan, point, form)


def version(request: HttpRequest) -> int:
    """The version the form was opened with; -1, which no row has, where it does not say."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _form(request: HttpRequest, plan: Plan, point: Point | None, form: PointForm) -> HttpResponse:
    context = {
        "assessment": plan.assessment,
        "agency": plan.assessment.agency,
        "plan": plan,
        "point": point,
        "form": form,
        "version": request.POST.get("version") or (point.version if point else ""),
    }
    return render(request, "plans/point_form.html", context, status=400 if form.is_bound else 200)


@editing
def act(request: HttpRequest, code: str, slug: str, pk: int, verb: str) -> HttpResponse:
    """Drop, restore, merge, up, down, or take a further proposal."""
    plan = plan_for(request, code, slug, May.PLAN)
    point = point_in(plan, pk)
    if request.method != "POST":
        if verb not in ("drop", "merge"):
            raise Http404
        targets = plan.points.filter(dropped=False, merged_into=None).exclude(pk=pk)
        return ask(request, plan, point, verb, targets=targets)
    action, words = _act(request, plan, point, verb)
    action.execute()
    if verb == "propose":
        return card_changed(request, plan, point, words)
    return done(request, plan, f"point-{pk}", words)


def _act(request: HttpRequest, plan: Plan, point: Point, verb: str) -> tuple[PlanChange, tuple[str, str]]:
    who, sure = person(request), confirmed(request)
    if verb == "drop":
        reason = request.POST.get("reason", "")
        drop = DropPoint(by=who, plan=plan, point=point, confirmed=sure, reason=reason)
        return drop, (
            "ตัดประเด็นออกแล้ว นำกลับมาได้จากท้ายหน้า",
            "Point dropped; it can be brought back at the end of the page.",
        )
    if verb == "restore":
        restore = RestorePoint(by=who, plan=plan, point=point, confirmed=sure)
        return restore, ("นำประเด็นกลับมาแล้ว", "Point brought back.")
    if verb == "merge":
        into = point_in(plan, _number(request.POST.get("into", "")))
        merge = MergePoint(by=who, plan=plan, point=point, confirmed=sure, into=into)
        return merge, (f"รวมเข้ากับ “{into}” แล้ว แยกกลับได้ที่ประเด็นนั้น", f"Merged into “{into}”; it can be taken out there.")
    if verb in ("up", "down"):
        move = MovePoint(by=who, plan=plan, point=point, confirmed=sure, step=-1 if verb == "up" else 1)
        return move, ("เลื่อนลำดับแล้ว", "Moved.")
    if verb == "propose":
        return _proposal(request, plan, point)
    raise Http404


def _proposal(request: HttpRequest, plan: Plan, point: Point) -> tuple[PlanChange, tuple[str, str]]:
    wanted = request.POST.get("proposal", "")
    chosen = next((one for listed in proposals().values() for one in listed if one.id == wanted), None)
    if chosen is None:
        raise Http404
    action = AddProposal(by=person(request), plan=plan, point=point, confirmed=confirmed(request), proposal=chosen)
    return action, ("เพิ่มมาตรการแล้ว", "Measure added.")


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    return int(typed)
