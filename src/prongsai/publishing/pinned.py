"""Scores of a few people that leave them no choice: even the instrument's score can say what everybody answered.

The instrument's score is shown however few answered. Where it is so high (or low) that a single person with the next
answer to some question would have moved it further than it lies from the end, that question was answered alike by all.
Such a score is not published, nor what would give it back: the instrument of the part, and the total. The level stays.
"""

from __future__ import annotations

from fractions import Fraction

from prongsai.publishing.framework_tables import containers
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Leaf

_ROUNDED = Fraction(1, 200)  # a score as shown lies at most this far from the exact one


def pinned(sheet: ScoreSheet) -> frozenset[str]:
    """Nodes whose score says what a group of fewer than k people answered. Official numbers are published already."""
    found: set[str] = set()
    for container in containers(sheet.framework):
        node, value = sheet.structure.nodes[container], sheet.values[container]
        group = sheet.smallest_groups.get((node.instrument or "", node.part))
        if group is None or group >= sheet.framework.disclosure.k or value.origin != "counted":
            continue
        if _says_it(sheet, container):
            found |= {container, node.instrument or container, "overall"}
    return frozenset(found)


def _says_it(sheet: ScoreSheet, container: str) -> bool:
    score = Fraction(shown(sheet.values[container].interval.low))
    from_top, from_bottom = 100 - score + _ROUNDED, score + _ROUNDED
    for row, weight in _weights(sheet, container, Fraction(1)).items():
        leaf, tally = sheet.structure.nodes[row].leaf, sheet.results.tallies[row]
        if leaf is None or not tally.respondents:
            continue
        down, up = _steps(leaf)
        if weight * down / tally.respondents > from_top or weight * up / tally.respondents > from_bottom:
            return True
    return False


def _weights(sheet: ScoreSheet, node: str, weight: Fraction) -> dict[str, Fraction]:
    """What each item row weighs in a node's score, of those that have not left the denominator."""
    steps = sheet.values[node].steps
    if not steps:
        return {node: weight} if node in sheet.results.tallies else {}
    step = steps[0]
    names = dict(zip(step.way.children, step.way.names, strict=True))
    given = step.way.rule.weights
    shares = {child: Fraction(given[names[child]]) if given else Fraction(1) for child in step.children}
    found: dict[str, Fraction] = {}
    for child, share in shares.items():
        for row, part in _weights(sheet, child, weight * share / sum(shares.values())).items():
            found[row] = found.get(row, Fraction(0)) + part
    return found


def _steps(leaf: Leaf) -> tuple[Fraction, Fraction]:
    """Points between the best answer and the next, and between the worst and the next."""
    options = leaf.scale.options if leaf.scale else ()
    points = sorted({Fraction(value) for option in options if (value := leaf.points(option.key)) is not None})
    return (points[-1] - points[-2], points[1] - points[0]) if len(points) > 1 else (Fraction(0), Fraction(0))
