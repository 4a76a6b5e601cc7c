"""May this person have it? One helper per kind of object returns the object or 404; views never ask by hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.people.models import Delegation, Person, Role, now_in_force
from prongsai.site.people.permissions import ALLOWED, May


def roles_of(person: Person) -> list[Role]:
    """The roles in force today, one query per request (kept on the person object)."""
    found: list[Role] | None = getattr(person, "_roles_today", None)
    if found is None:
        if not person.is_authenticated:
            return []
        today = timezone.localdate()
        found = list(Role.objects.filter(now_in_force(today), person=person).select_related("agency", "unit", "parent"))
        lent = Delegation.objects.filter(to=person, revoked=False, start__lte=today, end__gte=today)
        found += [d.role for d in lent.select_related("role__agency", "role__unit", "role__parent", "role__person")]
        person._roles_today = found  # type: ignore[attr-defined]
    return found


def _covers(role: Role, agency: Agency) -> bool:
    if role.agency_id:
        return role.agency_id == agency.pk
    if role.province and role.province != agency.province:
        return False
    return not role.parent_id or role.parent_id == agency.parent_id


def roles_for(person: Person, agency: Agency) -> list[Role]:
    """The roles in force that cover an agency."""
    return [role for role in roles_of(person) if _covers(role, agency)]


def may(person: Person, what: May, agency: Agency | None = None) -> bool:
    """Whether a person may do something to an agency, or anywhere at all when none is given."""
    roles = roles_for(person, agency) if agency else roles_of(person)
    return any(what in ALLOWED[role.kind] for role in roles)


def agency_for(request: HttpRequest, code: str, what: May) -> Agency:
    """The agency, if this person may do that to it. Raises ``Http404``: not there and not yours look the same."""
    agency = Agency.objects.select_related("parent").filter(code=code).first()
    if agency is None or not may(request.user, what, agency):  # type: ignore[arg-type]
        raise Http404
    return agency


def need(request: HttpRequest, what: May) -> None:
    """Raise ``Http404`` unless this person may do that somewhere (pages that belong to no single agency)."""
    if not may(request.user, what):  # type: ignore[arg-type]
        raise Http404


def agencies_for(person: Person, what: May = May.SEE) -> QuerySet[Agency]:
    """All agencies to which a person may do something."""
    wanted = Q(pk__in=())
    for role in roles_of(person):
        if what not in ALLOWED[role.kind]:
            continue
        if role.agency_id:
            wanted |= Q(pk=role.agency_id)
        elif role.province or role.parent_id:
            scope = Q(province=role.province) if role.province else Q()
            wanted |= scope & Q(parent_id=role.parent_id) if role.parent_id else scope
        else:
            return Agency.objects.all()
    return Agency.objects.filter(wanted)


def units_for(person: Person, agency: Agency) -> Iterable[Unit]:
    """The units on whose measures a person reports: their own, or all for whoever plans."""
    if may(person, May.PLAN, agency):
        return agency.units.all()
    return [role.unit for role in roles_for(person, agency) if role.unit and May.REPORT in ALLOWED[role.kind]]
