"""What signed-in people are not given: counted by room, and told to the operator where one account meets much of it.

What is not there and what is not theirs look the same (404), here too. A single one is a slip or an old link, and who
met it is written nowhere: that would be a log of behaviour. Many within an hour are a search, and the log then has the
account's number, once an hour, without an address and without a name (docs/security/accounts.md).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from prongsai.site.people.models import Person

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]
MARK = "prongsai.denied"  # in the request's environment: the room, for the metrics


@dataclass
class Counted:
    """How often each account met a closed or missing page, in the memory of this process; ``within`` is in seconds."""

    most: int = 30
    within: float = 3600.0
    clock: Callable[[], float] = time.monotonic
    _seen: dict[int, tuple[float, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reaches(self, account: int) -> bool:
        """Count one more; true once, when it is the ``most``-th within the time."""
        now = self.clock()
        with self._lock:
            since, count = self._seen.get(account, (now, 0))
            if now - since > self.within:
                since, count = now, 0
                self._seen = {one: (then, n) for one, (then, n) in self._seen.items() if now - then <= self.within}
            self._seen[account] = since, count + 1
        return count + 1 == self.most


_counted = Counted()


class DeniedMiddleware:
    """Counts what views do not find for somebody who is signed in; changes nothing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Pages that are the same for everybody never ask who reads them."""
        room = _room(request)
        if not isinstance(error, Http404) or not room or not isinstance(request.user, Person):
            return
        request.META[MARK] = room
        if _counted.reaches(request.user.pk):
            met, minutes = _counted.most, round(_counted.within / 60)
            log.warning("account %d met %d closed or missing pages in %d minutes", request.user.pk, met, minutes)


def _room(request: HttpRequest) -> str:
    """The room of the site whose view was asked; empty for public pages and for what is no room of ours."""
    match = request.resolver_match
    if match is None or getattr(match.func, "public_page", False):
        return ""
    room = match.func.__module__.removeprefix("prongsai.site.").partition(".")[0]
    return room if room in settings.ROOMS else ""
