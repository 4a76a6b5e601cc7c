"""May this person have it? One helper per kind of object returns the object or 404; views never ask by hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.people.models import Delegation, Person, Role, RoleKind, now_in_force
from prongsai.site.people.permissions import ALLOWED, May


def roles_of(person: Person) -> list[Role]:
    """The roles by which a person may act now: those in force, without the system's administration while it rests."""
    held = roles_held(person)
    return [role for role in held if role.kind != RoleKind.SYSTEM_ADMIN] if held and person.at_rest else held


def administers(person: Person) -> bool:
    """Whether a person is administrator of the system, at rest or not."""
    return any(role.kind == RoleKind.SYSTEM_ADMIN for role in roles_held(person))


def roles_held(person: Person) -> list[Role]:
    """The roles in force today, two queries per request (kept on the person object)."""
    found: list[Role] | None = getattr(person, "_roles_today", None)
    if found is None:
        if not person.is_authenticated:
            return []
        today = timezone.localdate()
        found = list(Role.objects.filter(now_in_force(today), person=person).select_related("agency", "unit", "parent"))
        lent = Delegation.objects.filter(
            now_in_force(today, "role__"), to=person, revoked=False, start__lte=today, end__gte=today
        )
        for loan in lent.select_related("role__agency", "role__unit", "role__parent", "role__person"):
            loan.role.loan = loan
            found.append(loan.role)
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


def role_in_place(person: Person, role: Role) -> Role | None:
    """The role by which a person may act today where ``role`` is asked for: that role, its successor after a
    handover, or one of the two lent to the person (then ``loan`` of the result is the delegation).
    """
    return next((own for own in roles_of(person) if own.place == role.place), None)


def holder_of(role: Role) -> Role:
    """The role in force today in the place of ``role``: after a handover the successor's. Itself where none is."""
    return holders_of([role]).get(role.place, role)


def holders_of(roles: Iterable[Role]) -> dict[int, Role]:
    """The role in force today in each place (``Role.place``) that one is in; one query."""
    places = {role.place for role in roles}
    same = Role.objects.filter(Q(pk__in=places) | Q(seat_id__in=places), now_in_force(timezone.localdate()))
    return {role.place: role for role in same.select_related("person", "agency", "unit").order_by("start", "pk")}


def may(person: Person, what: May, agency: Agency | None = None) -> bool:
    """Whether a person may do something to an agency, or anywhere at all when none is given."""
    roles = roles_for(person, agency) if agency else roles_of(person)
    if any(what in ALLOWED[role.kind] for role in roles):
        return True
    if person.is_authenticated and person.at_rest and what in ALLOWED[RoleKind.SYSTEM_ADMIN]:
        person.missed_rights = True  # the middleware then asks whether to begin, instead of finding nothing
    return False


def runs_account(by: Person, person: Person) -> bool:
    """Whether someone governs every role of a person, and so may reset the password or change the account."""
    if may(by, May.MANAGE_SYSTEM):
        return True
    live = person.roles.filter(Q(end__isnull=True) | Q(end__gte=timezone.localdate()), accepted=True)
    agencies = {role.agency for role in live.select_related("agency")}
    return bool(agencies) and all(a is not None and may(by, May.MANAGE_AGENCY, a) for a in agencies)


def agency_for(request: HttpRequest, code: str, *any_of: May) -> Agency:
    """The agency, if this person may do one of these to it. Raises ``Http404``: not there and not yours look alike."""
    agency = Agency.objects.select_related("parent").filter(code=code).first()
    if agency is None or not any(may(request.user, what, agency) for what in any_of):  # type: ignore[arg-type]
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


def role_for(request: HttpRequest, pk: int, *, or_own: bool = False) -> Role:
    """A role that this person administers: of an agency, or one over many. ``or_own``: also one's own, to lend it.

    Raises ``Http404``.
    """
    role = Role.objects.select_related("agency", "unit", "person", "parent").filter(pk=pk).first()
    person = request.user
    if role is None or not isinstance(person, Person):
        raise Http404
    governs = may(person, May.MANAGE_AGENCY, role.agency) if role.agency else may(person, May.MANAGE_SYSTEM)
    if not governs and not (or_own and role.person_id == person.pk):
        raise Http404
    return role
