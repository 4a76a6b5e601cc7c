"""What is particular to a tool that answers come from; each has a file of its own in this folder with a ``SOURCE``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from prongsai.errors import InputError, Problem

INSTANCE, VERSION = "instance_id", "form_version"


@dataclass(frozen=True)
class Source:
    """One tool. ``readings`` gives the ways in which one of its headings may be read, the likeliest first.

    ``roles``: heading (small letters) → ``instance_id`` or ``form_version``; of several the first counts.
    ``empty``: cells that mean no answer. ``words``: cells that mean an option key wherever a scale has it.
    """

    name: str
    title: str
    readings: Callable[[str], Iterable[str]]
    roles: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)


@cache
def sources() -> dict[str, Source]:
    """All tools that answers can come from, by name."""
    modules = (one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    found = (getattr(importlib.import_module(f"{__package__}.{name}"), "SOURCE", None) for name in modules)
    return {one.name: one for one in found if isinstance(one, Source)}


def source(name: str) -> Source:
    """The tool of this name. Raises ``InputError`` for one that is not known."""
    if name not in sources():
        known = ", ".join(sources())
        raise InputError(
            Problem("import.source", name, f"ไม่รู้จักเครื่องมือ “{name}”", f"expected one of {known}", f"โปรดเลือกจาก {known}")
        )
    return sources()[name]
