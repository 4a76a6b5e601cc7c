"""Findings, next level, trend and implied respondents on the published figures of real agencies."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from prongsai.analysis.findings import Thresholds, below_threshold, findings
from prongsai.analysis.next_level import next_level
from prongsai.analysis.ranking import by_aspect, by_indicator
from prongsai.analysis.respondents import implied_respondents
from prongsai.analysis.trend import trend
from prongsai.errors import InputError
from prongsai.framework import for_year
from prongsai.scoring.results import Results, load_results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.score import ScoreSheet, score

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def sheet_of(slug: str) -> ScoreSheet:
    return score(load_results(EXAMPLES / slug / "results.yaml"))


def invented(year: int, **given: str) -> ScoreSheet:
    scores = {name.removeprefix("n"): Decimal(value) for name, value in given.items()}
    return score(Results(Agency(name="หน่วยงานสมมติ"), for_year(year), given=scores))


def test_failed_items_and_the_lowest_of_each_indicator_are_weaknesses() -> None:
    found = {f.item.code: f.kind for f in findings(sheet_of("sisaket-2568"))}
    assert [code for code, kind in found.items() if kind == "failed"] == ["o6", "o15", "o27"]
    assert found["i2"] == "lowest"
    assert found["i3"] == "strength"
    assert found["i12"] == "lowest"


def test_indicators_and_items_have_thresholds_of_their_own() -> None:
    sheet = invented(2568, n1="79.00", i1="89.00", i2="90.00", i3="91.00")
    assert below_threshold(sheet, Thresholds(Decimal(80), Decimal(90))) == (["1"], ["i1"])
    assert {f.item.code for f in findings(sheet, Thresholds(item=Decimal(91))) if f.kind == "below"} == {"i1", "i2"}


def test_all_hundred_has_strengths_only() -> None:
    sheet = invented(2568, i1="100", i2="100", i3="100")
    assert {f.kind for f in findings(sheet)} == {"strength"}


def test_aspects_regroup_the_same_items() -> None:
    sheet = sheet_of("bangpla-2567")
    assert [group.id for group in by_aspect(sheet)] == [str(n) for n in range(1, 8)]
    assert {i.code for g in by_aspect(sheet) for i in g.items} <= {i.code for g in by_indicator(sheet) for i in g.items}


def test_an_oit_component_below_85_holds_the_level_back() -> None:
    """Case of fiscal year 2568: 92.89 overall, OIT 83.25, level ผ่าน."""
    ahead = next_level(sheet_of("sisaket-2568"))
    assert ahead is not None
    assert ahead.band.name == "ผ่านดี"
    assert [(gap.node, gap.points) for gap in ahead.held_back_by] == [("OIT", Fraction("1.75"))]


def test_passing_all_failed_items_brings_exactly_their_known_share() -> None:
    """o6 + o15 weigh 13.5 % of indicator 9, o27 20 % of indicator 10: 92.89 + 0.4 × 16.75 = 99.59."""
    ahead = next_level(sheet_of("sisaket-2568"))
    assert ahead is not None
    gains = {what.items: what.overall for what in ahead.what_if}
    every = gains[("o6", "o15", "o27")]
    assert every.low == every.high == Fraction("99.59")
    assert gains[("o27",)].exact
    one = gains[("o6",)]
    assert (one.low, one.high) == (Fraction("92.89"), Fraction("92.89") + Fraction("2.7"))


def test_the_best_level_has_no_next_one() -> None:
    sheet = invented(2565, overall="97.00")
    assert sheet.level.name == "AA"
    assert next_level(sheet) is None


@pytest.mark.parametrize(("slug", "people", "misprinted"), [("sisaket-2568", 173, ()), ("bangpla-2567", 31, ("i11",))])
def test_respondents_implied_by_published_scores(slug: str, people: int, misprinted: tuple[str, ...]) -> None:
    found = implied_respondents(sheet_of(slug), "IIT")
    assert found is not None
    assert (found.respondents, found.misfits) == (people, misprinted)


def test_few_scores_imply_nothing() -> None:
    assert implied_respondents(invented(2568, i1="90.00", i2="95.00"), "IIT") is None


def test_change_only_over_comparable_items() -> None:
    before = invented(2567, i1="90.00", i2="95.00", i3="100.00", o1="100")
    after = invented(2568, i1="92.50", i2="94.00", i3="100.00", o1="0")
    found = trend(after, before)
    assert [(c.node, c.difference) for c in found.comparable_items][:2] == [
        ("i1", Fraction("2.5")),
        ("i2", Fraction(-1)),
    ]
    assert "o1" not in [c.node for c in found.comparable_items], "o1 merges two items of the year before"


def test_a_year_further_back_is_refused_with_the_expected_one() -> None:
    with pytest.raises(InputError) as caught:
        trend(invented(2568, i1="90"), invented(2566, overall="90"))
    assert "ita-2567" in caught.value.problems[0].th


def test_small_groups_have_no_item_findings() -> None:
    """Nine people answered: nothing is said of single items counted from their sheets."""
    from prongsai.simulation import Spec, simulate

    results = simulate(Spec(for_year(2568), respondents=9)).results
    codes = {f.item.code[0] for f in findings(score(results))}
    assert codes <= {"o"}
    assert {f.item.code[0] for f in findings(score(replace(results, tallies={})))} == set()
