"""Every standard error and interval against R ``survey``, to 1e-9; R itself is not needed.

``r/reference.csv`` was written by ``r/survey.R`` from ``r/sheets.csv``; both say how to make them again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from nation_sample import edit, tell_sheets

from prongsai.analysis.uncertainty import unfiltered
from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import results_of, score_nation
from prongsai.national.uncertain import REASONS, Estimates, estimates
from prongsai.scoring.score import score
from prongsai.scoring.structure import structure
from prongsai.scoring.wide import Layout, layout
from prongsai.simulation.nation import NationSpec, write_nation
from scripts import script

HERE = Path(__file__).parent / "r"
SHEETS = pl.read_csv(HERE / "sheets.csv")
REFERENCE = pl.read_csv(HERE / "reference.csv", comment_prefix="#", null_values=["NA"])
CLOSE = 1e-9
ZERO = 1e-6  # R takes the root of what rounding leaves of a variance of zero
CODES = [reason.code if reason else "" for reason in REASONS]
Line = dict[str, Any]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """The sheets as a nation's folder, points turned into positions of options."""
    folder = tmp_path_factory.mktemp("nation") / "r"
    framework = by_id("ita-2568")
    write_nation(NationSpec(framework, int(SHEETS["agency"].max()), 1), folder)  # type: ignore[arg-type]
    staff = dict(SHEETS.filter(survey="IIT").group_by("agency").agg(pl.col("people").first()).iter_rows())
    edit(
        folder / "agencies.parquet",
        lambda table: table.with_columns(
            pl.Series("staff", [staff[n] for n in table["agency"]], table.schema["staff"])
        ),
        {},
    )
    for path in sorted((folder / "sheets").glob("*/*.parquet")):
        rows = layout(structure(framework), path.parent.name)
        edit(path, put(SHEETS.filter(survey=path.parent.name), rows))
    tell_sheets(folder)
    return open_nation(folder)


def put(found: pl.DataFrame, rows: Layout) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Replace a file's sheets by these, of which a survey may have none."""

    def change(table: pl.DataFrame) -> pl.DataFrame:
        columns = {"agency": found["agency"], "respondent": pl.Series(range(1, len(found) + 1))}
        for place, row in enumerate(rows.rows, start=1):
            position = {points // rows.scale: at for at, points in enumerate(row.points)}
            columns[row.code] = found[f"q{place}"].replace_strict(position, return_dtype=pl.Int8)
        made = pl.DataFrame(columns)
        others = [pl.lit(None, kind).alias(name) for name, kind in table.schema.items() if name not in columns]
        return made.with_columns(others).select(table.columns).cast(dict(table.schema))  # type: ignore[arg-type]

    return change


@pytest.fixture(scope="module")
def found(nation: Nation) -> Estimates:
    counted = count(nation, engine("polars"), moments=True)
    return estimates(score_nation(nation, counted), counted)


def node_of(nation: Nation, survey: str, score: str) -> str:
    """The node that R calls q3, indicator 2 or by the survey's name."""
    kind, _, number = score.partition(" ")
    place = int(number or score[1:]) - 1 if score != survey else 0
    part = survey if "." in survey else None
    if kind == "indicator":
        indicators = [n for n in nation.tree.of_kind("indicator", part=part) if (n.instrument or "") in survey]
        return indicators[place].id
    return survey if score == survey else nation.surveys[survey].layout.rows[place].node


def lines(case: str | None = None) -> list[Line]:
    """What R said: a line per survey, agency and score."""
    table = REFERENCE if case is None else REFERENCE.filter(case=case)
    assert len(table), case
    return table.to_dicts()


def code(found: Estimates, nation: Nation, line: Line) -> str:
    """Our reason for a number of R's."""
    return CODES[found.reason[found.line(node_of(nation, line["survey"], line["score"])), line["agency"] - 1]]


def assert_close(line: Line, mine: tuple[Any, ...], atol: float = CLOSE) -> None:
    """Estimate, standard error, and as many bounds as are given."""
    theirs = [line[name] for name in ("estimate", "se", "low", "high")][: len(mine)]
    np.testing.assert_allclose([float(x) for x in mine], theirs, rtol=0, atol=atol, err_msg=str(line))


def test_every_number_that_r_can_give(nation: Nation, found: Estimates) -> None:
    """Of all agencies and scores whose answers differ; not where one answer alone stands for an item."""
    compared = 0
    for line in lines():
        place, agency = found.line(node_of(nation, line["survey"], line["score"])), line["agency"] - 1
        if not found.reason[place, agency]:
            columns = (found.value, found.se, found.low, found.high)
            assert_close(line, tuple(column[place, agency] for column in columns))
            compared += 1
    alone = [line for line in lines("q2 answered once") if line["score"] in ("indicator 1", line["survey"])]
    assert compared == sum(not line["error"] and line["se"] > ZERO for line in lines()) - len(alone) > 1300


def test_one_agency_at_a_time(nation: Nation) -> None:
    """The same figures for the golden examples and the first agencies through ``analysis.uncertainty``."""
    counted = count(nation, engine("polars"), moments=True)
    for case in ("golden A", "golden B", "plain"):
        some = [line for line in lines(case) if line["agency"] in (1, 2, 49, 50) and line["estimate"]]
        for agency in {line["agency"] for line in some}:
            sheet = score(results_of(nation, counted, agency - 1, moments=True))
            for line in (line for line in some if line["agency"] == agency):
                one = unfiltered(sheet, node_of(nation, line["survey"], line["score"]))
                assert one, line
                if not one.reason:
                    assert_close(line, (one.estimate, one.se, one.low, one.high))


@pytest.mark.parametrize(
    ("case", "reason"),
    [("one sheet", "one_sheet"), ("more sheets than people", "more_than_people"), ("q2 answered once", "few_answers")],
)
def test_missing_where_r_stops_or_says_zero(nation: Nation, found: Estimates, case: str, reason: str) -> None:
    said = [line for line in lines(case) if line["survey"] == "IIT" and line["score"] in ("IIT", "q2")]
    assert any(line["error"] or line["se"] == 0 for line in said)
    for line in said:
        place = found.line(node_of(nation, "IIT", line["score"]))
        assert code(found, nation, line) == reason
        for column in (found.se, found.low, found.high, found.degrees):
            assert np.isnan(column[place, line["agency"] - 1])


def test_an_item_that_nobody_answered(nation: Nation, found: Estimates) -> None:
    """R says 0 ± 0; nothing is known of it, and the score above it rests on the others."""
    said = {(line["survey"], line["score"]): line for line in lines("nobody answered q2")}
    line = said["IIT", "q2"]
    assert (line["estimate"], line["se"], code(found, nation, line)) == (0, 0, "absent")
    assert np.isnan(found.value[found.line("i2"), line["agency"] - 1])
    assert code(found, nation, said["IIT", "indicator 1"]) == ""


def test_equal_answers_and_everybody(nation: Nation, found: Estimates) -> None:
    """A standard error of zero is exactly zero; the bounds are ours where R has none."""
    for case, reason in (("all best", "all_equal"), ("all equal", "all_equal"), ("everybody", "all_answered")):
        for line in lines(case):
            if line["survey"] == "IIT":
                place, agency = found.line(node_of(nation, "IIT", line["score"])), line["agency"] - 1
                assert code(found, nation, line) == reason
                assert found.se[place, agency] == 0
                assert_close(line, (found.value[place, agency], 0), ZERO)
    agency = lines("all best")[0]["agency"] - 1
    iit, eit = found.line("IIT"), found.line("EIT.1")
    # 12 of 30: C(26, 12)/C(30, 12) = 0.112 and C(25, 12)/C(30, 12) = 0.060 but C(24, 12)/C(30, 12) = 0.031
    assert (found.low[iit, agency], found.high[iit, agency]) == pytest.approx((100 - 100 * 5 / 30, 100), abs=CLOSE)
    assert found.low[eit, agency] == pytest.approx(100 * 0.05 ** (1 / 12), abs=CLOSE), "no frame: endless people"


def test_the_closed_form_and_the_bootstrap_agree(nation: Nation, found: Estimates) -> None:
    """Two ways that share nothing with ours: sheet by sheet in two passes, and drawing sheets with replacement."""
    bench = script("bench/uncertainty.py")
    held = {
        name: bench.arrays(nation, nation.surveys[name], bench.read(nation.surveys[name])) for name in ("IIT", "EIT.1")
    }
    assert max(bench.apart(found, held).values()) < CLOSE
    ratios = bench.by_bootstrap(found, held["IIT"], every=1)["median, 5 %, 95 %"]
    assert set(ratios) >= {"5+", "10+", "30+"}
    for median, low, high in ratios.values():
        assert 0.95 < median < 1.05
        assert 0.75 < low < high < 1.3
