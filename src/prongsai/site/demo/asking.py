"""Surveys to try: a rehearsal that is open, with codes; service points, one period closed and one open, where a
surveyor interviews too.
"""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from prongsai.framework import by_id
from prongsai.site.demo.stories import Story
from prongsai.site.fieldwork.actions import AssignQuota
from prongsai.site.people.models import Person
from prongsai.site.surveys import prints
from prongsai.site.surveys.actions import AddPlace, CloseSurvey, IssueCodes, OpenSurvey
from prongsai.site.surveys.actions.own import StartOwnRound
from prongsai.site.surveys.asked import asked
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Survey
from prongsai.site.surveys.points import FRAMEWORK, REHEARSAL
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import answer
from prongsai.survey.letterbox import file_open, open_box

CODES, QUOTA = 12, 5
_COUNTERS = ("งานทะเบียนราษฎร", "งานจัดเก็บรายได้", "งานขออนุญาตก่อสร้าง")
_ANSWERS = (34, 28, 13)  # at each counter in the closed period
_HALF_A_YEAR = 185  # days


def ask(story: Story) -> list[str]:
    """Lay it all for one agency. Returns what the console says: addresses to type, and codes to try."""
    officer = story.roles["officer"].person
    today = timezone.localdate()
    before = today - dt.timedelta(days=_HALF_A_YEAR)
    earlier = _service(story, officer, "ครั้งก่อน", (before, today))
    _answers(earlier)
    CloseSurvey(by=None, survey=earlier).execute()
    now = (today, today + dt.timedelta(days=60))
    service = _service(story, officer, "ครั้งนี้", now, doors=("by_places", "by_interview"))
    surveyor = story.roles["surveyor"].person
    AssignQuota(by=story.roles["assessor"].person, survey=service, surveyor=surveyor, quota=QUOTA).execute()
    rehearsal = StartOwnRound(
        by=officer,
        to=story.agency,
        framework=by_id(REHEARSAL),
        name=("ซ้อม: ตัวอย่างให้ลองตอบ", "Rehearsal: one to try"),
        window=(today, today + dt.timedelta(days=30)),
        doors=("by_codes", "by_link"),
    ).execute()
    survey = rehearsal.surveys.get()
    codes = IssueCodes(by=officer, survey=survey, count=CODES).execute()
    OpenSurvey(by=officer, survey=survey, form=asked(rehearsal.round, survey.container)).execute()
    turn()
    place = service.places.all()[0]
    return [
        f"ลองตอบแบบสำรวจซ้อมของ{story.agency.name}: {prints.address()} แล้วกรอกรหัสใดรหัสหนึ่ง (ใช้ได้ครั้งเดียว)",
        "   ".join(codes),
        f"หรือลิงก์เปิด {prints.address(survey.token)} · จุดบริการ “{place.name}” {prints.address(place.token)}",
        f"ลองสัมภาษณ์ (ใช้งานได้เมื่อไม่มีสัญญาณ): เข้าสู่ระบบด้วยบัญชี {surveyor.username} แล้วเปิด “งานสัมภาษณ์ของฉัน” จากหน้าแรก",
    ]


def _service(
    story: Story, by: Person, which: str, window: tuple[dt.date, dt.date], doors: tuple[str, ...] = ("by_places",)
) -> Survey:
    """A period of satisfaction at service points, open."""
    started = StartOwnRound(
        by=by,
        to=story.agency,
        framework=by_id(FRAMEWORK),
        name=(f"ความพึงพอใจ ณ จุดบริการ {which}", "Service points: " + ("now" if which == "ครั้งนี้" else "before")),
        window=window,
        doors=doors,
    ).execute()
    survey: Survey = started.surveys.get()
    if not survey.places.exists():
        units = list(story.agency.units.all()[: len(_COUNTERS)])
        for number, name in enumerate(_COUNTERS):
            unit = units[number] if number < len(units) else None
            AddPlace(by=by, survey=survey, name=name, unit=unit).execute()
    OpenSurvey(by=by, survey=survey, form=asked(started.round, survey.container)).execute()
    return survey


def _answers(survey: Survey) -> None:
    """Invented answers of the closed period, the same every time."""
    for box in survey.boxes.all():  # its window is long over: a turn of the mixer would close it
        open_box(box.pk, DatabaseStorage(), keys())
    draw, form = random.Random(1), asked(survey.assessment.round, survey.container)  # noqa: S311 - invented answers, the same every time
    boxes = sorted(survey.boxes.select_related("place"), key=lambda box: _COUNTERS.index(str(box.place)))
    for box, count, best in zip(boxes, _ANSWERS, (2, 1, 0), strict=True):
        for number in range(count):
            given = {line.code: draw.choice(line.options[best:] or line.options) for line in form.lines}
            shape = f"{box.pk}/{number}".encode().ljust(32, b"-")
            file_open(DatabaseStorage(), keys(), box.pk, shape, str(answer(form, given)))
