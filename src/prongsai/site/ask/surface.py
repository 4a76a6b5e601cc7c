"""The respondent's surface: every path below ``/a/``, from the request's first byte to the headers of every answer.

What it logs: that something failed, where in the code, and an id that the respondent may tell. Never a path, address,
code, field or value, also not through Django's own log of requests.
"""

from __future__ import annotations

import logging
import random
import re
import secrets
import traceback
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import InterfaceError, OperationalError

from prongsai.site.ask import limits, steps
from prongsai.site.ask.pages import crowd_page, day, render
from prongsai.site.ask.refusal import Refusal
from prongsai.site.ask.web import Page, Request
from prongsai.survey.questionnaire import THAI
from prongsai.survey.words import languages, words

PREFIX = "/a/"
PADDED = 4096  # every answer is a multiple of so many bytes
MOST_BYTES, MOST_FIELDS = 32_768, 400  # a whole questionnaire is about 3,000 bytes
_FORM = "application/x-www-form-urlencoded"
# Who is asked to wait comes again after so many seconds, each time later, and not all at once.
_FIRST, _GROWS, _LONGEST = 6.0, 1.6, 60.0
_AGAIN = re.compile(r"(?:^|&)again=([0-9]{1,2})(?:&|$)")
_OFF = ("accelerometer", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "usb", "browsing-topics")  # fmt: skip
HEADERS = MappingProxyType(
    {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _OFF),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)
log = logging.getLogger(__name__)


def is_below(path: str) -> bool:
    """Whether an address is the surface's."""
    return path.startswith(PREFIX) or path == PREFIX[:-1]


def answer(request: Request, *, crowded: bool = False) -> Page:
    """The answer to any request below the prefix, whatever happens. ``crowded``: there is no room to do it now."""
    try:
        try:
            page = _crowd(request) if crowded else _route(request)
        except Refusal as refusal:
            page = _refused(refusal)
        except (OperationalError, InterfaceError) as error:  # a database that is full, busy or away: it may come back
            _logged(error)
            page = _refused(Refusal("unable", 503))
    except Exception as error:
        page = _failed(error)
    page.headers.update(HEADERS)
    if settings.SECURE_HSTS_SECONDS:
        page.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    # Whoever sees only sizes must not read answers from them: labels on the review page differ in length.
    page.body = b"" if request.method == "HEAD" else page.body + b" " * (-len(page.body) % PADDED)
    page.headers["Content-Length"] = str(len(page.body))
    return page


def _route(request: Request) -> Page:
    limits.pass_or_wait(limits.requests, request)
    rest = [part for part in request.path.removeprefix(PREFIX).split("/") if part]
    if request.path == PREFIX[:-1]:
        return Page(status=301, headers={"Location": PREFIX})
    if request.method == "POST":
        return _post(request, rest)
    if request.method not in ("GET", "HEAD") or rest == ["go"]:
        raise Refusal("method", 405)
    return _get(rest)


def _crowd(request: Request) -> Page:
    """Come again in a moment: asks nothing, keeps nothing. A form that was sent stands in the page, for its button."""
    rest = [part for part in request.path.removeprefix(PREFIX).split("/") if part]
    language = rest[-1] if rest and rest[-1] in languages() else THAI
    found = _AGAIN.search(request.header("QUERY_STRING"))
    again = int(found[1]) if found else 0
    seconds = round(min(_LONGEST, _FIRST * _GROWS**again) * random.uniform(0.7, 1.3))  # noqa: S311 - only spreads the retries
    fields = None
    if request.method == "POST":
        fields = _fields(request)
        language = words(fields.get("lang", "")).language
    page = Page(crowd_page(language, seconds, again + 1, fields), 503)
    page.headers["Retry-After"] = str(seconds)
    return page


def _get(rest: list[str]) -> Page:
    language = rest.pop() if rest and rest[-1] in languages() else THAI
    match rest:
        case []:
            return steps.entrance(language)
        case ["receipt"]:
            return steps.receipt_page(language)
        case [token]:
            return steps.at_address(token, language, whole=False)
        case [token, "all"]:
            return steps.at_address(token, language, whole=True)
    raise Refusal("lost", 404, language)


def _post(request: Request, rest: list[str]) -> Page:
    fields = _fields(request)
    match rest:
        case []:
            return steps.typed_code(fields, request)
        case ["go"]:
            return steps.go(fields)
        case ["receipt"]:
            return steps.typed_receipt(fields, request)
    raise Refusal("method", 405)


def _fields(request: Request) -> dict[str, str]:
    """The form's fields, read only when their size is known and small. The first of two fields of a name counts."""
    if request.header("CONTENT_TYPE").partition(";")[0].strip() != _FORM:
        raise Refusal("broken", 415)
    try:
        size = int(request.header("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Refusal("broken", 400) from None
    if size > MOST_BYTES:
        raise Refusal("large", 413)
    try:
        body = request.read(MOST_BYTES).decode("utf-8")
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (ValueError, OSError):
        raise Refusal("broken", 400) from None
    return dict(reversed(pairs))


def _refused(refusal: Refusal) -> Page:
    known = words(refusal.language)
    sentence = known.say(refusal.name, **refusal.values)
    more = known.say("early_day", day=day(refusal.opens, known.language)) if refusal.opens else ""
    title = known.say(refusal.title)
    nothing_kept = refusal.name not in ("spent", "unable")  # after an error nobody knows
    body = render("refused", known.language, title=title, sentence=sentence, more=more, nothing_kept=nothing_kept)
    page = Page(body, refusal.status)
    if refusal.status in (429, 503):
        page.headers["Retry-After"] = str(refusal.values.get("seconds", 60))
    if refusal.status == 405:
        page.headers["Allow"] = "GET, HEAD, POST"
    return page


def _logged(error: Exception) -> str:
    """An id of the failure; the log gets it and the places in the code, without the error's own words.

    A database's error may quote values, so its message is not logged.
    """
    number = secrets.token_hex(4)
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("error %s on the respondent's surface: %s at %s", number, type(error).__name__, places)
    return number


def _failed(error: Exception) -> Page:
    """A page with the failure's id, which the respondent may tell."""
    number = _logged(error)
    known = words()
    title, sentence = known.say("failed_title"), known.say("failed", id=number)
    try:
        body = render("refused", known.language, title=title, sentence=sentence, more="")
    except Exception:  # the page itself is what fails
        body = f"<!doctype html><html lang=th><meta charset=utf-8><title>{title}</title><p>{title} {sentence}".encode()
    return Page(body, 500)
