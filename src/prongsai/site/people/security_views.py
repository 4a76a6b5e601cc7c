"""What keeps an account safe: the second factor, one's sessions, and the rights of administration."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.people import factor, rights
from prongsai.site.people.access import administers
from prongsai.site.people.actions.accounts import SetUpSecondFactor, TurnOffSecondFactor
from prongsai.site.people.actions.administration import SHORTEST, BeginAdministration
from prongsai.site.people.models import Role
from prongsai.site.people.sessions import end_sessions
from prongsai.site.people.staff_views import me_of, tried

# --- the second factor


@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why one is needed, and how to set it up; for everybody else that it is offered."""
    person = me_of(request)
    demanding = factor.demanding(person)
    context = {"demanding": demanding, "missing": factor.is_missing(request, person), "helpers": _helpers(demanding)}
    return render(request, "people/second_factor.html", context)


def _helpers(roles: list[Role]) -> str:
    """Who takes away a lost second factor: the agency's administrator, but not of people who serve elsewhere too."""
    inside = roles and all(role.agency_id for role in roles) and len({role.agency_id for role in roles}) == 1
    return "agency" if inside else "system"


class Activate(totp.ActivateTOTPView):  # type: ignore[misc]
    """A code showed that the app is set up: this session rests on two factors now, and all others end."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up; whoever had learnt the password is out."""
        response: HttpResponse = super().form_valid(form)
        person = me_of(self.request)
        SetUpSecondFactor(by=person, person=person).execute()
        factor.spend(Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP), form.cleaned_data["code"])
        factor.shown(self.request, "app")
        self.request.session.cycle_key()
        end_sessions(person, but=self.request.session.session_key)
        return response


class Deactivate(totp.DeactivateTOTPView):  # type: ignore[misc]
    """Without it every session ends, this one too."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ARG002 - the library's form asks nothing
        """Turn it off and sign out."""
        person = me_of(self.request)
        TurnOffSecondFactor(by=person, person=person).execute()
        logout(self.request)
        messages.success(
            self.request,
            pick(
                "ปิดการยืนยันสองขั้นแล้ว และออกจากระบบทุกเครื่องแล้ว โปรดเข้าสู่ระบบใหม่",
                "The second factor is off, and you are signed out everywhere. Please sign in again.",
            ),
        )
        return redirect("account_login")


class _NewKey:
    """Who shows anew who they are goes on under a new session key: one that was learnt before is of no use for it."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """First the key, then what the person was on the way to."""
        self.request.session.cycle_key()
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class PasswordAgain(_NewKey, account.ReauthenticateView):  # type: ignore[misc]
    """The password before a delicate step."""


class CodeAgain(_NewKey, mfa.ReauthenticateView):  # type: ignore[misc]
    """A code before a delicate step."""


# --- sessions


@signed_in
@require_POST
def session_end(request: HttpRequest, began: int) -> HttpResponse:
    """End one of one's own sessions, named by the moment it began (its key is a secret)."""
    found = [one for one in me_of(request).sessions.all() if one.moment == began]
    if not found:
        raise Http404
    for one in found:
        one.delete()
    messages.success(request, pick("สิ้นสุดการเข้าสู่ระบบนั้นแล้ว", "That session has ended."))
    return redirect("me")


@signed_in
@require_POST
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    count = end_sessions(me_of(request), but=request.session.session_key)
    messages.success(request, pick(f"ออกจากระบบเครื่องอื่นแล้ว {count} แห่ง", f"{count} other sessions have ended."))
    return redirect("me")


# --- the rights of administration


class ReasonForm(Form):
    """Why the rights are used now."""

    reason = forms.CharField(
        label=T("เหตุผลที่ใช้สิทธิ", "Why you use the rights now"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=T(
            f"อย่างน้อย {SHORTEST} ตัวอักษร เช่น เลขที่หนังสือ เรื่องที่ได้รับแจ้ง หรืองานที่จะทำ ข้อความนี้บันทึกในประวัติ",
            f"{SHORTEST} letters or more: a letter's number, what was reported, your task. It stands in the history.",
        ),
    )


@signed_in
def administration(request: HttpRequest) -> HttpResponse:
    """Ask for the reason and begin; ``next``: the page that was wanted."""
    if not administers(me_of(request)):
        raise Http404
    response: HttpResponse = _administration(request)
    return response


@reauthentication_required(app="prongsai.people")  # type: ignore[untyped-decorator]  # an unlocked screen is not enough
def _administration(request: HttpRequest) -> HttpResponse:
    person = me_of(request)
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = "/"
    if person.administration is not None:
        return redirect(wanted)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, begun = tried(form, BeginAdministration(by=person, reason=form.cleaned_data["reason"]))
        if done:
            rights.hold(request, begun)
            return redirect(wanted)
    context = {"form": form, "next": wanted, "minutes": int(settings.ADMINISTRATION.total_seconds() // 60)}
    return render(request, "people/administration.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def administration_end(request: HttpRequest) -> HttpResponse:
    """The rights rest again."""
    if not administers(me_of(request)):
        raise Http404
    rights.end(request, me_of(request), "asked")
    messages.success(request, pick("สิ้นสุดการใช้สิทธิผู้ดูแลระบบกลางแล้ว", "The rights of administration rest again."))
    return redirect("home")
