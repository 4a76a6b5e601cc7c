"""Links per second and memory of the evidence checks beside plain httpx: ``make bench-oit``.

5,000 links over 200 hosts of a server on this machine, of mixed behaviour: ordinary pages and PDFs, slow, silent, dead,
redirecting, looping, huge, and turning robots away. Each route runs in a process of its own, plain httpx and the
guarded fetcher by halves in turn: same links, order, number at once, headers, time and size limits; the pause between
requests to a host is off for all. Then 1,000 of them with the checks, and with the checks and copies kept. The server
counts how many requests of a host it answers at once. Writes ``build/bench/oit.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import resource
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from prongsai.evidence.apart import Reader
from prongsai.evidence.fetch import Fetcher, Limits
from prongsai.evidence.links import Link, checklist_items
from prongsai.evidence.network import Network
from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.run import Question, _by_turns, run
from prongsai.evidence.visit import Keeping, Tools
from prongsai.framework import for_year

OUT = Path("build/bench/oit.json")
HOSTS, LINKS, REACH, PER_HOST = 200, 5000, 0.8, 2
SHARE = 1000  # links of the routes that read and keep bodies too, so that all ends within four minutes
LIMITS = Limits(at_once=16, per_host=PER_HOST, delay=0, seconds=2, step=1, size=2_000_000, tries=1)
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; benchmark)", "Accept-Encoding": "gzip"}
# How many of the hosts behave so; the rest is ordinary.
BEHAVIOUR = {"slow": 20, "silent": 2, "dead": 10, "redirecting": 20, "looping": 10, "huge": 6, "robots": 15}
TEXT = "ข้อมูลเผยแพร่ของหน่วยงานสมมติ ปีงบประมาณ พ.ศ. 2569 โครงสร้าง ปลัด กอง ฝ่าย อำนาจหน้าที่ "


def host(number: int) -> str:
    """An address of this machine of its own for each host."""
    return f"127.1.{number // 200}.{number % 200 + 1}"


def behaviour(number: int) -> str:
    """How a host behaves."""
    for name, count in BEHAVIOUR.items():
        if number < count:
            return name
        number -= count
    return "ordinary"


def urls(ports: tuple[int, int], count: int) -> list[str]:
    """The links, one host after the other; on the dead ones nobody listens."""
    found = [
        f"http://{host(n % HOSTS)}:{ports[behaviour(n % HOSTS) == 'dead']}/page/{n // HOSTS}" for n in range(count)
    ]
    return list(_by_turns(found))


# --- the server


def page(name: str, size: int) -> bytes:
    """A page of about so many bytes."""
    body = f"<!doctype html><html lang=th><title>{name}</title><p>" + TEXT * (size // 220 + 1)
    return body.encode()


class Server:
    """Answers by the address that it is asked at."""

    def __init__(self) -> None:
        self.busy: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.names = {host(n): behaviour(n) for n in range(HOSTS)}
        self.file = b"%PDF-1.4\n" + os.urandom(150_000)

    async def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """All requests of one connection."""
        address = writer.get_extra_info("sockname")[0]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.busy[address] += 1
                self.most[address] = max(self.most[address], self.busy[address])
                try:
                    if self.names.get(address) == "silent":
                        await reader.read(1)  # until the visitor goes away
                        return
                    await self.answer(address, head.split(b" ")[1].decode(), writer)
                finally:
                    self.busy[address] -= 1
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def answer(self, address: str, path: str, writer: asyncio.StreamWriter) -> None:
        """One answer."""
        name = self.names.get(address, "ordinary")
        status, body, kind, more = "200 OK", b"", "text/html; charset=utf-8", ""
        number = int(path.rsplit("/", 1)[-1])
        if name == "slow":
            await asyncio.sleep(0.3)
        if (name == "redirecting" and path.startswith("/page")) or name == "looping":
            onward = f"/moved/{number}" if name == "redirecting" else f"/page/{number}"
            status, more = "302 Found", f"Location: {onward}\r\n"
        elif name == "robots" and number % 2:
            status, body = "403 Forbidden", b"no robots"
        elif number % 5 == 0:
            body, kind = self.file, "application/pdf"
        else:
            body = page(address + path, 4000 + 9000 * (number % 6))
        if name == "huge":
            body = self.file * 40
        writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode())
        writer.write(body)
        await writer.drain()


def serve(ready: Any) -> None:
    """The server's process; tells its ports, then, each time it is asked, the most at once per host since the last."""

    async def work() -> None:
        server = Server()
        listening = await asyncio.start_server(server.come, "0.0.0.0", 0, backlog=1000)
        ready.send(listening.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, ready.recv):
            huge = [n for a, n in server.most.items() if server.names.get(a) == "huge"]
            others = [n for a, n in server.most.items() if server.names.get(a) != "huge"]
            ready.send((max(others, default=0), max(huge, default=0)))
            server.most.clear()

    asyncio.run(work())


# --- the routes


async def identity(name: str, port: int) -> list[str]:  # noqa: ARG001
    """Addresses are their own names."""
    return [name]


def network() -> Network:
    """An exception for this benchmark only: the addresses of its server."""
    return Network(identity, lambda address: address.startswith("127.1."), lambda port: True)  # noqa: ARG005


async def plain(links: list[str], folder: Path) -> Counter[str]:  # noqa: ARG001
    """Plain httpx, as one writes it first, with a limit of size and time so that it ends."""
    told: Counter[str] = Counter()
    places = asyncio.Semaphore(LIMITS.at_once)
    limits = httpx.Limits(max_connections=LIMITS.at_once * 2, max_keepalive_connections=LIMITS.at_once * 2)
    async with httpx.AsyncClient(
        limits=limits,
        headers=HEADERS,
        timeout=LIMITS.step,
        follow_redirects=True,
        max_redirects=LIMITS.redirects,
        trust_env=False,
    ) as client:

        async def one(url: str) -> None:
            async with places:
                try:
                    async with asyncio.timeout(LIMITS.seconds), client.stream("GET", url) as answer:
                        parts, size = [], 0
                        async for part in answer.aiter_bytes():
                            parts.append(part)
                            size += len(part)
                            if size > LIMITS.size:
                                break
                        b"".join(parts)
                        told[str(answer.status_code)] += 1
                except (httpx.HTTPError, TimeoutError) as error:
                    told[type(error).__name__] += 1

        await asyncio.gather(*map(one, links))
    return told


async def guarded(links: list[str], folder: Path) -> Counter[str]:  # noqa: ARG001
    """The fetcher with all its care, nothing else."""
    told: Counter[str] = Counter()
    async with Fetcher(LIMITS, network()) as fetcher:

        async def one(url: str) -> None:
            found = await fetcher.fetch(url)
            told[found.failure.code if found.failure else str(found.status)] += 1

        await asyncio.gather(*map(one, links))
    return told


async def checked(links: list[str], folder: Path, keep: bool = False) -> Counter[str]:
    """Fetched, read in a process apart and looked at by every check; with ``keep`` also preserved."""
    framework = for_year("2569")
    items = list(checklist_items(framework))
    rows = [Link(line, items[line % len(items)], url) for line, url in enumerate(links, 2)]
    told: Counter[str] = Counter()
    with Reader() as reader:
        async with Fetcher(LIMITS, network()) as fetcher:
            tools = Tools(fetcher, reader, Keeping(Copies(folder)) if keep else None)
            question = Question(framework, None, {})
            await run(rows, question, tools, lambda found: told.update(str(one.status) for one in found))
    return told


async def kept(links: list[str], folder: Path) -> Counter[str]:
    """All of it."""
    return await checked(links, folder, keep=True)


ROUTES: dict[str, Callable[[list[str], Path], Awaitable[Counter[str]]]] = {
    "plain httpx": plain,
    "guarded": guarded,
    "guarded and checked": checked,
    "guarded, checked and kept": kept,
}
SHORTER = ("guarded and checked", "guarded, checked and kept")


def measure(name: str, links: list[str], folder: str, told: Any) -> None:
    """One route in this process."""

    async def work() -> None:
        start, busy = time.perf_counter(), time.process_time()
        found = await ROUTES[name](links, Path(folder))
        seconds = time.perf_counter() - start
        told.send(
            {
                "seconds": round(seconds, 2),
                "links_per_second": round(len(links) / seconds, 1),
                "processor_ms_per_link": round(1000 * (time.process_time() - busy) / len(links), 3),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "reader_peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
                "answers": dict(sorted(found.items())),
            }
        )

    asyncio.run(work())


def main() -> None:
    """Serve, measure each route in turn, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=LINKS)
    parser.add_argument("--rounds", type=int, default=1, help="rounds of plain httpx and guarded")
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = spawn.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    links = urls((ours.recv(), closed_port()), asked.links)
    folder = tempfile.mkdtemp(prefix="bench-oit-", dir=Path.cwd() / "build")
    pair = ("plain httpx", "guarded")
    turns = [(name, links[half::2]) for _ in range(asked.rounds) for half in (0, 1) for name in pair]
    turns += [(name, links[:SHARE]) for name in SHORTER]
    figures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    try:
        for name, some in turns:
            come, go = spawn.Pipe(duplex=False)
            process = spawn.Process(target=measure, args=(name, some, folder, go))
            process.start()
            found = come.recv()
            process.join()
            ours.send(True)
            found["links"] = len(some)
            found["most_at_once_per_host"], found["most_at_once_huge"] = ours.recv()
            figures[name].append(found)
            print(f"{name}: {found['links_per_second']} links/s, {found['peak_mb']} MB", flush=True)
        write(figures, asked.links, size_of(Path(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        server.terminate()


def closed_port() -> int:
    """A port on which nobody listens."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def size_of(folder: Path) -> dict[str, int]:
    """Files and bytes of the store."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return {"files": len(sizes), "bytes": sum(sizes)}


def write(figures: dict[str, list[dict[str, Any]]], links: int, store: dict[str, int]) -> None:
    """The table and the file."""
    speed = {
        name: sum(one["links"] for one in found) / sum(one["seconds"] for one in found)
        for name, found in figures.items()
    }
    busy = {name: sum(one["processor_ms_per_link"] for one in found) / len(found) for name, found in figures.items()}
    ratio = speed["guarded"] / speed["plain httpx"]
    most = max(one["most_at_once_per_host"] for name in figures if name != "plain httpx" for one in figures[name])
    overhead = speed["guarded and checked"] / speed["guarded, checked and kept"] - 1
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "load": round(os.getloadavg()[0], 1),
        "links": links,
        "hosts": HOSTS,
        "behaviour": {**BEHAVIOUR, "ordinary": HOSTS - sum(BEHAVIOUR.values())},
        "links_per_second": {name: round(value, 1) for name, value in speed.items()},
        "guarded_of_plain": round(ratio, 3),
        "guarded_of_plain_by_processor_time": round(busy["plain httpx"] / busy["guarded"], 3),
        "most_at_once_per_host": most,
        "store_overhead": round(overhead, 3),
        "store": store,
        "routes": figures,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, rounds in figures.items():
        memory = max(one["peak_mb"] for one in rounds)
        at_once = max(one["most_at_once_per_host"] for one in rounds)
        print(
            f"{name:28} {speed[name]:7.1f} links/s {busy[name]:6.2f} ms cpu {memory:5} MB, {at_once} at once per host"
        )
    print(f"guarded of plain: {ratio:.0%} (reach {REACH:.0%}); at once per host: {most} (reach {PER_HOST})")
    print(f"copies: {overhead:.0%} more time, {store['files']} files, {store['bytes'] / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
