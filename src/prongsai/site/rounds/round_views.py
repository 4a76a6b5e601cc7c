"""Running rounds: for assessors and system administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prongsai.errors import ProngsaiError
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.access import agencies_for, may, need
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import contact_of, covers_round, round_for
from prongsai.site.rounds.actions import (
    AddAgencies,
    CloseRound,
    CreateRound,
    ExtendStage,
    MoveFramework,
    ReopenRound,
    SetContact,
    agreed,
    installed,
)
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.forms import AgenciesForm, ContactForm, ExtendForm, RoundForm
from prongsai.site.rounds.models import Round, StageKind
from prongsai.site.rounds.progress import counts

_SHOWN = 10  # extensions of a step; all of them stand in the log


@signed_in
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds, newest first."""
    need(request, May.MANAGE_ROUNDS)
    found = list(Round.objects.filter(own=None))
    return render(request, "rounds/rounds.html", {"rounds": [(one, agreed(one), counts(one)) for one in found[:12]]})


@signed_in
def create(request: HttpRequest) -> HttpResponse:
    """A new round."""
    need(request, May.MANAGE_ROUNDS)
    offered = agencies_for(request.user, May.MANAGE_ROUNDS)  # type: ignore[arg-type]
    form = RoundForm(_posted(request), offered=offered)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        action = CreateRound(
            by=request.user,  # type: ignore[arg-type]
            name=data["name"],
            name_en=data["name_en"],
            fiscal_year=data["fiscal_year"],
            framework=form.frameworks[data["framework"]],
            calendar=data["calendar"],
            agencies=form.chosen(),
        )
        made = _execute(action, form)
        if made:
            messages.success(request, pick(f"เปิด “{made.name}” แล้ว", "The round is open."))
            return redirect("round", made.slug)
    return render(request, "rounds/create.html", {"form": form, "offered": offered.count()}, status=_status(form))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _execute(action: Any, form: Any) -> Any:
    """What the action gives; a refusal goes to the form, so that nothing typed is lost."""
    try:
        return action.execute()
    except ProngsaiError as error:
        for problem in error.problems:
            form.add_error(None, f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}".strip())
        return None


def _status(form: Any) -> int:
    return 400 if form.is_bound and form.errors else 200


@signed_in
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A round: its framework, its calendar with every extension, and how far its agencies are."""
    found = round_for(request, slug)
    calendar = Calendar(found)
    stages = [
        {
            "stage": stage,
            "kind": StageKind(stage.kind),
            "moved": calendar.extension(stage, None),
            "extensions": stage.extensions.select_related("agency", "by").order_by("-at")[:_SHOWN],
            "more": max(0, len(stage.extensions.all()) - _SHOWN),
        }
        for stage in calendar.stages
    ]
    covers = covers_round(request.user, found)  # type: ignore[arg-type]
    context = {
        "round": found,
        "framework": installed(found),
        "agreed": agreed(found),
        "stages": stages,
        "counts": counts(found),
        "contact": contact_of(request.user, found),  # type: ignore[arg-type]
        "covers": covers,
        "assesses_all": covers and may(request.user, May.ASSESS),  # type: ignore[arg-type]
        "surveyed": StageKind.SURVEY in calendar.kinds and may(request.user, May.ASSESS),  # type: ignore[arg-type]
    }
    return render(request, "rounds/round.html", context)


@signed_in
def agencies(request: HttpRequest, slug: str) -> HttpResponse:
    """Add agencies to a round."""
    found = round_for(request, slug)
    offered = agencies_for(request.user, May.MANAGE_ROUNDS)  # type: ignore[arg-type]
    form = AgenciesForm(_posted(request), offered=offered)
    if request.method == "POST" and form.is_valid():
        added = _execute(AddAgencies(by=request.user, round=found, agencies=form.chosen()), form)  # type: ignore[arg-type]
        if added:
            messages.success(request, pick(f"เพิ่ม {added} หน่วยงานแล้ว", f"{added} agencies were added."))
            return redirect("round", found.slug)
    return render(request, "rounds/add.html", {"round": found, "form": form}, status=_status(form))


@signed_in
def extend(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Move a step's last day."""
    found = round_for(request, slug)
    if kind not in StageKind.values:
        raise Http404
    stage = get_object_or_404(found.stages.all(), kind=kind)
    form = ExtendForm(_posted(request), of=found, initial={"agency": request.GET.get("agency", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        action = ExtendStage(
            by=request.user,  # type: ignore[arg-type]
            stage=stage,
            only=data["agency"],
            closes=data["closes"],
            reason=data["reason"],
        )
        if _execute(action, form):
            said = pick("ขยายเวลาแล้ว หน่วยงานจะเห็นวันและเหตุผล", "Extended; agencies see the day and why.")
            messages.success(request, said)
            return redirect("round", found.slug)
    moved = Calendar(found).extension(stage, None)
    context = {"round": found, "stage": stage, "kind": StageKind(kind), "moved": moved, "form": form}
    return render(request, "rounds/extend.html", context, status=_status(form))


@signed_in
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom the agencies may ask."""
    found = round_for(request, slug)
    form = ContactForm(_posted(request), initial={"contact": contact_of(request.user, found)})  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        action = SetContact(by=request.user, round=found, contact=form.cleaned_data["contact"])  # type: ignore[arg-type]
        _execute(action, form)
        if not form.errors:
            messages.success(request, pick("บันทึกผู้ที่สอบถามได้แล้ว", "Agencies see now whom to ask."))
            return redirect("round", found.slug)
    return render(request, "rounds/contact.html", {"round": found, "form": form}, status=_status(form))


@signed_in
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first, then closes a round; it can be opened again."""
    found = round_for(request, slug)
    if request.method == "POST":
        CloseRound(by=request.user, round=found).execute()  # type: ignore[arg-type]
        messages.success(request, pick("ปิดการประเมินแล้ว", "The round is closed."))
        return redirect("round", found.slug)
    return render(request, "rounds/close.html", {"round": found, "counts": counts(found)})


@signed_in
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Opens a closed round again."""
    found = round_for(request, slug)
    ReopenRound(by=request.user, round=found).execute()  # type: ignore[arg-type]
    messages.success(request, pick("เปิดการประเมินอีกครั้งแล้ว", "The round is open again."))
    return redirect("round", found.slug)


@signed_in
@require_POST
def move_framework(request: HttpRequest, slug: str) -> HttpResponse:
    """Pins a round to the framework version installed."""
    found = round_for(request, slug)
    MoveFramework(by=request.user, round=found).execute()  # type: ignore[arg-type]
    messages.success(request, pick("เปลี่ยนรุ่นของกรอบแล้ว", "The framework version was changed."))
    return redirect("round", found.slug)
