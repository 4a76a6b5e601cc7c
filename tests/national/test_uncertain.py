"""Standard errors on columns are those of fractions, agency by agency, odd agencies among them."""

from __future__ import annotations

import os
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from nation_sample import NO_SHEETS, edit, odd_nation, tell_sheets

from prongsai.analysis.uncertainty import unfiltered
from prongsai.national import uncertain
from prongsai.national.columns import COMPUTED, UNIT
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import NationScores, results_of, score_nation
from prongsai.national.uncertain import REASONS, Estimates, estimates
from prongsai.scoring.score import score

CODES = [reason.code if reason else "" for reason in REASONS]
CENSUS, TOO_MANY, NO_STAFF, EQUAL = 20, 21, 22, 23  # of many sheets, as agencies of nation_sample go
OPPOSITE, ALL_BEST, ONE_ANSWER, FEWER = 31, 32, 33, 34
GUESSES = [
    (),
    ("eit-mean-of-parts", "oit-2568-fit"),
    ("eit-pooled-respondents", "oit-2568-fit"),
]


def harder(folder: Path, inside: str = "IIT") -> Path:
    """More odd agencies: everybody asked, more sheets than people, equal answers, answers that cancel each other."""
    for path in sorted((folder / "sheets").glob("*/*.parquet")):
        edit(path, lambda table, last=path.parent.name[-1] == "2": _odd(table, last))  # type: ignore[misc]
    lines = pl.read_parquet(sorted((folder / "sheets" / inside).glob("*.parquet"))).group_by("agency").len()
    found = dict(zip(lines["agency"], lines["len"], strict=True))
    staff = {CENSUS: found[CENSUS], TOO_MANY: found[TOO_MANY] - 1, NO_STAFF: None}
    column = pl.col("agency").replace_strict(staff, default=pl.col("staff"), return_dtype=pl.Int64)
    edit(
        folder / "agencies.parquet",
        lambda table: table.with_columns(column.cast(table.schema["staff"]).alias("staff")),
        {},
    )
    tell_sheets(folder)
    return folder


def _odd(table: pl.DataFrame, last: bool) -> pl.DataFrame:
    """Of two agencies all answers alike; of one two rows that cancel; of one a row that one person answered; and of one
    few sheets in the last survey, with a row that nobody answered there but others elsewhere."""
    rows = [name for name, kind in table.schema.items() if kind == pl.Int8]
    agency, line = pl.col("agency"), pl.int_range(pl.len()).over("agency")
    alike, turn = agency.is_in([EQUAL, OPPOSITE]), {rows[3]: line % 2, rows[4]: (line + 1) % 2}
    table = table.filter(~pl.lit(last) | (agency != FEWER) | (line < 2))
    changed = {
        name: pl.when((agency == OPPOSITE) & (name in turn)).then(turn.get(name, line))
        .when(alike).then(1)
        .when(agency == ALL_BEST).then(0)
        .when((agency == ONE_ANSWER) & (name == rows[0]) & (line > 0)).then(None)
        .when((agency == FEWER) & (name == rows[0]) & last).then(None)
        .otherwise(pl.col(name)).cast(pl.Int8)
        for name in rows
    }  # fmt: skip
    return table.with_columns(**changed)


def made(folder: Path, assume: tuple[str, ...] = ()) -> tuple[NationScores, dict[str, Counted]]:
    nation = open_nation(folder)
    counted = count(nation, engine("polars"), moments=True)
    return score_nation(nation, counted, assume), counted


def assert_alike(found: Estimates, scores: NationScores, counted: dict[str, Counted], every: int = 1) -> None:
    """Every number of every agency, against ``analysis.uncertainty`` of that agency alone."""
    assert np.isnan(found.se[(found.reason > 0) & (found.reason < CODES.index("all_answered"))]).all()
    for line in range(0, len(scores.nation.numbers), every):
        sheet = score(results_of(scores.nation, counted, line, moments=True), scores.assumed)
        for place, node in enumerate(found.nodes):
            one, where = unfiltered(sheet, node), (line, node)
            mine = [
                float(column[place, line]) for column in (found.value, found.se, found.low, found.high, found.degrees)
            ]
            value = sheet.score(node)
            assert np.isnan(mine[0]) == (value is None), where
            if one is None:
                assert np.isnan(mine[1:]).all(), where
                assert found.reason[place, line], where
                continue
            theirs = [np.nan if x is None else float(x) for x in (one.estimate, one.se, one.low, one.high, one.degrees)]
            assert CODES[found.reason[place, line]] == (one.reason.code if one.reason else ""), where
            np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-12, err_msg=str(where))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return harder(odd_nation(tmp_path_factory.mktemp("nation") / "odd", 48))


@pytest.mark.parametrize("assume", GUESSES)
def test_every_agency_as_analysis_computes_it(folder: Path, assume: tuple[str, ...]) -> None:
    scores, counted = made(folder, assume)
    assert_alike(estimates(scores, counted), scores, counted)


@pytest.mark.parametrize("framework", ["ita-2562", "ita-2566", "rehearsal"])
def test_other_frameworks(tmp_path: Path, framework: str) -> None:
    inside = "R" if framework == "rehearsal" else "IIT"
    scores, counted = made(harder(odd_nation(tmp_path / "n", 34, framework), inside))
    assert_alike(estimates(scores, counted), scores, counted, 1 if os.environ.get("PRONGSAI_FULL") else 4)


def test_every_reason_occurs_and_missing_is_nan(folder: Path) -> None:
    seen: set[str] = set()
    for assume in GUESSES:
        found = estimates(*made(folder, assume))
        seen |= {CODES[code] for code in np.unique(found.reason)}
        missing = (found.reason > 0) & (found.reason < CODES.index("all_answered"))
        for column in (found.se, found.low, found.high, found.degrees):
            assert np.isnan(column[missing]).all()
            assert not np.isnan(column[~missing]).any()
    assert seen == set(CODES)


def test_the_odd_agencies(folder: Path) -> None:
    found = estimates(*made(folder))

    def reason(node: str, agency: int) -> str:
        return CODES[found.reason[found.line(node), agency - 1]]

    assert [reason("IIT", n) for n in (CENSUS, TOO_MANY, NO_STAFF)] == ["all_answered", "more_than_people", ""]
    assert [reason("e4@EIT.1", n) for n in (EQUAL, OPPOSITE)] == ["all_equal", ""]
    assert reason("IIT", EQUAL) == "all_equal"
    assert [reason(node, ONE_ANSWER) for node in ("i1", "IIT", "i2", "5")] == ["few_answers", "few_answers", "", ""]
    assert reason("IIT", NO_SHEETS) == "no_sheets"
    assert reason("EIT", CENSUS) == "not_known", "how the parts weigh is not published"


def test_opposite_answers_leave_exactly_nothing(folder: Path) -> None:
    """Two people whose answers cancel: floating point would leave a standard error of 1e-8."""
    scores, counted = made(folder)
    found = estimates(scores, counted)
    place, line = found.line("7@EIT.1"), OPPOSITE - 1
    assert found.se[found.line("e4@EIT.1"), line] > 0
    assert (found.se[place, line], CODES[found.reason[place, line]]) == (0, "all_equal")


def test_another_confidence(folder: Path) -> None:
    """As B's joint regions of ranks ask for; the bound of equal answers too."""
    scores, counted = made(folder, GUESSES[1])
    usual, wide = estimates(scores, counted), estimates(scores, counted, 0.999)
    np.testing.assert_array_equal(usual.se, wide.se)
    several = int(np.flatnonzero(usual.se[usual.line("overall")] > 0)[0])
    for node, line in (
        ("i1", EQUAL - 1),
        ("IIT", several),
        ("EIT.1", EQUAL - 1),
        ("EIT", several),
        ("overall", several),
    ):
        sheet = score(results_of(scores.nation, counted, line, moments=True), scores.assumed)
        one = unfiltered(sheet, node, Fraction(1, 1000))
        assert one, node
        place = (wide.line(node), line)
        assert (wide.low[place], wide.high[place]) == pytest.approx((one.low, one.high), abs=1e-10)
        assert wide.low[place] < usual.low[place]


def test_many_agencies_are_the_same_as_few(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks hold the memory down and change nothing."""
    scores, counted = made(folder, GUESSES[1])
    whole = estimates(scores, counted)
    monkeypatch.setattr(uncertain, "CHUNK", 7 * 105)
    for field in fields(whole)[1:]:
        np.testing.assert_allclose(
            getattr(estimates(scores, counted), field.name), getattr(whole, field.name), rtol=1e-13, err_msg=field.name
        )


def test_without_moments_nothing_is_guessed(folder: Path) -> None:
    nation = open_nation(folder)
    counted = count(nation, engine("polars"))
    with pytest.raises(ValueError, match="without moments"):
        estimates(score_nation(nation, counted), counted)


def test_a_given_score_without_sheets_is_kept_and_has_no_error(folder: Path) -> None:
    """As when a nation is gathered from official numbers."""
    scores, counted = made(folder)
    place = scores.line("IIT")
    scores.low[place, NO_SHEETS - 1] = scores.high[place, NO_SHEETS - 1] = 90 * UNIT
    scores.exact[place, NO_SHEETS - 1], scores.state[place, NO_SHEETS - 1] = True, COMPUTED
    found = estimates(scores, counted)
    assert found.value[place, NO_SHEETS - 1] == 90
    assert np.isnan(found.se[place, NO_SHEETS - 1])
    assert CODES[found.reason[place, NO_SHEETS - 1]] == "no_sheets"
