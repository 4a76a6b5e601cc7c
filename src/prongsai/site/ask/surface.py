"""The respondent's surface: every path below ``/a/``, from the request's first byte to the headers of every answer.

What it logs: that something failed, where in the code, and an id that the respondent may tell. Never a path, address,
code, field or value, also not through Django's own log of requests.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from prongsai.site.ask import limits, steps
from prongsai.site.ask.pages import day, render
from prongsai.site.ask.refusal import Refusal
from prongsai.survey.questionnaire import THAI
from prongsai.survey.words import languages, words

PREFIX = "/a/"
PADDED = 4096  # every answer is a multiple of so many bytes
MOST_BYTES, MOST_FIELDS = 32_768, 400  # a whole questionnaire is about 3,000 bytes
_FORM = "application/x-www-form-urlencoded"
_OFF = ("accelerometer", "camera", "clipboard-read", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "usb", "browsing-topics")  # fmt: skip
HEADERS = MappingProxyType(
    {
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


def answer(request: HttpRequest) -> HttpResponse:
    """The answer to any request below the prefix, whatever happens."""
    try:
        try:
            response = _route(request)
        except Refusal as refusal:
            response = _refused(refusal)
    except Exception as error:
        response = _failed(error)
    for name, value in HEADERS.items():
        response.headers[name] = value
    if settings.SECURE_HSTS_SECONDS:
        response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    # Whoever sees only sizes must not read answers from them: labels on the review page differ in length.
    response.content += b" " * (-len(response.content) % PADDED)
    if request.method == "HEAD":
        response.content = b""
    response.headers["Content-Length"] = str(len(response.content))
    # Django's handler would log the path of every answer from 400 on, unless it believes that was done.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _route(request: HttpRequest) -> HttpResponse:
    limits.pass_or_wait(limits.requests, request)
    rest = [part for part in request.path_info.removeprefix(PREFIX).split("/") if part]
    if request.path_info == PREFIX[:-1]:
        return HttpResponse(status=301, headers={"Location": PREFIX})
    if request.method == "POST":
        return _post(request, rest)
    if request.method not in ("GET", "HEAD") or rest == ["go"]:
        raise Refusal("method", 405)
    return _get(rest)


def _get(rest: list[str]) -> HttpResponse:
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


def _post(request: HttpRequest, rest: list[str]) -> HttpResponse:
    fields = _fields(request)
    match rest:
        case []:
            return steps.typed_code(fields, request)
        case ["go"]:
            return steps.go(fields)
        case ["receipt"]:
            return steps.typed_receipt(fields, request)
    raise Refusal("method", 405)


def _fields(request: HttpRequest) -> dict[str, str]:
    """The form's fields, read only when their size is known and small. The first of two fields of a name counts."""
    if request.content_type != _FORM:
        raise Refusal("broken", 415)
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
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


def _refused(refusal: Refusal) -> HttpResponse:
    known = words(refusal.language)
    sentence = known.say(refusal.name, **refusal.values)
    more = known.say("early_day", day=day(refusal.opens, known.language)) if refusal.opens else ""
    title = known.say(refusal.title)
    page = render(
        "refused", known.language, title=title, sentence=sentence, more=more, nothing_kept=refusal.name != "spent"
    )
    response = HttpResponse(page, status=refusal.status)
    if refusal.status in (429, 503):
        response.headers["Retry-After"] = str(refusal.values.get("seconds", 60))
    if refusal.status == 405:
        response.headers["Allow"] = "GET, HEAD, POST"
    return response


def _failed(error: Exception) -> HttpResponse:
    """A page with an id; the log gets the id and the places in the code, without the error's own words.

    A database's error may quote values, so its message is not logged.
    """
    number = secrets.token_hex(4)
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("error %s on the respondent's surface: %s at %s", number, type(error).__name__, places)
    known = words()
    title, sentence = known.say("failed_title"), known.say("failed", id=number)
    try:
        page = render("refused", known.language, title=title, sentence=sentence, more="")
    except Exception:  # the page itself is what fails
        page = f"<!doctype html><html lang=th><meta charset=utf-8><title>{title}</title><p>{title} {sentence}".encode()
    return HttpResponse(page, status=500)
