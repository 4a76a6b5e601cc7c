"""A migration that is killed in the middle is taken back by the database, and the next start of the site ends it."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from machine import DATABASES, FULL, HERE, Machine, empty
from respondents import Site, ask

STORED = HERE.parent / "site" / "stored" / "issue-6.sql.gz"
POINTS = 3  # statements at which it is killed, evenly spread
pytestmark = pytest.mark.skipif(not FULL, reason="PRONGSAI_FULL is not set")


def migrate(machine: Machine, last: int = 0) -> dict[str, Any] | None:
    """What is there after it; None where it was killed at that statement."""
    command = [sys.executable, str(HERE / "migrating.py"), str(machine.folder), str(last)]
    done = subprocess.run(command, check=False, env=machine.environment, capture_output=True, text=True)
    if last:
        assert done.returncode == -9, done.stderr
        return None
    assert done.returncode == 0, done.stderr
    return dict(json.loads((machine.folder / "migrated.json").read_text()))


def fill(machine: Machine, *, stored: bool) -> None:
    """The database as it was before: a stored one of an older version (SQLite), or an empty one."""
    data = machine.folder / "data"
    data.mkdir(exist_ok=True)
    for path in data.glob("prongsai.sqlite3*"):
        path.unlink()
    if stored:
        with sqlite3.connect(data / "prongsai.sqlite3") as database:
            database.executescript(gzip.decompress(STORED.read_bytes()).decode())
    if machine.cluster:
        server = machine.cluster
        for tool in (["dropdb", "--force"], ["createdb"]):
            server._run(tool[0], "-h", server.folder, "-U", "prongsai", *tool[1:], "prongsai")


@pytest.mark.parametrize("database", DATABASES)
def test_a_killed_migration_is_taken_back_and_ended_by_the_next(
    database: str, tmp_path: Path, record_property: Any
) -> None:
    stored = database == "sqlite"
    with empty(database, tmp_path) as machine:
        fill(machine, stored=stored)
        whole = migrate(machine)
        assert whole
        statements = whole["statements"]
        for point in range(1, POINTS + 1):
            fill(machine, stored=stored)
            migrate(machine, statements * point // (POINTS + 1))
            again = migrate(machine)
            assert again
            assert again["tables"] == whole["tables"], f"statement {statements * point // (POINTS + 1)} of {statements}"
            assert again["statements"] > 0
        fill(machine, stored=stored)
        migrate(machine, statements // 2)
        site = Site(machine, alone=True)
        site.start()
        try:
            status, page = ask(HTTPConnection("127.0.0.1", site.port, timeout=10), "/ready/")
        finally:
            site.stop()
        assert (status, json.loads(page)["ready"]) == (200, True)
    record_property("migration", {"statements": statements, "killed_at": POINTS + 1, "half": 0})
