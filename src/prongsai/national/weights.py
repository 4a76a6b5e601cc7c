"""How much each item row weighs in each score, on columns: ``analysis.uncertainty.item_weights`` for many at once.

A line is an agency, or one pattern of rows that were answered: agencies of the same pattern have the same weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prongsai.national.columns import Mask
from prongsai.national.counted import Integers
from prongsai.scoring.structure import Node, Structure, Way
from prongsai.scoring.wide import Layout

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """One node: weights by survey (lines × rows), where it is in the denominator, where its weights are known."""

    weights: dict[str, Floats]
    present: Mask
    known: Mask


class Climb:
    """The tree of scores climbed, children first. ``own`` gives the nodes that need no climbing.

    ``assumed``: hypotheses in use; ``sheets`` of each survey by line are what a pooled one weighs with.
    """

    def __init__(
        self,
        tree: Structure,
        own: Callable[[Node], Rows | None],
        assumed: tuple[str, ...],
        sheets: dict[str, Integers] | None = None,
    ) -> None:
        self.tree, self.own, self.assumed, self.sheets = tree, own, assumed, sheets or {}
        self.done: dict[str, Rows] = {}

    def of(self, name: str) -> Rows:
        """The weights of one node: by the first of its ways that are known."""
        if name not in self.done:
            node = self.tree.nodes[name]
            self.done[name] = self.own(node) or _first_known([self._step(way) for way in node.ways])
        return self.done[name]

    def _step(self, way: Way) -> Rows:
        """The weights that one way gives: its shares times the weights below."""
        children = [self.of(child) for child in way.children]
        present = np.stack([child.present for child in children])
        base, told = self._base(way, present)
        alone = present.sum(axis=0) == 1  # one child left decides, whatever it would weigh beside others
        parts = np.where(alone, 1.0, base) * present
        total = parts.sum(axis=0)
        shares = parts / np.where(total > 0, total, 1)
        weights: dict[str, Floats] = {}
        for share, child in zip(shares, children, strict=True):
            for container, rows in child.weights.items():
                weights[container] = weights.get(container, 0.0) + share[:, None] * rows
        known = np.all([child.known | ~child.present for child in children], axis=0) & (told | alone) & (total > 0)
        return Rows(weights, np.asarray(present.any(axis=0)), known)

    def _base(self, way: Way, present: Mask) -> tuple[Floats, Mask]:
        """What each child weighs before some leave (children × lines), and where that is known."""
        guess = next((one for one in way.rule.hypotheses if one.name in self.assumed), None)
        lines = present.shape[1]
        told = np.ones(lines, bool)
        if guess and guess.pooled:
            nobody = np.zeros(lines, np.int64)
            pooled = np.stack([self.sheets.get(name, nobody) for name in way.names]).astype(float)
            return pooled, np.all((pooled > 0) | ~present, axis=0)
        weights: Any = dict.fromkeys(way.names, 1)
        if guess and guess.weights:
            weights = guess.weights
        elif not guess and way.rule.kind == "weights":
            weights = way.rule.weights
        elif not guess and way.rule.kind == "unknown":
            told = ~told
        return np.array([[float(weights[name])] * lines for name in way.names]), told


def _first_known(ways: list[Rows]) -> Rows:
    found = ways[0]
    for other in ways[1:]:
        use = ~found.known & other.known
        weights = {
            name: np.where(use[:, None], other.weights.get(name, 0.0), found.weights.get(name, 0.0))
            for name in {**found.weights, **other.weights}
        }
        found = Rows(weights, found.present | other.present, found.known | use)
    return found


def patterns(answered: Mask) -> tuple[Mask, Integers]:
    """The different patterns of rows that were answered, the one of all first; and which one each agency has."""
    odd = np.flatnonzero(~answered.all(axis=1))
    others, which = np.unique(answered[odd], axis=0, return_inverse=True)
    pattern = np.zeros(len(answered), np.int64)
    pattern[odd] = which.reshape(-1) + 1
    return np.vstack([np.ones((1, answered.shape[1]), bool), others]), pattern


def within(layout: Layout, found: Mask) -> Callable[[Node], Rows | None]:
    """What ``Climb`` needs to know of one survey's own rows, a line for each pattern."""
    places = {row.node: place for place, row in enumerate(layout.rows)}

    def own(node: Node) -> Rows | None:
        if node.id not in places and node.ways:
            return None
        weights = np.zeros(found.shape)
        if node.id not in places:  # a row whose points are not known
            lines = np.ones(len(found), bool)
            return Rows({layout.container: weights}, lines, ~lines)
        weights[:, places[node.id]] = 1
        return Rows({layout.container: weights}, found[:, places[node.id]], np.ones(len(found), bool))

    return own
