"""What every engine returns for one survey: the integer tally and moments of all agencies, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.errors import InputError, Problem
from prongsai.scoring.tally import Moments, Tally
from prongsai.scoring.wide import Layout

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """Counts of one survey or part, one line per agency of the nation, in its order.

    ``sheets``: answer sheets, empty ones too. ``counts``: who chose each option, the options of all rows side by side
    (``layout.starts``). ``pairs``: for each pair of rows k < l, over sheets that answered both: how many, Σx_k, Σx_l,
    Σx_k·x_l in integer points (``layout.pairs``); None where moments were not asked for. Mergeable with ``+``.
    """

    layout: Layout
    agencies: Integers
    sheets: Integers
    counts: NDArray[np.int32]
    pairs: Integers | None = None

    def __add__(self, other: Counted) -> Counted:
        if self.layout != other.layout or not np.array_equal(self.agencies, other.agencies):
            raise ValueError("counts of different surveys or agencies cannot be added")
        if (self.pairs is None) != (other.pairs is None):
            raise ValueError("counts with and without moments cannot be added")
        pairs = None if self.pairs is None or other.pairs is None else self.pairs + other.pairs
        return Counted(self.layout, self.agencies, self.sheets + other.sheets, self.counts + other.counts, pairs)

    def same(self, other: Counted) -> bool:
        """Whether two engines counted the same, to the last digit."""
        return (
            self.layout == other.layout
            and np.array_equal(self.agencies, other.agencies)
            and np.array_equal(self.sheets, other.sheets)
            and np.array_equal(self.counts, other.counts)
            and (self.pairs is None) == (other.pairs is None)
            and (self.pairs is None or other.pairs is None or np.array_equal(self.pairs, other.pairs))
        )

    def tallies(self, line: int) -> dict[str, Tally]:
        """The tallies of one agency by node id, as ``scoring.sheets.count`` gives them: none where no sheet came."""
        if not self.sheets[line]:
            return {}
        found = {}
        for k, row in enumerate(self.layout.rows):
            counts = self.counts[line, self.layout.starts[k] : self.layout.starts[k + 1]]
            found[row.node] = Tally({key: int(n) for key, n in zip(row.options, counts, strict=True) if n})
        return found

    def moments(self, line: int) -> Moments:
        """The moments of one agency, equal to those of its sheets counted one by one. Needs ``pairs``."""
        if self.pairs is None:
            raise ValueError("counted without moments")
        found = Moments(self.layout.all_rows, self.layout.scale, int(self.sheets[line]))
        codes = [row.code for row in self.layout.rows]
        for k, row in enumerate(self.layout.rows):
            counts = self.counts[line, self.layout.starts[k] : self.layout.starts[k + 1]]
            points = np.array(row.points, np.int64)
            if n := int(counts.sum()):
                pair = (row.code, row.code)
                found.n[pair] = n
                found.first[pair] = found.second[pair] = int(counts @ points)
                found.product[pair] = int(counts @ points**2)
        for p, (one, other) in enumerate(self.layout.pairs):
            n, first, second, product = (int(value) for value in self.pairs[line, p])
            if n:
                pair = (codes[one], codes[other])
                found.n[pair], found.first[pair], found.second[pair], found.product[pair] = n, first, second, product
        return found


def nothing(layout: Layout, agencies: Integers, moments: bool) -> Counted:
    """The count of no sheets at all: what others are added to."""
    lines = len(agencies)
    pairs = np.zeros((lines, len(layout.pairs), 4), np.int64) if moments else None
    return Counted(layout, agencies, np.zeros(lines, np.int64), np.zeros((lines, layout.starts[-1]), np.int32), pairs)


def places(agencies: Integers, numbers: Integers) -> Integers:
    """Where agencies of these numbers stand. Raises ``InputError`` for one that is not among them."""
    found = np.minimum(np.searchsorted(agencies, numbers), max(len(agencies) - 1, 0))
    if len(numbers) and not (len(agencies) and np.array_equal(agencies[found], numbers)):
        raise InputError(changed("an agency that is not known was counted"))
    return found


def changed(what: str) -> Problem:
    """What was checked is not what was counted."""
    return Problem(
        "national.changed",
        "sheets",
        "ข้อมูลที่นับไม่ตรงกับข้อมูลที่ตรวจไว้ ไฟล์อาจถูกแก้ไขระหว่างนับ",
        f"{what}; the files changed while they were counted",
        "โปรดรอให้การส่งออกเสร็จ แล้วสั่งใหม่ ยังไม่ได้เขียนไฟล์ใด",
    )


def from_lines(layout: Layout, agencies: Integers, lines: Integers, moments: bool) -> Counted:
    """Counts from lines of agency, sheets, option counts and (with moments) four sums per pair, in any order."""
    found = nothing(layout, agencies, moments)
    where = places(agencies, lines[:, 0])
    options = layout.starts[-1]
    found.sheets[where] = lines[:, 1]
    found.counts[where] = lines[:, 2 : 2 + options]
    if found.pairs is not None:
        found.pairs[where] = lines[:, 2 + options :].reshape(len(lines), -1, 4)
    return found
