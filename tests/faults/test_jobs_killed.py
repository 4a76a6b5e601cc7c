"""Jobs whose worker is killed in the middle are done all the same; what is in the queue twice is done once."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from machine import DATABASES, FULL, Machine, empty

AGENCIES, MESSAGES = 120, 60  # of jobs_world
PATIENCE = 240
pytestmark = pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    with empty(request.param, tmp_path) as made:
        made.run("prepare", program="jobs_world")
        yield made


def a_worker(machine: Machine) -> subprocess.Popen[bytes]:
    """As ``prongsai serve`` has one beside it; mail goes to ``FOLDER/mail``."""
    own = machine.environment | {"PYTHONUNBUFFERED": "1"}
    with (machine.folder / "mail").open("ab") as mail, (machine.folder / "errors").open("ab") as errors:
        command = [sys.executable, "-m", "prongsai.site", "work", "--interval", "0.2"]
        return subprocess.Popen(command, env=own, stdout=mail, stderr=errors)


@contextlib.contextmanager
def looking(machine: Machine) -> Iterator[Any]:
    """A line to the database that only asks; quick enough to see a job that runs for a tenth of a second."""
    if machine.cluster:
        line: Any = psycopg.connect(machine.cluster.address, autocommit=True)
    else:
        line = sqlite3.connect(f"file:{machine.folder}/data/prongsai.sqlite3?mode=ro", uri=True, isolation_level=None)
    try:
        yield lambda: line.execute("SELECT status, worker_ids FROM django_tasks_database_dbtaskresult").fetchall()
    finally:
        line.close()


def queue(jobs: list[Any]) -> dict[str, Any]:
    """How many wait, run, failed; how many workers the running one was begun by."""
    states = [status for status, _ in jobs]
    tried = [len(ids if isinstance(ids, list) else json.loads(ids)) for status, ids in jobs if status == "RUNNING"]
    return {"waiting": states.count("READY"), "tried": tried, "failed": states.count("FAILED")}


def until_done(machine: Machine) -> None:
    end = time.monotonic() + PATIENCE
    with looking(machine) as look:
        while (left := queue(look()))["waiting"] or left["tried"]:
            assert time.monotonic() < end, (left, (machine.folder / "errors").read_text()[-3000:])
            time.sleep(0.1)
        assert left["failed"] == 0


def check(machine: Machine) -> dict[str, Any]:
    machine.run("finish", program="jobs_world")
    found = json.loads((machine.folder / "found-jobs.json").read_text())
    assert found == {
        "jobs": ["done"], "surveys": AGENCIES, "twice": 0, "entries": AGENCIES, "gathered": 1, "release": "ready",
        "published": True, "unsent": 0, "whole": True,
    }  # fmt: skip
    sent = (machine.folder / "mail").read_text(errors="replace")
    times = [sent.count(f"message-{n:03}-") for n in range(MESSAGES)]
    assert min(times) >= 1, "a message was never sent"
    return {"surveys": found["surveys"], "messages": MESSAGES, "sent_twice": sum(n > 1 for n in times)}


def test_two_workers_and_every_job_twice(place: Machine, record_property) -> None:
    workers = [a_worker(place), a_worker(place)]
    try:
        until_done(place)
        place.run("release", program="jobs_world")
        until_done(place)
    finally:
        for one in workers:
            one.kill()
            one.wait()
    counted = check(place)
    assert counted["sent_twice"] == 0
    record_property("jobs", counted)


def test_the_worker_is_killed_in_the_middle_of_jobs(place: Machine, record_property) -> None:
    kills, worker = 0, a_worker(place)
    for asked in (False, True):
        if asked:
            until_done(place)
            place.run("release", program="jobs_world")
        with looking(place) as look:
            end = time.monotonic() + PATIENCE
            while kills < 5 * (1 + asked) and (left := queue(look())) and (left["waiting"] or left["tried"]):
                assert time.monotonic() < end, (place.folder / "errors").read_text()[-3000:]
                if left["tried"] == [1]:  # one that was brought down twice is left alone
                    time.sleep(random.random() / 10)
                    worker.kill()
                    worker.wait()
                    kills += 1
                    worker = a_worker(place)
                time.sleep(0.01)
    until_done(place)
    worker.kill()
    worker.wait()
    assert kills >= 2
    record_property("jobs", {"kills": kills, **check(place)})
