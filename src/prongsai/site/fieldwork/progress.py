"""Quotas against what came in, by surveyor and survey; durations, and which interviews are worth a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from django.db.models import Count, Q, Sum

from prongsai.site.base.text import pick
from prongsai.site.fieldwork.access import own_assignments
from prongsai.site.fieldwork.models import COUNTING, Assignment, Interview, InterviewState, clock
from prongsai.site.people.models import Person
from prongsai.site.surveys.models import Survey, SurveyState

# No framework says how long an interview must last, so the floor is ours: reading a line aloud and answering it.
SECONDS_A_LINE = 5
_SHARE = 0.4  # of the survey's median, where that is stricter
_ENOUGH = 10  # interviews for a median to mean something
_LATE = 7 * 86_400  # a device that was behind or ahead by more than a week


@dataclass
class Row:
    """One surveyor, or one survey: interviews by state. ``typical``: median seconds of an interview, None without."""

    assignment: Assignment | None
    quota: int
    by_state: dict[str, int] = field(default_factory=dict)
    typical: float | None = None
    quick: int = 0

    @property
    def surveyor(self) -> Person | None:
        """Whose row."""
        return self.assignment.surveyor if self.assignment else None

    @property
    def brought(self) -> int:
        """What counts against the quota."""
        return sum(self.by_state.get(state, 0) for state in COUNTING)

    @property
    def waiting(self) -> int:
        """What waits for the supervisor."""
        return self.by_state.get(InterviewState.SENT, 0)

    @property
    def accepted(self) -> int:
        """What was accepted."""
        return self.by_state.get(InterviewState.ACCEPTED, 0) + self.by_state.get(InterviewState.MOVED, 0)

    @property
    def returned(self) -> int:
        """What was returned."""
        return self.by_state.get(InterviewState.RETURNED, 0)

    @property
    def minutes(self) -> str:
        """The median, as shown."""
        return "–" if self.typical is None else clock(int(self.typical))


def team(survey: Survey) -> list[Row]:
    """Each surveyor of a survey; three queries."""
    durations: dict[int, list[int]] = {}
    for pk, seconds in Interview.objects.filter(assignment__survey=survey).values_list("assignment", "seconds"):
        durations.setdefault(pk, []).append(seconds)
    floor = _floor(survey, [one for some in durations.values() for one in some])
    counts = Interview.objects.filter(assignment__survey=survey).order_by().values_list("assignment", "state")
    by_state: dict[int, dict[str, int]] = {}
    for pk, state, n in counts.annotate(n=Count("pk")):
        by_state.setdefault(pk, {})[state] = n
    rows = []
    for one in survey.assignments.select_related("surveyor", "survey__assessment__agency", "survey__assessment__round"):
        own = durations.get(one.pk, [])
        typical = median(own) if own else None
        quick = sum(seconds < floor for seconds in own)
        rows.append(Row(one, one.quota, by_state.get(one.pk, {}), typical, quick))
    return rows


def by_survey(surveys: list[Survey]) -> list[tuple[Survey, Row]]:
    """Each survey with quotas and interviews summed; two queries."""
    quotas = dict(
        Assignment.objects.filter(survey__in=surveys).order_by().values_list("survey").annotate(total=Sum("quota"))
    )
    counts = Interview.objects.filter(assignment__survey__in=surveys).order_by()
    by_state: dict[int, dict[str, int]] = {}
    for pk, state, n in counts.values_list("assignment__survey", "state").annotate(n=Count("pk")):
        by_state.setdefault(pk, {})[state] = n
    return [(one, Row(None, quotas.get(one.pk) or 0, by_state.get(one.pk, {}))) for one in surveys]


def short(survey: Survey) -> float:
    """Below how many seconds an interview of this survey is flagged."""
    return _floor(survey, list(Interview.objects.filter(assignment__survey=survey).values_list("seconds", flat=True)))


def _floor(survey: Survey, durations: list[int]) -> float:
    lines = len(survey.form.lines) if survey.form else 0
    floor = float(SECONDS_A_LINE * lines)
    return max(floor, _SHARE * median(durations)) if len(durations) >= _ENOUGH else floor


def flags(one: Interview, floor: float) -> list[str]:
    """What a supervisor may want to ask about; nothing here tells an answer."""
    found = []
    if one.seconds < floor:
        found.append(pick("สั้นผิดปกติ", "very short"))
    if one.alike:
        found.append(pick("ตอบตัวเลือกเดียวกันเกือบทุกข้อ", "nearly all answered alike"))
    if abs(one.ahead) > _LATE:
        found.append(pick("นาฬิกาเครื่องคลาดเคลื่อนมาก", "device’s clock far off"))
    return found


def plain(survey: Survey) -> list[str]:
    """Interviews that wait, that the mixer has looked at, and that nothing is to be asked about."""
    waiting = Interview.objects.filter(assignment__survey=survey, state=InterviewState.SENT, alike=False)
    floor = short(survey)
    return [one.pk for one in waiting if not flags(one, floor)]


def still_to_do(person: Person) -> list[tuple[Assignment, int]]:
    """A surveyor's assignments in surveys that are open, each with how many interviews it still lacks."""
    counted = own_assignments(person).filter(survey__state=SurveyState.OPEN)
    counted = counted.annotate(brought=Count("interviews", Q(interviews__state__in=COUNTING)))
    return [(one, one.quota - one.brought) for one in counted if one.quota > one.brought]
