"""Who stands for the agency: its chief executive, or whoever acts for them today."""

from __future__ import annotations

from collections.abc import Callable

from prongsai.site.agencies.models import Agency
from prongsai.site.people.access import roles_for
from prongsai.site.people.models import Person, RoleKind


def _any_approver(person: Person, agency: Agency) -> str:
    role = next((role for role in roles_for(person, agency) if role.kind == RoleKind.APPROVER), None)
    return f"{person.full_name} {role.post}".strip() if role else ""


class Chief:
    """Which post that is, the approval room knows; it stands above this one and says so here (its ``apps.py``)."""

    signs: Callable[[Person, Agency], str] = staticmethod(_any_approver)


def signs_as(person: Person, agency: Agency) -> str:
    """Name and post as this person signs for the chief executive today; empty for everyone else."""
    return Chief.signs(person, agency)
