"""Looks at a whole table of links: fetched side by side, each distinct link once, each result told as it comes."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import httpx

from prongsai.evidence.checks import look
from prongsai.evidence.finding import Seen
from prongsai.evidence.links import Link, checklist_items
from prongsai.evidence.results import Result
from prongsai.evidence.visit import Tools, Visit
from prongsai.framework import Framework

_IN_HAND = 32  # links whose bodies may be in memory


@dataclass(frozen=True)
class Question:
    """What all links are looked at for. ``site``: host of the registered main site; ``previous``: see ``Seen``."""

    framework: Framework
    site: str | None = None
    previous: Mapping[str, tuple[str, ...]] | None = None


async def run(
    links: Iterable[Link],
    question: Question,
    tools: Tools,
    tell: Callable[[Sequence[Result]], None],
    since: dt.datetime | None = None,
) -> None:
    """Visit every distinct URL once and tell the results of all its links together.

    ``since``: copies retrieved since then, by a run that ended suddenly, are looked at instead of fetching again.
    Raises ``OSError`` where a copy cannot be written.
    """
    by_url: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_url[link.url].append(link)
    in_hand = asyncio.Semaphore(_IN_HAND)

    async def one(url: str) -> None:
        try:
            visit = await tools.visit(url, since)
            tell([look_at(link, question, visit) for link in by_url[url]])
        finally:
            in_hand.release()

    try:
        async with asyncio.TaskGroup() as group:
            for url in _by_turns(by_url):
                await in_hand.acquire()
                group.create_task(one(url))
    except ExceptionGroup as several:
        raise _first(several) from several


def _first(error: Exception) -> Exception:
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


def look_at(link: Link, question: Question, visit: Visit) -> Result:
    """What all checks say of one link after a visit, or of a preserved copy of it (``visit_copy``)."""
    fetched, item = visit.fetched, checklist_items(question.framework)[link.item]
    now = dt.datetime.now(dt.UTC)
    seen = Seen(link, item, question.framework, fetched, visit.content, question.site, question.previous, now)
    found = look(seen)
    return Result(link, fetched.at, fetched.status, fetched.final_url, fetched.sha256, found, visit.copy)


def _by_turns(urls: Iterable[str]) -> Iterator[str]:
    """One of each host after the other, so that a host that is slow holds up only itself."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        try:
            hosts[httpx.URL(url).host].append(url)
        except (httpx.InvalidURL, ValueError):
            hosts[""].append(url)
    for turn in zip_longest(*hosts.values()):
        yield from (url for url in turn if url is not None)
