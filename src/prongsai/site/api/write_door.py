"""What every request of an agency's own system passes: token, right, agency, and for changes bounds and body.

Whether something may be done to an agency's year is decided by the same access helpers and actions as on the pages:
from here on the request is that of the token's maker.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from prongsai.json_text import read_json
from prongsai.site.api.errors import ApiError, Words, plain, problem
from prongsai.site.api.models import Scope, Token
from prongsai.site.api.tokens import as_person, scopes_for, token_of
from prongsai.site.ask.limits import Buckets

_WRITES = Buckets(rate=1, burst=60)  # of one token, beside the limit on all requests
_SAFE = ("GET", "HEAD", "OPTIONS")
_DEEPEST = 60
_ALLOWED_CONTROLS = frozenset("\t\n\r")
TOKENS_PAGE = (
    "โปรดให้ผู้ดูแลระบบของหน่วยงานดูที่หน้า “API และ webhook”",
    "Ask the agency's administrator to look at the page “API and webhooks”.",
)


class Door(HttpBearer):
    """Lets a token in that may do ``scope`` (None: any token) to the agency in the address."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Token:
        """The token. Raises ``ApiError``: 401, 403, 413, 415, 422, 429."""
        token = token_of(request.headers.get("Authorization", ""))
        as_person(request, token)
        code = request.resolver_match.kwargs.get("code") if request.resolver_match else None
        if code is not None and code != token.agency.code:
            raise _forbidden(
                "token.other_agency",
                "path.code",
                ("โทเคนนี้เป็นของหน่วยงานอื่น", "this token is another agency's"),
                (token.agency.code, token.agency.code),
            )
        if self.scope:
            self._check_scope(self.scope, token)
        if request.method not in _SAFE:
            if wait := _WRITES.take(str(token.pk).encode()):
                raise plain(429, headers={"Retry-After": str(max(1, ceil(wait)))})
            request.sent = body_of(request)  # type: ignore[attr-defined]
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Not asked: ``__call__`` reads the header itself."""
        raise NotImplementedError

    @staticmethod
    def _check_scope(scope: Scope, token: Token) -> None:
        if scope not in token.scopes:
            raise _forbidden(
                "token.scope",
                "header.Authorization",
                (f"โทเคนนี้ไม่ได้รับสิทธิ “{scope.value}”", f"this token was not given “{scope.value}”"),
            )
        if scope not in scopes_for(token.by, token.agency):
            raise _forbidden(
                "token.maker_may_not",
                "header.Authorization",
                (
                    f"ผู้ออกโทเคนนี้ไม่มีสิทธิ “{scope.value}” แล้ว โทเคนจึงทำไม่ได้",
                    f"who made this token may not do “{scope.value}” any more, so neither may the token",
                ),
            )


def _forbidden(code: str, where: str, words: Words, expected: Words | None = None) -> ApiError:
    return ApiError(403, problem(code, where, words, None, expected, TOKENS_PAGE))


def body_of(request: HttpRequest) -> Any:
    """The JSON of a request. Raises ``ApiError``: 415, 400, 422 for text that no document could hold."""
    if request.content_type != "application/json":
        raise plain(415, "header.Content-Type", request.content_type or "–", ("application/json", "application/json"))
    try:
        data = read_json(request.body, parse_constant=_no_number)
    except ValueError as error:
        raise ApiError(
            400,
            problem(
                "json.broken",
                "body",
                ("ข้อมูลที่ส่งมาไม่ใช่ JSON ที่อ่านได้", f"not JSON that can be read: {str(error)[:80]}"),
                next=("โปรดส่ง JSON ที่เข้ารหัส UTF-8", "Send JSON in UTF-8."),
            ),
        ) from error
    wrong = list(_unusable(data, "body", 0))
    if wrong:
        raise ApiError(422, wrong[:50])
    return data


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _unusable(value: Any, where: str, depth: int) -> Iterator[Any]:
    """Texts with characters that are none (half surrogates, controls), and data nested without sense."""
    if depth > _DEEPEST:
        yield problem(
            "json.deep",
            where[:100],
            ("ข้อมูลซ้อนกันลึกเกินไป", "the data are nested too deeply"),
            expected=(f"ไม่เกิน {_DEEPEST} ชั้น", f"at most {_DEEPEST} levels"),
        )
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unusable(key, where, depth)
            yield from _unusable(inner, f"{where}.{key}"[:200], depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unusable(inner, f"{where}.{number}"[:200], depth + 1)
    elif isinstance(value, str) and any(_odd(char) for char in value):
        yield problem(
            "text.control",
            where.encode("utf-8", "replace").decode(),
            ("มีอักขระควบคุมหรืออักขระที่ไม่สมบูรณ์ในข้อความ", "there are control characters or broken ones in the text"),
            next=("โปรดตัดอักขระเหล่านั้นออก", "Take them out."),
        )


def _odd(char: str) -> bool:
    code = ord(char)
    return (code < 0x20 and char not in _ALLOWED_CONTROLS) or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000
