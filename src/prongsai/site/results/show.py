"""What the results pages show of one year: every number through the disclosure rule, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache

from prongsai.analysis.as_json import may_tell
from prongsai.analysis.disclosure import may_show_score
from prongsai.analysis.findings import Finding, findings
from prongsai.analysis.trend import Change, Trend, trend
from prongsai.errors import InputError
from prongsai.framework import Framework
from prongsai.framework.model import Title
from prongsai.scoring.interval import shown
from prongsai.scoring.score import Disagreement, ScoreSheet, Unknown, label
from prongsai.scoring.structure import Node
from prongsai.site.base.text import T, pick
from prongsai.site.results.models import Result
from prongsai.site.results.sheet import current, current_sheet, previous_assessment, sheet_of
from prongsai.site.rounds.models import Assessment

ORIGINS = {
    "counted": T("นับจากคำตอบหรือผลการตรวจ", "Counted from answers or verdicts"),
    "given": T("ตามผลที่ได้รับ", "As given"),
    "computed": T("คำนวณจากคะแนนที่ได้รับ", "Computed from given scores"),
    "absent": T("ไม่เข้าข่ายประเมิน", "Not assessed"),
    "unknown": T("ไม่ทราบ", "Not known"),
    "withheld": T("ไม่แสดง (กลุ่มเล็ก)", "Withheld (small group)"),
}


@dataclass(frozen=True)
class Figure:
    """One number as a page shows it. ``state`` is the origin, or ``withheld``; without a number ``reason`` says why."""

    node: str
    state: str
    low: Fraction | None = None
    high: Fraction | None = None
    reason: str = ""

    @property
    def score(self) -> Fraction | None:
        """The exact score, or None."""
        return self.low if self.low == self.high else None

    @property
    def known(self) -> bool:
        """Whether there is anything to show, if only an interval."""
        return self.low is not None

    @property
    def text(self) -> str:
        """``92.89``, ``3.61–98.61``, or a dash."""
        if self.low is None or self.high is None:
            return "–"
        return str(shown(self.low)) if self.low == self.high else f"{shown(self.low)}–{shown(self.high)}"

    @property
    def says(self) -> str:
        """Where the number comes from, or why there is none."""
        return self.reason or str(ORIGINS[self.state])


def figure(sheet: ScoreSheet, node: str) -> Figure:
    """A node's number as far as it may be shown."""
    ruling = may_show_score(sheet, node)
    if not ruling.shown:
        return Figure(node, "withheld", reason=pick(ruling.th, ruling.en))
    value = sheet.values[node]
    if not value.informative:
        return Figure(node, value.origin)
    return Figure(node, value.origin, value.interval.low, value.interval.high)


def part_name(code: str) -> str:
    """``EIT.1`` → ``EIT ส่วนที่ 1``; an instrument keeps its code."""
    name, _, number = code.partition(".")
    return pick(f"{name} ส่วนที่ {number}", f"{name} part {number}") if number else name


_KIND_EN = {"indicator": "Indicator", "sub_indicator": "Sub-indicator", "item": "Item", "row": "Row"}


def name_of(node: Node) -> str:
    """What a node is called: คะแนนรวม, IIT, EIT ส่วนที่ 1, ตัวชี้วัดที่ 3, ข้อ e1 (EIT ส่วนที่ 1)."""
    if node.kind in ("instrument", "part"):
        return part_name(node.code)
    if node.kind == "overall":
        return pick(label(node), "Overall score")
    name = pick(label(node).partition(" (")[0], f"{_KIND_EN[node.kind]} {node.code}")
    return f"{name} ({part_name(node.part)})" if node.part else name


def title_of(framework: Framework, node: Node) -> str:
    """A node's name in the framework; English where the framework has it, else the official Thai."""
    title = _titles(_Same(framework)).get(node.code)
    return pick(title.th, title.en or title.th) if title else node.title


@dataclass(frozen=True, eq=False)
class _Same:
    """A framework known by identity, so that a cache can hold what follows from it."""

    framework: Framework

    def __hash__(self) -> int:
        return id(self.framework)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.framework is self.framework


@lru_cache(maxsize=16)
def _titles(same: _Same) -> dict[str, Title]:
    found: dict[str, Title] = {"overall": same.framework.title}
    for instrument in same.framework.instruments:
        found[instrument.code] = instrument.name
        found |= {part.code: part.name for part in instrument.parts}
        for indicator in instrument.indicators:
            found[indicator.number] = indicator.name
            found |= {sub.number: sub.name for sub in indicator.sub_indicators}
    return found


@dataclass(frozen=True)
class YearResult:
    """An assessment's newest results, scored, with the year before beside it where there is one.

    ``not_compared`` says why there is no comparison.
    """

    assessment: Assessment
    result: Result
    sheet: ScoreSheet
    before: ScoreSheet | None = None
    trend: Trend | None = None
    not_compared: str = ""
    marks: dict[str, Finding] = field(default_factory=dict)

    def figure(self, node: str) -> Figure:
        """A number of this year."""
        return figure(self.sheet, node)

    def name(self, node: str) -> str:
        """What a node is called; ``level`` is no node of the tree."""
        found = self.sheet.structure.nodes.get(node)
        return name_of(found) if found else pick("ระดับ", "Level")

    def title(self, node: str) -> str:
        """What a node is about."""
        found = self.sheet.structure.nodes.get(node)
        return title_of(self.sheet.framework, found) if found else ""

    @property
    def figures(self) -> dict[str, Figure]:
        """The overall number of this year and the one before, for templates."""
        found = {"overall": self.figure("overall")}
        return {**found, "before": figure(self.before, "overall")} if self.before else found

    @cached_property
    def changes(self) -> dict[str, Change]:
        """Changes against last year, by node."""
        if self.trend is None:
            return {}
        found = {change.node: change for change in (*self.trend.indicators, *self.trend.items)}
        return {**found, "overall": self.trend.overall} if self.trend.overall else found

    @cached_property
    def unmatched(self) -> dict[str, str]:
        """Items without a counterpart last year, and why."""
        return dict(self.trend.unmatched) if self.trend else {}

    @property
    def weak(self) -> list[Finding]:
        """Points to raise: failed and low ones first, then the lowest of each indicator; lowest score first."""
        found = [one for one in self.marks.values() if one.weak]
        return sorted(found, key=lambda one: (not one.urgent, one.item.score or Fraction(0)))

    @property
    def strong(self) -> list[Finding]:
        """Strengths, highest score first."""
        found = [one for one in self.marks.values() if not one.weak]
        return sorted(found, key=lambda one: -(one.item.score or Fraction(0)))

    @property
    def disagreements(self) -> list[Disagreement]:
        """Numbers that contradict each other, as far as they may be told."""
        return [found for found in self.sheet.disagreements if may_tell(self.sheet, found.node)]

    @property
    def unknown(self) -> list[Unknown]:
        """Numbers that cannot be known, and why, as far as they may be told."""
        return [found for found in self.sheet.unknown if may_tell(self.sheet, found.node)]


def year_result(assessment: Assessment) -> YearResult | None:
    """The newest results of an assessment as pages show them; None before any came in."""
    result = current(assessment)
    if result is None:
        return None
    sheet = sheet_of(result)
    marks = {found.item.code: found for found in findings(sheet)}
    earlier = previous_assessment(assessment)
    before = current_sheet(earlier) if earlier else None
    if before is None:
        why = pick(
            "ยังไม่มีผลของปีก่อนในระบบ จึงไม่มีข้อมูลเทียบ", "Last year’s results are not here, so there is nothing to compare."
        )
        return YearResult(assessment, result, sheet, not_compared=why, marks=marks)
    try:
        return YearResult(assessment, result, sheet, before, trend(sheet, before), marks=marks)
    except InputError as error:
        why = pick(error.problems[0].th, error.problems[0].en)
        return YearResult(assessment, result, sheet, before, not_compared=why, marks=marks)


@dataclass(frozen=True)
class YearPoint:
    """One year of an agency in the line of years."""

    assessment: Assessment
    overall: Figure
    levels: tuple[str, ...]


_YEARS = 6


def years_of(assessment: Assessment) -> list[YearPoint]:
    """The overall scores of the agency's years up to this one, oldest first."""
    year = assessment.round.fiscal_year
    if year is None:
        return []
    results = Result.objects.filter(
        assessment__agency=assessment.agency_id,
        assessment__round__fiscal_year__lte=year,
        assessment__round__fiscal_year__gt=year - _YEARS,
    )
    newest: dict[int, Result] = {}
    for found in results.select_related("assessment__round").defer("data", "findings").order_by("revision"):
        newest[found.assessment_id] = found
    points = []
    for found in sorted(newest.values(), key=lambda one: one.assessment.round.fiscal_year or 0):
        sheet = sheet_of(found)
        points.append(YearPoint(found.assessment, figure(sheet, "overall"), sheet.level.names))
    return points
