"""Exact scores of all agencies from their counts: the framework's tree climbed with columns instead of numbers.

The definition is ``scoring.score``'s: same tree, same ways, same rules. Where the digits that integers cut off could
decide anything (a rounding, a level, whether a score is known), the agency is scored again by ``scoring.score``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from prongsai.national import columns, levels
from prongsai.national.columns import ABSENT, COMPUTED, COUNTED, TOP, UNIT, UNKNOWN, Column, Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.nation import NOT_JUDGED, Nation
from prongsai.scoring import wide
from prongsai.scoring.results import Results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.score import ScoreSheet, score
from prongsai.scoring.structure import Node, Way
from prongsai.scoring.tally import Tally

ORIGINS = {ABSENT: "absent", UNKNOWN: "unknown", COMPUTED: "computed", COUNTED: "counted"}
_STATE = {name: state for state, name in ORIGINS.items()}


@dataclass(frozen=True)
class NationScores:
    """Scores by node (lines of the arrays) and agency (columns), each as an interval.

    ``low``, ``high``: units of 1/``UNIT`` point, cut off downwards. ``shown_low``, ``shown_high``: hundredths as shown.
    ``exact``: both ends are the same true value. ``state``: the origin (``ORIGINS``). ``levels``: bands × agencies,
    the levels still possible. ``again``: lines of agencies that were scored again by fractions.
    """

    nation: Nation
    nodes: tuple[str, ...]
    low: Integers
    high: Integers
    shown_low: Integers
    shown_high: Integers
    exact: Mask
    state: NDArray[np.int8]
    levels: Mask
    sheets: dict[str, Integers]
    assumed: tuple[str, ...]
    again: Integers

    def line(self, node: str) -> int:
        """Where a node stands. Raises ``ValueError`` for no node of the framework."""
        return self.nodes.index(node)

    def level_names(self, agency: int) -> tuple[str, ...]:
        """The levels that one agency (by position) may have, best first."""
        bands = self.nation.framework.levels.bands
        return tuple(band.name for band, may in zip(bands, self.levels[:, agency], strict=True) if may)


def score_nation(nation: Nation, counted: dict[str, Counted], assume: Iterable[str] = ()) -> NationScores:
    """Score every agency. ``assume`` as in ``scoring.score``; raises ``InputError`` for an unknown hypothesis."""
    assumed = tuple(assume)
    score(_empty(nation), assumed)  # says which hypotheses there are
    climb = _Climb(nation, counted, assumed)
    framework, tree = nation.framework, nation.tree
    for node in tree.nodes.values():
        climb.add(node)
    values, doubt = climb.values, climb.doubt
    lines = len(nation.numbers)
    if framework.levels.bands:
        parts = [values[name] for name in framework.levels.components]
        possible, edge = levels.decide(framework, values["overall"], parts)
        doubt |= edge
    again = np.flatnonzero(doubt)

    def stacked(name: str) -> Integers:
        return np.stack([getattr(column, name) for column in values.values()])

    low, high = stacked("low"), stacked("high")
    found = NationScores(
        nation,
        tuple(values),
        low,
        high,
        columns.shown(low),
        columns.shown(high),
        stacked("point").astype(bool),
        stacked("state").astype(np.int8),
        possible,
        {name: one.sheets for name, one in counted.items()} or {"": np.zeros(lines, np.int64)},
        assumed,
        again,
    )
    for line in again:
        _put(found, int(line), score(results_of(nation, counted, int(line)), assumed))
    return found


def results_of(nation: Nation, counted: dict[str, Counted], line: int, *, moments: bool = False) -> Results:
    """One agency's results, as ``scoring`` takes them."""
    about = nation.agencies.row(line, named=True)
    tallies: dict[str, Tally] = {}
    for one in counted.values():
        tallies |= one.tallies(line)
    for layout, verdicts in nation.verdicts.values():
        for row, verdict in zip(layout.rows, verdicts[line], strict=True):
            if verdict != NOT_JUDGED:
                tallies[row.node] = Tally({} if verdict == wide.ABSENT else {row.options[verdict]: 1})
    first = next(iter(wide.containers(nation.framework, "survey")), None)
    staff = about["staff"]
    return Results(
        agency=Agency(name=about["name"], kind=about["kind"], province=about["province"], staff=staff),
        framework=nation.framework,
        name=about["code"],
        tallies=tallies,
        moments={name: one.moments(line) for name, one in counted.items()} if moments else {},
        respondents={name: int(one.sheets[line]) for name, one in counted.items() if one.sheets[line]},
        population={first: staff} if first and staff else {},
    )


def _empty(nation: Nation) -> Results:
    return Results(agency=Agency(name="-"), framework=nation.framework)


class _Climb:
    """The tree climbed, children first."""

    def __init__(self, nation: Nation, counted: dict[str, Counted], assumed: tuple[str, ...]) -> None:
        self.count = len(nation.numbers)
        self.values: dict[str, Column] = {}
        self.doubt = np.zeros(self.count, bool)
        self.sheets = {name: one.sheets for name, one in counted.items()}
        self.assumed = assumed
        self.leaves = _leaves(nation, counted)

    def add(self, node: Node) -> None:
        """The column of one node."""
        leaf = self.leaves.get(node.id)
        if leaf is not None:
            self.values[node.id] = leaf
            self.doubt |= columns.doubtful(leaf) & leaf.informative
            return
        if not node.ways:
            self.values[node.id] = columns.anything(self.count)
            return
        told, counted = np.zeros(self.count, bool), np.ones(self.count, bool)
        present, value = told.copy(), columns.anything(self.count)
        for way in node.ways:
            children = [self.values[child] for child in way.children]
            here = self._step(way, children)
            says = np.any([child.informative for child in children], axis=0)
            # A child that left the denominator is not among those that must be counted.
            whole = np.all([(child.state == COUNTED) | ~child.present for child in children], axis=0)
            both, near = columns.meet(value, here)
            self.doubt |= near & told & says
            value = columns.choose(told, columns.choose(says, both, value), here)
            told, counted = told | says, counted & (whole | ~says)
            present |= np.any([child.present for child in children], axis=0)
        self.values[node.id] = self._settled(value, told, counted, present)

    def _step(self, way: Way, children: list[Column]) -> Column:
        hypothesis = next((h for h in way.rule.hypotheses if h.name in self.assumed), None)
        return columns.combine(way.rule, way.names, children, hypothesis, self.sheets)

    def _settled(self, value: Column, told: Mask, counted: Mask, present: Mask) -> Column:
        """The origin that follows, and nothing known where nothing was told."""
        self.doubt |= told & columns.doubtful(value)
        known = told & ~((value.low == 0) & (value.high == TOP))
        state = np.where(known, np.where(counted & value.point, COUNTED, COMPUTED), np.where(present, UNKNOWN, ABSENT))
        unknown = columns.anything(self.count)
        found = columns.choose(known, value, unknown)
        found.state = state.astype(np.int8)
        return found


def _leaves(nation: Nation, counted: dict[str, Counted]) -> dict[str, Column]:
    """Everything that is counted directly: rows of surveys and items of checklists."""
    found: dict[str, Column] = {}
    for one in counted.values():
        asked = one.sheets > 0
        for k, row in enumerate(one.layout.rows):
            counts = one.counts[:, one.layout.starts[k] : one.layout.starts[k + 1]]
            answered: Integers = counts.sum(axis=1, dtype=np.int64)
            total: Integers = counts.astype(np.int64) @ np.array(row.points, np.int64)
            found[row.node] = columns.mean_of(total, answered * one.layout.scale, asked)
    for layout, verdicts in nation.verdicts.values():
        for k, row in enumerate(layout.rows):
            position = verdicts[:, k]
            points = np.array(row.points, np.int64)[np.maximum(position, 0)]
            judged = (position >= 0).astype(np.int64) * layout.scale
            found[row.node] = columns.mean_of(points, judged, position != NOT_JUDGED)
    return found


def _put(scores: NationScores, line: int, sheet: ScoreSheet) -> None:
    """Replace an agency's line by what fractions say."""
    for place, node in enumerate(scores.nodes):
        value = sheet.values[node]
        for end, units, hundredths in (
            (value.interval.low, scores.low, scores.shown_low),
            (value.interval.high, scores.high, scores.shown_high),
        ):
            units[place, line] = (end * UNIT).__floor__()
            hundredths[place, line] = (end * 100 + Fraction(1, 2)).__floor__()
        scores.exact[place, line] = value.interval.exact
        scores.state[place, line] = _STATE[value.origin]
    for place, band in enumerate(scores.nation.framework.levels.bands):
        scores.levels[place, line] = band.name in sheet.level.computed
