"""More people than a machine can take, over real connections: who is answered, how soon, and who is sent away.

Everybody comes over a connection of their own or keeps one, as browsers do; who is sent away comes again after what
``Retry-After`` says, shortened by ``HURRY`` so that a test takes seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)">')
BETWEEN = "----between-parts"
HURRY = 20  # times as soon as the page says
READING = 3.2  # seconds; sooner no form is taken


@dataclass
class Seen:
    """What one kind of people met with."""

    asked: int = 0  # people, or pages
    done: int = 0
    sent_away: int = 0  # answers with 503
    odd: list[str] = field(default_factory=list)  # anything else that is no success
    took: list[float] = field(default_factory=list)  # seconds of each answer that is a success

    @property
    def rate(self) -> float:
        """The share that got what they came for."""
        return self.done / self.asked if self.asked else 1.0

    def percentile(self, of: float) -> float:
        """Seconds of an answer at this share of all."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * of))] if self.took else 0.0

    def told(self) -> dict[str, float | int | list[str]]:
        """For a report."""
        return {
            "asked": self.asked,
            "done": self.done,
            "sent_away": self.sent_away,
            "p50_ms": round(self.percentile(0.5) * 1000, 1),
            "p99_ms": round(self.percentile(0.99) * 1000, 1),
            "odd": sorted(set(self.odd))[:5],
        }


class Line:
    """One connection, opened anew when the server has closed it."""

    def __init__(self, port: int, headers: str = "") -> None:
        self.port, self.headers = port, headers
        self.stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, path: str, fields: Mapping[str, object] | None = None, upload: bytes = b"", headers: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body. Raises ``OSError`` where the server went away. ``upload``: parts of a form."""
        body = upload or (urlencode(fields, doseq=True).encode() if fields is not None else b"")
        head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n{self.headers}{headers}"
        if body:
            kind = f"multipart/form-data; boundary={BETWEEN}" if upload else "application/x-www-form-urlencoded"
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        try:
            if self.stream is None:
                self.stream = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.stream
            writer.write(head.encode() + b"\r\n" + body)
            status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            found = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
            if "content-length" in found:
                page = await reader.readexactly(int(found["content-length"]))
            else:
                page = await self._chunks(reader)
            return int(status.split()[1]), found, page
        except (OSError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError) as error:
            self.close()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise ConnectionError(str(error)) from error

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        page = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            page += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return page

    def close(self) -> None:
        """Let it go."""
        if self.stream:
            with contextlib.suppress(Exception):
                self.stream[1].close()
        self.stream = None


async def reads(line: Line, paths: Sequence[str], seen: Seen, until: float) -> None:
    """Page after page without a pause; each counts, and who is sent away comes again later."""
    while time.time() < until:
        seen.asked += 1
        began = time.time()
        try:
            status, headers, _ = await line.ask(random.choice(paths))
        except OSError as error:
            seen.odd.append(str(error) or "hung up")
            await asyncio.sleep(0.05)
            continue
        if status == 503:
            seen.sent_away += 1
            await asyncio.sleep(float(headers.get("retry-after", "5")) / HURRY)
        elif status < 400:
            seen.done += 1
            seen.took.append(time.time() - began)
        else:
            seen.odd.append(str(status))


@dataclass
class Respondents:
    """People with codes. ``confirmed`` are the numbers of those who have a receipt."""

    port: int
    codes: Sequence[str]
    given: Sequence[Mapping[str, str]]
    seen: Seen = field(default_factory=Seen)
    confirmed: set[int] = field(default_factory=set)
    kept: int = 0  # forms that were refused and stood in the page as they were sent
    forms: dict[int, dict[str, str]] = field(default_factory=dict)

    async def type_code(self, person: int, until: float) -> bool:
        """Until the form is there."""
        line = Line(self.port, f"X-Forwarded-For: 10.1.{person >> 8}.{person & 255}\r\n")
        try:
            page = await self._pressed(line, "/a/", {"code": self.codes[person], "lang": "th"}, until)
        finally:
            line.close()
        if page is None:
            return False
        hidden = {name.decode(): unescape(value.decode()) for name, value in HIDDEN.findall(page)}
        answers = {f"a-{code}": key for code, key in self.given[person].items()}
        self.forms[person] = {**hidden, "do": "send", **answers}
        return True

    async def send(self, person: int, until: float) -> None:
        """Until there is a receipt."""
        self.seen.asked += 1
        line = Line(self.port, f"X-Forwarded-For: 10.1.{person >> 8}.{person & 255}\r\n")
        try:
            page = await self._pressed(line, "/a/go/", self.forms[person], until)
        finally:
            line.close()
        if page and b'class="receipt"' in page:
            self.seen.done += 1
            self.confirmed.add(person)

    async def _pressed(self, line: Line, path: str, fields: dict[str, str], until: float) -> bytes | None:
        """The page after a button; one that asks to wait is believed, and its own form is what is sent again."""
        while time.time() < until:
            began = time.time()
            try:
                status, headers, page = await line.ask(path, fields)
            except OSError as error:
                self.seen.odd.append(str(error) or "hung up")
                await asyncio.sleep(0.1)
                continue
            if status == 503:
                again = {name.decode(): unescape(value.decode()) for name, value in HIDDEN.findall(page)}
                assert again == fields, "what was typed is not in the page that asks to wait"
                self.kept += 1
                self.seen.sent_away += 1
                await asyncio.sleep(float(headers["retry-after"]) / HURRY)
                continue
            if status != 200:
                self.seen.odd.append(str(status))
                return None
            self.seen.took.append(time.time() - began)
            return page
        return None


async def together(jobs: Sequence[Callable[[], Awaitable[object]]], at_once: int) -> None:
    """All of them, so many at a time."""
    room = asyncio.Semaphore(at_once)

    async def one(job: Callable[[], Awaitable[object]]) -> None:
        async with room:
            await job()

    await asyncio.gather(*(one(job) for job in jobs))
