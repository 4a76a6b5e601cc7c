"""A migration that is cut off at any statement, the very last too, is begun again by the next start."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

# Migrates to the first tables with foreign keys, and kills itself as the migration of them is noted.
PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection

def at_the_note(execute, sql, params, many, context):
    if sql.startswith('INSERT INTO "django_migrations"') and "auth" in params:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

if sys.argv[1] == "kill":
    with connection.execute_wrapper(at_the_note):
        call_command("migrate", "auth", "0001", verbosity=0)
else:
    call_command("migrate", "auth", "0001", verbosity=0)
"""


def migrate(folder: Path, how: str) -> int:
    own = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    own |= {"PRONGSAI_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
    return subprocess.run([sys.executable, "-c", PROGRAM, how], env=own, check=False).returncode


def test_killed_between_the_tables_and_the_note_of_them(tmp_path: Path) -> None:
    assert migrate(tmp_path, "kill") == -signal.SIGKILL
    with sqlite3.connect(tmp_path / "prongsai.sqlite3") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not {name for name in tables if name.startswith("auth_")}, "taken back whole"
    assert migrate(tmp_path, "go on") == 0
