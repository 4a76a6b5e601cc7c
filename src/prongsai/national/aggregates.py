"""The nation, its kinds of agency, provinces and ministries: two means, how far agencies lie apart, how many pass.

Every figure rests only on what may be shown of each agency by itself (``disclosed.withheld``): agencies whose score is
withheld are left out and counted, so no total gives back what a page does not show. What is left is the stated
denominator, ``Spread.scored``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prongsai.framework import Framework
from prongsai.national.columns import COMPUTED, UNIT, UNKNOWN, Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.disclosed import smallest_groups, withheld
from prongsai.national.score import NationScores
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.scoring.interval import Interval
from prongsai.scoring.structure import Structure
from prongsai.scoring.wide import containers

By = Literal["nation", "kind", "province", "ministry"]
BY: tuple[By, ...] = ("nation", "kind", "province", "ministry")
HIGH = 95  # points from which on an agency counts as near the ceiling: a rule of ours, no official threshold
_BITS = 48  # of a score in units: room beside it for the number of a group
_HALF = 24
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """One node in one group of agencies.

    ``scored``: agencies of which something is known and shown, the denominator of all that follows; ``unknown``: those
    of which nothing is known (no sheet came); ``withheld``: those left out because too few answered. Agencies of which
    the node has left the denominator are in none of the three. ``mean``: each agency counts once. ``weighted``: each
    counts by its respondents; None where nobody answers (checklists). Means are cut off by less than 10⁻¹¹ of a point.
    Quartiles lie between neighbours in proportion (type 7 of Hyndman and Fan, 1996). Where scores are intervals, so is
    every figure. ``sd``: the root of the mean squared distance from the mean, for these are all agencies and no sample;
    None where a score is an interval. ``high_surely``, ``high_possibly``: agencies of ``HIGH`` points or more.
    ``best_answers``: the share (0–1) of answers (of checklists: verdicts) that earn most, over agencies with at least k
    respondents of which they are not withheld; None where fewer than two agencies have them.
    """

    scored: int
    unknown: int
    withheld: int
    mean: Interval | None
    weighted: Interval | None
    respondents: int
    least: Interval | None
    q1: Interval | None
    median: Interval | None
    q3: Interval | None
    most: Interval | None
    sd: float | None
    high_surely: int
    high_possibly: int
    best_answers: float | None


@dataclass(frozen=True)
class Aggregate:
    """One group of agencies. ``group`` None: the nation, or agencies of which kind, province or ministry is not said.

    ``without_sheets``: agencies without a sheet, by survey. ``surely``, ``possibly``: agencies whose level passes
    whatever is not known, and those whose level may pass; their denominator is ``agencies``. ``table`` holds the
    figures of all groups beside each other, ``place`` is this one's.
    """

    by: By
    group: str | None
    agencies: int
    without_sheets: dict[str, int]
    surely: int
    possibly: int
    table: Table
    place: int

    def at(self, node: str) -> Spread:
        """The figures of one node. Raises ``ValueError`` for no node of the framework."""
        return self.table.spread(self.table.nodes.index(node), self.place)

    def __iter__(self) -> Iterator[tuple[str, Spread]]:
        """All nodes with their figures."""
        return ((node, self.table.spread(line, self.place)) for line, node in enumerate(self.table.nodes))


def aggregates(
    scores: NationScores, counted: dict[str, Counted], by: By = "nation", hidden: Mask | None = None
) -> list[Aggregate]:
    """The groups of a nation by one property, in the order of their names (kinds: of ``AGENCY_KINDS``).

    ``hidden`` (nodes × agencies): what may not be shown, where that is known otherwise than from the counts.
    """
    names, group = grouped(scores, by)
    table = Table(scores, counted, group, withheld(scores, counted) if hidden is None else hidden)
    surely, possibly = passing(scores)
    sizes = table.count(np.ones(len(group), bool))
    none = {name: table.count(sheets == 0) for name, sheets in scores.sheets.items() if name}
    sure, may = table.count(surely), table.count(possibly)
    return [
        Aggregate(
            by,
            name,
            int(sizes[place]),
            {survey: int(without[place]) for survey, without in none.items()},
            int(sure[place]),
            int(may[place]),
            table,
            place,
        )
        for place, name in enumerate(names)
    ]


def grouped(scores: NationScores, by: By) -> tuple[list[str | None], Integers]:
    """The groups by name, and the group (by position) of every agency. An empty name is no name."""
    agencies = scores.nation.agencies
    if by == "nation":
        return [None], np.zeros(len(agencies), np.int64)
    if by not in agencies.columns:
        return [None], np.zeros(len(agencies), np.int64)
    values = [value or None for value in agencies[by].to_list()]
    order = list(AGENCY_KINDS)
    known = sorted({value for value in values if value}, key=lambda v: (order.index(v) if v in order else 99, v))
    names: list[str | None] = [*known, *([None] if None in values else [])]
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([places[value] for value in values], np.int64)


def passing(scores: NationScores) -> tuple[Mask, Mask]:
    """Agencies (a mask each) whose level surely passes, and those whose level possibly does."""
    passes = np.array([band.passes for band in scores.nation.framework.levels.bands], bool)
    possibly = scores.levels[passes].any(axis=0)
    return possibly & ~scores.levels[~passes].any(axis=0), possibly


def respondents(scores: NationScores) -> dict[str, Integers]:
    """Sheets by node and agency: of the node's part, of all parts of its instrument, or of all surveys (overall).

    Nodes of checklists are missing: nobody answers them.
    """
    framework = scores.nation.framework
    instruments = {one.code: containers_of(framework, one.code) for one in framework.instruments}
    surveys = set(containers(framework, "survey"))
    nothing = np.zeros(len(scores.nation.numbers), np.int64)
    found: dict[str, Integers] = {}
    for name in scores.nodes:
        node = scores.nation.tree.nodes[name]
        below = (node.part,) if node.part else instruments.get(node.instrument or "", tuple(surveys))
        if surveys.issuperset(below):
            found[name] = sum((scores.sheets.get(one, nothing) for one in below), nothing)
    return found


def containers_of(framework: Framework, instrument: str) -> tuple[str, ...]:
    """The parts of an instrument, or the instrument itself."""
    return next(
        tuple(part.code for part in one.parts) or (one.code,) for one in framework.instruments if one.code == instrument
    )


class Table:
    """All groups of one grouping at once: arrays of nodes × groups.

    ``totals``, ``weighted``: sums of scores in units (lower and upper ends), plain and times ``weights`` (respondents).
    ``order``: the agencies by group, as sums take them.
    ``quarters``: least, quartiles and most of each end in quarters of a unit.
    """

    def __init__(self, scores: NationScores, counted: dict[str, Counted], group: Integers, hidden: Mask) -> None:
        self.nodes = scores.nodes
        self.group, self.groups = group, int(group.max(initial=0)) + 1
        self.order = np.argsort(group, kind="stable")
        self.starts = np.searchsorted(group[self.order], np.arange(self.groups))
        told = scores.state >= COMPUTED
        kept = told & ~hidden
        self.scored, self.unknown = self.count(kept), self.count(scores.state == UNKNOWN)
        self.withheld = self.count(told & hidden)
        self.exact = self.count(kept & ~scores.exact) == 0
        self.quarters = [self._quarters(end, kept) for end in (scores.low, scores.high)]
        self.high = [self.count(kept & (end >= HIGH * 100)) for end in (scores.shown_low, scores.shown_high)]
        low, high, here = scores.low[:, self.order], scores.high[:, self.order], kept[:, self.order]
        self.sd = self._deviation(low / UNIT, here)
        asked = respondents(scores)
        nobody = np.zeros(len(group), np.int64)
        weights = np.stack([asked.get(name, nobody) for name in self.nodes])[:, self.order] * here
        self.weights = self._reduce(weights)
        wide = np.flatnonzero((low != high).any(axis=1))  # where the upper end is a sum of its own
        self.totals = self._sums(low, high, here.astype(np.int64), wide)
        self.weighted = self._sums(low, high, weights, wide)
        self.best = _best(scores, counted, self, hidden)

    def count(self, mask: Mask) -> Integers:
        """How many agencies of each group a mask holds for."""
        return self.total(mask.astype(np.int64))

    def total(self, values: Integers) -> Integers:
        """The sum of whole numbers over the agencies of each group."""
        found: Integers = self._reduce(values[..., self.order])
        return found

    def spread(self, node: int, group: int) -> Spread:
        """One node in one group."""
        at = node, group
        number, weight = int(self.scored[at]), int(self.weights[at])
        least, q1, median, q3, most = (
            _interval([end[quarter][at] for end in self.quarters], 4) if number else None for quarter in range(5)
        )
        return Spread(
            number,
            int(self.unknown[at]),
            int(self.withheld[at]),
            _interval([total[at] for total in self.totals], number) if number else None,
            _interval([total[at] for total in self.weighted], weight) if weight else None,
            weight,
            least,
            q1,
            median,
            q3,
            most,
            float(self.sd[at]) if number and self.exact[at] else None,
            int(self.high[0][at]),
            int(self.high[1][at]),
            None if np.isnan(self.best[at]) else float(self.best[at]),
        )

    def _reduce(self, ordered: Any) -> Any:
        return np.add.reduceat(ordered, self.starts, axis=-1)

    def _sums(self, low: Integers, high: Integers, weights: Integers, wide: Integers) -> list[NDArray[np.object_]]:
        """Σ w·v of every group at both ends; only the nodes ``wide`` have two."""
        first = self._sum(low, weights)
        second = first.copy()
        second[wide] = self._sum(high[wide], weights[wide])
        return [first, second]

    def _sum(self, values: Integers, weights: Integers) -> NDArray[np.object_]:
        """Σ w·v as Python's integers: half of the digits at a time, which 64 bits hold."""
        found: NDArray[np.object_] = self._reduce((values >> _HALF) * weights).astype(object)
        found *= 1 << _HALF
        found += self._reduce((values & ((1 << _HALF) - 1)) * weights)
        return found

    def _quarters(self, values: Integers, kept: Mask) -> Integers:
        """The values below which 0, 1 … 4 quarters of a group's agencies lie (5 × nodes × groups), in quarter units."""
        keys = np.where(kept, self.group, self.groups) << _BITS | values  # groups in order, what is left out last
        ordered = np.sort(keys, axis=1) & ((1 << _BITS) - 1)
        first = np.cumsum(self.scored, axis=1) - self.scored
        place, rest = np.divmod(np.maximum(self.scored - 1, 0) * np.arange(5)[:, None, None], 4)
        here = np.minimum(first + place, values.shape[1] - 1)
        after = np.minimum(here + (rest > 0), values.shape[1] - 1)
        node = np.arange(len(values))[:, None]
        found: Integers = ordered[node, here] * (4 - rest) + ordered[node, after] * rest
        return found

    def _deviation(self, points: Floats, kept: Mask) -> Floats:
        number = np.maximum(self.scored, 1)
        mean = self._reduce(np.where(kept, points, 0)) / number
        distance = np.where(kept, points - mean[:, self.group[self.order]], 0)
        return np.asarray(np.sqrt(self._reduce(distance**2) / number))


def _interval(ends: list[Any], count: int) -> Interval:
    low, high = (Fraction(int(end), count * UNIT) for end in ends)
    return Interval(low, high)


def _best(scores: NationScores, counted: dict[str, Counted], table: Table, hidden: Mask) -> Floats:
    """The share of answers that earn most (nodes × groups); NaN where fewer than two agencies could be pooled."""
    k = scores.nation.framework.disclosure.k
    smallest = smallest_groups(counted, len(table.group))
    rows: dict[str, tuple[Integers, Integers, Integers]] = {}  # best, answers, agencies, each by group
    for name, one in counted.items():
        many = (smallest[name] >= k) & (one.sheets > 0)
        for at, row in enumerate(one.layout.rows):
            enough = many & ~hidden[scores.line(row.node)]
            counts = np.where(enough[:, None], one.counts[:, one.layout.starts[at] : one.layout.starts[at + 1]], 0)
            best = counts[:, np.array(row.points) == max(row.points)].sum(axis=1, dtype=np.int64)
            rows[row.node] = table.total(best), table.total(counts.sum(axis=1, dtype=np.int64)), table.count(enough)
    verdicts: dict[str, tuple[Integers, Integers, Integers]] = {}
    for layout, found in scores.nation.verdicts.values():
        for at, row in enumerate(layout.rows):
            judged = found[:, at] >= 0
            points = np.array(row.points)
            best = judged & (points[np.maximum(found[:, at], 0)] == points.max())
            verdicts[row.node] = table.count(best), table.count(judged), table.count(judged)
    leaves = {name: _leaves(scores.nation.tree, name) for name in table.nodes}
    share = np.full(table.scored.shape, np.nan)
    for line, name in enumerate(table.nodes):
        pool = [rows[leaf] for leaf in leaves[name] if leaf in rows]
        pool = pool or [verdicts[leaf] for leaf in leaves[name] if leaf in verdicts]
        if pool:
            best, answers, agencies = (np.array([one[part] for one in pool]) for part in range(3))
            told = (agencies.max(axis=0) >= 2) & (answers.sum(axis=0) > 0)
            share[line] = np.where(told, best.sum(axis=0) / np.maximum(answers.sum(axis=0), 1), np.nan)
    return share


def _leaves(tree: Structure, name: str) -> set[str]:
    """The nodes at or below a node that are counted directly."""
    node = tree.nodes[name]
    below = {leaf for way in node.ways for child in way.children for leaf in _leaves(tree, child)}
    return below or {name}
