"""The database as its operator sees it: how large it is, and whether its tables are those of this version."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def sqlite_file() -> Path | None:
    """The file of SQLite; None for a server or a database in memory."""
    name = Path(str(connection.settings_dict["NAME"]))
    return name if connection.vendor == "sqlite" and name.is_file() else None


def size() -> int:
    """Bytes of the database, of SQLite with its log."""
    if file := sqlite_file():
        log = file.with_name(file.name + "-wal")
        return file.stat().st_size + (log.stat().st_size if log.exists() else 0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def unapplied() -> tuple[list[str], list[str]]:
    """Migrations that this version has and the database has not, and those that only the database knows."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    known = set(executor.loader.disk_migrations)
    newer = sorted(key for key in executor.loader.applied_migrations if key not in known and key[0] in _apps(known))
    return [".".join((m.app_label, m.name)) for m, _ in missing], [".".join(key) for key in newer]


def _apps(known: set[tuple[str, str]]) -> set[str]:
    return {app for app, _ in known}
