"""What happens with every sign-in and sign-out, whatever way it comes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from prongsai.site.people import rights, sessions
from prongsai.site.people.models import Person


def listen() -> None:
    """Connect them, once."""
    user_logged_in.connect(_signed_in, dispatch_uid="people.sessions")
    user_logged_out.connect(_signed_out, dispatch_uid="people.rights")


def _signed_in(request: HttpRequest, **_: Any) -> None:
    sessions.begin(request)


def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if isinstance(user, Person):
        rights.end(request, user, "out")
