"""What was confirmed is there exactly once, whatever dies; what was not is absent or there once; no code goes alone.

Real processes on a real database that syncs to a real disk, killed with SIGKILL in the middle of filing or mixing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from needs import missing

HERE = Path(__file__).parent
FULL = bool(os.environ.get("PRONGSAI_FULL"))
PEOPLE, ROUNDS = (400, 8) if FULL else (120, 2)


@dataclass
class Machine:
    """One installation: its folder, its database, and how to run a part of it as a process."""

    folder: Path
    environment: dict[str, str]
    cluster: object = None

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A process that can be killed."""
        arguments = [sys.executable, str(HERE / "filer.py"), command[0], str(self.folder), *command[1:]]
        with (self.folder / "errors").open("ab") as errors:
            return subprocess.Popen(arguments, env=self.environment, stderr=errors)

    def run(self, *command: str) -> None:
        """The same, to its end."""
        assert self.start(*command).wait() == 0, (self.folder / "errors").read_text()[-3000:]

    def confirmed(self) -> dict[int, int]:
        """Person → size of the log when the answer was confirmed."""
        path = self.folder / "confirmed"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return {int(person): int(size) for person, size in (line.split() for line in lines)}

    def wait_for(self, more: int) -> None:
        """Until so many more answers are confirmed."""
        goal, end = len(self.confirmed()) + more, time.monotonic() + 60
        while len(self.confirmed()) < goal:
            assert time.monotonic() < end, (self.folder / "errors").read_text()[-3000:]
            time.sleep(0.005)

    def check(self) -> None:
        """The law of this module's first sentence."""
        self.run("finish")
        found = json.loads((self.folder / "found.json").read_text())
        confirmed = set(self.confirmed())
        assert found["state"] == "closed"
        assert len(found["kept"]) == len(set(found["kept"])), "an answer is there twice"
        assert confirmed <= set(found["kept"]), "a confirmed answer is lost"
        assert found["spent"] == found["kept"], "a code is spent without its answer, or an answer is there without it"
        assert found["filed"] == len(found["kept"])
        assert len(confirmed) > 0


# On PostgreSQL the server is killed in every run; the rest on both databases belongs to the heaviest tests.
DATABASES = ["sqlite", "postgresql"] if FULL else ["sqlite"]


@pytest.fixture(params=DATABASES)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    own = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    paths = os.pathsep.join(
        [str(HERE.parent), str(HERE.parent / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    keys = {"PRONGSAI_DATA": str(tmp_path / "data"), "PRONGSAI_KEYS": str(tmp_path / "keys"), "PYTHONPATH": paths}
    if request.param == "sqlite":
        made = Machine(tmp_path, own | keys)
        made.run("prepare", str(PEOPLE))
        yield made
        return
    from with_postgres import Cluster

    try:
        cluster = Cluster(durable=True)
    except FileNotFoundError as error:
        missing(str(error))
    with cluster:
        made = Machine(tmp_path, own | keys | {"DATABASE_URL": cluster.address}, cluster)
        made.run("prepare", str(PEOPLE))
        yield made


def test_a_worker_is_killed_while_it_files(machine: Machine) -> None:
    for _ in range(ROUNDS):
        worker = machine.start("file")
        machine.wait_for(15)
        time.sleep(random.random() / 50)
        worker.kill()
        worker.wait()
    machine.check()


def test_the_mixer_is_killed_while_it_mixes(machine: Machine) -> None:
    worker = machine.start("file")
    machine.wait_for(1)
    for _ in range(ROUNDS * 2):
        mixer = machine.start("mix")
        time.sleep(0.6 + random.random() / 2)  # it starts for about half a second
        mixer.kill()
        mixer.wait()
    worker.kill()
    worker.wait()
    machine.check()


@pytest.mark.parametrize("machine", ["postgresql"], indirect=True)
def test_the_database_server_is_killed_while_answers_come_in(machine: Machine) -> None:
    for _ in range(ROUNDS):
        worker = machine.start("file")
        machine.wait_for(15)
        machine.cluster.kill()  # type: ignore[attr-defined]
        worker.kill()
        worker.wait()
        machine.cluster.start()  # type: ignore[attr-defined]
    machine.check()


@pytest.mark.parametrize("machine", ["sqlite"], indirect=True)
def test_the_power_goes_and_the_disk_has_only_what_was_synced(machine: Machine) -> None:
    """The log is cut to the size that it had when the last answer was confirmed; what came after may be lost."""
    worker = machine.start("file")
    machine.wait_for(40)
    worker.kill()
    worker.wait()
    log = machine.folder / "data" / "prongsai.sqlite3-wal"
    synced = max(machine.confirmed().values())
    assert 0 < synced <= log.stat().st_size
    os.truncate(log, synced)
    machine.check()


@pytest.mark.parametrize("machine", ["sqlite"], indirect=True)
def test_the_disk_is_full(machine: Machine) -> None:
    """No file may grow past its limit: from then on nothing is confirmed, and nothing that was is lost."""
    log = machine.folder / "data" / "prongsai.sqlite3-wal"
    database = machine.folder / "data" / "prongsai.sqlite3"
    limit = database.stat().st_size + 60_000
    worker = machine.start("file", str(limit))
    worker.wait(timeout=60)
    assert 0 < len(machine.confirmed()) < PEOPLE, log
    assert "full" in (machine.folder / "errors").read_text() or "disk I/O" in (machine.folder / "errors").read_text()
    machine.check()
