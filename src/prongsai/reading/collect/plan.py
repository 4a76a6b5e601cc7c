"""The plan of measures: points, measures, steps, units, periods, and where each of them is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.improvement.model import AgencyRef, FiledAs, Measure, Plan, Point, Step
from prongsai.reading.grid import grid
from prongsai.reading.measures.columns import columns
from prongsai.reading.measures.draft import MeasureDraft, PointDraft
from prongsai.reading.measures.periods import spans
from prongsai.reading.measures.read import measure_id, point_id, read_points
from prongsai.reading.model import Day, Reading, Unread, Year
from prongsai.reading.source import Line, Table
from prongsai.thai.codes import read_code
from prongsai.thai.digits import to_arabic
from prongsai.thai.fiscal_year import FiscalYear
from prongsai.thai.text import squeeze

ORDER = 60

_ACTION_PLAN = re.compile(r"^(?:รายงาน(?:ผล)?(?:การ)?(?:ดำเนิน(?:การ|งาน)|กำกับ)?ตาม)?แผนปฏิบัติการป้องกันการทุจริต")
_MEASURES = re.compile(r"^(?:รายงาน(?:ผล)?(?:การ)?ดำเนิน(?:การ|งาน)ตาม)?มาตรการ(?:เพื่อ)?(?:ส่งเสริม|ขับเคลื่อน|ภายใน)")
_FILED = re.compile(
    r"เปิดเผย(?:เป็น|ตาม)?ข้อ(?:ที่)?([oO0]?[0-9]{1,2}).{0,200}?ปีงบประมาณ(?:พ\.ศ\.)?(2[45][0-9]{2})", re.DOTALL
)
_TITLE_LENGTH = 160
_LIKE_MEASURES = re.compile(r"^(?:มาตรการ|โครงการ|กิจกรรม|แผนงาน)")


def collect(reading: Reading) -> None:
    """Fill ``plan``, ``places``, ``ticks``, ``aspect_measures`` and the days of the steps."""
    drafts = read_points(reading)
    reading.unread.extend(_not_understood(reading))
    if not drafts:
        return
    year = _result_year(reading, drafts)
    if year is None:
        unread = Unread(drafts[0].topic or drafts[0].finding, drafts[0].where, "พบมาตรการ แต่ไม่พบว่าเป็นของปีงบประมาณใด")
        reading.unread.append(unread)
        return
    _settle_years(reading, drafts)
    points = [_point(reading, number, draft) for number, draft in enumerate(drafts, start=1)]
    reading.plan = Plan(
        kind=_kind(reading),
        agency=AgencyRef(
            name=reading.agency.text if reading.agency else "",
            kind=reading.kind,
            district=reading.district,
            province=reading.province,
        ),
        framework=reading.framework.id if reading.framework else str(year),
        result_year=year,
        action_year=reading.action_year or year + 1,
        filed_as=_filed(reading),
        points=points,
    )
    aspects = (draft.aspect for draft in drafts if draft.measures and draft.aspect)
    reading.aspect_measures.extend(dict.fromkeys(aspects))


def _point(reading: Reading, number: int, draft: PointDraft) -> Point:
    reading.places[point_id(number)] = draft.where
    measures = []
    for place, measure in enumerate(draft.measures, start=1):
        own = measure_id(number, place)
        reading.places[own] = measure.where
        if draft.ticks and measure.report.ticked in ("done", "not_started"):
            reading.ticks[own] = measure.report.ticked == "done"
        measures.append(_measure(reading, own, measure))
    return Point(
        id=point_id(number),
        items=draft.items,
        indicators=draft.indicators,
        topic=draft.topic or None,
        finding=draft.finding or None,
        guideline=draft.guideline or None,
        measures=measures,
    )


def _measure(reading: Reading, own: str, draft: MeasureDraft) -> Measure:
    for place, step in enumerate(draft.steps, start=1):
        reading.places[f"{own}s{place}"] = step.where
    reading.days.extend(_days(own, draft))
    return Measure(
        id=own,
        title=draft.title,
        steps=[Step(text=step.text, units=step.units, period=step.period) for step in draft.steps],
        monitoring=draft.monitoring,
        budget=draft.budget,
        success_indicator=draft.success,
    )


def _days(own: str, draft: MeasureDraft) -> Iterator[Day]:
    """The dates of a measure's periods, each printed one once."""
    seen: set[tuple[str, object]] = set()
    for step in draft.steps:
        where = step.when_at or step.where
        if not step.when or (step.when, where) in seen:
            continue
        seen.add((step.when, where))
        purpose = "report" if "รอบ" in step.when and "เดือน" in step.when else "period"
        for span in spans(step.when):
            yield Day(span.start, span.end, span.text, where, "report" if purpose == "report" else "period", own)


def _result_year(reading: Reading, drafts: list[PointDraft]) -> int | None:
    """The year whose results the plan answers: as read, else the year before the measures run."""
    if reading.fiscal_year:
        return reading.fiscal_year
    if reading.action_year:
        return reading.action_year - 1
    days = (step.period.start for draft in drafts for m in draft.measures for step in m.steps if step.period)
    first = next((day for day in days if day is not None), None)
    return FiscalYear.of(first).be - 1 if first else None


def _settle_years(reading: Reading, drafts: list[PointDraft]) -> None:
    """The year that no title says: of the measures, the one in which all dated steps lie; of results, the year before.

    A plan answers the results of the year before it runs, so a report of measures alone says both years with one.
    """
    if reading.action_year is None:
        steps = [step for draft in drafts for measure in draft.measures for step in measure.steps]
        dated = [(step, step.period) for step in steps if step.period and step.period.start and step.period.end]
        years = {FiscalYear.of(day).be for _, when in dated for day in (when.start, when.end) if day}
        if len(years) == 1 and min(years) > (reading.fiscal_year or 0):
            first = dated[0][0]
            reading.action_year = years.pop()
            reading.years.append(Year(reading.action_year, "action", first.when_at or first.where, first.when))
    if reading.fiscal_year is None and reading.action_year is not None:
        reading.fiscal_year = reading.action_year - 1


def _kind(reading: Reading) -> str:
    """By the titles: the first that names either of the two documents."""
    for text in _short_lines(reading):
        plain = squeeze(text)
        if _ACTION_PLAN.match(plain):
            return "action_plan"
        if _MEASURES.match(plain):
            return "measures"
    return "measures"


def _short_lines(reading: Reading) -> Iterator[str]:
    yield from (reading.source.title,) if reading.source.title else ()
    for block in reading.source.blocks:
        if isinstance(block, Line) and len(block.text) <= _TITLE_LENGTH:
            yield block.text


def _filed(reading: Reading) -> FiledAs | None:
    """Under which item of which year the report says that it is disclosed."""
    for block in reading.source.blocks:
        if isinstance(block, Line) and "เปิดเผย" in block.text:
            match = _FILED.search(squeeze(to_arabic(block.text)))
            if match:
                return FiledAs(fiscal_year=int(match.group(2)), item=read_code(match.group(1), "o"))
    return None


def _not_understood(reading: Reading) -> Iterator[Unread]:
    """Tables with a column of measures whose other columns are not understood."""
    for block in reading.source.blocks:
        if not isinstance(block, Table) or not block.rows:
            continue
        head = [squeeze(cell.text) for cell in block.rows[0]]
        if (
            len(head) > 2
            and any(_LIKE_MEASURES.match(text) for text in head)
            and columns(grid(block), block.head) is None
        ):
            yield Unread(
                " | ".join(cell.text for cell in block.rows[0]), block.where, "ตารางที่มีช่องมาตรการ แต่ไม่รู้จักหัวตาราง"
            )
