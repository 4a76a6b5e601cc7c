"""Every address × every member of the cast: who gets in, who is asked to sign in, who finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from cast import CAST, Cast
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from doors import DOORS, Door

# Addresses of the login library, open to whoever is asked to sign in; it tests them itself.
LIBRARY = ("mfa_", "socialaccount_", "openid_connect_", "account_")


def names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def test_every_address_has_a_row() -> None:
    known = {name for name in names(get_resolver()) if not name.startswith(LIBRARY)}
    assert known == {door.name for door in DOORS}, "tests/site/doors.py does not match the addresses of the site"


@dataclass
class Seen:
    member: str
    status: int


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.method} {door.name}")
def test_door(door: Door, planned: Cast, client_of: Callable[[str], Client]) -> None:
    address = reverse(door.name, args=door.arguments(planned))
    wrong = []
    for member in CAST:
        response = getattr(client_of(member), door.method)(address)
        expected = door.expected(member)
        if response.status_code not in expected:
            wrong.append(f"{member}: {response.status_code}, expected {sorted(expected)}")
    assert not wrong, f"{address}\n" + "\n".join(wrong)
