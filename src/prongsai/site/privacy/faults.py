"""What the inventory lacks: a test and ``doctor`` ask it; empty when all is registered."""

from __future__ import annotations

from collections import Counter

from django.db.models import Model

from prongsai.site.privacy.inventory import (
    NO_SHREDDER,
    OUTSIDE,
    activities,
    declared,
    field_names,
    library_models,
    own_models,
    rules,
)
from prongsai.site.privacy.shredders import SHREDDERS


def faults() -> list[str]:
    """Fields in neither list or in both, unknown rules, models of no activity, rules whose shredder is missing."""
    models = [*own_models(), *library_models()]
    found = [fault for model in models for fault in _of_model(model)]
    for rule in rules().values():
        if rule.shredder not in NO_SHREDDER and rule.shredder not in SHREDDERS:
            found.append(f"rules.yaml {rule.name}: no shredder {rule.shredder} in shredders.py")
        if rule.days is not None and (rule.since is None or rule.shredder in NO_SHREDDER - {OUTSIDE}):
            found.append(f"rules.yaml {rule.name}: days need `since` and a shredder")
    found += [f"shredders.py {one}: no rule names it" for one in SHREDDERS if one not in _named()]
    labels = {model._meta.label for model in models}
    for label, times in Counter(label for one in activities().values() for label in one.models).items():
        if label not in labels:
            found.append(f"activities.yaml {label}: no such model")
        if times > 1:
            found.append(f"activities.yaml {label}: in two activities")
    return found


def _named() -> set[str]:
    return {rule.shredder for rule in rules().values()}


def _of_model(model: type[Model]) -> list[str]:
    name, lists = model._meta.label, declared(model)
    if lists is None:
        place = "libraries.yaml" if "prongsai" not in model.__module__ else "personal.yaml"
        return [f"{name}: not in {place}"]
    personal, other, there = set(lists["personal"]), set(lists["other"]), field_names(model)
    found = [f"{name}.{f}: in neither list" for f in sorted(there - personal - other)]
    found += [f"{name}.{f}: no such field" for f in sorted((personal | other) - there)]
    found += [f"{name}.{f}: in both lists" for f in sorted(personal & other)]
    for field, why in sorted(lists["personal"].items()):
        if not why.get("purpose"):
            found.append(f"{name}.{field}: no purpose")
        if why.get("retention") not in rules():
            found.append(f"{name}.{field}: {why.get('retention')!r} is no rule of privacy/rules.yaml")
    if personal and not any(name in one.models for one in activities().values()):
        found.append(f"{name}: in no activity of privacy/activities.yaml")
    return found
