"""Who may act at a rank today, and how they sign: in person, acting, or by delegation for a period."""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.models import Rank, Turn
from prongsai.site.people.access import roles_of
from prongsai.site.people.models import Person, Role, RoleKind


@dataclass(frozen=True)
class Seat:
    """A post that someone may exercise today."""

    role: Role
    signed_as: str

    def fits(self, turn: Turn | Rank) -> bool:
        """Whether it is the rank's seat: its place, handed over or not, or by name where the chain names no holder."""
        return _same(self.role, turn)


def _same(role: Role, turn: Turn | Rank) -> bool:
    if turn.role is not None and role.place == turn.role.place:
        return True
    return bool(role.position) and role.position == turn.position


def seats_of(person: Person, agency: int | None = None) -> list[Seat]:
    """The seats of a person today, own ones first; in one agency, if given."""
    roles = roles_of(person)
    found = []
    for role in roles:
        if role.kind == RoleKind.APPROVER and role.agency_id and agency in (None, role.agency_id):
            found.append(
                Seat(role, _lent(person, role, roles) if role.loan else f"{person.full_name} {role.post}".strip())
            )
    return found


def _lent(person: Person, role: Role, roles: list[Role]) -> str:
    """Name, own post, the form of acting, and the post acted for."""
    own = next((r.post for r in roles if r.loan is None and r.agency_id == role.agency_id and r.post), person.position)
    acting = role.loan.acting if role.loan else ""
    return " ".join(word for word in (person.full_name, own, acting, role.position or role.person.position) if word)


def seat_for(person: Person, turn: Turn, agency: Agency) -> Seat | None:
    """The seat in which a person may act at a rank, if any."""
    return next((seat for seat in seats_of(person, agency.pk) if seat.fits(turn)), None)


def had_seat(person: Person, turn: Turn, agency: Agency) -> bool:
    """Whether the person held this rank, or was lent it, at some other time: tells why they may not act now."""
    roles = Role.objects.filter(kind=RoleKind.APPROVER, agency=agency)
    return any(_same(role, turn) for role in (*roles.filter(person=person), *roles.filter(delegations__to=person)))


def author_name(person: Person, agency: Agency) -> str:
    """Name and post of whoever proposes."""
    post = next((r.post for r in roles_of(person) if r.agency_id == agency.pk and r.post), person.position)
    return f"{person.full_name} {post}".strip()
