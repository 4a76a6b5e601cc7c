"""From mixed answers to the tallies of a results file. Read from closed boxes only: counts while a survey is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from prongsai.scoring.sheets import count
from prongsai.scoring.structure import structure
from prongsai.scoring.tally import Moments
from prongsai.site.results.gather import part, sums
from prongsai.site.rounds.models import Assessment
from prongsai.site.surveys.models import Answer, Sums, Survey, SurveyState
from prongsai.survey.answers import Answer as Packed
from prongsai.survey.sheets import sheets


def tallies(survey: Survey) -> dict[str, dict[str, int]]:
    """Respondents per option of every line of one survey, counted by the database from ``answer_rows``."""
    sql = "SELECT line, choice, count(*) FROM answer_rows WHERE survey_id = %s GROUP BY line, choice"
    found: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [survey.pk])
        for line, option, count in cursor.fetchall():
            found.setdefault(line, {})[option] = count
    return found


def respondents(survey: Survey) -> int:
    """How many answers a closed survey has."""
    with connection.cursor() as cursor:
        sql = "SELECT count(*) FROM surveys_answer a JOIN surveys_box b ON b.id = a.box_id WHERE b.survey_id = %s"
        cursor.execute(sql, [survey.pk])
        return int(cursor.fetchone()[0])


def keep_sums(survey: Survey) -> None:
    """Count the pairs of a closed survey's answers once; answers of all its boxes together."""
    assert survey.form is not None
    form, of = survey.form.asked, survey.assessment.round
    packed = Answer.objects.filter(box__survey=survey).values_list("form_id", "packed")
    given = (Packed(version, form.container, characters) for version, characters in packed.iterator())
    _, found = count(sheets(given, form), structure(of.framework), survey.container, str(survey))
    Sums.objects.update_or_create(survey=survey, defaults={"data": found.as_data()})


@sums
def survey_sums(assessment: Assessment) -> dict[str, Moments]:
    """What was kept of closed surveys, by container."""
    kept = Sums.objects.filter(survey__assessment=assessment, survey__state=SurveyState.CLOSED)
    return {one.survey.container: Moments.of_data(one.data) for one in kept.select_related("survey")}


@part
def survey_part(assessment: Assessment) -> dict[str, Any]:
    """What closed surveys bring: tallies, respondents and head counts."""
    found: dict[str, Any] = {}
    for survey in assessment.surveys.filter(state=SurveyState.CLOSED):
        answered = respondents(survey)
        if not answered:
            continue
        for line, options in _as_filed(survey, tallies(survey)):
            _deep(found.setdefault("tallies", {}), line, options)
        found.setdefault("respondents", {})[survey.container] = str(answered)
        if survey.heads:
            found.setdefault("population", {})[survey.container] = str(survey.heads)
    return found


def _as_filed(survey: Survey, counted: dict[str, dict[str, int]]) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Each line's place in a results file: below its part, where the instrument has parts."""
    parted = "." in survey.container  # only codes of parts have a dot (framework.model)
    for line, options in sorted(counted.items()):
        yield ([line, survey.container] if parted else [line]), {key: str(n) for key, n in sorted(options.items())}


def _deep(into: dict[str, Any], path: list[str], value: dict[str, str]) -> None:
    for step in path[:-1]:
        into = into.setdefault(step, {})
    into[path[-1]] = value


def tallies_by_place(survey: Survey) -> dict[str, dict[str, dict[str, int]]]:
    """Service point → line → option → respondents, of one closed survey; for the disclosure rule first.

    Every service point of the survey is there, also one at which nobody answered.
    """
    found: dict[str, dict[str, dict[str, int]]] = {place.name: {} for place in survey.places.all()}
    if survey.state != SurveyState.CLOSED:
        return found
    sql = (
        "SELECT p.name, r.line, r.choice, count(*) FROM answer_rows r JOIN surveys_box b ON b.id = r.box_id"
        " JOIN surveys_place p ON p.id = b.place_id WHERE r.survey_id = %s GROUP BY p.name, r.line, r.choice"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [survey.pk])
        for name, line, option, count in cursor.fetchall():
            found[name].setdefault(line, {})[option] = count
    return found
