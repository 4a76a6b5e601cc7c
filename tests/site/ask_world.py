"""A respondent's stand-in for the tests of the surface: presses the buttons that a page has, as a browser would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from prongsai.site.ask import doors, limits, steps
from prongsai.site.ask.limits import Buckets

FORM = "application/x-www-form-urlencoded"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept from other tests, and nobody has to wait three seconds."""
    doors.forget()
    doors.asked.cache_clear()
    doors.spoken.cache_clear()
    monkeypatch.setattr(steps, "LEAST", 0)
    monkeypatch.setattr(limits, "requests", Buckets(rate=40, burst=4000))
    monkeypatch.setattr(limits, "unknown_codes", Buckets(rate=0.1, burst=40))
    monkeypatch.setattr(limits, "receipts", Buckets(rate=0.5, burst=60))


@dataclass
class Respondent:
    """Keeps nothing but the page in front of it; fails the test when it is given a cookie."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    page: str = ""
    status: int = 0
    headers: Any = None

    def get(self, path: str) -> Respondent:
        return self._seen(self.client.get(path))

    def post(self, path: str, **fields: str) -> Respondent:
        return self._seen(self.client.post(path, urlencode(fields), content_type=FORM))

    def press(self, button: str, **fields: str) -> Respondent:
        """Send the page's hidden fields and these."""
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(self.page)}
        return self.post("/a/go/", **{**hidden, "do": button, **fields})

    def _seen(self, response: HttpResponse) -> Respondent:
        self.page, self.status, self.headers = response.content.decode(), response.status_code, response.headers
        assert not response.cookies
        assert "Set-Cookie" not in response.headers
        return self

    @property
    def receipt(self) -> str:
        found = re.search(r'class="receipt" dir="ltr">([^<]+)<', self.page)
        assert found, self.page
        return found[1]
