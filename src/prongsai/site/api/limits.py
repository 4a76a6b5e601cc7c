"""How often an address or a token may ask; remembered in each server process's memory, no address is stored.

An answer costs one, and one more for each hundred agencies that it lists (three in full), so that few large pages and
many small ones weigh alike.
"""

from __future__ import annotations

from math import ceil

from django.http import HttpRequest

from prongsai.site.api.errors import plain
from prongsai.site.ask.limits import Buckets, address_digest

anonymous = Buckets(rate=10, burst=600)
with_token = Buckets(rate=50, burst=6000)
_TAKEN = "_api_limit"


def take(request: HttpRequest, token: str | None, cost: float = 1.0) -> None:
    """Take from the bucket of the address or token. Raises ``ApiError`` 429 that says how long to wait."""
    buckets = with_token if token else anonymous
    who = f"token {token}".encode() if token else address_digest(lambda name: request.META.get(name, ""))
    setattr(request, _TAKEN, (buckets, who))
    _from(request, cost)


def also(request: HttpRequest, cost: float) -> None:
    """Take more for an answer that turned out to be large."""
    if hasattr(request, _TAKEN):
        _from(request, cost)


def _from(request: HttpRequest, cost: float) -> None:
    buckets, who = getattr(request, _TAKEN)
    if wait := buckets.take(who, cost):
        raise plain(429, headers={"Retry-After": str(max(1, ceil(wait)))})


def headers(request: HttpRequest) -> dict[str, str]:
    """What is left, in the words of the IETF's draft on RateLimit header fields."""
    if not hasattr(request, _TAKEN):
        return {}
    buckets, who = getattr(request, _TAKEN)
    left, full = int(buckets.left(who)), ceil(buckets.burst / buckets.rate)
    refilled = ceil((buckets.burst - left) / buckets.rate)
    return {
        "RateLimit-Policy": f'"requests";q={int(buckets.burst)};w={full}',
        "RateLimit": f'"requests";r={left};t={refilled}',
    }
