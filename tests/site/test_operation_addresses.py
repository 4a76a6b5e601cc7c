"""Health, readiness, metrics: what they say, to whom, when something is away; and that they ask for little."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from prongsai.site.operation import database, views

TOKEN = "t" * 40


@pytest.fixture(autouse=True)
def asked_anew() -> None:
    views._migrated.cache_clear()


def test_health_needs_neither_database_nor_a_known_host(settings) -> None:
    settings.ALLOWED_HOSTS = ["ita.example.test"]
    answer = Client(SERVER_NAME="10.0.0.7").get("/health/")  # no mark of pytest: the database may not be used here
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert Client().post("/health/").status_code == 405


@pytest.mark.django_db
def test_ready_asks_once_for_migrations_and_then_one_query(django_assert_num_queries) -> None:
    first = Client().get("/ready/")
    assert (first.status_code, first.json()) == (200, {"ready": True, "database": "ok", "files": "ok"})
    with django_assert_num_queries(1):
        assert Client().get("/ready/").status_code == 200


@pytest.mark.django_db
def test_not_ready_before_migrations_and_beside_a_newer_database() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("surveys", "0001_surveys")
    recorder.migration_qs.filter(app="desk").delete()
    some = recorder.migration_qs.filter(app="notices").latest("pk")
    some.delete()
    answer = Client().get("/ready/")
    assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")
    recorder.record_applied(some.app, some.name)
    recorder.record_applied("notices", "9999_from_tomorrow")
    assert database.unapplied()[1] == ["notices.9999_from_tomorrow"]
    assert Client().get("/ready/").status_code == 503


@pytest.mark.django_db
def test_not_ready_while_the_database_is_away_and_says_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection to server at db.internal, user prongsai, failed")

    monkeypatch.setattr(connection, "cursor", away)
    answer = Client().get("/ready/")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
    assert b"internal" not in answer.content


@pytest.mark.django_db
def test_metrics_are_for_who_sends_the_token(settings) -> None:
    assert Client().get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for given in ("", "Bearer ", "Bearer wrong", TOKEN[:-1], f"Bearer {TOKEN}x"):
        assert Client().get("/metrics/", headers={"Authorization": given}).status_code == 404
    answer = Client(SERVER_NAME="10.0.0.7").get("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert b"prongsai_info" in answer.content
    assert not answer.cookies
