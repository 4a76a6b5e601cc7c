"""The rule of decision 014: the old program goes on beside the new tables. Each way to break it is refused in words."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import connection, models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from unsafe_migrations import BIG, SENTENCES, all_found, forgotten, found, released, stored

from prongsai.site.base.online import AddIndexOnline

Text = models.CharField


def the_tables() -> ProjectState:
    """A small table and a big one, as some release has them."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", Text(max_length=20, default="")),
        ("note", models.TextField(null=True)),
        ("kept", Text(max_length=20, db_column="kept", default="")),
        ("kind", Text(max_length=20, db_default="")),
    ]
    for name in ("Small", "Entry"):
        CreateModel(name, fields).state_forwards("history", state)
    return state


def codes(*operations: Any, before: list[Migration] | None = None, **more: Any) -> list[str]:
    """What is refused in a migration of these operations."""
    migration = made(*operations, **more)
    return [one.code for one in found(migration, the_tables(), forgotten(before or []))]


def made(*operations: Any, name: str = "0009_next", **more: Any) -> Migration:
    migration = Migration(name, "history")
    migration.operations = list(operations)
    for key, value in more.items():
        setattr(migration, key, value)
    return migration


def nothing(*_: Any) -> None:
    """A step over data."""


INDEX = models.Index(fields=["name"], name="entry_name")
RULE = models.CheckConstraint(condition=~models.Q(name="x"), name="no_x")
DATA = RunPython(nothing, nothing, elidable=True)
UNSAFE: list[tuple[str, Operation]] = [
    ("required", AddField("small", "new", Text(max_length=9, default=""))),
    ("index", AddField("entry", "new", models.IntegerField(null=True, db_index=True))),
    ("rewrite", AddField("entry", "new", models.FloatField(db_default=models.functions.Random()))),
    ("stricter", AlterField("small", "note", models.TextField(default=""))),
    ("stricter", AlterField("small", "kind", Text(max_length=20, default=""))),
    ("type", AlterField("small", "name", Text(max_length=10, default=""))),
    ("type", AlterField("small", "name", models.IntegerField(default=0))),
    ("index", AlterField("small", "name", Text(max_length=20, default="", db_index=True))),
    ("rename", AlterField("small", "name", Text(max_length=20, default="", db_column="title"))),
    ("rename", RenameField("small", "name", "title")),
    ("rename", RenameModel("Small", "Tiny")),
    ("rename", AlterModelTable("small", "tiny")),
    ("removal", RemoveField("small", "note")),
    ("removal", DeleteModel("Small")),
    ("removal", SeparateDatabaseAndState(database_operations=[RemoveField("small", "note")])),
    ("forgotten", SeparateDatabaseAndState(state_operations=[RemoveField("small", "name")])),
    ("index", AddIndex("entry", INDEX)),
    ("constraint", AddConstraint("small", RULE)),
    ("one_way", RunPython(nothing, elidable=True)),
    ("kept", RunPython(nothing, nothing)),
    ("sql", RunSQL("SELECT 1", "SELECT 1", elidable=True)),
]


class Strange(Operation):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing."""


def called(one: str | Operation) -> str:
    """A name that is the same in every process: no address of an object in it."""
    return one if isinstance(one, str) else re.sub(r" at 0x\w+", "", repr(one))[:60]


@pytest.mark.parametrize(("code", "operation"), UNSAFE, ids=called)
def test_what_would_stop_the_old_program_is_refused(code: str, operation: Operation) -> None:
    assert codes(operation) == [code]


def test_what_belongs_to_a_whole_migration_is_refused() -> None:
    assert codes(DATA, AddField("small", "new", Text(null=True, max_length=9))) == ["mixed"]
    assert codes(AddField("small", "new", Text(null=True, max_length=9)), atomic=False) == ["half"]
    assert codes(AddIndexOnline("entry", INDEX), DATA, atomic=False) == ["mixed", "half"]
    assert codes(AddConstraint("entry", RULE)) == ["constraint", "scan"]
    assert codes(Strange()) == ["unknown"]


def test_every_sentence_is_shown_by_an_example() -> None:
    shown = {code for code, _ in UNSAFE} | {"mixed", "half", "scan", "unknown", "unused"}
    assert shown == set(SENTENCES)
    said = str(found(made(RemoveField("small", "note")), the_tables())[0])
    assert said.startswith("history.0009_next RemoveField small.note: removes what the program of the release before")
    assert "Instead: SeparateDatabaseAndState" in said


SAFE: list[Operation] = [
    CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("name", Text(max_length=9))]),
    AddField("small", "new", Text(max_length=9, null=True)),
    AddField("entry", "new", Text(max_length=9, default="", db_default="")),
    AddField("small", "new", models.ManyToManyField("history.Entry")),
    AlterField("small", "name", Text(max_length=40, default="", choices=[("a", "A")])),
    AlterField("small", "name", models.TextField(default="")),
    AlterField("small", "name", Text(max_length=20, null=True)),
    RenameField("small", "kept", "other"),
    SeparateDatabaseAndState(state_operations=[RemoveField("small", "note")]),
    AddIndex("small", INDEX),
    DATA,
]


@pytest.mark.parametrize("operation", SAFE, ids=called)
def test_what_the_old_program_does_not_notice_is_not_refused(operation: Operation) -> None:
    assert codes(operation) == []


def test_the_right_ways_are_not_refused() -> None:
    assert codes(AddIndexOnline("entry", INDEX), atomic=False) == []
    new = CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("name", Text(max_length=9))])
    assert codes(new, AddConstraint("new", RULE), AddIndex("new", INDEX)) == []
    why = {"constraint": "the old program never writes x"}
    assert codes(AddConstraintNotValid("entry", RULE), reviewed=why) == []
    assert codes(ValidateConstraint("entry", "no_x")) == []


def test_a_column_is_forgotten_in_one_release_and_removed_in_the_next() -> None:
    forget = made(SeparateDatabaseAndState(state_operations=[RemoveField("small", "note")]), name="0008_forget")
    remove = SeparateDatabaseAndState(database_operations=[RemoveField("small", "note")])
    assert codes(remove) == ["removal"]
    assert codes(remove, before=[forget]) == []
    other = SeparateDatabaseAndState(database_operations=[RemoveField("entry", "note")])
    assert codes(other, before=[forget]) == ["removal"]


def test_what_is_answered_for_needs_words_and_a_reason_to_be_there() -> None:
    rule = AddConstraint("small", RULE)
    assert codes(rule, reviewed={"constraint": "fine"}) == ["constraint"]
    assert codes(rule, reviewed={"constraint": "the old program never writes x"}) == []
    assert codes(RemoveField("small", "note"), reviewed={"removal": "nobody ever reads this one"}) == ["removal"]
    assert codes(DATA, reviewed={"constraint": "the old program never writes x"}) == ["unused"]


def test_this_trees_own_migrations_are_safe() -> None:
    """From the first stored release on (decision 014); what was before is the baseline, in which much is found."""
    if (known := released()) is not None:
        assert [str(one) for one in all_found(known)] == []
    everything = all_found(frozenset())
    assert {one.code for one in everything} >= {"mixed", "required", "kept", "index"}
    assert not [one for one in everything if one.code in {"unknown", "unused"}]


def test_the_baseline_ends_with_the_first_stored_release(tmp_path: Path) -> None:
    (tmp_path / "issue-4.sql.gz").write_bytes(gzip.compress(b""))
    assert released(tmp_path) is None
    row = b"""INSERT INTO "django_migrations" VALUES(1,'surveys','0001_initial','2000-01-01');"""
    (tmp_path / "0.1.0.sql.gz").write_bytes(gzip.compress(row))
    assert released(tmp_path) == {("surveys", "0001_initial")}
    assert ("history", "0001_initial") in stored()


def test_the_big_tables_are_there() -> None:
    there = {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
    assert {(app, name) for app, names in BIG.items() for name in names} <= there


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_online_and_a_broken_one_is_made_anew() -> None:
    state = ProjectState.from_apps(apps)
    index = models.Index(fields=["action"], name="entry_action_online")
    operation = AddIndexOnline("entry", index)
    after = state.clone()
    operation.state_forwards("history", after)

    def run(way: str, old: ProjectState, new: ProjectState) -> None:
        with connection.schema_editor(atomic=False) as editor:
            getattr(operation, f"database_{way}")("history", editor, old, new)

    def there() -> bool:
        with connection.cursor() as cursor:
            return index.name in connection.introspection.get_constraints(cursor, "history_entry")

    run("forwards", state, after)
    assert there()
    if connection.vendor == "postgresql":
        run("forwards", state, after)  # cut off before it was noted
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)", [index.name])
        run("forwards", state, after)
        with connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index.name])
            assert cursor.fetchone() == (True,)
    run("backwards", after, state)
    assert not there()
