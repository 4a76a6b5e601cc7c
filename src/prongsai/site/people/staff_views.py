"""An agency's people and their roles; the same pages serve the system's administrator for people of many agencies."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prongsai.errors import ProngsaiError
from prongsai.site.agencies.models import Agency
from prongsai.site.base.forms import Form
from prongsai.site.base.text import pick
from prongsai.site.base.views import signed_in
from prongsai.site.history.action import Action
from prongsai.site.people import actions
from prongsai.site.people.access import agency_for, may, need, role_for, runs_account
from prongsai.site.people.actions.delegations import LENDABLE
from prongsai.site.people.actions.handover import roles_to_hand_over
from prongsai.site.people.forms import (
    AccountChoice,
    AddForm,
    DelegationForm,
    EndForm,
    HandoverForm,
    IdentityForm,
    PersonForm,
    RoleFields,
    values_of,
)
from prongsai.site.people.models import Delegation, Person, Role, now_in_force
from prongsai.site.people.permissions import May

PAGE = 50


def me_of(request: HttpRequest) -> Person:
    """Who is signed in."""
    assert isinstance(request.user, Person)
    return request.user


def tried(form: Form, action: Action) -> tuple[bool, Any]:
    """Execute an action; what it refuses stands in the form, beside what was typed."""
    try:
        return True, action.execute()
    except ProngsaiError as error:
        for problem in error.problems:
            form.add_error(None, f"{pick(problem.th, problem.en)} {pick(problem.next_th, problem.next_en)}".strip())
        return False, None


def members(agency: Agency) -> QuerySet[Person]:
    """The people with a role in force in an agency."""
    roles = Role.objects.filter(now_in_force(timezone.localdate()), agency=agency)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True)


@signed_in
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Who does what in an agency; ``?past=1`` also those whose roles have ended."""
    agency = agency_for(request, code, May.SEE_DRAFTS, May.MANAGE_AGENCY)
    roles = Role.objects.filter(agency=agency).select_related("unit")
    if not request.GET.get("past"):
        roles = roles.filter(Q(end__isnull=True) | Q(end__gte=timezone.localdate()))
    if not may(me_of(request), May.MANAGE_AGENCY, agency):
        roles = roles.filter(accepted=True)
    found = Person.objects.filter(pk__in=roles.values("person"))
    for word in request.GET.get("q", "").split():
        named = Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(position__icontains=word)
        found = found.filter(named, roles__in=roles.filter(accepted=True)).distinct()
    page = Paginator(found.prefetch_related(Prefetch("roles", roles, to_attr="held")), PAGE).get_page(
        request.GET.get("page")
    )
    lent = Delegation.objects.filter(role__agency=agency, revoked=False, end__gte=timezone.localdate())
    context = {
        "agency": agency,
        "page": page,
        "delegations": lent.select_related("role__person", "to")[:PAGE],
        "manages": may(me_of(request), May.MANAGE_AGENCY, agency),
    }
    return render(request, "people/people.html", context)


# --- one person


def _person(request: HttpRequest, code: str | None, pk: int) -> tuple[Agency | None, Person, dict[str, Any]]:
    """The person to administer: of the agency, or (without a code) anyone, for the system's administrator."""
    agency = agency_for(request, code, May.MANAGE_AGENCY) if code else None
    if agency is None:
        need(request, May.MANAGE_SYSTEM)
    person = Person.objects.filter(pk=pk).first()
    if person is None or (agency and not person.roles.filter(agency=agency).exists()):
        raise Http404
    known = agency is None or person.roles.filter(agency=agency, accepted=True).exists()
    at = reverse("person", args=[code, pk]) if code else reverse("system_person", args=[pk])
    context = {
        "agency": agency, "person": person, "known": known, "at": at,
        "frame": "rounds/frame.html" if agency else "base/page.html",
        "back": reverse("people", args=[code]) if code else reverse("system_people"),
    }  # fmt: skip
    return agency, person, context


def _known_person(request: HttpRequest, code: str | None, pk: int) -> tuple[Agency | None, Person, dict[str, Any]]:
    """A person who is no stranger: an invitation gives no right over an account."""
    agency, person, context = _person(request, code, pk)
    if not context["known"]:
        raise Http404
    return agency, person, context


def _filled(request: HttpRequest, context: dict[str, Any], form: Form, **words: Any) -> HttpResponse:
    """The page with one form."""
    return render(request, "people/fill.html", {**context, "form": form, **words}, status=422 if form.errors else 200)


@signed_in
def person(request: HttpRequest, pk: int, code: str | None = None) -> HttpResponse:
    """One person: data, roles here, delegations, what can be done about the account."""
    agency, who, context = _person(request, code, pk)
    roles = who.roles.select_related("unit", "agency", "parent")
    roles = roles.filter(agency=agency) if agency else roles
    lent = Delegation.objects.filter(Q(role__person=who) | Q(to=who), revoked=False, end__gte=timezone.localdate())
    lent = lent.filter(role__agency=agency) if agency else lent
    context |= {
        "roles": list(roles.order_by("-end", "-start")),
        "today": timezone.localdate(),
        "lendable": LENDABLE,
        "delegations": lent.select_related("role__person", "to"),
        "runs": runs_account(me_of(request), who),
        "second_factor": Authenticator.objects.filter(user=who, type=Authenticator.Type.TOTP).exists(),
        "providers": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"],
    }
    return render(request, "people/person.html", context)


@signed_in
def person_data(request: HttpRequest, pk: int, code: str | None = None) -> HttpResponse:
    """Change name, position and contact."""
    agency, who, context = _known_person(request, code, pk)
    form = PersonForm(request.POST or None, initial=values_of(who))
    if request.method == "POST" and form.is_valid():
        action = actions.ChangePerson(by=me_of(request), person=who, within=agency, values=form.own_values())
        if tried(form, action)[0]:
            messages.success(request, pick("บันทึกข้อมูลแล้ว", "Saved."))
            return redirect(context["at"])
    return _filled(request, context, form, heading=pick("แก้ไขข้อมูลบุคคล", "Change the person's data"))


@signed_in
@require_POST
def person_password(request: HttpRequest, pk: int, code: str | None = None) -> HttpResponse:
    """Hand out a one-time password, shown on this page and nowhere else."""
    agency, who, context = _known_person(request, code, pk)
    password = actions.HandOutPassword(by=me_of(request), person=who, within=agency).execute()
    return render(request, "people/one_time_password.html", {**context, "password": password})


@signed_in
@require_POST
def person_second_factor(request: HttpRequest, pk: int, code: str | None = None) -> HttpResponse:
    """Remove a lost second factor."""
    agency, who, context = _known_person(request, code, pk)
    actions.RemoveSecondFactor(by=me_of(request), person=who, within=agency).execute()
    messages.success(request, pick("ยกเลิกการยืนยันสองขั้นแล้ว", "The second factor has been removed."))
    return redirect(context["at"])


@signed_in
def person_identity(request: HttpRequest, pk: int, code: str | None = None) -> HttpResponse:
    """Join the person to an identity provider's account."""
    agency, who, context = _known_person(request, code, pk)
    form = IdentityForm(request.POST or None, external=who.external)
    if request.method == "POST" and form.is_valid():
        action = actions.SetIdentity(by=me_of(request), person=who, within=agency, external=form.external())
        if tried(form, action)[0]:
            messages.success(request, pick("บันทึกบัญชีผู้ให้บริการยืนยันตัวตนแล้ว", "The identity has been saved."))
            return redirect(context["at"])
    return _filled(request, context, form, heading=pick("บัญชีผู้ให้บริการยืนยันตัวตน", "Identity at a provider"))


# --- roles


@signed_in
def person_add(request: HttpRequest, code: str) -> HttpResponse:
    """A person and their first role here. A new account's password is shown once; someone with an account is asked."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    form = AddForm(request.POST or None, agency=agency)
    context = {"agency": agency, "frame": "rounds/frame.html", "back": reverse("people", args=[code])}
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            who, password = account_of(request, form, agency)
            done = (
                who is not None
                and tried(form, actions.GiveRole(by=me_of(request), role=form.role(who), new=bool(password)))[0]
            )
            if not done:
                transaction.set_rollback(True)
        if done and password:
            return render(request, "people/one_time_password.html", {**context, "person": who, "password": password})
        if done:
            messages.success(
                request,
                pick(
                    "บันทึกบทบาทแล้ว หากเป็นบุคคลนอกหน่วยงาน ต้องรอเจ้าตัวตอบรับ",
                    "Saved. Someone from outside must accept first.",
                ),
            )
            return redirect("people", code)
    words = {"heading": pick("เพิ่มบุคคลและบทบาท", "Add a person and a role")}
    return _filled(request, context, form, **words)


def account_of(request: HttpRequest, form: AccountChoice, agency: Agency | None) -> tuple[Person | None, str]:
    """The person a form names: made now, with the one-time password, or found. None with the error in the form."""
    if form.cleaned_data["account"] == form.NEW:
        values = {"username": form.cleaned_data["username"], **form.own_values()}
        done, made = tried(form, actions.AddPerson(by=me_of(request), within=agency, values=values))
        return made if done else (None, "")
    if form.cleaned_data["account"] == form.MEMBER:
        return form.cleaned_data["member"], ""
    return form.found, ""


@signed_in
def role_give(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One more role in the agency."""
    agency, who, context = _known_person(request, code, pk)
    assert agency is not None
    form = RoleFields(request.POST or None, agency=agency)
    valid = request.method == "POST" and form.is_valid()
    if valid and tried(form, actions.GiveRole(by=me_of(request), role=form.role(who)))[0]:
        messages.success(request, pick("มอบบทบาทแล้ว", "The role has been given."))
        return redirect(context["at"])
    return _filled(request, context, form, heading=pick("มอบบทบาท", "Give a role"))


@signed_in
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the last day, then end a role."""
    role = role_for(request, pk)
    code = role.agency.code if role.agency else None
    _, _, context = _person(request, code, role.person_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action = actions.EndRole(by=me_of(request), role=role, last_day=form.cleaned_data["last_day"])
        if tried(form, action)[0]:
            messages.success(request, pick("บันทึกวันสิ้นสุดบทบาทแล้ว", "The role's end has been saved."))
            return redirect(context["back"])
    words = {"heading": pick("สิ้นสุดบทบาท", "End a role"), "role": role, "danger": True}
    return _filled(request, context, form, **words)


@signed_in
def handover(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """All roles of one person go to a successor on a day."""
    agency, who, context = _known_person(request, code, pk)
    assert agency is not None
    form = HandoverForm(request.POST or None, members=members(agency).exclude(pk=who.pk))
    context["roles"] = roles_to_hand_over(who, agency, timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            successor, password = account_of(request, form, agency)
            done = successor is not None and tried(
                form,
                actions.HandOver(
                    by=me_of(request), leaving=who, successor=successor, within=agency, on=form.cleaned_data["on"],
                    new=bool(password),
                ),
            )[0]  # fmt: skip
            if not done:
                transaction.set_rollback(True)
        if done and password:
            return render(
                request, "people/one_time_password.html", {**context, "person": successor, "password": password}
            )
        if done:
            messages.success(
                request, pick("ส่งมอบงานแล้ว งานที่ค้างอยู่ยังอยู่ในขั้นเดิม", "Handed over; open tasks keep their places.")
            )
            return redirect("people", code)
    return _filled(request, context, form, heading=pick("ส่งมอบงาน", "Hand over"), handover=True)


# --- delegation


@signed_in
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Someone acts in a role for a period: entered by its holder or by the agency's administrator."""
    role = role_for(request, pk, or_own=True)
    if role.agency is None:
        raise Http404
    own = role.person_id == me_of(request).pk
    back = reverse("me") if own else reverse("person", args=[role.agency.code, role.person_id])
    form = DelegationForm(request.POST or None, members=members(role.agency).exclude(pk=role.person_id))
    valid = request.method == "POST" and form.is_valid()
    if valid and tried(form, actions.Delegate(by=me_of(request), delegation=form.delegation(role)))[0]:
        messages.success(request, pick("บันทึกการปฏิบัติแทนแล้ว", "The delegation has been saved."))
        return redirect(back)
    context = {"agency": role.agency, "frame": "rounds/frame.html", "back": back, "role": role}
    return _filled(request, context, form, heading=pick("ให้ผู้อื่นปฏิบัติแทน", "Let someone act"))


@signed_in
@require_POST
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation now."""
    found = Delegation.objects.select_related("role__agency", "role__person", "role__unit", "to").filter(pk=pk).first()
    if found is None:
        raise Http404
    role = role_for(request, found.role_id, or_own=True)
    actions.Revoke(by=me_of(request), delegation=found).execute()
    messages.success(request, pick("ยกเลิกการปฏิบัติแทนแล้ว", "The delegation has been revoked."))
    own = role.person_id == me_of(request).pk
    return redirect("me") if own or role.agency is None else redirect("people", role.agency.code)
