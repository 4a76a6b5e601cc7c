"""The whole nation, engine against engine and every agency against scoring alone: ``make test-full``."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nation_sample import assert_counted, assert_equal, assert_same

from needs import missing
from prongsai.framework import by_id
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import score_nation
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.simulation.population import whole_nation

HERE = Path(__file__).parent
POSTGRES = HERE.parents[1] / "tools" / "with_postgres.py"


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    if not os.environ.get("PRONGSAI_FULL"):
        pytest.skip("takes minutes: make test-full (PRONGSAI_FULL=1)")
    folder = tmp_path_factory.mktemp("whole") / "nation"
    write_nation(NationSpec(by_id("ita-2568"), whole_nation(), 20), folder)
    return open_nation(folder)


@pytest.fixture(scope="module")
def counted(nation: Nation) -> dict[str, Counted]:
    return count(nation, engine("polars"), moments=True)


def test_every_agency_is_counted_as_scoring_counts_it(nation: Nation, counted: dict[str, Counted]) -> None:
    assert_counted(nation, counted)


def test_every_agency_is_scored_as_scoring_scores_it(nation: Nation, counted: dict[str, Counted]) -> None:
    assert_equal(score_nation(nation, counted), counted)


def test_duckdb_counts_the_same(nation: Nation, counted: dict[str, Counted]) -> None:
    by_duckdb = count(nation, engine("duckdb"), moments=True)
    assert all(by_duckdb[name].same(one) for name, one in counted.items())


@pytest.mark.parametrize("script", ["count_on.py", "live_tables.py"])
def test_postgres_counts_the_same(nation: Nation, counted: dict[str, Counted], tmp_path: Path, script: str) -> None:
    """Copied into a table, and from tables like the live site's."""
    more = ["postgres", "DATABASE_URL"] if script == "count_on.py" else []
    command = [sys.executable, POSTGRES, sys.executable, HERE / script, nation.folder, *more, tmp_path / "out.npz"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        missing("PostgreSQL is not installed")
    assert done.returncode == 0, done.stderr
    assert_same(tmp_path / "out.npz", counted)


def test_spark_counts_the_same(nation: Nation, counted: dict[str, Counted], tmp_path: Path) -> None:
    """On this machine alone; the cluster's own test is ``test_national_spark``."""
    if importlib.util.find_spec("pyspark") is None:
        missing("pyspark is not installed (pip install 'prongsai[spark]')")
    if shutil.which("java") is None:
        missing("Java is not installed (Debian: openjdk-17-jre-headless)")
    out = tmp_path / "out.npz"
    command = [sys.executable, HERE / "count_on.py", nation.folder, "spark", "local[2]", out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert_same(out, counted)
