"""Periods of steps outside the year in which the measures run. A report may fall due in the month after it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Day, Reading
from prongsai.reading.rules._say import places
from prongsai.reading.rules._words import measure_name
from prongsai.reading.rules.years import measures_year
from prongsai.thai.fiscal_year import FiscalYear

OUTSIDE = Rule("period.outside_year", "error", "ช่วงเวลาอยู่นอกปีที่ดำเนินการ", "a period outside the year of action")
RULES = (OUTSIDE,)
_MONTH_AFTER = dt.timedelta(days=31)
_REPORT = re.compile(r"รายงาน|(?:รอบ)?\s*(?:12|๑๒)\s*เดือน|สรุปผล")


def lacks(reading: Reading) -> str | None:
    """Why no period could be compared."""
    if not any(day.purpose in ("period", "report") for day in reading.days):
        return "ไม่พบช่วงเวลาดำเนินการที่ระบุวันหรือเดือนพร้อมปี"
    return None if reading.action_year else "ไม่ทราบปีงบประมาณที่ดำเนินการ"


def check(reading: Reading) -> Iterator[Finding]:
    """Every period outside the action year; nothing where nearly all lie in another year (its head is wrong then)."""
    year = reading.action_year
    if year is None:
        return
    most = measures_year(reading)
    if most is not None and most[0] != year:
        return
    fiscal = FiscalYear(year)
    for day in reading.days:
        if day.purpose not in ("period", "report") or _inside(day, fiscal):
            continue
        of = f" ของมาตรการ {measure_name(reading, day.owner)}" if day.owner else ""
        lies = FiscalYear.of(day.start).be
        yield Finding(
            OUTSIDE,
            f"ช่วงเวลา “{day.text}”{of} อยู่ในปีงบประมาณ พ.ศ. {lies} แต่มาตรการดำเนินการในปีงบประมาณ พ.ศ. {year} "
            f"(1 ต.ค. {year - 1} – 30 ก.ย. {year})",
            f"the period {day.text!r} lies in fiscal year {lies}, the measures run in {year}",
            places(day.where),
            (day.text,),
            f"{day.start} – {day.end} ∉ {fiscal.start} – {fiscal.end}",
            Confidence.CONFIRMED,
            nodes=(day.owner,) if day.owner else (),
        )


def _inside(day: Day, year: FiscalYear) -> bool:
    latest = year.end
    if day.purpose == "report" or _REPORT.search(day.text):
        latest += _MONTH_AFTER
    return day.start >= year.start and day.end <= latest
