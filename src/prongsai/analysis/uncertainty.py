"""Standard errors and intervals from the moments of the answer sheets, one agency at a time.

Closed form of the linearised ratio for any score that is a weighted sum of item means:
``SE² = (1 − f) · n/(n−1) · Σ u_i²``, with n the number of sheets (an empty sheet counts) and f = n/N.
Interval: t with n−1 on the logit scale, and an exact bound where all answers are equal. A score of several surveys,
which are independent: variances added, degrees of freedom by Satterthwaite, the interval from the surveys' own.
Checked against R ``survey`` to 1e-9; docs/statistics.md has the formulas, their sources and what an interval does not
say. Standard errors are floats; the scores they belong to stay exact. ``national.uncertain`` is the same for all
agencies at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from prongsai.analysis.disclosure import may_show_error
from prongsai.scoring.score import ScoreSheet, Step
from prongsai.scoring.tally import Moments


@dataclass(frozen=True)
class Reason:
    """Why a standard error is missing, or is zero."""

    code: str
    th: str
    en: str


NO_SHEETS = Reason("no_sheets", "ไม่มีคำตอบรายชุด", "no answer sheets")
NOT_KNOWN = Reason("not_known", "ยังไม่ทราบคะแนนที่แน่นอน", "the score itself is not exactly known")
ABSENT = Reason("absent", "ไม่มีผู้ตอบหรือไม่เข้าข่ายประเมิน", "nobody answered, or it does not apply")
WEIGHTS = Reason("weights", "ไม่ทราบน้ำหนักของคะแนนที่นำมารวม", "the weights of what was combined are not known")
NO_SAMPLE = Reason("no_sample", "เป็นการตรวจทุกข้อ ไม่ใช่การสุ่ม", "inspected item by item: not a sample")
MORE_THAN_PEOPLE = Reason(
    "more_than_people",
    "จำนวนผู้ตอบมากกว่าจำนวนบุคลากรที่ระบุ โปรดตรวจสอบจำนวนบุคลากร",
    "more sheets than people: check the number of staff",
)
ONE_SHEET = Reason(
    "one_sheet", "มีผู้ตอบเพียงคนเดียว จึงประมาณความคลาดเคลื่อนไม่ได้", "one sheet only: no error can be estimated"
)
FEW_ANSWERS = Reason(
    "few_answers",
    "บางข้อมีผู้ตอบเพียงคนเดียว จึงประมาณความคลาดเคลื่อนไม่ได้",
    "an item was answered once only: no error can be estimated",
)
ALL_ANSWERED = Reason("all_answered", "ทุกคนตอบ จึงไม่มีความคลาดเคลื่อนจากการสุ่ม", "everybody answered: no sampling error")
ALL_EQUAL = Reason("all_equal", "คำตอบไม่ต่างกันเลย", "no answer differs: the interval is an exact bound")


DOUBT = Fraction(1, 20)  # what intervals leave out: 95 %


@dataclass(frozen=True)
class Uncertainty:
    """A score with its standard error and 95 % interval; ``se`` None with the reason where there is none.

    ``degrees`` of freedom: sheets less one, or effective ones where several surveys are combined. ``population``
    None: no frame is known, so the interval only says what chance alone would do.
    """

    node: str
    estimate: Fraction
    se: float | None
    low: float | None
    high: float | None
    sheets: int
    population: int | None
    reason: Reason | None = None
    degrees: float | None = None

    @property
    def reason_th(self) -> str | None:
        """Why there is no standard error; None where there is one."""
        return self.reason.th if self.reason and self.se is None else None


Weights = dict[str, dict[str, Fraction]]  # survey or part -> item row -> its weight in the score


def uncertainty(sheet: ScoreSheet, node: str) -> Uncertainty | None:
    """Uncertainty of a score that rests on answers; None where it is not exactly known or may not be shown.

    None also where it rests on a survey whose answer sheets were not given. A checklist is no sample: it adds to the
    score and nothing to its error.
    """
    found = unfiltered(sheet, node) if may_show_error(sheet, node).shown else None
    whole = sheet.values[node].node.kind in ("overall", "instrument", "part")
    if found and found.reason is ALL_EQUAL and not whole and 0 < found.estimate < 100:
        return None  # an error of zero would say that all answered alike, which such a score does not
    return found


def unfiltered(sheet: ScoreSheet, node: str, doubt: Fraction = DOUBT) -> Uncertainty | None:
    """The same for computing on, without asking what may be shown."""
    value = sheet.score(node)
    if value is None or not sheet.results.moments:
        return None
    weights = item_weights(sheet, node)
    if weights is None:
        return Uncertainty(node, value, None, None, None, 0, None, WEIGHTS)
    parts = []
    for container, rows in weights.items():
        moments = sheet.results.moments.get(container)
        share = sum(rows.values(), Fraction(0))
        own = {row: weight / share for row, weight in rows.items() if weight}
        found = moments and own and estimate(node, own, moments, sheet.results.population.get(container), doubt)
        if not found:
            return None
        parts.append((share, found))
    return combine(value, parts) if parts else None


def item_weights(sheet: ScoreSheet, node: str) -> Weights | None:
    """The weight of every item row in a node's score, by survey; None where a rule's weights are unknown.

    Rows that nobody answered have left the denominator, as in the score itself; a checklist has no rows here.
    """
    value = sheet.values[node]
    if value.node.instrument and _kind(sheet, value.node.instrument) != "survey":
        return {}
    if node in sheet.results.tallies:
        return {value.node.part or value.node.instrument or "": {value.node.code: Fraction(1)}}
    for step in value.steps:
        shares = _shares(sheet, step)
        below = {child: item_weights(sheet, child) for child in step.children}
        if shares is None or None in below.values():
            continue  # another way may be known
        result: Weights = {}
        for child, share in shares.items():
            for container, rows in (below[child] or {}).items():
                sums = result.setdefault(container, {})
                for row, weight in rows.items():
                    sums[row] = sums.get(row, Fraction(0)) + share * weight
        return result
    return None


def _kind(sheet: ScoreSheet, instrument: str) -> str:
    return next(one.kind for one in sheet.framework.instruments if one.code == instrument)


def _shares(sheet: ScoreSheet, step: Step) -> dict[str, Fraction] | None:
    """What each child weighs in a step, together 1; None where that is not known."""
    names = dict(zip(step.way.children, step.way.names, strict=True))
    guess, rule = step.hypothesis, step.way.rule
    weights: dict[str, Any]
    if guess and guess.pooled:
        weights = sheet.results.respondents
    elif guess and guess.weights:
        weights = guess.weights
    elif guess or rule.kind == "mean" or len(step.children) == 1:
        weights = dict.fromkeys(names.values(), 1)
    elif rule.kind == "weights":
        weights = rule.weights
    else:
        return None
    total = sum((Fraction(weights[names[child]]) for child in step.children), Fraction(0))
    return {child: Fraction(weights[names[child]]) / total for child in step.children} if total else None


def estimate(
    node: str,
    weights: dict[str, Fraction],
    moments: Moments,
    population: int | None = None,
    doubt: Fraction = DOUBT,
) -> Uncertainty | None:
    """Estimate, standard error and interval of a weighted mean of item means of one survey.

    ``weights`` by row code, together 1. Fewer than two sheets, more sheets than people, or an item with fewer than
    two answers give no standard error, with the reason; equal answers give the zero-variance bound. None where
    nobody answered one of the rows.
    """
    n = moments.sheets
    counts = {row: moments.n.get((row, row), 0) for row in weights}
    fewest = min(counts.values())
    if not fewest:
        return None
    means = {row: Fraction(moments.first[(row, row)], counts[row]) for row in weights}
    value = sum((weights[row] * means[row] for row in weights), Fraction(0)) / moments.scale
    reason = None
    if population is not None and n > population:
        reason = MORE_THAN_PEOPLE
    elif n < 2:
        reason = ONE_SHEET
    elif fewest < 2:
        reason = FEW_ANSWERS
    if reason:
        return Uncertainty(node, value, None, None, None, n, population, reason)
    variance = _sum_of_squares(weights, means, moments) * Fraction(n, n - 1)
    if population:
        variance *= 1 - Fraction(n, population)
    found = Uncertainty(node, value, math.sqrt(variance) / moments.scale, None, None, n, population, None, n - 1)
    if n == population:
        return replace(found, low=float(value), high=float(value), reason=ALL_ANSWERED)
    if not variance:
        differ = may_differ(fewest, population, doubt)
        low, high = float(value) * (1 - differ), float(value) + float(100 - value) * differ
        return replace(found, low=low, high=high, reason=ALL_EQUAL)
    assert found.se
    low, high = logit_bounds(float(value / 100), float(1 - value / 100), found.se, t_quantile(n - 1, doubt))
    return replace(found, low=float(low), high=float(high))


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


def combine(value: Fraction, parts: list[tuple[Fraction, Uncertainty]]) -> Uncertainty:
    """A score ``value`` of which each survey is a share; what is left of it is known without error.

    Surveys are independent, so variances add. The interval is put together from the surveys' own (MOVER: Zou and
    Donner, Statistics in Medicine 27, 2008), so that it stays within 0–100 and keeps their bounds.
    """
    found = parts[0][1]
    if len(parts) == 1 and parts[0][0] == 1:
        return found
    sheets = sum(one.sheets for _, one in parts)
    people = [one.population for _, one in parts]
    population = None if None in people else sum(count or 0 for count in people)
    whole = Uncertainty(found.node, value, None, None, None, sheets, population)
    variances, below, above, degrees = [], [], [], []
    for share, one in parts:
        if one.se is None or one.low is None or one.high is None or one.degrees is None:
            return replace(whole, reason=one.reason)
        variances.append((float(share) * one.se) ** 2)
        below.append(float(share) * (float(one.estimate) - one.low))
        above.append(float(share) * (one.high - float(one.estimate)))
        degrees.append(one.degrees)
    reasons = {one.reason for _, one in parts}
    return replace(
        whole,
        se=math.sqrt(math.fsum(variances)),
        low=float(value) - math.hypot(*below),
        high=float(value) + math.hypot(*above),
        degrees=_effective(variances, degrees),
        reason=(ALL_EQUAL if ALL_EQUAL in reasons else ALL_ANSWERED) if None not in reasons else None,
    )


def _effective(variances: list[float], degrees: list[float]) -> float:
    """Degrees of freedom of a sum of independent variances: (ΣV)² / Σ V²/ν.

    Satterthwaite, Biometrics Bulletin 2 (1946). Without any variance the fewest of the surveys.
    """
    total = math.fsum(variances)
    parts = math.fsum(v**2 / nu for v, nu in zip(variances, degrees, strict=True))
    return total**2 / parts if parts else min(degrees)


def t_quantile(degrees: Any, doubt: Fraction = DOUBT) -> Any:
    """The quantile of Student's t that leaves half the doubt above it; a number or an array."""
    from scipy.special import stdtrit

    return stdtrit(degrees, float(1 - doubt / 2))


def logit_bounds(share: Any, rest: Any, se: Any, quantile: Any) -> tuple[Any, Any]:
    """Bounds (points) by t on the logit scale; numbers or arrays.

    ``share`` = score/100 and ``rest`` = 1 − share, both given so that neither loses digits near the ceiling; ``se`` in
    points. The same as ``expit(logit(share) ± half)``.
    """
    import numpy as np

    with np.errstate(over="ignore"):  # an endless odds ratio is the bound 0 or 100
        half = quantile * se / (100 * share * rest)
        return 100 * share / (share + rest * np.exp(half)), 100 * share / (share + rest * np.exp(-half))


def may_differ(n: int, population: int | None, doubt: Fraction = DOUBT) -> float:
    """The share of all people who may differ although n of them said the same, with a chance of at least ``doubt``.

    The largest D of N with C(N−D, n) / C(N, n) ≥ 0.05, as D/N. Without a frame the same question over endless people:
    the share d with (1−d)^n ≥ 0.05.
    """
    if population is None:
        return float(1 - float(doubt) ** (1 / n))
    different, chance, whole = 0, 1, 1
    while True:
        chance, whole = chance * (population - n - different), whole * (population - different)
        if chance * doubt.denominator < whole * doubt.numerator:
            return different / population
        different += 1
