"""Looks at a whole table of links: fetched side by side, each distinct link once, each result told as it comes."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest

import httpx

from prongsai.evidence.checks import look
from prongsai.evidence.content import content_of
from prongsai.evidence.fetch import Fetched, Fetcher
from prongsai.evidence.finding import Seen
from prongsai.evidence.links import Link, checklist_items
from prongsai.evidence.results import Result
from prongsai.framework import Framework

_IN_HAND = 32  # links whose bodies may be in memory


@dataclass(frozen=True)
class Question:
    """What all links are looked at for. ``site``: host of the registered main site; ``previous``: see ``Seen``."""

    framework: Framework
    site: str | None = None
    previous: Mapping[str, tuple[str, ...]] | None = None


async def run(
    links: Iterable[Link], question: Question, fetcher: Fetcher, tell: Callable[[Sequence[Result]], None]
) -> None:
    """Fetch every distinct URL once and tell the results of all its links together."""
    by_url: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_url[link.url].append(link)
    in_hand = asyncio.Semaphore(_IN_HAND)

    async def one(url: str) -> None:
        try:
            fetched = await fetcher.fetch(url)
            tell(await loop.run_in_executor(reader, _look, by_url[url], question, fetched))
        finally:
            in_hand.release()

    loop = asyncio.get_running_loop()
    # One thread: PDFium is not made for several.
    with ThreadPoolExecutor(1, "evidence") as reader:
        async with asyncio.TaskGroup() as group:
            for url in _by_turns(by_url):
                await in_hand.acquire()
                group.create_task(one(url))


def _look(links: Sequence[Link], question: Question, fetched: Fetched) -> list[Result]:
    items = checklist_items(question.framework)
    content = content_of(fetched) if fetched.ok else None
    now = dt.datetime.now(dt.UTC)
    results = []
    for link in links:
        seen = Seen(link, items[link.item], question.framework, fetched, content, question.site, question.previous, now)
        results.append(Result(link, fetched.at, fetched.status, fetched.final_url, fetched.sha256, look(seen)))
    return results


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
