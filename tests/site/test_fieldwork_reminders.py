"""A surveyor hears in time that interviews are still to be done, once, and no more when they are brought."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from cast import Cast
from django.utils import timezone
from field_world import assign, field_survey, interview
from survey_world import key_folder  # noqa: F401 - a fixture

from prongsai.site.fieldwork.models import Assignment
from prongsai.site.fieldwork.reminders import unfinished
from prongsai.site.fieldwork.sync import receive
from prongsai.site.rounds.models import Stage, StageKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]


def closes_in(days: int) -> dt.date:
    today = timezone.localdate()
    Stage.objects.filter(kind=StageKind.SURVEY).update(closes=today + dt.timedelta(days=days))
    return today


def test_who_has_not_brought_all_is_told_before_the_close(cast: Cast) -> None:
    work = assign(cast, field_survey(cast), quota=3)
    assert list(unfinished(closes_in(20))) == []
    found = list(unfinished(closes_in(6)))
    assert [one.to for one in found] == [cast.stranger]
    assert "อีก 3 คน จากที่ได้รับมอบหมาย 3 คน" in found[0].text
    assert "3 of your 3" in found[0].text_en
    assert {one.key for one in unfinished(closes_in(1))} != {found[0].key}  # the last day speaks again
    Assignment.objects.update(quota=0)
    assert list(unfinished(closes_in(6))) == []
    Assignment.objects.update(quota=1)
    sent = receive(cast.stranger, {"now": int(time.time() * 1000), "interviews": [interview(work)]})
    assert [one["outcome"] for one in sent] == ["stored"]
    assert list(unfinished(closes_in(6))) == []


def test_a_closed_window_is_no_news_for_surveyors(cast: Cast) -> None:
    assign(cast, field_survey(cast), quota=3)
    assert list(unfinished(closes_in(-1))) == []
