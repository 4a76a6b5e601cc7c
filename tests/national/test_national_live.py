"""The live site's tables are counted where they are: the same integers as the sheets in Parquet, on both databases."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_tables import counted, fill, stored
from nation_sample import NO_SHEETS, assert_same, odd_nation

from needs import missing
from prongsai.errors import InputError
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.engines.live import LiveEngine, Stored
from prongsai.national.nation import Nation, open_nation

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return open_nation(odd_nation(tmp_path_factory.mktemp("live") / "odd", 30))


@pytest.fixture(scope="module")
def embedded(nation: Nation) -> dict[str, Counted]:
    return count(nation, engine("polars"), moments=True)


@pytest.fixture
def database(nation: Nation) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    fill(connection, nation, "?")
    yield connection
    connection.close()


def test_sqlite_counts_what_it_stores(
    nation: Nation, embedded: dict[str, Counted], database: sqlite3.Connection
) -> None:
    found = counted(LiveEngine(database, "sqlite"), nation)
    for name, one in found.items():
        assert one.same(embedded[name]), name
    assert found["IIT"].sheets[NO_SHEETS - 1] == 0


def test_postgres_counts_what_it_stores(nation: Nation, embedded: dict[str, Counted], tmp_path: Path) -> None:
    out = tmp_path / "live.npz"
    script = Path(__file__).parent / "live_tables.py"
    run = [sys.executable, ROOT / "tools" / "with_postgres.py", sys.executable, script, nation.folder, out]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        missing("PostgreSQL is not installed")
    assert done.returncode == 0, done.stderr
    assert_same(out, embedded)


def test_long_definitions_are_asked_in_several_statements(
    nation: Nation, embedded: dict[str, Counted], database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prongsai.national.engines.sql.MOST_COLUMNS", 100)
    found = LiveEngine(database, "sqlite").count(stored(nation, "IIT"), nation.numbers, moments=True)
    assert found.same(embedded["IIT"])


SPOILED = {
    "an unknown version": ("UPDATE surveys_answer SET form_id = 'other' WHERE id = 7", "'other'"),
    "no version": ("UPDATE surveys_answer SET form_id = NULL WHERE id = 7", "None"),
    "too short": ("UPDATE surveys_answer SET packed = substr(packed, 2) WHERE id = 7", "do not fit"),
    "no option": ("UPDATE surveys_answer SET packed = '9' || substr(packed, 2) WHERE id = 7", "do not fit"),
    "nothing": ("UPDATE surveys_answer SET packed = NULL WHERE id = 7", "do not fit"),
    "an unknown agency": ("UPDATE surveys_survey SET agency = 999 WHERE id = 1", "agency 999"),
    "no agency": ("UPDATE surveys_survey SET agency = NULL WHERE id = 1", "agency None"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_cannot_be_read_is_not_left_out_in_silence(
    name: str, nation: Nation, database: sqlite3.Connection
) -> None:
    change, said = SPOILED[name]
    database.execute(change)
    with pytest.raises(InputError) as refused:
        LiveEngine(database, "sqlite").count(stored(nation, "IIT"), nation.numbers, moments=False)
    assert any(said in f"{problem.where} {problem.en}" for problem in refused.value.problems)


def test_no_answers_yet(nation: Nation, database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM surveys_answer")
    whole = stored(nation, "IIT")
    engine = LiveEngine(database, "sqlite")
    assert engine.count(whole, nation.numbers, moments=True).sheets.sum() == 0
    assert engine.count(Stored(whole.layout, whole.answers, ()), nation.numbers, moments=True).counts.shape == (30, 0)
