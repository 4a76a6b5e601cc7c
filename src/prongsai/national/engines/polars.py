"""The embedded engine: polars reads the Parquet files in batches, numpy counts each; memory stays that of a batch."""

from __future__ import annotations

import numpy as np
import polars as pl

from prongsai.national.counted import Counted, Integers, nothing
from prongsai.national.nation import Survey
from prongsai.scoring.wide import AGENCY, Layout

BATCH = 200_000


def open_engine(address: str | None = None) -> PolarsEngine:
    """The engine; it needs no address."""
    del address
    return PolarsEngine()


class PolarsEngine:
    """Counts on this machine, streaming."""

    def count(self, survey: Survey, agencies: Integers, *, moments: bool) -> Counted:
        """As ``Engine``."""
        found = nothing(survey.layout, agencies, moments)
        wanted = [AGENCY, *(row.code for row in survey.layout.rows)]
        for batch in pl.scan_parquet(list(survey.files)).select(wanted).collect_batches(chunk_size=BATCH):
            places = np.searchsorted(agencies, batch[AGENCY].to_numpy())
            _tally(found, batch, places)
            if found.pairs is not None:
                _moments(found.pairs, survey.layout, batch, places)
        return found

    def close(self) -> None:
        """Nothing is held."""


def _tally(found: Counted, batch: pl.DataFrame, places: Integers) -> None:
    """One histogram per row over (agency, option), of the agencies that the batch touches."""
    first = int(places.min(initial=0))
    near = places - first
    lines = int(near.max(initial=-1)) + 1
    found.sheets[first : first + lines] += np.bincount(near, minlength=lines)
    for k, row in enumerate(found.layout.rows):
        width = len(row.options) + 1  # the last one is no answer
        cells = near * width
        cells += batch[row.code].fill_null(width - 1).to_numpy()
        counts = np.bincount(cells, minlength=lines * width).reshape(lines, width)
        found.counts[first : first + lines, found.layout.starts[k] : found.layout.starts[k + 1]] += counts[:, :-1]


def _moments(pairs: Integers, layout: Layout, batch: pl.DataFrame, places: Integers) -> None:
    """One Gram matrix per agency of points and answered-marks side by side: all sums over pairs at once.

    Products are whole numbers below 2^53, so floating point holds them exactly.
    """
    if not len(batch):
        return
    order = np.argsort(places, kind="stable")
    rows = len(layout.rows)
    matrix = np.zeros((len(batch), 2 * rows))
    for k, row in enumerate(layout.rows):
        points = np.array([*row.points, 0.0])
        cells = batch[row.code].fill_null(len(row.options)).to_numpy()[order]
        matrix[:, k] = points[cells]
        matrix[:, rows + k] = cells < len(row.options)
    places = places[order]
    edges = np.flatnonzero(np.diff(places)) + 1
    one, other = np.array(layout.pairs, np.int64).reshape(-1, 2).T
    for begin, end in zip([0, *edges], [*edges, len(places)], strict=True):
        part = matrix[begin:end]
        gram = part.T @ part
        sums = np.stack(
            [gram[rows + one, rows + other], gram[one, rows + other], gram[other, rows + one], gram[one, other]], axis=1
        )
        pairs[places[begin]] += sums.astype(np.int64)
