"""Which migrations would stop or break the site while the old program still runs beside the new tables (decision 014).

``python tools/unsafe_migrations.py`` says it of every migration that no release has; ``found`` says it of one. Looks at
operations and models, not at SQL, so that one look holds for both databases. Migrations of libraries are not ours to
judge.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState
from django.db.models.expressions import Value
from django.db.models.fields import NOT_PROVIDED

STORED = Path(__file__).parents[1] / "tests" / "site" / "stored"
# What is refused, and what to do instead.
SENTENCES = {
    "required": (
        "a column that must have a value and has none of the database's: every insert of the old program fails",
        "null=True, or db_default=… beside default=…",
    ),
    "stricter": (
        "forbids what the old program may leave empty, and reads the whole table under a lock to see that nothing is",
        "keep null=True, or keep db_default=…, for one release more",
    ),
    "removal": (
        "removes what the program of the release before still reads and writes",
        "SeparateDatabaseAndState(state_operations=[…]) now, and database_operations=[…] in the next release",
    ),
    "forgotten": (
        "forgets a column that must have a value: every insert of the new program fails",
        "before it AlterField to null=True, or db_default=…",
    ),
    "rename": (
        "takes from the old program the name by which it asks",
        "a new column or table filled by both programs and the old one removed a release later, or db_column, db_table",
    ),
    "type": (
        "writes the table anew under a lock, and values of the old program may not fit",
        "a new column beside it",
    ),
    "index": (
        "makes an index while nobody may write to the table",
        "AddIndexOnline (base/online.py), alone in a migration with atomic = False",
    ),
    "rewrite": ("may write every row of a big table anew", "a constant as db_default"),
    "constraint": (
        "binds the old program, too: what it writes and the rule forbids fails",
        "say in `reviewed` why the old program never breaks it",
    ),
    "scan": (
        "reads all of a big table while nobody may write to it",
        "a check: AddConstraintNotValid, then ValidateConstraint; unique: an index made online",
    ),
    "mixed": (
        "moves data and changes tables in one transaction: tables stay locked for as long as the data take",
        "a migration for the tables, then one for the data",
    ),
    "half": (
        "is not one transaction: killed in the middle it leaves half of itself",
        "no atomic = False, but for an index that is made online and alone",
    ),
    "one_way": ("cannot be taken back", "give the reverse; noop where the old program does not mind"),
    "kept": (
        "would be run by every installation to come, on models that have moved on",
        "elidable=True",
    ),
    "sql": (
        "is SQL, of which this check knows nothing",
        "say in `reviewed` what it locks and what the old program sees",
    ),
    "unknown": ("is an operation that this check does not know", "teach it to tools/unsafe_migrations.py"),
    "unused": ("`reviewed` answers for what is not here", "remove that line"),
}
NEVER = frozenset({"rename", "removal", "forgotten", "unused"})  # nobody can answer for these
# Tables in which a national installation has a hundred thousand rows or more: a lock on them is felt.
BIG = {
    "files": {"stored"},
    "history": {"entry"},
    "inspection": {"check", "evidence", "link", "mark"},
    "notices": {"notice"},
    "opendata": {"publishedagency"},
    "results": {"result"},
    "surveys": {"answer", "code", "letter", "seen"},
}
_POSTGRES: Any = DatabaseWrapper({"ENGINE": "", "NAME": "", "OPTIONS": {}, "TIME_ZONE": None})  # asked for types only
Found = Iterator[tuple[str, str]]  # where in the migration, and which sentence


@dataclass(frozen=True)
class Unsafe:
    """One thing that is refused: where, and which sentence."""

    where: str
    code: str

    def __str__(self) -> str:
        why, instead = SENTENCES[self.code]
        return f"{self.where}: {why} [{self.code}]. Instead: {instead}."


@dataclass
class Look:
    """A migration as it is gone through. ``state``: the models before each operation; ``gone``: see ``forgotten``."""

    migration: Migration
    state: ProjectState
    gone: frozenset[tuple[str, ...]] = frozenset()
    new: set[str] = field(default_factory=set)

    @property
    def app(self) -> str:
        """The app's label."""
        return str(self.migration.app_label)

    def field(self, operation: Any, name: str = "") -> Any:
        """A field as it is before the operation."""
        return self.state.apps.get_model(self.app, operation.model_name)._meta.get_field(name or operation.name)

    def big(self, operation: Any) -> bool:
        """Whether a lock on its table is felt."""
        return operation.model_name.lower() in BIG.get(self.app, ())


def found(migration: Migration, state: ProjectState, gone: frozenset[tuple[str, ...]] = frozenset()) -> list[Unsafe]:
    """What is refused in a migration. ``state``: the project before it; ``gone``: see ``forgotten``.

    A migration may answer for a sentence itself, ``reviewed = {"constraint": "why it does no harm here"}``, but for
    those of ``NEVER``.
    """
    look = Look(migration, state.clone(), gone)
    refused = [Unsafe(f"{look.app}.{migration.name} {where}".strip(), code) for where, code in _each(look)]
    reviewed: dict[str, str] = getattr(migration, "reviewed", {})
    answered = {code for code, why in reviewed.items() if len(why.split()) >= 4} - NEVER
    unused = sorted(set(reviewed) - {one.code for one in refused})
    left = [one for one in refused if one.code not in answered]
    return left + [Unsafe(f"{look.app}.{migration.name} {code}", "unused") for code in unused]


def _each(look: Look) -> Found:
    given = look.migration.operations
    data = [one for one in given if isinstance(one, (operations.RunPython, operations.RunSQL))]
    if data and len(data) < len(given):
        yield "", "mixed"
    if not look.migration.atomic and (len(given) != 1 or type(given[0]).__name__ != "AddIndexOnline"):
        yield "", "half"
    for operation in given:
        yield from _one(look, operation)
        operation.state_forwards(look.app, look.state)


def _one(look: Look, operation: Any) -> Found:
    kind, name = type(operation).__name__, str(getattr(operation, "model_name", ""))
    if isinstance(operation, operations.CreateModel):
        look.new.add(operation.name.lower())
    elif name.lower() in look.new:
        return  # of a table that nobody has yet
    elif kind in _JUDGES:
        about = getattr(operation, "index", None) or getattr(operation, "constraint", None) or operation
        part = getattr(about, "name", None) or getattr(operation, "old_name", "")
        where = f"{kind} {'.'.join(filter(None, (name, part)))}".strip()
        yield from ((where + more, code) for more, code in _JUDGES[kind](look, operation))
    elif kind not in _HARMLESS:
        yield kind, "unknown"


def _added(look: Look, operation: Any) -> Found:
    new = operation.field
    if new.many_to_many:
        return  # a table of its own
    if not new.null and new.db_default is NOT_PROVIDED and not new.generated:
        yield "", "required"
    if look.big(operation):
        if new.unique or new.db_index or new.remote_field:
            yield "", "index"
        if new.db_default is not NOT_PROVIDED and not isinstance(new.db_default, (Value, str, int, bool, float)):
            yield "", "rewrite"


def _altered(look: Look, operation: Any) -> Found:
    old, new = look.field(operation), operation.field
    if old.many_to_many or new.many_to_many:
        if old.many_to_many != new.many_to_many:
            yield "", "type"
        return
    lost = old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED and not new.null
    if (old.null and not new.null) or lost:
        yield "", "stricter"
    after = look.state.clone()
    operation.state_forwards(look.app, after)
    became = after.apps.get_model(look.app, operation.model_name)._meta.get_field(operation.name)
    if not _fits(str(old.db_type(_POSTGRES)), str(became.db_type(_POSTGRES))):
        yield "", "type"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        yield "", "index"
    if old.column != became.column:
        yield "", "rename"


def _fits(old: str, new: str) -> bool:
    """Whether every value stays as it is, and no row has to be written (types of PostgreSQL)."""
    if old == new or (new == "text" and old.startswith("varchar")):
        return True
    before, after = (re.fullmatch(r"varchar\((\d+)\)", one) for one in (old, new))
    return bool(before and after and int(before[1]) <= int(after[1]))


def _removed(_look: Look, _operation: Any) -> Found:
    yield "", "removal"


def _apart(look: Look, operation: Any) -> Found:
    """Models and database by themselves: forgotten now, removed a release later."""
    for one in operation.state_operations:
        if isinstance(one, operations.RemoveField):
            old = look.field(one)
            if not old.many_to_many and not old.null and old.db_default is NOT_PROVIDED:
                yield f" {one.model_name}.{one.name}", "forgotten"
    for one in operation.database_operations:
        if (look.app, *_subject(one)) not in look.gone:
            yield from ((f" {where}", code) for where, code in _one(look, one))


def _subject(operation: Any) -> tuple[str, ...]:
    """What an operation removes: model and field, or the model alone; nothing for any other."""
    if isinstance(operation, operations.RemoveField):
        return operation.model_name.lower(), operation.name.lower()
    return (operation.name.lower(),) if isinstance(operation, operations.DeleteModel) else ()


def _renamed(look: Look, operation: Any) -> Found:
    kept = isinstance(operation, operations.RenameField) and look.field(operation, operation.old_name).db_column
    if not kept:
        yield "", "rename"


def _indexed(look: Look, operation: Any) -> Found:
    if look.big(operation):
        yield "", "index"


def _constrained(look: Look, operation: Any) -> Found:
    yield "", "constraint"
    if look.big(operation) and type(operation).__name__ != "AddConstraintNotValid":
        yield "", "scan"


def _moved(_look: Look, operation: Any) -> Found:
    if not operation.reversible:
        yield "", "one_way"
    if not operation.elidable:
        yield "", "kept"
    if isinstance(operation, operations.RunSQL):
        yield "", "sql"


_JUDGES: dict[str, Callable[[Look, Any], Found]] = {
    "AddConstraint": _constrained,
    "AddConstraintNotValid": _constrained,
    "AddField": _added,
    "AddIndex": _indexed,
    "AlterField": _altered,
    "AlterModelTable": _renamed,
    "AlterUniqueTogether": _constrained,
    "DeleteModel": _removed,
    "RemoveField": _removed,
    "RenameField": _renamed,
    "RenameModel": _renamed,
    "RunPython": _moved,
    "RunSQL": _moved,
    "SeparateDatabaseAndState": _apart,
}
_HARMLESS = {"AddIndexOnline", "AlterModelManagers", "AlterModelOptions", "AlterModelTableComment", "RemoveConstraint",
             "RemoveIndex", "RenameIndex", "ValidateConstraint"}  # fmt: skip


def released(folder: Path = STORED) -> frozenset[tuple[str, str]] | None:
    """App and name of every migration in a stored database; None before the first release is stored (``0.1.0.sql.gz``).

    What stood in the tree before that is the baseline: no installation of a release ever ran beside it.
    """
    if not any(folder.glob("[0-9]*.sql.gz")):
        return None
    return stored(folder)


def stored(folder: Path = STORED) -> frozenset[tuple[str, str]]:
    """App and name of every migration in any stored database."""
    known: set[tuple[str, str]] = set()
    row = re.compile(r"""INSERT INTO "django_migrations" VALUES\(\d+,'([^']+)','([^']+)',""")
    for path in folder.glob("*.sql.gz"):
        known.update(row.findall(gzip.decompress(path.read_bytes()).decode()))
    return frozenset(known)


def forgotten(migrations: list[Migration]) -> frozenset[tuple[str, ...]]:
    """App, model and field that these migrations, all released, took from the models and left in the database."""
    gone: set[tuple[str, ...]] = set()
    for migration in migrations:
        for operation in migration.operations:
            gone |= {(migration.app_label, *_subject(one)) for one in getattr(operation, "state_operations", ())}
    return frozenset(one for one in gone if len(one) > 1)


def all_found(known: frozenset[tuple[str, str]]) -> list[Unsafe]:
    """What is refused in this tree's own migrations but for the known ones."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("prongsai.site.")}
    plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    gone = forgotten([loader.graph.nodes[key] for key in plan if key in known])
    refused, state = list[Unsafe](), ProjectState()
    for key in plan:
        if key[0] in ours and key not in known:
            refused += found(loader.graph.nodes[key], state, gone)
        loader.graph.nodes[key].mutate_state(state, preserve=False)
    return refused


def main() -> int:
    """Say what is refused; 1 where anything is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django

    django.setup()
    known = released()
    if known is None:
        print("no release is stored: what this check would refuse is the baseline, and fine until then")
    refused = all_found(known or stored())
    for one in refused:
        print(one)
    print(f"{len(refused)} refused; {len(stored())} migrations are in a stored database")
    return 1 if refused and known is not None else 0


if __name__ == "__main__":
    sys.exit(main())
