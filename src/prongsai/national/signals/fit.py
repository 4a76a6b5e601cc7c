"""How likely each sheet is for a person of its level. No signal itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from prongsai.national.signals.level import Levels, levels
from prongsai.national.signals.sight import Floats, Sheets, Sight
from prongsai.national.signals.tails import deviate, spread_binomial, usual

_ODD = 0.02  # of the nation's sheets of a band are called unlikely
_MUCH = 3.0  # natural logarithm: twenty times
_SOME = 0.005  # of honest people do anything odd, so that two in a small agency are no wonder


@dataclass(frozen=True, eq=False)
class Fit:
    """Per sheet: ``unlikely`` is among the least likely of its band (``few`` of each are, by choice), ``other_way`` is
    much likelier if polarity is ignored.
    """

    unlikely: NDArray[np.bool_]
    few: Floats
    other_way: NDArray[np.bool_]


def fit(sight: Sight, container: str) -> Fit:
    """The fit of all sheets of a survey, made once."""
    return sight.once(("fit", container), lambda: _fit(levels(sight, container)))


def excess(sheets: Sheets, marked: NDArray[np.bool_], expected: Floats | None = None) -> Floats:
    """How many marked sheets an agency has beyond those expected of its people, as a normal deviate.

    ``expected``: each sheet's chance of being marked (all alike where it is not given). What the nation's faulty
    agencies add to it is taken out again by the rate of usual agencies, whose marked sheets may resemble each other.
    """
    seen, of = sheets.per_agency(marked), sheets.sizes.astype(np.float64)
    rate, alike = usual(seen, of)
    rate = max(rate, _SOME)
    should = rate * of
    if expected is not None and expected.any():
        should = np.maximum(sheets.per_agency(expected) * min(1.0, rate / float(expected.mean())), _SOME * of)
    found = deviate(spread_binomial(seen, of, np.minimum(should / np.maximum(of, 1), 1), alike))
    return np.where(of > 0, found, np.nan)


def _fit(found: Levels) -> Fit:
    sheets = found.sheets
    kept = (found.band >= 0) & (found.band < found.bands - 1)
    likely = found.log_chance(sheets.ranks, found.band)
    other_way = np.zeros(len(likely), bool)
    falls = sheets.falls
    if falls.any() and not falls.all():
        turned = np.where(falls & (sheets.ranks >= 0), sheets.best - sheets.ranks, sheets.ranks).astype(np.int8)
        _, band = found.bands_of(turned)
        other_way = (found.band >= 0) & (found.log_chance(turned, band) > likely + _MUCH)
    return Fit(_lowest(likely, found) & kept, _ODD * kept.astype(np.float64), other_way)


def _lowest(value: Floats, found: Levels) -> NDArray[np.bool_]:
    """The few sheets of each band with the lowest value."""
    lowest = np.zeros(len(value), bool)
    order = np.lexsort((value, found.band))
    edges = np.searchsorted(found.band[order], np.arange(found.bands))
    for first, after in pairwise(edges):
        lowest[order[first : first + round(_ODD * (after - first))]] = True
    return lowest
