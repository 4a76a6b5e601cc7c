"""Columns of integers score every agency as fractions score it alone, to the last digit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nation_sample import NO_SHEETS, assert_equal, edit, odd_nation

from prongsai.analysis.disclosure import may_show_score
from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.national import columns
from prongsai.national.columns import UNIT
from prongsai.national.counted import Counted
from prongsai.national.disclosed import _room, withheld
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import ORIGINS, results_of, score_nation
from prongsai.scoring.interval import Interval, shown
from prongsai.scoring.score import combine, score
from prongsai.scoring.structure import structure


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return open_nation(odd_nation(tmp_path_factory.mktemp("nation") / "odd", 500))


@pytest.fixture(scope="module")
def counted(nation: Nation) -> dict[str, Counted]:
    return count(nation, engine("polars"))


def test_every_agency_as_scoring_scores_it(nation: Nation, counted: dict[str, Counted]) -> None:
    scores = score_nation(nation, counted)
    assert len(scores.again) < len(nation.numbers) / 4, "nearly all agencies are settled by columns"
    assert_equal(scores, counted)
    place = scores.line("IIT")
    assert ORIGINS[int(scores.state[place, NO_SHEETS - 1])] == "unknown", "nobody asked is not nobody answered"


@pytest.mark.parametrize("assume", [("eit-mean-of-parts",), ("eit-pooled-respondents", "oit-2568-fit")])
def test_with_hypotheses(tmp_path: Path, assume: tuple[str, ...]) -> None:
    nation = open_nation(odd_nation(tmp_path / "n", 60, seed=8))
    counted = count(nation, engine("polars"))
    scores = score_nation(nation, counted, assume)
    assert_equal(scores, counted, assume)
    with pytest.raises(InputError):
        score_nation(nation, counted, ("no-such-guess",))


@pytest.mark.parametrize("framework", ["ita-2562", "ita-2565", "ita-2566", "ita-2567", "ita-2569", "rehearsal"])
def test_other_frameworks(tmp_path: Path, framework: str) -> None:
    nation = open_nation(odd_nation(tmp_path / "n", 40, framework))
    counted = count(nation, engine("polars"))
    assert_equal(score_nation(nation, counted), counted)


def test_agencies_in_doubt_are_scored_by_fractions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nation = open_nation(odd_nation(tmp_path / "n", 60))
    counted = count(nation, engine("polars"))
    usual = score_nation(nation, counted)
    monkeypatch.setattr(columns, "doubtful", lambda column: np.ones(len(column.low), bool))
    again = score_nation(nation, counted)
    assert len(again.again) == len(nation.numbers)
    for name in ("shown_low", "shown_high", "exact", "state", "levels"):
        assert np.array_equal(getattr(again, name), getattr(usual, name)), name


def rooms(nation: Nation, counted: dict[str, Counted]) -> list[np.ndarray]:
    return [_room(one, nation.tree, nation.framework.disclosure.k) for one in counted.values()]


def nearly_alike(folder: Path) -> Path:
    """From the tenth agency on all answer the best, but two people a question each; some rows nobody answers."""
    nation = open_nation(folder)
    agency, line = pl.col("agency"), pl.int_range(pl.len()).over("agency")
    for survey in nation.surveys.values():
        rows = survey.layout.rows
        columns_ = []
        for place, row in enumerate(rows):
            best, second = [row.points.index(one) for one in sorted(set(row.points))[:-3:-1]]
            answer = pl.when(agency * (place + 3) % 7 < 3).then(None)
            turn = pl.when(line == 0).then(agency * 7).when(line == 1).then(agency * 5 + 3)
            answer = answer.when(turn % len(rows) == place).then(second).otherwise(best)
            columns_.append(pl.when(agency < 10).then(row.code).otherwise(answer.cast(pl.Int8)).alias(row.code))
        for path in survey.files:
            edit(path, lambda table, columns_=columns_: table.with_columns(columns_))
    return folder


@pytest.mark.parametrize("framework", ["ita-2562", "ita-2568", "ita-2569", "rehearsal"])
def test_scores_that_leave_no_choice_are_withheld_whatever_left_the_denominator(tmp_path: Path, framework: str) -> None:
    nation = open_nation(nearly_alike(odd_nation(tmp_path / "n", 60, framework)))
    counted = count(nation, engine("polars"))
    scores = score_nation(nation, counted)
    hidden = withheld(scores, counted)
    small = np.flatnonzero(hidden[scores.line("overall")])
    assert len(small) > 20
    for line in range(len(nation.numbers)):
        sheet = score(results_of(nation, counted, line))
        for place, node in enumerate(scores.nodes):
            if sheet.values[node].informative:
                assert hidden[place, line] != may_show_score(sheet, node).shown, (line, node)


def test_small_groups_are_withheld_as_the_rule_of_disclosure_says(nation: Nation, counted: dict[str, Counted]) -> None:
    scores = score_nation(nation, counted)
    hidden = withheld(scores, counted)
    closed = np.flatnonzero(hidden[scores.line("overall")])
    edge = np.flatnonzero(
        [np.any([abs(one) <= 1e-6 for one in ends]) for ends in zip(*rooms(nation, counted), strict=True)]
    )
    assert len(closed) > 50, "scores that leave a few people no choice"
    assert len(edge) > 5, "and some exactly on the edge of it"
    lines = {*range(0, len(nation.numbers), 7), *closed[:40], *edge[:40]}
    assert lines - set(closed), "and some that are shown"
    for line in sorted(int(one) for one in lines):
        sheet = score(results_of(nation, counted, line))
        for place, node in enumerate(scores.nodes):
            if sheet.values[node].informative:
                assert hidden[place, line] != may_show_score(sheet, node).shown, (line, node)
    assert hidden.any()
    assert not hidden.all()


RULES = [
    way.rule
    for n in structure(by_id("ita-2568")).nodes.values()
    for way in n.ways
    if n.id in ("9", "10", "1", "overall")
]
NAMES = {
    id(rule): names
    for names, rule in ((w.names, w.rule) for n in structure(by_id("ita-2568")).nodes.values() for w in n.ways)
}
CHILD = st.tuples(st.sampled_from(["absent", "unknown", "counted"]), st.integers(0, 700), st.integers(1, 7))


@given(st.sampled_from(RULES), st.data())
def test_rules_on_columns_are_the_rules_on_fractions(rule, data: st.DataObject) -> None:
    names = NAMES[id(rule)]
    drawn = [data.draw(CHILD) for _ in names]
    values, made = {}, []
    for name, (kind, total, answers) in zip(names, drawn, strict=True):
        points = min(total, 100 * answers)
        known = np.array([kind != "unknown"])
        one = columns.mean_of(np.array([points]), np.array([answers if kind == "counted" else 0]), known)
        made.append(one)
        if kind != "absent":
            point = Interval.exactly(Fraction(points, answers))
            values[name] = point if kind == "counted" else Interval(Fraction(0), Fraction(100))
    if not values:
        return
    gone = [name for name in names if name not in values]
    truth = combine(rule, values, absent=gone)
    found = columns.combine(rule, names, made, None, {})
    error = int(found.error[0])
    for end, units in ((truth.low, int(found.low[0])), (truth.high, int(found.high[0]))):
        assert units <= end * UNIT <= units + error
    if not columns.doubtful(found)[0]:
        assert bool(found.point[0]) == truth.exact
        assert int(columns.shown(found.low)[0]) == int(shown(truth.low) * 100)


def test_a_tie_that_columns_cannot_see_is_in_doubt() -> None:
    """1/37 and 36/37 points make 1/2 each: a rounding edge that no digit cut off shows."""
    one, other = (columns.mean_of(np.array([n]), np.array([3700]), np.array([True])) for n in (37 * 100 * 50 + 1, 36))
    rule = next(rule for rule in RULES if rule.kind == "mean")
    found = columns.combine(rule, ("1", "2"), [one, other], None, {})
    truth = (Fraction(37 * 100 * 50 + 1, 3700) + Fraction(36, 3700)) / 2
    assert truth == Fraction(5001, 200)
    assert int(found.error[0]) > 0
    assert bool(columns.doubtful(found)[0])
