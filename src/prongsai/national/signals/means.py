"""What each survey says of each agency on one scale, with its error, measured from its peers. No signal itself.

Means are taken to the logit scale, where a difference near 100 weighs as much as the same one elsewhere in the latent
level. The error is that of independent people without finite population correction: the question is whether another
draw of respondents could have told it, not what the staff present would say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.national.counted import Integers
from prongsai.national.signals.level import levels
from prongsai.national.signals.sight import Floats, Sight

FEWEST = 20  # agencies from which anything about peers is learnt
_KIND = 40  # agencies of a kind that are compared among themselves; smaller kinds stand together
_PRIOR = 5  # people whose spread is taken to be the nation's, so that three equal sheets are not certain
_EDGE = 0.5  # sheets added at both ends, so that a mean of 100 has a logit


@dataclass(frozen=True, eq=False)
class Means:
    """One survey. ``points``: mean of sheets, 0–100; ``value``: on the logit scale, less the peers' median; ``error``:
    its variance; NaN where no sheet came.
    """

    points: Floats
    value: Floats
    error: Floats


def means(sight: Sight, container: str) -> Means:
    """The means of one survey."""
    return sight.once(("means", container), lambda: _means(sight, container))


def peers(sight: Sight) -> Integers:
    """Which agencies are compared: those of one kind, small kinds together."""
    return sight.once("peers", lambda: _peers(sight))


def spread(values: Floats) -> float:
    """Robust standard deviation; NaN is left out."""
    known = values[np.isfinite(values)]
    return float(1.4826 * np.median(np.abs(known - np.median(known)))) if len(known) else 0.0


def less_median(values: Floats, group: Integers) -> Floats:
    """Values less the median of their group."""
    found = np.full(len(values), np.nan)
    for one in np.unique(group):
        here = group == one
        known = values[here & np.isfinite(values)]
        found[here] = values[here] - (np.median(known) if len(known) else np.nan)
    return found


def _peers(sight: Sight) -> Integers:
    kinds = sight.nation.agencies["kind"].to_numpy()
    names, place, count = np.unique(kinds, return_inverse=True, return_counts=True)
    return np.where(count[place] >= _KIND, place, len(names)).astype(np.int64)


def _means(sight: Sight, container: str) -> Means:
    sheets, level = sight.sheets(container), levels(sight, container).level
    told: NDArray[np.bool_] = np.isfinite(level)
    count = sheets.per_agency(told)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sheets.per_agency(np.nan_to_num(level)) / count
        off = sheets.per_agency(np.where(told, (level - mean[sheets.owner]) ** 2, 0))
        inner = (mean * count + _EDGE) / (count + 2 * _EDGE)
        slope = inner * (1 - inner)
        usual = (
            float(np.nanmedian(np.where(count > _PRIOR, off / (count - 1) / slope, np.nan))) if count.max() > 1 else 1
        )
        between = (off + _PRIOR * usual * slope) / (np.maximum(count - 1, 0) + _PRIOR)
        error = np.where(count > 0, between / count / slope**2, np.nan)
        value = np.where(count > 0, np.log(inner / (1 - inner)), np.nan)
    return Means(100 * mean, less_median(value, peers(sight)), error)
