"""The demo's rounds and their windows, so that today means something.

A round has its windows counted from the end of the fiscal year that is assessed, or lies around today where
``stories.yaml`` says so; the round after the newest waits for results. No official calendar is claimed.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from prongsai.errors import InputError
from prongsai.framework import Framework, for_year
from prongsai.site.rounds.models import StageKind
from prongsai.thai.fiscal_year import FiscalYear

# first and last day of each step, in days after day zero
WINDOWS = {
    StageKind.RESULTS: (-60, 15),
    StageKind.PLAN: (1, 90),
    StageKind.APPROVAL: (30, 120),
    StageKind.PUBLICATION: (60, 150),
    StageKind.REPORT_6: (182, 212),
    StageKind.REPORT_12: (366, 396),
}
NEXT = -5  # where today lies in the round after the newest


def day_zero(year: int, today: int | None) -> dt.date:
    """The day from which a round's windows count; ``today``: on which of its days today lies, if it is told so."""
    return FiscalYear(year).end if today is None else timezone.localdate() - dt.timedelta(days=today)


def first_moment(zero: dt.date) -> dt.datetime:
    """When an agency's story begins: before its round does."""
    day = zero + dt.timedelta(days=WINDOWS[StageKind.RESULTS][0] - 10)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


def windows(zero: dt.date) -> dict[StageKind, tuple[dt.date, dt.date]]:
    """Each step's first and last day."""
    return {
        kind: (zero + dt.timedelta(days=first), zero + dt.timedelta(days=last))
        for kind, (first, last) in WINDOWS.items()
    }


def framework_of(year: int) -> Framework | None:
    """The framework of a year; None where this installation has none."""
    try:
        return for_year(year)
    except InputError:
        return None
