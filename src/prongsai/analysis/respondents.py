"""How many people answered, as implied by published two-decimal scores.

An item score of n people is a whole number of points over n. With the right n nearly all scores of an
instrument fit at once; a transcription slip is allowed for (one score in twenty), so that a single
misread digit does not hide the answer but is pointed out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Leaf

LARGEST = 5000
# Below this share of the evidence a number is not named: half of it (two numbers alike) must never pass.
SURE = 0.8
_SLIP = 0.05
_CENTS = 10_001


@dataclass(frozen=True)
class Implied:
    """The number of respondents that explains the published scores best.

    ``certainty`` is the share of the evidence (0–1) that this number holds against all others up to 5,000;
    ``misfits`` are scores that cannot come from that many answers, hence probably misprinted.
    """

    container: str
    respondents: int
    certainty: float
    fitted: tuple[str, ...]
    misfits: tuple[str, ...]


def implied_respondents(sheet: ScoreSheet, container: str) -> Implied | None:
    """The implied number for an instrument or part; None where fewer than 5 informative scores are given.

    Scores of 0 and 100 fit every number and say nothing, so they are left out.
    """
    node = sheet.structure.nodes[container]
    part = container if node.kind == "part" else None
    scores: dict[str, tuple[Decimal, int]] = {}
    for item in sheet.structure.of_kind("item", part=part):
        given = sheet.results.given.get(item.id)
        step = _step(item.leaf) if item.leaf else None
        if item.instrument == (node.instrument or container) and given is not None and step and 0 < given < 100:
            scores[item.id] = (given, step)
    if len(scores) < 5:
        return None
    weights = {n: _log_likelihood(scores, n) for n in range(1, LARGEST + 1)}
    best = max(weights, key=lambda n: (weights[n], -n))
    total = sum(math.exp(weight - weights[best]) for weight in weights.values())
    fitted = tuple(name for name, (given, step) in scores.items() if _fits(given, step, best))
    misfits = tuple(name for name in scores if name not in fitted)
    certainty = 1 / total
    return Implied(container, best, certainty, fitted, misfits) if certainty >= SURE else None


def _step(leaf: Leaf) -> int | None:
    """The largest whole number that divides the points of every option; None where not known or not whole."""
    if leaf.scale is None:
        return None
    points = [option.points for option in leaf.scale.options]
    if any(value != value.to_integral_value() for value in points):
        return None
    return math.gcd(*(int(value) for value in points))


def _fits(given: Decimal, step: int, n: int) -> bool:
    """Whether some whole number of steps over n rounds (half up) to the printed score; in integers, for speed."""
    top, bottom = given.as_integer_ratio()
    low, high, unit = (200 * top - bottom) * n, (200 * top + bottom) * n, 200 * bottom * step
    whole = -(-low // unit) * unit
    return whole < high or whole == low


def _log_likelihood(scores: dict[str, tuple[Decimal, int]], n: int) -> float:
    total = 0.0
    for given, step in scores.values():
        choices = min(100 // step * n + 1, _CENTS)
        total += math.log((1 - _SLIP) / choices * _fits(given, step, n) + _SLIP / _CENTS)
    return total
