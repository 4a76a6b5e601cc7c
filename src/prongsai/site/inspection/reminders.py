"""What is due about evidence: to units, their items' own days; and what the calendar does when the window closes."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from prongsai.errors import ProngsaiError
from prongsai.site.base.jobs import UNDER_WAY
from prongsai.site.history.action import Action
from prongsai.site.inspection import (
    judge_reminders,  # noqa: F401 - the inspectors' side of it
    watch_reminders,  # noqa: F401 - registers its source
)
from prongsai.site.inspection.actions.check import LOST
from prongsai.site.inspection.actions.confirm import LockEvidence, Unlock
from prongsai.site.inspection.jobs import look
from prongsai.site.inspection.models import CheckRun, Evidence, State
from prongsai.site.inspection.states import AFTER_LOCK, FILLING
from prongsai.site.notices.due import chore, source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import distinct, due_in
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Role, RoleKind, now_in_force
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import Assessment, Round, StageKind
from prongsai.thai.dates import long_date

_LOG = logging.getLogger(__name__)


@source
def own_days(today: dt.date) -> Iterator[Notice]:
    """To unit owners: items of their unit that the agency wants by a day, one message per unit, year and day."""
    waiting = Evidence.objects.filter(
        state=State.OPEN, unit__isnull=False, due__isnull=False, assessment__round__open=True
    ).select_related("unit", "assessment__agency", "assessment__round")
    groups: dict[tuple[int, int, dt.date], list[Evidence]] = defaultdict(list)
    for one in waiting.filter(due__lte=today + dt.timedelta(days=14)):
        if one.due and due_in((one.due - today).days):
            groups[one.unit_id or 0, one.assessment_id, one.due].append(one)
    owners = _owners({unit for unit, _, _ in groups}, today)
    for (unit, _, due), items in groups.items():
        yield from _told(owners.get(unit, []), items, due, today)


def _owners(units: set[int], today: dt.date) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = defaultdict(list)
    kinds = (RoleKind.UNIT_OWNER, RoleKind.OFFICER)
    roles = Role.objects.filter(now_in_force(today), unit__in=units, kind__in=kinds, person__is_active=True)
    for role in roles.select_related("person"):
        found[role.unit_id or 0].append(role)
    return found


def _told(roles: list[Role], items: list[Evidence], due: dt.date, today: dt.date) -> Iterator[Notice]:
    first, left = items[0], (due - today).days
    assessment, agency, unit = first.assessment, first.assessment.agency, first.unit
    codes = ", ".join(one.item for one in items)
    state, state_en = (
        ("เลยกำหนดแล้ว", "overdue") if left < 0 else (f"ครบกำหนด {long_date(due)}", f"due {due.isoformat()}")
    )
    words = (
        f"หลักฐาน OIT {len(items)} ข้อของ{unit} {state}",
        f"ข้อ {codes} {assessment.round.name} ของ{agency.name} ที่มอบหมายให้{unit} {state} และยังไม่แจ้งว่าพร้อมเสนอ",
    )
    english = (
        f"{len(items)} OIT items of {unit}: {state_en}",
        f"Items {codes} of {agency.name_en or agency.name}, {assessment.round.name_en or assessment.round.name}, "
        f"assigned to {unit}, are {state_en} and not handed in.",
    )
    link = f"{reverse('evidence', args=(agency.code, assessment.round.slug))}?unit={first.unit_id}"
    key = f"evidence:{assessment.pk}:{first.unit_id}:{due}:{due_in(left)}"
    for person in distinct(roles):
        yield draft(person, key, *words, link, agency).in_english(*english)


@chore
def lock(_today: dt.date) -> None:
    """The window has closed: what is still with an agency goes to the inspectors as it stands."""
    for assessment, over in _windows((*FILLING, State.CONFIRMED)):
        if over:
            _try(LockEvidence(by=None, assessment=assessment))


@chore
def unlock(_today: dt.date) -> None:
    """More time was given after that, and nobody has marked yet: the agency can go on."""
    for assessment, over in _windows((State.LOCKED,)):
        begun = assessment.evidence.filter(Q(marks__isnull=False) | Q(state__in=AFTER_LOCK)).exists()
        if not over and not begun:
            _try(Unlock(by=None, assessment=assessment))


def _windows(states: tuple[State, ...]) -> Iterator[tuple[Assessment, bool]]:
    """Assessments of open rounds with items in these states, and whether their window is over."""
    for each in Round.objects.filter(open=True, stages__kind=StageKind.EVIDENCE).distinct():
        calendar = Calendar(each)
        found = Assessment.objects.filter(round=each, evidence__state__in=states).select_related("round", "agency")
        for assessment in found.distinct():
            window = next(one for one in calendar.deadlines(assessment) if one.kind == StageKind.EVIDENCE)
            yield assessment, window.over


def _try(action: Action) -> None:
    """One agency must not keep the others from their turn."""
    try:
        action.execute()
    except ProngsaiError:
        _LOG.exception("%s of %s", action.code, action.agency())


@chore
def go_on(_today: dt.date) -> None:
    """Looks at links whose worker was killed go on where they stopped."""
    for run in CheckRun.objects.filter(state__in=UNDER_WAY, at__lt=timezone.now() - LOST):
        look.enqueue(run.pk)
