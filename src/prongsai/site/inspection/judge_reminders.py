"""Reminders of the inspection: to inspectors, to agencies whose verdicts are open, and when something was decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from prongsai.site.inspection.given import inspectors
from prongsai.site.inspection.models import Decision
from prongsai.site.inspection.waiting import answerable, waiting
from prongsai.site.notices.due import source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import distinct, due_in, holders
from prongsai.site.notices.send import draft
from prongsai.site.people.models import Person, RoleKind
from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import Assessment, Round, StageKind
from prongsai.thai.dates import long_date

_NEWS = dt.timedelta(days=7)  # how long a decision is news
_ANSWERS = (
    (StageKind.CLARIFICATION, "ชี้แจงเพิ่มเติม", "clarify"),
    (StageKind.APPEAL, "อุทธรณ์", "appeal against"),
)


@source
def to_answer(today: dt.date) -> Iterator[Notice]:
    """To officers: some items did not pass and can be answered, when that opens and again before it closes."""
    officers = holders(today, RoleKind.OFFICER)
    for each in Round.objects.filter(open=True, stages__kind=StageKind.CLARIFICATION):
        calendar = Calendar(each)
        told = Assessment.objects.filter(round=each, inspected_at__isnull=False, clarified_at=None)
        for assessment in told.select_related("agency", "round"):
            for window in calendar.deadlines(assessment):
                answer = next((one for one in _ANSWERS if one[0] == window.kind), None)
                if answer and window.open and (items := answerable(assessment, window.kind)):
                    people = distinct(officers.get(assessment.agency_id, []))
                    left = due_in(window.days_left)
                    key = f"{window.kind}:{assessment.pk}:{window.closes}:{left or 'open'}"
                    yield from _asked(people, assessment, (key, answer, items), window.closes)


def _asked(
    people: list[Person], of: Assessment, what: tuple[str, tuple[StageKind, str, str], list[str]], closes: dt.date
) -> Iterator[Notice]:
    key, (_, words, english), items = what
    codes, agency, round_ = ", ".join(items), of.agency, of.round
    link = reverse("evidence_result", args=(agency.code, round_.slug))
    for person in people:
        yield draft(
            person,
            key,
            f"{words}ผล OIT ได้ {len(items)} ข้อ ถึง {long_date(closes)}",
            f"ผลการตรวจประเมิน OIT {round_.name} ของ{agency.name} มี {len(items)} ข้อที่ยังไม่ได้คะแนนเต็ม ({codes}) "
            f"{words}ได้ถึงวันที่ {long_date(closes)} เวลา 23.59 น. ข้อที่ไม่ดำเนินการถือว่ายอมรับผล",
            link,
            agency,
        ).in_english(
            f"{len(items)} OIT items to {english} until {closes.isoformat()}",
            f"{len(items)} items of {agency.name_en or agency.name}, {round_.name_en or round_.name}, lack points "
            f"({codes}). You can {english} them until {closes.isoformat()}, 23:59:59 Bangkok time; silence accepts.",
        )


@source
def decided(today: dt.date) -> Iterator[Notice]:
    """To officers: what was decided on a clarification or an appeal."""
    since = timezone.now() - _NEWS
    found = Decision.objects.filter(at__gte=since, clarification__evidence__assessment__round__open=True)
    related = ("clarification__evidence__assessment__agency", "clarification__evidence__assessment__round")
    rows = list(found.select_related(*related))
    officers = holders(today, RoleKind.OFFICER) if rows else {}
    for one in rows:
        evidence = one.clarification.evidence
        agency, round_ = evidence.assessment.agency, evidence.assessment.round
        link = reverse("evidence_result", args=(agency.code, round_.slug))
        appeal = one.clarification.kind == "appeal"
        words = ("อุทธรณ์", "appeal") if appeal else ("คำชี้แจง", "clarification")
        for person in distinct(officers.get(agency.pk, [])):
            yield draft(
                person,
                f"decided:{one.pk}",
                f"วินิจฉัย{words[0]} OIT ข้อ {evidence.item} แล้ว",
                f"ผู้ตรวจวินิจฉัย{words[0]}ข้อ {evidence.item} {round_.name} ของ{agency.name} แล้ว เหตุผล: {one.sentence}",
                link,
                agency,
            ).in_english(
                f"The {words[1]} on OIT item {evidence.item} is decided",
                f"{agency.name_en or agency.name}, {round_.name_en or round_.name}: {one.sentence}",
            )


@source
def to_inspect(today: dt.date) -> Iterator[Notice]:
    """To inspectors: what waits when the inspection closes soon; clarifications once a week."""
    rounds = Round.objects.filter(
        open=True, stages__kind__in=(StageKind.INSPECTION, StageKind.CLARIFICATION)
    ).distinct()
    stages = [stage for each in rounds for stage in Calendar(each).stages if stage.kind == StageKind.INSPECTION]
    soon = sorted({stage.closes for stage in stages if due_in((stage.closes - today).days)})
    year, week, _ = today.isocalendar()
    for person in inspectors() if rounds else ():
        found = waiting(person)
        for closes in soon if found.items else ():
            yield draft(
                person,
                f"inspect:{closes}:{due_in((closes - today).days)}",
                f"รอท่านตรวจ OIT {found.items} ข้อ กำหนด {long_date(closes)}",
                f"รอท่านตรวจ {found.items} ข้อ การตรวจประเมินสิ้นสุดวันที่ {long_date(closes)} เวลา 23.59 น.",
                reverse("inspect_queue"),
            ).in_english(
                f"{found.items} OIT items wait for you, due {closes.isoformat()}",
                f"{found.items} items wait for your mark; the inspection closes on {closes.isoformat()}.",
            )
        if found.clarifications:
            yield draft(
                person,
                f"decide:{year}-{week}",
                f"คำชี้แจง OIT รอวินิจฉัย {found.clarifications} เรื่อง",
                f"มีคำชี้แจงหรืออุทธรณ์ OIT ที่ท่านวินิจฉัยได้ {found.clarifications} เรื่อง",
                reverse("inspect_queue"),
            ).in_english(
                f"{found.clarifications} OIT clarifications to decide",
                f"{found.clarifications} clarifications or appeals wait for a decision that you may make.",
            )
