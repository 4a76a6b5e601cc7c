"""One item: its rule, last year, its links, what the checks saw, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from prongsai.evidence.links import checklist_items
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Refused
from prongsai.site.inspection.access import evidence_for
from prongsai.site.inspection.actions.fill import Changed, FillItem, MarkReady, TakeUp
from prongsai.site.inspection.checklist import Checklist, Line, required
from prongsai.site.inspection.checklist_views import latest_run
from prongsai.site.inspection.filing import barred, may_fill, window
from prongsai.site.inspection.forms import ItemSheet, with_row
from prongsai.site.inspection.judge_access import is_told
from prongsai.site.inspection.models import Evidence, Link, State
from prongsai.site.inspection.states import AFTER_LOCK
from prongsai.site.inspection.told import Told, told
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment

_OFFERED = 200  # addresses known already that are offered while typing


@signed_in
def evidence_item(request: HttpRequest, code: str, slug: str, item: str) -> HttpResponse:
    """The item to read; for its owners, while it may change, to fill in."""
    assessment = assessment_for(request, code, slug, May.SEE)
    evidence = evidence_for(request, assessment, item)
    line = Checklist(assessment).line(item)
    person = request.user
    assert isinstance(person, Person)
    mine = may_fill(person, evidence)
    found = window(assessment)
    reason = barred(evidence, found)
    if request.method == "POST":
        if not mine:
            raise Http404
        if reason:
            raise reason
        return _save(request, line)
    sheet = ItemSheet(line) if mine and not reason else None
    return _page(request, line, {"sheet": sheet, "shut": reason, "mine": mine, "window": found})


def _page(request: HttpRequest, line: Line, more: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page around what can be typed."""
    assessment, evidence = line.evidence.assessment, line.evidence
    person: Any = request.user
    inside = may(person, May.SEE_DRAFTS, assessment.agency)
    codes = list(checklist_items(assessment.round.framework))
    place = codes.index(line.code)
    context = {
        "assessment": assessment,
        "agency": assessment.agency,
        "line": line,
        "evidence": evidence,
        "rules": required(line.item, line.links),
        "window": more.get("window") or window(assessment),
        "inside": inside,
        "plans": may(person, May.PLAN, assessment.agency),
        "run": latest_run(assessment, evidence) if evidence.pk and inside else None,
        "verdict": _verdict(person, evidence),
        "known": _known(assessment) if more.get("sheet") else [],
        "before": codes[place - 1] if place else "",
        "after": codes[place + 1] if place + 1 < len(codes) else "",
        **more,
    }
    return render(request, "inspection/item.html", context, status=status)


def _verdict(person: Person, evidence: Evidence) -> Told | None:
    """What inspectors said of the item: preliminary for those whom it concerns, final for whoever sees the item."""
    if evidence.state not in AFTER_LOCK:
        return None
    if evidence.state != State.FINAL and not is_told(person, evidence.assessment):
        return None
    return next(iter(told(evidence.assessment, evidence.item)), None)


def _known(assessment: Assessment) -> list[Any]:
    """Addresses that the agency has filed before, this year or earlier, newest first."""
    used = Link.objects.filter(evidence__assessment__agency=assessment.agency_id)
    return list(used.values("url").annotate(label=Max("label"), newest=Max("pk")).order_by("-newest")[:_OFFERED])


def _save(request: HttpRequest, line: Line) -> HttpResponse:
    """Save, or show the form again with all that was typed."""
    data = request.POST
    sheet = ItemSheet(line, data)
    if "add" in data or "use" in data:
        link = _usable(line, data["use"]) if "use" in data else None
        longer = ItemSheet(line, with_row(data, link, sheet.elements)).quiet()
        return _page(request, line, {"sheet": longer, "mine": True, "unsaved": True})
    if not sheet.valid():
        return _page(request, line, {"sheet": sheet, "mine": True, "faulty": True}, 400)
    main = sheet.main.cleaned_data
    action = FillItem(
        by=request.user,  # type: ignore[arg-type]
        evidence=line.evidence,
        version=main["version"],
        links=sheet.data(),
        not_applicable=main["not_applicable"],
        reason=main["reason"],
        effective=main["effective"],
        note=main["note"],
        ready="ready" in data,
    )
    assessment = line.evidence.assessment
    try:
        action.execute()
    except Changed as changed:
        again = _on_top_of(line, changed.evidence, data)
        return _page(request, line, {"sheet": again, "theirs": changed.evidence, "mine": True}, 409)
    except Refused as refused:
        return _page(request, line, {"sheet": sheet, "refused": refused.problems, "mine": True}, 409)
    ready = pick("บันทึกและแจ้งว่าพร้อมเสนอแล้ว", "Saved and handed in.")
    messages.success(request, ready if "ready" in data else pick("บันทึกแล้ว", "Saved."))
    return redirect("evidence_item", assessment.agency.code, assessment.round.slug, line.code)


def _on_top_of(line: Line, theirs: Evidence, data: Any) -> ItemSheet:
    """What was typed, to be saved over the other's."""
    mine = data.copy()
    mine["version"] = str(theirs.version)
    return ItemSheet(line, mine).quiet()


def _usable(line: Line, pk: str) -> Link:
    """A link of the same agency. Raises ``Http404``."""
    own = Link.objects.filter(evidence__assessment__agency=line.evidence.assessment.agency_id)
    found = own.filter(pk=pk).first() if pk.isascii() and pk.isdigit() else None
    if found is None:
        raise Http404
    return found


@require_POST
@signed_in
def evidence_act(request: HttpRequest, code: str, slug: str, item: str, verb: str) -> HttpResponse:
    """Hand in, take up again, or give back to the unit."""
    assessment = assessment_for(request, code, slug, May.SEE_DRAFTS)
    evidence = evidence_for(request, assessment, item, fill=True)
    person = request.user
    assert isinstance(person, Person)
    if verb == "ready":
        MarkReady(by=person, evidence=evidence).execute()
        messages.success(request, pick("แจ้งว่าพร้อมเสนอแล้ว", "Handed in."))
    elif verb == "take-up":
        TakeUp(by=person, evidence=evidence, reason=request.POST.get("reason", "").strip()[:500]).execute()
        messages.success(request, pick("เปิดให้แก้ไขแล้ว", "Open again."))
    else:
        raise Http404
    return redirect("evidence_item", code, slug, item)
