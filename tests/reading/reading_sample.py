"""Reads invented reports, and finds the real ones: beside the repository, or in the folder that PRONGSAI_CASES names."""

from __future__ import annotations

import os
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from prongsai.reading.model import Claim, Reading
from prongsai.reading.read import read_file

ROOT = Path(__file__).parents[2]
CASES = Path(os.environ.get("PRONGSAI_CASES") or ROOT.parent / "shared" / "cases")

COVER = """\
รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ
ประจำปีงบประมาณ พ.ศ. {year}
เทศบาลตำบลบ้านสมมติ อำเภอตัวอย่าง จังหวัดจำลอง

"""


def read_text(folder: Path, text: str, name: str = "report.txt") -> Reading:
    """The only reading of a text."""
    readings = read_all(folder, text, name)
    assert len(readings) == 1
    return readings[0]


def read_all(folder: Path, text: str, name: str = "report.txt") -> list[Reading]:
    """All readings of a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def covered(text: str, year: int | str = 2568) -> str:
    """A text with a cover that says agency, place and year."""
    return COVER.format(year=year) + text


def scores(reading: Reading) -> dict[str, set[Decimal]]:
    """All values by node."""
    found: dict[str, set[Decimal]] = {}
    for value in reading.values:
        found.setdefault(value.node, set()).add(value.value)
    return found


def score(reading: Reading, node: str) -> str | None:
    """The one value of a node as a number in text, None where there is none."""
    values = scores(reading).get(node, set())
    assert len(values) <= 1, values
    return str(next(iter(values))) if values else None


def claims(reading: Reading, kind: str) -> list[Claim]:
    """The claims of one kind."""
    return [claim for claim in reading.claims if claim.kind == kind]


@cache
def real_reports() -> dict[str, Reading]:
    """Agency name → its real report, read; skips the test where the reports are not there."""
    files = sorted(CASES.glob("*.txt"))
    if not files:
        pytest.skip(f"no real reports in {CASES}: set PRONGSAI_CASES to the folder that holds them as .txt")
    readings = [read_file(path)[0] for path in files]
    return {reading.agency.text: reading for reading in readings if reading.agency}
