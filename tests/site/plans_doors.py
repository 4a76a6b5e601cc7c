"""Doors of the plan: the page, its forms and one-button acts."""

from __future__ import annotations

from typing import Any

from cast import Cast, give_plan
from doors import DRAFTS, SEES, YEAR, Door, year

from prongsai.site.plans.models import Measure, Point
from prongsai.site.rounds.models import Assessment

OFFICER = {"officer"}
# The assessor coaches too, but only once the plan is published: a draft is not there for them.
SPEAKS = OFFICER | {"supervisor"}


def point(_cast: Cast) -> tuple[Any, ...]:
    first = Point.objects.first()
    assert first
    return (*YEAR, first.pk)


def measure(_cast: Cast) -> tuple[Any, ...]:
    first = Measure.objects.first()
    assert first
    return (*YEAR, first.pk)


def point_act(cast: Cast) -> tuple[Any, ...]:
    return (*point(cast), "drop")


def measure_act(cast: Cast) -> tuple[Any, ...]:
    return (*measure(cast), "drop")


def with_last_year(cast: Cast) -> tuple[Any, ...]:
    give_plan(Assessment.objects.get(agency=cast.agency, round=cast.last_round))
    return YEAR


DOORS = [
    Door("plan", SEES, year),
    Door("plan_draft", OFFICER, year, method="post", ok=(400,)),
    Door("plan_kind", OFFICER, year),
    Door("plan_accept_all", OFFICER, year, method="post", ok=(409,)),  # nothing waits
    Door("plan_file", DRAFTS, year),
    Door("plan_comment", SPEAKS, year, method="post", ok=(409,)),  # empty
    Door("plan_copy", OFFICER, with_last_year),
    Door("plan_import", OFFICER, year),
    Door("plan_import_take", OFFICER, year, method="post", ok=(404,)),  # no file named
    Door("point_add", OFFICER, year),
    Door("point_edit", OFFICER, point),
    Door("point_act", OFFICER, point_act, method="post", ok=(409,)),  # no reason
    Door("measure_add", OFFICER, point),
    Door("measure_edit", OFFICER, measure),
    Door("measure_act", OFFICER, measure_act, method="post", ok=(409,)),  # no reason
]
