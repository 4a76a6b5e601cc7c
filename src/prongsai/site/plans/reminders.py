"""Reminders of progress: to unit owners, when a report is due and when a measure is behind."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from prongsai.site.notices.due import source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import closing_stages, deadline_words, deadline_words_en, due_in, holders
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Person, RoleKind
from prongsai.site.plans.board import is_late
from prongsai.site.plans.models import Choice, Measure
from prongsai.site.rounds.models import StageKind
from prongsai.thai.dates import long_date
from prongsai.thai.fiscal_year import BE_OFFSET

_MONTHS = {StageKind.REPORT_6: 6, StageKind.REPORT_12: 12}
_FRESH = dt.timedelta(days=30)  # what is behind for longer stands on the pages and is not news


def measures_in_force() -> QuerySet[Measure]:
    """Accepted measures of plans of open rounds, with steps, units and reports."""
    found = Measure.objects.filter(
        choice=Choice.ACCEPTED, point__dropped=False, point__plan__assessment__round__open=True
    ).exclude(point__merged_into__dropped=True)
    found = found.select_related("point__plan__assessment__agency", "point__plan__assessment__round")
    return found.prefetch_related("steps__units", "reports")


def _owners(today: dt.date) -> dict[int, list[Person]]:
    """Unit owners by unit."""
    found: dict[int, list[Person]] = defaultdict(list)
    for roles in holders(today, RoleKind.UNIT_OWNER).values():
        for role in roles:
            if role.unit_id and role.person not in found[role.unit_id]:
                found[role.unit_id].append(role.person)
    return found


def _status(measure: Measure) -> str:
    newest = max(measure.reports.all(), key=lambda report: report.months, default=None)
    return newest.status if newest else "not_started"


@source
def behind(today: dt.date) -> Iterator[Notice]:
    """A measure is late since a step should be over (``board.is_late``)."""
    owners = _owners(today)
    recent = measures_in_force().filter(steps__end__lt=today, steps__end__gte=today - _FRESH).distinct()
    for measure in recent:
        plan = measure.point.plan
        steps = list(measure.steps.all())
        if not is_late(steps, _status(measure), plan.action_year, today):
            continue
        past = [step for step in steps if step.end and today - _FRESH <= step.end < today]
        step = max(past, key=lambda each: each.end or today)
        assert step.end is not None
        text = (
            f"มาตรการ “{measure.title}” ขั้นตอน “{step.text}” ครบกำหนดเมื่อวันที่ {long_date(step.end)} "
            f"แต่ยังไม่มีรายงานว่าดำเนินการแล้วเสร็จ"
        )
        english = (
            f"The step “{step.text}” of the measure “{measure.title}” was due on {step.end.isoformat()}, "
            f"and nobody has reported the measure as done."
        )
        link = reverse("task_report", args=(measure.pk, _months_now(today, plan.action_year)))
        for person in {p.pk: p for s in past for u in s.units.all() for p in owners[u.pk]}.values():
            found = draft(
                person, f"late:{measure.pk}:{step.end}", "มาตรการเกินกำหนด", text, link, plan.assessment.agency
            )
            yield found.in_english("A measure is late", english)


def _months_now(today: dt.date, action_year: int) -> int:
    """The period that comes next: the first half of the fiscal year ends with March."""
    be = today.year + BE_OFFSET
    return 6 if (be, today.month) < (action_year, 4) else 12


@source
def reports(today: dt.date) -> Iterator[Notice]:
    """A report closes soon and a unit's measures have none yet."""
    closing = {(a.pk, StageKind(stage.kind)): closes for a, stage, closes in closing_stages(today, tuple(_MONTHS))}
    if not closing:
        return
    owners = _owners(today)
    waiting: dict[tuple[int, StageKind, int], list[Measure]] = defaultdict(list)
    people: dict[int, Person] = {}
    for measure in measures_in_force().filter(point__plan__assessment__in={pk for pk, _ in closing}):
        reported = {report.months for report in measure.reports.all()}
        own = {p.pk: p for step in measure.steps.all() for unit in step.units.all() for p in owners[unit.pk]}
        people |= own
        for kind, months in _MONTHS.items():
            pk = measure.point.plan.assessment_id
            if months in reported or (pk, kind) not in closing:
                continue
            for person in own:
                waiting[pk, kind, person].append(measure)
    for (pk, kind, person), measures in waiting.items():
        closes, assessment = closing[pk, kind], measures[0].point.plan.assessment
        left = (closes - today).days
        text = (
            f"ยังไม่ได้รายงานผลรอบ {_MONTHS[kind]} เดือน จำนวน {len(measures)} มาตรการ "
            f"ของ{assessment.agency.name} ปิดรับวันที่ {long_date(closes)} เวลา 23.59 น."
        )
        subject = f"{deadline_words(left)}: {kind.label}"
        key = f"report:{pk}:{kind}:{closes}:{due_in(left)}"
        with translation.override("en"):
            english = (
                f"{deadline_words_en(left)}: {kind.label}",
                f"{len(measures)} measures of {assessment.agency.name_en or assessment.agency.name} have no report at "
                f"{_MONTHS[kind]} months. It closes on {closes.isoformat()} at 23:59:59 Bangkok time.",
            )
        yield draft(people[person], key, subject, text, reverse("tasks"), assessment.agency).in_english(*english)
