"""A round with an open survey of the cast's agency, and answers in it; used by the tests of surveys."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from cast import Cast
from django.utils import timezone

from prongsai.framework import by_id
from prongsai.site.agencies.models import Agency
from prongsai.site.rounds.models import Assessment, Round, Stage, StageKind
from prongsai.site.surveys.actions import CODE_SCOPE, IssueCodes, OpenSurvey, PrepareSurveys
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Survey
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import answer
from prongsai.survey.codes import digest
from prongsai.survey.letterbox import Filed, file_answer
from prongsai.survey.questionnaire import Questionnaire, questionnaire
from prongsai.survey.shipped import shipped

FRAMEWORK = "rehearsal"


def survey_round(agency: Agency, framework: str = FRAMEWORK, days: int = 10) -> Assessment:
    """A round of one agency, in which people are asked from yesterday for some days."""
    made = by_id(framework)
    today = timezone.localdate()
    of = Round.objects.create(
        slug=f"{framework}-1", name=made.title.th, framework_id=framework, framework_version=made.version
    )
    Stage.objects.create(
        round=of, kind=StageKind.SURVEY, opens=today - dt.timedelta(days=1), closes=today + dt.timedelta(days=days)
    )
    return Assessment.objects.create(round=of, agency=agency)


def open_survey(
    cast: Cast, framework: str = FRAMEWORK, codes: int = 40, *, translated: bool = False
) -> tuple[Survey, tuple[str, ...]]:
    """An open survey of the cast's agency with codes, its boxes prepared by the mixer; in Thai, or as shipped."""
    assessment = survey_round(cast.agency, framework)
    survey = PrepareSurveys(by=cast.assessor, assessment=assessment).execute()[0]
    survey.by_codes = survey.by_link = True
    survey.save()
    issued = IssueCodes(by=cast.assessor, survey=survey, count=codes).execute()
    form = shipped(form_of(survey)) if translated else form_of(survey)
    OpenSurvey(by=cast.assessor, survey=survey, form=form).execute()
    turn(first=True)
    return survey, issued


def form_of(survey: Survey) -> Questionnaire:
    """The questionnaire of a survey's framework."""
    return questionnaire(by_id(survey.assessment.round.framework_id), survey.container)


def given(form: Questionnaire, seed: int) -> dict[str, str]:
    """An answer to every line, by a seed."""
    draw = random.Random(seed)
    return {line.code: draw.choice(line.options) for line in form.lines}


def file_with(survey: Survey, code: str, seed: int, nonce: str = "n") -> Filed:
    """File an answer with a code as the respondent's surface does, without its pages."""
    box = survey.boxes.get(place=None).pk
    packed = str(answer(form_of(survey), given(form_of(survey), seed)))
    spending = (digest(code, keys().code_key, CODE_SCOPE), nonce)
    return file_answer(DatabaseStorage(), keys(), box, spending, packed)


@pytest.fixture
def key_folder(tmp_path: Path, settings) -> Path:
    """Keys of this test alone."""
    settings.KEYS = tmp_path / "keys"
    return settings.KEYS
