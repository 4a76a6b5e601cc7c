"""Ranks with their uncertainty: between which ranks an agency surely lies.

Joint confidence region of M. Klein, T. Wright and J. Wieczorek (2020), A joint confidence region for an overall ranking
of populations, Journal of the Royal Statistical Society C 69, 589–606: where the intervals of all agencies hold
together, an agency lies behind all whose interval lies wholly above its own and before all whose lies wholly below;
then all agencies together lie within their ranks. Rank 1 has the highest score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.analysis import uncertainty
from prongsai.national.counted import Integers
from prongsai.national.uncertain import REASONS, Estimates

Floats = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class League:
    """One node's ranks, by agency; 0 for agencies whose score is not exactly known, which are left out.

    ``rank``: of the scores as they are, equal ones sharing the better rank. ``best``, ``worst``: the ranks that agree
    with what chance may have done, for all agencies together. ``of``: how many are ranked (in the agency's group).
    """

    rank: Integers
    best: Integers
    worst: Integers
    of: Integers


def league(found: Estimates, node: str, group: Integers | None = None, confidence: float = CONFIDENCE) -> League:
    """The ranks of one node in the nation, or within each ``group`` (any integers, by agency).

    Intervals hold jointly for the nation in both cases, so that all tables hold together.
    """
    value = found.value[found.line(node)]
    low, high = joint_limits(found, node, confidence)
    best, worst = ranks(low, high, group)
    return League(ranks(value, value, group)[0], best, worst, _sizes(~np.isnan(value), group))


def joint_confidence(count: int, confidence: float = CONFIDENCE) -> float:
    """The confidence of one interval so that ``count`` independent ones hold together: Šidák's.

    A trace narrower than Bonferroni's, which would hold without independence too; agencies are asked independently.
    """
    return float(confidence ** (1 / max(count, 1)))


def joint_limits(found: Estimates, node: str, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Intervals of one node that hold for all agencies together; NaN where the score is not exactly known.

    As the 95 % interval of a single agency (``analysis.uncertainty``): logit-t, a bound where all answers are equal, a
    point where all answered or nothing was sampled. 0 to 100 where no error can be estimated.
    """
    from scipy.special import expit, logit, stdtrit

    line = found.line(node)
    value, se, degrees = found.value[line], found.se[line], found.degrees[line]
    chance = 1 - joint_confidence(int((~np.isnan(value)).sum()), confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = value / 100
        half = stdtrit(degrees, 1 - chance / 2) * (se / 100) / (share * (1 - share))
        low, high = 100 * expit(logit(share) - half), 100 * expit(logit(share) + half)
        # All of n people said the same: the share of endless people who may differ, at this chance.
        differ = 1 - chance ** (1 / (degrees + 1))
    point = _because(found, line, uncertainty.ALL_ANSWERED, uncertainty.NO_SAMPLE)
    equal = _because(found, line, uncertainty.ALL_EQUAL)
    low = np.select([point, equal, np.isnan(se)], [value, value * (1 - differ), 0.0], low)
    high = np.select([point, equal, np.isnan(se)], [value, value + (100 - value) * differ, 100.0], high)
    unknown = np.isnan(value)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def ranks(low: Floats, high: Floats, group: Integers | None = None) -> tuple[Integers, Integers]:
    """Best and worst rank of every agency from intervals that hold jointly; NaN is left out and has rank 0.

    Intervals that touch decide nothing, so equal points share their ranks. ``group``: ranks within each group (any
    integers, by agency). In O(n log n).
    """
    best, worst = np.zeros(len(low), np.int64), np.zeros(len(low), np.int64)
    for members in _groups(~(np.isnan(low) | np.isnan(high)), group):
        lows, highs = np.sort(low[members]), np.sort(high[members])
        best[members] = 1 + len(members) - np.searchsorted(lows, high[members], "right")
        worst[members] = len(members) - np.searchsorted(highs, low[members], "left")
    return best, worst


def _because(found: Estimates, line: int, *reasons: uncertainty.Reason) -> NDArray[np.bool_]:
    return np.isin(found.reason[line], [REASONS.index(reason) for reason in reasons])


def _groups(known: NDArray[np.bool_], group: Integers | None) -> list[Integers]:
    lines = np.flatnonzero(known)
    if group is None:
        return [lines]
    lines = lines[np.argsort(group[lines], kind="stable")]
    return np.split(lines, np.flatnonzero(np.diff(group[lines])) + 1)


def _sizes(known: NDArray[np.bool_], group: Integers | None) -> Integers:
    sizes = np.zeros(len(known), np.int64)
    for members in _groups(known, group):
        sizes[members] = len(members)
    return sizes
