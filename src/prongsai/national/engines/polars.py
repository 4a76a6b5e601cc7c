"""The embedded engine: polars reads the Parquet files in batches, numpy counts each; memory stays that of a batch.

Sheets of one agency lie together, so that its counts are sums over a stretch of lines. Several counts share a 64-bit
word, each in a lane of its own that a stretch is too short to overflow: one addition then counts all options of a row,
and one multiplication brings two sums over a pair of rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.national.counted import Counted, Integers, nothing, places
from prongsai.national.nation import Survey
from prongsai.scoring.wide import AGENCY, WideRow

BATCH = 50_000
_NO_ANSWER = 127  # outside every scale; what an empty cell is filled with
_Words = NDArray[np.uint64]


def open_engine(address: str | None = None) -> PolarsEngine:
    """The engine; it needs no address."""
    del address
    return PolarsEngine()


class PolarsEngine:
    """Counts on this machine, streaming."""

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``."""
        found = nothing(survey.layout, agencies, moments)
        cells = [pl.col(row.code).fill_null(_NO_ANSWER) for row in survey.layout.rows]
        for read in survey.scan().select(AGENCY, *cells).collect_batches(chunk_size=BATCH) if survey.files else ():
            batch = read if read[AGENCY].is_sorted() else read.sort(AGENCY)
            numbers = batch[AGENCY].to_numpy()
            if len(batch):
                _tally(found, batch, numbers)
            if len(batch) and found.pairs is not None:
                _moments(found, batch, numbers)
        return found

    def close(self) -> None:
        """Nothing is held."""


class _Stretches:
    """Where a batch is cut: wherever the agency changes, and after ``most`` lines at the latest."""

    def __init__(self, numbers: Integers, agencies: Integers, most: int) -> None:
        begins = np.append(0, np.flatnonzero(numbers[1:] != numbers[:-1]) + 1)
        self.sheets = np.diff(begins, append=len(numbers))
        self.places = places(agencies, numbers[begins])
        more = [
            np.arange(begins[turn], begins[turn] + self.sheets[turn], most)[1:]
            for turn in np.flatnonzero(self.sheets > most)
        ]
        self.begins = np.sort(np.concatenate([begins, *more])) if more else begins
        self.firsts = np.searchsorted(self.begins, begins) if more else None  # an agency's first stretch

    def add(self, total: NDArray[Any], sums: NDArray[Any]) -> None:
        """Add the sums over stretches (lines) to their agencies' in a total."""
        mine = sums if self.firsts is None else np.add.reduceat(sums, self.firsts, axis=0)
        first, last = self.places[0], self.places[-1] + 1
        near = slice(first, last) if last - first == len(self.places) else self.places
        total[near] += mine


def _tally(found: Counted, batch: pl.DataFrame, numbers: Integers) -> None:
    """Eight options of a row in one word, a byte each: the sum over at most 255 lines holds eight counts."""
    cut = _Stretches(numbers, found.agencies, 255)
    found.sheets[cut.places] += cut.sheets
    counts = np.empty((len(cut.begins), found.layout.starts[-1]), found.counts.dtype)
    for k, row in enumerate(found.layout.rows):
        shifts = batch[row.code].to_numpy().astype(np.uint64)
        shifts <<= np.uint64(3)
        first = found.layout.starts[k]
        for eighth in range(0, len(row.options), 8):
            # Shifted by 64 or more, 1 is 0: no answer, and options of another word, count nowhere.
            words = np.uint64(1) << (shifts - np.uint64(8 * eighth) if eighth else shifts)
            lanes = np.add.reduceat(words, cut.begins).astype("<u8").view(np.uint8).reshape(-1, 8)
            here = min(8, len(row.options) - eighth)
            counts[:, first + eighth : first + eighth + here] = lanes[:, :here]
    cut.add(found.counts, counts)


def _moments(found: Counted, batch: pl.DataFrame, numbers: Integers) -> None:
    """For rows k < l: (1 or x_k) times (1 and x_l side by side) is how many and Σx_l, or Σx_k and Σx_k·x_l."""
    assert found.pairs is not None
    most = max((max(row.points) for row in found.layout.rows), default=1)
    cut = _Stretches(numbers, found.agencies, 0xFFFFFFFF // most**2)
    single = [_marks_and_points(batch, row) for row in found.layout.rows]
    double = [marks + (points << np.uint64(32)) for marks, points in single]
    sums = np.empty((len(cut.begins), len(found.layout.pairs), 4), np.int64)  # n, Σx_k, Σx_l, Σx_k·x_l
    words = np.empty(len(batch), np.uint64)
    for p, (k, l) in enumerate(found.layout.pairs):  # noqa: E741 - k and l are the names of the formula
        for turn, factor in enumerate(single[k]):
            np.multiply(factor, double[l], out=words)
            total = np.add.reduceat(words, cut.begins)
            sums[:, p, turn] = total & np.uint64(0xFFFFFFFF)
            sums[:, p, turn + 2] = total >> np.uint64(32)
    cut.add(found.pairs, sums)


def _marks_and_points(batch: pl.DataFrame, row: WideRow) -> tuple[_Words, _Words]:
    """1 where the row was answered, and its points; 0 where not."""
    points = np.zeros(_NO_ANSWER + 1, np.uint64)
    points[: len(row.points)] = row.points
    cells = batch[row.code].to_numpy()
    return (cells != _NO_ANSWER).astype(np.uint64), points[cells]
