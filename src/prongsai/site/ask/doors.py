"""By which door a respondent comes in, and whether it is open: kept for a second, asked again at filing."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from django.db import connection
from django.utils import timezone

from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import StageKind
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import TOKEN_LENGTH, Box, Form, Place, Survey, SurveyState
from prongsai.survey.questionnaire import Questionnaire

FRESH = 1.0  # seconds
_MOST = 20_000
State = Literal["open", "early", "notready", "closed"]


@dataclass(frozen=True)
class Door:
    """One box of one survey as respondents see it. ``k``: fewer answers than this are never shown to anybody."""

    box: str
    batch: str
    public: bytes | None  # the batch's key; a lost one is noticed as late as a closed door
    version: str
    state: State
    agency: str
    round: str
    place: str
    token: str
    k: int
    names_en: tuple[str, str]  # agency and round, where they have a name in English
    contact: str  # whom to ask: the assessor, as the round says
    opens: dt.date | None
    closes: dt.date | None

    @property
    def form(self) -> Questionnaire:
        """What is asked."""
        return asked(self.version)


@lru_cache(maxsize=256)
def asked(version: str) -> Questionnaire:
    """A questionnaire by its version: a version never changes, so it is read once."""
    return Form.objects.get(pk=version).asked


@lru_cache(maxsize=256)
def spoken(version: str) -> tuple[str, ...]:
    """The languages in which a questionnaire can be answered."""
    return asked(version).languages


_kept: dict[tuple[str, str], tuple[float, Door]] = {}


def _fresh(key: tuple[str, str], find: Callable[[str], Door | None]) -> Door | None:
    now = time.monotonic()
    known = _kept.get(key)
    if known and known[0] > now:
        return known[1]
    if known and known[0] > now - FRESH:
        _kept[key] = (now + FRESH, known[1])  # this request looks anew; those beside it need not all do so
    door = find(key[1])
    if door is None:  # not kept: addresses that do not exist would fill the memory
        return None
    if len(_kept) > _MOST:
        _kept.clear()
    _kept[key] = (now + FRESH, door)
    return door


def by_token(token: str) -> Door | None:
    """The open door at a typable address; None where there is none."""
    token = token.lower()
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    return _fresh(("token", token), _find_token)


def by_box(box: str) -> Door | None:
    """The door of a box."""
    return _fresh(("box", box), _find_box)


def of_code(digest: str) -> tuple[str, bool] | None:
    """The box of a one-time code and whether it is spent; never kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT box_id, spent FROM surveys_code WHERE digest = %s", [digest])
        row = cursor.fetchone()
    return (row[0], bool(row[1])) if row else None


def forget() -> None:
    """Drop what is kept (tests)."""
    _kept.clear()


_WITH = ("assessment__agency", "assessment__round")


def _find_token(token: str) -> Door | None:
    survey = Survey.objects.select_related(*_WITH).filter(token=token, by_link=True).first()
    if survey:
        return _door(survey, survey.boxes.filter(place=None).first(), None, token)
    place = (
        Place.objects.select_related(*(f"survey__{one}" for one in _WITH))
        .filter(token=token, survey__by_places=True)
        .first()
    )
    return _door(place.survey, Box.objects.filter(place=place).first(), place, token) if place else None


def _find_box(name: str) -> Door | None:
    box = Box.objects.select_related(*(f"survey__{one}" for one in _WITH), "place").filter(pk=name).first()
    return _door(box.survey, box, box.place, box.place.token if box.place else box.survey.token) if box else None


def _door(survey: Survey, box: Box | None, place: Place | None, token: str) -> Door:
    window = deadline(survey.assessment, StageKind.SURVEY)
    made = Door(
        box=box.pk if box else "",
        batch=(box.batch or "") if box else "",
        public=keys().public(box.batch) if box and box.batch else None,
        version=survey.form_id or "",
        state="open",
        agency=survey.assessment.agency.name,
        round=survey.assessment.round.name,
        place=place.name if place else "",
        token=token,
        names_en=(survey.assessment.agency.name_en, survey.assessment.round.name_en),
        contact=survey.assessment.contact,
        k=survey.assessment.round.framework.disclosure.k,
        opens=window.opens if window else None,
        closes=window.closes if window else None,
    )
    return replace(made, state=_state(survey, box, made))


def _state(survey: Survey, box: Box | None, door: Door) -> State:
    today = timezone.localdate()
    if survey.state in (SurveyState.CLOSING, SurveyState.CLOSED) or (door.closes and today > door.closes):
        return "closed"
    if survey.state == SurveyState.DRAFT or (door.opens and today < door.opens):
        return "early"
    return "notready" if box is None or box.batch is None else "open"
