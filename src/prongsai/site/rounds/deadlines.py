"""When a step closes for an agency: the calendar, then the latest extension that covers it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from prongsai.site.rounds.models import Assessment, Extension, Round, Stage, StageKind


class State(StrEnum):
    """Where a step stands. ``LATE``: done after its last day, or not done and the day has passed."""

    DONE = "done"
    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True)
class Deadline:
    """One step's window for one agency. ``extension`` is what moved it, if anything; both days are included."""

    kind: StageKind
    opens: dt.date
    closes: dt.date
    done_at: dt.datetime | None
    extension: Extension | None

    @property
    def days_left(self) -> int:
        """Whole days until the end of the closing day in Bangkok; negative when it has passed."""
        return (self.closes - timezone.localdate()).days

    @property
    def over(self) -> bool:
        """Whether the window has closed."""
        return self.days_left < 0

    @property
    def open(self) -> bool:
        """Whether the window is open today."""
        return self.opens <= timezone.localdate() <= self.closes

    @property
    def state(self) -> State:
        """Done, late or still open."""
        if self.done_at is None:
            return State.LATE if self.over else State.OPEN
        return State.LATE if timezone.localdate(self.done_at) > self.closes else State.DONE


class Calendar:
    """A round's stages with their extensions, read once (two queries) for any number of agencies."""

    def __init__(self, of: Round) -> None:
        order = list(StageKind)
        stages = of.stages.prefetch_related("extensions")
        self.stages: list[Stage] = sorted(stages, key=lambda stage: order.index(StageKind(stage.kind)))
        self._latest: dict[tuple[int, int | None], Extension] = {}
        for stage in self.stages:
            for one in sorted(stage.extensions.all(), key=lambda one: one.closes):
                if one.closes > stage.closes:
                    self._latest[stage.pk, one.agency_id] = one

    @property
    def kinds(self) -> list[StageKind]:
        """The steps that have a window, in the order of the year."""
        return [StageKind(stage.kind) for stage in self.stages]

    def deadlines(self, assessment: Assessment) -> list[Deadline]:
        """All steps of one agency in the order of the year."""
        found = []
        for stage in self.stages:
            last = self.extension(stage, assessment.agency_id)
            kind = StageKind(stage.kind)
            closes = last.closes if last else stage.closes
            found.append(Deadline(kind, stage.opens, closes, assessment.done_at(kind), last))
        return found

    def extension(self, stage: Stage, agency_id: int | None) -> Extension | None:
        """What moved a stage's last day for an agency (None: for all), if anything did."""
        general, own = self._latest.get((stage.pk, None)), self._latest.get((stage.pk, agency_id))
        return own if general is None or (own is not None and own.closes > general.closes) else general


def deadlines(assessment: Assessment) -> list[Deadline]:
    """All steps of an assessment in the order of the year; two queries."""
    return Calendar(assessment.round).deadlines(assessment)


def deadline(assessment: Assessment, kind: StageKind) -> Deadline | None:
    """One step's window; None where the round's calendar does not name it."""
    return next((d for d in deadlines(assessment) if d.kind == kind), None)
