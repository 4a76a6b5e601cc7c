"""What waits in the inspection for whom: numbers for first pages and for reminders."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from prongsai.site.inspection.judging import is_full, queue, rules_of, to_decide
from prongsai.site.inspection.models import Evidence, State
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Assessment, Round, StageKind

_SETTLED = (State.PRELIMINARY, State.DECIDED, State.FINAL)


@dataclass(frozen=True)
class Waiting:
    """Of one inspector: items to mark, and clarifications to decide."""

    items: int
    clarifications: int


def waiting(person: Person) -> Waiting:
    """How much waits for an inspector."""
    return Waiting(queue(person).order_by().count(), to_decide(person).order_by().count())


def ready_to_open(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Assessments whose items are all marked, and nobody told the agency yet."""
    return _with_evidence(rows.filter(inspected_at=None)).exclude(_any_but(State.MARKED))


def ready_to_confirm(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Assessments in which nothing waits for a decision; whether the agency may still answer, the action asks."""
    return _with_evidence(rows.filter(inspected_at__isnull=False, clarified_at=None)).exclude(_any_but(*_SETTLED))


def _with_evidence(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return rows.filter(Exists(Evidence.objects.filter(assessment=OuterRef("pk"))))


def _any_but(*states: State) -> Exists:
    return Exists(Evidence.objects.filter(assessment=OuterRef("pk")).exclude(state__in=states))


def answerable(assessment: Assessment, kind: StageKind) -> list[str]:
    """Items whose verdict the agency may still answer (or appeal against), if that step is open."""
    if kind == StageKind.APPEAL and not rules_of(assessment.round.framework).appeal:
        return []
    state = State.DECIDED if kind == StageKind.APPEAL else State.PRELIMINARY
    rows = assessment.evidence.filter(state=state)
    found = []
    for row in rows:
        row.assessment = assessment
        if not is_full(row, row.verdict):
            found.append(row.item)
    return found


def inspected_rounds() -> QuerySet[Round]:
    """Open rounds in which evidence was filed."""
    return Round.objects.filter(open=True).filter(Exists(Evidence.objects.filter(assessment__round=OuterRef("pk"))))
