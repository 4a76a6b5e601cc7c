"""Points and measures while they are put together from rows and lines, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from prongsai.improvement.model import Budget, Period
from prongsai.reading.source import Where


@dataclass
class StepDraft:
    """One step with the units and period that stand beside it."""

    text: str
    where: Where
    units: list[str] = field(default_factory=list)
    period: Period | None = None
    when: str = ""  # the period as printed, and where
    when_at: Where | None = None


@dataclass
class Report:
    """What a row or passage says of the doing: the ticks and texts as printed."""

    ticked: str | None = None  # done, not_started, in_progress
    result: str = ""
    status: str = ""
    obstacles: str = ""
    proof: str = ""
    where: Where | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything is reported at all."""
        return bool(self.ticked or self.result or self.status or self.obstacles or self.proof)


@dataclass
class MeasureDraft:
    """One measure."""

    title: str
    where: Where
    steps: list[StepDraft] = field(default_factory=list)
    monitoring: str | None = None
    success: str | None = None
    budget: Budget | None = None
    report: Report = field(default_factory=Report)


@dataclass
class PointDraft:
    """One point to raise. ``aspect``: the aspect its table stands under, ``under``: the number of its heading;
    ``named``: the topic that its first cell alone gives; ``ticks``: its table has columns to tick.
    """

    where: Where
    topic: str = ""
    finding: str = ""
    guideline: str = ""
    items: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    aspect: int | None = None
    measures: list[MeasureDraft] = field(default_factory=list)
    ticks: bool = False
    named: str = ""
    under: int = 0
