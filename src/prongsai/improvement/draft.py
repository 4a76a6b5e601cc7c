"""Drafts a plan from the findings: every weakness gets a point, with the proposals for its theme."""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.analysis.findings import Finding
from prongsai.analysis.trend import Change, Trend
from prongsai.improvement.filing import filed_as
from prongsai.improvement.model import AgencyRef, Measure, Plan, Point, Step
from prongsai.improvement.proposals import Proposal, period, proposals, unit_name
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.thai.fiscal_year import FiscalYear


@dataclass(frozen=True)
class DraftOptions:
    """What the draft should look like. ``units`` are the agency's own unit names; ``action_year`` defaults to
    the year after the results; ``measures_per_point`` for urgent findings, others get one.
    """

    kind: str = "measures"
    action_year: int | None = None
    units: tuple[str, ...] = ()
    measures_per_point: int = 2


def draft_plan(sheet: ScoreSheet, found: list[Finding], options: DraftOptions | None = None) -> Plan:
    """A plan to edit. Strengths get no point; failed OIT items and items under the threshold come with more
    than one proposal; an item whose theme is not known gets a point without measures, which the check finds.

    Raises ``ValueError`` for a framework without fiscal year and no ``action_year`` given.
    """
    wanted = options or DraftOptions()
    result_year = sheet.results.fiscal_year
    if result_year is None and wanted.action_year is None:
        raise ValueError("a framework without fiscal year needs an action year")
    action_year = wanted.action_year or (result_year or 0) + 1
    points = [_point(number, finding, wanted, action_year) for number, finding in enumerate(_weak(found), start=1)]
    return Plan(
        kind="action_plan" if wanted.kind == "action_plan" else "measures",
        agency=AgencyRef(
            name=sheet.results.agency.name,
            kind=sheet.results.agency.kind,
            district=sheet.results.agency.district,
            province=sheet.results.agency.province,
        ),
        framework=sheet.framework.id,
        result_year=result_year or action_year - 1,
        action_year=action_year,
        filed_as=filed_as(wanted.kind, result_year, action_year) if result_year else None,
        points=points,
    )


def _weak(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.weak]


def _point(number: int, finding: Finding, options: DraftOptions, action_year: int) -> Point:
    chosen = proposals().get(finding.item.item.theme or "", ())
    chosen = chosen[: options.measures_per_point if finding.urgent else 1]
    return Point(
        id=f"p{number}",
        items=[finding.item.code],
        indicators=[finding.item.indicator],
        topic=finding.theme.title if finding.theme else None,
        finding=finding_sentence(finding),
        guideline=chosen[0].guideline if chosen else None,
        measures=[
            _measure(f"p{number}m{position}", proposal, options, action_year)
            for position, proposal in enumerate(chosen, start=1)
        ],
    )


def with_trend(plan: Plan, trend: Trend) -> Plan:
    """The plan with the change from last year added to each finding whose item may be compared."""
    changes = {change.node: change for change in trend.comparable_items}
    points = []
    for point in plan.points:
        found = [_change_sentence(changes[code]) for code in point.items if code in changes]
        finding = " ".join([point.finding or "", *found]).strip()
        points.append(point.model_copy(update={"finding": finding or None}))
    return plan.model_copy(update={"points": points})


def _change_sentence(change: Change) -> str:
    if change.difference == 0:
        return f"เท่ากับปีก่อน ({shown(change.before)} คะแนน)"
    word = "เพิ่มขึ้น" if change.difference > 0 else "ลดลง"
    return f"{word} {shown(abs(change.difference))} คะแนนจากปีก่อน ({shown(change.before)} คะแนน)"


_PLACE = {
    "all": "{}ในทุกข้อ",
    "known": "{}ในข้อที่ทราบคะแนน",
    "equal": "เท่ากันทุกข้อที่ทราบคะแนน",
    "alone": "เป็นข้อเดียวที่ทราบคะแนน",
}


def finding_sentence(finding: Finding) -> str:
    """What the analysis found, in one sentence with its number."""
    code, score = finding.item.code, finding.item.score
    number = f"{shown(score)} คะแนน" if score is not None else "ไม่ทราบคะแนน"
    if finding.item.part:  # only this part's score is known
        name, _, place = finding.item.part.partition(".")
        code = f"{code} ({name} ส่วนที่ {place})"
    if finding.kind == "failed":
        lead = f"ข้อ {code} ไม่ผ่านการตรวจประเมิน (0.00 คะแนน)"
    elif finding.kind == "below":
        lead = f"ข้อ {code} ได้ {number} ต่ำกว่าเกณฑ์ {finding.threshold} คะแนน"
    else:
        place = _PLACE[finding.among].format("ต่ำที่สุด" if finding.kind == "lowest" else "สูงที่สุด")
        lead = f"ข้อ {code} ได้ {number} {place}ของตัวชี้วัดที่ {finding.item.indicator}"
    theme = finding.theme
    if theme is None:
        return lead
    return f"{lead} {theme.high if finding.kind == 'strength' else theme.low}"


def _measure(measure_id: str, proposal: Proposal, options: DraftOptions, action_year: int) -> Measure:
    year = FiscalYear(action_year)
    return Measure(
        id=measure_id,
        title=proposal.title,
        steps=[
            Step(text=step.text, units=[unit_name(step.unit, options.units)], period=period(step.when, year))
            for step in proposal.steps
        ],
        monitoring=proposal.monitoring,
        success_indicator=proposal.success_indicator,
        proposal=proposal.id,
    )
