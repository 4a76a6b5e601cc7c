"""The adjusted score: the assessor's own numbers, exact, never official, and every slip named by its line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from nation_sample import edit, odd_nation

from prongsai.errors import InputError
from prongsai.national.adjusted import NOT_OFFICIAL_TH, Adjustment, adjusted, basis_of, read_adjustment
from prongsai.national.columns import COMPUTED, UNIT, Mask
from prongsai.national.disclosed import withheld
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import NationScores, score_nation
from prongsai.national.tables import adjusted_table
from prongsai.scoring.interval import Interval, shown
from prongsai.simulation.population import made_of

FILE = """\
title: คะแนนปรับสมมติ
decided_by: คณะทำงานสมมติ
perception: {weight: 60, of: {IIT: 25, EIT.1: 75}}
effort: {weight: 40, of: {OIT: 100}}
deductions:
  most: 4
  agencies:
    sim-00012:
    - {points: 2.5, reason: เหตุสมมติ, source: หนังสือสมมติ}
    - {points: 3, reason: เหตุสมมติที่สอง, source: หนังสือสมมติ}
    sim-00013:
    - {points: 0.25, reason: เหตุสมมติ, source: หนังสือสมมติ}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[NationScores, Mask]:
    """Scores, and what of them is withheld."""
    nation = open_nation(odd_nation(tmp_path_factory.mktemp("nation") / "odd", 40))
    counted = count(nation, engine("polars"))
    found = score_nation(nation, counted, ("oit-2568-fit",))
    return found, withheld(found, counted)


@pytest.fixture(scope="module")
def scores(made: tuple[NationScores, Mask]) -> NationScores:
    return made[0]


@pytest.fixture(scope="module")
def hidden(made: tuple[NationScores, Mask]) -> Mask:
    return made[1]


def reading(tmp_path: Path, text: str, scores: NationScores) -> Adjustment:
    path = tmp_path / "adjusted.yaml"
    path.write_text(text, encoding="utf-8")
    return read_adjustment(path, scores.nation.tree, scores.nation.agencies["code"])


def test_weights_and_deductions_are_the_assessor_s(tmp_path, scores, hidden) -> None:
    found = adjusted(reading(tmp_path, FILE, scores), basis_of(scores, hidden))
    assert [one.code for one in found] == scores.nation.agencies["code"].to_list()
    for line, one in enumerate(found):
        sides = {}
        for node in ("IIT", "EIT.1", "OIT"):
            place = scores.line(node)
            sides[node] = tuple(Fraction(int(end[place, line]), UNIT) for end in (scores.low, scores.high))
        if one.score is None or (scores.state[[scores.line(n) for n in sides], line] == 0).any():
            continue
        off = {"sim-00012": Decimal(4), "sim-00013": Decimal("0.25")}.get(one.code, Decimal(0))
        assert one.deducted == off
        for end in (0, 1):
            wanted = (
                Fraction(60, 100) * (sides["IIT"][end] + 3 * sides["EIT.1"][end]) / 4
                + Fraction(40, 100) * sides["OIT"][end]
                - Fraction(off)
            )
            assert (one.score.low, one.score.high)[end] == max(wanted, Fraction(0))
    table = adjusted_table(found)
    assert set(table["official"]) == {False}
    assert set(table["note"]) == {NOT_OFFICIAL_TH}
    assert "เหตุสมมติที่สอง" in table.filter(pl.col("code") == "sim-00012")["reasons"][0]
    line = next(k for k, one in enumerate(found) if one.score and one.score.exact)
    assert table["adjusted_low"][line] == shown(found[line].score.low)


def test_an_effort_of_its_own_and_who_has_none(tmp_path, scores, hidden) -> None:
    text = FILE.replace("of: {OIT: 100}}", "scores: {sim-00012: 82.5}, source: ประกาศสมมติ}")
    found = adjusted(reading(tmp_path, text, scores), basis_of(scores, hidden))
    assert found[11].effort == Interval.exactly(Decimal("82.5"))
    assert found[11].score is not None
    assert found[12].effort is None
    assert found[12].score is None, "no effort given is not an effort of 0"


def test_what_is_withheld_does_not_come_back_from_a_sum(tmp_path, scores, hidden) -> None:
    found = adjusted(reading(tmp_path, FILE, scores), basis_of(scores, hidden))
    places = [scores.line(node) for node in ("IIT", "EIT.1")]
    silent = (hidden & (scores.state >= COMPUTED))[places].any(axis=0)
    assert 0 < silent.sum() < len(found)
    for line, one in enumerate(found):
        if silent[line]:
            assert one.perception is None
            assert one.score is None
    assert any(one.score for one in found), "the others have theirs"


def test_no_score_falls_below_nothing(tmp_path, scores, hidden) -> None:
    text = FILE.replace("  most: 4\n", "").replace("points: 2.5", "points: 100")
    one = adjusted(reading(tmp_path, text, scores), basis_of(scores, hidden))[11]
    assert one.deducted == 103
    assert one.score == Interval.exactly(0)


@pytest.mark.parametrize(
    ("change", "to", "where", "says"),
    [
        ("weight: 60", "weight: 70", "perception.weight", "110"),
        ("IIT: 25", "IIT: 20", "perception.of", "95"),
        ("OIT: 100", "XIT: 100", "effort.of.XIT", "expected one of"),
        ("OIT: 100", "i1: 100", "effort.of.i1", "expected one of"),
        ("of: {OIT: 100}}", "scores: {sim-00012: 82.5}}", "effort", "source"),
        ("of: {OIT: 100}}", "scores: {sim-99999: 82.5}, source: x}", "effort.scores.sim-99999", "no such agency"),
        ("of: {OIT: 100}}", "scores: {sim-00012: 182.5}, source: x}", "effort.scores.sim-00012", "no score"),
        ("of: {OIT: 100}}", "}", "effort", "either"),
        ("sim-00013", "sim-99999", "deductions.agencies.sim-99999", "no such agency"),
        ("points: 0.25", "points: -1", "points", "greater than"),
        (", source: หนังสือสมมติ}\n    sim-00013", "}\n    sim-00013", "source", "required"),
        ("decided_by", "decided_on", "decided_on", "not permitted"),
        ("title: คะแนนปรับสมมติ\n", "", "title", "required"),
        ("IIT: 25, EIT.1: 75", "IIT: 125, EIT.1: -25", "EIT.1", "negative"),
    ],
)
def test_every_slip_is_named(tmp_path, scores, change: str, to: str, where: str, says: str) -> None:
    assert change in FILE
    with pytest.raises(InputError) as caught:
        reading(tmp_path, FILE.replace(change, to, 1), scores)
    assert any(where in problem.where and says in problem.en for problem in caught.value.problems), str(caught.value)
    assert all("adjusted.yaml" in problem.where for problem in caught.value.problems)


def test_a_ministry_may_be_missing_or_empty_but_is_text(tmp_path: Path) -> None:
    folder = odd_nation(tmp_path / "n", 30)
    ministries = open_nation(folder).agencies["ministry"]
    assert set(ministries.drop_nulls()) <= set(made_of()["ministries"]["names"])
    assert ministries.null_count() > 20, "local governments belong to no ministry"
    edit(folder / "agencies.parquet", lambda table: table.drop("ministry"))
    assert "ministry" not in open_nation(folder).agencies.columns
    edit(folder / "agencies.parquet", lambda table: table.with_columns(pl.lit(5).alias("ministry")))
    with pytest.raises(InputError, match="ministry"):
        open_nation(folder)
