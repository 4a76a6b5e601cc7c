"""A round's answers counted in the database that holds them, against scoring of the same answers one by one."""

from __future__ import annotations

import numpy as np
import pytest
from cast import Cast
from survey_world import form_of, given, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.errors import InputError
from prongsai.scoring.sheets import count
from prongsai.scoring.structure import structure
from prongsai.site.agencies.models import Agency
from prongsai.site.rounds.models import Assessment
from prongsai.site.surveys.live import count_round
from prongsai.site.surveys.models import Answer, Box, Form, Survey, SurveyState
from prongsai.survey.answers import answer
from prongsai.survey.questionnaire import Questionnaire
from prongsai.survey.sheets import sheets
from prongsai.survey.shipped import shipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]


def keep(survey: Survey, form: Questionnaire, seeds: range) -> None:
    """Answers as the mixer leaves them."""
    box = survey.boxes.first()
    kept = Form.keep(form)
    Answer.objects.bulk_create(
        Answer(id=f"{survey.pk}-{seed}", box=box, form=kept, packed=answer(form, given(form, seed)).packed)
        for seed in seeds
    )


def test_a_round_is_counted_where_it_is(cast: Cast) -> None:
    survey, _ = open_survey(cast)
    form = form_of(survey)
    of = survey.assessment.round
    other = Assessment.objects.create(round=of, agency=Agency.objects.exclude(pk=cast.agency.pk)[0])
    second = Survey.objects.create(
        assessment=other, container=survey.container, form=Form.keep(shipped(form)), state=SurveyState.CLOSED
    )
    Box.objects.create(survey=second)
    keep(survey, form, range(33))
    keep(second, shipped(form), range(40, 61))
    agencies = sorted(of.assessments.values_list("agency_id", flat=True))
    counts = count_round(of, agencies, moments=True)[survey.container]
    assert counts.sheets[agencies.index(cast.agency.pk)] == 0, "an open survey is not counted"
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.CLOSED)
    counts = count_round(of, agencies, moments=True)[survey.container]
    for one, asked, seeds in ((survey, form, range(33)), (second, shipped(form), range(40, 61))):
        line = agencies.index(one.assessment.agency_id)
        given_sheets = sheets((answer(asked, given(asked, seed)) for seed in seeds), asked)
        tallies, moments = count(given_sheets, structure(of.framework), one.container, "answers")
        assert counts.moments(line) == moments
        assert counts.tallies(line) == tallies
    assert np.array_equal(counts.agencies, agencies)
    with pytest.raises(InputError):
        count_round(of, [cast.agency.pk])


def test_a_round_without_surveys_counts_nothing(cast: Cast) -> None:
    of = cast.assessment.round
    agencies = [cast.agency.pk]
    assert all(not one.sheets.any() for one in count_round(of, agencies, moments=True).values())
