"""Every engine counts the same integers, and the same as scoring does with the sheets of one agency at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from nation_sample import (
    EMPTY_SHEETS,
    ITEM_UNANSWERED,
    NO_INSIDE,
    NO_SHEETS,
    ONE_SHEET,
    assert_counted,
    assert_same,
    odd_nation,
)

from needs import missing
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation

ROOT = Path(__file__).parents[2]
AGENCIES = 500


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return open_nation(odd_nation(tmp_path_factory.mktemp("nation") / "odd", AGENCIES))


@pytest.fixture(scope="module")
def counted(nation: Nation) -> dict[str, Counted]:
    return count(nation, engine("polars"), moments=True)


def test_polars_counts_what_scoring_counts_one_agency_at_a_time(nation: Nation, counted: dict[str, Counted]) -> None:
    assert_counted(nation, counted)


def test_the_odd_agencies_are_there(nation: Nation, counted: dict[str, Counted]) -> None:
    def sheets(container: str, number: int) -> int:
        return int(counted[container].sheets[np.searchsorted(nation.numbers, number)])

    assert [sheets("IIT", n) for n in (NO_SHEETS, ONE_SHEET, NO_INSIDE)] == [0, 1, 0]
    assert sheets("EIT.1", NO_INSIDE) > 0
    assert sheets("IIT", EMPTY_SHEETS) > 0
    assert counted["IIT"].tallies(EMPTY_SHEETS - 1)["i1"].counts == {}
    tallies = counted["IIT"].tallies(ITEM_UNANSWERED - 1)
    assert tallies["i1"].respondents == 0
    assert tallies["i2"].respondents > 0


def test_duckdb_counts_the_same(nation: Nation, counted: dict[str, Counted]) -> None:
    counting = engine("duckdb")
    found = count(nation, counting, moments=True)
    counting.close()
    assert found.keys() == counted.keys()
    for container, one in found.items():
        assert one.same(counted[container]), container
    assert not found["EIT.1"].same(counted["EIT.2"])


def test_long_definitions_are_asked_in_several_statements(
    nation: Nation, counted: dict[str, Counted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prongsai.national.engines.sql.MOST_COLUMNS", 100)
    found = count(nation, engine("duckdb"), moments=True)
    assert all(one.same(counted[container]) for container, one in found.items())


def test_postgres_counts_the_same(nation: Nation, counted: dict[str, Counted], tmp_path: Path) -> None:
    out = tmp_path / "postgres.npz"
    script = Path(__file__).parent / "count_on.py"
    run = [sys.executable, ROOT / "tools" / "with_postgres.py", sys.executable, script]
    done = subprocess.run(
        [*run, nation.folder, "postgres", "DATABASE_URL", out], capture_output=True, text=True, check=False
    )
    if done.returncode == 77:
        missing("PostgreSQL is not installed")
    assert done.returncode == 0, done.stderr
    assert_same(out, counted)


def test_a_scale_of_uneven_steps_counts_the_same(tmp_path: Path) -> None:
    nation = open_nation(odd_nation(tmp_path / "older", 40, "ita-2564"))
    assert any(
        len({b - a for a, b in zip(r.points, r.points[1:], strict=False)}) > 1
        for r in nation.surveys["IIT"].layout.rows
    )
    by_polars, by_duckdb = (count(nation, engine(name), moments=True) for name in ("polars", "duckdb"))
    assert all(by_duckdb[container].same(one) for container, one in by_polars.items())


def test_counts_of_two_halves_add_up(nation: Nation, counted: dict[str, Counted], tmp_path: Path) -> None:
    survey = nation.surveys["IIT"]
    table = pl.read_parquet(list(survey.files))
    halves = []
    for turn in (0, 1):
        path = tmp_path / f"{turn}.parquet"
        table.filter(pl.col("respondent") % 2 == turn).write_parquet(path)
        half = type(survey)(survey.layout, (path,), 0)
        halves.append(engine("polars").count(half, nation.numbers, moments=True))
    assert (halves[0] + halves[1]).same(counted["IIT"])
    assert not halves[0].same(counted["IIT"])


@pytest.mark.parametrize("name", ["polars", "duckdb"])
def test_slices_of_a_nation_count_what_it_counts_whole(nation: Nation, counted: dict[str, Counted], name: str) -> None:
    """Also where files hold several agencies of several slices, and some slices none of a survey."""
    counting, first = engine(name), 0
    for mine in nation.slices(170):
        lines = slice(first, first + len(mine.numbers))
        first = lines.stop
        assert np.array_equal(mine.numbers, nation.numbers[lines])
        assert np.array_equal(mine.verdicts["OIT"][1], nation.verdicts["OIT"][1][lines])
        for container, one in count(mine, counting, moments=True).items():
            assert np.array_equal(one.sheets, counted[container].sheets[lines])
            assert np.array_equal(one.counts, counted[container].counts[lines])
            assert np.array_equal(one.pairs, counted[container].pairs[lines])
    assert first == len(nation.numbers)
    survey = nation.surveys["IIT"]
    nobody = engine(name).count(survey.only(NO_SHEETS, NO_SHEETS), nation.numbers[:1], moments=True)
    assert not nobody.sheets.any()
    nobody = engine(name).count(survey.only(10**6, 10**6), nation.numbers, moments=False)
    assert not nobody.counts.any()


def test_lines_in_no_order_count_the_same(nation: Nation, counted: dict[str, Counted], tmp_path: Path) -> None:
    survey = nation.surveys["IIT"]
    path = tmp_path / "shuffled.parquet"
    pl.read_parquet(list(survey.files)).sample(fraction=1, shuffle=True, seed=3).write_parquet(path)
    shuffled = type(survey)(survey.layout, (path,), survey.sheets)
    assert engine("polars").count(shuffled, nation.numbers, moments=True).same(counted["IIT"])


@pytest.mark.parametrize("sheets", [254, 255, 256, 500_000])
def test_many_equal_sheets_of_one_agency_do_not_overflow(
    nation: Nation, tmp_path: Path, sheets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several counts share a word: each lane must hold the longest stretch, all answers alike."""
    monkeypatch.setattr("prongsai.national.engines.polars.BATCH", 10**6)
    survey = nation.surveys["IIT"]
    number = int(nation.numbers[3])
    rows = survey.layout.rows
    best = {row.code: pl.Series([len(row.options) - 1], dtype=pl.Int8) for row in rows}
    one = pl.DataFrame({"agency": pl.Series([number], dtype=pl.Int32), **best})
    path = tmp_path / "alike.parquet"
    pl.concat([one] * sheets).write_parquet(path)
    alike = type(survey)(survey.layout, (path,), sheets)
    found = engine("polars").count(alike, nation.numbers, moments=True)
    assert found.sheets[3] == found.sheets.sum() == sheets
    assert found.pairs is not None
    for k, row in enumerate(rows):
        assert found.counts[3, survey.layout.starts[k + 1] - 1] == sheets, row.code
    for p, (k, l) in enumerate(survey.layout.pairs):  # noqa: E741 - k and l are the names of the formula
        x, y = rows[k].points[-1], rows[l].points[-1]
        assert found.pairs[3, p].tolist() == [sheets, sheets * x, sheets * y, sheets * x * y]
