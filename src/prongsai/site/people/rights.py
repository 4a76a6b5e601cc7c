"""The rights of administration in one session: begun, in use, over."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from prongsai.site.people.actions.administration import EndAdministration
from prongsai.site.people.models import Administration, Person

_KEY = "administration"  # in the session: the row's number. Another session of the same person has no part in it.


def hold(request: HttpRequest, begun: Administration) -> None:
    """Let the session use what was begun (``BeginAdministration``)."""
    request.session[_KEY] = begun.pk


def in_use(request: HttpRequest, person: Person) -> Administration | None:
    """What this session is using; what is over is ended and logged."""
    number = request.session.get(_KEY)
    if number is None:
        return None
    found = Administration.objects.select_related("person").filter(pk=number, person=person).first()
    if found is None or found.until <= timezone.now():
        del request.session[_KEY]
        if found is not None:
            EndAdministration(by=None, administration=found, why="time").execute()
        return None
    return found


def end(request: HttpRequest, person: Person, why: str) -> None:
    """End what this session is using, if anything."""
    number = request.session.pop(_KEY, None)
    found = Administration.objects.filter(pk=number, person=person).first()
    if found is not None:
        EndAdministration(by=person, administration=found, why=why).execute()
