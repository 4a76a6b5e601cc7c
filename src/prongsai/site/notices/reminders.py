"""Reminders of the calendar: a step closes soon, or has just closed undone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from prongsai.site.notices.due import source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Person, Role, RoleKind, now_in_force
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import DONE_AT, Assessment, Round, Stage, StageKind
from prongsai.thai.dates import long_date

BEFORE = (1, 7, 14)  # days; the nearest one reached speaks, so a day without reminders skips nothing
# Inspection is not the officers' to do; what they can answer to it is said with the items (``inspection``).
_OFFICERS_DO = tuple(
    kind for kind in StageKind if kind not in (StageKind.INSPECTION, StageKind.CLARIFICATION, StageKind.APPEAL)
)
_AFTER = 7  # days in which a passed deadline is still news


def due_in(days_left: int) -> str:
    """Which reminder is due: ``1``, ``7``, ``14``, ``over``, or nothing."""
    if days_left < 0:
        return "over" if days_left >= -_AFTER else ""
    return next((str(days) for days in BEFORE if days_left <= days), "")


def deadline_words(days_left: int) -> str:
    """``อีก 7 วันครบกำหนด`` and its kin."""
    if days_left < 0:
        return "เลยกำหนดแล้ว"
    return f"อีก {days_left} วันครบกำหนด" if days_left else "ครบกำหนดวันนี้"


def deadline_words_en(days_left: int) -> str:
    """``Due in 7 days`` and its kin."""
    if days_left < 0:
        return "Overdue"
    return f"Due in {days_left} day{'s' if days_left != 1 else ''}" if days_left else "Due today"


def closing_stages(today: dt.date, kinds: tuple[StageKind, ...]) -> Iterator[tuple[Assessment, Stage, dt.date]]:
    """Undone steps of open rounds about which a reminder is due, with their closing day."""
    for each in Round.objects.filter(open=True):
        year = Calendar(each)
        for stage in year.stages:
            days = {stage.closes, *(extension.closes for extension in stage.extensions.all())}
            if stage.kind not in kinds or not any(due_in((day - today).days) for day in days):
                continue
            for assessment in _undone(stage):
                moved = year.extension(stage, assessment.agency_id)
                closes = moved.closes if moved else stage.closes
                if due_in((closes - today).days):
                    yield assessment, stage, closes


def _undone(stage: Stage) -> QuerySet[Assessment]:
    column = DONE_AT[StageKind(stage.kind)]
    found = Assessment.objects.filter(round_id=stage.round_id, **{f"{column}__isnull": True})
    return found.select_related("agency", "round")


def holders(today: dt.date, *kinds: RoleKind) -> dict[int, list[Role]]:
    """The roles of these kinds that are in force, by agency; one query."""
    found: dict[int, list[Role]] = defaultdict(list)
    roles = Role.objects.filter(now_in_force(today), kind__in=kinds, agency__isnull=False, person__is_active=True)
    for role in roles.select_related("person"):
        found[role.agency_id or 0].append(role)
    return found


def distinct(roles: list[Role]) -> list[Person]:
    """The people behind roles, each once."""
    return list({role.person_id: role.person for role in roles}.values())


@source
def calendar(today: dt.date) -> Iterator[Notice]:
    """To the officers: a step of the year closes, or has closed and is not done."""
    officers: dict[int, list[Role]] | None = None
    for assessment, stage, closes in closing_stages(today, _OFFICERS_DO):
        officers = holders(today, RoleKind.OFFICER) if officers is None else officers
        left = (closes - today).days
        label = StageKind(stage.kind).label
        key = f"stage:{assessment.pk}:{stage.kind}:{closes}:{due_in(left)}"
        subject = f"{deadline_words(left)}: {label} {assessment.round.name}"
        text = (
            f"ขั้นตอน “{label}” {assessment.round.name} ของ{assessment.agency.name} "
            f"{'ครบกำหนดแล้วเมื่อ' if left < 0 else 'ครบกำหนด'}วันที่ {long_date(closes)} เวลา 23.59 น. และยังดำเนินการไม่เสร็จ"
        )
        with translation.override("en"):
            step, round_ = StageKind(stage.kind).label, assessment.round.name_en or assessment.round.name
            english = (
                f"{deadline_words_en(left)}: {step}, {round_}",
                f"The step “{step}” of {round_}, {assessment.agency.name_en or assessment.agency.name}, "
                f"{'closed' if left < 0 else 'closes'} on {closes.isoformat()}, 23:59:59 Bangkok time; it is not done.",
            )
        link = reverse("year", args=(assessment.agency.code, assessment.round.slug))
        for person in distinct(officers.get(assessment.agency_id, [])):
            yield draft(person, key, subject, text, link, assessment.agency).in_english(*english)
