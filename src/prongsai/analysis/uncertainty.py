"""Standard errors and intervals from the moments of the answer sheets.

Closed form of the linearised ratio for any score that is a weighted sum of item means:
``SE² = (1 − f) · n/(n−1) · Σ u_i²``, with n the number of sheets (an empty sheet counts) and f = n/N.
Interval: t with n−1 on the logit scale, and an exact bound where all answers are equal. Checked against R
``survey`` to eight digits. Standard errors are floats; the scores they belong to stay exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from prongsai.analysis.disclosure import may_show_score
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.tally import Moments


@dataclass(frozen=True)
class Uncertainty:
    """A score with its standard error and 95 % interval; ``se`` None with the reason where there is none.

    ``population`` None: no frame is known, so the interval only says what chance alone would do.
    """

    node: str
    estimate: Fraction
    se: float | None
    low: float | None
    high: float | None
    sheets: int
    population: int | None
    reason_th: str | None = None


def uncertainty(sheet: ScoreSheet, node: str) -> Uncertainty | None:
    """Uncertainty of a counted node; None where no answer sheets were given for it, or a group is too small."""
    found = sheet.values[node].node
    container = found.part or found.instrument or node
    moments = sheet.results.moments.get(container)
    if moments is None or not may_show_score(sheet, node).shown:
        return None
    weights = item_weights(sheet, node)
    if not weights:
        return None
    return estimate(node, weights, moments, sheet.results.population.get(container))


def item_weights(sheet: ScoreSheet, node: str) -> dict[str, Fraction] | None:
    """The weight of every item row (by code) in a node's score; None where a rule's weights are unknown.

    Rows that nobody answered have left the denominator, as in the score itself.
    """
    value = sheet.values[node]
    if value.node.leaf is not None:
        return {value.node.code: Fraction(1)}
    if not value.steps:
        return None
    step = value.steps[0]
    rule = step.way.rule
    if rule.kind == "unknown" and not step.hypothesis:
        return None
    names = dict(zip(step.way.children, step.way.names, strict=True))
    share = {
        child: Fraction(rule.weights[names[child]]) if rule.kind == "weights" else Fraction(1)
        for child in step.children
    }
    total = sum(share.values(), Fraction(0))
    result: dict[str, Fraction] = {}
    for child, weight in share.items():
        below = item_weights(sheet, child)
        if below is None:
            return None
        for code, inner in below.items():
            result[code] = result.get(code, Fraction(0)) + weight / total * inner
    return result


def estimate(
    node: str, weights: dict[str, Fraction], moments: Moments, population: int | None = None
) -> Uncertainty | None:
    """Estimate, standard error and interval of a weighted sum of item means.

    ``weights`` by row code. Fewer than two sheets, more sheets than people, or an item with fewer than two
    answers give no standard error, with the reason; equal answers give the zero-variance bound.
    """
    n = moments.sheets
    counts = {row: moments.n.get((row, row), 0) for row in weights}
    if any(count == 0 for count in counts.values()):
        return None
    means = {row: Fraction(moments.first[(row, row)], counts[row]) for row in weights}
    value = sum((weights[row] * means[row] for row in weights), Fraction(0)) / moments.scale
    reason = None
    if population is not None and n > population:
        reason = "จำนวนผู้ตอบมากกว่าจำนวนบุคลากรที่ระบุ โปรดตรวจสอบจำนวนบุคลากร"
    elif n < 2:
        reason = "มีผู้ตอบเพียงคนเดียว จึงประมาณความคลาดเคลื่อนไม่ได้"
    elif min(counts.values()) < 2:
        reason = "บางข้อมีผู้ตอบเพียงคนเดียว จึงประมาณความคลาดเคลื่อนไม่ได้"
    if reason:
        return Uncertainty(node, value, None, None, None, n, population, reason)
    variance = _sum_of_squares(weights, means, moments) * Fraction(n, n - 1)
    if population:
        variance *= 1 - Fraction(n, population)
    se = math.sqrt(variance) / moments.scale
    low, high = _interval(value, se, n, population)
    return Uncertainty(node, value, se, low, high, n, population)


def _sum_of_squares(weights: dict[str, Fraction], means: dict[str, Fraction], moments: Moments) -> Fraction:
    """Σ_i u_i² exactly: the double sum over pairs of rows of w_k w_l Σ_i u_ik u_il."""
    rows = list(weights)
    total = Fraction(0)
    for position, k in enumerate(rows):
        for l in rows[position:]:  # noqa: E741 - the formula's name
            straight = (k, l) in moments.n or (l, k) not in moments.n
            pair = (k, l) if straight else (l, k)
            both = moments.n.get(pair, 0)
            if not both:
                continue
            first, second = moments.first[pair], moments.second[pair]
            x_k, x_l = (first, second) if straight else (second, first)
            sums = moments.product[pair] - means[k] * x_l - means[l] * x_k + means[k] * means[l] * both
            counts = moments.n[(k, k)] * moments.n[(l, l)]
            twice = 1 if k == l else 2  # the sum is over ordered pairs, and symmetric
            total += twice * weights[k] * weights[l] * sums / counts
    return total


def _interval(value: Fraction, se: float, n: int, population: int | None) -> tuple[float, float]:
    from scipy.special import expit, logit, stdtrit

    point = float(value)
    if se == 0 or not 0 < point < 100:
        return _zero_variance(point, n, population)
    share = point / 100
    half = float(stdtrit(n - 1, 0.975)) * se / 100 / (share * (1 - share))
    return 100 * float(expit(logit(share) - half)), 100 * float(expit(logit(share) + half))


def _zero_variance(point: float, n: int, population: int | None) -> tuple[float, float]:
    """The bound when all n said the same: how many of N may still differ with a chance of at least 5 %.

    Without a frame the same question over endless people: the share d with (1−d)^n ≥ 0.05.
    """
    if population is None:
        share = 1 - 0.05 ** (1 / n)
    else:
        different = 0
        whole = math.comb(population, n)
        while math.comb(population - different - 1, n) / whole >= 0.05:
            different += 1
        share = different / population
    return point - point * share, point + (100 - point) * share
