"""Fixtures of the site's tests: the cast, and a browser's stand-in for each member of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cast import Cast, give_plan, give_results, make_cast
from django.test import Client


@pytest.fixture(autouse=True)
def _no_sheets_of_other_tests() -> None:
    """A rolled-back database gives the same numbers to other revisions; the memory of sheets does not roll back."""
    from prongsai.site.results.sheet import _sheet

    _sheet.cache_clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def scored(cast: Cast) -> Cast:
    """The cast, with results in."""
    give_results(cast.assessment)
    return cast


@pytest.fixture
def planned(scored: Cast) -> Cast:
    """The cast, with results and an accepted plan."""
    scored.extra["plan"] = give_plan(scored.assessment)
    return scored


@pytest.fixture
def client_of(cast: Cast) -> Callable[[str], Client]:
    """A signed-in client of a member of the cast: ``client_of("officer").get(…)``."""

    def client(name: str) -> Client:
        made = Client()
        if name != "nobody":
            made.force_login(cast.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client
