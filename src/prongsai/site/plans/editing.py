"""How every editing page of the plan answers: warn first, show both versions, swap a card or go back to its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django_htmx.middleware import HtmxDetails

from prongsai.site.base.text import pick
from prongsai.site.base.views import View, signed_in
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.actions.base import NeedsConfirmation
from prongsai.site.plans.models import Measure, Plan, Point
from prongsai.site.plans.page import Overview, overview
from prongsai.site.plans.states import ask_for_time, editing_window


def editing(view: View) -> View:
    """For people who are signed in; a change of a plan that is no draft is asked about first, with what was typed."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NeedsConfirmation as warning:
            typed = [
                (name, value)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken"
                for value in values
            ]
            context = {
                "assessment": warning.plan.assessment,
                "agency": warning.plan.assessment.agency,
                "plan": warning.plan,
                "typed": typed,
                "action": request.get_full_path(),
                "back": address(warning.plan),
            }
            return render(request, "plans/confirm.html", context, status=409)

    guarded: Callable[..., HttpResponse] = signed_in(asked)
    return guarded


def confirmed(request: HttpRequest) -> bool:
    """Whether the person was told that the plan needs approval anew, and went on."""
    return request.POST.get("confirmed") == "1"


def person(request: HttpRequest) -> Person:
    """Who acts."""
    assert isinstance(request.user, Person)  # behind ``signed_in``
    return request.user


def address(plan: Plan, anchor: str = "") -> str:
    """The plan page, at a place."""
    page = reverse("plan", args=(plan.assessment.agency.code, plan.assessment.round.slug))
    return f"{page}#{anchor}" if anchor else page


def swaps(request: HttpRequest) -> bool:
    """Whether htmx asks for the changed card only."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx)


def page_context(request: HttpRequest, plan: Plan, seen: Overview) -> dict[str, Any]:
    """What the plan page and its cards are rendered with."""
    agency, window = plan.assessment.agency, editing_window(plan.assessment, plan)
    return {
        "assessment": plan.assessment,
        "agency": agency,
        "plan": plan,
        "here": address(plan),
        "token": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)),
        "seen": seen,
        "may_plan": may(person(request), May.PLAN, agency) and not (window and window.over),
        "may_comment": any(may(person(request), what, agency) for what in (May.PLAN, May.COACH)),
        "reads_comments": any(may(person(request), what, agency) for what in (May.SEE_DRAFTS, May.COACH)),
        "window": window,
        "ask_for_time": ask_for_time(),
    }


def done(request: HttpRequest, plan: Plan, anchor: str, words: tuple[str, str]) -> HttpResponse:
    """After a change: back to its place on the page."""
    messages.success(request, pick(*words))
    return HttpResponseRedirect(address(plan, anchor))


def card_changed(request: HttpRequest, plan: Plan, point: Point, words: tuple[str, str]) -> HttpResponse:
    """After a change inside one card: the card anew for htmx, otherwise back to its place."""
    anchor = request.POST.get("anchor") or f"point-{point.pk}"
    if not swaps(request):
        return done(request, plan, anchor, words)
    seen = overview(plan)
    card = seen.card_of(point)
    if card is None:  # the point left the page's order: draw it all anew
        messages.success(request, pick(*words))
        response = HttpResponse()
        response.headers["HX-Redirect"] = address(plan, anchor)
        response.headers["HX-Refresh"] = "true"
        return response
    context = {**page_context(request, plan, seen), "card": card, "words": pick(*words)}
    return render(request, "plans/changed.html", context)


def ask(request: HttpRequest, plan: Plan, row: Measure | Point | Plan, verb: str, **extra: Any) -> HttpResponse:
    """Ask for what an act needs (a reason, a target) in the card for htmx, otherwise on a page of its own."""
    kind = row._meta.model_name
    context = {
        "assessment": plan.assessment,
        "agency": plan.assessment.agency,
        "row": row,
        "kind": kind,
        "verb": verb,
        "action": request.path,
        "inside": swaps(request),
        "back": address(plan, f"{kind}-{row.pk}"),
        **extra,
    }
    return render(request, "plans/_ask.html" if swaps(request) else "plans/ask.html", context)
