"""Pages of the system's administrator: all agencies, and the people who work for many."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from prongsai.site.agencies.actions import CreateAgency
from prongsai.site.agencies.forms import NewAgencyForm
from prongsai.site.agencies.models import Agency
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.people import actions
from prongsai.site.people.access import need
from prongsai.site.people.forms import SystemRoleForm
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.people.permissions import May
from prongsai.site.people.staff_views import PAGE, account_of, me_of, tried


@signed_in
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies, found by words of name, code, district or province; who lacks an administrator is shown."""
    need(request, May.MANAGE_SYSTEM)
    found = Agency.objects.all()
    for word in request.GET.get("q", "").split():
        named = Q(name__icontains=word) | Q(code__icontains=word)
        found = found.filter(named | Q(province__icontains=word) | Q(district__icontains=word))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    live = Q(accepted=True) & (Q(end__isnull=True) | Q(end__gte=today))
    counted = (
        Role.objects.filter(live, agency__in=[agency.pk for agency in page])
        .values_list("agency")
        .annotate(people=Count("person", distinct=True), admins=Count("pk", Q(kind=RoleKind.AGENCY_ADMIN)))
    )
    context = {"page": page, "counted": {agency: (people, admins) for agency, people, admins in counted}}
    return render(request, "agencies/all.html", context)


@signed_in
def agency_add(request: HttpRequest) -> HttpResponse:
    """A new agency."""
    need(request, May.MANAGE_SYSTEM)
    form = NewAgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, made = tried(form, CreateAgency(by=me_of(request), values=form.agency_values()))
        if done:
            said = pick("เพิ่มหน่วยงานแล้ว ขั้นต่อไป: เพิ่มผู้ดูแลระบบของหน่วยงาน", "Added. Next: add the agency's administrator.")
            messages.success(request, said)
            return redirect("person_add", made.code)
    context = {
        "form": form,
        "frame": "base/page.html",
        "back": "/system/agencies/",
        "heading": pick("เพิ่มหน่วยงาน", "Add an agency"),
    }
    return render(request, "people/fill.html", context, status=422 if form.errors else 200)


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    """Who works for many agencies; with ``?q=`` anyone by name or username."""
    need(request, May.MANAGE_SYSTEM)
    live = Role.objects.filter(Q(end__isnull=True) | Q(end__gte=timezone.localdate()))
    live = live.select_related("agency", "parent", "unit")
    words = request.GET.get("q", "").split()
    found = Person.objects.all() if words else Person.objects.filter(pk__in=live.filter(agency=None).values("person"))
    for word in words:
        named = Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(username__icontains=word)
        found = found.filter(named)
    page = Paginator(found.prefetch_related(Prefetch("roles", live, to_attr="held")), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "people/system.html", {"page": page})


@signed_in
def person_add(request: HttpRequest) -> HttpResponse:
    """A role over many agencies for someone new or known."""
    need(request, May.MANAGE_SYSTEM)
    form = SystemRoleForm(request.POST or None)
    context = {
        "frame": "base/page.html",
        "back": "/system/people/",
        "heading": pick("เพิ่มผู้ปฏิบัติงานส่วนกลาง", "Add a role over many agencies"),
    }
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            who, password = account_of(request, form, None)
            done = who is not None and tried(form, actions.GiveRole(by=me_of(request), role=form.role(who)))[0]
            if not done:
                transaction.set_rollback(True)
        if done and password:
            return render(request, "people/one_time_password.html", {**context, "person": who, "password": password})
        if done:
            messages.success(request, pick("มอบบทบาทแล้ว", "The role has been given."))
            return redirect("system_people")
    return render(request, "people/fill.html", {**context, "form": form}, status=422 if form.errors else 200)
