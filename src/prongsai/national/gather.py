"""From the score sheets of agencies, one after the other, to the columns that everything national rests on.

A nation's folder is counted and scored in columns (``score.py``). What a live site holds is not of one make: answers
collected there beside official numbers that were brought in. Each agency is scored by ``scoring.score`` then, which
takes both, and its sheet is laid into the same columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.analysis.disclosure import may_show_score
from prongsai.framework import Framework
from prongsai.national.columns import ABSENT, COMPUTED, COUNTED, UNIT, UNKNOWN, Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.nation import NOT_JUDGED, Nation
from prongsai.national.score import NationScores
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import structure
from prongsai.scoring.tally import Moments
from prongsai.scoring.wide import ABSENT as NOT_APPLICABLE
from prongsai.scoring.wide import AGENCY, Layout, containers, layout

# An official number that was brought in is known like one that was computed; nothing here asks which of the two.
_STATE = {"absent": ABSENT, "unknown": UNKNOWN, "given": COMPUTED, "computed": COMPUTED, "counted": COUNTED}
_ENDS = {"low": 0, "high": 1, "shown_low": 2, "shown_high": 3}


@dataclass(frozen=True)
class About:
    """An agency as the columns name it. ``number`` is its place: agencies stand in the order of their numbers."""

    number: int
    code: str
    name: str
    kind: str = ""
    province: str = ""
    ministry: str = ""
    staff: int | None = None


@dataclass(frozen=True)
class Gathered:
    """All agencies together. ``hidden`` (nodes × agencies): what the disclosure rule withholds.

    ``given`` (nodes × agencies): official numbers that were brought in. ``counted``: every tally. ``summed``: the same
    for agencies of which there are moments, too, and no sheet of the others: what standard errors may rest on.
    ``silent`` (nodes × agencies): where no error is told, either, beside what the rule withholds.
    ``assumed``: the hypotheses of each agency's sheet.
    """

    scores: NationScores
    counted: dict[str, Counted]
    summed: dict[str, Counted]
    hidden: Mask
    given: Mask
    assumed: tuple[tuple[str, ...], ...]
    silent: Mask | None = None

    def closed(self, hidden: Mask, silent: Mask) -> Gathered:
        """The same with more withheld, before anything is reckoned over agencies."""
        return replace(self, hidden=self.hidden | hidden, silent=silent)


@dataclass(frozen=True)
class _Sheets:
    """One survey of one agency: sheets, option counts side by side, sums over pairs of rows."""

    sheets: int
    counts: NDArray[np.int32]
    pairs: Integers | None


@dataclass(frozen=True)
class _Line:
    about: About
    ends: Integers  # ``_ENDS`` × nodes
    exact: Mask
    state: NDArray[np.int8]
    hidden: Mask
    given: Mask
    levels: Mask
    surveys: dict[str, _Sheets]
    respondents: dict[str, int]
    verdicts: dict[str, Integers]
    assumed: tuple[str, ...]


class Gathering:
    """Takes the score sheets one by one and keeps only their columns, so that memory stays bounded."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        tree = structure(framework)
        self.nodes = tuple(tree.nodes)
        self.layouts = {name: layout(tree, name) for name in containers(framework, "survey")}
        self.checklists = {name: layout(tree, name) for name in containers(framework, "checklist")}
        self._lines: list[_Line] = []

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, about: About, sheet: ScoreSheet) -> None:
        """One more agency. Raises ``ValueError`` for a sheet of another framework: such numbers mean other things."""
        if sheet.framework.id != self.framework.id:
            raise ValueError(f"{about.code}: scored by {sheet.framework.id}, expected {self.framework.id}")
        ends = np.zeros((len(_ENDS), len(self.nodes)), np.int64)
        exact = np.zeros(len(self.nodes), bool)
        state = np.zeros(len(self.nodes), np.int8)
        hidden, given = np.zeros((2, len(self.nodes)), bool)
        for place, node in enumerate(self.nodes):
            value = sheet.values[node]
            low, high = value.interval.low, value.interval.high
            ends[:, place] = (_units(low), _units(high), _hundredths(low), _hundredths(high))
            exact[place], state[place] = value.interval.exact, _STATE[value.origin]
            hidden[place], given[place] = not may_show_score(sheet, node).shown, value.origin == "given"
        levels = np.array([band.name in sheet.level.names for band in self.framework.levels.bands], bool)
        surveys = {name: found for name, one in self.layouts.items() if (found := _sheets(one, sheet))}
        stated = sheet.results.respondents
        asked = {name: surveys[name].sheets if name in surveys else int(stated.get(name, 0)) for name in self.layouts}
        judged = {name: _verdicts(one, sheet) for name, one in self.checklists.items()}
        line = _Line(about, ends, exact, state, hidden, given, levels, surveys, asked, judged, sheet.assumed)
        self._lines.append(line)

    def done(self) -> Gathered:
        """All of them in the order of their numbers. Raises ``ValueError`` where there is none."""
        if not self._lines:
            raise ValueError("nothing was gathered")
        lines = sorted(self._lines, key=lambda line: line.about.number)
        judged = {
            name: (one, np.stack([line.verdicts[name] for line in lines])) for name, one in self.checklists.items()
        }
        nation = Nation(Path(), self.framework, _table([line.about for line in lines]), {}, judged)
        assumed = {line.assumed for line in lines}
        found = {name: [line.surveys.get(name) for line in lines] for name in self.layouts}
        counted = {name: _counted(one, nation.numbers, found[name]) for name, one in self.layouts.items()}
        summed = {name: _counted(one, nation.numbers, _with_sums(found[name])) for name, one in self.layouts.items()}
        low, high, shown_low, shown_high = np.stack([line.ends for line in lines], axis=-1)
        scores = NationScores(
            nation,
            self.nodes,
            low,
            high,
            shown_low,
            shown_high,
            np.stack([line.exact for line in lines], axis=-1),
            np.stack([line.state for line in lines], axis=-1),
            np.stack([line.levels for line in lines], axis=-1),
            {name: np.array([line.respondents[name] for line in lines], np.int64) for name in self.layouts},
            assumed.pop() if len(assumed) == 1 else (),
            np.zeros(0, np.int64),
        )
        hidden, given = (np.stack([getattr(line, name) for line in lines], axis=-1) for name in ("hidden", "given"))
        return Gathered(scores, counted, summed, hidden, given, tuple(line.assumed for line in lines))


def _units(value: Fraction) -> int:
    return (value * UNIT).__floor__()


def _hundredths(value: Fraction) -> int:
    return (value * 100 + Fraction(1, 2)).__floor__()


def _table(abouts: list[About]) -> pl.DataFrame:
    texts = {name: [getattr(one, name) for one in abouts] for name in ("code", "name", "kind", "province", "ministry")}
    return pl.DataFrame(
        {
            AGENCY: pl.Series([one.number for one in abouts], dtype=pl.Int64),
            **{name: pl.Series(values, dtype=pl.String) for name, values in texts.items()},
            "staff": pl.Series([one.staff for one in abouts], dtype=pl.Int64),
        }
    )


def _sheets(of: Layout, sheet: ScoreSheet) -> _Sheets | None:
    """The counts and sums of one survey, laid out as the engines lay them out; None where nothing was counted."""
    tallies, moments = sheet.results.tallies, sheet.results.moments.get(of.container)
    counts = np.zeros(of.starts[-1], np.int32)
    for k, row in enumerate(of.rows):
        tally = tallies.get(row.node)
        if tally is not None:
            counts[of.starts[k] : of.starts[k + 1]] = [tally.counts.get(key, 0) for key in row.options]
    if moments is not None:
        return _Sheets(moments.sheets, counts, _pairs(of, moments))
    if not counts.any():
        return None
    most = max(int(counts[of.starts[k] : of.starts[k + 1]].sum()) for k in range(len(of.rows)))
    return _Sheets(int(sheet.results.respondents.get(of.container, most)), counts, None)


def _verdicts(of: Layout, sheet: ScoreSheet) -> Integers:
    """The chosen option of each item by position, as a nation's folder has them."""
    found = np.full(len(of.rows), NOT_JUDGED, np.int64)
    for k, row in enumerate(of.rows):
        tally = sheet.results.tallies.get(row.node)
        if tally is not None:
            chosen = [place for place, key in enumerate(row.options) if tally.counts.get(key)]
            found[k] = chosen[0] if chosen else NOT_APPLICABLE
    return found


def _with_sums(found: list[_Sheets | None]) -> list[_Sheets | None]:
    return [one if one and one.pairs is not None else None for one in found]


def _pairs(of: Layout, moments: Moments) -> Integers:
    pairs = np.zeros((len(of.pairs), 4), np.int64)
    codes = [row.code for row in of.rows]
    for place, (one, other) in enumerate(of.pairs):
        pair = (codes[one], codes[other])
        if moments.n.get(pair):
            pairs[place] = (moments.n[pair], moments.first[pair], moments.second[pair], moments.product[pair])
    return pairs


def _counted(of: Layout, numbers: Integers, found: list[_Sheets | None]) -> Counted:
    sheets = np.zeros(len(found), np.int64)
    counts = np.zeros((len(found), of.starts[-1]), np.int32)
    pairs = np.zeros((len(found), len(of.pairs), 4), np.int64)
    for line, one in enumerate(found):
        if one is not None:
            sheets[line], counts[line] = one.sheets, one.counts
            if one.pairs is not None:
                pairs[line] = one.pairs
    return Counted(of, numbers, sheets, counts, pairs)
