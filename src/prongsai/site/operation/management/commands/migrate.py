"""``python -m prongsai.site migrate``: Django's, but that a migration and the note of it are one transaction.

Django notes most migrations in a second transaction. Killed between the two, the tables are new and the next start
makes them again, which fails until somebody mends it by hand.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class WholeExecutor(MigrationExecutor):
    """Applies and notes a migration at once; one that is not atomic must itself be safe to begin again."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """See ``MigrationExecutor``."""
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        tell: Any = self.progress_callback or (lambda *_: None)
        tell("apply_start", migration, fake)
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            while editor.deferred_sql:  # what Django leaves to the end of the block, and so notes after it
                editor.execute(editor.deferred_sql.pop(0), None)
            self.record_migration(migration)  # type: ignore[call-arg, arg-type]  # the stubs are of another Django
        tell("apply_success", migration, fake)
        return state


class Command(migrate.Command):
    """As Django's."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's, which takes the executor from its module."""
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]
        super().handle(*args, **options)
