"""Doors of surveys: who sets up, who hands out, who may look."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cast import Cast
from django.utils import timezone
from doors import EVERYONE, INSIDE, SEES, YEAR, Door, agency, year

from prongsai.framework import by_id
from prongsai.site.rounds.models import Assessment, Round
from prongsai.site.surveys.actions.own import StartOwnRound
from prongsai.site.surveys.models import Box, CodeSet, Job, Place, Survey, SurveyState

ASSESSES = {"assessor"}
HANDS_OUT = {"officer", "agency_admin"}
WATCHES = {"assessor", "supervisor"}


def this_round(_cast: Cast) -> tuple[Any, ...]:
    return ("2568",)


def with_more(*more: Any) -> Any:
    """The round's address with something after it."""
    return lambda _cast: ("2568", *more)


def job(cast: Cast) -> tuple[Any, ...]:
    return ("2568", Job.objects.create(round=cast.round, kind="prepare").pk)


def survey(cast: Cast) -> tuple[Any, ...]:
    Survey.objects.get_or_create(assessment=cast.assessment, container="IIT", defaults={"by_codes": True})
    return (*YEAR, "IIT")


def code_set(cast: Cast) -> tuple[Any, ...]:
    arguments = survey(cast)
    made = CodeSet.objects.create(survey=cast.assessment.surveys.get(), way="heads", count=5)
    return (*arguments, made.pk)


def qr(cast: Cast) -> tuple[Any, ...]:
    return (*survey(cast), "qr.svg")


def own_round(cast: Cast) -> Assessment:
    """A period of the agency's own, closed, with one counter at which nobody answered."""
    day = timezone.localdate()
    made: Assessment = StartOwnRound(
        by=cast.officer,
        to=cast.agency,
        framework=by_id("service-point"),
        name=("รอบ", "Period"),
        window=(day, day + dt.timedelta(days=5)),
        doors=("by_places",),
    ).execute()
    of = made.surveys.get()
    Box.objects.create(survey=of, place=Place.objects.create(survey=of, name="ช่อง 1"), closed=True)
    Survey.objects.filter(pk=of.pk).update(
        state=SurveyState.CLOSED, opened_at=timezone.now(), published_at=timezone.now()
    )
    return made


def own(cast: Cast) -> tuple[Any, ...]:
    return ("muang", own_round(cast).round.slug)


def own_document(cast: Cast) -> tuple[Any, ...]:
    return (*own(cast), "xlsx")


def a_rehearsal(cast: Cast) -> tuple[Any, ...]:
    slug = own_round(cast).round.slug
    Round.objects.filter(slug=slug).update(framework_id="rehearsal")
    return ("muang", slug)


DOORS = [
    Door("round_surveys", ASSESSES, this_round),
    Door("survey_everywhere", ASSESSES, with_more("prepare")),
    Door("survey_job", ASSESSES, job),
    Door("survey_monitor", WATCHES, this_round),
    Door("survey_monitor_file", WATCHES, with_more("csv")),
    Door("round_survey_preview", ASSESSES, with_more("IIT")),
    Door("survey_wording", ASSESSES, with_more("IIT")),
    Door("survey_wording_file", ASSESSES, with_more("IIT", "th")),
    Door("own_surveys", INSIDE | WATCHES, agency),
    Door("own_start", HANDS_OUT, lambda _cast: ("muang", "rehearsal")),
    Door("surveys", SEES, year),
    Door("survey_prepare", ASSESSES, year, "post", (302,)),
    Door("survey_gather", ASSESSES, year, "post", (409,)),
    Door("own_extend", HANDS_OUT, a_rehearsal),
    Door("service_points", INSIDE | {"supervisor"}, own),
    Door("service_points_file", INSIDE | {"supervisor"}, own_document),
    Door("service_points_publish", HANDS_OUT, own, "post", (302, 409)),
    Door("service_points_public", EVERYONE, own),
    Door("survey_setup", ASSESSES, survey),
    Door("survey_open", ASSESSES, survey, "post", (400, 409)),
    Door("survey_close", ASSESSES, survey),
    Door("survey_codes", ASSESSES, survey, "post", (400,)),
    Door("survey_void", ASSESSES, code_set, "post", (302,)),
    Door("survey_draw", ASSESSES, survey, "post", (400,)),
    Door("survey_places", ASSESSES, survey, "post", (400,)),
    Door("survey_list", HANDS_OUT, survey),
    Door("survey_list_withdraw", HANDS_OUT, survey, "post", (409,)),
    Door("survey_verify", SEES, survey),
    Door("survey_reminder", HANDS_OUT, survey),
    Door("survey_preview", SEES, survey),
    Door("survey_print", SEES, qr),
]
