"""Chances of counts, as normal deviates, so that signals of several sizes can be compared. No signal itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, ndtri_exp

from prongsai.national.signals.sight import Floats

# From here on a pattern is worth a person's look where no cut was made from peers of the same size: about one in 500
# honest surveys of a simulated nation reaches it.
NOTABLE = 2.3
_LEAST = 1e-300
_ROUNDS, _FIRST, _BEYOND = 5, 0.05, 1e-4


def deviate(chance: ArrayLike) -> Floats:
    """The normal deviate that is exceeded with this chance: 0 for a half, 2.3 for one in a hundred, at most 37."""
    return np.asarray(-ndtri_exp(np.log(np.clip(np.asarray(chance, np.float64), _LEAST, 1 - 1e-9))), np.float64)


def negative_binomial(seen: ArrayLike, mean: ArrayLike, shape: ArrayLike) -> Floats:
    """The chance of as many or more where counts of peers spread by a gamma law of this shape; 1 for nothing seen."""
    seen, mean, shape = (np.asarray(one, np.float64) for one in np.broadcast_arrays(seen, mean, shape))
    mean = np.maximum(mean, 1e-12)
    tail = betainc(np.maximum(seen, 1e-9), shape, mean / (mean + shape))
    return np.where(seen <= 0, 1.0, np.asarray(tail, np.float64))


def spread_binomial(seen: ArrayLike, of: ArrayLike, rate: ArrayLike, alike: ArrayLike) -> Floats:
    """The chance of as many or more out of so many; 1 where nothing was seen or could be.

    ``alike``: how much trials of one agency resemble each other (their correlation, 0 up to 1). By the negative
    binomial of equal mean and variance (the Poisson law where it would be narrower): the beta-binomial's tail has no
    closed form.
    """
    of, rate, alike = (np.asarray(one, np.float64) for one in (of, rate, alike))
    mean = np.maximum(of * rate, 1e-12)
    wider = np.maximum((1 - rate) * (1 + np.maximum(of - 1, 0) * alike), 1 + 1e-6)  # variance over mean
    return np.where(of <= 0, 1.0, negative_binomial(seen, mean, mean / (wider - 1)))


def one_of(chances: Floats) -> Floats:
    """The least of several chances (by agency, the last axis), made honest for having looked several times."""
    least = chances.min(axis=0)
    return np.asarray(-np.expm1(len(chances) * np.log1p(-np.minimum(least, 1 - 1e-15))), np.float64)


def usual(seen: Floats, of: Floats) -> tuple[float, float]:
    """What peers do: the rate, and how much trials of one agency resemble each other, by moments.

    First without the twentieth of agencies that is farthest off, then again without those only that are beyond what
    chance and that resemblance explain (one in ten thousand).
    """
    told = of > 0
    share = np.where(told, seen / np.maximum(of, 1), 0)
    kept = told & (share <= np.quantile(share[told], 1 - _FIRST) if told.any() else False)
    rate, alike = 0.5, 0.0
    for _ in range(_ROUNDS):
        rate = float((seen[kept].sum() + 0.5) / (of[kept].sum() + 1))
        alike = resemblance(((seen - of * rate) ** 2)[kept], of[kept], rate * (1 - rate))
        kept = told & (spread_binomial(seen, of, rate, alike) >= _BEYOND)
    return rate, alike


def resemblance(off: Floats, of: Floats, base: float) -> float:
    """The correlation of trials within an agency that explains squared deviations of counts, by moments.

    ``base``: the variance of one trial.
    """
    more = float((of * (of - 1)).sum()) * base
    return float(np.clip((off.sum() - base * of.sum()) / more, 0, 0.99)) if more > 0 else 0.0
