"""Stores the demo's database as it is today, for later versions to open: ``python tools/store_database.py issue-4``

Writes ``tests/site/stored/NAME.sql.gz``; the test beside it opens every stored database with the code of the day.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

STORED = Path(__file__).parents[1] / "tests" / "site" / "stored"


def main() -> None:
    """Fill a demo in a folder of its own and dump it."""
    name = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "prongsai.site", "fill_demo", "examples"]
        subprocess.run(command, env={**os.environ, "PRONGSAI_DATA": folder}, check=True, stdout=subprocess.DEVNULL)
        with sqlite3.connect(Path(folder) / "prongsai.sqlite3") as database:
            text = "\n".join(database.iterdump())
    target = STORED / f"{name}.sql.gz"
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
