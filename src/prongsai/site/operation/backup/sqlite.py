"""SQLite while others write: one read transaction is the moment, and the online backup copies what it sees."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prongsai.disk import sync_folder

NAME = "database.sqlite3"


class Snapshot:
    """What a database holds at one moment, whatever is written to it meanwhile."""

    def __init__(self, source: sqlite3.Connection) -> None:
        self._source = source

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows as they were at that moment."""
        return self._source.execute(sql).fetchall()

    def write(self, folder: Path) -> None:
        """The whole database as one file without a log, checked, and on disk. Raises ``sqlite3.Error``."""
        target = folder / NAME
        with contextlib.closing(sqlite3.connect(target)) as copy:
            self._source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if (found := copy.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
                raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
        _sync(target)
        sync_folder(folder)


@contextlib.contextmanager
def snapshot(database: Path) -> Iterator[Snapshot]:
    """Open a database as it is now."""
    uri = f"{database.resolve().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment: a read transaction begins here
        yield Snapshot(source)


def put_back(folder: Path, database: Path) -> None:
    """Make a backup the database; never over one. Raises ``FileExistsError``."""
    copy_new(folder / NAME, database)


def copy_new(source: Path, target: Path, mode: int = 0o600) -> None:
    """Copy a file to a name that is not taken; on disk when it returns. Raises ``FileExistsError``."""
    with (
        source.open("rb") as given,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file,
    ):
        while chunk := given.read(1 << 20):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
