"""Scores of a few people that leave them no choice: even the instrument's score can say what everybody answered.

The instrument's score is shown however few answered. Where so little lies between it and the best (or the worst) that
can be reached that one person with the next answer to some question would have moved it further, that question was
answered alike by all. Such a score is not shown, nor what would give it back: the instrument of the part, the total.

Nor may the silence tell. Were exactly these scores hidden, a hidden one would say what the score would have said. So
the score that one such person makes is hidden with them: whatever is hidden leaves one person the next answer to any
question. The level stays; an official number that was given is published already and stays, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Leaf
from prongsai.scoring.wide import containers


def pinned(sheet: ScoreSheet) -> frozenset[str]:
    """Nodes (surveys, parts, their instruments, ``overall``) whose score is withheld; found once per sheet."""
    return _pinned(_Sheet(sheet))


@dataclass(frozen=True, eq=False)
class _Sheet:
    """A sheet known by identity, so that a cache can hold what follows from it."""

    sheet: ScoreSheet

    def __hash__(self) -> int:
        return id(self.sheet)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sheet) and other.sheet is self.sheet


@lru_cache(maxsize=32)
def _pinned(same: _Sheet) -> frozenset[str]:
    sheet = same.sheet
    found: set[str] = set()
    for container in containers(sheet.framework, "survey"):
        node, value = sheet.structure.nodes[container], sheet.values[container]
        group = sheet.smallest_groups.get((node.instrument or "", node.part))
        few = group is not None and group < sheet.framework.disclosure.k
        if few and value.informative and value.origin != "given" and _leaves_no_choice(sheet, container):
            found |= {container, node.instrument or container, "overall"}
    return frozenset(name for name in found if sheet.values[name].origin != "given")


def _leaves_no_choice(sheet: ScoreSheet, container: str) -> bool:
    """Whether the counted answers lie as near to all best, or to all worst, as one person's largest step there.

    Reckoned from the answers and not from the score: where some rows are not known, the ends of its interval tell.
    """
    to_best = to_worst = down = up = Fraction(0)
    for row, weight in _weights(sheet, container, Fraction(1)).items():
        leaf, score = sheet.structure.nodes[row].leaf, sheet.values[row].score
        points = _points(leaf) if leaf else []
        if score is None or len(points) < 2:
            continue
        to_best += weight * (points[-1] - score)
        to_worst += weight * (score - points[0])
        people = sheet.results.tallies[row].respondents
        down = max(down, weight * (points[-1] - points[-2]) / people)
        up = max(up, weight * (points[1] - points[0]) / people)
    return to_best <= down or to_worst <= up


def _weights(sheet: ScoreSheet, node: str, weight: Fraction) -> dict[str, Fraction]:
    """What each counted item row weighs in a node's score; what left the denominator weighs nothing."""
    value = sheet.values[node]
    if node in sheet.results.tallies:
        return {node: weight} if value.origin == "counted" else {}
    if not value.steps or value.origin == "given":
        return {}
    step = value.steps[0]
    names = dict(zip(step.way.children, step.way.names, strict=True))
    given = step.way.rule.weights
    shares = {child: Fraction(given[names[child]]) if given else Fraction(1) for child in step.children}
    found: dict[str, Fraction] = {}
    for child, share in shares.items():
        found |= _weights(sheet, child, weight * share / sum(shares.values()))
    return found


def _points(leaf: Leaf) -> list[Fraction]:
    """What the options of a row earn, each once, from the worst to the best."""
    options = leaf.scale.options if leaf.scale else ()
    return sorted({Fraction(value) for option in options if (value := leaf.points(option.key)) is not None})
