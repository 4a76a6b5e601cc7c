"""Addresses for machines: whether this process lives, whether it can serve, and what a Prometheus may read."""

from __future__ import annotations

import datetime as dt
import secrets
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from prongsai.site.files.scanner import ScannerDown, version
from prongsai.site.operation.database import unapplied

_VALID = dt.timedelta(days=90)


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Says that the process answers. Nothing else is asked, so that a database that is away restarts nobody."""
    return _plain(b"ok\n")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether people can be sent here: 200, or 503 with the part that fails. Says no more than that."""
    found = {"database": _database(), "files": _files()}
    fine = all(state == "ok" for state in found.values())
    if settings.CLAMAV:
        found["scanner"] = _scanner()  # told only: pages are served without it, and files are refused
    return _kept_by_nobody(JsonResponse({"ready": fine, **found}, status=200 if fine else 503))


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for who sends the token; for everybody else there is no such page. Raises ``Http404``."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given, settings.METRICS_TOKEN.encode()):
        raise Http404
    from prometheus_client import CONTENT_TYPE_LATEST

    from prongsai.site.operation.metrics import page

    try:
        return _kept_by_nobody(HttpResponse(page(), content_type=CONTENT_TYPE_LATEST))
    except DatabaseError:
        return _plain(b"the database cannot be asked\n", 503)


@require_safe
def security(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where to tell of a weakness (RFC 9116), as the operator has set it. Raises ``Http404`` where nothing is set.

    The day on which it expires moves on by itself: as long as it is served, somebody runs the machine.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = timezone.now().astimezone(dt.UTC) + _VALID
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: th, en",
        f"Canonical: {settings.SITE_ADDRESS}/.well-known/security.txt",
    )
    return _plain("".join(f"{line}\n" for line in lines).encode())


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated():
            _migrated.cache_clear()
            return "not migrated"
    except DatabaseError:
        return "unreachable"
    return "ok"


@cache
def _migrated() -> bool:
    """Asked until it is so; a version does not lose migrations while it runs."""
    return unapplied() == ([], [])


def _files() -> str:
    return "ok" if settings.DATA.is_dir() else "missing"


def _scanner() -> str:
    try:
        version(settings.CLAMAV)
    except ScannerDown:
        return "unreachable"
    return "ok"


def _plain(text: bytes, status: int = 200) -> HttpResponse:
    return _kept_by_nobody(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
