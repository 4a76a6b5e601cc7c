"""Pages that many ask for at once, answered before Django: the very answer that was found to be current just now.

``public_page`` says in the request's environment which answers may be given again, and their tag. An answer is given
from here for ``SECONDS`` after the last time it went the long way, which asks the database what is published; so what
is taken back is gone from here a second later.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.http import parse_cookie
from django.middleware.gzip import re_accepts_gzip

from prongsai.site.base.middleware import LANGUAGE_COOKIE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MARK = "prongsai.public_page"  # in the environment: the tag of an answer that may be given again
SECONDS = 1.0
_MOST, _BYTES = 2000, 32_000_000  # answers and bytes held by one process
_WRITTEN = re.compile(r'(?:W/)?"[^"]*"')
Key = tuple[str, str, str, str, bool, bool]
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class _Answer:
    """A whole answer; ``checked``: when the request began that last found it current."""

    tag: str
    headers: Headers
    body: bytes
    checked: float


class Memory:
    """The answers, those asked for last kept longest."""

    def __init__(self) -> None:
        self._held: OrderedDict[Key, _Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def size(self) -> int:
        """Bytes of all bodies."""
        return self._bytes

    def get(self, key: Key) -> _Answer | None:
        """An answer, however old."""
        return self._held.get(key)

    def put(self, key: Key, answer: _Answer) -> None:
        """Keep an answer; the oldest go where there are too many."""
        with self._lock:
            old = self._held.pop(key, None)
            self._bytes += len(answer.body) - (len(old.body) if old else 0)
            self._held[key] = answer
            while len(self._held) > _MOST or self._bytes > _BYTES:
                self._bytes -= len(self._held.popitem(last=False)[1].body)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._bytes = 0


def before(site: WSGIApplication, memory: Memory | None = None) -> WSGIApplication:
    """A WSGI application that gives hot public pages itself and hands everything else to the site."""
    held = Memory() if memory is None else memory

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return site(environ, start_response)
        key, now = _key(environ), monotonic()
        found = held.get(key)
        if found is not None and now - found.checked < SECONDS:
            return _given(found, environ, start_response)
        return _asked(site, environ, start_response, (held, key, now))

    return application


def _key(environ: WSGIEnvironment) -> Key:
    """All that an answer depends on: where the site is reached, the address, the language's cookie, packing."""
    cookies = environ.get("HTTP_COOKIE", "")
    return (
        f"{environ.get('wsgi.url_scheme')} {environ.get('HTTP_X_FORWARDED_PROTO', '')}",
        environ.get("HTTP_HOST", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        LANGUAGE_COOKIE in cookies and parse_cookie(cookies).get(LANGUAGE_COOKIE) == "en",
        re_accepts_gzip.search(environ.get("HTTP_ACCEPT_ENCODING", "")) is not None,
    )


def _given(found: _Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if _has(environ.get("HTTP_IF_NONE_MATCH", ""), found.tag):
        start_response("304 Not Modified", [one for one in found.headers if not one[0].startswith("Content-")])
        return ()
    start_response("200 OK", found.headers)
    return () if environ["REQUEST_METHOD"] == "HEAD" else (found.body,)


def _has(asked: str, tag: str) -> bool:
    """Whether the reader's tags hold this one; a tag is weak or strong alike."""
    if not asked:
        return False
    plain = tag.removeprefix("W/")
    return asked.strip() == "*" or any(one.removeprefix("W/") == plain for one in _WRITTEN.findall(asked))


def _asked(
    site: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, kept: tuple[Memory, Key, float]
) -> Iterable[bytes]:
    """The long way; what may be given again is kept, what was found current counts as new."""
    held, key, now = kept
    told: list[Any] = []

    def heard(status: str, headers: Headers, *rest: Any) -> Any:
        told[:] = [status, headers]
        return start_response(status, headers, *rest)

    made = site(environ, heard)
    tag, found = environ.get(MARK), held.get(key)
    if tag is None or not told:
        return made
    status, headers = told
    if status.startswith("304") and found is not None and found.tag == tag:
        held.put(key, replace(found, checked=now))
    elif status.startswith("200") and environ["REQUEST_METHOD"] == "GET":
        body = b"".join(made)
        getattr(made, "close", lambda: None)()
        if not any(name.lower() == "set-cookie" for name, _ in headers):
            held.put(key, _Answer(tag, list(headers), body, now))
        return (body,)
    return made
