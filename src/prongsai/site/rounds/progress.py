"""How far the agencies of a round are, step by step, counted by the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from prongsai.site.rounds.deadlines import Calendar, State
from prongsai.site.rounds.models import DONE_AT, IMPROVING, Round, StageKind


@dataclass(frozen=True)
class Counts:
    """Agencies of a round, and how many finished each step."""

    agencies: int
    done: dict[str, int]

    @property
    def rows(self) -> list[tuple[StageKind, int]]:
        """Each step with how many did it; steps of assessing only where somebody did."""
        return [(kind, self.done[kind]) for kind in StageKind if kind in IMPROVING or self.done[kind]]


def counts(of: Round) -> Counts:
    """One query."""
    found = of.assessments.aggregate(
        agencies=Count("pk"), **{kind.value: Count(column) for kind, column in DONE_AT.items()}
    )
    return Counts(found["agencies"], {kind: found[kind] for kind in StageKind})


def in_state(calendar: Calendar, kind: StageKind, state: State) -> Q:
    """Assessments whose step is done, late or open, each by its own last day; as ``Deadline.state`` says of one."""
    column = DONE_AT[kind]
    stage = next((one for one in calendar.stages if one.kind == kind), None)
    done = Q(**{f"{column}__isnull": False})
    if stage is None:
        return done if state is State.DONE else Q(pk__in=()) if state is State.LATE else ~done
    general = calendar.extension(stage, None)
    last = general.closes if general else stage.closes
    own: dict[int, dt.date] = {}  # agencies with a later last day of their own
    for extension in stage.extensions.all():
        if extension.agency_id and extension.closes > last:
            own[extension.agency_id] = max(extension.closes, own.get(extension.agency_id, last))
    late = Q(**{f"{column}__gte": _end_of(last)}) & ~Q(agency_id__in=list(own))
    for day in set(own.values()):
        theirs = [agency for agency, other in own.items() if other == day]
        late |= Q(agency_id__in=theirs, **{f"{column}__gte": _end_of(day)})
    today = timezone.localdate()
    waiting = [agency for agency, day in own.items() if day >= today]
    overdue = ~done & ~Q(agency_id__in=waiting) if last < today else Q(pk__in=())
    if state is State.LATE:
        return late | overdue
    if state is State.DONE:
        return done & ~late
    return ~done & Q(agency_id__in=waiting) if last < today else ~done


def _end_of(day: dt.date) -> dt.datetime:
    """The first moment after a last day, in Bangkok."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
