"""Migrates and may kill itself in the middle: ``python migrating.py FOLDER STATEMENT`` (0: it lives, and tells all).

``FOLDER/migrated.json`` gets how many statements it took, and the tables as the database itself describes them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

_COLUMNS = """SELECT table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public'"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
_RULES = """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace"""


class Counting:
    """Counts statements, and ends this process at one of them."""

    def __init__(self, last: int) -> None:
        self.count, self.last = 0, last

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def tables() -> list[list[str]]:
    """Every table, column, index and rule, and how many rows each table has."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
            found = cursor.fetchall()
        else:
            found = []
            for sql in (_COLUMNS, _INDEXES, _RULES):
                cursor.execute(sql)
                found += cursor.fetchall()
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found.append(("rows", name, *(cursor.fetchone() or ())))
    return sorted([str(part) for part in row] for row in found)


if __name__ == "__main__":
    counting = Counting(int(sys.argv[2]))
    with connection.execute_wrapper(counting):
        call_command("migrate", verbosity=0)
    told = {"statements": counting.count, "tables": tables()}
    (Path(sys.argv[1]) / "migrated.json").write_text(json.dumps(told))
