"""A survey as its agency's page shows it: where it stands, what to do now, how many answered as far as that is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from prongsai.site.base.text import pick
from prongsai.site.people.models import Person
from prongsai.site.rounds.deadlines import Deadline, deadline
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.site.surveys import prints
from prongsai.site.surveys.access import sees_all, sets_up
from prongsai.site.surveys.counts import Forecast, Group, by_day, forecast, groups, spread_over
from prongsai.site.surveys.models import CodeSet, PeopleList, Place, Survey, SurveyState
from prongsai.site.surveys.numbers import source_words
from prongsai.survey.questionnaire import containers


@dataclass(frozen=True)
class Card:
    """One survey for one reader. ``answered``: None while fewer than k whole-day answers may be told."""

    survey: Survey
    title: str
    window: Deadline | None
    answered: int | None
    exact: bool
    days: tuple[Group, ...]
    forecast: Forecast | None
    sets: tuple[CodeSet, ...]
    people: PeopleList | None
    places: tuple[Place, ...]
    sets_up: bool
    k: int

    @property
    def state(self) -> SurveyState:
        """Where it stands."""
        return SurveyState(self.survey.state)

    @property
    def takes_answers(self) -> bool:
        """Whether it takes answers, or will."""
        return self.state in (SurveyState.DRAFT, SurveyState.OPEN)

    @property
    def required_from(self) -> str:
        """Where the required number comes from, in words."""
        return source_words(self.survey.required_source, self.survey.assessment.round.framework)

    @property
    def address(self) -> str:
        """Where people answer."""
        return prints.address_of(self.survey)

    @property
    def verdict(self) -> str:
        """What the forecast says of the required number."""
        return self.forecast.verdict(self.survey.required) if self.forecast else ""

    @property
    def reached(self) -> bool:
        """Whether as many answered as must, as far as told."""
        return bool(self.survey.required) and (self.answered or 0) >= (self.survey.required or 0)

    @property
    def issued(self) -> int:
        """Codes that are not void."""
        return sum(one.count for one in self.sets if one.voided_at is None)

    @property
    def now(self) -> str:
        """The one thing to do now."""
        return _NOW[self.state](self)


def _draft(card: Card) -> str:
    if card.sets_up:
        return pick("ตั้งค่าช่องทางตอบ แล้วเปิดรับคำตอบ", "Choose how people answer, then open it.")
    if card.survey.by_codes and card.people is None and not card.sets:
        return pick(
            "ผู้ประเมินกำลังเตรียมการ หากผู้ประเมินให้สุ่มจากรายชื่อ โปรดส่งรายชื่อ",
            "The assessor is preparing it. Hand in a list if a draw from a list was asked for.",
        )
    return pick("ผู้ประเมินกำลังเตรียมการ ยังไม่ต้องทำอะไร", "The assessor is preparing it; nothing to do yet.")


def _open(card: Card) -> str:
    survey = card.survey
    if card.reached:
        return pick(
            "มีผู้ตอบครบตามที่กำหนดแล้ว ผู้ที่ยังไม่ตอบยังตอบได้ถึงวันปิด",
            "Enough people answered; others can still answer until it closes.",
        )
    if survey.by_codes and not card.issued:
        if card.sets_up:
            return pick("ออกรหัสแล้วแจกแก่ผู้ตอบ", "Issue the codes and hand them out.")
        return pick("รอรับใบรหัสจากผู้ประเมิน", "Wait for the sheets of codes from the assessor.")
    ways = [
        pick("แจกรหัสให้ครบทุกคน", "Hand out all codes") if survey.by_codes else "",
        pick("ติดป้ายและแบนเนอร์", "Put up poster and banner") if survey.by_link or survey.by_places else "",
    ]
    if not any(ways):
        return pick("ผู้สำรวจกำลังสัมภาษณ์ หน่วยงานไม่ต้องทำอะไร", "Surveyors are interviewing; nothing to do here.")
    then = pick(" แล้วเตือนทุกคนพร้อมกันเมื่อใกล้วันปิด", "; remind everybody together before it closes.")
    return " ".join(way for way in ways if way) + then


def _closing(_card: Card) -> str:
    return pick("กำลังผสมคำตอบก่อนนับ ใช้เวลาไม่กี่นาที", "Answers are being mixed before they are counted.")


def _closed(card: Card) -> str:
    if card.survey.assessment.results_at is None:
        return pick("ปิดแล้ว รอประมวลผลคะแนน", "Closed; waiting for the results to be made.")
    return pick("ปิดแล้ว ดูผลได้ที่หน้าผลการประเมิน", "Closed; see the results page.")


_NOW = {
    SurveyState.DRAFT: _draft,
    SurveyState.OPEN: _open,
    SurveyState.CLOSING: _closing,
    SurveyState.CLOSED: _closed,
}


def cards(assessment: Assessment, person: Person, only: str = "") -> list[Card]:
    """All surveys of an agency's year (or one) for a reader; a handful of queries however many there are."""
    window = deadline(assessment, StageKind.SURVEY)
    found = assessment.surveys.select_related("form").prefetch_related(
        "boxes", "days", "places__unit", "code_sets__by", "people"
    )
    every = sees_all(person, assessment.agency)
    setting = sets_up(person, assessment)
    order = containers(assessment.round.framework)
    made = []
    for survey in sorted(found.filter(container=only) if only else found, key=lambda one: order.index(one.container)):
        survey.assessment = assessment
        made.append(_card(survey, window, every, setting))
    return made


def _card(survey: Survey, window: Deadline | None, every: bool, setting: bool) -> Card:
    k = survey.assessment.round.framework.disclosure.k
    filed = sum(box.filed for box in survey.boxes.all())
    today = timezone.localdate()
    counted = [(day.day, day.filed) for day in survey.days.all()]
    opened = _first_day(survey, counted)
    told = groups(counted, opened, today, k) if opened else ()
    over = survey.state in (SurveyState.CLOSING, SurveyState.CLOSED)
    exact = every or over
    answered = filed if exact else sum(group.filed for group in told) or None
    daily = by_day(counted, opened, today) if opened and every else spread_over(told)
    left = window.days_left if window else 0
    expected = None
    if survey.state == SurveyState.OPEN and answered is not None:
        untold = 0 if every or not opened else (today - opened).days - len(daily)
        expected = forecast(daily, answered, left + untold, survey.heads)
    if every and opened:
        told = tuple(Group(day, day, count) for day, count in counted)
    return Card(
        survey=survey,
        title=_title(survey),
        window=window,
        answered=answered,
        exact=exact,
        days=told,
        forecast=expected,
        sets=tuple(survey.code_sets.all()),
        people=getattr(survey, "people", None),
        places=tuple(survey.places.all()),
        sets_up=setting,
        k=k,
    )


def _first_day(survey: Survey, counted: list[tuple[dt.date, int]]) -> dt.date | None:
    if survey.opened_at is None:
        return None
    opened = timezone.localdate(survey.opened_at)
    return min([opened, *(day for day, _ in counted)])


def _title(survey: Survey) -> str:
    """What the survey is called; from the framework alone, so that a draft costs no look at wordings."""
    framework = survey.assessment.round.framework
    for instrument in framework.instruments:
        if instrument.code == survey.container:
            return pick(instrument.name.th, instrument.name.en or instrument.name.th)
        for part in instrument.parts:
            if part.code == survey.container:
                return pick(part.name.th, part.name.en or part.name.th)
    return survey.container
