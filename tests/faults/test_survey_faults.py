"""What was confirmed is there exactly once, whatever dies; what was not is absent or there once; no code goes alone.

Real processes on a real database that syncs to a real disk, killed with SIGKILL in the middle of filing or mixing.
"""

from __future__ import annotations

import os
import random
import time
from typing import Any

import pytest
from machine import PEOPLE, ROUNDS, Machine, machine  # noqa: F401 - a fixture


def test_a_worker_is_killed_while_it_files(machine: Machine, record_property: Any) -> None:  # noqa: F811
    for _ in range(ROUNDS):
        worker = machine.start("file")
        machine.wait_for(15)
        time.sleep(random.random() / 50)
        worker.kill()
        worker.wait()
    record_property("answers", machine.check())


def test_the_mixer_is_killed_while_it_mixes(machine: Machine, record_property: Any) -> None:  # noqa: F811
    worker = machine.start("file")
    machine.wait_for(1)
    for _ in range(ROUNDS * 2):
        mixer = machine.start("mix")
        time.sleep(0.6 + random.random() / 2)  # it starts for about half a second
        mixer.kill()
        mixer.wait()
    worker.kill()
    worker.wait()
    record_property("answers", machine.check())


@pytest.mark.parametrize("machine", ["postgresql"], indirect=True)
def test_the_database_server_is_killed_while_answers_come_in(machine: Machine, record_property: Any) -> None:  # noqa: F811
    for _ in range(ROUNDS):
        worker = machine.start("file")
        machine.wait_for(15)
        machine.cluster.kill()
        worker.kill()
        worker.wait()
        machine.cluster.start()
    record_property("answers", machine.check())


@pytest.mark.parametrize("machine", ["sqlite"], indirect=True)
def test_the_power_goes_and_the_disk_has_only_what_was_synced(machine: Machine, record_property: Any) -> None:  # noqa: F811
    """The log is cut to the size that it had when the last answer was confirmed; what came after may be lost."""
    worker = machine.start("file")
    machine.wait_for(40)
    worker.kill()
    worker.wait()
    log = machine.folder / "data" / "prongsai.sqlite3-wal"
    synced = max(machine.confirmed().values())
    assert 0 < synced <= log.stat().st_size
    os.truncate(log, synced)
    record_property("answers", machine.check())


@pytest.mark.parametrize("machine", ["sqlite"], indirect=True)
def test_the_disk_is_full(machine: Machine, record_property: Any) -> None:  # noqa: F811
    """No file may grow past its limit: from then on nothing is confirmed, and nothing that was is lost."""
    log = machine.folder / "data" / "prongsai.sqlite3-wal"
    database = machine.folder / "data" / "prongsai.sqlite3"
    limit = database.stat().st_size + 60_000
    worker = machine.start("file", str(limit))
    worker.wait(timeout=60)
    assert 0 < len(machine.confirmed()) < PEOPLE, log
    assert "full" in (machine.folder / "errors").read_text() or "disk I/O" in (machine.folder / "errors").read_text()
    record_property("answers", machine.check())
