"""Keys of an agency's own systems: made at random, known by their hash, good for what their maker may do today."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.api.errors import ApiError, Words, problem
from prongsai.site.api.models import Scope, Token
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May

PREFIX = "prs_"  # so that scanners for leaked keys, and people, know what it is
_HINT = 8
_SEEN = dt.timedelta(minutes=1)  # between two notes of when it was used last
LONGEST = dt.timedelta(days=731)
# What its maker must be allowed to do, today, for a token to do it; units' owners only to what is their units'.
NEEDS = {Scope.RESULTS: May.IMPORT, Scope.LINKS: May.REPORT, Scope.PLAN: May.PLAN, Scope.PROGRESS: May.REPORT}


def new_key() -> str:
    """A key of 256 random bits: nobody guesses it, so its plain hash is as safe as a slow one."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def hint_of(key: str) -> str:
    """Its beginning, by which people tell keys apart."""
    return key[:_HINT]


def scopes_for(person: Person, agency: Agency) -> list[Scope]:
    """What a token of this person could do to an agency."""
    return [scope for scope, what in NEEDS.items() if may(person, what, agency)]


def identify(authorization: str) -> str:
    """Who asks, by the text of an ``Authorization`` header: the same at each use of a token. See ``token_of``."""
    return f"token:{token_of(authorization).pk}"


def token_of(authorization: str) -> Token:
    """The token that a header bears.

    Raises ``ApiError`` (401) for one that is unknown, expired or revoked, or whose maker may not give it any more.
    """
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise _refused("token.scheme", _UNKNOWN, ("Authorization: Bearer prs_…", "Authorization: Bearer prs_…"))
    found = Token.objects.select_related("agency__parent", "by").filter(digest=digest_of(key.strip())).first()
    if found is None:
        raise _refused("token.unknown", _UNKNOWN)
    if reason := void(found):
        raise _refused(*reason)
    now = timezone.now()
    if found.used_at is None or now - found.used_at >= _SEEN:
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return found


_UNKNOWN = ("ไม่รู้จักโทเคนนี้", "this token is not known")


def void(token: Token) -> tuple[str, Words] | None:
    """Why a token opens nothing any more: the code and the words; None while it is good."""
    person, agency = token.by, token.agency
    if token.revoked_at:
        return "token.revoked", ("โทเคนนี้ถูกยกเลิกแล้ว", "this token was revoked")
    if token.over:
        day = token.expires.isoformat()
        return "token.expired", (f"โทเคนนี้หมดอายุเมื่อ {day}", f"this token expired after {day}")
    if not person.is_active or not may(person, May.MANAGE_AGENCY, agency):
        return "token.maker_left", (
            "ผู้ออกโทเคนนี้ไม่ได้เป็นผู้ดูแลระบบของหน่วยงานแล้ว โทเคนจึงใช้ไม่ได้",
            "who made this token does not administer the agency any more, so it opens nothing",
        )
    if person.must_change:
        return "token.maker_locked", (
            "ผู้ออกโทเคนนี้ต้องตั้งรหัสผ่านใหม่ก่อน โทเคนจึงใช้ไม่ได้ชั่วคราว",
            "who made this token has to choose a new password first; until then it opens nothing",
        )
    return None


def _refused(code: str, words: Words, expected: Words | None = None) -> ApiError:
    then = (
        "โปรดขอโทเคนใหม่จากผู้ดูแลระบบของหน่วยงาน ที่หน้า “API และ webhook”",
        "Ask the agency's administrator for a new one, on the page “API and webhooks”.",
    )
    return ApiError(
        401, problem(code, "header.Authorization", words, None, expected, then), {"WWW-Authenticate": "Bearer"}
    )


def as_person(request: HttpRequest, token: Token) -> Person:
    """From here on the request is that person's, by way of the token: access helpers and the log see both."""
    person = token.by
    person.through = token.name
    request.user = person
    return person


def scope_names(scopes: Iterable[str]) -> tuple[str, str]:
    """Thai and English words of what a token may do, for the log."""
    from django.utils import translation

    chosen = [Scope(scope) for scope in scopes]
    words = []
    for language, nothing in (("th", "อ่านอย่างเดียว"), ("en", "read only")):
        with translation.override(language):
            words.append(", ".join(str(scope.label) for scope in chosen) or nothing)
    return words[0], words[1]
