"""Years: which fiscal year the results are of, in which the measures run, and every year mentioned with its place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from prongsai.framework import Framework
from prongsai.framework.catalog import by_id, catalog, for_year
from prongsai.reading.model import Reading, Year
from prongsai.reading.source import Line, Source, Table, Where
from prongsai.reading.squeezed import squeeze

ORDER = 20

Role = Literal["cover", "title", "heading", "text", "annex", "table_head"]
_YEAR = re.compile(r"(?<![\d/])(?P<be>2[45]\d\d)(?![\d/])")
_MONTH = re.compile(r"(?:คม|ยน|พันธ์|\.[คพย]\.)(?:พ\.ศ\.?)?\s?$")
_FISCAL = re.compile(r"(?:ปีงบประมาณ|ปีงบ|ประจำปี|รอบปี|ปี|พ\.ศ\.?|ITA|FY)(?:งบประมาณ|พ\.ศ\.?|\s)*$")
# What a year is said to be the year of, by the nearest words before it.
_RESULT = re.compile(
    r"ผลการประเมิน|ผลคะแนน|คะแนนการประเมิน|จากการประเมิน|รอบปีงบประมาณ|ผลITA|ผลการวิเคราะห์|ได้คะแนน|คะแนนรายตัวชี้วัด|วิเคราะห์ผล"
)
_ACTION = re.compile(
    r"มาตรการ|แนวทาง[/ก-๙]{0,12}ขับเคลื่อน|ปรับปรุง(?:และพัฒนา)?ใน|พัฒนาใน|ปฏิบัติใน|จะดำเนินการใน|ดำเนินการในปี|แผนปฏิบัติการ|รองรับการประเมิน"
    r"|ยกระดับ(?:ผลการประเมิน|คะแนน)?"
)
_RAISE = re.compile(r"(?:ยกระดับ|รองรับ|พัฒนา|เตรียม[ก-๙]{0,12})(?:ผล)?(?:การประเมิน|คะแนน)?[^\n]{0,90}$")
_TITLE = re.compile(r"^(?:รายงาน|มาตรการ|มาตราการ|การวิเคราะห์|การกำหนด|ผลการ|สรุปผล|แผน|ประกาศ|รายละเอียด|เรื่อง)")
_ANNEX = re.compile(r"(?:ภาคผนวก|เอกสารประกอบ)[^\n]{0,60}")
COVER_LINES, SHORT = 14, 220


@dataclass(frozen=True)
class _Said:
    year: int
    of: str | None  # result, action
    role: Role
    where: Where
    text: str


def collect(reading: Reading) -> None:
    """Fill ``years``, ``fiscal_year``, ``action_year`` and the ``framework`` that numbers are read by."""
    said = _mentions(reading.source)
    reading.years.extend(Year(one.year, one.role, one.where, one.text) for one in said)
    if reading.fiscal_year is None:
        _decide(reading, said)
    elif reading.framework is None:
        reading.framework = framework_of(reading.fiscal_year)
    if reading.framework is None:
        reading.framework = _by_content(reading.source)


def framework_of(year: int) -> Framework | None:
    """The framework of a year; the last one for years not yet known; None for years before the first.

    Numbers and names of a year just after the last framework are read by it; scoring still refuses the year.
    """
    years = sorted(entry.fiscal_year for entry in catalog() if entry.fiscal_year is not None)
    if year in years:
        return for_year(year)
    return for_year(years[-1]) if year > years[-1] else None


def _mentions(source: Source) -> list[_Said]:
    """Every year that is a fiscal year or a year of assessment, with what it is said to be of."""
    found: list[_Said] = []
    before, annex, count = "", False, 0
    for block in source.blocks:
        if isinstance(block, Table):
            head = " ".join(cell.text for row in block.rows[: max(1, block.head)] for cell in row)
            found += _in_line(Line(f"{block.name or ''} {head}".strip(), block.where), "", "table_head")
            for row in block.rows[block.head :]:
                for cell in row:
                    found += _in_line(Line(cell.text, cell.where), "", "text")
            before = ""
            continue
        if not isinstance(block, Line):
            continue
        count += 1
        plain = squeeze(block.text)
        annex = annex or (_ANNEX.fullmatch(plain) is not None and count > COVER_LINES)
        role: Role = "text"
        if annex:
            role = "annex"
        elif len(plain) <= SHORT and count <= COVER_LINES:
            role = "cover"
        elif len(plain) <= SHORT and _TITLE.match(plain):
            role = "title"
        elif block.heading is not None or len(plain) <= 90:
            role = "heading"
        found += _in_line(block, before, role)
        before = (before + plain if len(plain) <= SHORT and len(before) < 600 else plain)[-300:]
    return found


def _in_line(line: Line, before: str, role: Role) -> list[_Said]:
    plain = squeeze(line.text)
    if "25" not in plain and "24" not in plain:
        return []
    found = []
    for match in _YEAR.finditer(plain):
        lead = plain[: match.start()]
        if _MONTH.search(lead[-12:]) and not lead.endswith(("ปีพ.ศ.", "ประมาณพ.ศ.")):
            continue
        if not _FISCAL.search(lead[-30:]) and not (role == "table_head" or len(plain) < 12):
            continue
        # a line that begins with the year goes on with the title above it
        context = (before + lead if len(lead) < 40 else lead)[-220:]
        found.append(_Said(int(match.group("be")), _of(context), role, line.where, line.text[:200]))
    return found


def _of(context: str) -> str | None:
    """Whether the words before a year speak of results or of measures; the nearest words decide."""
    last_result = max((m.start() for m in _RESULT.finditer(context)), default=-1)
    last_action = max((m.start() for m in _ACTION.finditer(context)), default=-1)
    if last_result < 0 and last_action < 0:
        return None
    if _RAISE.search(context) or last_action > last_result:
        return "action"
    # "ผลการดำเนินการตามมาตรการ", "มาตรการ … ตามผลการประเมิน": the title's first word rules within one title
    return "result"


_WEIGHT = {"cover": 4, "title": 4, "heading": 2, "table_head": 2, "text": 3, "annex": 1}


def _decide(reading: Reading, said: list[_Said]) -> None:
    """The result year is the year most often said of results; the action year, of measures, after it."""
    results: Counter[int] = Counter()
    actions: Counter[int] = Counter()
    for one in said:
        if one.of == "result":
            results[one.year] += _WEIGHT[one.role]
        elif one.of == "action":
            actions[one.year] += _WEIGHT[one.role]
    if results:
        # a year before the measures; where two are said as often, the later is the report's own
        year = max(results, key=lambda y: (results[y], y))
        reading.fiscal_year = year
        reading.years.append(_as("result", next(o for o in said if o.of == "result" and o.year == year)))
    later = {y: n for y, n in actions.items() if reading.fiscal_year is None or y > reading.fiscal_year}
    if later:
        year = max(later, key=lambda y: (later[y], -y))
        reading.action_year = year
        reading.years.append(_as("action", next(o for o in said if o.of == "action" and o.year == year)))
    if reading.fiscal_year is not None:
        reading.framework = framework_of(reading.fiscal_year)
    elif reading.action_year is not None:
        reading.framework = framework_of(reading.action_year - 1)


def _as(role: Literal["result", "action"], one: _Said) -> Year:
    return Year(one.year, role, one.where, one.text)


def _by_content(source: Source) -> Framework:
    """Where no year is said: the latest framework that has every item code and level word printed."""
    text = squeeze(" ".join(_all_text(source)))
    printed = {
        f"{m.group(1).lower()}{int(m.group(2))}"
        for m in re.finditer(r"(?<![A-Za-z0-9])([ieoIEO])(\d{1,2})(?!\d)", text)
    }
    letters = bool(re.search(r"ระดับ\(?(?:AA|[A-F])(?![A-Za-z])", text))
    best: tuple[int, int] | None = None
    chosen: Framework | None = None
    for entry in catalog():
        if entry.fiscal_year is None:
            continue
        framework = by_id(entry.id)
        codes = {i.code for inst in framework.instruments for ind in inst.indicators for i in ind.items}
        fits = len(printed & codes) - 3 * len(printed - codes)
        fits += 5 if letters == any(band.name == "AA" for band in framework.levels.bands) else 0
        if best is None or (fits, entry.fiscal_year) > best:
            best, chosen = (fits, entry.fiscal_year), framework
    assert chosen is not None
    return chosen


def _all_text(source: Source) -> list[str]:
    texts = []
    for block in source.blocks:
        if isinstance(block, Line):
            texts.append(block.text)
        elif isinstance(block, Table):
            texts += [cell.text for row in block.rows for cell in row]
    return texts
