"""Doors of progress: the board, one's tasks, the report on a measure."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import DRAFTS, SEES, SIGNED_IN, YEAR, Door, year

from prongsai.site.plans.models import Measure


def own_measure(cast: Cast) -> tuple[Any, ...]:
    """A measure in which the unit owner's unit has a step."""
    measure = Measure.objects.filter(steps__isnull=False).first()
    assert measure
    for step in measure.steps.all():
        step.units.add(cast.units[1])
    return (measure.pk, 6)


def foreign_measure(cast: Cast) -> tuple[Any, ...]:
    """A measure of other units alone."""
    pk, months = own_measure(cast)
    for step in Measure.objects.get(pk=pk).steps.all():
        step.units.set([cast.units[0]])
    return pk, months


def period(_cast: Cast) -> tuple[Any, ...]:
    return (*YEAR, 6)


DOORS = [
    Door("tasks", SIGNED_IN),
    Door("task_report", DRAFTS, own_measure),
    Door("task_report", {"officer", "unit_owner"}, own_measure, method="post", ok=(422,)),
    Door("task_report", {"officer"}, foreign_measure, method="post", ok=(422,)),
    Door("progress", SEES, year),
    Door("progress_calendar", DRAFTS, year),
    Door("progress_report", {"officer"}, period, method="post", ok=(302, 409)),
]
