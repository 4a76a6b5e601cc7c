"""An engine that is away or goes away, and files that change while they are counted: exit status 2, nothing written.

A Spark cluster that goes away is in ``test_national_spark``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import psycopg
import pytest
from nation_sample import edit
from with_postgres import Cluster

from needs import missing
from prongsai.cli.main import main
from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.simulation.nation import NationSpec, write_nation

AGENCIES, LARGE = 120, 1000


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("away") / "nation"
    write_nation(NationSpec(by_id("ita-2568"), AGENCIES, 3), folder)
    return folder


def test_an_engine_that_is_away_writes_nothing(nation: Path, tmp_path: Path, capsys) -> None:
    address = "postgresql://nobody@127.0.0.1:1/none"
    out = tmp_path / "out"
    assert main(["national", str(nation), "-o", str(out), "--engine", "postgres", "--address", address]) == 2
    assert "PostgreSQL" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_goes_away_while_it_counts_writes_nothing(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    nation = tmp_path_factory.mktemp("large") / "nation"  # what it writes takes long enough to be seen at it
    write_nation(NationSpec(by_id("ita-2568"), LARGE, 3), nation)
    entry = "from prongsai.cli.main import run; run()"
    command = [sys.executable, "-c", entry, "national", nation, "-o", tmp_path / "out", "--engine", "postgres"]
    try:
        cluster = Cluster()
    except FileNotFoundError as error:
        missing(str(error))
    with cluster:
        address = cluster.address.replace("postgres://", "postgresql://", 1)
        with psycopg.connect(address, autocommit=True) as watch:
            driver = subprocess.Popen(
                [*command, "--address", address], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY %'"
            while not watch.execute(busy).fetchone()[0]:
                assert driver.poll() is None, driver.stderr.read()
                time.sleep(0.01)
        cluster.kill()
        out, err = driver.communicate(timeout=120)
    assert driver.returncode == 2, err
    assert "PostgreSQL" in err
    assert not out
    assert list(tmp_path.iterdir()) == []


CHANGES = {
    "lines were added": lambda t: pl.concat([t, t.head(1)]),
    "lines went": lambda t: t.head(-1),
    "agencies became others": lambda t: t.with_columns(pl.col("agency") + AGENCIES),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("by", ["polars", "duckdb"])
def test_files_that_change_after_they_were_checked_are_not_counted(
    nation: Path, tmp_path: Path, name: str, by: str
) -> None:
    folder = tmp_path / "nation"
    shutil.copytree(nation, folder)
    opened = open_nation(folder)
    edit(next((folder / "sheets" / "EIT.1").iterdir()), CHANGES[name])
    with pytest.raises(InputError) as refused:
        count(opened, engine(by))
    assert refused.value.problems[0].code == "national.changed"
