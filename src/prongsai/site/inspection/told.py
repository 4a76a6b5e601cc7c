"""What an agency is told of each item: the verdict that stands, why, what it answered, and what was decided on that."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from prongsai.site.inspection.checklist import Checklist, Line
from prongsai.site.inspection.judging import is_full, label_of
from prongsai.site.inspection.models import Clarification, Decision, Evidence, Mark, State
from prongsai.site.rounds.models import Assessment

OPENED = (State.PRELIMINARY, State.CLARIFYING, State.DECIDED, State.APPEALED, State.FINAL)


def untell(row: Evidence) -> None:
    """Take out of a row, which is not to be saved then, what its agency has not been told: for what leaves the site."""
    row.again = ""
    if row.state not in OPENED:
        row.state, row.verdict, row.points = row.told_state, "", None


@dataclass(frozen=True)
class Told:
    """``full``: nothing is left to ask for. ``mark``: with the reason of the preliminary verdict (never by whom)."""

    line: Line
    full: bool
    words: str
    mark: Mark | None
    answers: tuple[Clarification, ...]

    @property
    def waits(self) -> Clarification | None:
        """What was filed and is not decided."""
        return next((one for one in self.answers if one.state == "filed"), None)


def told(assessment: Assessment, item: str = "") -> list[Told]:
    """Every item whose verdict is open to the agency, or the one asked for; nothing before."""
    checklist = Checklist(assessment)
    rows = assessment.evidence.filter(state__in=OPENED, **({"item": item} if item else {}))
    decisions = Prefetch("decisions", Decision.objects.order_by("at"))
    answers = Prefetch(
        "clarifications", Clarification.objects.exclude(state="withdrawn").prefetch_related("links", decisions)
    )
    rows = rows.prefetch_related(Prefetch("marks", Mark.objects.order_by("-order")), answers)
    by_item = {one.item: one for one in rows}
    return [_told(checklist.line(code), by_item[code]) for code in checklist.items if code in by_item]


def _told(line: Line, evidence: Evidence) -> Told:
    evidence.assessment = line.evidence.assessment
    marks, answers = list(evidence.marks.all()), tuple(evidence.clarifications.all())
    before = marks[0].verdict if marks else evidence.verdict  # the newest mark is the one that stood
    mark = next((one for one in marks if one.verdict == before and one.sentence), None)
    return Told(line, is_full(evidence, evidence.verdict), label_of(evidence, evidence.verdict), mark, answers)
