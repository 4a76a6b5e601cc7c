"""What no answer tells: a kept page, a guessed charset, a listing, a header sent back, a forged line of the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from django.urls import reverse

from prongsai.site.files.keep import Received, keep
from prongsai.site.operation.logs import Told

Of = Callable[[str], Client]


def test_pages_of_people_are_kept_by_no_cache(cast: Cast, client_of: Of) -> None:
    """Whoever presses “back” after the other has signed out finds nothing."""
    client = client_of("officer")
    for address in ("/me/", "/agencies/", "/agencies/muang/2568/", "/agencies/muang/people/", "/nobody-knows/"):
        answer = client.get(address)
        assert "no-store" in answer.get("Cache-Control", ""), address
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/me/").status_code == 302


def test_text_says_its_charset(cast: Cast, client_of: Of) -> None:
    """Without it a browser may guess one in which harmless bytes are markup."""
    client = client_of("officer")
    for kind in ("csv", "txt", "html", "yaml", "json"):
        file = keep(Received(f"a.{kind}", kind, b"x"), cast.agency, cast.officer)
        answer = client.get(reverse("file", args=(file.pk,)))
        assert answer.status_code == 200, kind
        if answer["Content-Type"].startswith("text/"):
            assert answer["Content-Type"].endswith("; charset=utf-8"), kind


def test_no_listing_and_no_trace(cast: Cast) -> None:
    client = Client()
    for address in ("/static/", "/static/prongsai/", "/static/../settings.py", "/.git/config", "/files/"):
        assert client.get(address).status_code == 404, address
    for address in ("/", "/a/", "/results/", "/api/v1/rounds", "/accounts/login/", "/health/"):
        answer = client.generic("TRACE", address, headers={"X-Told": "secret-of-the-header"})
        assert b"secret-of-the-header" not in answer.content, address


@pytest.mark.parametrize("style", ["text", "json"])
def test_nobody_writes_a_log_line(style: Any) -> None:
    """A line break in what a stranger sent must not begin a line of its own."""
    forged = "/x\r\n2026-01-01T00:00:00.000Z ERROR prongsai.site.people: all is lost\u2028and more"
    record = logging.LogRecord("prongsai.site.api.front", logging.ERROR, "", 0, "api: %s %s", ("GET", forged), None)
    assert len(Told(style).format(record).splitlines()) == 1
