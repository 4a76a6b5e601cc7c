"""When a step closes for an agency: the calendar, then the latest extension that covers it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from prongsai.site.rounds.models import Assessment, Extension, StageKind


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


def deadlines(assessment: Assessment) -> list[Deadline]:
    """All steps of an assessment in the order of the year; two queries."""
    found = []
    for stage in assessment.round.stages.prefetch_related("extensions"):
        moved = [e for e in stage.extensions.all() if e.agency_id in (None, assessment.agency_id)]
        last = max(moved, key=lambda e: e.closes, default=None)
        closes = last.closes if last and last.closes > stage.closes else stage.closes
        kind = StageKind(stage.kind)
        found.append(Deadline(kind, stage.opens, closes, assessment.done_at(kind), last))
    order = list(StageKind)
    return sorted(found, key=lambda d: order.index(d.kind))


def deadline(assessment: Assessment, kind: StageKind) -> Deadline | None:
    """One step's window; None where the round's calendar does not name it."""
    return next((d for d in deadlines(assessment) if d.kind == kind), None)
