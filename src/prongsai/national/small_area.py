"""Shrunk estimates for agencies with few answers. An option for people who compute, never the official score.

The area-level model of R. E. Fay and R. A. Herriot (1979), Estimates of income for small places: what an agency's score
was found to be is what it is plus the error of sampling; what it is, is the mean of its kind of agency plus its own
deviation, whose variance is the same everywhere. The best estimate under that model draws a score towards the mean of
its kind, the more so the larger its standard error. The variance is estimated by restricted maximum likelihood, and the
mean squared error as G. S. Datta and P. Lahiri (2000), Statistica Sinica 10, give it for that estimator (the formula of
N. G. N. Prasad and J. N. K. Rao, 1990, with the variance of this one). With kinds as the only covariate everything is
in closed form but the root of one score equation, found by Fisher's scoring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.analysis import uncertainty
from prongsai.national.counted import Integers
from prongsai.national.uncertain import REASONS, Estimates

Floats = NDArray[np.float64]
_ROUNDS, _CLOSE = 200, 1e-12


@dataclass(frozen=True)
class Shrunk:
    """One node, by agency, in points; NaN where there is no standard error to weigh the score by.

    ``direct``: the score itself. ``shrunk``: drawn towards ``expected``, the mean of its kind under the model.
    ``kept``: the weight (0–1) of the score itself. ``rmse``: root of the mean squared error of ``shrunk``; where it is
    not less than the standard error there was nothing to gain. ``variance``: of agencies within their kind (points²), 0
    where the spread of scores is no wider than chance makes it.
    """

    direct: Floats
    shrunk: Floats
    expected: Floats
    kept: Floats
    rmse: Floats
    variance: float


def shrink(found: Estimates, node: str, kind: Integers) -> Shrunk:
    """The shrunk estimates of one node. ``kind``: a small integer by agency.

    An agency in which everybody answered keeps its score. Scores of which all answers are equal say nothing about their
    error, and are left out like those without a standard error.
    """
    line = found.line(node)
    equal = found.reason[line] == REASONS.index(uncertainty.ALL_EQUAL)
    return fay_herriot(found.value[line], np.where(equal, np.nan, found.se[line]), kind)


def fay_herriot(value: Floats, se: Floats, kind: Integers) -> Shrunk:
    """The model itself, on any numbers; NaN in either is left out. Needs an agency more than there are kinds."""
    known = np.flatnonzero(~(np.isnan(value) | np.isnan(se)))
    different, group = np.unique(kind[known], return_inverse=True)
    nothing = np.full(len(value), np.nan)
    if len(known) <= len(different):
        return Shrunk(value, nothing, nothing, nothing, nothing, float("nan"))
    y, sampled = value[known], se[known] ** 2
    model = _Model(y, sampled, group, len(different))
    between = model.variance()
    weight, expected, inverse = model.fit(between)
    kept = np.where(sampled == 0, 1.0, between * weight)
    own, mean, estimated = kept * sampled, (1 - kept) ** 2 * inverse, (1 - kept) ** 2 * weight
    rmse = np.sqrt(own + mean + 2 * estimated * 2 / np.sum(weight**2))

    def placed(values: Floats) -> Floats:
        everywhere = nothing.copy()
        everywhere[known] = values
        return everywhere

    shrunk = placed(kept * y + (1 - kept) * expected)
    return Shrunk(value, shrunk, placed(expected), placed(kept), placed(rmse), between)


class _Model:
    """Means of kinds weighted by 1/(variance + sampling variance), and the restricted likelihood of the variance."""

    def __init__(self, y: Floats, sampled: Floats, group: Integers, groups: int) -> None:
        self.y, self.sampled, self.group, self.groups = y, sampled, group, groups

    def fit(self, between: float) -> tuple[Floats, Floats, Floats]:
        """Weights, the mean of each one's kind and the variance of that mean, given the variance between agencies."""
        weight = 1 / np.maximum(between + self.sampled, _CLOSE)
        total = self._sum(weight)
        mean = self._sum(weight * self.y) / total
        return weight, mean[self.group], 1 / total[self.group]

    def variance(self) -> float:
        """The restricted maximum likelihood estimate, from the moments of Prasad and Rao as a start; 0 at least."""
        count = len(self.y)
        plain = self.y - (self._sum(self.y) / self._sum(np.ones(count)))[self.group]
        leverage = 1 / self._sum(np.ones(count))[self.group]
        between = max((np.sum(plain**2) - np.sum(self.sampled * (1 - leverage))) / (count - self.groups), _CLOSE)
        for _ in range(_ROUNDS):
            weight, mean, _inverse = self.fit(between)
            first, second, third = (self._sum(weight**power) for power in (1, 2, 3))
            trace = np.sum(first - second / first)
            information = np.sum(second - 2 * third / first + (second / first) ** 2) / 2
            step = (np.sum((weight * (self.y - mean)) ** 2) - trace) / 2 / information
            last, between = between, max(between + step, 0.0)
            if abs(between - last) <= _CLOSE * (1 + between):
                break
        return float(between)

    def _sum(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.group, values, self.groups), np.float64)
