"""Changes of tables that nobody notices: operations of migrations beside which the site goes on (decision 014)."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexOnline(AddIndex):
    """An index made while others write; its migration must be ``atomic = False`` and hold nothing else.

    PostgreSQL: ``CREATE INDEX CONCURRENTLY``. Killed in the middle that leaves an index that is not valid; the next
    attempt drops it first. SQLite makes it in one transaction, and writers wait for it.
    """

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django gives both
        to_state: ProjectState,
    ) -> None:
        """See ``Operation``."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.add_index(model, self.index)
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [self.index.name])
            row = cursor.fetchone()
        if row and row[0]:
            return  # made, and cut off before it was noted
        editor: Any = schema_editor  # PostgreSQL's knows the word
        if row:
            editor.remove_index(model, self.index, concurrently=True)
        editor.add_index(model, self.index, concurrently=True)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,  # noqa: ARG002 - Django gives both
    ) -> None:
        """See ``Operation``."""
        model = from_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        editor: Any = schema_editor
        more = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
        editor.remove_index(model, self.index, **more)
