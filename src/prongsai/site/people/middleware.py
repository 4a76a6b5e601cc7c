"""Who asks, and the doors that stay shut until something is done first: a password of one's own, a second factor, a
reason for administration.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from prongsai.site.base.views import session_over
from prongsai.site.people.access import administers
from prongsai.site.people.factor import is_missing
from prongsai.site.people.models import Person
from prongsai.site.people.rights import in_use

Next = Callable[[HttpRequest], HttpResponse]
_ALWAYS = ("account_logout", "account_reauthenticate", "set_language")
TO_CHOOSE = (*_ALWAYS, "account_change_password")
TO_SET_UP = (
    *TO_CHOOSE,
    "second_factor",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_index",
    "session_end",
    "sessions_end_others",
)


class PersonMiddleware:
    """The person of the request, asked for by whoever needs to know; nobody's pages leave the session alone.

    Using the session keeps it going (``sessions.py``), and the rights of administration rest unless they were begun in
    this very session.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]
        return self.get_response(request)


def _person(request: HttpRequest) -> Person | AnonymousUser:
    person = get_user(request)
    if not isinstance(person, Person):
        return AnonymousUser()
    request.session.used()  # type: ignore[attr-defined]  # our own engine's
    if administers(person):
        person.administration = in_use(request, person)
        person.at_rest = person.administration is None
    return person


class OneTimePasswordMiddleware:
    """A password that an administrator handed out opens one door only: choosing another."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        """Let only the open doors pass; pages that are the same for everybody never ask who reads them."""
        if getattr(view, "public_page", False) or not getattr(request.user, "must_change", False):
            return None
        if request.path in {reverse(name) for name in TO_CHOOSE}:
            return None
        return redirect("account_change_password")


class SecondFactorMiddleware:
    """Whoever must have a second factor is led to set it up, and reaches nothing else before."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        """Let only the open doors pass, and what needs no person."""
        person = request.user if not getattr(view, "public_page", False) else None
        if not isinstance(person, Person) or not is_missing(request, person):
            return None
        match = request.resolver_match
        if match is not None and match.url_name in TO_SET_UP:
            return None
        return redirect("second_factor")


class AdministrationMiddleware:
    """What is refused only because the rights of administration rest becomes the question for a reason."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to the question; what was typed when the time ended is kept and can be sent again."""
        if not isinstance(error, Http404) or not getattr(request.user, "missed_rights", False):
            return None
        if request.method == "POST":
            return session_over(request, reason="rest")
        return redirect(f"{reverse('administration')}?{urlencode({'next': request.get_full_path()})}")
