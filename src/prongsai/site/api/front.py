"""The front of /api/v1: what every request passes before an operation and every answer after it.

It stands before sessions, cookies and languages (``settings.MIDDLEWARE``): no answer of the API depends on any of them,
so none is read or set. Bounds come first, then the rate limit, then the operation; what is not found or not allowed
has the same shape as every other error.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from prongsai.site.api import errors, limits
from prongsai.site.api.app import methods_by_route
from prongsai.site.api.envelope import BASE
from prongsai.site.api.tokens import identify

log = logging.getLogger(__name__)
ROUTES = "prongsai.site.api.routes"
QUESTION = 4096  # bytes of a query string; every operation's parameters together need a fraction of that
PATH = 1024
BODY = 2 * 1024 * 1024
KEPT = "public, max-age=60"  # a publication that is withdrawn is gone from every cache a minute later
READS = ("GET", "HEAD", "OPTIONS")
_EXPOSED = "ETag, Last-Modified, Link, Location, RateLimit, RateLimit-Policy, Retry-After"


class ApiMiddleware:
    """Answers whatever is below the API's address; everything else passes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass on."""
        if request.path_info == BASE or request.path_info.startswith(f"{BASE}/"):
            return front(request)
        return self.get_response(request)


def front(request: HttpRequest) -> HttpResponseBase:
    """One request to the API, answered."""
    try:
        response = _answered(request)
    except Exception as error:  # the last resort: whatever it is, the caller gets the one shape
        refusal = errors.of_exception(error)
        if refusal.status == 500:
            log.exception("api: %s %s", request.method, request.path_info[:PATH])
        response = refusal.response()
    for name, value in _headers(request).items():
        response.headers.setdefault(name, value)
    return response


def _answered(request: HttpRequest) -> HttpResponseBase:
    _bounded(request)
    request.get_host()  # a host that is not ours is refused like everywhere
    token = _token(request)
    limits.take(request, token)
    asked = request.method or ""
    try:
        match = resolve(request.path_info, ROUTES)
    except Resolver404:
        raise errors.plain(404, "path", request.path_info) from None
    allowed = _allowed(match.route)
    if asked == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})
    if asked not in allowed:
        expected = (", ".join(allowed), ", ".join(allowed))
        raise errors.plain(405, "method", asked, expected, {"Allow": ", ".join(allowed)})
    request.resolver_match = match
    if asked == "HEAD":
        request.method = "GET"  # a server sends no body with it
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    request.method = asked
    return _conditional(request, response)


def _bounded(request: HttpRequest) -> None:
    if len(request.META.get("QUERY_STRING", "")) > QUESTION:
        size = len(request.META["QUERY_STRING"])
        raise errors.plain(414, "query", size, (f"ไม่เกิน {QUESTION} ไบต์", f"at most {QUESTION} bytes"))
    if len(request.path_info) > PATH:
        raise errors.plain(414, "path", len(request.path_info), (f"ไม่เกิน {PATH} ตัวอักษร", f"at most {PATH} characters"))
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise errors.plain(400, "header.Content-Length") from None
    if size > BODY:
        raise errors.plain(413, "body", size, (f"ไม่เกิน {BODY} ไบต์", f"at most {BODY} bytes"))


def _token(request: HttpRequest) -> str | None:
    """Who asks with a token; nobody without one. A token that is not good is refused, not overlooked."""
    given = request.META.get("HTTP_AUTHORIZATION")
    return None if given is None else identify(given)


def _allowed(route: str) -> list[str]:
    methods = methods_by_route().get(route, {"GET"})
    return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))


def _conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with its ETag, or 304 for who has it already."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or not isinstance(response, HttpResponse):
        return response
    response.headers.setdefault("Cache-Control", KEPT)
    if not response.has_header("ETag"):
        response["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    modified = response.get("Last-Modified")
    moment = parse_http_date_safe(modified) if modified else None
    found = get_conditional_response(request, response["ETag"], moment, response)
    if found is not None and found.status_code == 412:
        raise errors.plain(412, "header")
    return found or response


def _headers(request: HttpRequest) -> dict[str, str]:
    """What every answer carries. Anybody's page may read; only a program with a token writes."""
    made = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Content-Language": "th, en",
        "Cache-Control": "no-store",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Cross-Origin-Resource-Policy": "cross-origin",
        **limits.headers(request),
    }
    if request.method == "OPTIONS":
        made["Access-Control-Allow-Methods"] = ", ".join(READS)
        made["Access-Control-Allow-Headers"] = "Accept, Authorization, If-None-Match, If-Modified-Since"
        made["Access-Control-Max-Age"] = "86400"
    return made
