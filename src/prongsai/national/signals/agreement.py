"""How often a sheet agrees with its colleagues', beside how often it should, given everybody's level. No signal itself.

For each sheet that is no straight line: the number of such colleagues who chose the same in all rows but a few, and
the number expected if rows were independent given the level of each (``level``), so that people who are simply much
alike count for nothing. A row without an answer agrees with nobody. Sheets that are best throughout, or one option
throughout, are left out: honest ones are many, and nothing tells a copy of one from the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.special import ndtr
from threadpoolctl import threadpool_limits

from prongsai.national.counted import Integers
from prongsai.national.signals.level import Levels, Single, levels
from prongsai.national.signals.sight import Floats, Sight
from prongsai.national.signals.straight import lines
from prongsai.national.signals.tails import negative_binomial

_FEW = (0, 1, 2)  # rows that may differ
_MORE = (5, 3)  # and a fifth and a third of the rows
_LEAST = 1e-300
_SURE = 4.0  # the null's own error is half of what it expects: agencies differ from question to question
_CHUNK = 4_000  # sheets


@dataclass(frozen=True, eq=False)
class Agreement:
    """Of the sheets ``which``, by number of rows that ``may_differ`` (lines) and sheet: how many colleagues agree, how
    many should, and ``surprising``: -log10 of the chance of so many or more.
    """

    which: Integers
    owner: Integers
    rows: int
    may_differ: tuple[int, ...]
    seen: Floats
    expected: Floats
    surprising: Floats

    @cached_property
    def surprise(self) -> Floats:
        """The greatest of each sheet."""
        found: Floats = self.surprising.max(axis=0, initial=0)
        return found


def agreement(sight: Sight, container: str) -> Agreement:
    """The agreement of all sheets of a survey, counted once."""
    return sight.once(("agreement", container), lambda: _agreement(levels(sight, container)))


def _agreement(found: Levels) -> Agreement:
    rows = len(found.first)
    may_differ = sorted(few for few in {*_FEW, *(rows // part for part in _MORE)} if few < rows / 2)
    which = np.flatnonzero((found.band >= 0) & (found.band < found.bands - 1) & ~lines(found.sheets))
    owner = found.sheets.owner[which]
    edges = np.searchsorted(owner, np.arange(len(found.sheets.sizes) + 1))
    seen, expected = np.zeros((2, len(may_differ), len(which)))
    curves = _Curves(found, which)
    first = 0
    one_thread = threadpool_limits(1, "blas")  # products as small as an agency's are slower shared
    while first < len(edges) - 1:  # some agencies at a time, so that what is made of their sheets stays in the cache
        after = max(first + 1, int(np.searchsorted(edges, edges[first] + _CHUNK, side="right")) - 1)
        some = slice(edges[first], edges[after])
        if edges[after] > edges[first]:
            marks = found.marks_of(which[some])
            marks[:, found.first] = 0  # no answer agrees with nobody
            expected[:, some] = curves.expected(marks, found.band[which[some]], owner[some], may_differ)
            for begin, end in pairwise(edges[first : after + 1] - edges[first]):
                if end - begin > 1:
                    same = marks[begin:end] @ marks[begin:end].T
                    np.fill_diagonal(same, -1)
                    for line, few in enumerate(may_differ):
                        counts = np.count_nonzero(same > rows - few - 0.5, axis=1)
                        seen[line, edges[first] + begin : edges[first] + end] = counts
        first = after
    one_thread.restore_original_limits()
    surprise = np.zeros_like(seen)
    more = seen > expected
    surprise[more] = -np.log10(np.maximum(negative_binomial(seen[more], expected[more], _SURE), _LEAST))
    return Agreement(which, owner, rows, tuple(may_differ), seen, expected, surprise)


class _Curves:
    """The nation's curves as matrices that products with marks of sheets take.

    For each sheet and band the chances of agreeing row by row are p; with all but j rows alike it is Πp times the j-th
    elementary symmetric polynomial of (1-p)/p, which three products of matrices give. Where more rows may differ, the
    normal tail stands for it.
    """

    def __init__(self, found: Levels, which: Integers) -> None:
        chance = np.maximum(found.chance[:-1], 1e-6).astype(np.float32).T
        odds = (1 - chance) / chance
        self.rows = len(found.first)
        self.exact = np.hstack([np.log(chance), odds, odds * odds])
        self.moments = np.hstack([chance, chance * chance])
        bands, agencies = found.bands - 1, len(found.sheets.sizes)
        cells = found.sheets.owner[which] * bands + found.band[which]
        self.mixture = np.bincount(cells, minlength=agencies * bands).reshape(agencies, bands).astype(np.float32)

    def expected(self, marks: Single, band: Integers, owner: Integers, may_differ: list[int]) -> Floats:
        """How many colleagues should agree with each sheet: a line per number of rows that may differ."""
        bands = self.mixture.shape[1]
        gaps = (self.rows - marks.sum(axis=1))[:, None]  # rows that differ in any case
        mixture = self.mixture[owner]
        mixture[np.arange(len(band)), band] -= 1  # nobody is a colleague of himself
        logs, sums, squares = np.split(marks @ self.exact, 3, axis=1)
        alike = np.exp(logs)
        ways = (alike, alike * sums, alike * (sums * sums - squares) / 2)
        lines = []
        for few in may_differ:
            if few < len(ways):
                each = np.zeros((len(marks), bands), np.float32)
                for differ, way in enumerate(ways[: few + 1]):
                    each += way * (gaps <= few - differ)
            else:
                mean, squared = np.split(marks @ self.moments, 2, axis=1)
                each = ndtr((mean - (self.rows - few - 0.5)) / np.sqrt(mean - squared + 1e-6))
            lines.append(np.maximum(np.einsum("ij,ij->i", each, mixture), 0))
        return np.asarray(lines, np.float64)
