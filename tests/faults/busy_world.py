"""A whole site at work in a database of its own: ``python busy_world.py FOLDER prepare PEOPLE`` or ``… FOLDER count``.

The cast with results and a plan, an open survey with codes and a link, something in the portal, and a session for each
member of the cast. Writes ``plan.json``: what ``filer.py finish`` needs to count answers, and where to go.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
django.setup()

from cast import Cast, give_plan, give_results, make_cast  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from plan_forms import typed  # noqa: E402
from survey_world import open_survey  # noqa: E402

from prongsai.site.plans.models import Choice, Measure  # noqa: E402
from prongsai.site.surveys.actions import CloseSurvey  # noqa: E402
from prongsai.site.surveys.mixer import turn  # noqa: E402
from prongsai.site.surveys.models import Answer, Code, Letter, Survey, SurveyState  # noqa: E402
from prongsai.survey.answers import answer  # noqa: E402
from prongsai.survey.questionnaire import Questionnaire  # noqa: E402

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def prepare(people: int, *, published: bool) -> dict[str, object]:
    """Fill the database; returns the plan."""
    call_command("migrate", verbosity=0)
    cast = make_cast()
    give_results(cast.assessment)
    give_plan(cast.assessment)
    survey, codes = open_survey(cast, codes=people)
    _portal(cast, whole=published)
    measure = Measure.objects.filter(choice=Choice.ACCEPTED).first()
    assert measure
    packed = _answers(survey, people)
    return {
        "box": survey.boxes.get().pk,
        "token": survey.token,
        "codes": codes,
        "packed": list(packed),
        "given": list(packed.values()),
        "cookies": {name: _session(cast, name) for name in ("officer", "chief", "head", "assessor", "agency_admin")},
        "year": f"/agencies/{cast.agency.code}/{cast.round.slug}",
        "measure": {"pk": measure.pk, "fields": typed(measure)},
    }


def _answers(survey: Survey, people: int) -> dict[str, dict[str, str]]:
    """A different one for everybody, where the form has so many."""
    form: Questionnaire = survey.form.asked  # type: ignore[union-attr]
    packed: dict[str, dict[str, str]] = {}
    while len(packed) < people:
        given = {line.code: random.choice(line.options) for line in form.lines}
        packed[str(answer(form, given))] = given
    return packed


def _portal(cast: Cast, *, whole: bool) -> None:
    if whole:
        from published import publish_all

        publish_all(cast)
    else:
        from light_release import light

        light(cast)


def _session(cast: Cast, name: str) -> str:
    """The cookie of someone who is signed in."""
    client = Client()
    client.force_login(cast.people[name], backend=BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def count() -> dict[str, int | str]:
    """Close the survey, mix everything, and tell how many answers there are."""
    survey = Survey.objects.get(by_codes=True)
    if survey.state == SurveyState.OPEN:
        CloseSurvey(by=None, survey=survey).execute()
    turn(first=True)
    return {
        "state": Survey.objects.get(pk=survey.pk).state,
        "answers": Answer.objects.count(),
        "letters": Letter.objects.count(),
        "filed": survey.boxes.get().filed,
        "spent": Code.objects.filter(spent=True).count(),
    }


if __name__ == "__main__":
    folder, step = Path(sys.argv[1]), sys.argv[2]
    if step == "prepare":
        plan = prepare(int(sys.argv[3]), published="--published" in sys.argv)
        (folder / "plan.json").write_text(json.dumps(plan))
    else:
        (folder / "found.json").write_text(json.dumps(count()))
