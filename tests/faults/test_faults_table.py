"""The table of faults names tests that are there, and every test of a fault stands in it."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TABLE = ROOT / "docs" / "security" / "faults.md"
OF_OTHERS = {"test_faults_table.py", "test_overload_load.py"}  # this one, and a load that is no fault


def test_the_table_and_the_tests_are_the_same() -> None:
    named = set(re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE.read_text(encoding="utf-8")))
    for file, name in named:
        assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{file}::{name}"
    there = {
        (f"faults/{path.name}", name)
        for path in HERE.glob("test_*.py")
        if path.name not in OF_OTHERS
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert there - named == set(), "tests of faults that the table does not name"
