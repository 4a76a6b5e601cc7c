"""The worker's turn: what is over its time goes (``retention.py``), and administrators hear of what waits for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from prongsai.site.notices.due import chore, source
from prongsai.site.notices.models import Notice
from prongsai.site.people.models import Person, RoleKind, now_in_force
from prongsai.site.privacy.messages import runs_out, waits
from prongsai.site.privacy.models import Incident, Request
from prongsai.site.privacy.retention import retain

_NEAR = dt.timedelta(days=7)  # before a request's day
_LAST_HOURS = 24  # of an incident's 72


@chore
def over_their_time(today: dt.date) -> None:
    """Erase what is over its time: by the clock, but as of no later than this day's end, for which it was believed."""
    end = timezone.make_aware(dt.datetime.combine(today + dt.timedelta(days=1), dt.time.min))
    retain(min(timezone.now(), end))


@source
def waiting(today: dt.date) -> Iterator[Notice]:
    """Each open request when it came and when its day is near; each incident in its last hours."""
    in_force = now_in_force(today, "roles__")
    administrators = list(Person.objects.filter(in_force, roles__kind=RoleKind.SYSTEM_ADMIN, is_active=True).distinct())
    for request in Request.objects.filter(state="open"):
        for near in (False, True) if request.due - today <= _NEAR else (False,):
            yield from (waits(request, to, near=near) for to in administrators)
    for incident in Incident.objects.filter(closed_at=None):
        if incident.clock_open and incident.hours_left < _LAST_HOURS:
            yield from (runs_out(incident, to) for to in administrators)
