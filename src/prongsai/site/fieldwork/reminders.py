"""To surveyors: the survey closes soon, and interviews of theirs are still to be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.urls import reverse

from prongsai.site.fieldwork.models import COUNTING, Assignment
from prongsai.site.notices.due import source
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import deadline_words, deadline_words_en, due_in
from prongsai.site.notices.send import draft
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import StageKind
from prongsai.site.surveys.models import SurveyState
from prongsai.thai.dates import long_date


@source
def unfinished(today: dt.date) -> Iterator[Notice]:
    """Quotas of open surveys that are not brought yet, 14, 7 days and 1 day before the close."""
    brought = Count("interviews", filter=Q(interviews__state__in=COUNTING))
    open_ = Assignment.objects.filter(survey__state=SurveyState.OPEN, survey__assessment__round__open=True)
    waiting = open_.annotate(brought=brought).filter(quota__gt=F("brought"), surveyor__is_active=True)
    for one in waiting.select_related("surveyor", "survey__assessment__agency", "survey__assessment__round"):
        assessment = one.survey.assessment
        window = deadline(assessment, StageKind.SURVEY)
        left = (window.closes - today).days if window else -1
        if window is None or left < 0 or not due_in(left):
            continue
        missing = one.quota - one.brought
        subject = f"{deadline_words(left)}: แบบสัมภาษณ์ {one.survey.container} {assessment.agency.name}"
        text = (
            f"ท่านยังต้องสัมภาษณ์อีก {missing} คน จากที่ได้รับมอบหมาย {one.quota} คน สำหรับ {assessment.round.name} "
            f"ของ{assessment.agency.name} ภายในวันที่ {long_date(window.closes)} "
            "แบบสัมภาษณ์ที่ยังอยู่ในเครื่องนับเมื่อส่งและยืนยันแล้ว"
        )
        english = (
            f"{deadline_words_en(left)}: interviews {one.survey.container}, {assessment.agency.name_en}",
            f"{missing} of your {one.quota} interviews are still to be done by {window.closes.isoformat()}, "
            f"{assessment.round.name_en or assessment.round.name}. Interviews on your device count once they are sent "
            "and confirmed.",
        )
        key = f"field:{one.pk}:{window.closes}:{due_in(left)}"
        yield draft(one.surveyor, key, subject, text, reverse("field"), assessment.agency).in_english(*english)
