"""Groups of agencies, against plain arithmetic with fractions over what is shown of each agency by itself."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest
from nation_sample import NO_SHEETS, odd_nation

from prongsai.analysis import uncertainty
from prongsai.analysis.disclosure import may_show_score
from prongsai.national.aggregates import BY, HIGH, aggregates, grouped
from prongsai.national.columns import UNIT
from prongsai.national.compared import Asked, compare
from prongsai.national.counted import Counted
from prongsai.national.disclosed import shown_estimates, smallest_groups, withheld
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import NationScores, results_of, score_nation
from prongsai.national.tables import aggregates_table
from prongsai.national.uncertain import REASONS, estimates
from prongsai.national.write import write_results
from prongsai.scoring.interval import Interval, shown
from prongsai.scoring.score import ScoreSheet, score

NODES = ("overall", "IIT", "EIT", "EIT.2", "OIT", "1", "6@EIT.1", "9.1", "i1", "e2", "o3")
ALIKE = ("value", "se", "low", "high", "degrees", "reason")
CLOSE = Fraction(1, 10**11)


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return open_nation(odd_nation(tmp_path_factory.mktemp("nation") / "odd", 240))


@pytest.fixture(scope="module")
def counted(nation: Nation) -> dict[str, Counted]:
    return count(nation, engine("polars"), moments=True)


@pytest.fixture(scope="module")
def scores(nation: Nation, counted: dict[str, Counted]) -> NationScores:
    return score_nation(nation, counted)


@pytest.fixture(scope="module")
def sheets(nation: Nation, counted: dict[str, Counted]) -> list[ScoreSheet]:
    return [score(results_of(nation, counted, line)) for line in range(len(nation.numbers))]


def near(found: Interval | None, low: Fraction, high: Fraction) -> bool:
    return found is not None and abs(found.low - low) < CLOSE and abs(found.high - high) < CLOSE


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    place = (len(values) - 1) * share
    here = math.floor(place)
    after = values[min(here + 1, len(values) - 1)]
    return values[here] + (place - here) * (after - values[here])


@pytest.mark.parametrize("by", BY)
def test_every_figure_by_plain_arithmetic(by, nation, counted, scores, sheets) -> None:
    names, group = grouped(scores, by)
    found = aggregates(scores, counted, by)
    assert [one.group for one in found] == names
    assert sum(one.agencies for one in found) == len(nation.numbers)
    surveys = {"IIT": ["IIT"], "EIT": ["EIT.1", "EIT.2"], "overall": ["IIT", "EIT.1", "EIT.2"]}
    for place, one in enumerate(found):
        lines = np.flatnonzero(group == place)
        assert one.agencies == len(lines)
        for name, sheet_count in one.without_sheets.items():
            assert sheet_count == (counted[name].sheets[lines] == 0).sum()
        bands = {band.name: band.passes for band in nation.framework.levels.bands}
        levels = [[bands[name] for name in sheets[line].level.computed] for line in lines]
        assert (one.surely, one.possibly) == (sum(map(all, levels)), sum(map(any, levels)))
        for node in NODES:
            spread = one.at(node)
            told = [line for line in lines if sheets[line].values[node].informative]
            kept = [line for line in told if may_show_score(sheets[line], node).shown]
            assert (spread.scored, spread.withheld) == (len(kept), len(told) - len(kept)), node
            if not kept:
                assert spread.mean is spread.median is spread.sd is None
                continue
            ends = [sheets[line].values[node].interval for line in kept]
            lows, highs = sorted(e.low for e in ends), sorted(e.high for e in ends)
            assert near(spread.mean, sum(lows) / len(kept), sum(highs) / len(kept))
            for value, share in (
                (spread.least, 0),
                (spread.q1, 1),
                (spread.median, 2),
                (spread.q3, 3),
                (spread.most, 4),
            ):
                quarter = Fraction(share, 4)
                assert near(value, quantile(lows, quarter), quantile(highs, quarter)), (node, share)
            at = nation.tree.nodes[node]
            within = [at.part] if at.part else surveys.get(at.instrument or node, [])
            weights = [sum(int(counted[name].sheets[line]) for name in within) for line in kept]
            if not sum(weights):
                assert spread.weighted is None
            else:
                low = sum(w * e.low for w, e in zip(weights, ends, strict=True)) / sum(weights)
                high = sum(w * e.high for w, e in zip(weights, ends, strict=True)) / sum(weights)
                assert near(spread.weighted, low, high)
            assert spread.respondents == sum(weights)
            assert spread.high_surely == sum(shown(e.low) >= HIGH for e in ends)
            assert spread.high_possibly == sum(shown(e.high) >= HIGH for e in ends)
            if all(e.exact for e in ends):
                assert spread.sd == pytest.approx(float(np.std([float(e.low) for e in ends])), abs=1e-9)
            else:
                assert spread.sd is None


def test_the_two_means_differ_where_sizes_do(scores, counted) -> None:
    spread = aggregates(scores, counted)[0].at("IIT")
    assert spread.mean != spread.weighted


def test_an_agency_without_sheets_is_named_and_in_no_mean(scores, counted) -> None:
    found = aggregates(scores, counted)[0]
    assert found.without_sheets["IIT"] >= 1
    spread = found.at("IIT")
    assert spread.unknown == (counted["IIT"].sheets == 0).sum()
    absent = (scores.state[scores.line("IIT")] == 0).sum()
    assert absent, "sheets came, all of them empty"
    assert spread.scored == found.agencies - spread.unknown - absent - spread.withheld
    assert counted["IIT"].sheets[NO_SHEETS - 1] == 0


def test_what_is_withheld_of_an_agency_moves_no_figure_of_its_group(scores, counted) -> None:
    """So nothing comes back by subtraction: other answers in a small agency, the same figures everywhere."""
    hidden = withheld(scores, counted)
    place = scores.line("i1")
    line = int(np.flatnonzero(hidden[place] & (scores.state[place] >= 2))[0])
    before = [spread for by in BY for one in aggregates(scores, counted, by) for node, spread in one if node == "i1"]
    scores.low[place, line] ^= UNIT
    scores.high[place, line] ^= UNIT
    after = [spread for by in BY for one in aggregates(scores, counted, by) for node, spread in one if node == "i1"]
    scores.low[place, line] ^= UNIT
    scores.high[place, line] ^= UNIT
    assert before == after
    assert any(spread.withheld for spread in before)


def test_best_answers_are_pooled_over_groups_that_are_large_enough(nation, scores, counted) -> None:
    k = nation.framework.disclosure.k
    one, spread = counted["EIT.1"], aggregates(scores, counted)[0].at("EIT.1")
    best = answers = 0
    for line in range(len(nation.numbers)):
        rows = [
            one.counts[line, one.layout.starts[at] : one.layout.starts[at + 1]] for at in range(len(one.layout.rows))
        ]
        asked = [int(row.sum()) for row in rows if row.sum()]
        if asked and min([*asked, int(one.sheets[line])]) >= k:
            answers += sum(asked)
            best += sum(
                int(row[points.points.index(max(points.points))])
                for row, points in zip(rows, one.layout.rows, strict=True)
            )
    assert spread.best_answers == pytest.approx(best / answers)
    verdict = aggregates(scores, counted)[0].at("o3").best_answers
    layout, positions = nation.verdicts["OIT"]
    at = [row.node for row in layout.rows].index("o3")
    best = layout.rows[at].points.index(max(layout.rows[at].points))
    judged = positions[:, at] >= 0
    assert verdict == pytest.approx((positions[judged, at] == best).mean())


def test_best_answers_of_one_agency_are_its_tally_and_not_shown(nation, scores, counted) -> None:
    enough = smallest_groups(counted, len(nation.numbers))["IIT"] >= nation.framework.disclosure.k
    enough &= counted["IIT"].sheets > 0
    _, group = grouped(scores, "province")
    pooled = np.bincount(group[enough], minlength=group.max() + 1)
    assert {0, 1} < set(pooled.tolist())
    for number, one in zip(pooled, aggregates(scores, counted, "province"), strict=True):
        assert (one.at("IIT").best_answers is None) == (number < 2)


@pytest.mark.parametrize("by", BY)
def test_tables_show_the_same(by, scores, counted) -> None:
    found = aggregates(scores, counted, by)
    table = aggregates_table(found)
    lines = iter(table.iter_rows(named=True))
    for one in found:
        for node, spread in one:
            line = next(lines)
            assert (line["group"], line["node"], line["scored"]) == (one.group, node, spread.scored)
            for name, value in (
                ("mean_of_agencies", spread.mean),
                ("mean_by_respondents", spread.weighted),
                ("q1", spread.q1),
                ("most", spread.most),
            ):
                ends = (None, None) if value is None else (shown(value.low), shown(value.high))
                assert (line[f"{name}_low"], line[f"{name}_high"]) == ends, (node, name)
    assert next(lines, None) is None


def test_a_ministry_is_optional_and_may_be_empty(tmp_path: Path, nation, scores, counted) -> None:
    names, _ = grouped(scores, "ministry")
    assert names[-1] is None, "local governments belong to none"
    assert len(names) > 2
    assert sum(one.agencies for one in aggregates(scores, counted, "ministry")) == len(nation.numbers)
    without = pl.DataFrame(nation.agencies.drop("ministry"))
    object.__setattr__(nation, "agencies", without)
    try:
        assert [one.group for one in aggregates(scores, counted, "ministry")] == [None]
    finally:
        object.__setattr__(nation, "agencies", pl.DataFrame(without.with_columns(pl.lit("x").alias("ministry"))))


def test_errors_of_few_people_are_never_shown(nation, scores, counted) -> None:
    """A mean and a standard error of two people are the answers of both, at every level."""
    hidden = withheld(scores, counted)
    found = estimates(scores, counted)
    open_ones = shown_estimates(found, scores, counted, hidden)
    k = nation.framework.disclosure.k
    for node, survey in (("IIT", ["IIT"]), ("EIT", ["EIT.1", "EIT.2"]), ("overall", list(counted))):
        place = scores.line(node)
        asked = np.stack([counted[name].sheets for name in survey])
        few = ((asked > 0) & (asked < k)).any(axis=0)
        assert few.any()
        for name in ("se", "low", "high", "degrees"):
            assert np.isnan(getattr(open_ones, name)[place, few]).all(), (node, name)
        open_here = ~hidden[place]  # but where the score itself leaves a few people no choice
        assert (few & open_here).any()
        assert (few & ~open_here).any()
        assert np.array_equal(open_ones.value[place, open_here], found.value[place, open_here], equal_nan=True)
    assert not np.isnan(open_ones.se[scores.line("IIT")]).all()
    assert np.isnan(open_ones.value[hidden]).all()


def test_an_error_of_nothing_does_not_say_that_all_answered_alike(nation, scores, counted) -> None:
    """Twelve people who all chose 80: the score is shown, that they agreed is not; of a score of 100 it is evident."""
    found = estimates(scores, counted)
    line = int(np.flatnonzero(smallest_groups(counted, len(nation.numbers))["IIT"] >= nation.framework.disclosure.k)[0])
    code = REASONS.index(uncertainty.ALL_EQUAL)
    for node, value, silent in (("i1", 80, True), ("1", 80, True), ("i1", 100, False), ("IIT", 80, False)):
        place = scores.line(node)
        for name, number in zip(ALIKE, (value, 0, value - 9, value, 11, code), strict=True):
            getattr(found, name)[place, line] = number
        open_ones = shown_estimates(found, scores, counted, np.zeros_like(scores.exact))
        assert open_ones.value[place, line] == value
        for name in ("se", "low", "high", "degrees"):
            assert np.isnan(getattr(open_ones, name)[place, line]) == silent, (node, value, name)
        assert (open_ones.reason[place, line] == 0) == silent


def test_no_file_has_a_score_that_leaves_a_few_people_no_choice(tmp_path: Path, scores, counted) -> None:
    found = compare(scores, counted, Asked(), "polars")
    write_results(tmp_path / "out", found)
    agencies = pl.read_csv(tmp_path / "out" / "agencies.csv")
    book = openpyxl.load_workbook(tmp_path / "out" / "nation.xlsx")["หน่วยงาน"]
    head, *rows = list(book.iter_rows(values_only=True))
    lines = pl.read_parquet(tmp_path / "out" / "scores.parquet")
    for node in ("overall", "IIT", "EIT.1"):
        closed = found.hidden[scores.line(node)]
        assert 0 < closed.sum() < len(closed)
        ends = ["_low", "_high", "_low95", "_high95", "_se", "_rank", "_rank_best", "_rank_in_kind"]
        names = [f"{node}{end}" for end in ends if f"{node}{end}" in agencies.columns]
        assert f"{node}_low" in names
        for name in names:
            assert agencies[name].filter(closed).is_null().all(), name
        assert agencies[f"{node}_low"].filter(~closed).is_not_null().any(), "the others have theirs"
        title = "คะแนนรวม" if node == "overall" else node
        shown_at = [place for place, name in enumerate(head) if name in (title, f"{title} อันดับ", f"{title} 95% ต่ำ")]
        shown_at += [place for place, name in enumerate(head) if name and name.startswith(f"{title} (")]
        assert len(shown_at) >= 2
        assert {row[place] for row, shut in zip(rows, closed, strict=True) if shut for place in shown_at} == {None}
        mine = lines.filter(pl.col("node") == node)
        assert set(mine.filter(closed)["origin"]) == {"withheld"}
        assert mine.filter(closed).select("low", "high", "exact", "se").null_count().row(0) == (closed.sum(),) * 4
