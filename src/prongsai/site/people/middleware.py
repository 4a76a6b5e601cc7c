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
        """Let only the open doors pass."""
        if getattr(request.user, "must_change", False) and request.path not in {reverse(name) for name in OPEN}:
            return redirect("account_change_password")
        return self.get_response(request)
