"""Every engine counts the same integers, and the same as scoring does with the sheets of one agency at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from nation_sample import EMPTY_SHEETS, ITEM_UNANSWERED, NO_INSIDE, NO_SHEETS, ONE_SHEET, assert_same, odd_nation

from needs import missing
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.scoring.sheets import count as count_sheets

ROOT = Path(__file__).parents[2]
AGENCIES = 500


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return open_nation(odd_nation(tmp_path_factory.mktemp("nation") / "odd", AGENCIES))


@pytest.fixture(scope="module")
def counted(nation: Nation) -> dict[str, Counted]:
    return count(nation, engine("polars"), moments=True)


def test_polars_counts_what_scoring_counts_one_agency_at_a_time(nation: Nation, counted: dict[str, Counted]) -> None:
    for container, survey in nation.surveys.items():
        by_agency = pl.read_parquet(list(survey.files)).partition_by("agency", as_dict=True)
        for line, number in enumerate(nation.numbers):
            table = by_agency.get((number,), pl.DataFrame())
            rows = [
                {r.code: "" if cell[r.code] is None else r.options[cell[r.code]] for r in survey.layout.rows}
                for cell in table.iter_rows(named=True)
            ]
            tallies, moments = count_sheets(rows, nation.tree, container, "one agency")
            found = counted[container].tallies(line)
            assert {n: t.counts for n, t in found.items()} == {n: t.counts for n, t in tallies.items()}, number
            assert counted[container].moments(line) == moments, number


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
