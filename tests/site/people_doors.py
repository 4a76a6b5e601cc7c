"""Doors of people, roles and kept files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cast import Cast
from django.utils import timezone
from doors import DRAFTS, SIGNED_IN, Door, agency

from prongsai.site.files.keep import Received, keep
from prongsai.site.people.models import Delegation, Role

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
MANAGES = {"agency_admin", "admin"}
SYSTEM = {"admin"}
DONE = (200, 302, 409)


def picture(cast: Cast) -> tuple[Any, ...]:
    return (keep(Received("p.png", "png", PNG), cast.agency, cast.officer).pk,)


def person(cast: Cast) -> tuple[Any, ...]:
    return ("muang", cast.unit_owner.pk)


def anyone(cast: Cast) -> tuple[Any, ...]:
    return (cast.assessor.pk,)


def role(cast: Cast) -> tuple[Any, ...]:
    return (cast.palad.roles.get().pk,)


def lent(cast: Cast) -> tuple[Any, ...]:
    today = timezone.localdate()
    made = Delegation.objects.create(
        role=cast.palad.roles.get(), to=cast.head, start=today, end=today + dt.timedelta(days=3)
    )
    return (made.pk,)


def invited(cast: Cast) -> tuple[Any, ...]:
    return (Role.objects.create(person=cast.stranger, kind="officer", agency=cast.agency, accepted=False).pk,)


def one(name: str, passes: set[str], arguments: Any = person, method: str = "get") -> Door:
    """A row; a POST may also be refused with its reason."""
    return Door(name, passes, arguments, method, ok=(200,) if method == "get" else DONE)


DOORS = [
    Door("file", DRAFTS, picture),
    Door("picture", DRAFTS, picture),
    Door("me", SIGNED_IN),
    Door("me_data", SIGNED_IN),
    one("invitation", {"stranger"}, invited, "post"),
    Door("people", DRAFTS | MANAGES, agency),
    Door("person_add", MANAGES, agency),
    *(one(name, MANAGES) for name in ("person", "person_data", "person_identity", "role_give", "handover")),
    *(one(name, MANAGES, method="post") for name in ("person_password", "person_second_factor")),
    one("role_end", MANAGES, role),
    one("delegate", MANAGES | {"palad"}, role),
    one("delegation_revoke", MANAGES | {"palad"}, lent, "post"),
    Door("system_people", SYSTEM),
    Door("system_person_add", SYSTEM),
    *(one(f"system_person{name}", SYSTEM, anyone) for name in ("", "_data", "_identity")),
    *(one(f"system_person{name}", SYSTEM, anyone, "post") for name in ("_password", "_second_factor")),
]
