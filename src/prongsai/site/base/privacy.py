"""The registry of personal fields: each app lists its own in ``personal.yaml``, and a test finds what is missing.

A file maps a model to ``personal`` (field → purpose, retention) and ``other`` (fields that tell nothing about a
person). Every field of every model stands in exactly one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from prongsai.yaml_file import read


@dataclass(frozen=True)
class Personal:
    """One personal field: why it is kept and until when."""

    model: str
    field: str
    purpose: str
    retention: str


def own_models() -> Iterator[type[Model]]:
    """All models of our own apps."""
    for config in apps.get_app_configs():
        if config.name.startswith("prongsai.site."):
            yield from config.get_models(include_auto_created=False)


def field_names(model: type[Model]) -> set[str]:
    """A model's own columns and many-to-many fields."""
    return {f.name for f in (*model._meta.local_fields, *model._meta.local_many_to_many)}


def declared(app: str) -> dict[str, dict[str, object]]:
    """What an app's ``personal.yaml`` says, by model name."""
    path = Path(apps.get_app_config(app).path) / "personal.yaml"
    return read(path).data if path.exists() else {}


def registry() -> list[Personal]:
    """Every personal field of the site, in a steady order."""
    found = []
    for label in sorted({model._meta.app_label for model in own_models()}):
        for model, lists in sorted(declared(label).items()):
            personal = lists.get("personal") or {}
            assert isinstance(personal, dict)
            for name, why in sorted(personal.items()):
                found.append(Personal(f"{label}.{model}", name, why["purpose"], why["retention"]))
    return found


def faults() -> list[str]:
    """What is missing or doubled in the lists; empty when all is registered."""
    found: list[str] = []
    for model in own_models():
        lists = declared(model._meta.app_label).get(model.__name__)
        name = f"{model._meta.app_label}.{model.__name__}"
        if lists is None:
            found.append(f"{name}: not in personal.yaml")
            continue
        personal, other = set(lists.get("personal") or {}), set(lists.get("other") or [])  # type: ignore[call-overload]
        found += [f"{name}.{f}: in neither list" for f in sorted(field_names(model) - personal - other)]
        found += [f"{name}.{f}: no such field" for f in sorted((personal | other) - field_names(model))]
        found += [f"{name}.{f}: in both lists" for f in sorted(personal & other)]
    return found
