"""Circulation, acknowledgement, publication."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from prongsai.site.approval.access import bundle_for, circular_for, is_public
from prongsai.site.approval.actions import Acknowledge, Circulate, Publish
from prongsai.site.approval.freeze import PUBLIC
from prongsai.site.approval.models import Bundle, BundleState
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for


@signed_in
@require_POST
def circulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it round."""
    found = bundle_for(request, pk, May.SUBMIT)
    Circulate(by=request.user, bundle=found, text=request.POST.get("text", "")[:4000]).execute()  # type: ignore[arg-type]
    messages.success(request, pick("แจ้งเวียนทุกส่วนราชการแล้ว", "Circulated to every unit."))
    return redirect("bundle", pk)


@signed_in
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit has seen it."""
    circular = circular_for(request, pk, May.ACKNOWLEDGE)
    number = request.POST.get("unit", "")
    units = circular.bundle.plan.assessment.agency.units
    unit = units.filter(pk=number).first() if number.isascii() and number.isdigit() else None
    if unit is None:
        raise Http404
    Acknowledge(by=request.user, circular=circular, unit=unit).execute()  # type: ignore[arg-type]
    messages.success(request, pick(f"บันทึกการรับทราบของ{unit.name}แล้ว", f"Acknowledged for {unit.name}."))
    return redirect("bundle", circular.bundle_id)


@signed_in
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Disclose it."""
    found = bundle_for(request, pk, May.SUBMIT)
    Publish(by=request.user, bundle=found).execute()  # type: ignore[arg-type]
    messages.success(request, pick("เผยแพร่มาตรการแล้ว", "The measures are published."))
    return redirect("published", found.plan.assessment.agency.code, found.plan.assessment.round.slug)


@signed_in
@require_GET
def published(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The approved files that everyone who sees the agency may read."""
    assessment = assessment_for(request, code, slug, May.SEE)
    approved = Bundle.objects.filter(plan__assessment=assessment, state=BundleState.APPROVED).select_related("plan")
    newest: dict[str, Bundle] = {}
    for bundle in approved.prefetch_related("files__file").order_by("decided_at"):
        if is_public(bundle):
            newest[bundle.subject] = bundle
    shown = [(bundle, [file for file in bundle.files.all() if file.kind in PUBLIC]) for bundle in newest.values()]
    context = {"assessment": assessment, "agency": assessment.agency, "shown": shown}
    return render(request, "approval/published.html", context)
