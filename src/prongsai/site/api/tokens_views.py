"""The agency's page of tokens: which systems may write what until when, a new one shown once, and an end to each."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from prongsai.site.agencies.models import Agency
from prongsai.site.api.models import Scope, Token
from prongsai.site.api.tokens import LONGEST, NEEDS, scopes_for, void
from prongsai.site.api.tokens_access import token_for
from prongsai.site.api.tokens_actions import MakeToken, RevokeToken
from prongsai.site.base.fields import ThaiDateField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.base.views import signed_in
from prongsai.site.people.access import agency_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.people.staff_views import me_of, tried

_PAGE = 50


class TokenForm(Form):
    """Name, rights and last day of a new token; only rights that its maker has are offered."""

    name = forms.CharField(
        max_length=80,
        label=T("ชื่อระบบที่จะใช้", "Which system will use it"),
        help_text=T(
            "ชื่อนี้ปรากฏในประวัติทุกครั้งที่ระบบนั้นบันทึกข้อมูล เช่น ระบบสารบรรณ",
            "It stands in the history for all that the system writes, such as: document system",
        ),
    )
    scopes = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=T("ให้ระบบนั้นทำอะไรได้", "What it may do"),
        help_text=T(
            "หากไม่เลือก โทเคนใช้อ่านข้อมูลเผยแพร่ได้อย่างเดียว ในปริมาณที่มากขึ้น",
            "If nothing is chosen, it only reads what is published, at wider limits",
        ),
    )
    expires = ThaiDateField(
        label=T("ใช้ได้ถึงวันที่", "Good until"), help_text=T("ไม่เกิน 2 ปีนับจากวันนี้", "Within two years from today")
    )

    def __init__(self, person: Person, agency: Agency, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"expires": timezone.localdate() + LONGEST / 2})
        super().__init__(*args, **kwargs)
        offered = scopes_for(person, agency)
        if offered:
            self.fields["scopes"].choices = [(scope.value, scope.label) for scope in offered]  # type: ignore[attr-defined]
        else:
            del self.fields["scopes"]


@signed_in
def tokens(request: HttpRequest, code: str) -> HttpResponse:
    """All tokens, those in force first."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    live = When(revoked_at=None, expires__gte=timezone.localdate(), then=0)
    found = agency.tokens.select_related("by").order_by(Case(live, default=1), "-at")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    makers: dict[int, Person] = {}  # one object a person, which remembers the roles it holds
    for token in page:
        token.agency, token.by = agency, makers.setdefault(token.by_id, token.by)
    lines = [{"token": token, "state": _state(token)} for token in page]
    return render(request, "api/tokens.html", {"agency": agency, "page": page, "lines": lines})


def _state(token: Token) -> dict[str, str]:
    """A word on whether it works, and a tone."""
    reason = void(token)
    if reason is None:
        return {"tone": "good", "text": pick("ใช้ได้", "In force")}
    short = {
        "token.revoked": pick("ยกเลิกแล้ว", "Revoked"),
        "token.expired": pick("หมดอายุแล้ว", "Expired"),
    }
    return {"tone": "warn", "text": short.get(reason[0]) or pick(*reason[1])}


@signed_in
@never_cache
def token_add(request: HttpRequest, code: str) -> HttpResponse:
    """A new token; its key is shown once, and only to who has just given a password or code."""
    response: HttpResponse = _token_add(request, agency_for(request, code, May.MANAGE_AGENCY))
    return response


@reauthentication_required  # type: ignore[untyped-decorator]
def _token_add(request: HttpRequest, agency: Agency) -> HttpResponse:
    person = me_of(request)
    form = TokenForm(person, agency, request.POST) if request.method == "POST" else TokenForm(person, agency)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        action = MakeToken(
            by=person, of=agency, name=wanted["name"], scopes=wanted.get("scopes", []), expires=wanted["expires"]
        )
        fine, made = tried(form, action)
        if fine:
            token, key = made
            return render(request, "api/token_made.html", {"agency": agency, "token": token, "key": key})
    missing = [Scope(scope) for scope in NEEDS if scope not in scopes_for(person, agency)]
    context = {"agency": agency, "form": form, "missing": missing}
    return render(request, "api/token_add.html", context, status=422 if form.errors else 200)


@signed_in
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then the token is at its end."""
    token = token_for(request, pk)
    if request.method != "POST":
        return render(request, "api/token_revoke.html", {"agency": token.agency, "token": token})
    RevokeToken(by=me_of(request), token=token).execute()
    messages.success(request, pick("ยกเลิกโทเคนแล้ว ระบบที่ใช้อยู่จะเชื่อมต่อไม่ได้ทันที", "Revoked: it opens nothing from now on."))
    return redirect("tokens", token.agency.code)
