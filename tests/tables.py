"""A SQLite file with all tables and nothing in them: migrating takes seconds, copying does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared import alone, of_the_run

NAME = "prongsai.sqlite3"


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once for all processes of a run; the others wait for it."""
    shared = of_the_run(tmp_path_factory) / "tables"
    made = shared / NAME
    shared.mkdir(exist_ok=True)
    with alone(shared / "lock"):
        if not made.exists():
            _make(shared, made)
    return made


def _make(shared: Path, made: Path) -> None:
    own = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    own |= {"PRONGSAI_DATA": str(shared / "data")}
    subprocess.run([sys.executable, "-m", "prongsai.site", "migrate", "--verbosity=0"], env=own, check=True)
    with_all = shared / "data" / NAME
    assert not with_all.with_name(f"{NAME}-wal").exists(), "not all is in the file"
    shutil.move(with_all, made)


def lay(tables: Path, data: Path) -> None:
    """The tables as the database of an installation whose data folder is this one."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(tables, data / NAME)
