"""How many people answered, as implied by published two-decimal scores.

An item score of n people is a whole number of points over n. With the right n nearly all scores of an
instrument fit at once; a transcription slip is allowed for (one score in twenty), so that a single
misread digit does not hide the answer but is pointed out.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

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
        step = step_of(item.leaf) if item.leaf else None
        if item.instrument == (node.instrument or container) and given is not None and step and 0 < given < 100:
            scores[item.id] = (given, step)
    return implied_from(scores, container)


def implied_from(scores: dict[str, tuple[Decimal, int]], container: str) -> Implied | None:
    """The implied number for scores given with the step of their points (``step_of``), as above."""
    if len(scores) < 5:
        return None
    weights = _log_likelihoods(list(scores.values()))
    best = max(weights, key=lambda n: (weights[n], -n))
    total = sum(math.exp(weight - weights[best]) for weight in weights.values())
    fitted = tuple(name for name, (given, step) in scores.items() if fits(given, step, best))
    misfits = tuple(name for name in scores if name not in fitted)
    certainty = 1 / total
    return Implied(container, best, certainty, fitted, misfits) if certainty >= SURE else None


def step_of(leaf: Leaf) -> int | None:
    """The largest whole number that divides the points of every option; None where not known or not whole."""
    if leaf.scale is None:
        return None
    points = [option.points for option in leaf.scale.options]
    if any(value != value.to_integral_value() for value in points):
        return None
    return math.gcd(*(int(value) for value in points))


def fits(given: Decimal, step: int, n: int) -> bool:
    """Whether some whole number of steps over n rounds (half up) to the printed score; in integers, for speed."""
    top, bottom = given.as_integer_ratio()
    low, high, unit = (200 * top - bottom) * n, (200 * top + bottom) * n, 200 * bottom * step
    whole = -(-low // unit) * unit
    return whole < high or whole == low


def _log_likelihoods(scores: list[tuple[Decimal, int]]) -> dict[int, float]:
    """For each number of respondents; equal scores are looked at once, and from some number on every score fits."""
    totals = [0.0] * (LARGEST + 1)
    miss = math.log(_SLIP / _CENTS)
    for (given, step), times in Counter(scores).items():
        top, bottom = given.as_integer_ratio()
        low, high, unit = 200 * top - bottom, 200 * top + bottom, 200 * bottom * step
        hits = _hits(step)
        certain = min(100 * step, LARGEST + 1)  # from here on the steps are finer than what is printed
        for n in range(1, certain):
            whole = -(-low * n // unit) * unit
            totals[n] += times * (hits[n] if whole < high * n or whole == low * n else miss)
        for n in range(certain, LARGEST + 1):
            totals[n] += times * hits[n]
    return dict(enumerate(totals[1:], 1))


@cache
def _hits(step: int) -> list[float]:
    """For each number of respondents, what a score that fits it says: the fewer scores are possible, the more."""
    choices = (min(100 // step * n + 1, _CENTS) for n in range(LARGEST + 1))
    return [math.log((1 - _SLIP) / count + _SLIP / _CENTS) for count in choices]
