"""The real reports, where they are at hand, and invented texts beside them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from prongsai.reading.model import Reading
from prongsai.reading.read import read_file

FOLDER = Path(os.environ.get("PRONGSAI_CASES") or Path(__file__).parents[3] / "shared" / "cases")


@cache
def case(number: str) -> Reading:
    """The reading of a real report; the test is skipped where the reports are not there."""
    found = sorted(FOLDER.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"the real reports are not in {FOLDER}; set PRONGSAI_CASES")
    return read_file(found[0])[0]


def invented(folder: Path, text: str) -> Reading:
    """The reading of an invented text."""
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return read_file(path)[0]
