"""A SQLite file with all tables and nothing in them: migrating takes seconds, copying does not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

NAME = "prongsai.sqlite3"


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once for all processes of a run; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "tables"
    made, end = shared / NAME, time.monotonic() + 120
    try:
        shared.mkdir()
    except FileExistsError:
        while not made.exists():
            assert time.monotonic() < end, "the process that makes the tables did not finish"
            time.sleep(0.1)
        return made
    own = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    own |= {"PRONGSAI_DATA": str(shared / "data")}
    subprocess.run([sys.executable, "-m", "prongsai.site", "migrate", "--verbosity=0"], env=own, check=True)
    with_all = shared / "data" / NAME
    assert not with_all.with_name(f"{NAME}-wal").exists(), "not all is in the file"
    shutil.move(with_all, made)
    return made


def lay(tables: Path, data: Path) -> None:
    """The tables as the database of an installation whose data folder is this one."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(tables, data / NAME)
