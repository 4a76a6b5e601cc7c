"""The frameworks that ship with Prongsai. A new fiscal year is one new file in ``data/``, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prongsai.errors import InputError, Problem
from prongsai.framework.load import load
from prongsai.framework.model import Framework
from prongsai.thai.fiscal_year import FiscalYear

DATA = Path(__file__).parent / "data"
_HEAD = re.compile(r"^(id|fiscal_year): *['\"]?([a-z0-9-]+)['\"]? *$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """A shipped framework by its head lines, not yet loaded."""

    id: str
    fiscal_year: int | None
    path: Path


@cache
def catalog() -> tuple[Entry, ...]:
    """All shipped frameworks, by id. Reads only the head of each file, so it is quick."""
    entries = []
    for path in sorted(DATA.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            head = dict(_HEAD.findall(file.read(3000)))
        year = head.get("fiscal_year", "")
        entries.append(Entry(head.get("id", path.stem), int(year) if year.isdigit() else None, path))
    return tuple(entries)


@cache
def by_id(framework_id: str) -> Framework:
    """A shipped framework. Raises ``InputError`` that lists the ids there are."""
    for entry in catalog():
        if entry.id == framework_id:
            return load(entry.path)
    known = ", ".join(entry.id for entry in catalog())
    raise InputError(
        Problem(
            "framework.unknown",
            framework_id,
            f"ไม่รู้จักกรอบการประเมิน “{framework_id}”",
            f"no framework {framework_id!r}; there are: {known}",
            f"โปรดเลือกจาก {known}",
        )
    )


def for_year(value: object) -> Framework:
    """The national framework of a fiscal year (``2568``, ``๒๕๖๘``, ``2025``).

    Raises ``InputError`` for text that is no year, for a year without a framework, and by name for years
    before the first framework, which used another model.
    """
    try:
        year = FiscalYear.read(value).be
    except ValueError as error:
        raise InputError(
            Problem(
                "year.unreadable",
                str(value),
                f"“{value}” ไม่ใช่ปีงบประมาณ",
                str(error),
                "โปรดระบุปีงบประมาณเป็น พ.ศ. สี่หลัก เช่น 2568",
            )
        ) from error
    years = {entry.fiscal_year: entry for entry in catalog() if entry.fiscal_year is not None}
    if year in years:
        return by_id(years[year].id)
    first, last = min(years, default=0), max(years, default=0)
    if year < first:
        raise InputError(
            Problem(
                "year.other_model",
                str(year),
                f"การประเมินปีงบประมาณ พ.ศ. {year} ใช้ตัวแบบก่อนปี พ.ศ. {first} ซึ่งมีเครื่องมือและการคำนวณต่างออกไป",
                f"fiscal year {year} used the model before {first}, with other instruments and arithmetic",
                f"โปร่งใสรองรับปีงบประมาณ พ.ศ. {first}–{last}",
            )
        )
    raise InputError(
        Problem(
            "year.no_framework",
            str(year),
            f"ยังไม่มีกรอบการประเมินของปีงบประมาณ พ.ศ. {year}",
            f"there is no framework for fiscal year {year}",
            f"โปร่งใสรองรับปีงบประมาณ พ.ศ. {first}–{last} หรือระบุคีย์ framework ในไฟล์ผล",
        )
    )


def previous_of(framework: Framework) -> Framework | None:
    """The framework before this one, or None for the first."""
    return by_id(framework.previous) if framework.previous else None
