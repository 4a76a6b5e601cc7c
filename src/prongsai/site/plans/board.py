"""The board of a plan's year: where each measure stands, unit by unit, and what the reports still lack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from prongsai.improvement import model
from prongsai.improvement.checks import PlanProblem
from prongsai.improvement.follow_up import Summary, check_progress, summarise
from prongsai.site.agencies.models import Unit
from prongsai.site.base.text import T
from prongsai.site.plans.convert import as_plan, loaded, progress_of
from prongsai.site.plans.models import Choice, Measure, Plan, Point, Proof, Report, Step
from prongsai.site.plans.progress_actions import STAGES, Months, barred
from prongsai.site.rounds.deadlines import Deadline, deadlines
from prongsai.thai.fiscal_year import FiscalYear

PERIODS: tuple[Months, ...] = (6, 12)
LATE = "late"
COLUMNS: dict[str, Any] = {
    LATE: T("เกินกำหนด", "Late"),
    "not_started": T("ยังไม่เริ่มดำเนินการ", "Not started"),
    "in_progress": T("อยู่ระหว่างดำเนินการ", "In progress"),
    "done": T("ดำเนินการแล้วเสร็จ", "Done"),
}
TONES = {LATE: "bad", "not_started": "", "in_progress": "warn", "done": "good"}


def is_late(steps: Iterable[Step], status: str, action_year: int, today: dt.date) -> bool:
    """Whether a measure is behind: its last step should be over, or its first one should and nothing has begun.

    A measure is reported on as a whole, so one in progress is not called late while a later step is still to come.
    A period in words (ตลอดปีงบประมาณ) lasts until the end of the fiscal year.
    """
    if status == "done":
        return False
    last = FiscalYear(action_year).end
    days = sorted(step.end or step.start or last for step in steps) or [last]
    return days[-1] < today or (status == "not_started" and days[0] < today)


@dataclass(frozen=True)
class Card:
    """One measure on the board."""

    measure: Measure
    point: Point
    reports: dict[int, Report]
    lacking: dict[int, list[PlanProblem]]
    late: bool

    @property
    def status(self) -> str:
        """What the newest report says; not started without any."""
        newest = self.reports.get(12) or self.reports.get(6)
        return newest.status if newest else "not_started"

    @property
    def column(self) -> str:
        """The column of the board in which it stands."""
        return LATE if self.late else self.status

    @cached_property
    def units(self) -> list[Unit]:
        """The units of its steps, each once."""
        return list({unit.pk: unit for step in self.measure.steps.all() for unit in step.unit_list}.values())

    @cached_property
    def last_day(self) -> dt.date | None:
        """When its last step ends."""
        return max((day for step in self.measure.steps.all() if (day := step.end or step.start)), default=None)


@dataclass(frozen=True)
class UnitLine:
    """One unit's measures by column."""

    unit: Unit
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All measures in which the unit has a step."""
        return sum(self.counts.values())

    @property
    def share(self) -> Fraction:
        """Done, in percent of all."""
        return Fraction(100 * self.counts["done"], self.total)


@dataclass(frozen=True)
class Period:
    """The report of 6 or 12 months: what is counted, what it lacks, until when."""

    months: Months
    summary: Summary
    problems: list[tuple[str, PlanProblem]]  # title of the measure
    window: Deadline | None
    closed: bool  # whether reporting is barred
    done_at: dt.datetime | None

    @property
    def errors(self) -> list[tuple[str, PlanProblem]]:
        """What keeps the report from being drawn up."""
        return [row for row in self.problems if row[1].severity == "error"]


class Board:
    """A plan's progress, read once: eight queries."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.today = timezone.localdate()
        points = loaded(plan)
        self.shape = as_plan(plan, points)
        self.reports = _reports(plan)
        progress = {months: progress_of(self.shape, self.reports, months) for months in PERIODS}
        self._problems = {months: check_progress(of) for months, of in progress.items()}
        in_plan = {measure.id for point in self.shape.points for measure in point.measures}
        found = [(point, measure) for point in points for measure in point.measures.all()]
        self.cards = [self._card(p, m) for p, m in found if m.choice == Choice.ACCEPTED and m.key in in_plan]
        self.periods = self._periods(progress)

    def _card(self, point: Point, measure: Measure) -> Card:
        reports = {r.months: r for r in self.reports if r.measure_id == measure.pk}
        lacking: dict[int, list[PlanProblem]] = {
            months: [p for p in found if p.where == measure.key] for months, found in self._problems.items()
        }
        card = Card(measure, point, reports, lacking, late=False)
        late = is_late(measure.steps.all(), card.status, self.plan.action_year, self.today)
        return Card(measure, point, reports, lacking, late)

    def _periods(self, progress: dict[Months, model.Progress]) -> list[Period]:
        assessment = self.plan.assessment
        windows = {window.kind: window for window in deadlines(assessment)}
        titles = {card.measure.key: card.measure.title for card in self.cards}
        return [
            Period(
                months,
                summarise(progress[months]),
                [(titles.get(p.where, p.where), p) for p in self._problems[months]],
                windows.get(STAGES[months]),
                barred(assessment, months, windows.get(STAGES[months])) is not None,
                assessment.done_at(STAGES[months]),
            )
            for months in PERIODS
        ]

    @cached_property
    def units(self) -> list[Unit]:
        """The units with a step in the plan, in the agency's order."""
        every = {unit.pk: unit for card in self.cards for unit in card.units}
        return sorted(every.values(), key=lambda unit: (unit.order, unit.pk))

    def of(self, unit: Unit | None) -> list[Card]:
        """The cards of one unit, or all."""
        return [card for card in self.cards if unit is None or unit in card.units]

    def columns(self, cards: list[Card]) -> list[dict[str, Any]]:
        """Cards by column, in the order in which they ask for attention."""
        return [
            {"key": key, "name": name, "tone": TONES[key], "cards": [card for card in cards if card.column == key]}
            for key, name in COLUMNS.items()
        ]

    def lines(self) -> list[UnitLine]:
        """Each unit's share."""
        columns = {unit: [card.column for card in self.of(unit)] for unit in self.units}
        return [UnitLine(unit, {key: found.count(key) for key in COLUMNS}) for unit, found in columns.items()]


def _reports(plan: Plan) -> list[Report]:
    found = Report.objects.filter(measure__point__plan=plan).select_related("measure")
    return list(found.prefetch_related("deeds", Prefetch("proofs", Proof.objects.select_related("file"))))
