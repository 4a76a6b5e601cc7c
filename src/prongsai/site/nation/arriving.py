"""Odd patterns while surveys are open: answers that come in bursts, interviews at odd times. For the assessor alone.

Whole days only, and counts and times of work only: nothing here knows an answer.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Count
from django.utils import timezone

from prongsai.national.signals import arrival, interviews
from prongsai.national.signals.sight import Interviews
from prongsai.national.signals.tails import NOTABLE
from prongsai.site.fieldwork.models import COUNTING, Interview
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Day, Survey, SurveyState
from prongsai.survey.questionnaire import containers

Found = tuple[int, float, str, str]  # survey, deviate, Thai, English


def odd_surveys(of: Round) -> list[Found]:
    """Surveys of which something is odd, the oddest first. Reckoned once for the same days and interviews."""
    today = timezone.localdate()
    days = Day.objects.filter(survey__assessment__round=of, day__lt=today).aggregate(n=Count("pk"))["n"]
    rows = Interview.objects.filter(assignment__survey__assessment__round=of, state__in=COUNTING)
    held = rows.aggregate(n=Count("pk"))["n"]
    return list(_reckoned(of.pk, today, (days, held)))


@lru_cache(maxsize=8)
def _reckoned(pk: int, today: dt.date, _counts: tuple[int, int]) -> tuple[Found, ...]:
    of = Round.objects.get(pk=pk)
    found: list[Found] = []
    for container in containers(of.framework):
        found += _bursts(of, container, today)
        found += _interviews(of, container)
    return tuple(sorted(found, key=lambda one: -one[1]))


def _bursts(of: Round, container: str, today: dt.date) -> list[Found]:
    """Days on which far more came than peers let expect."""
    rows = Day.objects.filter(survey__assessment__round=of, survey__container=container, day__lt=today)
    lines = list(rows.exclude(survey__state=SurveyState.DRAFT).order_by().values_list("survey_id", "day", "filed"))
    if not lines:
        return []
    first = min(day for _, day, _ in lines)
    places = {survey: place for place, survey in enumerate(sorted({survey for survey, _, _ in lines}))}
    counts = np.zeros((len(places), (today - first).days), np.int64)
    for survey, day, filed in lines:
        counts[places[survey], (day - first).days] += filed
    peers = arrival.fitted(counts)
    odd = arrival.oddness(counts, peers)
    surveys = list(places)
    found: list[Found] = []
    for place in np.flatnonzero(np.nan_to_num(odd, nan=0) >= NOTABLE):
        one = arrival.burst(counts[place].tolist(), peers)
        if one is not None:
            found.append((surveys[place], one.deviate, *arrival.sentences(one)))
    return found


def _interviews(of: Round, container: str) -> list[Found]:
    """Interviews that are too short, too regular, unbroken or at once, more often than among peers."""
    rows = Interview.objects.filter(
        assignment__survey__assessment__round=of, assignment__survey__container=container, state__in=COUNTING
    ).select_related("assignment")
    held = [one for one in rows.order_by("assignment__survey_id", "received_at") if one.began is not None]
    if not held:
        return []
    places = {survey: place for place, survey in enumerate(sorted({one.assignment.survey_id for one in held}))}
    owner = np.array([places[one.assignment.survey_id] for one in held], np.int64)
    began = min(one.began for one in held if one.began)
    told = Interviews(
        np.array([one.assignment.surveyor_id for one in held], np.int64),
        np.array([int((one.began - began).total_seconds()) for one in held if one.began], np.int64),
        np.array([one.seconds for one in held], np.int64),
    )
    usual, marked = interviews.fitted(owner, len(places), told)
    odd = interviews.oddness(marked, usual)
    return [
        (survey, float(odd[place]), *interviews.sentences(interviews.one(marked, place), usual))
        for survey, place in places.items()
        if np.nan_to_num(odd[place], nan=0) >= NOTABLE
    ]


def named(found: list[Found]) -> list[dict[str, Any]]:
    """Some of them with their survey; one query."""
    surveys = Survey.objects.select_related("assessment__agency").in_bulk([one[0] for one in found])
    return [{"survey": surveys[pk], "th": th, "en": en} for pk, _, th, en in found if pk in surveys]
