"""The mixer's part: it makes the keys, looks at what came in, and takes accepted answers to the letterbox.

Only the mixer's process reads the private halves. They lie in a folder of their own beside the batch keys: a device
may have been sealed weeks before it is sent, so this key lives as long as its survey takes answers.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter

from django.conf import settings

from prongsai.errors import InputError
from prongsai.site.fieldwork.actions import AcceptRest, GiveBackBroken, Move
from prongsai.site.fieldwork.models import Interview, InterviewState, Seal
from prongsai.site.surveys.keys import KeyFolder, keys
from prongsai.site.surveys.mixer import EARLIER
from prongsai.site.surveys.models import Survey, SurveyState
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import NO_ANSWER, read_answer
from prongsai.survey.letterbox import Letter, LetterboxError, open_box, unseal
from prongsai.survey.questionnaire import Questionnaire

ALIKE = 0.9  # of the lines with one option: worth a supervisor's question
log = logging.getLogger(__name__)


def field_keys() -> KeyFolder:
    """The keys to which devices seal."""
    return KeyFolder(settings.KEYS / "field")


def forward() -> set[int]:
    """One turn; returns surveys that still hold interviews and so must not be closed. Safe to repeat after a crash."""
    for survey in Survey.objects.filter(state=SurveyState.OPEN, by_interview=True, seal=None):
        key = secrets.token_hex(16)
        field_keys().create(key)
        Seal.objects.create(survey=survey, key=key)
    held = set()
    seals = Seal.objects.filter(over=False, survey__state__in=(SurveyState.OPEN, SurveyState.CLOSING))
    for seal in seals.select_related("survey__form", "survey__assessment__agency", "survey__assessment__round"):
        try:
            _turn(seal)
        except LetterboxError as error:
            log.error("interviews of survey %s: %s", seal.survey_id, error)
            held.add(seal.survey_id)
    return held


def _turn(seal: Seal) -> None:
    survey, closing = seal.survey, seal.survey.state == SurveyState.CLOSING
    waiting = Interview.objects.filter(assignment__survey=survey, sealed__isnull=False)
    if waiting.exists():
        private = field_keys().private(seal.key)
        if private is None:
            raise LetterboxError("the key of the interviews is lost; they cannot be opened")
        _look(seal, private)
        if closing and waiting.filter(state=InterviewState.SENT).exists():
            AcceptRest(by=None, survey=survey).execute()
        if waiting.filter(state=InterviewState.ACCEPTED, alike__isnull=False).exists():
            open_box(survey.boxes.get(place=None).pk, DatabaseStorage(), keys())
            Move(by=None, survey=survey, opened=lambda one: _opened(one, seal.key, private)).execute()
    if closing:
        field_keys().destroy(seal.key)
        seal.over = True
        seal.save(update_fields=["over"])


def _look(seal: Seal, private: bytes) -> None:
    """Open what is new in memory, once: is it whole, and are its answers all alike? Nothing else is taken from it."""
    assert seal.survey.form is not None
    form = seal.survey.form.asked
    for one in Interview.objects.filter(assignment__survey=seal.survey, sealed__isnull=False, alike=None):
        try:
            one.alike = _alike(_opened(one, seal.key, private), form)
        except (LetterboxError, InputError):
            GiveBackBroken(by=None, interview=one).execute()
        else:
            Interview.objects.filter(pk=one.pk, sealed__isnull=False).update(alike=one.alike)


def _opened(one: Interview, key: str, private: bytes) -> str:
    assert one.sealed is not None
    return unseal(Letter(one.pk, key, bytes(one.sealed)), private)


def _alike(packed: str, form: Questionnaire) -> bool:
    found = read_answer(packed, form).packed
    if NO_ANSWER in found:
        raise InputError([])
    return Counter(found).most_common(1)[0][1] >= ALIKE * len(found)


EARLIER.append(forward)
