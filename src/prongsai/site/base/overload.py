"""Who goes first when more is asked than can be done: sign-in and respondents before officers, those before visitors.

Two plain rules in each server process, before anything else is done for a request; nothing that was let in is ever
broken off.

- Of the threads that answer, pages may hold a share (``Limits``): visitors the least of it, officers more, who saves
  something most. A part of those in hand works at a time, the others wait for them. So there are always threads left
  for respondents, and a page too many is sent away in a moment instead of waiting before everybody else.
- How long a request waited for a thread, nobody tells. But the server's queue is served in turn and is not empty only
  while the threads are busy, so nobody can have waited longer than since they last were not. When that is longer
  than a class has patience (pages less than who comes to answer, these less than who has answered and sends), requests
  of the class are sent away for a moment, which empties the queue, and then it begins anew.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Of the pages in hand, so many work at a time: one waits for the database while another has the interpreter. More make
# no page come sooner, and respondents wait for the interpreter: with four instead of two, one in a hundred waited 0.7 s
# instead of 0.06 s.
AT_WORK = 2
# Of the sign-ins in hand, likewise: each password that is examined takes 100 MB of memory for a moment.
SIGNING_IN = 2
MARK = "prongsai.sent_away"  # in a request's environment: it was not done for want of room
SOONEST, LATEST = 5, 15  # seconds until who was sent away may come again: drawn, so that they do not come all at once
_EMPTIES = 0.125  # of the patience: so long a class is sent away before its patience begins anew
_FREE = ("/static/", "/health/", "/ready/", "/metrics/")
_LOGIN, _API = "/accounts/", "/api/"
_READS = ("GET", "HEAD", "OPTIONS")
Class = Literal["free", "login", "visitor", "officer", "saving"]
Refusal = Callable[["WSGIEnvironment"], tuple[dict[str, str], bytes]]  # headers and body of a 503


@dataclass(frozen=True)
class Limits:
    """Of one server process with so many threads. ``patience``: seconds for who comes to answer; 0: no limits."""

    threads: int
    pages: int  # officers' and visitors' pages in hand at a time
    patience: float

    @property
    def in_hand(self) -> Mapping[Class, int]:
        """How many pages may be in hand when one more of a class is let in."""
        least = max(1, self.pages * 3 // 4)
        return {"visitor": least, "officer": self.pages, "saving": self.pages + max(1, self.threads // 12)}

    @property
    def signing_in(self) -> int:
        """How many requests of the sign-in may be in hand, beside all others."""
        return max(1, self.threads // 6)


@dataclass
class _Line:
    """Those of one class who may wait before us. Moments by the clock of ``Overload``."""

    patience: float
    since: float = 0.0  # from when on there may be a queue
    until: float = 0.0  # till then it is emptied

    def calm(self, now: float) -> None:
        """Nobody can be waiting; while a queue is emptied, that is no sign of it."""
        if now >= self.until:
            self.since = now

    def over(self, now: float) -> bool:
        """Whether the class is sent away."""
        if now < self.until:
            return True
        if now - self.since <= self.patience:
            return False
        self.since = self.until = now + self.patience * _EMPTIES
        return True


@dataclass
class Overload:
    """What one server process has in hand."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _busy: int = 0
    _pages: int = 0
    _logins: int = 0

    def __post_init__(self) -> None:
        patience, now = self.limits.patience, self.clock()
        self._work, self._signing = threading.Semaphore(AT_WORK), threading.Semaphore(SIGNING_IN)
        self._page_line, self._come, self._send = (_Line(patience * of, now) for of in (0.5, 1, 3))

    @classmethod
    def of_settings(cls) -> Overload:
        """With what the operator set."""
        return cls(Limits(settings.THREADS, settings.PAGES, settings.PATIENCE))

    def counted(self, application: WSGIApplication) -> WSGIApplication:
        """The whole of an application: whatever is in hand is counted."""
        if not self.limits.patience:
            return application

        def counting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            with self._lock:
                self._busy += 1
                if self._busy * 2 <= self.limits.threads:
                    now = self.clock()
                    for line in (self._page_line, self._come, self._send):
                        line.calm(now)
            try:
                return application(environ, start_response)
            finally:
                with self._lock:
                    self._busy -= 1

        return counting

    def respondent_waits(self, environ: Mapping[str, Any]) -> bool:
        """Whether a respondent must come again later. Who sends a form is asked to last."""
        if not self.limits.patience:
            return False
        line = self._come if environ.get("REQUEST_METHOD") in _READS else self._send
        with self._lock:
            return line.over(self.clock())

    def pages(self, site: WSGIApplication, refusal: Refusal) -> WSGIApplication:
        """An application of pages and sign-in: what finds no room gets 503 with what ``refusal`` says."""
        if not self.limits.patience:
            return site

        def sparing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            kind = class_of(environ)
            if kind == "free":
                return site(environ, start_response)
            if not self._let_in(kind):
                environ[MARK] = True
                headers, body = refusal(environ)
                body = b"" if environ.get("REQUEST_METHOD") == "HEAD" else body
                start_response("503 Service Unavailable", [*headers.items(), ("Content-Length", str(len(body)))])
                return [body]
            try:
                return site(environ, start_response)
            finally:
                self._let_go(kind)

        return sparing

    def _let_in(self, kind: Class) -> bool:
        with self._lock:
            if kind == "login":
                if self._logins >= self.limits.signing_in:
                    return False
                self._logins += 1
            elif self._pages >= self.limits.in_hand[kind] or self._page_line.over(self.clock()):
                return False
            else:
                self._pages += 1
        if self._room_for(kind).acquire(timeout=self.limits.patience * 2):
            return True
        self._one_less(kind)
        return False

    def _let_go(self, kind: Class) -> None:
        self._room_for(kind).release()
        self._one_less(kind)

    def _room_for(self, kind: Class) -> threading.Semaphore:
        return self._signing if kind == "login" else self._work

    def _one_less(self, kind: Class) -> None:
        with self._lock:
            if kind == "login":
                self._logins -= 1
            else:
                self._pages -= 1


def class_of(environ: Mapping[str, Any]) -> Class:
    """To which class a request outside the respondents' surface belongs. Who has a session is an officer."""
    path = environ.get("PATH_INFO", "")
    if path.startswith(_FREE):
        return "free"
    if path.startswith(_LOGIN):
        return "login"
    if path.startswith(_API) or f"{settings.SESSION_COOKIE_NAME}=" not in environ.get("HTTP_COOKIE", ""):
        return "visitor"
    return "officer" if environ.get("REQUEST_METHOD") in _READS else "saving"


def come_again() -> int:
    """Seconds until who was sent away should try again."""
    return random.randint(SOONEST, LATEST)  # noqa: S311 - only spreads the retries
