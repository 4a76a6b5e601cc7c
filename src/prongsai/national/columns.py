"""Interval arithmetic on whole columns: one score of all agencies at once, in integers.

A score is counted in units of 1/``UNIT`` point and rounded down, with a bound on what was cut off: the true value lies
in [v, v + error). ``error`` 0 says that v is the true value. ``UNIT`` is divisible by all numbers to 30, so that most
means of few answers and few items are exact as they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prongsai.framework.model import Hypothesis, Rule
from prongsai.national.counted import Integers

UNIT = lcm(*range(1, 31))
TOP = 100 * UNIT
ABSENT, UNKNOWN, COMPUTED, COUNTED = 0, 1, 2, 3  # origins as in scoring.score; nothing is given here
_LIMIT = 2**63 - 1
Mask = NDArray[np.bool_]


@dataclass
class Column:
    """One node's score in all agencies. ``point``: low and high are the same true value, not only the same digits.

    ``divisor``: the denominator of a value that was counted directly, 0 for any other. Two counted values whose
    divisors multiply to less than ``UNIT`` are equal where their digits are: if they differed, it would be by more.
    """

    low: Integers
    high: Integers
    error: Integers
    point: Mask
    state: NDArray[np.int8]
    divisor: Integers | int = 0

    @property
    def present(self) -> Mask:
        """Where the node has not left the denominator."""
        return np.asarray(self.state != ABSENT)

    @property
    def informative(self) -> Mask:
        """Where anything is known of it."""
        return self.state >= COMPUTED


def anything(lines: int, state: NDArray[np.int8] | int = UNKNOWN) -> Column:
    """Scores of which nothing is known."""
    zero = np.zeros(lines, np.int64)
    return Column(zero, zero + TOP, zero, np.zeros(lines, bool), np.zeros(lines, np.int8) + np.int8(0) + state)


def ratio(total: Integers, count: Integers) -> tuple[Integers, Integers]:
    """``total / count`` points in units, and the error of each; count > 0, total ≤ 100 · count."""
    if int(count.max(initial=1)) * UNIT > _LIMIT:
        total, count = total.astype(object), count.astype(object)
    whole, rest = total // count, total % count
    parts = rest * UNIT
    value = whole * UNIT + parts // count
    return value.astype(np.int64), (parts % count != 0).astype(np.int64)


def mean_of(total: Integers, count: Integers, known: Mask) -> Column:
    """An item's score from points and answers; nobody answered: absent; not ``known``: nothing was asked."""
    answered = known & (count > 0)
    value, error = ratio(np.where(answered, total, 0), np.where(answered, count, 1))
    state = np.where(answered, COUNTED, np.where(known, ABSENT, UNKNOWN)).astype(np.int8)
    low, high = np.where(answered, value, 0), np.where(answered, value, TOP)
    return Column(low, high, np.where(answered, error, 0), answered, state, np.where(answered, count, 0))


def combine(
    rule: Rule,
    names: Sequence[str],
    children: Sequence[Column],
    hypothesis: Hypothesis | None,
    sheets: dict[str, Integers],
) -> Column:
    """``scoring.score.combine`` for all agencies: a rule applied to the children that have not left the denominator.

    Where no child is present the value has no meaning.
    """
    if hypothesis and hypothesis.pooled:
        pooled = [sheets.get(name, np.zeros(len(children[0].low), np.int64)) for name in names]
        unknown = combine(rule, names, children, None, sheets)
        counted = np.all([(w > 0) | ~c.present for w, c in zip(pooled, children, strict=True)], axis=0)
        found = _weighted(pooled, children)
        return choose(counted, found, unknown)
    lines = len(children[0].low)
    if hypothesis and hypothesis.weights:
        return _weighted(_whole([Fraction(hypothesis.weights[name]) for name in names], lines), children)
    if hypothesis or rule.kind == "mean":
        return _weighted([np.ones(lines, np.int64)] * len(names), children)
    if rule.kind == "weights":
        return _weighted(_whole([Fraction(rule.weights[name]) for name in names], lines), children)
    return _between(rule, dict(zip(names, children, strict=True)))


def meet(first: Column, second: Column) -> tuple[Column, Mask]:
    """What both say, the first where they contradict each other; and where rounding leaves that open.

    Where the first is one value the answer is that value in either case.
    """
    low, high = np.maximum(first.low, second.low), np.minimum(first.high, second.high)
    error = np.maximum(first.error, second.error)
    near = (error > 0) & (np.abs(high - low) <= error) & ~first.point
    both = Column(low, high, error, second.point | ((low == high) & (error == 0)), first.state)
    return choose((low <= high) & ~first.point, both, first), near


def doubtful(column: Column) -> Mask:
    """Where the digits cut off may decide: whether ends are equal, whether anything is known, how a score is shown."""
    blurred = column.error > 0
    equal = blurred & ~column.point & (column.high - column.low <= column.error)
    anywhere = blurred & (column.low <= 0) & (column.high + column.error >= TOP)
    rounding = (shown(column.low) != shown(column.low + column.error)) | (
        shown(column.high) != shown(column.high + column.error)
    )
    return np.asarray(equal | anywhere | rounding)


def shown(value: Integers) -> Integers:
    """Hundredths of a point as shown: half up."""
    return (200 * value + UNIT) // (2 * UNIT)


def _whole(weights: list[Fraction], lines: int) -> list[Integers]:
    factor = lcm(*(weight.denominator for weight in weights))
    return [np.full(lines, int(weight * factor), np.int64) for weight in weights]


def _weighted(weights: Sequence[Integers], children: Sequence[Column]) -> Column:
    """Weighted mean over the children present; like ``scoring.interval.weighted``."""
    kept = [np.where(child.present, weight, 0) for weight, child in zip(weights, children, strict=True)]
    low, low_rest = _quotient(kept, [child.low for child in children])
    high, high_rest = _quotient(kept, [child.high for child in children])
    used = [child.error * (weight > 0) for child, weight in zip(children, kept, strict=True)]
    error = reduce(np.maximum, used) + (low_rest | high_rest)
    point = np.all([child.point | (weight == 0) for child, weight in zip(children, kept, strict=True)], axis=0)
    point |= (low == high) & (error == 0)
    return Column(low, high, error, point, children[0].state)


def _quotient(weights: Sequence[Integers], values: Sequence[Integers]) -> tuple[Integers, Mask]:
    """Σ w·v / Σ w rounded down, and where something was cut off; 0 where all weights are."""
    total: Any = reduce(np.add, weights)
    if int(total.max(initial=0)) * TOP > _LIMIT:  # Python's own integers where 64 bits are too few
        weights = [weight.astype(object) for weight in weights]
        total = total.astype(object)
    above = reduce(np.add, [weight * value for weight, value in zip(weights, values, strict=True)])
    below = np.where(total > 0, total, 1)
    return (above // below).astype(np.int64), (above % below != 0).astype(bool)


def _between(rule: Rule, children: dict[str, Column]) -> Column:
    """Like ``scoring.interval.between``: only the weight of each group of children is known, exactly or by a limit."""
    some = next(iter(children.values()))
    groups: list[tuple[Column, Mask, list[Fraction], Mask]] = []  # hull, present, limits, whether whole
    rest, left = dict(children), Fraction(100)
    for share in rule.shares:
        percent = Fraction(share.percent)
        left -= percent
        members = [rest.pop(name) for name in share.of if name in rest]
        if members:
            whole = np.all([member.present for member in members], axis=0) & (len(members) == len(share.of))
            groups.append((*_hull(members), [percent, Fraction(0)], whole))
    if rest and left:
        members = list(rest.values())
        groups.append((*_hull(members), [left, Fraction(0)], np.all([member.present for member in members], axis=0)))
    factor = lcm(*(limit.denominator for _, _, limits, _ in groups for limit in limits))
    low, high = np.full_like(some.low, TOP), np.zeros_like(some.low)
    cut = np.zeros(len(low), bool)
    for chosen in product((0, 1), repeat=len(groups)):
        weights = [
            np.where(present, np.where(whole, int(limits[0] * factor), int(limits[end] * factor)), 0)
            for end, (_, present, limits, whole) in zip(chosen, groups, strict=True)
        ]
        valid = reduce(np.add, weights) > 0
        at_low, low_rest = _quotient(weights, [hull.low for hull, _, _, _ in groups])
        at_high, high_rest = _quotient(weights, [hull.high for hull, _, _, _ in groups])
        low, high = np.where(valid, np.minimum(low, at_low), low), np.where(valid, np.maximum(high, at_high), high)
        cut |= valid & (low_rest | high_rest)
    error = reduce(np.maximum, [np.where(child.present, child.error, 0) for child in children.values()]) + cut
    alone = np.sum([child.present for child in children.values()], axis=0) == 1
    point = np.all([child.point | ~child.present for child in children.values()], axis=0)
    point &= alone | ((low == high) & _told_apart(list(children.values())))
    return Column(low, high, error, point | ((low == high) & (error == 0)), some.state)


def _told_apart(children: Sequence[Column]) -> Mask:
    """Where values that differ also differ in their digits."""
    most = reduce(np.maximum, [np.where(child.present, child.divisor, 0) for child in children])
    counted = np.all([~child.present | (np.asarray(child.divisor) > 0) for child in children], axis=0)
    return np.asarray(counted & (most < 10**6))


def _hull(members: Sequence[Column]) -> tuple[Column, Mask]:
    low = reduce(np.minimum, [np.where(member.present, member.low, TOP) for member in members])
    high = reduce(np.maximum, [np.where(member.present, member.high, 0) for member in members])
    present = np.any([member.present for member in members], axis=0)
    first = members[0]
    return Column(low, high, first.error, first.point, first.state), present


def choose(mask: Mask, first: Column, second: Column) -> Column:
    """The first where the mask holds, else the second."""
    return Column(
        np.where(mask, first.low, second.low),
        np.where(mask, first.high, second.high),
        np.where(mask, first.error, second.error),
        np.where(mask, first.point, second.point),
        np.where(mask, first.state, second.state),
    )
