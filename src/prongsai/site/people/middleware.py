"""A password that an administrator handed out opens one door only: choosing another."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OPEN = ("account_change_password", "account_logout", "account_reauthenticate", "set_language")


class OneTimePasswordMiddleware:
    """Leads to the password page until a password of the person's own is chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        """Let only the open doors pass; pages that are the same for everybody never ask who reads them."""
        if getattr(view, "public_page", False) or not getattr(request.user, "must_change", False):
            return None
        if request.path in {reverse(name) for name in OPEN}:
            return None
        return redirect("account_change_password")
