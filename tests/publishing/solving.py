"""An attacker with a pencil: everything published as linear equations over the unknown counts, solved in integers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from prongsai.framework import Framework
from prongsai.scoring.structure import structure

Unknown = tuple[str, str, str]  # agency (or group of people), item row, option
Expression = dict[Unknown, Fraction]
HALF = 0.005 + 1e-9


@dataclass
class Attacker:
    """Collects what is known; then says how far any sum of unknowns may still lie apart."""

    unknowns: dict[Unknown, int] = field(default_factory=dict)
    lines: list[tuple[Expression, float, float]] = field(default_factory=list)
    most: list[int] = field(default_factory=list)

    def person_counts(self, who: str, framework: Framework, container: str, people: int) -> None:
        """A group of so many people, all of whom answered every row of a survey."""
        for row, options in rows(framework, container).items():
            for option in options:
                self.unknowns[who, row, option] = len(self.unknowns)
                self.most.append(people)
            self.equal({(who, row, option): Fraction(1) for option in options}, people)

    def equal(self, expression: Expression, value: float) -> None:
        """A sum that is known exactly."""
        self.lines.append((expression, value, value))

    def shown(self, expression: Expression, value: float) -> None:
        """A score that is known as it is shown, rounded to two decimals."""
        self.lines.append((expression, value - HALF, value + HALF))

    def spread(self, wanted: Expression) -> tuple[float, float]:
        """The least and the greatest value that is still possible."""
        matrix = self._matrix([expression for expression, _, _ in self.lines])
        constraint = LinearConstraint(matrix, [low for _, low, _ in self.lines], [high for _, _, high in self.lines])
        bounds = Bounds(np.zeros(len(self.unknowns)), np.array(self.most))
        cost = self._matrix([wanted]).toarray()[0]
        ends = []
        for sign in (1, -1):
            found = milp(sign * cost, integrality=np.ones(len(cost)), bounds=bounds, constraints=constraint)
            assert found.success, f"what was published contradicts itself: {found.message}"
            ends.append(sign * found.fun)
        return ends[0], ends[1]

    def determined(self, wanted: Iterable[Unknown]) -> dict[Unknown, int]:
        """The unknown counts that can only have one value, with it."""
        ends = {one: self.spread({one: Fraction(1)}) for one in wanted}
        return {one: round(low) for one, (low, high) in ends.items() if high - low < 0.5}

    def _matrix(self, expressions: list[Expression]) -> csr_array:
        lines, columns, values = [], [], []
        for line, expression in enumerate(expressions):
            for key, value in expression.items():
                lines.append(line)
                columns.append(self.unknowns[key])
                values.append(float(value))
        return csr_array((values, (lines, columns)), shape=(len(expressions), len(self.unknowns)))


def rows(framework: Framework, container: str) -> dict[str, tuple[str, ...]]:
    """The item rows of a survey or part and their options."""
    tree = structure(framework)
    part = container if tree.nodes[container].kind == "part" else None
    return {
        node.id: tuple(option.key for option in node.leaf.scale.options)
        for node in tree.nodes.values()
        if node.leaf and node.leaf.scale and node.part == part and node.instrument == tree.nodes[container].instrument
    }


def score_of(framework: Framework, who: str, node: str, people: int) -> Expression | None:
    """A node's score in the unknown counts; None where the rule is not known."""
    tree = structure(framework)
    found = tree.nodes[node]
    if found.leaf and found.leaf.scale:
        points = {option.key: found.leaf.points(option.key) for option in found.leaf.scale.options}
        return {(who, node, key): Fraction(value) / people for key, value in points.items() if value is not None}
    if not found.ways or found.ways[0].rule.kind == "unknown":
        return None
    way = found.ways[0]
    weights = [Fraction(way.rule.weights[name]) if way.rule.weights else Fraction(1) for name in way.names]
    together: Expression = {}
    for child, weight in zip(way.children, weights, strict=True):
        below = score_of(framework, who, child, people)
        if below is None:
            return None
        for key, value in below.items():
            together[key] = together.get(key, Fraction(0)) + value * weight / sum(weights)
    return together
