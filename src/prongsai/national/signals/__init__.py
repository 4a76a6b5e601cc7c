"""Odd patterns that deserve a second look: one file per signal, found by being in this folder.

A signal only says where a person should look. It is shown to the assessor, passes the rule of small groups, and never
changes a score.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import cast

from prongsai.national.signals.sight import Reader


@cache
def readers() -> tuple[Reader, ...]:
    """All signals, in the order of their files' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(cast(Reader, module) for module in modules if hasattr(module, "SIGNAL"))
