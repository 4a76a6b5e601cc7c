"""Fiscal years that do not go together: cover against annex, a head that names one year over dates of another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Day, Reading, Year
from prongsai.reading.rules._say import listed, places, quoted
from prongsai.reading.source import Line
from prongsai.thai.fiscal_year import FiscalYear
from prongsai.thai.text import squeeze

ANNEX = Rule("year.annex", "error", "ปีงบประมาณของปกกับภาคผนวกไม่ตรงกัน", "cover and annex name different years")
HEAD = Rule(
    "year.measures_head",
    "warning",
    "หัวเรื่องมาตรการระบุปีหนึ่งแต่ช่วงเวลาอยู่ในอีกปีหนึ่ง",
    "measures headed with one year, dated in another",
)
RULES = (ANNEX, HEAD)
_MEASURES = re.compile(r"มาตร[าก]*การ|แผนปฏิบัติการ")
_RESULT = re.compile(r"ผลการประเมิน|วิเคราะห์ผล|วิเคราะห์มาตรการ|ตามผล|จากผล")
_MOST = 0.8
_TITLE_LINES = 4


def lacks(reading: Reading) -> str | None:
    """Why no years could be compared."""
    return None if reading.years else "ไม่พบปีงบประมาณที่พิมพ์ไว้"


def check(reading: Reading) -> Iterator[Finding]:
    """Cover and annex, and heads of measures with the dates below them."""
    yield from _annex(reading)
    yield from _measures(reading)


def _annex(reading: Reading) -> Iterator[Finding]:
    """The year that the report itself is of, on the cover and in the annex; years of a result are another matter."""
    covers = [year for year in reading.years if year.role in ("cover", "title") and _own(reading, year)]
    annexes = [year for year in reading.years if year.role == "annex" and _own(reading, year)]
    if not covers or not annexes or {year.year for year in covers} & {year.year for year in annexes}:
        return
    cover, annex = covers[0], annexes[0]
    yield Finding(
        ANNEX,
        f"ปกระบุปีงบประมาณ พ.ศ. {cover.year} แต่ภาคผนวกหรือเอกสารประกอบระบุปีงบประมาณ พ.ศ. {annex.year}",
        f"the cover names fiscal year {cover.year}, the annex {annex.year}",
        places(cover.where, annex.where),
        (str(cover.year), str(annex.year)),
        f"{cover.year} ≠ {annex.year}",
        nodes=(str(cover.year), str(annex.year)),
    )


def _title(reading: Reading, year: Year) -> str:
    """The words of a year with the lines right above it: titles run over several lines."""
    lines = {block.where.line: block.text for block in reading.source.blocks if isinstance(block, Line)}
    parts, at = [year.text], year.where.line
    for _ in range(_TITLE_LINES):
        if at is None or (at := at - 1) not in lines:
            break
        parts.insert(0, lines[at])
    return "".join(squeeze(part) for part in parts)


def _own(reading: Reading, year: Year) -> bool:
    return _RESULT.search(_title(reading, year)) is None


def measures_year(reading: Reading) -> tuple[int, list[Day]] | None:
    """The fiscal year in which nearly all dated steps lie, with those steps; None where there is none."""
    periods = [day for day in reading.days if day.purpose == "period"]
    years = Counter(
        FiscalYear.of(day.start).be for day in periods if FiscalYear.of(day.start) == FiscalYear.of(day.end)
    )
    if not years:
        return None
    year, count = years.most_common(1)[0]
    if count < 2 or count < _MOST * len(periods):
        return None
    return year, [day for day in periods if FiscalYear.of(day.start).be == year]


def _measures(reading: Reading) -> Iterator[Finding]:
    found = measures_year(reading)
    if found is None:
        return
    year, days = found
    heads = [one for one in reading.years if one.role in ("heading", "title", "cover") and _of_measures(reading, one)]
    wrong = [one for one in heads if one.year != year]
    if not wrong or any(one.year == year for one in heads):
        return
    texts = list(dict.fromkeys(day.text for day in days))
    yield Finding(
        HEAD,
        f"หัวเรื่อง {quoted(_head(reading, wrong[0]))} ระบุปีงบประมาณ พ.ศ. {wrong[0].year} "
        f"แต่ช่วงเวลาของมาตรการ ({listed(texts, 3)}) อยู่ในปีงบประมาณ พ.ศ. {year}",
        f"the measures are headed with {wrong[0].year}, but their periods lie in fiscal year {year}",
        places(*(one.where for one in wrong), *(day.where for day in days[:3])),
        (str(wrong[0].year), *texts[:3]),
        f"{len(days)} ช่วงเวลาอยู่ใน 1 ต.ค. {year - 1} – 30 ก.ย. {year}",
        nodes=(str(wrong[0].year), str(year)),
    )


def _of_measures(reading: Reading, year: Year) -> bool:
    """Whether a head is that of the measures, not of the result they answer."""
    title = _title(reading, year)
    found = list(_MEASURES.finditer(title))
    return bool(found) and _RESULT.search(title[max(found[-1].start() - 10, 0) :]) is None


def _head(reading: Reading, year: Year) -> str:
    """The head as a reader finds it: the year's own line, or with the lines above where that says too little."""
    return year.text if _MEASURES.search(squeeze(year.text)) else _title(reading, year)
