"""Rate limits in the memory of each server process: nothing of an address is stored or logged.

An address is known by a digest under a salt that is made anew each day and never leaves the process. Requests may
come in a burst and then steadily, so that an office of 500 people behind one address can answer at the same time;
codes that are well formed and unknown are limited much harder, since only guessing makes many of them (a slip of the
finger is found by the check character and costs nothing here). With two server processes the limits are up to twice as
wide. What they do not stop: many addresses at once; the length of the codes does.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from prongsai.site.ask.refusal import Refusal
from prongsai.site.ask.web import Request
from prongsai.site.base.address import client_address

DAY = 86_400
MOST = 50_000  # addresses remembered; beyond, the fullest buckets are forgotten


@dataclass
class Buckets:
    """Token buckets: ``burst`` at once, then ``rate`` a second, for each address."""

    rate: float
    burst: float
    _left: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, who: bytes, cost: float = 1.0) -> float:
        """Take ``cost`` and return 0, or the seconds until there is enough again. Cost 0 asks whether one is left."""
        now = time.monotonic()
        with self._lock:
            left, then = self._left.get(who, (self.burst, now))
            left = min(self.burst, left + (now - then) * self.rate)
            enough = left >= max(cost, 1.0)
            self._left[who] = (left - cost if enough else left, now)
            if len(self._left) > MOST:
                self._forget(now)
        return 0.0 if enough else (1.0 - left) / self.rate

    def left(self, who: bytes) -> float:
        """How much is left."""
        now = time.monotonic()
        left, then = self._left.get(who, (self.burst, now))
        return max(0.0, min(self.burst, left + (now - then) * self.rate))

    def _forget(self, now: float) -> None:
        """Half of them go: those that have most left, which loses least."""
        by_need = sorted(self._left.items(), key=lambda one: one[1][0] + (now - one[1][1]) * self.rate)
        self._left = dict(by_need[: MOST // 2])


requests = Buckets(rate=40, burst=4000)
unknown_codes = Buckets(rate=0.1, burst=40)
receipts = Buckets(rate=0.5, burst=60)


def pass_or_wait(buckets: Buckets, request: Request, cost: float = 1.0) -> None:
    """Take from a bucket; raises ``Refusal`` (429) that says how long to wait."""
    if wait := buckets.take(_who(request), cost):
        raise Refusal("many", 429, seconds=max(1, round(wait + 0.5)))


class _Salt:
    """The day's salt."""

    def __init__(self) -> None:
        self.day, self.salt = -1, b""

    def of_today(self) -> bytes:
        if (today := int(time.time()) // DAY) != self.day:
            self.day, self.salt = today, secrets.token_bytes(32)
        return self.salt


_salt = _Salt()


def _who(request: Request) -> bytes:
    return address_digest(request.header)


def address_digest(header: Callable[[str], str]) -> bytes:
    """The digest of an address. ``header``: a value of the request's environment."""
    return hashlib.blake2b(client_address(header).encode(), key=_salt.of_today(), digest_size=12).digest()
