"""The assessor's side of an inspection: how far agencies are, preliminary results, confirmation, who inspects what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Action, Refused
from prongsai.site.inspection.actions.clarify import ConfirmScores
from prongsai.site.inspection.actions.distribute import Distribute, ShareNothing
from prongsai.site.inspection.actions.mark import OpenPreliminary
from prongsai.site.inspection.given import Team, gaps, inspectors
from prongsai.site.inspection.judge_forms import ShareForm
from prongsai.site.inspection.judging import rules_of
from prongsai.site.inspection.models import Assignment, Evidence, Mark, State
from prongsai.site.inspection.waiting import ready_to_confirm, ready_to_open
from prongsai.site.people.access import agencies_for
from prongsai.site.people.permissions import May
from prongsai.site.results.actions import GatherResults
from prongsai.site.rounds.access import round_for
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import Assessment, Round, StageKind

_PAGE = 50
_AT_ONCE = 100  # agencies that one press of the button does; the rest with the next
_STEPS = (StageKind.EVIDENCE, StageKind.INSPECTION, StageKind.CLARIFICATION, StageKind.APPEAL)


@signed_in
def inspection_round(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the inspection of a round is, agency by agency, and what the assessor can do next for each."""
    found = round_for(request, slug)
    person: Any = request.user
    rows = Assessment.objects.filter(round=found, agency__in=agencies_for(person, May.MANAGE_ROUNDS))
    if request.method == "POST":
        return _act(request, found, rows)
    return _page(request, found, rows, {})


def _page(request: HttpRequest, of: Round, rows: QuerySet[Assessment], more: dict[str, Any]) -> HttpResponse:
    asked = request.GET.get("show", "")
    shown = {"open": ready_to_open, "confirm": ready_to_confirm}.get(asked, lambda every: every)(rows)
    query = request.GET.get("q", "").strip()
    if query:
        shown = shown.filter(Q(agency__name__icontains=query) | Q(agency__code=query))
    page = Paginator(shown.select_related("agency").order_by("agency__name"), _PAGE).get_page(request.GET.get("page"))
    stages = {stage.kind: stage for stage in Calendar(of).stages}
    rules = rules_of(of.framework)
    context = {
        "round": of,
        "page": page,
        "lines": _lines(list(page)),
        "show": asked,
        "q": query,
        "steps": [(kind.label, stages.get(kind)) for kind in _STEPS if kind != StageKind.APPEAL or rules.appeal],
        "rules": rules,
        "published": of.framework.inspection is not None,
        "agencies": rows.count(),
        "told": rows.filter(inspected_at__isnull=False).count(),
        "final": rows.filter(clarified_at__isnull=False).count(),
        "to_open": ready_to_open(rows).count(),
        "to_confirm": ready_to_confirm(rows).count(),
        **more,
    }
    return render(request, "inspection/round.html", context)


def _lines(page: list[Assessment]) -> list[dict[str, Any]]:
    """The agencies of one page with their items counted by state."""
    states = {
        "every": Q(),
        "filling": Q(state__in=(State.OPEN, State.READY, State.CONFIRMED)),
        "locked": Q(state=State.LOCKED, again=""),
        "again": Q(state=State.LOCKED) & ~Q(again=""),
        "marked": Q(state=State.MARKED),
        "open": Q(state__in=(State.PRELIMINARY, State.DECIDED)),
        "asked": Q(state__in=(State.CLARIFYING, State.APPEALED)),
        "final": Q(state=State.FINAL),
    }
    counts = Evidence.objects.filter(assessment__in=page).order_by().values("assessment")
    found = {one["assessment"]: one for one in counts.annotate(**{n: Count("pk", filter=q) for n, q in states.items()})}
    return [{**found.get(one.pk, dict.fromkeys(states, 0)), "assessment": one} for one in page]


def _act(request: HttpRequest, of: Round, rows: QuerySet[Assessment]) -> HttpResponse:
    """Open or confirm one agency, or all that are ready; for all of them the page asks first."""
    verbs: dict[str, tuple[Any, Callable[[QuerySet[Assessment]], QuerySet[Assessment]]]] = {
        "open": (OpenPreliminary, ready_to_open),
        "confirm": (ConfirmScores, ready_to_confirm),
    }
    verb, which = request.POST.get("verb", ""), request.POST.get("agency", "")
    if verb not in verbs:
        raise Http404
    make, ready = verbs[verb]
    chosen = rows.filter(agency__code=which) if which != "all" else ready(rows)
    if "sure" not in request.POST:
        names = list(chosen.order_by("agency__name").values_list("agency__name", flat=True)[:5])
        return _page(request, of, rows, {"ask": verb, "ask_for": which, "ask_names": names, "ask_n": chosen.count()})
    done, refused = 0, []
    for assessment in chosen.select_related("agency", "round").order_by("agency__name")[:_AT_ONCE]:
        try:
            make(by=request.user, assessment=assessment).execute()
        except Refused as error:
            refused.append(_why(assessment, error))
            continue
        done += 1
        if verb == "confirm" and (said := _gather(GatherResults(by=request.user, assessment=assessment))):  # type: ignore[arg-type]
            refused.append(f"{assessment.agency.name}: {said}")
    _tell(request, verb, done, refused)
    left = ready(rows).count() if which == "all" and done == _AT_ONCE else 0
    if left:
        messages.info(request, pick(f"ยังเหลือ {left} แห่ง กดอีกครั้งเพื่อทำต่อ", f"{left} are left; press again."))
    return redirect("inspection_round", of.slug)


def _gather(action: Action) -> str:
    """Make results; why not, where something else is still missing (then the verdicts are final all the same)."""
    try:
        action.execute()
    except Refused as error:
        return pick(
            f"ยืนยันผล OIT แล้ว แต่ยังประมวลผลคะแนนไม่ได้ {error.problems[0].th}",
            f"OIT is confirmed; results cannot be made yet: {error.problems[0].en}",
        )
    return ""


def _why(assessment: Assessment, error: Refused) -> str:
    problem = error.problems[0]
    return f"{assessment.agency.name}: {pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}".strip()


def _tell(request: HttpRequest, verb: str, done: int, refused: list[str]) -> None:
    if done and verb == "open":
        messages.success(request, pick(f"แจ้งผลเบื้องต้นแล้ว {done} หน่วยงาน", f"Opened to {done} agencies."))
    elif done:
        messages.success(request, pick(f"ยืนยันผลคะแนนแล้ว {done} หน่วยงาน", f"Confirmed for {done} agencies."))
    for text in refused[:5]:
        messages.warning(request, text)
    if len(refused) > 5:
        messages.warning(request, pick(f"และอีก {len(refused) - 5} แห่ง", f"and {len(refused) - 5} more"))
    if not done and not refused:
        messages.info(request, pick("ยังไม่มีหน่วยงานที่พร้อม", "No agency is ready for this yet."))


@signed_in
def inspection_share(request: HttpRequest, slug: str) -> HttpResponse:
    """Who inspects what: shared out by agencies or by items, evenly, and never to somebody concerned."""
    found = round_for(request, slug)
    everyone = inspectors()
    form = ShareForm(request.POST or None, people=everyone)
    refused = None
    if request.method == "POST" and "nothing" in request.POST:
        ShareNothing(by=request.user, round=found).execute()  # type: ignore[arg-type]
        messages.success(request, pick("ยกเลิกการแจกงานแล้ว ผู้ตรวจทุกคนเห็นทุกข้อ", "Everyone sees everything again."))
        return redirect("inspection_share", slug)
    if request.method == "POST" and form.is_valid():
        chosen = {int(pk) for pk in form.cleaned_data["inspectors"]}
        people = [one for one in everyone if one.pk in chosen]
        action = Distribute(by=request.user, round=found, inspectors=people, way=form.cleaned_data["way"])  # type: ignore[arg-type]
        try:
            action.execute()
        except Refused as error:
            refused = error.problems
        else:
            messages.success(request, pick("แจกงานตรวจแล้ว", "The inspection is shared out."))
            return redirect("inspection_share", slug)
    team, shared = Team(everyone), Assignment.objects.filter(round=found).exists()
    context = {
        "round": found,
        "form": form,
        "refused": refused,
        "shared": shared,
        "gaps": len(gaps(found, team)) if shared else 0,
        "people": _loads(found, everyone, team),
    }
    return render(request, "inspection/share.html", context, status=409 if refused or form.errors else 200)


def _loads(of: Round, everyone: list[Any], team: Team) -> list[dict[str, Any]]:
    """What each inspector was given and has marked."""
    counted = Assignment.objects.filter(round=of).order_by().values("inspector", "order")
    kinds = {"agencies": Q(agency__isnull=False), "items": Q(agency=None)}
    given = {
        (one["inspector"], one["order"]): one
        for one in counted.annotate(**{name: Count("pk", filter=q) for name, q in kinds.items()})
    }
    marks = Mark.objects.filter(evidence__assessment__round=of, inspector__in=everyone).order_by().values("inspector")
    marked = dict(marks.annotate(n=Count("pk")).values_list("inspector", "n"))
    return [
        {
            "person": one,
            "first": given.get((one.pk, 1)),
            "second": given.get((one.pk, 2)),
            "marked": marked.get(one.pk, 0),
            "barred": len(team.barred[one.pk]),
        }
        for one in everyone
    ]
