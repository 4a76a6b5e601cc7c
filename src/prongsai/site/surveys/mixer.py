"""The mixer: prepares boxes, mixes batches, closes surveys whose window is over. It alone reads private keys.

It runs as a process of its own (``python -m prongsai.site mix``), one per installation: it sweeps keys nobody uses.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from prongsai.site.rounds.deadlines import Calendar
from prongsai.site.rounds.models import Round, Stage, StageKind
from prongsai.site.surveys.actions import CloseSurvey, FinishClosing, GiveUpLost
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import Box, Letter, Survey, SurveyState
from prongsai.site.surveys.store import DatabaseStorage, forget_old_forms
from prongsai.survey.letterbox import LetterboxError, mix, open_box, sweep

_LEAST = 3  # letters; no framework's k lets fewer be mixed before the close
log = logging.getLogger(__name__)
# What rooms above do at each turn before boxes are mixed; each returns the surveys that must not be closed yet.
EARLIER: list[Callable[[], set[int]]] = []


@dataclass
class Turn:
    """What one turn did."""

    prepared: int = 0
    mixed: int = 0
    closed: int = 0
    lost: int = 0


def turn(*, first: bool = False, steady: Callable[[], bool] | None = None) -> Turn:
    """One look at every survey that is open or closing; safe to repeat after a crash at any point.

    ``first``: also destroy keys that a crash left behind. ``steady`` tells whether the clock can be believed (it is,
    where none is given); otherwise no window closes and nothing is forgotten (``base/steady.py``). A box whose key is
    lost is counted, logged and left alone.
    """
    storage, done = DatabaseStorage(), Turn()
    # Asked after the day was read, and no day is read again: whenever the clock jumps, this day is not the wrong one.
    today = timezone.localdate()
    believed = steady is None or steady()
    if first:
        sweep(storage, keys(), list(Box.objects.filter(closed=False, batch__isnull=False).values_list("pk", flat=True)))
        if believed:
            forget_old_forms(today)
    if believed:
        _close_late(today)
    for box in _boxes(SurveyState.OPEN, batch__isnull=True):
        open_box(box.pk, storage, keys())
        done.prepared += 1
    held = set().union(*(do() for do in EARLIER))
    full = Letter.objects.order_by().values("box").annotate(n=Count("pk")).filter(n__gt=_LEAST).values_list("box")
    for box in _boxes(SurveyState.OPEN, batch__isnull=False, pk__in=full):
        done.mixed += _mixed(box, storage, done, close=False)
    for box in _boxes(SurveyState.CLOSING).exclude(survey__in=held):
        done.mixed += _mixed(box, storage, done, close=True)
    for survey in Survey.objects.filter(state=SurveyState.CLOSING).exclude(boxes__closed=False):
        FinishClosing(by=None, survey=survey).execute()
        done.closed += 1
    return done


def _boxes(state: SurveyState, **more: object) -> QuerySet[Box]:
    found = Box.objects.filter(survey__state=state, closed=False, **more)
    return found.select_related("survey__assessment__round")


def _mixed(box: Box, storage: DatabaseStorage, done: Turn, *, close: bool) -> int:
    k = box.survey.assessment.round.framework.disclosure.k
    if close and box.batch is None:
        open_box(box.pk, storage, keys())  # nobody answered: an empty batch is closed like any other
    try:
        return mix(storage, keys(), box.pk, k, close=close)
    except LetterboxError as error:
        log.error("survey box %s: %s", box.pk, error)
        done.lost += 1
        return 0


def _close_late(today: dt.date) -> None:
    """Surveys whose window is over take no more answers."""
    past = Stage.objects.filter(kind=StageKind.SURVEY, closes__lt=today)
    for of in Round.objects.filter(stages__in=past, assessments__surveys__state=SurveyState.OPEN).distinct():
        calendar = Calendar(of)
        still = Survey.objects.filter(state=SurveyState.OPEN, assessment__round=of)
        for survey in still.select_related("assessment__agency", "assessment__round"):
            windows = calendar.deadlines(survey.assessment)
            if all(window.closes < today for window in windows if window.kind == StageKind.SURVEY):
                CloseSurvey(by=None, survey=survey).execute()


def give_up_lost() -> int:
    """Give up every letter whose key this mixer cannot find; how many. For an operator who knows that it is lost.

    A mixer that looks into the wrong folder finds no key at all: then nothing is given up but on purpose.
    """
    lost = 0
    waiting = Box.objects.filter(closed=False, batch__isnull=False).select_related("survey__assessment__agency")
    for box in waiting.select_related("survey__assessment__round"):
        if keys().private(str(box.batch)) is None:
            lost += GiveUpLost(by=None, survey=box.survey, box=box).execute()
    return lost
