"""Thai dates: read in either era and either digits, stored as ISO dates, written in B.E."""

from __future__ import annotations

import datetime as dt
import re

from prongsai.thai.digits import to_arabic, to_thai
from prongsai.thai.fiscal_year import BE_OFFSET, be_year

FIRST_MODERN_YEAR = 2484  # the first year that began on 1 January
MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SLASHED = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_WORDS = re.compile(r"(?:วันที่\s*)?([0-9]{1,2})\s*([ก-๙.]+?)\s*(?:พ\.ศ\.|ค\.ศ\.)?\s*([0-9]{4})")


def read_date(value: object) -> dt.date:
    """Read a day from ISO, ``15/01/2568``, ``๑๕ มกราคม ๒๕๖๘`` or ``15 ม.ค. 2568``, in either era.

    Raises ``ValueError`` with the text that could not be read.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = to_arabic(str(value)).strip()
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _SLASHED.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _WORDS.fullmatch(text):
        day, month, year = int(match.group(1)), _month(match.group(2)), int(match.group(3))
    else:
        raise ValueError(f"not a date: {value!r}")
    if be_year(year) < FIRST_MODERN_YEAR:
        raise ValueError(f"before B.E. {FIRST_MODERN_YEAR} the Thai year began in April: {value!r}")
    return dt.date(be_year(year) - BE_OFFSET, month, day)


def _month(name: str) -> int:
    plain = name.replace(".", "").replace("ํา", "ำ")
    for names in (MONTHS, MONTHS_SHORT):
        for number, known in enumerate(names, start=1):
            if plain == known.replace(".", ""):
                return number
    raise ValueError(f"not a month: {name!r}")


def long_date(day: dt.date, *, thai_digits: bool = False) -> str:
    """``15 มกราคม 2568`` (non-breaking between the parts, so that a line never ends inside a date)."""
    text = f"{day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year + BE_OFFSET}"
    return to_thai(text) if thai_digits else text


def short_date(day: dt.date, *, thai_digits: bool = False) -> str:
    """``15 ม.ค. 2568``."""
    text = f"{day.day}\u00a0{MONTHS_SHORT[day.month - 1]}\u00a0{day.year + BE_OFFSET}"
    return to_thai(text) if thai_digits else text


def month_year(day: dt.date, *, thai_digits: bool = False) -> str:
    """``มกราคม 2568``."""
    text = f"{MONTHS[day.month - 1]}\u00a0{day.year + BE_OFFSET}"
    return to_thai(text) if thai_digits else text
