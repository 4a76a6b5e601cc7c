"""Runs commands through the real entry, in this process, on invented results."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from prongsai.cli.main import main

RESULTS = """\
agency: {name: เทศบาลตำบลสมมติ, kind: subdistrict_municipality}
fiscal_year: ๒๕๖๘
scores:
  overall: 90.25
  indicators: {1: 90, 2: 92, 3: 91, 4: 84.5, 5: 89, 6: 88, 7: 90, 8: 86, 9: 95, 10: 90}
  items: {i๑: 88, I2: 90, ข้อ i๓: 92, i4: 95, i5: 90, i6: 91, i10: 80.5, i11: 88, i12: 85}
verdicts: {ข้อ ๑๑: not_disclosed, o1: disclosed}
"""
PREVIOUS = """\
agency: {name: เทศบาลตำบลสมมติ}
fiscal_year: 2024
scores:
  indicators: {1: 80, 2: 82, 3: 81, 4: 84.5, 5: 89}
  items: {i1: 78, i2: 80, i3: 82}
"""
CONTRADICTION = """\
agency: {name: เทศบาลตำบลขัดแย้ง}
fiscal_year: 2568
scores:
  indicators: {1: 80.00}
  items: {i1: 99.10, i2: 98.20, i3: 97.30}
"""


@dataclass(frozen=True)
class Run:
    """What one command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def prongsai(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    def run(*arguments: object) -> Run:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Run(status, captured.out, captured.err)

    return run


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with an agency's results, those of the year before, and results that contradict themselves."""
    for name, text in (("results", RESULTS), ("previous", PREVIOUS), ("contradiction", CONTRADICTION)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path
