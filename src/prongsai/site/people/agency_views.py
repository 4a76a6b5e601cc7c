"""An agency's data and units (here, since the agencies room knows nobody)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.errors import ProngsaiError
from prongsai.site.agencies.actions import ChangeAgency, MoveUnit, RestoreUnit, RetireUnit, SaveUnit
from prongsai.site.agencies.forms import DATA_FIELDS, AgencyForm, UnitForm, unit_initial
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.files.keep import PICTURES, keep, receive
from prongsai.site.files.models import Stored
from prongsai.site.people.access import agency_for, may
from prongsai.site.people.models import now_in_force
from prongsai.site.people.permissions import May
from prongsai.site.people.staff_views import me_of, tried


@signed_in
def units(request: HttpRequest, code: str) -> HttpResponse:
    """The agency's units in its own order, with how many steps of measures each owns."""
    agency = agency_for(request, code, May.SEE_DRAFTS, May.MANAGE_AGENCY)
    owners = Count("roles", now_in_force(timezone.localdate(), "roles__"), distinct=True)
    found = list(agency.units.annotate(owners=owners, owned=Count("steps", distinct=True)))
    context = {
        "agency": agency,
        "units": [unit for unit in found if unit.active],
        "retired": [unit for unit in found if not unit.active],
        "manages": may(me_of(request), May.MANAGE_AGENCY, agency),
    }
    return render(request, "agencies/units.html", context)


def _unit(agency: Agency, pk: int) -> Unit:
    found = agency.units.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@signed_in
def unit(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """A new unit, or another name of one."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    found = _unit(agency, pk) if pk else Unit(agency=agency)
    form = UnitForm(request.POST or None, initial=unit_initial(found))
    valid = request.method == "POST" and form.is_valid()
    if valid and tried(form, SaveUnit(by=me_of(request), unit=found, values=form.unit_values()))[0]:
        messages.success(request, pick("บันทึกส่วนราชการแล้ว", "The unit has been saved."))
        return redirect("units", code)
    heading = pick("แก้ไขส่วนราชการ", "Change the unit") if pk else pick("เพิ่มส่วนราชการ", "Add a unit")
    context = {
        "agency": agency, "frame": "rounds/frame.html", "back": reverse("units", args=[code]), "form": form,
        "heading": heading,
    }  # fmt: skip
    return render(request, "people/fill.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def unit_move(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One place up or down."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    MoveUnit(by=me_of(request), unit=_unit(agency, pk), up=request.POST.get("way") != "down").execute()
    return redirect(f"{reverse('units', args=[code])}#unit-{pk}")


@signed_in
@require_POST
def unit_retire(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """No longer offered, or offered again; can be undone at any time."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    found = _unit(agency, pk)
    action = RetireUnit if found.active else RestoreUnit
    action(by=me_of(request), unit=found).execute()
    said = pick("เลิกใช้ส่วนราชการแล้ว นำกลับมาใช้ได้ที่ท้ายหน้านี้", "Retired; it can be taken back at the end of this page.")
    messages.success(request, said if action is RetireUnit else pick("นำกลับมาใช้แล้ว", "Back in use."))
    return redirect("units", code)


@signed_in
def agency_data(request: HttpRequest, code: str) -> HttpResponse:
    """Name, kind, place, web site, staff and emblem; whoever edited an older version sees what is there now."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    initial = {name: getattr(agency, name) for name in DATA_FIELDS} | {"version": agency.version}
    form = AgencyForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            emblem = _emblem(request, agency)
        except ProngsaiError as error:
            for problem in error.problems:
                form.add_error(
                    "emblem", f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}".strip()
                )
        else:
            action = ChangeAgency(
                by=me_of(request), of=agency, version=form.cleaned_data["version"] or 0,
                values=form.agency_values(), emblem=emblem,
            )  # fmt: skip
            if tried(form, action)[0]:
                messages.success(request, pick("บันทึกข้อมูลหน่วยงานแล้ว", "The agency's data has been saved."))
                return redirect("agency_data", code)
    agency.refresh_from_db()
    newer = form.is_bound and str(agency.version) != request.POST.get("version")
    if newer:  # the next attempt is made in the knowledge of the latest version
        form.data = {**form.data.dict(), "version": str(agency.version)}  # type: ignore[attr-defined]
    differing = [
        (field.label, field.value() or "–", getattr(agency, field.name) or "–")
        for field in form
        if newer and field.name in DATA_FIELDS and str(field.value() or "") != str(getattr(agency, field.name) or "")
    ]
    context = {"agency": agency, "form": form, "differing": differing}
    return render(request, "agencies/data.html", context, status=409 if newer else 422 if form.errors else 200)


def _emblem(request: HttpRequest, agency: Agency) -> Stored | None:
    upload = request.FILES.get("emblem")
    return keep(receive(upload, PICTURES), agency, me_of(request)) if upload else None
