"""Every address × every member of the cast: who gets in, who is asked to sign in, who finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cast import CAST, Cast, give_plan, give_results, make_cast
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from doors import DOORS, Door
from pytest_django import DjangoDbBlocker

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Addresses of the login library, open to whoever is asked to sign in; it tests them itself.
LIBRARY = ("mfa_", "socialaccount_", "openid_connect_", "account_")


def names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


@pytest.mark.django_db  # no row of it is read; it tells that a database has to be there, also for the fixture below
def test_every_address_has_a_row() -> None:
    known = {name for name in names(get_resolver()) if not name.startswith(LIBRARY)}
    assert known == {door.name for door in DOORS}, "tests/site/doors.py does not match the addresses of the site"


@dataclass
class House:
    """The cast with results and an accepted plan, everybody signed in; made once, since all doors are tried on it."""

    cast: Cast
    sessions: dict[str, str]
    server: Client

    def knock(self, door: Door, member: str, address: str) -> int:
        """The status with which a member is answered."""
        visitor = Client()
        visitor.handler = self.server.handler  # not built anew for each of thousands
        if member in self.sessions:
            visitor.cookies["sessionid"] = self.sessions[member]
        return int(getattr(visitor, door.method)(address).status_code)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        cast, sessions = make_cast(), {}
        give_results(cast.assessment)
        cast.extra["plan"] = give_plan(cast.assessment)
        for member in set(CAST) - {"nobody"}:
            client = Client()
            client.force_login(cast.people[member], backend=BACKEND)
            sessions[member] = client.cookies["sessionid"].value
        yield House(cast, sessions, Client())
        transaction.set_rollback(True)


@pytest.fixture
def untouched(house: House) -> Iterator[House]:
    """The house, in which nothing stays as a test left it."""
    before = transaction.savepoint()
    yield house
    transaction.savepoint_rollback(before)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.method} {door.name}")
def test_door(door: Door, untouched: House) -> None:
    address = reverse(door.name, args=door.arguments(untouched.cast))
    wrong = []
    for member in CAST:
        status = untouched.knock(door, member, address)
        if status not in door.expected(member):
            wrong.append(f"{member}: {status}, expected {sorted(door.expected(member))}")
    assert not wrong, f"{address}\n" + "\n".join(wrong)
