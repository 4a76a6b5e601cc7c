"""Confused digits found and put right: the cheapest changes of glyphs under which every binding equation holds.

Nothing is changed silently. The result says what was printed, what it should read, which glyphs differ, which
equations hold then, and how much of the evidence the proposal has; where two numbers explain the print about as
well it says that it cannot be decided and names both. A score that was not printed stays missing.

Beside the equations (``repairing/equations.py``) three things weigh in, as costs: the number of respondents that
the item scores imply, the printed level, and confusions already seen in the same document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from prongsai.analysis.respondents import Implied, fits, implied_from, step_of
from prongsai.framework import Framework
from prongsai.reading.glyphs import MOST_CHANGES, Costs, confusions, count_digits, usual_costs
from prongsai.reading.model import Reading
from prongsai.reading.repairing.candidates import (
    AGAINST_LEVEL,
    MISFIT_AS_PRINTED,
    MISFIT_CHANGED,
    Against,
    Scale,
    Shown,
    Slot,
    as_printed,
    scales_of,
    texts_of,
    unit_of,
)
from prongsai.reading.repairing.equations import Equation, binding_equations
from prongsai.reading.repairing.model import DECIDED, WORTH_NAMING, Alternative, Change, Choice, Misprint, Repair
from prongsai.reading.repairing.search import Forest, TooManyWays
from prongsai.reading.repairing.solutions import Numbers, Solved
from prongsai.scoring.interval import ANY, Interval, shown
from prongsai.scoring.level import decide
from prongsai.scoring.structure import Node, Structure, structure

__all__ = ["Alternative", "Change", "Choice", "Misprint", "Repair", "Shown", "repair", "repair_prints"]


def repair(reading: Reading) -> Repair:
    """Repair the scores of one reading; nothing to repair where its framework is not known."""
    if reading.framework is None:
        return Repair()
    prints = tuple(Shown(p.node, p.text, p.value, p.of or Decimal(100)) for p in reading.values)
    levels = {word.text for word in reading.levels}
    return _once(_SameObject(reading.framework), prints, levels.pop() if len(levels) == 1 else None)


def repair_prints(
    framework: Framework, prints: Iterable[Shown], level: str | None = None, *, learn: bool = True
) -> Repair:
    """Repair printed scores given as nodes with their texts. ``learn``: let the document's own confusions count."""
    tree = structure(framework)
    scales = scales_of(p for p in prints if p.node in tree.nodes)
    work = _Work(tree, scales, binding_equations(framework, scales.keys()), level)
    return work.result(work.solve(work.learned() if learn else usual_costs()))


@dataclass(frozen=True, eq=False)
class _SameObject:
    """Lets a cache know a framework by identity: frameworks hold dicts, so they have no hash of their own."""

    framework: Framework

    def __hash__(self) -> int:
        return id(self.framework)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameObject) and other.framework is self.framework


@lru_cache(maxsize=16)
def _once(same: _SameObject, prints: tuple[Shown, ...], level: str | None) -> Repair:
    """A report is asked for its repair by several rules; it is searched once."""
    return repair_prints(same.framework, prints, level)


class _Work:
    """One document's printed scores on their way to a repair."""

    def __init__(
        self,
        tree: Structure,
        scales: Mapping[str, tuple[Scale, ...]],
        equations: Sequence[Equation],
        level: str | None,
    ) -> None:
        self.tree = tree
        self.scales = scales
        self.equations = tuple(equations)
        self.level = level if level in {band.name for band in tree.framework.levels.bands} else None
        self.costs = usual_costs()
        self.respondents: dict[str, Implied] = {}
        self.unsolved: list[str] = []
        self.unit = unit_of(scales.values())
        plain = {node: Slot(node, known, self.unit, self.costs) for node, known in scales.items()}
        self.plain = Forest(plain, self.equations, self.unit, {})
        self.forest = self.plain
        self.broken = tuple(node for root in self.plain.roots for node in self.plain.broken(root))
        self.doubtful = [root for root in self.plain.roots if not self.plain.plain(root)]
        if self.doubtful:
            self._count_respondents()

    def solve(self, costs: Costs) -> list[Solved]:
        """Solve the trees that do not hold as printed. Nothing is searched where all is well."""
        self.costs = costs
        wanted = {node for root in self.doubtful for node in self.plain.nodes(root)}
        self.forest = self._forest(wanted, [equation for equation in self.equations if equation.node in wanted])
        solved: list[Solved] = []
        for root in self.doubtful:
            try:
                solved.append(self.forest.solve(root))
            except TooManyWays:
                self.unsolved.append(root)
        return solved

    def _forest(self, nodes: Iterable[str], equations: Sequence[Equation]) -> Forest:
        slots = {node: Slot(node, self.scales[node], self.unit, self.costs, self._against(node)) for node in nodes}
        return Forest(slots, equations, self.unit, self._floors())

    def learned(self) -> Costs:
        """The usual costs, lowered for confusions that the document shows more than once.

        Looked for in one broken equation at a time, at the foot of the trees, among numbers printed once, where the
        answer is sure.
        """
        sure: dict[str, list[Misprint]] = {}
        inner = {equation.node for equation in self.equations}
        for equation in self.equations:
            at_foot = not inner & {name for name, _ in equation.terms}
            if at_foot and equation.node in self.broken and not equation.unprinted:
                solved = self._forest(equation.nodes, [equation]).solve(equation.node)
                for node, numbers in solved.best.numbers.items():
                    if numbers and solved.shares[node][numbers] >= DECIDED and self.plain.slots[node].single:
                        sure[node] = self._misprints(node, numbers)
        misprints = [misprint for found in sure.values() for misprint in found]
        seen = Counter((glyph.meant, glyph.printed) for misprint in misprints for glyph in misprint.glyphs or ())
        again = {pair: count for pair, count in seen.items() if count > 1}
        texts = [text for scales in self.scales.values() for text in texts_of(scales)]
        texts += [misprint.meant for misprint in misprints]
        return self.costs.learned(again, count_digits(texts)) if again else self.costs

    def _misprints(self, node: str, numbers: Numbers) -> list[Misprint]:
        found: list[Misprint] = []
        for scale, number in zip(self.scales[node], numbers, strict=False):
            units = int(number.scaleb(scale.decimals))
            for printed, times in scale.prints:
                if printed.units != units:
                    glyphs = confusions(printed, units, self.costs)
                    if glyphs is not None and len(glyphs) > MOST_CHANGES:
                        glyphs = None
                    meant = printed.rewritten(units) or f"{number:f}"
                    found.append(Misprint(printed.text, times, meant, glyphs))
        return found

    # What speaks for or against a number beside its glyphs.

    def _count_respondents(self) -> None:
        scores: dict[str, dict[str, tuple[Decimal, int]]] = {}
        near = {node for equation in self.equations if equation.node in self.broken for node in equation.nodes}
        wanted = {self._container(self.tree.nodes[node]) for node in near}
        for node, scales in self.scales.items():
            place = self.tree.nodes[node]
            container = self._container(place) if self._container(place) in wanted else None
            step = step_of(place.leaf) if container and place.leaf else None
            number = scales[0].prints[0][0]
            if container and step and scales[0].of == 100 and number.decimals == 2 and 0 < number.value < 100:
                scores.setdefault(container, {})[node] = (number.value, step)
        for container, known in scores.items():
            implied = implied_from(known, container)
            if implied and len(implied.misfits) * 4 <= len(known):
                self.respondents[container] = implied

    def _container(self, node: Node) -> str | None:
        """The survey or part whose respondents answered an item; None where its part is not stated."""
        instrument = next((i for i in self.tree.framework.instruments if i.code == node.instrument), None)
        if instrument is None or instrument.kind != "survey" or (instrument.parts and not node.part):
            return None
        return node.part or instrument.code

    def _against(self, node: str) -> Against | None:
        """What speaks against a number of a node, as a cost; None where nothing can."""
        place = self.tree.nodes[node]
        implied = self.respondents.get(self._container(place) or "")
        step = step_of(place.leaf) if place.leaf else None
        if implied and step:
            n = implied.respondents
            return lambda number, changed: (
                0 if fits(number, step, n) else MISFIT_CHANGED if changed else MISFIT_AS_PRINTED
            )
        if place.leaf and place.leaf.scale and self._judged(place):
            points = {option.points for option in place.leaf.scale.options}
            return lambda number, changed: MISFIT_CHANGED if changed and number not in points else 0
        if node == "overall" and self.level:
            allowed = self._overall_allowed(self.level)
            return lambda number, _: 0 if any(low <= number < high for low, high in allowed) else AGAINST_LEVEL
        floor = self._floors().get(node)
        return None if floor is None else lambda number, _: AGAINST_LEVEL if number < floor else 0

    def _floors(self) -> dict[str, Decimal]:
        """The least score of each component that the printed level allows; an instrument is not below its parts."""
        levels = self.tree.framework.levels
        floor = next((band.component_min for band in levels.bands if band.name == self.level), None)
        if floor is None:
            return {}
        whole = [i.code for i in self.tree.framework.instruments if {p.code for p in i.parts} & set(levels.components)]
        return dict.fromkeys([*levels.components, *whole], floor)

    def _overall_allowed(self, level: str) -> list[tuple[Decimal, Decimal]]:
        """The overall scores with which a level is possible, whatever the components; between thresholds all alike."""
        framework = self.tree.framework
        components = dict.fromkeys(framework.levels.components, ANY)
        edges = sorted({Decimal(0), *(band.overall_min for band in framework.levels.bands)})
        return [
            (low, high)
            for low, high in zip(edges, [*edges[1:], Decimal(101)], strict=True)
            if level in decide(framework, Interval.exactly(low), components).computed
        ]

    def _judged(self, node: Node) -> bool:
        return any(i.kind == "checklist" and i.code == node.instrument for i in self.tree.framework.instruments)

    # What is said of it.

    def result(self, solved: Sequence[Solved]) -> Repair:
        """The repair, with everything printed accounted for."""
        numbers: dict[str, Decimal | None] = {
            node: print_.numbers[0] if (print_ := as_printed(scales, self.unit)) else scales[0].prints[0][0].value
            for node, scales in self.scales.items()
        }
        changes: list[Change] = []
        alternatives: list[Alternative] = []
        for tree in solved:
            best = tree.best.numbers
            numbers |= {node: found[0] if found else None for node, found in best.items()}
            changes += [change for node in tree.nodes if (change := self._change(node, tree))]
            for other in tree.solutions[1:]:
                differing = {n: (v[0] if v else None) for n, v in other.numbers.items() if v != best[n]}
                alternatives.append(Alternative(other.cost - tree.best.cost, differing))
        order = {node: position for position, node in enumerate(self.tree.nodes)}
        changes.sort(key=lambda change: order[change.node])
        return Repair(
            cost=sum(tree.best.cost for tree in solved),
            changes=tuple(changes),
            numbers=numbers,
            broken=self.broken,
            equations=self.equations,
            respondents=self.respondents,
            alternatives=tuple(sorted(alternatives, key=lambda other: other.more)),
            unsolved=tuple(self.unsolved),
        )

    def _change(self, node: str, tree: Solved) -> Change | None:
        """What to say of a node: nothing where its only number stands safely."""
        best = tree.best.numbers[node]
        shares = tree.shares[node]
        misprints = self._misprints(node, best)
        decided = self._decided(node, tree)
        others = max((part for found, part in shares.items() if found and found != best), default=0.0)
        if best and not misprints and others <= 1 - DECIDED:
            return None  # its only print stands
        choices = [Choice(found[0] if found else None, part) for found, part in shares.items() if part >= WORTH_NAMING]
        return Change(
            node=node,
            printed=tuple(print_.text for scale in self.scales[node] for print_, _ in scale.prints),
            number=best[0] if best else None,
            decided=decided,
            choices=tuple(sorted(choices, key=lambda choice: -choice.share)),
            misprints=tuple(misprints),
            evidence=self._evidence(node, tree.best.numbers, self._open(tree) if decided else set()),
            implied=None if best else self._implied(node, tree.best.numbers),
            covered=self._covered(node),
        )

    def _decided(self, node: str, tree: Solved) -> bool:
        best = tree.best.numbers[node]
        return bool(best) and tree.shares[node].get(best, 0.0) >= DECIDED and self._covered(node)

    def _open(self, tree: Solved) -> set[str]:
        """Nodes of a tree whose number is not sure."""
        return {node for node in tree.nodes if not self._decided(node, tree)}

    def _covered(self, node: str) -> bool:
        """Whether the node stands in an equation in which every score was printed."""
        return any(node in equation.nodes and not equation.unprinted for equation in self.equations)

    def _evidence(self, node: str, best: Mapping[str, Numbers], open_: set[str]) -> tuple[str, ...]:
        """The equations that the node stands in, as they are with the best numbers, and its number of respondents."""
        inside = [e for e in self.forest.equations if node in e.nodes and not e.unprinted]
        safe = [e for e in inside if not set(e.nodes) & open_]
        lines = [self._sentence(e, best) for e in safe or inside]
        implied = self.respondents.get(self._container(self.tree.nodes[node]) or "")
        leaf = self.tree.nodes[node].leaf
        step = step_of(leaf) if leaf else None
        if implied and step and best[node] and fits(best[node][0], step, implied.respondents):
            points = round(best[node][0] * implied.respondents / step)
            lines.append(f"{node} = {points} × {step} / {implied.respondents} = {best[node][0]:f}")
        return tuple(line for line in lines if line)

    def _sentence(self, equation: Equation, best: Mapping[str, Numbers]) -> str | None:
        """``4 = (84.52 + 98.71 + 89.03) / 3 = 90.75``; None where a number in it was given up."""
        found = [(best[name], weight) for name, weight in equation.terms]
        if equation.unprinted or any(not numbers for numbers, _ in found) or not best[equation.node]:
            return None
        total = sum((Fraction(numbers[0]) * weight for numbers, weight in found), Fraction(0))
        weights = {weight for _, weight in found}
        if len(weights) == 1:
            terms = " + ".join(f"{numbers[0]:f}" for numbers, _ in found)
            terms = f"({terms}) / {len(found)}" if len(found) > 1 else terms
        else:
            terms = " + ".join(f"{float(weight):.4g} × {numbers[0]:f}" for numbers, weight in found)
        exact, whole = Decimal(round(total * 10_000)) / 10_000, best[equation.node][0]
        # The terms are rounded themselves, so the whole may differ from their sum in its last digit.
        sign = "→" if shown(total) == whole else "≈"
        return f"{equation.node} = {terms} = {exact.normalize():f} {sign} {whole:f}"

    def _implied(self, node: str, best: Mapping[str, Numbers]) -> tuple[Decimal, Decimal] | None:
        """The scores that a node's children allow, as they would be shown."""
        edges = self.forest.implied(node, best)
        return (shown(Fraction(edges[0], self.unit)), shown(Fraction(edges[1], self.unit))) if edges else None
