"""Far more is asked than a real server can do: respondents go first, nothing confirmed is lost, answers come soon."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from crowd import Line, Respondents, Seen, reads, together
from machine import FULL, HERE, Machine, environment
from respondents import READING, Site

SECONDS = 3
THREADS, READERS = 24, 72  # connections that ask for pages without a pause: three for each thread


@contextlib.contextmanager
def spare(folder: Path, patience: float) -> Iterator[int]:
    """The port of a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(HERE / "spare_site.py"), str(port), str(THREADS), str(patience)]
    server = subprocess.Popen(command, env=environment(folder), start_new_session=True)
    try:
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert time.monotonic() < end
            assert server.poll() is None
            time.sleep(0.05)
        yield port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


async def crowded(port: int) -> dict[str, Seen]:
    """Respondents come now and then, beside readers who come without a pause."""
    seen = {name: Seen() for name in ("respondents", "officers", "visitors", "login", "health")}
    for path in ("/a/", "/accounts/login/", "/health/"):  # a cold server loads its templates first: 2 s on a slow day
        await Line(port).ask(path)
    until = time.time() + SECONDS
    readers = [
        *(
            reads(Line(port, "Cookie: sessionid=x\r\n"), ["/agencies/"], seen["officers"], until)
            for _ in range(READERS // 2)
        ),
        *(reads(Line(port), ["/results/"], seen["visitors"], until) for _ in range(READERS // 2)),
    ]
    calm = [_now_and_then(Line(port), *one, until) for one in (
        *(("/a/", seen["respondents"]),) * 6, ("/accounts/login/", seen["login"]), ("/health/", seen["health"]),
    )]  # fmt: skip
    await asyncio.gather(*readers, *calm)
    return seen


async def _now_and_then(line: Line, path: str, seen: Seen, until: float) -> None:
    await asyncio.sleep(0.3)  # the crowd is there by then
    while time.time() < until:
        seen.asked += 1
        began = time.time()
        status, _, _ = await line.ask(path)
        if status == 200:
            seen.done += 1
            seen.took.append(time.time() - began)
        else:
            seen.odd.append(str(status))
        await asyncio.sleep(0.03)


def test_respondents_and_sign_in_are_answered_while_pages_are_sent_away(tmp_path: Path) -> None:
    with spare(tmp_path, patience=4) as port:
        seen = asyncio.run(crowded(port))
    with spare(tmp_path, patience=0) as port:  # the control: the same crowd, and nobody is sent away
        without = asyncio.run(crowded(port))
    for name in ("respondents", "login", "health"):
        assert seen[name].rate == 1, (name, seen[name].told())
    assert seen["officers"].sent_away > 0
    assert seen["visitors"].sent_away > 0
    assert seen["officers"].done > 0, "pages go on, as many as there is room for"
    assert seen["officers"].odd == seen["visitors"].odd == []
    assert without["officers"].sent_away == without["visitors"].sent_away == 0
    for name in ("respondents", "login", "health"):
        assert seen[name].percentile(0.5) * 3 < without[name].percentile(0.5), name


# --- the whole site, with people who answer and officers who read, on both databases

PEOPLE, LONG, TIMES = 500, 20.0, 4
heavy = pytest.mark.skipif(not FULL, reason="minutes: with PRONGSAI_FULL")


@pytest.fixture(params=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """A whole site's database, filled."""
    from with_postgres import Cluster

    own, cluster = environment(tmp_path) | {"PRONGSAI_SECOND_FACTOR": "[]"}, None
    with contextlib.ExitStack() as stack:
        if request.param == "postgresql":
            cluster = stack.enter_context(Cluster(durable=True))
            own["DATABASE_URL"] = cluster.address
        command = [sys.executable, str(HERE / "busy_world.py"), str(tmp_path), "prepare", str(PEOPLE)]
        subprocess.run(command, env=own, check=True)
        yield Machine(tmp_path, own, cluster)


@dataclass
class Day:
    """What a crowd met with."""

    officers: Seen
    respondents: Respondents
    capacity: float  # officers' pages a second, as many as go


def day(machine: Machine, people: range, *, readers: bool, **settings: str) -> Day:
    """Half of the time: how many pages go. Then so many times as many readers, and everybody sends at once."""
    plan = json.loads((machine.folder / "plan.json").read_text())
    site = Site(Machine(machine.folder, machine.environment | settings, machine.cluster))
    site.start()
    try:
        return asyncio.run(_day(site.port, plan, people, readers=readers))
    finally:
        site.stop()


async def _day(port: int, plan: dict[str, Any], people: range, *, readers: bool) -> Day:
    officer, year = f"Cookie: {plan['cookies']['officer']}\r\n", plan["year"]
    pages = [f"{year}/", f"{year}/results/", f"{year}/plan/", "/agencies/"]
    found = Day(Seen(), Respondents(port, plan["codes"], plan["given"]), 0.0)
    crowd = found.respondents
    await together([partial(crowd.type_code, one, time.time() + 120) for one in people], at_once=16)
    assert len(crowd.forms) == len(people), crowd.seen.told()
    crowd.seen = Seen()
    calm, seconds = Seen(), LONG / 4
    await asyncio.gather(*(reads(Line(port, officer), pages, calm, time.time() + seconds) for _ in range(4)))
    found.capacity = calm.done / seconds
    await asyncio.sleep(READING)
    until = time.time() + LONG
    # Who reads without a pause asks as soon as there is an answer: so many at once are so many times what is done.
    many = round(TIMES * 16) if readers else 0
    beside = asyncio.gather(*(reads(Line(port, officer), pages, found.officers, until) for _ in range(many)))
    await asyncio.sleep(1.0)
    await together([partial(crowd.send, one, until) for one in people], at_once=len(people))
    await beside
    return found


def confirmed_are_there(machine: Machine, *crowds: Respondents) -> None:
    """Each once, and nothing else."""
    everybody = [person for crowd in crowds for person in crowd.confirmed]
    assert len(everybody) == len(set(everybody))
    (machine.folder / "confirmed").write_text("".join(f"{person} 0\n" for person in everybody))
    machine.check()


@heavy
def test_four_times_as_much_as_can_be_done(busy: Machine, record_property: Any) -> None:
    half = PEOPLE // 2
    with_it = day(busy, range(half), readers=True)
    without = day(busy, range(half, PEOPLE), readers=True, PRONGSAI_PATIENCE="0")
    for name, one in (("shedding", with_it), ("control", without)):
        told = {"capacity": one.capacity, "officers": one.officers.told(), "respondents": one.respondents.seen.told()}
        record_property(name, json.dumps(told))
    respondents, officers = with_it.respondents.seen, with_it.officers
    assert officers.sent_away > 0
    assert respondents.rate >= officers.rate
    assert respondents.rate == 1
    assert officers.done > 0
    assert officers.odd == respondents.odd == []
    assert respondents.percentile(0.99) < 7  # three times the patience, and a second
    assert without.officers.sent_away == without.respondents.seen.sent_away == 0
    assert respondents.percentile(0.5) < without.respondents.seen.percentile(0.5)
    confirmed_are_there(busy, with_it.respondents, without.respondents)


@heavy
def test_more_respondents_than_can_be_served_are_asked_to_wait_and_lose_nothing(
    busy: Machine, record_property: Any
) -> None:
    found = day(busy, range(PEOPLE), readers=False, PRONGSAI_PATIENCE="0.05", PRONGSAI_THREADS="4")
    record_property("respondents", json.dumps(found.respondents.seen.told()))
    assert found.respondents.kept > 0, "nobody was asked to wait"
    assert found.respondents.seen.rate == 1
    assert found.respondents.seen.odd == []
    confirmed_are_there(busy, found.respondents)
