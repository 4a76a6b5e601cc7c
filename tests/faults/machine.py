"""One installation that faults happen to: processes of its own on a database that syncs to a real disk."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from needs import missing
from tables import lay

HERE = Path(__file__).parent
FULL = bool(os.environ.get("PRONGSAI_FULL"))
PEOPLE, ROUNDS = (400, 8) if FULL else (120, 2)


@dataclass
class Machine:
    """One installation: its folder, its database, and how to run a part of it as a process."""

    folder: Path
    environment: dict[str, str]
    cluster: Any = None

    def start(self, *command: str, program: str = "filer") -> subprocess.Popen[bytes]:
        """A process that can be killed."""
        arguments = [sys.executable, str(HERE / f"{program}.py"), command[0], str(self.folder), *command[1:]]
        with (self.folder / "errors").open("ab") as errors:
            return subprocess.Popen(arguments, env=self.environment, stderr=errors)

    def run(self, *command: str, program: str = "filer") -> None:
        """The same, to its end."""
        assert self.start(*command, program=program).wait() == 0, (self.folder / "errors").read_text()[-3000:]

    def confirmed(self) -> dict[int, int]:
        """Person → size of the log when the answer was confirmed."""
        path = self.folder / "confirmed"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return {int(person): int(size) for person, size in (line.split() for line in lines)}

    def wait_for(self, more: int) -> None:
        """Until so many more answers are confirmed."""
        goal, end = len(self.confirmed()) + more, time.monotonic() + 240
        while len(self.confirmed()) < goal:
            assert time.monotonic() < end, (self.folder / "errors").read_text()[-3000:]
            time.sleep(0.005)

    def check(self) -> dict[str, int]:
        """The law of this module's first sentence; returns what was counted."""
        self.run("finish")
        found = json.loads((self.folder / "found.json").read_text())
        confirmed = set(self.confirmed())
        assert found["state"] == "closed"
        assert len(found["kept"]) == len(set(found["kept"])), "an answer is there twice"
        assert confirmed <= set(found["kept"]), f"confirmed answers are lost: {confirmed - set(found['kept'])}"
        assert found["spent"] == found["kept"], "a code is spent without its answer, or an answer is there without it"
        assert found["filed"] == len(found["kept"])
        assert len(confirmed) > 0
        return {"confirmed": len(confirmed), "there": len(found["kept"]), "lost": 0, "twice": 0, "half": 0}

    def approved(self) -> set[tuple[int, int]]:
        """Bundle and rank of every confirmed act (``approver.py``)."""
        path = self.folder / "approved"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return {(int(bundle), int(order)) for bundle, order in (line.split() for line in lines)}

    def check_approvals(self) -> dict[str, int]:
        """The law for approvals: each confirmed act is there once, with its one entry of the history; none is half."""
        self.run("finish", program="approver")
        found = json.loads((self.folder / "found-acts.json").read_text())
        acts, confirmed = [tuple(one) for one in found["acts"]], self.approved()
        assert confirmed <= set(acts), "a confirmed act is lost"
        assert [tuple(one) for one in found["entries"]] == acts, "an act without its entry, an entry without its act"
        assert found["half"] == 0, "bundle, plan and rank disagree"
        assert found["whole"], "the history is not whole"
        assert len(confirmed) > 0
        return {"confirmed": len(confirmed), "there": len(acts), "lost": 0, "twice": 0, "half": 0}


def environment(folder: Path) -> dict[str, str]:
    """Of the processes of an installation in this folder."""
    own = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    paths = os.pathsep.join(
        [str(HERE.parent), str(HERE.parent / "site"), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    return own | {"PRONGSAI_DATA": str(folder / "data"), "PRONGSAI_KEYS": str(folder / "keys"), "PYTHONPATH": paths}


# On PostgreSQL the server is killed in every run; the rest on both databases belongs to the heaviest tests.
DATABASES = ["sqlite", "postgresql"] if FULL else ["sqlite"]


@pytest.fixture(params=DATABASES)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    own = environment(tmp_path)
    if request.param == "sqlite":
        made = Machine(tmp_path, own)
        lay(request.getfixturevalue("tables"), tmp_path / "data")
        made.run("prepare", str(PEOPLE))
        yield made
        return
    with installed(own, tmp_path) as made:
        yield made


@contextlib.contextmanager
def empty(database: str, folder: Path) -> Iterator[Machine]:
    """A machine of which nothing is prepared, on a database that has no table yet."""
    if database == "sqlite":
        yield Machine(folder, environment(folder))
        return
    with cluster() as made:
        yield Machine(folder, environment(folder) | {"DATABASE_URL": made.address}, made)


@contextlib.contextmanager
def cluster(place: Path | None = None) -> Iterator[Any]:
    """A PostgreSQL that syncs; the test is skipped where there is none."""
    from with_postgres import Cluster

    try:
        made = Cluster(durable=True, place=place)
    except FileNotFoundError as error:
        missing(str(error))
    with made:
        yield made


@contextlib.contextmanager
def installed(environment: dict[str, str], folder: Path, place: Path | None = None) -> Iterator[Machine]:
    """A machine on a PostgreSQL of its own, on the disk ``place`` if given."""
    with cluster(place) as server:
        made = Machine(folder, environment | {"DATABASE_URL": server.address}, server)
        made.run("prepare", str(PEOPLE))
        yield made
