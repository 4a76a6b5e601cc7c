"""/.well-known/security.txt: as RFC 9116 has it where a contact is set, and nothing where none is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prongsai.site.env import Environment

ADDRESS = "/.well-known/security.txt"


@pytest.mark.django_db
def test_without_a_contact_there_is_no_such_page(settings: Any) -> None:
    settings.SECURITY_CONTACT = ""
    assert Client().get(ADDRESS).status_code == 404


def test_the_contact_and_a_day_that_moves_on(settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@ita.example.go.th"
    settings.SITE_ADDRESS = "https://ita.example.go.th"
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:security@ita.example.go.th"
    assert said["Canonical"] == f"https://ita.example.go.th{ADDRESS}"
    until = dt.datetime.fromisoformat(said["Expires"])
    assert dt.timedelta(days=30) < until - timezone.now() < dt.timedelta(days=365)
    assert not answer.cookies
    assert Client().post(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    "contact", ["security@ita.example.go.th", "http://plain.example", "mailto:a@b\nContact: x", "x"]
)
def test_what_is_no_contact_stops_the_start(contact: str) -> None:
    with pytest.raises(ValueError, match="security_contact"):
        Environment(security_contact=contact)
    assert Environment(security_contact="tel:+66-2-123").security_contact
