"""The table of attacks keeps its word: every row has a test that is there, and a way in which it is seen to fail."""

from __future__ import annotations

import pytest
from broken import SABOTAGE
from named_tests import ROOT, stands
from write_security import SABOTAGE as BY_MACHINE
from write_security import SECURITY, SEEN, Attack, attacks_page, table

ACTORS, ASSETS, ROWS = table()
HELD = [row for row in ROWS if not row.residual]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_whole(row: Attack) -> None:
    assert row.actor in ACTORS
    assert row.asset in ASSETS
    assert (ROOT / row.where).exists(), row.where
    if row.residual:
        assert {row.defence, row.test, row.control} == {""}, "held or not, but not both"
        return
    assert row.defence
    assert stands(row.test), f"{row.test}: no such test"


@pytest.mark.parametrize("row", HELD, ids=lambda row: row.id)
def test_a_row_is_seen_to_fail(row: Attack) -> None:
    if row.control == BY_MACHINE:
        assert row.id in SABOTAGE, "tests/security/broken.py takes nothing away for this row"
    elif row.control.startswith(SEEN):
        assert len(row.control) > len(SEEN) + 20, "say how the test fails"
    else:
        assert stands(row.control), f"{row.control}: no such test"
        assert row.control != row.test


def test_every_sabotage_belongs_to_a_row() -> None:
    assert set(SABOTAGE) == {row.id for row in ROWS if row.control == BY_MACHINE}


def test_every_actor_and_asset_has_rows() -> None:
    for name in ACTORS:
        assert [row for row in ROWS if row.actor == name], name
    for name in ASSETS:
        assert [row for row in HELD if row.asset == name], name


def test_what_is_not_defended_is_said() -> None:
    """A table without such rows would not be honest: somebody runs the machine."""
    assert {"operator", "network_operator", "inspector"} <= {row.actor for row in ROWS if row.residual}


def test_the_page_is_fresh() -> None:
    assert (SECURITY / "attacks.md").read_text(encoding="utf-8") == attacks_page(), "stale; run make docs"


@pytest.mark.parametrize(
    "name", ["tests/site/test_doors.py::test_nowhere", "tests/nowhere.py::test_door", "src/prongsai"]
)
def test_a_test_that_is_not_there_is_missed(name: str) -> None:
    """The control of the tests above."""
    assert not stands(name)
