"""The watch over published links through the year: what is due is opened, what is dead is told; no score is touched.

``python -m prongsai.site watch`` does it, a process of its own that an installation starts when it wants to: it asks
the agencies' sites, a few times an hour each (``evidence.watch.Pace``).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from prongsai.evidence.fetch import Fetched, Fetcher
from prongsai.evidence.watch import Planned, Watched, after, dead_by_agency, plan
from prongsai.site.agencies.models import Agency
from prongsai.site.inspection.models import Link, WatchedAddress
from prongsai.site.rounds.models import Assessment


def digest(url: str) -> str:
    """The key of an address, whatever its length."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def watched(agencies: Iterable[Agency] | None = None) -> list[Watched]:
    """Every address of each agency's newest confirmed list, with what was seen of it so far; two queries."""
    newest = Assessment.objects.filter(agency=OuterRef("agency"), evidence_at__isnull=False)
    last = Subquery(newest.order_by("-round__fiscal_year", "-pk").values("pk")[:1])
    confirmed = Assessment.objects.filter(evidence_at__isnull=False, pk=last)
    if agencies is not None:
        confirmed = confirmed.filter(agency__in=agencies)
    used: dict[str, set[str]] = defaultdict(set)
    rows = Link.objects.filter(evidence__assessment__in=confirmed)
    for url, code in rows.values_list("url", "evidence__assessment__agency__code"):
        used[url].add(code)
    seen = {one.pk: one for one in WatchedAddress.objects.filter(pk__in=[digest(url) for url in used])}
    return [_one(url, tuple(sorted(codes)), seen.get(digest(url))) for url, codes in sorted(used.items())]


def _one(url: str, agencies: tuple[str, ...], row: WatchedAddress | None) -> Watched:
    if row is None:
        return Watched(url, agencies)
    return Watched(url, agencies, row.checked, row.failures, row.failing_since)


def look(now: dt.datetime, span: dt.timedelta, fetcher: Callable[[], Fetcher] = Fetcher) -> int:
    """Open what is due between now and then, in the order of the plan; how many. What is seen is kept at once."""
    todo = plan(watched(), now, now + span)
    for one, fetched in _opened(todo, fetcher):
        keep(one.link, timezone.now(), fetched)
    return len(todo)


def _opened(todo: list[Planned], fetcher: Callable[[], Fetcher]) -> Iterator[tuple[Planned, Fetched]]:
    """One after the other: the pace is the plan's, and a run that is cut short loses one look."""
    with asyncio.Runner() as runner:
        opened = fetcher()
        runner.run(opened.__aenter__())
        try:
            for one in todo:
                yield one, runner.run(opened.fetch(one.link.url))
        finally:
            runner.run(opened.__aexit__(None, None, None))


def keep(link: Watched, at: dt.datetime, fetched: Fetched) -> Watched:
    """What was seen of an address, kept."""
    now = after(link, at, fetched.ok)
    WatchedAddress.objects.update_or_create(
        digest=digest(link.url),
        defaults={
            "url": link.url,
            "checked": now.checked,
            "failures": now.failures,
            "failing_since": now.failing_since,
            "reason": fetched.failure.th[:300] if fetched.failure else "",
        },
    )
    return now


def dead_links(agency: Agency) -> list[Watched]:
    """An agency's addresses that failed often enough over long enough, those dead longest first."""
    return list(dead_by_agency(watched([agency])).get(agency.code, ()))
