"""The other side of ``bench/survey.py``: respondents over kept connections, as lean as a client in Python can be.

Client and server share the machine, so that whatever the client spends the server lacks: requests are built before they
are needed, and each process drives its connections from one thread. The plain view is asked by the same client.
"""

from __future__ import annotations

import heapq
import multiprocessing
import random
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

CONNECTIONS, PROCESSES = 16, 2
READING = 3.3  # seconds a respondent has the form: the site takes none before three
WARM = READING + 0.7
_SHEETS = 256  # filled forms that a process draws from
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
_TICKET = b'name="t" value="'


@dataclass(frozen=True)
class Phase:
    """What connections do. ``rate``: respondents a second in all, 0 for as many as go."""

    kind: str
    seconds: float
    port: int
    path: str = ""
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    codes: tuple[str, ...] = ()
    rate: float = 0
    more: str = ""  # header lines of every request


@dataclass
class Tally:
    """What one process saw in the measured time."""

    get: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    end: float = 0
    cpu: float = 0  # processor seconds of the client itself
    confirmed: int = 0
    failed: list[str] = field(default_factory=list)


def sheet(phase: Phase, draw: random.Random, **more: str) -> bytes:
    """A filled form, all but its ticket."""
    given = {f"a-{code}": draw.choice(options) for code, options in phase.lines}
    return urlencode({"lang": "th", "do": "send", **more, **given}).encode()


def ticket(page: bytes) -> bytes:
    """The hidden field of a page as a form sends it; empty where there is none."""
    at = page.find(_TICKET)
    value = page[at + len(_TICKET) : page.index(b'"', at + len(_TICKET))] if at >= 0 else b""
    return quote(value, safe="").encode()


class Connection:
    """One kept connection: a request is sent, and what came of it is read piece by piece."""

    def __init__(self, port: int, seed: int, more: str = "") -> None:
        self.port, self.draw, self.more = port, random.Random(seed), more.encode()
        self.connect()

    def connect(self) -> None:
        """Anew, with nothing read yet."""
        self.buffer, self.size = bytearray(), 0
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, path: bytes, body: bytes | None = None) -> None:
        """From an address of its own."""
        n = self.draw.getrandbits(24)
        raw = b"%s %s HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.%d.%d.%d\r\n%s" % (
            b"GET" if body is None else b"POST", path, n >> 16, n >> 8 & 255, n & 255, self.more)  # fmt: skip
        if body is None:
            self.socket.sendall(raw + b"\r\n")
        else:
            self.socket.sendall(b"%s%sContent-Length: %d\r\n\r\n%s" % (raw, _FORM, len(body), body))

    def read(self) -> tuple[int, bytes] | None:
        """Status and page once all of it came. Raises ``OSError`` where the server hung up."""
        got = self.socket.recv(131_072)
        if not got:
            raise OSError("the server closed the connection")
        self.buffer += got
        if not self.size:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self.buffer[:end]).lower()
            at = head.index(b"content-length:") + 15
            self.size = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
        if len(self.buffer) < self.size:
            return None
        answered = bytes(self.buffer[: self.size])
        del self.buffer[: self.size]
        self.size = 0
        return int(answered[9:12]), answered[answered.index(b"\r\n\r\n") + 4 :]

    def ask(self, path: bytes, body: bytes | None = None) -> tuple[int, bytes]:
        """Send, and wait for the answer."""
        self.send(path, body)
        while (answered := self.read()) is None:
            pass
        return answered


# A respondent's script yields what is sent next, or the time until which it waits, and is given the page (b"": failed).
Script = Generator["tuple[bytes, bytes | None] | float", bytes, None]


def _whole(phase: Phase, sheets: list[bytes], number: int, start: float) -> Script:
    """Forms are fetched, kept for the time of reading and sent, in turns, until the phase is over."""
    draw, waiting, due = random.Random(number), deque[tuple[float, bytes]](), start - WARM
    path, end = phase.path.encode(), start + phase.seconds
    while time.time() < end:
        if phase.rate:
            due += CONNECTIONS / phase.rate
            yield due
        page = yield path, None
        if phase.kind == "whole" and page:
            waiting.append((time.time() + READING, b"t=%s&%s" % (ticket(page), draw.choice(sheets))))
        if waiting and waiting[0][0] <= time.time():
            yield b"/a/go/", waiting.popleft()[1]


def _codes(ready: list[bytes], start: float, end: float) -> Script:
    """Answers whose codes were typed before, from the start on."""
    yield start
    for body in ready:
        if time.time() > end:
            break
        yield b"/a/go/", body


def _typed(line: Connection, phase: Phase, number: int, sheets: list[bytes], tally: Tally) -> list[bytes]:
    """The filled forms of one connection's codes."""
    ready = []
    for code in phase.codes[number::CONNECTIONS]:
        status, page = line.ask(b"/a/", urlencode({"code": code}).encode())
        found = ticket(page)
        if status == 200 and found:
            ready.append(b"t=%s&%s" % (found, line.draw.choice(sheets)))
        else:
            tally.failed.append(f"code: {status}")
    return ready


class _Crowd:
    """The connections of one process: whatever answer comes first is taken first."""

    def __init__(self, lines: dict[Connection, Script], start: float, tally: Tally) -> None:
        self.start, self.tally, self.scripts = start, tally, lines
        self.sent: dict[Connection, tuple[float, bool]] = {}
        self.asleep: list[tuple[float, int, Connection]] = []
        self.open = selectors.DefaultSelector()
        self.cpu = 0.0  # processor seconds of this process when the measured time began

    def run(self) -> None:
        """Until every script is over."""
        for line in list(self.scripts):
            self.open.register(line.socket, selectors.EVENT_READ, line)
            self._next(line)
        while self.sent or self.asleep:
            wait = max(0.0, self.asleep[0][0] - time.time()) if self.asleep else 5.0
            for key, _ in self.open.select(wait):
                self._read(key.data)
            while self.asleep and self.asleep[0][0] <= time.time():
                self._next(heapq.heappop(self.asleep)[2])

    def _next(self, line: Connection, page: bytes | None = None) -> None:
        script = self.scripts[line]
        try:
            step = next(script) if page is None else script.send(page)
        except StopIteration:
            return
        if isinstance(step, float):
            heapq.heappush(self.asleep, (step, id(line), line))
            return
        now = time.time()
        if not self.cpu and now >= self.start:
            self.cpu = time.process_time()
        self.sent[line] = (now, step[1] is not None)
        line.send(*step)

    def _read(self, line: Connection) -> None:
        try:
            if (answered := line.read()) is None:
                return
        except OSError as error:
            self._open_again(line)
            if self.sent.pop(line, None):  # otherwise it was let go while nothing was asked, as servers may
                self.tally.failed.append(f"{error}")
                self._next(line, b"")
            return
        status, page = answered
        began, posted = self.sent.pop(line)
        if status != 200 or (posted and b'class="receipt"' not in page):
            self.tally.failed.append(f"{status}")
            page = b""
        else:
            self.tally.confirmed += posted
            if began >= self.start:
                (self.tally.post if posted else self.tally.get).append(time.time() - began)
        self._next(line, page)

    def _open_again(self, line: Connection) -> None:
        self.open.unregister(line.socket)
        line.connect()
        self.open.register(line.socket, selectors.EVENT_READ, line)


def _process(phase: Phase, numbers: list[int], start: float, out: Any) -> None:
    """The connections with these numbers, in a process of their own."""
    tally, draw = Tally(), random.Random(numbers[0])
    more = {"whole": "1", "eligible": "yes"} if phase.kind == "whole" else {}
    sheets = [sheet(phase, draw, **more) for _ in range(_SHEETS)]
    lines: dict[Connection, Script] = {}
    for number in numbers:
        line = Connection(phase.port, number, phase.more)
        if phase.kind == "codes":
            ready = _typed(line, phase, number, sheets, tally)
            lines[line] = _codes(ready, start, start + phase.seconds)
        else:
            lines[line] = _whole(phase, sheets, number, start)
    crowd = _Crowd(lines, start, tally)
    crowd.run()
    tally.end, tally.cpu = time.time(), time.process_time() - crowd.cpu
    out.put(tally)


def run(phase: Phase, warm: float, spent: Callable[[], float]) -> dict[str, Any]:
    """One phase; figures of its measured time. ``spent``: processor seconds of the server until now."""
    out: Any = multiprocessing.Queue()
    start, numbers = time.time() + warm, list(range(CONNECTIONS))
    workers = [
        multiprocessing.Process(target=_process, args=(phase, numbers[n::PROCESSES], start, out))
        for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    time.sleep(max(0.0, start - time.time()))
    before = spent()
    tallies: list[Tally] = [out.get() for _ in workers]
    server = spent() - before
    for worker in workers:
        worker.join()
    got, sent = sorted(x for t in tallies for x in t.get), sorted(x for t in tallies for x in t.post)
    seconds = phase.seconds if phase.kind != "codes" else max(t.end for t in tallies) - start
    failed = [fault for t in tallies for fault in t.failed]
    print(f"{phase.kind}: {len(got)} fetched, {len(sent)} sent in {seconds:.1f} s, {len(failed)} failed", flush=True)
    each = len(got) if phase.kind == "plain" else len(sent)
    return {
        "per_second": round(each / seconds, 1),
        "gets_per_second": round(len(got) / seconds, 1),
        "get_ms": _percentiles(got),
        "post_ms": _percentiles(sent),
        "server_ms": round(server / max(1, each) * 1000, 3),
        "client_ms": round(sum(t.cpu for t in tallies) / max(1, each) * 1000, 3),
        "confirmed": sum(t.confirmed for t in tallies),
        "failed": len(failed),
        "faults": sorted(set(failed))[:5],
    }


def _percentiles(times: list[float]) -> dict[str, float]:
    if not times:
        return {}
    return {f"p{p}": round(times[min(len(times) - 1, len(times) * p // 100)] * 1000, 1) for p in (50, 99)}
