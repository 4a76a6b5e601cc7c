"""The machine's clock jumps while people answer and processes run, by an hour and by a year, ahead and back.

A library that is loaded before all others (``clock.c``) gives every process of the site another time, from a file that
the test writes. The clock that nobody can set, from which pauses are measured, stays as it is.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from machine import FULL, HERE, PEOPLE, Machine, environment
from respondents import TICKET, Respondents, Site, ask

from needs import missing

HOUR, YEAR = 3600, 365 * 86_400
pytestmark = pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")


class Clock:
    """The time of all processes of a machine, in seconds from the true one."""

    def __init__(self, machine: Machine) -> None:
        if shutil.which("cc") is None:
            missing("a C compiler (Debian: gcc)")
        self.file, library = machine.folder / "clock", machine.folder / "clock.so"
        self.file.write_bytes(bytes(8))
        command = ["cc", "-shared", "-fPIC", "-o", str(library), str(HERE / "clock.c"), "-ldl"]
        subprocess.run(command, check=True)
        machine.environment |= {"LD_PRELOAD": str(library), "CLOCK_FILE": str(self.file)}

    def set(self, seconds: int) -> None:
        with self.file.open("r+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path, environment(tmp_path))
    made.run("prepare", str(PEOPLE))
    return made


DOOR_KEPT = 3.0  # seconds: more than twice FRESH of site/ask/doors.py, which needs a site to be imported


def until(true: Callable[[], bool]) -> None:
    """What must happen soon, and later on a machine that is busy with other work."""
    end = time.monotonic() + 240
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def state_of(machine: Machine) -> str:
    with sqlite3.connect(machine.folder / "data" / "prongsai.sqlite3") as line:
        return str(line.execute("SELECT state FROM surveys_survey").fetchone()[0])


@pytest.mark.parametrize("jump", [HOUR, YEAR, -HOUR, -YEAR], ids=["+1h", "+1y", "-1h", "-1y"])
def test_the_clock_jumps_while_people_answer(machine: Machine, jump: int, record_property: Any) -> None:
    clock = Clock(machine)
    site = Site(machine)
    site.start()
    crowd, third = Respondents(machine, site), PEOPLE // 3
    try:
        crowd.type_codes(range(PEOPLE))
        crowd.begin(range(third))
        machine.wait_for(third // 2)
        until(lambda: all((machine.folder / "data" / "locks" / f"clock-{one}").exists() for one in ("work", "mix")))
        clock.set(jump)
        until(lambda: (machine.folder / "server").read_text().count("the clock moved by") >= 2)
        time.sleep(12)  # another turn of both
        assert state_of(machine) == "open", "a clock that jumped closes no survey"
        told = {status: sum(one == status for one, _ in crowd.refused) for status, _ in crowd.refused}
        status, page = ask(HTTPConnection("127.0.0.1", site.port, timeout=10), "/a/", urlencode(
            {"code": crowd.plan["codes"][PEOPLE - 1]}))  # fmt: skip
        answered_in_it = status == 200 and TICKET.search(page) is not None
        clock.set(0)
        crowd.wait()  # whose form was too old or from the future sends it again, and it is good
        time.sleep(DOOR_KEPT)  # what a process found at the door in the wrong time it may still say for so long
        crowd.type_codes(range(third, PEOPLE))
        crowd.begin(range(third, PEOPLE))
        crowd.wait()
    finally:
        crowd.ended.set()
        site.stop()
    del machine.environment["LD_PRELOAD"]
    counted = machine.check()
    # What the wrong time turned away is a page that says so, never a server that failed.
    assert set(told) <= {410}, told
    record_property("answers", {**counted, "turned_away": sum(told.values()), "open_in_it": answered_in_it})


def test_entries_of_a_wrong_time_do_not_break_the_history(machine: Machine, record_property: Any) -> None:
    """Acts while the clock is a year back, and then a year ahead, and then right: one chain, whole."""
    clock = Clock(machine)
    machine.run("prepare", "30", program="approver")
    for jump, least in ((-HOUR, 8), (HOUR, 16), (-2 * HOUR, 24), (0, 30)):
        clock.set(jump)
        worker = machine.start("approve", program="approver")
        end = time.monotonic() + 60
        while len(machine.approved()) < least and time.monotonic() < end:
            time.sleep(0.01)
        worker.kill()
        worker.wait()
    with sqlite3.connect(machine.folder / "data" / "prongsai.sqlite3") as line:
        moments = [
            dt.datetime.fromisoformat(at) for (at,) in line.execute("SELECT at FROM history_entry ORDER BY number")
        ]
    assert moments != sorted(moments), "the clock did go back"
    record_property("approvals", machine.check_approvals())


def test_jobs_put_off_by_a_wrong_clock_become_due(machine: Machine) -> None:
    """A try that a clock a year ahead put off to next year is made when the clock is right again."""
    clock = Clock(machine)
    base = machine.folder / "data" / "prongsai.sqlite3"
    clock.set(YEAR)
    with sqlite3.connect(base) as line:
        later = (dt.datetime.now(dt.UTC) + dt.timedelta(days=366)).strftime("%Y-%m-%d %H:%M:%S")
        line.execute(
            "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, priority, task_path,"
            " worker_ids, queue_name, backend_name, run_after, exception_class_path, traceback) VALUES"
            " ('00000000000000000000000000000001', 'READY', ?, ?, 0, 'prongsai.site.notices.send.deliver', '[]',"
            " 'default', 'default', ?, '', '')",
            (later, json.dumps({"args": [0], "kwargs": {}}), later),
        )
    clock.set(0)
    site = Site(machine)
    site.start()
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with sqlite3.connect(base) as line:
                if line.execute("SELECT status FROM django_tasks_database_dbtaskresult").fetchone()[0] == "SUCCESSFUL":
                    return
            time.sleep(0.5)
        raise AssertionError("still put off")
    finally:
        site.stop()
