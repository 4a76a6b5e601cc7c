"""Orders, letters and minutes named as proof: a date before the year of the number, a number without its date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Evidence, Reading
from prongsai.reading.rules._say import places
from prongsai.thai.dates import long_date
from prongsai.thai.digits import to_arabic
from prongsai.thai.fiscal_year import BE_OFFSET, FiscalYear

EARLY = Rule("order.dated_before_year", "error", "ลงวันที่ก่อนปีของเลขที่", "dated before the year of its number")
UNDATED = Rule("order.undated", "warning", "อ้างเลขที่เดียวกันโดยไม่มีวันที่", "the same number cited without its date")
RULES = (EARLY, UNDATED)
_YEAR = re.compile(r"/\s*(25[0-9]{2})(?![0-9])")


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    return None if any(one.number for one in reading.evidence) else "ไม่พบเลขที่คำสั่ง หนังสือ หรือประกาศที่อ้างเป็นหลักฐาน"


def check(reading: Reading) -> Iterator[Finding]:
    """Each number once, with all places where it is cited."""
    cited: dict[str, list[Evidence]] = {}
    for one in reading.evidence:
        if one.number:
            cited.setdefault(_plain(one.number), []).append(one)
    for number, found in cited.items():
        yield from _early(number, found)
        dated = [one for one in found if one.date]
        bare = [one for one in found if not one.date]
        if dated and bare and dated[0].date:
            yield Finding(
                UNDATED,
                f"อ้าง{_kind(found[0])}ที่ {number} ไว้ {len(found)} แห่ง แห่งหนึ่งลงวันที่ {long_date(dated[0].date)} "
                f"แต่อีก {len(bare)} แห่งไม่มีวันที่",
                f"{number} is cited {len(found)} times, {len(bare)} without its date",
                places(*(one.where for one in (*bare, *dated))),
                tuple(dict.fromkeys(one.number or "" for one in found)),
                nodes=(number,),
            )


def _plain(number: str) -> str:
    return re.sub(r"\s+", "", to_arabic(number))


def _early(number: str, found: list[Evidence]) -> Iterator[Finding]:
    match = _YEAR.search(number)
    if match is None:
        return
    early = [one for one in found if one.date and FiscalYear.of(one.date).be < int(match.group(1))]
    if early and early[0].date:
        day = early[0].date
        yield Finding(
            EARLY,
            f"{_kind(early[0])}ที่ {number} ลงวันที่ {long_date(day)} ซึ่งอยู่ก่อนปี พ.ศ. {match.group(1)} ของเลขที่",
            f"{number} is dated {day.isoformat()}, before the year {match.group(1)} of its number",
            places(*(one.where for one in early)),
            tuple(dict.fromkeys(one.text for one in early)),
            f"พ.ศ. {day.year + BE_OFFSET} < {match.group(1)}",
            nodes=(number,),
        )


def _kind(one: Evidence) -> str:
    return {"order": "คำสั่ง", "letter": "หนังสือ", "minutes": "รายงานการประชุม"}.get(one.kind, "เอกสาร")
