"""One visit of one URL: fetched with care, read in a process apart and, where copies are kept, preserved."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from prongsai.evidence.apart import Reader
from prongsai.evidence.content import Content
from prongsai.evidence.fetch import Fetched, Fetcher
from prongsai.evidence.preserve.copies import NO_PICTURE, NO_STAMP, Copies
from prongsai.evidence.preserve.picture import Camera
from prongsai.evidence.preserve.store import Damaged
from prongsai.evidence.preserve.timestamp import Authority


@dataclass(frozen=True)
class Keeping:
    """Where copies go, and what is made beside them: pictures of pages, time stamps. Neither is a must."""

    copies: Copies
    camera: Camera | None = None
    authority: Authority | None = None


@dataclass(frozen=True)
class Visit:
    """What was seen. ``content`` is None where nothing was; ``copy`` names the manifest, where copies are kept."""

    fetched: Fetched
    content: Content | None
    copy: str | None = None


@dataclass(frozen=True)
class Tools:
    """What a visit is made with. One ``Fetcher`` for all, since it keeps the limits of each host."""

    fetcher: Fetcher
    reader: Reader
    keeping: Keeping | None = None

    async def visit(self, url: str, since: dt.datetime | None = None) -> Visit:
        """Fetch, read, preserve. ``since``: a copy retrieved since then is looked at instead of fetching again.

        Raises ``OSError`` where a copy cannot be written.
        """
        if self.keeping and since:
            name = await asyncio.to_thread(self.keeping.copies.latest, url, since)
            if name:
                with suppress(Damaged):  # then it is fetched anew
                    return await asyncio.to_thread(visit_copy, name, self.keeping.copies, self.reader)
        fetched = await self.fetcher.fetch(url)
        content = await asyncio.to_thread(self.reader.read, fetched) if fetched.ok else None
        return Visit(fetched, content, await _keep(fetched, content, self.keeping) if self.keeping else None)


async def _keep(fetched: Fetched, content: Content | None, keeping: Keeping) -> str:
    picture = NO_PICTURE
    if keeping.camera and content and content.kind == "html":
        picture = await keeping.camera.take(fetched.final_url)
    kept = await asyncio.to_thread(keeping.copies.keep, fetched, content, picture)
    stamp = await keeping.authority.stamp(kept.warc) if keeping.authority else NO_STAMP
    return await asyncio.to_thread(keeping.copies.finish, kept, stamp)


def visit_copy(name: str, copies: Copies, reader: Reader) -> Visit:
    """A preserved copy as if it were visited now. Raises ``Damaged``."""
    fetched = copies.fetched(copies.manifest(name))
    return Visit(fetched, reader.read(fetched) if fetched.ok else None, name)
