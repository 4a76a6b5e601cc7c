"""Follow-up of a plan: the report to fill in, what is missing in it, and the share implemented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from prongsai.improvement.checks import PlanProblem
from prongsai.improvement.model import Measure, MeasureProgress, Plan, Point, Progress, Status

STATUS_TH: dict[Status, str] = {
    "done": "ดำเนินการแล้ว",
    "in_progress": "อยู่ระหว่างดำเนินการ",
    "not_started": "ยังไม่ดำเนินการ",
}
SHARE_TARGET = Fraction(80)


@dataclass(frozen=True)
class Summary:
    """How many measures stand where. ``share``: implemented, in percent of all; None without measures."""

    counts: dict[Status, int]

    @property
    def total(self) -> int:
        """All measures of the plan."""
        return sum(self.counts.values())

    @property
    def share(self) -> Fraction | None:
        """Share implemented in percent."""
        return Fraction(100 * self.counts["done"], self.total) if self.total else None

    @property
    def reached(self) -> bool:
        """Whether the share reaches the target of 80 percent."""
        return self.share is not None and self.share >= SHARE_TARGET


def draft_progress(plan: Plan, months: Literal[6, 12] = 12) -> Progress:
    """A progress report to fill in: every measure, not started."""
    return Progress(
        plan=plan,
        months=months,
        measures=[
            MeasureProgress(measure=measure.id, status="not_started")
            for point in plan.points
            for measure in point.measures
        ],
    )


def entries(progress: Progress) -> Iterator[tuple[Point, Measure, MeasureProgress]]:
    """Every measure of the plan with its progress; measures nobody reported on count as not started."""
    reported = {entry.measure: entry for entry in progress.measures}
    for point in progress.plan.points:
        for measure in point.measures:
            entry = reported.get(measure.id) or MeasureProgress(measure=measure.id, status="not_started")
            yield point, measure, entry


def summarise(progress: Progress) -> Summary:
    """Counts by status over all measures of the plan."""
    counts: dict[Status, int] = {"done": 0, "in_progress": 0, "not_started": 0}
    for _, _, entry in entries(progress):
        counts[entry.status] += 1
    return Summary(counts)


def check_progress(progress: Progress) -> list[PlanProblem]:
    """What a report lacks: unknown measures, done without a date, without proof, not started without a reason."""
    problems = []
    known = {measure.id for point in progress.plan.points for measure in point.measures}
    for entry in progress.measures:
        if entry.measure not in known:
            problems.append(
                PlanProblem(
                    "progress.unknown_measure",
                    "error",
                    entry.measure,
                    "ไม่มีมาตรการนี้ในแผน",
                    "the plan has no such measure",
                )
            )
    for _, measure, entry in entries(progress):
        if entry.status == "done" and not entry.proof:
            problems.append(
                PlanProblem(
                    "progress.no_proof", "error", measure.id, "ระบุว่าดำเนินการแล้ว แต่ยังไม่มีหลักฐาน", "done without proof"
                )
            )
        if entry.status == "done" and not any(deed.date for deed in entry.done):
            problems.append(
                PlanProblem(
                    "progress.no_date", "warning", measure.id, "ระบุว่าดำเนินการแล้ว แต่ยังไม่มีวันที่", "done without a date"
                )
            )
        if entry.status == "not_started" and not entry.obstacles:
            problems.append(
                PlanProblem(
                    "progress.no_reason", "warning", measure.id, "ยังไม่ดำเนินการ โปรดระบุปัญหาอุปสรรค", "no reason given"
                )
            )
    return problems
