"""The inspector's first page: what waits by item and by agency, what was just done, conflicts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from prongsai.evidence.links import checklist_items
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Refused
from prongsai.site.inspection.actions.mark import DeclareConflict, WithdrawConflict
from prongsai.site.inspection.judge_access import conflict_for
from prongsai.site.inspection.judge_forms import ConflictForm
from prongsai.site.inspection.judging import label_of, queue, to_decide
from prongsai.site.inspection.models import Conflict, Evidence, Mark, State
from prongsai.site.inspection.pairs import natural
from prongsai.site.inspection.walk import walk
from prongsai.site.people.access import agencies_for, need
from prongsai.site.people.permissions import May
from prongsai.site.rounds.models import Round, Stage, StageKind

_PAGE = 50
_RECENT = 5


@signed_in
def inspect_queue(request: HttpRequest) -> HttpResponse:
    """What waits for this inspector, by item or by agency; clarifications; the last marks; declared conflicts."""
    need(request, May.INSPECT)
    person: Any = request.user
    form = ConflictForm(request.POST or None, offered=agencies_for(person, May.INSPECT))
    if request.method == "POST" and form.is_valid():
        try:
            DeclareConflict(by=person, of=form.cleaned_data["agency"], reason=form.cleaned_data["reason"]).execute()
        except Refused as refused:
            form.add_error(None, pick(refused.problems[0].th, refused.problems[0].en))
        else:
            said = pick("แจ้งความเกี่ยวข้องแล้ว หน่วยงานนี้ไม่อยู่ในคิวของท่าน", "Declared; the agency leaves your queue.")
            messages.success(request, said)
            return redirect("inspect_queue")
    rows, by = queue(person), request.GET.get("by", "item")
    by = by if by in ("item", "agency") else "item"
    items = _by_item(rows)
    groups = _by_agency(rows, request.GET.get("q", "").strip()) if by == "agency" else items
    marks = Mark.objects.filter(inspector=person)
    context = {
        "by": by,
        "q": request.GET.get("q", "").strip(),
        "page": Paginator(groups, _PAGE).get_page(request.GET.get("page")),
        "waiting": sum(one["n"] for one in items),
        "again": sum(one["again"] for one in items),
        "rounds": _rounds({one["of"] for one in items}),
        "done": marks.count(),
        "clarifications": to_decide(person)[:_PAGE],
        "recent": _recent(marks),
        "conflicts": Conflict.objects.filter(inspector=person, withdrawn_at=None).select_related("agency"),
        "form": form,
    }
    return render(request, "inspection/queue.html", context, status=400 if form.errors else 200)


def _by_item(rows: QuerySet[Evidence]) -> list[dict[str, Any]]:
    """Each item with how many agencies wait, and where to begin."""
    counts = {"n": Count("pk"), "repeated": Count("pk", filter=~Q(again=""))}
    counted: list[Any] = list(rows.order_by().values("assessment__round", "item").annotate(**counts))
    rounds = Round.objects.in_bulk({one["assessment__round"] for one in counted})
    found = []
    for one in sorted(counted, key=lambda one: (one["assessment__round"], natural(one["item"]))):
        of = rounds[one["assessment__round"]]
        item = checklist_items(of.framework).get(one["item"])
        start = {"round": of.slug, "item": one["item"], "of": of, "text": item.text if item else ""}
        found.append({**start, "n": one["n"], "again": one["repeated"]})
    return found


def _by_agency(rows: QuerySet[Evidence], asked: str) -> Any:
    """Each agency with how many of its items wait."""
    if asked:
        rows = rows.filter(assessment__agency__name__icontains=asked)
    agency, of = "assessment__agency", "assessment__round"
    counted = rows.order_by().values(f"{agency}__name", f"{agency}__code", f"{of}__name", f"{of}__slug")
    return counted.annotate(n=Count("pk")).order_by(f"{agency}__name", f"{of}__slug")


def _rounds(of: set[Round]) -> list[dict[str, Any]]:
    """Rounds with something waiting, and until when they are to be inspected."""
    stages = Stage.objects.filter(round__in=of, kind=StageKind.INSPECTION).select_related("round")
    return [{"round": stage.round, "closes": stage.closes} for stage in stages.order_by("closes")]


def _recent(marks: QuerySet[Mark]) -> list[dict[str, Any]]:
    """The last marks, each with whether it can still be taken back."""
    related = marks.select_related("evidence__assessment__agency", "evidence__assessment__round")
    found = []
    for mark in related.annotate(newer=Count("evidence__marks")).order_by("-at", "-pk")[:_RECENT]:
        back = mark.evidence.state in (State.LOCKED, State.MARKED) and mark.order == mark.newer
        found.append({"mark": mark, "label": label_of(mark.evidence, mark.verdict), "back": back})
    return found


@signed_in
def inspect_start(request: HttpRequest) -> HttpResponse:
    """The first decision of an item or an agency."""
    need(request, May.INSPECT)
    rows, by = queue(request.user), "item"  # type: ignore[arg-type]
    if slug := request.GET.get("round", ""):
        rows = rows.filter(assessment__round__slug=slug)
    if item := request.GET.get("item", ""):
        rows = rows.filter(item=item)
    if agency := request.GET.get("agency", ""):
        rows, by = rows.filter(assessment__agency__code=agency), "agency"
    first = rows.order_by("pk").first()
    if first is None:
        messages.info(request, pick("ไม่มีข้อที่รอท่านตรวจในรายการนี้แล้ว", "Nothing of this waits for you any more."))
        return redirect("inspect_queue")
    return redirect(walk(request.user, by).address(first))  # type: ignore[arg-type]


@require_POST
@signed_in
def inspect_conflict_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a declared conflict back."""
    WithdrawConflict(by=request.user, conflict=conflict_for(request, pk)).execute()  # type: ignore[arg-type]
    messages.success(request, pick("ถอนการแจ้งความเกี่ยวข้องแล้ว", "The conflict is taken back."))
    return redirect("inspect_queue")
