"""Proposed measures for every theme, and the units that usually do them: data written by us."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from prongsai.improvement.model import Period
from prongsai.thai.fiscal_year import FiscalYear
from prongsai.yaml_file import read

FOLDER = Path(__file__).parent / "proposals"
When = Literal[
    "first_quarter", "second_quarter", "third_quarter", "fourth_quarter",
    "first_half", "second_half", "all_year", "monthly", "before_deadline",
]  # fmt: skip


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProposedStep(_Data):
    """A step with the kind of unit that does it and when in the year."""

    text: str
    unit: str
    when: When


class Proposal(_Data):
    """A measure that an agency may take over as it is or edit."""

    id: str
    title: str
    guideline: str
    steps: tuple[ProposedStep, ...] = Field(min_length=1)
    monitoring: str
    success_indicator: str
    proof: tuple[str, ...] = ()


class UnitKind(_Data):
    """A kind of unit: what it is usually called, and words by which an agency's own unit is recognised."""

    name: str
    words: tuple[str, ...] = ()


@cache
def proposals() -> dict[str, tuple[Proposal, ...]]:
    """Proposals by theme key."""
    found: dict[str, tuple[Proposal, ...]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, entries in read(path).data.items():
            found[key] = tuple(Proposal.model_validate(entry) for entry in entries)
    return found


@cache
def units() -> dict[str, UnitKind]:
    """Kinds of unit by key, such as ``head_office``."""
    data = read(Path(__file__).parent / "units.yaml").data
    return {key: UnitKind.model_validate(entry) for key, entry in data.items()}


def unit_name(kind: str, own: tuple[str, ...] = ()) -> str:
    """The agency's own unit that fits a kind by its words, else the usual name."""
    known = units().get(kind)
    if known is None:
        return kind
    for name in own:
        if any(word in name for word in known.words):
            return name
    return known.name


_QUARTERS = {"first_quarter": (0, 3), "second_quarter": (3, 3), "third_quarter": (6, 3), "fourth_quarter": (9, 3),
             "first_half": (0, 6), "second_half": (6, 6)}  # fmt: skip


def period(when: When, year: FiscalYear) -> Period:
    """The period of a ``when`` within a fiscal year: dates, or a text where the whole year is meant."""
    if when in _QUARTERS:
        first, length = _QUARTERS[when]
        return Period(start=_month_start(year, first), end=_month_start(year, first + length) - dt.timedelta(days=1))
    if when == "monthly":
        return Period(text="ทุกเดือน ตลอดปีงบประมาณ")
    if when == "before_deadline":
        return Period(text="ก่อนครบกำหนดส่งข้อมูลการเปิดเผยข้อมูลสาธารณะ")
    return Period(text="ตลอดปีงบประมาณ")


def _month_start(year: FiscalYear, months: int) -> dt.date:
    """The first day of the month that is ``months`` after the year's October."""
    count = year.start.month - 1 + months
    return dt.date(year.start.year + count // 12, count % 12 + 1, 1)
