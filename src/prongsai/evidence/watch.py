"""When published links are looked at again through the year, and which of them are dead: plain functions, no clock.

Nothing here lowers a score; a dead link is told to the agency's officer. All figures of ``Pace`` are ours.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import urlsplit

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Watched:
    """One URL and the agencies that published it. ``failures``: in a row, the first of them at ``failing_since``."""

    url: str
    agencies: tuple[str, ...] = ()
    checked: dt.datetime | None = None
    failures: int = 0
    failing_since: dt.datetime | None = None


@dataclass(frozen=True)
class Pace:
    """How often and how fast. A link is dead after so many failures over at least so long."""

    every: dt.timedelta = dt.timedelta(days=30)
    first_wait: dt.timedelta = dt.timedelta(days=1)  # after a failure; doubled with each, up to ``every``
    per_host_hour: int = 6
    per_hour: int = 1200  # all hosts together
    dead_failures: int = 3
    dead_after: dt.timedelta = dt.timedelta(days=3)


@dataclass(frozen=True)
class Planned:
    """A link and when to look at it."""

    at: dt.datetime
    link: Watched


def after(link: Watched, at: dt.datetime, opened: bool) -> Watched:
    """The link once it was looked at."""
    if opened:
        return replace(link, checked=at, failures=0, failing_since=None)
    return replace(link, checked=at, failures=link.failures + 1, failing_since=link.failing_since or at)


def due(link: Watched, pace: Pace) -> dt.datetime | None:
    """When it should be looked at again; None: as soon as can be, for it never was."""
    if link.checked is None:
        return None
    if link.failures:
        doubled: int = 2 ** min(link.failures - 1, 20)
        return link.checked + min(pace.first_wait * doubled, pace.every)
    # Up to a tenth earlier, each link by its own name, so that what was published together drifts apart.
    share = int.from_bytes(blake2b(link.url.encode("utf-8", "surrogatepass"), digest_size=2).digest(), "big")
    return link.checked + pace.every - pace.every / 10 * (share / 65536)


def plan(links: Iterable[Watched], start: dt.datetime, end: dt.datetime, pace: Pace | None = None) -> list[Planned]:
    """What to look at between two times, in order; those longest due first, none of a host more often than allowed.

    What does not fit before ``end`` is left out and stands first in the next plan.
    """
    pace = pace or Pace()
    gap = _HOUR / pace.per_host_hour
    free: dict[str, dt.datetime] = {}
    waiting: list[tuple[dt.datetime, str, str, Watched]] = []
    early = dt.datetime.min.replace(tzinfo=start.tzinfo)
    for link in links:
        host = _host(link.url)
        if link.checked and link.checked + gap > free.get(host, start):
            free[host] = link.checked + gap
        time = due(link, pace) or early
        if time < end:
            waiting.append((time, link.url, host, link))
    waiting.sort(key=lambda one: one[:2])
    hours = _Hours(start, pace.per_hour)
    found = []
    for time, _, host, link in waiting:
        at = hours.place(max(time, start, free.get(host, start)), end)
        if at is not None:
            free[host] = at + gap
            found.append(Planned(at, link))
    return sorted(found, key=lambda one: (one.at, one.link.url))


class _Hours:
    """So many places in each hour from ``start`` on."""

    def __init__(self, start: dt.datetime, places: int) -> None:
        self._start, self._places = start, places
        self._taken: dict[int, int] = defaultdict(int)
        self._onward: dict[int, int] = {}  # of a full hour the next that may have a place

    def place(self, at: dt.datetime, end: dt.datetime) -> dt.datetime | None:
        """The first time from ``at`` on that has a place; None where that would be after the end."""
        wanted = (at - self._start) // _HOUR
        hour = wanted
        passed = []
        while hour in self._onward:
            passed.append(hour)
            hour = self._onward[hour]
        for one in passed:
            self._onward[one] = hour
        time = at if hour == wanted else self._start + hour * _HOUR
        if time >= end:
            return None
        self._taken[hour] += 1
        if self._taken[hour] >= self._places:
            self._onward[hour] = hour + 1
        return time


def is_dead(link: Watched, pace: Pace | None = None) -> bool:
    """Whether it failed often enough over long enough; one bad day of a site makes no dead link."""
    pace = pace or Pace()
    if link.checked is None or link.failing_since is None or link.failures < pace.dead_failures:
        return False
    return link.checked - link.failing_since >= pace.dead_after


def dead_by_agency(links: Iterable[Watched], pace: Pace | None = None) -> Mapping[str, Sequence[Watched]]:
    """The dead links of each agency that has any, those dead longest first."""
    found: dict[str, list[Watched]] = defaultdict(list)
    for link in links:
        if is_dead(link, pace):
            for agency in link.agencies:
                found[agency].append(link)
    return {
        agency: sorted(dead, key=lambda one: (one.failing_since, one.url)) for agency, dead in sorted(found.items())
    }


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
