"""What is kept about people, as data: every field with purpose, lawful basis, retention and what erases it.

Fields of our own models stand in each app's ``personal.yaml``, those of libraries in ``libraries.yaml``: ``personal``
(field → purpose, name of a rule) and ``other`` (fields that tell nothing about a person). Every field of every table
stands in exactly one of them. ``rules.yaml`` says how long and by which function, ``activities.yaml`` for what and on
which basis, ``elsewhere.yaml`` what is kept outside the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Model

from prongsai.site.base.text import pick
from prongsai.yaml_file import read

HERE = Path(__file__).parent
# Not by a shredder: kept, with the reason in the rule's words; by whoever runs the machine; by the step that ends it;
# on the user's own device.
NONE, OUTSIDE, ACTION, DEVICE = "none", "outside", "action", "device"
NO_SHREDDER = frozenset({NONE, OUTSIDE, ACTION, DEVICE})


@dataclass(frozen=True)
class Words:
    """The same in Thai and English."""

    th: str
    en: str

    def __str__(self) -> str:
        return pick(self.th, self.en)


@dataclass(frozen=True)
class Rule:
    """How long. ``days`` counted from ``since``; None where no day is counted. ``confirm``: a default of ours."""

    name: str
    words: Words
    days: int | None
    since: Words | None
    shredder: str
    confirm: bool


@dataclass(frozen=True)
class Basis:
    """A lawful basis: the section that knows it, in our words."""

    name: str
    section: str
    words: Words
    confirm: bool


@dataclass(frozen=True)
class Activity:
    """What data are used for, of whom, on which basis, shown to whom, protected how."""

    name: str
    words: Words
    whose: Words
    basis: Basis
    disclosed: Words
    measures: Words
    models: tuple[str, ...]


@dataclass(frozen=True)
class Personal:
    """One personal field."""

    model: str  # label: app.Model
    field: str
    purpose: str
    rule: Rule
    activity: Activity


@dataclass(frozen=True)
class Elsewhere:
    """Something kept outside the tables. ``rule`` is None where it tells nothing about a person."""

    place: str  # log, metrics, cookies, browser, files
    name: str
    words: Words
    rule: Rule | None


def _words(data: dict[str, Any]) -> Words:
    return Words(data["th"], data["en"])


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name."""
    return {
        name: Rule(
            name,
            _words(one),
            None if one["days"] is None else int(one["days"]),
            _words(one["since"]) if "since" in one else None,
            one["shredder"],
            one["confirm"],
        )
        for name, one in read(HERE / "rules.yaml").data.items()
    }


@cache
def activities() -> dict[str, Activity]:
    """Every activity by its name."""
    data = read(HERE / "activities.yaml").data
    bases = {name: Basis(name, str(one["section"]), _words(one), one["confirm"]) for name, one in data["bases"].items()}
    return {
        name: Activity(
            name,
            _words(one),
            _words(one["whose"]),
            bases[one["basis"]],
            _words(one["disclosed"]),
            _words(one["measures"]),
            tuple(one["models"]),
        )
        for name, one in data["activities"].items()
    }


def elsewhere() -> list[Elsewhere]:
    """Everything outside the tables."""
    return [
        Elsewhere(place, name, _words(one), rules()[one["personal"]] if one["personal"] else None)
        for place, things in read(HERE / "elsewhere.yaml").data.items()
        for name, one in things.items()
    ]


def is_own(model: type[Model]) -> bool:
    """Whether a model is one of our apps'."""
    return model.__module__.startswith("prongsai.site.")


def own_models() -> Iterator[type[Model]]:
    """All models of our own apps; the tables that only join two are fields of one of them."""
    for config in apps.get_app_configs():
        if config.name.startswith("prongsai.site."):
            yield from config.get_models(include_auto_created=False)


def library_models() -> Iterator[type[Model]]:
    """All tables that libraries brought."""
    yield from (
        model for model in apps.get_models(include_auto_created=True) if not is_own(model) and not _joins(model)
    )


def _joins(model: type[Model]) -> bool:
    made = model._meta.auto_created
    return isinstance(made, type) and is_own(made)


def field_names(model: type[Model]) -> set[str]:
    """A model's own columns and many-to-many fields."""
    return {f.name for f in (*model._meta.local_fields, *model._meta.local_many_to_many)}


@cache
def _of_app(app: str) -> dict[str, Any]:
    path = Path(apps.get_app_config(app).path) / "personal.yaml"
    return read(path).data or {} if path.exists() else {}


@cache
def _of_libraries() -> dict[str, Any]:
    data: dict[str, Any] = read(HERE / "libraries.yaml").data
    return data


def declared(model: type[Model]) -> dict[str, Any] | None:
    """What is declared of a model: ``personal`` and ``other``; None where it is registered nowhere."""
    meta = model._meta
    found = _of_app(meta.app_label).get(model.__name__) if is_own(model) else _of_libraries().get(meta.label)
    return None if found is None else {"personal": found.get("personal") or {}, "other": found.get("other") or []}


def registry() -> list[Personal]:
    """Every personal field of every table, in a steady order."""
    of = {label: activity for activity in activities().values() for label in activity.models}
    models = sorted((*own_models(), *library_models()), key=lambda model: model._meta.label)
    return [
        Personal(model._meta.label, name, why["purpose"], rules()[why["retention"]], of[model._meta.label])
        for model in models
        for name, why in sorted(((declared(model) or {}).get("personal") or {}).items())
    ]
