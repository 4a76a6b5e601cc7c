"""What is wrong or missing in a plan: one small function per rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from prongsai.analysis.findings import Finding
from prongsai.framework import by_id
from prongsai.improvement.filing import filed_as
from prongsai.improvement.model import Plan, Step
from prongsai.thai.dates import short_date
from prongsai.thai.fiscal_year import FiscalYear
from prongsai.thai.text import likeness

COPIED = 0.9
_SHORTEST_TEXT = 40
_MONTH_AFTER = dt.timedelta(days=31)


@dataclass(frozen=True)
class PlanProblem:
    """One thing to mend. ``where``: plan, ``p1``, ``p1m2`` or ``p1m2 ขั้นตอนที่ 3``."""

    code: str
    severity: Literal["error", "warning"]
    where: str
    th: str
    en: str

    def as_json(self) -> dict[str, str]:
        """The stable shape for programs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "message_th": self.th,
            "message_en": self.en,
        }


def check_plan(plan: Plan, found: list[Finding] | None = None, earlier: Plan | None = None) -> list[PlanProblem]:
    """All problems of a plan. ``found``: the findings it must answer; ``earlier``: last year's plan."""
    problems = [
        *_items_exist(plan),
        *_filing(plan),
        *_complete(plan),
        *_within_year(plan),
        *_repeated(plan),
    ]
    if found is not None:
        problems += _answers_findings(plan, found)
    if earlier is not None:
        problems += _copied_from(plan, earlier)
    return problems


def _answers_findings(plan: Plan, found: list[Finding]) -> Iterator[PlanProblem]:
    answered = {code for point in plan.points if point.measures for code in point.items}
    for finding in found:
        if not finding.weak or finding.item.code in answered:
            continue
        code = finding.item.code
        if finding.kind == "failed":
            th, severity = f"ข้อ {code} ไม่ผ่านการตรวจประเมิน แต่ยังไม่มีมาตรการรองรับ", "error"
        elif finding.kind == "below":
            th, severity = f"ข้อ {code} ต่ำกว่าเกณฑ์ แต่ยังไม่มีมาตรการรองรับ", "error"
        else:
            th, severity = f"ข้อ {code} ได้คะแนนต่ำที่สุดในตัวชี้วัด แต่ยังไม่มีมาตรการรองรับ", "warning"
        yield PlanProblem(
            "plan.unanswered", "error" if severity == "error" else "warning", "plan", th, f"no measure for {code}"
        )


def _items_exist(plan: Plan) -> Iterator[PlanProblem]:
    framework = by_id(plan.framework)
    known = {i.code for inst in framework.instruments for ind in inst.indicators for i in ind.items}
    numbers = {ind.number for inst in framework.instruments for ind in inst.indicators}
    for point in plan.points:
        for code in [c for c in point.items if c not in known] + [n for n in point.indicators if n not in numbers]:
            yield PlanProblem(
                "plan.unknown_item",
                "error",
                point.id,
                f"ไม่มี “{code}” ในกรอบการประเมิน {framework.id}",
                f"{code!r} is not in {framework.id}",
            )
    ids = [measure.id for point in plan.points for measure in point.measures] + [p.id for p in plan.points]
    for repeated in sorted({name for name in ids if ids.count(name) > 1}):
        yield PlanProblem("plan.repeated_id", "error", repeated, f"รหัส {repeated} ใช้ซ้ำ", f"id {repeated} is used twice")


def _filing(plan: Plan) -> Iterator[PlanProblem]:
    expected = filed_as(plan.kind, plan.result_year, plan.action_year)
    if plan.filed_as and expected and plan.filed_as != expected:
        yield PlanProblem(
            "plan.filed_as",
            "warning",
            "plan",
            f"เอกสารที่วิเคราะห์ผลปี {plan.result_year} เผยแพร่เป็นข้อ {expected.item} ของปี {expected.fiscal_year} "
            f"แต่แผนระบุข้อ {plan.filed_as.item} ของปี {plan.filed_as.fiscal_year}",
            f"expected filing {expected.item} of {expected.fiscal_year}",
        )
    if plan.action_year <= plan.result_year:
        yield PlanProblem(
            "plan.years",
            "error",
            "plan",
            f"ปีที่ดำเนินการ ({plan.action_year}) ต้องอยู่หลังปีของผลการประเมิน ({plan.result_year})",
            "the action year must come after the result year",
        )


def _steps(plan: Plan) -> Iterator[tuple[str, Step]]:
    for point in plan.points:
        for measure in point.measures:
            for number, step in enumerate(measure.steps, start=1):
                yield f"{measure.id} ขั้นตอนที่ {number}", step


def _complete(plan: Plan) -> Iterator[PlanProblem]:
    if not plan.points:
        yield PlanProblem("plan.empty", "error", "plan", "แผนยังไม่มีประเด็นและมาตรการ", "the plan has no points")
    for point in plan.points:
        if not point.measures:
            yield PlanProblem("plan.no_measure", "error", point.id, "ประเด็นนี้ยังไม่มีมาตรการ", "no measure")
        for measure in point.measures:
            if not measure.steps:
                yield PlanProblem("plan.no_step", "error", measure.id, "มาตรการนี้ยังไม่มีขั้นตอน", "no step")
    for where, step in _steps(plan):
        if not step.units:
            yield PlanProblem("plan.no_unit", "error", where, "ยังไม่ระบุผู้รับผิดชอบ", "no responsible unit")
        if step.period is None or not (step.period.text or step.period.start or step.period.end):
            yield PlanProblem("plan.no_period", "error", where, "ยังไม่ระบุช่วงระยะเวลา", "no period")


def _within_year(plan: Plan) -> Iterator[PlanProblem]:
    """Steps run inside the action year; a step that reports may fall due in the month after it."""
    year = FiscalYear(plan.action_year)
    for where, step in _steps(plan):
        if step.period is None:
            continue
        start, end = step.period.start, step.period.end
        latest = year.end + _MONTH_AFTER if "รายงาน" in step.text else year.end
        if start and end and end < start:
            yield PlanProblem("plan.period_reversed", "error", where, "วันสิ้นสุดอยู่ก่อนวันเริ่มต้น", "end before start")
        for day, outside in ((start, start and start < year.start), (end or start, (end or start or latest) > latest)):
            if day and outside:
                yield PlanProblem(
                    "plan.period_outside",
                    "error",
                    where,
                    f"{short_date(day)} อยู่นอกปีงบประมาณ พ.ศ. {plan.action_year} "
                    f"({short_date(year.start)} – {short_date(year.end)})",
                    f"{day} is outside fiscal year {plan.action_year}",
                )


def _repeated(plan: Plan) -> Iterator[PlanProblem]:
    """The same words for different points say that nobody thought about the second."""
    texts = [(measure.id, measure.title) for point in plan.points for measure in point.measures]
    texts += [(point.id, point.finding or "") for point in plan.points]
    for position, (where, text) in enumerate(texts):
        for other, earlier in texts[:position]:
            if len(text) >= _SHORTEST_TEXT and likeness(text, earlier) >= COPIED:
                yield PlanProblem(
                    "plan.copied",
                    "warning",
                    where,
                    f"ข้อความซ้ำกับ {other} โปรดเขียนให้ตรงกับประเด็น หรือรวมเป็นประเด็นเดียวกัน",
                    f"text copied from {other}",
                )
                break


def _copied_from(plan: Plan, earlier: Plan) -> Iterator[PlanProblem]:
    old = [measure.title for point in earlier.points for measure in point.measures]
    for point in plan.points:
        for measure in point.measures:
            if len(measure.title) >= _SHORTEST_TEXT and any(likeness(measure.title, o) >= COPIED for o in old):
                yield PlanProblem(
                    "plan.copied_year",
                    "warning",
                    measure.id,
                    f"มาตรการเหมือนกับแผนปีงบประมาณ พ.ศ. {earlier.action_year} โปรดทบทวนว่าได้ผลเพียงใดก่อนทำซ้ำ",
                    f"same measure as in the plan of {earlier.action_year}",
                )
