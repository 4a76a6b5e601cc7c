"""What the database says about the processes beside the site, for the doctor and for the metrics.

Nobody writes heartbeats: what a process should have done and has not is the better sign. Everything is of the whole
site; nothing names an agency, a survey or a person (docs/operations.md says why each number is as coarse as it is).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from prongsai.site.history.models import Entry
from prongsai.site.notices.models import Notice
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Box, Letter, SurveyState

COARSE = 100  # letters: a box of few people is mixed at 20, so that one agency alone nearly always shows 0
_BEHIND = 4  # times k; the mixer takes a box at 2k, so twice that waits only where it does not run or lost a key


@dataclass(frozen=True)
class Jobs:
    """Work in the queue, and how long the oldest has been waiting (seconds)."""

    ready: int
    running: int
    failed: int
    oldest: float


def jobs() -> Jobs:
    """The queue of background work. ``failed``: of the time that results are kept."""
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    return Jobs(
        ready.count(),
        DBTaskResult.objects.running().count(),
        DBTaskResult.objects.failed().count(),
        _since(oldest),
    )


@dataclass(frozen=True)
class Letterbox:
    """Answers that wait for the mixer. ``waiting`` is rounded down to ``COARSE``.

    ``unprepared``: boxes of open surveys that cannot take answers yet; ``behind``: boxes the mixer should have emptied;
    ``closing``: surveys that nobody can answer any more and that are not closed.
    """

    waiting: int
    unprepared: int
    behind: int
    closing: int


def letterbox() -> Letterbox:
    """What waits for the mixer, on the whole site."""
    waiting = Letter.objects.count()
    open_boxes = Box.objects.filter(closed=False, survey__state=SurveyState.OPEN)
    return Letterbox(
        waiting - waiting % COARSE,
        open_boxes.filter(batch__isnull=True).count(),
        _behind(),
        Box.objects.filter(closed=False, survey__state=SurveyState.CLOSING).values("survey").distinct().count(),
    )


def _behind() -> int:
    found = 0
    for of in Round.objects.filter(assessments__surveys__boxes__closed=False).distinct():
        least = _BEHIND * of.framework.disclosure.k
        letters = Letter.objects.filter(box__survey__assessment__round=of).order_by()
        found += letters.values("box").annotate(n=Count("pk")).filter(n__gte=least).count()
    return found


def unsealed() -> tuple[int, float]:
    """Entries of the history that are not tied to the chain, and since how many seconds."""
    waiting = Entry.objects.filter(number__isnull=True)
    return waiting.count(), _since(waiting.order_by("at").values_list("at", flat=True).first())


def notices() -> dict[str, int]:
    """Messages by state: waiting, sent, failed."""
    found = dict(Notice.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state, _ in Notice.STATES}


def _since(moment: dt.datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
