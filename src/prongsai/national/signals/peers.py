"""What is usual among peers, by medians and quantiles of the nation itself: no clean file exists. No signal itself."""

from __future__ import annotations

import numpy as np

from prongsai.national.counted import Integers
from prongsai.national.signals.sight import Floats

SIZES = (10, 20, 50, 100, 200)  # where size classes part: sheets of the survey
_NARROWEST = 3
_PEERS = 100  # agencies of one neighbourhood, at the least


def size_class(sheets: Integers) -> Integers:
    """0 below the first cut, then one more at each."""
    return np.searchsorted(SIZES, sheets, side="right").astype(np.int64)


def typical(value: Floats, by: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """The median of agencies that are alike in ``by``, and the robust deviation of ``weight`` times what is left.

    Agencies are put into neighbourhoods of equal number; between their middles the medians are joined by lines.
    """
    known = np.flatnonzero(np.isfinite(value) & np.isfinite(by))
    middle, scale = np.full(len(value), np.nan), np.full(len(value), np.nan)
    if not len(known):
        return middle, scale
    order = known[np.argsort(by[known], kind="stable")]
    near = np.array_split(order, int(np.clip(len(order) // _PEERS, 1, 80)))
    at = np.array([np.median(by[some]) for some in near])
    middle[known] = np.interp(by[known], at, [np.median(value[some]) for some in near])
    left = np.abs(value - middle) * weight
    wide = np.array([1.4826 * np.median(left[some]) for some in near])
    floor = max(float(np.median(wide)) / _NARROWEST, 1e-9)  # where peers are all alike, differing is no wonder
    scale[known] = np.interp(by[known], at, np.maximum(wide, floor))
    return middle, scale


def above_typical(value: Floats, by: Floats) -> Floats:
    """How far a value lies above that of agencies alike in ``by``, in their robust deviations."""
    middle, scale = typical(value, by, np.ones(len(value)))
    found: Floats = (value - middle) / scale
    return found
