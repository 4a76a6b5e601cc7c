"""A proxy on this machine through which a browser may see the public web and nothing else.

Every connection, also the tunnel for https, goes where ``Network`` lets it: the name is resolved once, every address
must be public, the port one of the web's, and the very address that was vetted is connected to. Each request of plain
http has a connection of its own, so that none escapes the look. Counts and bytes are limited for the whole page.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from prongsai.evidence.network import PORTS, Network, Refused

_HEAD = 64_000
_CHUNK = 65_536
_DROPPED = (b"proxy-", b"connection:", b"keep-alive:", b"upgrade:")


@dataclass(frozen=True)
class PageLimits:
    """For one page with all it loads: connections, bytes down and up, at once per host, seconds to connect."""

    connections: int = 300
    down: int = 40_000_000
    up: int = 2_000_000
    per_host: int = 2
    connect: float = 10


@dataclass
class Seen:
    """What the page was connected to and what not. ``refused``: (host and port, code)."""

    hosts: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    down: int = 0
    up: int = 0


class Proxy:
    """Use as ``async with``; then ``port`` is where it listens, on 127.0.0.1 only."""

    def __init__(self, network: Network, limits: PageLimits | None = None) -> None:
        self.port = 0
        self.seen = Seen()
        self._count = 0
        self._network = network
        self._limits = limits or PageLimits()
        self._places: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(self._limits.per_host))
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._come, "127.0.0.1", 0, limit=_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        method, target, _ = first.decode("ascii").split(" ")
        tunnel = method == "CONNECT"
        try:
            # A tunnel may lead to the port for https and, for WebSockets without encryption, to that for http.
            url = self._network.vetted(f"https://{target}/" if tunnel else target)
            if not tunnel and url.scheme != "http":
                raise Refused("url_scheme", "", "https comes by a tunnel")
            port = url.port or PORTS[url.scheme]
            request = None if tunnel else _request(method, url, lines)
            await self._connected(url.host, port, _Side(reader, writer), request)
        except Refused as error:
            self.seen.refused.append((target[:200], error.code))
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()

    async def _connected(self, host: str, port: int, browser: _Side, request: bytes | None) -> None:
        self._count += 1
        if self._count > self._limits.connections or self.seen.down > self._limits.down:
            raise Refused("page_many", "", "too many connections or bytes for one page")
        async with self._places[host.rstrip(".")]:
            site = await self._open(await self._network.addresses(host, port), port)
            self.seen.hosts.append(f"{host}:{port}")
            try:
                if request is None:
                    browser.writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    site.writer.write(request)
                await _first_done(self._flow(browser, site, "up"), self._flow(site, browser, "down"))
            finally:
                site.writer.close()

    async def _open(self, addresses: Sequence[str], port: int) -> _Side:
        *others, last = addresses
        for address in others:
            with suppress(OSError, TimeoutError):
                return await self._open([address], port)
        async with asyncio.timeout(self._limits.connect):
            return _Side(*await asyncio.open_connection(last, port, limit=_HEAD))

    async def _flow(self, source: _Side, goal: _Side, way: str) -> None:
        """Bytes from one side to the other until it ends or the page has had its share."""
        while data := await source.reader.read(_CHUNK):
            so_far = getattr(self.seen, way) + len(data)
            setattr(self.seen, way, so_far)
            if so_far > getattr(self._limits, way):
                self.seen.refused.append((way, "page_large"))
                return
            goal.writer.write(data)
            await goal.writer.drain()
        if way == "up":  # the browser may be done asking while the answer is still coming
            with suppress(OSError):
                goal.writer.write_eof()
            await asyncio.Event().wait()


@dataclass(frozen=True)
class _Side:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


def _request(method: str, url: httpx.URL, lines: list[bytes]) -> bytes:
    """A request as the site itself is asked: path only, the vetted host, one request per connection."""
    kept = [line for line in lines if not line.lower().startswith((*_DROPPED, b"host:"))]
    path = url.raw_path.decode("ascii")
    head = [f"{method} {path} HTTP/1.1".encode(), b"Host: " + url.netloc, *kept, b"Connection: close"]
    return b"\r\n".join(head) + b"\r\n\r\n"


async def _first_done(*ways: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
