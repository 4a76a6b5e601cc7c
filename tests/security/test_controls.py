"""The positive controls: with its defence taken away each test of the table must fail, by what it asserts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from broken import SABOTAGE
from named_tests import ROOT
from sabotage import taken_away, target
from write_security import table

from shared import alone, of_the_run

FULL = "PRONGSAI_FULL" in os.environ
TESTS = {row.id: row.test for row in table()[2]}
OUTSIDE = ("doors",)  # the table of doors stands beside its test and imports the whole site


@pytest.mark.parametrize("row", SABOTAGE)
def test_what_is_taken_away_is_there(row: str) -> None:
    for where in SABOTAGE[row]:
        if not where.startswith(OUTSIDE):
            assert target(where)


def test_what_is_not_there_any_more_is_said() -> None:
    with pytest.raises(LookupError, match="not there any more"):
        target("prongsai.evidence.network:is_public_no_more")


def test_what_was_taken_away_comes_back() -> None:
    from prongsai.evidence import fetch, network

    before = (network.is_public, network.Network.addresses)
    with taken_away("private-address"):
        assert network.is_public("127.0.0.1")
    with taken_away("fetch-inside"):
        assert network.Network.addresses is not before[1]
    assert (network.is_public, network.Network.addresses) == before
    assert fetch.Network.addresses is before[1]


@cache
def _controls(folder: Path) -> dict[str, str]:
    """What became of each row, in one run of all their tests."""
    found = folder / "controls.json"
    here = str(Path(__file__).parent)
    tests = list(dict.fromkeys(TESTS[row] for row in SABOTAGE))
    with alone(folder / "controls.lock"):  # one run for all: two at once disturb what is measured in seconds
        if found.exists():
            return dict(json.loads(found.read_text(encoding="utf-8")))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "sabotage", *tests],
            cwd=ROOT,
            env={**os.environ, "SABOTAGE": str(found), "PYTHONPATH": os.pathsep.join([here, str(ROOT / "tools")])},
            capture_output=True,
            text=True,
            check=False,
        )
    assert found.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    said: dict[str, str] = json.loads(found.read_text(encoding="utf-8"))
    return said


@pytest.mark.skipif(not FULL, reason="runs the tests of the table twice")
@pytest.mark.parametrize("row", SABOTAGE)
def test_its_test_notices(row: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert _controls(of_the_run(tmp_path_factory)).get(row) == "noticed"
