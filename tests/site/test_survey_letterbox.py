"""The letterbox in the database: nothing lost, nothing twice, and tallies that equal the answers."""

from __future__ import annotations

import datetime as dt
from copy import copy
from pathlib import Path

import pytest
from cast import Cast
from django.core.management import CommandError, call_command
from django.utils import timezone
from survey_world import file_with, form_of, given, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.scoring.sheets import count
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.results.actions import GatherResults
from prongsai.site.results.sheet import sheet_of
from prongsai.site.rounds.models import Stage
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Answer, Code, Letter, Survey, SurveyState
from prongsai.site.surveys.outcome import tallies
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import answer
from prongsai.survey.letterbox import file_open
from prongsai.survey.sheets import sheets
from prongsai.survey.sheets import tallies as counted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]


def end(survey: Survey) -> None:
    """The window is over."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Stage.objects.filter(round=survey.assessment.round).update(closes=yesterday)


def test_from_codes_to_a_score(cast: Cast, key_folder: Path) -> None:  # noqa: F811
    survey, codes = open_survey(cast)
    form = form_of(survey)
    for seed, code in enumerate(codes[:33]):
        filed = file_with(survey, code, seed)
        assert (filed.outcome, len(filed.receipt or "")) == ("filed", 16)
    assert turn().mixed == 23  # k = 10 stay
    assert (Answer.objects.count(), Letter.objects.count()) == (23, 10)
    end(survey)
    done = turn()
    assert (done.mixed, done.closed) == (10, 1)
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    assert not keys().batches()
    assert not list((key_folder / "private").iterdir())
    expected = counted((answer(form, given(form, seed)) for seed in range(33)), form)
    assert tallies(survey) == {line: dict(tally.counts) for line, tally in expected.items()}
    result = GatherResults(by=cast.assessor, assessment=survey.assessment).execute()
    sheet = sheet_of(result)
    for line, tally in expected.items():
        assert sheet.results.tallies[line] == tally
    answers = (answer(form, given(form, seed)) for seed in range(33))
    _, moments = count(sheets(answers, form), sheet.structure, "R", "test")
    assert sheet.results.moments == {"R": moments}
    assert "moments" not in str(result.data)
    # A revision that rests on other answers than those whose sums are kept gets no standard errors from them.
    other = copy(result)
    other.pk, other.revision, other.data = None, 2, result.data | {"respondents": {"R": "32"}}
    other.save()
    assert sheet_of(other).results.moments == {}
    other.delete()
    with pytest.raises(Refused, match="same data"):
        GatherResults(by=cast.assessor, assessment=survey.assessment).execute()


def test_a_code_is_spent_once_and_a_double_click_gives_the_same_receipt(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    first = file_with(survey, codes[0], 1, nonce="click")
    again = file_with(survey, codes[0], 1, nonce="click")
    other = file_with(survey, codes[0], 2, nonce="other")
    assert first.receipt == again.receipt
    assert other.outcome == "spent"
    assert Letter.objects.count() == 1
    assert survey.boxes.get().filed == 1


def test_an_open_form_counts_once(cast: Cast) -> None:
    survey, _ = open_survey(cast)
    box, packed = survey.boxes.get().pk, str(answer(form_of(survey), given(form_of(survey), 5)))
    for _ in range(2):
        assert file_open(DatabaseStorage(), keys(), box, b"form" * 8, packed).outcome == "filed"
    assert Letter.objects.count() == 1


def test_after_the_close_nothing_is_taken(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    end(survey)
    turn()
    assert file_with(survey, codes[0], 1).outcome == "closed"
    assert not Code.objects.filter(spent=True).exists()


def test_a_lost_key_is_told_and_costs_only_what_is_not_mixed(cast: Cast, key_folder: Path) -> None:  # noqa: F811
    survey, codes = open_survey(cast)
    for seed, code in enumerate(codes[:25]):
        file_with(survey, code, seed)
    turn()
    for path in (key_folder / "private").iterdir():
        path.unlink()
    end(survey)
    assert turn().lost == 1
    assert Answer.objects.count() == 15
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSING
    call_command("mix", give_up_lost=True)
    assert turn().closed == 1
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    assert sum(tallies(survey)["r1"].values()) == survey.boxes.get().filed == 15
    assert Entry.objects.filter(action="surveys.give_up").get().facts["letters"] == 10


def test_nothing_is_given_up_that_can_be_opened(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    for seed, code in enumerate(codes[:5]):
        file_with(survey, code, seed)
    call_command("mix", give_up_lost=True)
    assert Letter.objects.count() == 5


def test_a_second_mixer_does_not_start() -> None:
    lock = keys().lock()
    assert lock
    with lock, pytest.raises(CommandError, match="another mixer"):
        call_command("mix", once=True)
    call_command("mix", once=True)


def test_a_clock_that_jumps_after_it_was_believed_closes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, _ = open_survey(cast)
    true, ahead = timezone.localdate, [0]
    monkeypatch.setattr(timezone, "localdate", lambda *given: true(*given) + dt.timedelta(days=ahead[0]))

    def believed() -> bool:
        ahead[0] = 365
        return True

    turn(steady=believed)
    survey.refresh_from_db()
    assert survey.state == SurveyState.OPEN
    turn()  # the control: whoever reads the day now closes it
    survey.refresh_from_db()
    assert survey.state != SurveyState.OPEN
