"""Options that several commands share, and their values read as people type them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from prongsai.analysis.findings import Thresholds
from prongsai.errors import InputError, Problem
from prongsai.scoring.results import load_results
from prongsai.scoring.score import ScoreSheet, score
from prongsai.thai.dates import read_date
from prongsai.thai.digits import number
from prongsai.thai.fiscal_year import FiscalYear

Json = Annotated[bool, Parameter(name="--json", help="พิมพ์เป็น JSON สำหรับโปรแกรม (for programs)")]
Output = Annotated[Path, Parameter(name=["--output", "-o"], help="ไฟล์ที่จะเขียน (file to write)")]
Force = Annotated[bool, Parameter(name="--force", help="เขียนทับไฟล์ที่มีอยู่ (replace an existing file)")]
ResultsPath = Annotated[Path, Parameter(name="FILE", help="ไฟล์ผลการประเมิน .yaml หรือ .xlsx (results file)")]
Previous = Annotated[Path | None, Parameter(name="--previous", help="ไฟล์ผลของปีก่อนหน้าหนึ่งปี (results of the year before)")]
Assume = Annotated[
    list[str] | None,
    Parameter(name="--assume", help="คำนวณตามสมมติฐานของกรอบ ระบุซ้ำได้ (use a labelled hypothesis; may repeat)"),
]
Published = Annotated[str | None, Parameter(name="--published", help="วันที่เผยแพร่ ปกติคือวันนี้ (day of publication)")]
AboutFile = Annotated[
    Path | None, Parameter(name="--about", help="ไฟล์ข้อมูลผู้เผยแพร่ .yaml: ผู้ติดต่อ สัญญาอนุญาต (who publishes)")
]
IndicatorThreshold = Annotated[
    str, Parameter(name="--indicator-threshold", help="เกณฑ์คะแนนของตัวชี้วัด (threshold for indicators)")
]
ItemThreshold = Annotated[str, Parameter(name="--item-threshold", help="เกณฑ์คะแนนของข้อ (threshold for items)")]
DEFAULT_THRESHOLD = "85"


def sheet_of(path: Path, assume: list[str] | None = None) -> ScoreSheet:
    """The score sheet of a results file. Raises ``InputError`` where the file cannot be used."""
    return score(load_results(path), assume or ())


def thresholds(indicator: str, item: str) -> Thresholds:
    """Thresholds as typed, in either digits. Raises ``InputError`` for what is no score."""
    return Thresholds(_score("--indicator-threshold", indicator), _score("--item-threshold", item))


def _score(option: str, text: str) -> Decimal:
    value = number(text)
    if value is None or not 0 <= value <= 100:
        raise InputError(
            Problem(
                "option.score",
                f"{option} {text}",
                f"“{text}” ไม่ใช่คะแนน",
                "expected a number from 0 to 100",
                "โปรดระบุตัวเลขตั้งแต่ 0 ถึง 100 เช่น 85",
            )
        )
    return value


def year(option: str, text: str) -> int:
    """A fiscal year (B.E.) as typed, in either digits and era. Raises ``InputError`` for what is no year."""
    try:
        return FiscalYear.read(text).be
    except ValueError as error:
        raise InputError(
            Problem(
                "option.year",
                f"{option} {text}",
                f"“{text}” ไม่ใช่ปีงบประมาณ",
                str(error),
                "โปรดระบุปีงบประมาณเป็น พ.ศ. สี่หลัก เช่น 2569",
            )
        ) from error


def day(option: str, text: str) -> dt.date:
    """A day as typed, in either digits and era. Raises ``InputError`` for what is no day."""
    try:
        return read_date(text)
    except ValueError as error:
        raise InputError(
            Problem(
                "option.day",
                f"{option} {text}",
                f"“{text}” ไม่ใช่วันที่",
                str(error),
                "โปรดระบุเป็น วัน/เดือน/ปี พ.ศ. เช่น 15/01/2569",
            )
        ) from error


def publication_day(text: str | None) -> dt.date:
    """The day of ``--published``; today where none is given. Raises ``InputError`` for what is no day."""
    return day("--published", text) if text else dt.date.today()
