"""Guessing passwords: three limits, and how the owner of an attacked account gets in all the same.

One address on one account is locked by axes' own limit. Beyond, an account takes only so many failures from all
addresses together (many machines, one account), and an address only so many on all accounts together (one machine,
many accounts). So that nobody can lock a chief out by failing in the chief's name, or an office by failing from its
network, a browser in which the person signed in before bears a signed cookie and is under the first limit alone.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from prongsai.site.base.address import client_address
from prongsai.site.people.models import Person

_SALT = "people.known-device"
_KNOWN_FOR = 180 * 86_400  # seconds


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The account that is tried, in one spelling: letters' case and look must not make new accounts of one."""
    given = (credentials or {}).get("username") or request.POST.get("login")
    return unicodedata.normalize("NFKC", str(given)).strip().casefold()[:150] if given else None


def address_of(request: HttpRequest) -> str | None:
    """Where the attempt comes from, behind a proxy of ours too; of IPv6 the customer's network. None: unknown."""
    address = client_address(lambda name: str(request.META.get(name, ""))).partition("/")[0]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """axes' own counts, with the two wider limits."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether another attempt is refused before the password is looked at."""
        if super().is_locked(request, credentials):
            return True
        name = name_of(request, credentials)
        if _is_known(request, name):
            return False
        recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        return (
            _failures(recent.filter(ip_address=address_of(request))) >= settings.LOCKOUT_ADDRESS
            or _failures(recent.filter(username=name)) >= settings.LOCKOUT_ACCOUNT
        )

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any
    ) -> None:
        """Count the failure; what is locked now is said as such, whichever limit it was."""
        super().user_login_failed(sender, credentials, request, **more)
        if request is not None and self.is_locked(request, credentials):
            request.axes_locked_out = True  # type: ignore[attr-defined]  # axes' middleware looks for both
            request.axes_credentials = credentials  # type: ignore[attr-defined]


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def remember(response: HttpResponse, person: Person) -> None:
    """Let the browser show, next time, that this person has signed in with it."""
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE, signing.dumps(person.username, salt=_SALT), max_age=_KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def _is_known(request: HttpRequest, name: str | None) -> bool:
    try:
        bearer = signing.loads(request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE, ""), salt=_SALT, max_age=_KNOWN_FOR)
    except signing.BadSignature:
        return False
    return bool(name) and str(bearer).casefold() == name
