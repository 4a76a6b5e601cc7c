"""Which printed scores bind one another: the framework's rules, written over the values that were printed.

A rule binds where its kind is ``mean`` or ``weights`` and its confidence confirmed or inferred. A rule that is
not published binds nothing, and neither do item scores that do not say which part of an instrument they belong to.
A score that was not printed is replaced by what it follows from; where nothing is known of it, it may be anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from prongsai.framework import Confidence, Framework
from prongsai.scoring.structure import Node, Structure, Way, structure

_BINDING = (Confidence.CONFIRMED, Confidence.INFERRED)
_ORDER = list(Confidence)


@dataclass(frozen=True)
class Equation:
    """``node`` is the weighted mean of ``terms``; ``unprinted`` is the weight of scores below that are not known.

    Weights and ``unprinted`` add up to 1. ``confidence``: the least sure of the rules used. ``through``: scores that
    were not printed and follow from some of the terms alone, with the weights of those.
    """

    node: str
    terms: tuple[tuple[str, Fraction], ...]
    unprinted: Fraction
    confidence: Confidence
    through: Mapping[str, tuple[tuple[str, Fraction], ...]] = field(default_factory=dict)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The node and all that it follows from."""
        return (self.node, *(name for name, _ in self.terms))


def binding_equations(framework: Framework, printed: Collection[str]) -> tuple[Equation, ...]:
    """All equations among the printed nodes, children before parents.

    Every value stands below at most one equation, so that the equations form trees; of two ways upward the
    nearer one is kept (an item's part before the whole).
    """
    tree = structure(framework)
    taken: set[str] = set()
    found: list[Equation] = []
    for node in tree.nodes.values():
        if node.id not in printed:
            continue
        for way in _binding_ways(tree, node):
            equation = _equation(tree, node, way, frozenset(printed))
            names = {name for name, _ in equation.terms}
            if names and not names & taken:
                taken |= names
                found.append(equation)
    return tuple(found)


def _binding_ways(tree: Structure, node: Node) -> list[Way]:
    return [
        way
        for way in node.ways
        if way.rule.kind != "unknown" and way.rule.confidence in _BINDING and not _part_not_stated(tree, node, way)
    ]


def _part_not_stated(tree: Structure, node: Node, way: Way) -> bool:
    """Whether the way goes down to items of a whole instrument that is collected in parts."""
    if node.part is not None or node.kind not in ("indicator", "sub_indicator"):
        return False
    parted = any(inst.parts for inst in tree.framework.instruments if inst.code == node.instrument)
    return parted and any(tree.nodes[child].kind == "item" and not tree.nodes[child].part for child in way.children)


def _equation(tree: Structure, node: Node, way: Way, printed: frozenset[str]) -> Equation:
    terms: dict[str, Fraction] = {}
    unprinted = Fraction(0)
    least_sure = way.rule.confidence
    through: dict[str, tuple[tuple[str, Fraction], ...]] = {}
    waiting = [(way, Fraction(1))]
    while waiting:
        current, weight = waiting.pop(0)
        least_sure = max(least_sure, current.rule.confidence, key=_ORDER.index)
        for child, share in _shares(current):
            below = _binding_ways(tree, tree.nodes[child])
            if child in printed:
                terms[child] = terms.get(child, Fraction(0)) + weight * share
            elif below:
                if all(name in printed for name in below[0].children):
                    through[child] = tuple(_shares(below[0]))
                waiting.append((below[0], weight * share))
            else:
                unprinted += weight * share
    return Equation(node.id, tuple(terms.items()), unprinted, least_sure, through)


def _shares(way: Way) -> list[tuple[str, Fraction]]:
    if way.rule.kind == "mean":
        return [(child, Fraction(1, len(way.children))) for child in way.children]
    total = sum((Fraction(way.rule.weights[name]) for name in way.names), Fraction(0))
    return [
        (child, Fraction(way.rule.weights[name]) / total)
        for child, name in zip(way.children, way.names, strict=True)
        if way.rule.weights[name]
    ]
