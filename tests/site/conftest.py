"""Fixtures of the site's tests: the cast, and a browser's stand-in for each member of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from api_world import world  # noqa: F401 - a fixture
from cast import Cast, give_plan, give_results, make_cast
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from published import published  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def _no_sheets_of_other_tests() -> None:
    """A rolled-back database gives the same numbers to other revisions; the memory of sheets does not roll back."""
    from prongsai.site.results.sheet import _sheet

    _sheet.cache_clear()


@pytest.fixture(autouse=True)
def _no_files_of_other_tests(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Published files outlive the database of a test; each test has a place of its own."""
    settings.OPENDATA = tmp_path_factory.getbasetemp() / "opendata" / uuid4().hex


@pytest.fixture(autouse=True)
def _no_heads_of_other_tests(settings: Any) -> None:
    """The heads of a rolled-back history would be those of one that was cut."""
    settings.LEDGER_KEY.with_name("ledger-heads.txt").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _no_pages_of_other_tests() -> None:
    """Nor does the memory of public pages."""
    from django.core.cache import caches

    from prongsai.site.portal.search import _register

    caches["pages"].clear()
    _register.cache_clear()


@pytest.fixture(autouse=True)
def _a_test_keeps_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers and workers close theirs as they go; inside a test's transaction it is the test's own."""
    close = BaseDatabaseWrapper.close
    monkeypatch.setattr(BaseDatabaseWrapper, "close", lambda self: None if self.in_atomic_block else close(self))


@pytest.fixture(autouse=True)
def _no_requests_of_other_tests() -> None:
    """Nor do the limits: tokens of another test's database have the same numbers."""
    from prongsai.site.api import limits, write_door

    for buckets in (limits.anonymous, limits.with_token, write_door._WRITES):
        buckets._left.clear()


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
