"""PostgreSQL while others write: an exported snapshot is the moment, and ``pg_dump`` writes what it sees.

Names and passwords go by the environment, never by the command line that others can list.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from prongsai.errors import InputError, Problem

NAME = "database.dump"
_LATEST = Path("/usr/lib/postgresql")  # Debian keeps the tools of each version here


def tool(name: str) -> str | None:
    """Where ``pg_dump`` or ``pg_restore`` is: the newest of Debian's, or what the path has."""
    places = sorted(_LATEST.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    return str(places[0]) if places else shutil.which(name)


class Snapshot:
    """What a database holds at one moment, whatever is written to it meanwhile."""

    def __init__(self, name: str) -> None:
        self._name = name

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows as they were at that moment."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def write(self, folder: Path) -> None:
        """A dump that ``pg_restore`` reads. Raises ``InputError`` where the tool fails."""
        target = str(folder / NAME)
        run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={self._name}",
            f"--file={target}",
        )
        with (folder / NAME).open("rb+") as file:
            os.fsync(file.fileno())


@contextlib.contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold the database as it is now, in a transaction of this process."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            row = cursor.fetchone()
        assert row is not None
        yield Snapshot(row[0])


def put_back(folder: Path) -> None:
    """Make a dump the database, all or nothing; never into one that has tables. Raises ``InputError``."""
    run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname",
        str(connection.settings_dict["NAME"]), str(folder / NAME))  # fmt: skip


def run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on the site's database. Raises ``InputError`` with what it said."""
    program = tool(name)
    if program is None:
        raise _failed(name, "ไม่พบโปรแกรมนี้", "not installed")
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {**os.environ, **{key: str(given[name]) for key, name in names.items() if given.get(name)}}
    # The tools must see to the server's certificate as the site does: by themselves they would look at none.
    options = given.get("OPTIONS", {})
    environment |= {f"PG{name.upper()}": str(value) for name, value in options.items() if name.startswith("ssl")}
    done = subprocess.run([program, *arguments], env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - PostgreSQL's own tools, no shell
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise _failed(name, f"ทำงานไม่สำเร็จ: {said[0]}", f"failed: {said[0]}")


def _failed(name: str, th: str, en: str) -> InputError:
    return InputError(
        Problem(
            "backup.postgres",
            name,
            th,
            en,
            "ติดตั้ง postgresql-client รุ่นเดียวกับเซิร์ฟเวอร์ และตรวจ DATABASE_URL",
            "install postgresql-client of the server's version, and check DATABASE_URL",
        )
    )
