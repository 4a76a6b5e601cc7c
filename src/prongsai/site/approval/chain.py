"""An agency's chain of ranks: its own, or the usual one of its kind until it sets its own."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from prongsai.documents import ranks as usual
from prongsai.documents.request import Person
from prongsai.site.agencies.models import Agency
from prongsai.site.approval.models import Bundle, Rank, Turn
from prongsai.site.people.access import holders_of
from prongsai.site.people.models import Role, RoleKind, now_in_force
from prongsai.yaml_file import read


def usual_positions(agency: Agency) -> list[str]:
    """The positions that usually consider, lowest first (``documents/ranks.yaml``)."""
    known = read(Path(usual.__file__).with_suffix(".yaml")).data
    return list(known.get(agency.kind, known["other"])["route"])


def route_of(agency: Agency) -> tuple[Person, ...]:
    """The ranks as a letter names them; empty while the agency has none of its own."""
    found = ranks_of(agency)
    return tuple(Person(rank.position, rank.role.person.full_name if rank.role else None) for rank in found)


def ranks_of(agency: Agency) -> list[Rank]:
    """The agency's ranks, lowest first, each with who holds it today: after a handover the successor."""
    found = list(Rank.objects.filter(agency=agency).select_related("role__person"))
    today = holders_of(rank.role for rank in found if rank.role)
    for rank in found:
        if rank.role:
            rank.role = today.get(rank.role.place, rank.role)
    return found


def approvers(agency: Agency) -> list[Role]:
    """The approvers in force."""
    today = timezone.localdate()
    roles = Role.objects.filter(now_in_force(today), agency=agency, kind=RoleKind.APPROVER)
    return list(roles.select_related("person"))


def current_turn(bundle: Bundle) -> Turn | None:
    """The rank whose turn it is; None once the bundle is closed."""
    if bundle.state != "open":
        return None
    return next((turn for turn in bundle.turns.all() if not turn.verb), None)
