"""How a person signs in in tests: the form, the app's code, and the words of a page."""

from __future__ import annotations

import re
from typing import Any

from cast import PASSWORD
from django.test import Client
from test_login import code_of

USUAL = frozenset({"approver", "assessor", "agency_admin", "system_admin"})  # PRONGSAI_SECOND_FACTOR unless set
LOGIN = "/accounts/login/"
NEEDED = "/accounts/second-factor/"
ACTIVATE = "/accounts/2fa/totp/activate/"


def sign_in(username: str, password: str = PASSWORD, client: Client | None = None, **more: Any) -> Client:
    """A client that has sent the form; ``more``: of the request's environment."""
    made = client or Client()
    made.post(LOGIN, {"login": username, "password": password}, **more)
    return made


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def words(response: Any) -> str:
    return str(response.content.decode())


def set_up(client: Client) -> str:
    """Set up the app as its page asks; the secret that the app keeps."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", words(client.get(ACTIVATE)))
    assert found
    assert client.post(ACTIVATE, {"code": code_of(found[1])}).status_code == 302
    return found[1]
