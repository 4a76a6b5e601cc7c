"""The checks: one file each, with ``check(seen)``. A new file is found by itself; ``ORDER`` says where it stands."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from prongsai.evidence.finding import Finding, Seen

Check = Callable[[Seen], list[Finding]]


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of this folder, in order."""
    modules = [importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    return tuple(module.check for module in sorted(modules, key=lambda module: (module.ORDER, module.__name__)))


def look(seen: Seen) -> tuple[Finding, ...]:
    """What all checks say of one link."""
    return tuple(finding for check in all_checks() for finding in check(seen))
