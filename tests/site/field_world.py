"""An open survey with interviews, its surveyors with quotas, and interviews as a device seals and sends them."""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import Any

from cast import Cast
from django.test import Client
from survey_world import form_of, given, survey_round

from prongsai.site.fieldwork.actions import AssignQuota
from prongsai.site.fieldwork.forwarding import field_keys
from prongsai.site.fieldwork.models import Assignment
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.surveys.actions import OpenSurvey, PrepareSurveys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Survey
from prongsai.survey.answers import answer
from prongsai.survey.letterbox import seal
from prongsai.survey.shipped import shipped


def make_surveyor(person: Person) -> Person:
    """Someone of the cast becomes a surveyor."""
    Role.objects.get_or_create(kind=RoleKind.SURVEYOR, person=person)
    return Person.objects.get(pk=person.pk)


def field_survey(cast: Cast, framework: str = "rehearsal", part: int = -1) -> Survey:
    """A survey of the cast's agency that is open for interviews, its key made by the mixer."""
    assessment = survey_round(cast.agency, framework)
    survey: Survey = PrepareSurveys(by=cast.assessor, assessment=assessment).execute()[part]
    survey.by_interview = True
    survey.save()
    OpenSurvey(by=cast.assessor, survey=survey, form=shipped(form_of(survey))).execute()
    turn(first=True)
    return Survey.objects.get(pk=survey.pk)


def assign(cast: Cast, survey: Survey, person: Person | None = None, quota: int = 3) -> Assignment:
    """A quota for the cast's stranger, who becomes a surveyor, or for another."""
    surveyor = make_surveyor(person or cast.stranger)
    made: Assignment = AssignQuota(by=cast.assessor, survey=survey, surveyor=surveyor, quota=quota).execute()
    return made


def packed(survey: Survey, seed: int) -> str:
    """An answer to every line of a survey's own form."""
    assert survey.form
    form = survey.form.asked
    return str(answer(form, given(form, seed)))


def interview(assignment: Assignment, /, seed: int = 1, **changes: Any) -> dict[str, Any]:
    """An interview as a device sends it; ``changes`` spoil it."""
    survey = assignment.survey
    key = survey.seal.key
    public = field_keys().public(key)
    assert public
    ended = int(time.time() * 1000)
    return {
        "id": secrets.token_hex(16),
        "assignment": assignment.pk,
        "key": key,
        "started": ended - 400_000,
        "ended": ended,
        "seconds": 400,
        "sealed": base64.b64encode(seal(packed(survey, seed), key, public)).decode(),
        **changes,
    }


def send(client: Client, *interviews: dict[str, Any], now: int | None = None) -> Any:
    """POST a batch; the response."""
    body = {"now": now if now is not None else int(time.time() * 1000), "interviews": list(interviews)}
    return client.post("/field/sync/", json.dumps(body), content_type="application/json")


def outcomes(response: Any) -> list[str]:
    """The result of each interview."""
    assert response.status_code == 200, response.content[:300]
    return [one["outcome"] for one in response.json()["results"]]
