"""How people of the same level answer: the null model that signals of the answers compare with. No signal itself.

A sheet's *level* is the mean of its answers between worst (0) and best (1), cut into bands of the nation's sheets;
sheets that are best throughout are a band of their own. Given the level, rows are taken as independent, with the
nation's own share of each option. Nothing here knows a distribution: curves are counted, smoothed by half an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from prongsai.national.counted import Integers
from prongsai.national.signals.sight import Floats, Sheets, Sight, Small

_BANDS = 40
Single = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Levels:
    """The level of every sheet and the curves of every row.

    ``level``: 0–1 per sheet, NaN for an empty one. ``band``: its band, the last one for best throughout, -1 for an
    empty one. ``chance``: bands × cells, the share of each option among the band's sheets; the cells of all rows side
    by side, each row's beginning at ``first`` with no answer. ``edges``: where bands part.
    """

    sheets: Sheets
    level: Floats
    band: Integers
    chance: Floats
    first: Integers
    edges: Floats

    @property
    def bands(self) -> int:
        """How many bands there are."""
        return len(self.chance)

    def marks_of(self, some: Integers) -> Single:
        """Some sheets × cells: 1 where an option was chosen. No answer is a cell of its own, before the options."""
        cells = self.sheets.ranks[some] + (self.first + 1)
        found = np.zeros((len(cells), self.chance.shape[1]), np.float32)
        np.put_along_axis(found, cells, 1, axis=1)
        return found

    @cached_property
    def mixture(self) -> Floats:
        """Agencies × bands: how many sheets of each band an agency has."""
        agencies = len(self.sheets.sizes)
        kept = self.band >= 0
        cells = self.sheets.owner[kept] * self.bands + self.band[kept]
        found: Floats = np.bincount(cells, minlength=agencies * self.bands).reshape(agencies, -1).astype(np.float64)
        return found

    def bands_of(self, ranks: Small) -> tuple[Floats, Integers]:
        """Level and band of sheets."""
        level = _level(ranks, self.sheets.best)
        return level, _band(level, self.edges)

    def log_chance(self, ranks: Small, band: Integers) -> Floats:
        """The logarithm of each sheet's chance in its band, over the rows that it answered."""
        logs = np.log(self.chance)
        found = np.zeros(len(ranks))
        for k, first in enumerate(self.first):
            found += np.where(ranks[:, k] >= 0, logs[band, first + 1 + ranks[:, k]], 0)
        return found


def levels(sight: Sight, container: str) -> Levels:
    """The null model of one survey, fitted to the nation's own sheets once."""
    return sight.once(("levels", container), lambda: fitted(sight.sheets(container)))


def fitted(sheets: Sheets) -> Levels:
    """Fit the null model to all sheets of a survey."""
    ranks, best = sheets.ranks, sheets.best
    level = _level(ranks, best)
    below = level[level < 1]
    shares = np.sin(np.linspace(0, np.pi / 2, _BANDS)[1:-1]) ** 2  # narrow bands at both ends, where levels say most
    edges = np.unique(np.quantile(below, shares)) if len(below) else np.zeros(0)
    band = _band(level, edges)
    some = band >= 0
    first = np.concatenate([[0], np.cumsum(best.astype(np.int64) + 2)])
    chance = np.zeros((len(edges) + 2, first[-1]))
    for k in range(len(best)):
        width = int(best[k]) + 2  # no answer, then the ranks
        cells = band[some] * width + ranks[some, k] + 1
        counts = np.bincount(cells, minlength=len(chance) * width).reshape(-1, width) + 0.5 / width
        chance[:, first[k] : first[k] + width] = counts / counts.sum(axis=1, keepdims=True)
    return Levels(sheets, level, band, chance, first[:-1], edges)


def _level(ranks: Small, best: Small) -> Floats:
    """Mean between worst (0) and best (1) of the rows answered, NaN where none was; exactly 1 for best throughout.

    Summed in whole numbers, so that sheets of equal level are in one band on every machine.
    """
    whole = lcm(*(int(one) for one in np.maximum(best, 1)))
    total, answered = np.zeros(len(ranks), np.int32), np.zeros(len(ranks), np.int32)
    for k, most in enumerate(np.maximum(best, 1)):
        told = ranks[:, k] >= 0
        answered += told
        total += np.where(told, ranks[:, k], 0).astype(np.int32) * (whole // int(most))
    with np.errstate(invalid="ignore"):
        found: Floats = total / (answered * whole)
    return found


def _band(level: Floats, edges: Floats) -> Integers:
    band = np.where(level == 1, len(edges) + 1, np.searchsorted(edges, level, side="right"))
    return np.where(np.isnan(level), -1, band)
