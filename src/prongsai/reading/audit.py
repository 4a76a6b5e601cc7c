"""Runs every rule of ``rules/`` over what was read from one report. A new rule is a new file there, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from prongsai.reading import rules
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._order import Order
from prongsai.scoring.structure import structure

_SEVERITIES = ("error", "warning", "note")
# Findings about numbers, which confused digits can cause.
_EQUATIONS = ("sum.", "mean.")
_MENDABLE = (*_EQUATIONS, "value.", "respondents.", "claim.")


@dataclass(frozen=True)
class Family:
    """One file of rules: what it can find, how it looks, and why it may have nothing to look at."""

    name: str
    rules: tuple[Rule, ...]
    check: Callable[[Reading], Iterable[Finding]]
    lacks: Callable[[Reading], str | None]


@dataclass(frozen=True)
class Silence:
    """Rules that could not say anything of a report, and why (Thai)."""

    rules: tuple[Rule, ...]
    why: str


@cache
def families() -> tuple[Family, ...]:
    """All rules by file; a file whose name begins with an underscore is a helper."""
    found = []
    for module in iter_modules(rules.__path__):
        if not module.name.startswith("_"):
            found.append(_family(import_module(f"{rules.__name__}.{module.name}")))
    return tuple(found)


def _family(module: ModuleType) -> Family:
    return Family(module.__name__.rpartition(".")[2], module.RULES, module.check, module.lacks)


def audit(reading: Reading) -> list[Finding]:
    """All findings in the order in which their first place stands in the report."""
    order = Order(reading)
    found = _with_repairs(reading, [finding for family in families() for finding in family.check(reading)])
    last = (order.blocks, 0, 0)

    def place(finding: Finding) -> tuple[tuple[int, int, int], int, str]:
        at = order.of(finding.where[0]) if finding.where else last
        return at, _SEVERITIES.index(finding.severity or finding.rule.severity), finding.rule.code

    return sorted(found, key=place)


def silences(reading: Reading) -> list[Silence]:
    """The rules that lack data. They stay silent, which must not be read as "nothing wrong"."""
    return [Silence(family.rules, why) for family in families() if (why := family.lacks(reading))]


def _with_repairs(reading: Reading, found: Sequence[Finding]) -> list[Finding]:
    """Findings about numbers with the repairs that other findings propose for the same numbers."""
    changes = {node: change for finding in found for node, change in (finding.repair or {}).items()}
    tree = structure(reading.framework).nodes if reading.framework else {}
    result = []
    for finding in found:
        nodes = list(finding.nodes) if finding.rule.code.startswith(_MENDABLE) else []
        if finding.rule.code.startswith(_EQUATIONS):  # an equation may be broken by any number that it adds up
            nodes += [c for node in finding.nodes if node in tree for way in tree[node].ways for c in way.children]
        own = {node: changes[node] for node in dict.fromkeys(nodes) if node in changes}
        result.append(finding if finding.repair or not own else replace(finding, repair=own))
    return result
