"""Public pages: the same for everybody, kept by whoever stands between, and new as soon as what is published changes.

A public page is drawn for nobody (no session, no person, no cookie), so it can be given to anybody. Its tag names what
it was made of: every release with its digest, the program's version, the language, the address and what the page adds
by ``key``. A release that comes or goes changes every tag, so the memory here never shows what was taken back; browsers
and servers in between may show a page for ``FRESH`` seconds, and for ``STALE`` more while they ask again.

The memory is each process's own: keys hold all that may change, so nothing has to be told to other processes, and a
page that each of a few processes draws once costs less than the files that they would share.
"""

from __future__ import annotations

import copy
import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import re_accepts_gzip
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from prongsai import __version__
from prongsai.site.base.text import pick
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.reading import withdrawn
from prongsai.site.portal.front import MARK

View = Callable[..., HttpResponse]
FRESH, STALE = 60, 240  # seconds; together the longest that a page taken back may still be seen anywhere
_LONGEST = 3600  # seconds after which a page is drawn anew although nothing that it is keyed by changed
_QUERY = 200  # longer queries are answered, but not kept: nobody fills the memory with questions
_ANSWERED = 8000  # bytes; more is no question, and the links of a page would repeat it


def public_page(key: Callable[..., str] | None = None) -> Callable[[View], View]:
    """A page for everybody. ``key``: called like the view, what the page shows beside the releases (a plan's day).

    The view gets a request without person, session and cookies. GET and HEAD alone; 304 where the reader has it,
    and where the view finds nothing (``Http404``) 410 with the reason, if the round ``slug`` was taken back, else 404.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD"])
            if len(request.META.get("QUERY_STRING", "")) > _ANSWERED:
                return HttpResponse(_too_long(), status=414, content_type="text/plain; charset=utf-8")
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)  # an ended session would be cleared: a cookie set
            tag = _tag(request, key(request, *args, **kwargs) if key else "")
            quoted = f'W/"{tag}"'
            keeps = not settings.DEBUG and len(request.META.get("QUERY_STRING", "")) <= _QUERY
            early = get_conditional_response(request, etag=quoted)
            if early is not None:
                return _told(request, early, quoted, keeps)
            kept: _Kept | None = caches["pages"].get(tag) if keeps else None
            if kept is None:
                response = _drawn(view, request, args, kwargs)
                if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
                    raise RuntimeError(f"{request.path}: a public page holds a form with a token, which sets a cookie")
                if response.status_code != 200 or response.streaming:
                    return response
                kept = _Kept.of(response)
                if keeps:
                    caches["pages"].set(tag, kept)
            return _told(request, kept.response(request), quoted, keeps)

        shown.public_page = True  # type: ignore[attr-defined]  # what asks for a person leaves these pages alone
        return shown

    return wrap


def _drawn(view: View, request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse:
    asked = _for_nobody(request)
    try:
        return view(asked, *args, **kwargs)
    except Http404:
        return missing(asked, kwargs.get("slug", ""))


def missing(request: HttpRequest, slug: str) -> HttpResponse:
    """What stands where nothing is published: that a round was taken back and why, else that nothing was found."""
    gone = withdrawn(slug) if slug else None
    if gone is None:
        return render(_for_nobody(request), "portal/not_found.html", status=404)
    return render(_for_nobody(request), "opendata/gone.html", {"release": gone, "round": gone.round}, status=410)


def _too_long() -> str:
    return pick("ที่อยู่ยาวเกินไป โปรดค้นหาด้วยข้อความที่สั้นลง", "The address is too long. Please ask with fewer words.")


def released() -> str:
    """What is published now, in one word: another one after every release and every withdrawal. One small query."""
    told = Release.objects.order_by("pk").values_list("pk", "digest", "state", "published_at", "withdrawn_at")
    return _digest(str(list(told)))


def _tag(request: HttpRequest, extra: str) -> str:
    parts = (
        released(),
        __version__,
        get_language() or "",
        request.path,
        request.META.get("QUERY_STRING", ""),
        extra,
        str(int(time.time()) // _LONGEST),
    )
    return _digest("\0".join(parts))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _for_nobody(request: HttpRequest) -> HttpRequest:
    """The request as a stranger would have sent it: what is drawn of it holds nothing of the reader."""
    made = copy.copy(request)
    made.__dict__ |= {
        "user": AnonymousUser(),
        "session": SessionBase(),
        "COOKIES": {},
        "_messages": [],
    }
    return made


def _told(request: HttpRequest, response: HttpResponse, tag: str, keeps: bool) -> HttpResponse:
    """The headers that let others keep the page; and word to ``front`` that it may give it again."""
    if keeps:
        request.META[MARK] = tag
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"public, max-age={FRESH}, stale-while-revalidate={STALE}"
    patch_vary_headers(response, ["Accept-Encoding"])
    if "language" not in request.GET:
        patch_vary_headers(response, ["Cookie"])  # the language is the cookie's, where the address does not say it
    return response


@dataclass(frozen=True)
class _Kept:
    """A page as it lies in memory: packed once, where that makes it smaller."""

    headers: dict[str, str]
    content: bytes
    packed: bool

    @classmethod
    def of(cls, response: HttpResponse) -> _Kept:
        """A page just drawn."""
        packed = gzip.compress(response.content, 6, mtime=0)
        smaller = len(packed) < len(response.content)
        headers = {name: value for name, value in response.headers.items() if name != "Vary"}
        return cls(headers, packed if smaller else response.content, smaller)

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page for a reader, unpacked for the few who cannot."""
        as_is = self.packed and re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))
        content = self.content if as_is or not self.packed else gzip.decompress(self.content)
        made = HttpResponse(content, headers=self.headers)
        if as_is:
            made.headers["Content-Encoding"] = "gzip"
        return made
