"""A change asked for by a program: all or nothing, not over somebody else's, and once even if it is asked for twice."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from prongsai.site.api.envelope import answer
from prongsai.site.api.errors import ApiError, plain, problem
from prongsai.site.api.models import Sent, Token

ANY = "*"
_KEPT = dt.timedelta(days=2)
_LONGEST = 200
HEADERS = {
    "If-Match": (
        True,
        "ETag ของข้อมูลที่อ่านมาก่อนแก้ กันการเขียนทับผู้อื่น (* = ไม่ว่าปัจจุบันเป็นอะไร) | The ETag of what was read before "
        "changing it, against overwriting others (*: whatever stands)",
    ),
    "Idempotency-Key": (
        False,
        "ค่าที่ไม่ซ้ำของคำขอนี้ ส่งซ้ำภายใน 2 วันได้คำตอบเดิมโดยไม่ทำซ้ำ | A value of its own for this change: sent again "
        "within two days, the answer comes again and nothing is done twice",
    ),
}


def read(request: HttpRequest, make: Callable[[], tuple[Any, str]]) -> HttpResponse:
    """What stands now, with its ETag; for the token alone, so no cache keeps it."""
    try:
        data, etag = make()
    except Http404:
        raise plain(404, "path") from None
    return _with(answer(request, data), etag)


def change(request: HttpRequest, work: Callable[[], tuple[Any, str]], *, dry_run: bool = False) -> HttpResponse:
    """Carry out ``work`` in one transaction and answer with what it returns (data and new ETag).

    ``dry_run``: everything is done and checked, then taken back; no key is used up. Whatever is refused changes nothing
    and may be sent again under the same key.
    """
    key = "" if dry_run else request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST or not key.isprintable():
        limits = (f"ไม่เกิน {_LONGEST} ตัวอักษร", f"at most {_LONGEST} characters")
        raise plain(400, "header.Idempotency-Key", key, limits)
    try:
        with transaction.atomic():
            row, earlier = _taken(request, key) if key else (None, None)
            if earlier is not None:
                return earlier
            data, etag = work()
            response = _with(answer(request, data), "" if dry_run else etag)
            if row is not None:
                row.status, row.etag, row.answer = response.status_code, etag, response.content.decode()
                row.save(update_fields=["status", "etag", "answer"])
            if dry_run:
                transaction.set_rollback(True)
            return response
    except Http404:
        raise plain(404, "path") from None


def _with(response: HttpResponse, etag: str) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    if etag:
        response["ETag"] = etag
    return response


def _taken(request: HttpRequest, key: str) -> tuple[Sent | None, HttpResponse | None]:
    """A row for a new key, or the answer that the key had before. Raises ``ApiError`` for a key of another request."""
    token: Token = request.auth  # type: ignore[attr-defined]
    token.sent.filter(at__lt=timezone.now() - _KEPT).delete()
    about = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
    try:
        with transaction.atomic():
            return Sent.objects.create(token=token, key=key, request=about), None
    except IntegrityError:
        found = token.sent.get(key=key)
    if found.request != about:
        raise ApiError(
            422,
            problem(
                "idempotency.other_request",
                "header.Idempotency-Key",
                ("คีย์นี้ใช้กับคำขออื่นไปแล้ว", "this key was used for another request"),
                key,
                next=("โปรดสร้างคีย์ใหม่สำหรับคำขอใหม่", "Make a new key for a new request."),
            ),
        )
    response = HttpResponse(found.answer, status=found.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    return None, _with(response, found.etag)


def expect(request: HttpRequest, current: str) -> None:
    """The request names what it changes, and that still stands. Raises ``ApiError``: 428 where it does not say, 412."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise ApiError(
            428,
            problem(
                "if_match.missing",
                "header.If-Match",
                ("ต้องบอกว่าแก้จากข้อมูลฉบับใด", "the change has to say which state it starts from"),
                expected=(current, current),
                next=("โปรดอ่าน (GET) ก่อน แล้วส่ง ETag มาใน If-Match", "GET it first and send its ETag in If-Match."),
            ),
        )
    named = [one.strip().removeprefix("W/") for one in given.split(",")]
    if ANY not in named and current not in named:
        raise stale(given, current)


def stale(given: str, current: str) -> ApiError:
    """412: somebody changed it meanwhile."""
    return ApiError(
        412,
        problem(
            "changed_meanwhile",
            "header.If-Match",
            ("มีผู้แก้ไขข้อมูลนี้หลังจากที่อ่านไป จึงยังไม่บันทึก", "somebody changed this after it was read; nothing was saved"),
            given,
            (current, current),
            ("โปรดอ่าน (GET) ใหม่ รวมการแก้ไขของทั้งสองฝ่าย แล้วส่งอีกครั้ง", "GET it again, join both changes, send again."),
        ),
        {"ETag": current} if current else None,
    )
