"""What the search found: numbers with the ways to reach them, and from those the best solutions and the evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nsmallest

Numbers = tuple[Decimal, ...]  # what a node shows, one per scale; empty: the printed number is another one
Ways = tuple[tuple[int, tuple["Entry", ...]], ...]  # combinations of children with their costs


@dataclass(eq=False)
class Entry:
    """One number of one node: the cheapest cost of its subtree, and the ways below it within the allowance.

    ``own`` is the cost of the number itself; ``ways`` holds, for each equation below the node, its combinations.
    """

    node: str
    numbers: Numbers
    low: int
    high: int
    cost: int
    own: int
    changed: frozenset[tuple[int, int, str]] = frozenset()
    ways: tuple[Ways, ...] = ()
    _weight: float | None = field(default=None, repr=False)

    @property
    def weight(self) -> float:
        """The evidence for this number by all its ways, where its cheapest way alone counts 1 (or more, if split)."""
        if self._weight is None:
            self._weight = math.prod(sum(_weights(ways)) for ways in self.ways)
        return self._weight

    def with_ways(self, ways: Ways) -> Entry:
        """The same number, reached by the ways of one more equation."""
        cost = self.cost + min(cost for cost, _ in ways)
        return Entry(self.node, self.numbers, self.low, self.high, cost, self.own, self.changed, (*self.ways, ways))


def _weights(ways: Ways) -> list[float]:
    """The evidence of each way, relative to the cheapest."""
    least = min(cost for cost, _ in ways)
    return [_power(cost - least) * math.prod(child.weight for child in children) for cost, children in ways]


def _power(cost: float) -> float:
    return float(10 ** (-cost / 10))


@dataclass(frozen=True)
class Solution:
    """One way to make a tree hold: what each node shows, and the cost."""

    cost: int
    numbers: Mapping[str, Numbers]


@dataclass(frozen=True)
class Solved:
    """A tree of equations: its solutions, best first, and for each node the share of the evidence of each number."""

    root: str
    nodes: tuple[str, ...]
    solutions: tuple[Solution, ...]
    shares: Mapping[str, Mapping[Numbers, float]]

    @property
    def best(self) -> Solution:
        """The cheapest solution."""
        return self.solutions[0]


_Pair = tuple[int, dict[str, Numbers]]


def best(entries: Iterable[Entry], most: int) -> list[Solution]:
    """The cheapest solutions of a tree, from the entries of its top."""
    found = nsmallest(most, (pair for entry in entries for pair in _solutions(entry, most)), key=lambda pair: pair[0])
    return [Solution(cost, numbers) for cost, numbers in found]


def _solutions(entry: Entry, most: int) -> list[_Pair]:
    """The cheapest solutions of an entry's subtree."""
    found: list[_Pair] = [(entry.own, {entry.node: entry.numbers})]
    for ways in entry.ways:
        below: list[_Pair] = []
        for cost, children in nsmallest(most, ways, key=lambda way: way[0]):
            joined: list[_Pair] = [(cost - sum(child.cost for child in children), {})]
            for child in children:
                joined = _joined(joined, _solutions(child, most), most)
            below += joined
        found = _joined(found, nsmallest(most, below, key=lambda pair: pair[0]), most)
    return found


def _joined(first: list[_Pair], second: list[_Pair], most: int) -> list[_Pair]:
    if len(second) == 1:
        cost, numbers = second[0]
        return [(known + cost, before | numbers) for known, before in first]
    pairs = ((a[0] + b[0], a, b) for a in first for b in second)
    return [(cost, a[1] | b[1]) for cost, a, b in nsmallest(most, pairs, key=lambda pair: pair[0])]


def shares(entries: Sequence[Entry], nodes: Sequence[str]) -> dict[str, dict[Numbers, float]]:
    """How the evidence divides over each node's numbers: handed down from the top, way by way."""
    least = min(entry.cost for entry in entries)
    total = sum(_power(entry.cost - least) * entry.weight for entry in entries)
    found: dict[str, dict[Numbers, float]] = {node: {} for node in nodes}
    waiting: dict[str, dict[Entry, float]] = {node: {} for node in nodes}
    for entry in entries:
        waiting[entry.node][entry] = _power(entry.cost - least) * entry.weight / total
    for node in nodes:  # parents first
        for entry, share in waiting[node].items():
            known = found[node]
            known[entry.numbers] = known.get(entry.numbers, 0.0) + share
            for ways in entry.ways:
                weights = _weights(ways)
                all_ways = sum(weights)
                for weight, (_, children) in zip(weights, ways, strict=True):
                    part = share * weight / all_ways
                    for child in children:
                        handed = waiting[child.node]
                        handed[child] = handed.get(child, 0.0) + part
    return found
