"""Closed and missing pages that signed-in people meet are counted, and nobody is written down for a slip."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from test_operation_metrics import value

from prongsai.site.operation.logs import Told
from prongsai.site.operation.metrics import measured
from prongsai.site.people import denied
from prongsai.site.people.denied import Counted

CLOSED = "/agencies/other/people/"


@pytest.fixture(autouse=True)
def nothing_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denied, "_counted", Counted())


@pytest.fixture
def served(settings: Any) -> Callable[[Client, str], int]:
    """Asks the whole site as a server does; gives the status."""
    settings.METRICS_TOKEN = "x" * 20
    site = measured(WSGIHandler())

    def ask(client: Client, path: str) -> int:
        cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        told: list[str] = []
        environ = RequestFactory().get(path, HTTP_COOKIE=cookies).META
        b"".join(site(environ, lambda status, *_: told.append(status)))  # type: ignore[arg-type]
        return int(told[0].split()[0])

    return ask


def denied_in(**labels: str) -> float:
    return value("prongsai_denied_total", **labels)


def test_a_closed_page_is_counted_by_room_and_nothing_else_is(
    cast: Cast, client_of: Callable[[str], Client], served: Callable[[Client, str], int]
) -> None:
    before, people = denied_in(), denied_in(room="people")
    officer = client_of("officer")
    assert served(officer, CLOSED) == 404
    assert served(officer, "/agencies/nowhere/people/") == 404
    assert denied_in(room="people") == people + 2, "what is not there looks the same"
    assert served(client_of("officer"), "/me/") == 200
    assert served(officer, "/no/such/address/") == 404
    assert served(officer, "/results/2568/nowhere/") == 404, "public pages never ask who reads them"
    assert served(Client(), CLOSED) == 302
    assert denied_in() == before + 2


def test_rights_that_rest_are_asked_for_and_not_counted(
    cast: Cast, client_of: Callable[[str], Client], served: Callable[[Client, str], int]
) -> None:
    from prongsai.site.people.models import Administration

    before, admin = denied_in(), client_of("admin")
    Administration.objects.all().delete()
    assert served(admin, CLOSED) == 302
    assert denied_in() == before


def test_a_search_is_told_once_by_the_accounts_number_alone(
    cast: Cast, client_of: Callable[[str], Client], caplog: pytest.LogCaptureFixture
) -> None:
    officer, other = client_of("officer"), client_of("palad")

    def told() -> list[str]:
        return [Told("json").format(one) for one in caplog.records if one.name == denied.__name__]

    with caplog.at_level(logging.WARNING):
        for _ in range(29):
            officer.get(CLOSED)
            other.get(CLOSED)
        assert told() == [], "who met a few is written nowhere"
        for _ in range(10):
            officer.get(CLOSED)
    (line,) = told()
    assert f"account {cast.officer.pk} met 30 closed or missing pages in 60 minutes" in line
    for planted in ("officer", "สมหญิง", "agencies", "other", "127.0.0.1"):
        assert planted not in line


def test_after_the_time_counting_begins_anew_and_what_is_old_is_forgotten() -> None:
    now = [0.0]
    counted = Counted(most=3, within=60, clock=lambda: now[0])
    assert [counted.reaches(1) for _ in range(2)] == [False, False]
    now[0] = 61.0
    assert [counted.reaches(1) for _ in range(5)] == [False, False, True, False, False]
    counted.reaches(2)
    now[0] = 200.0
    counted.reaches(1)
    assert counted._seen.keys() == {1}
