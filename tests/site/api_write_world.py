"""Programs that speak to the API: tokens as an administrator makes them, and a client that sends JSON with one."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from cast import PASSWORD, Cast
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from prongsai.site.api.models import Scope, Token
from prongsai.site.api.tokens_actions import MakeToken
from prongsai.site.people.models import Role, RoleKind

EVERY = [scope.value for scope in Scope]
OWN = "/api/v1/own/muang/2568"


def as_officer_too(cast: Cast) -> None:
    """The agency's administrator does the ITA work as well, as in most small offices."""
    Role.objects.create(person=cast.agency_admin, kind=RoleKind.OFFICER, agency=cast.agency)
    cast.agency_admin.__dict__.pop("_roles_today", None)


def make_token(
    cast: Cast, scopes: list[str] | None = None, name: str = "ระบบสารบรรณ", **more: Any
) -> tuple[Token, str]:
    """A token and its key, of the agency's administrator, made an officer if need be; by default with every right."""
    if not cast.agency_admin.roles.exclude(kind=RoleKind.AGENCY_ADMIN).exists():
        as_officer_too(cast)
    values = {"of": cast.agency, "expires": timezone.localdate() + dt.timedelta(days=30), **more}
    made: tuple[Token, str] = MakeToken(
        by=cast.agency_admin, name=name, scopes=EVERY if scopes is None else scopes, **values
    ).execute()
    return made


class Program:
    """A system with a token: ``program.put(path, data, match=etag, key="…")``; answers are Django's."""

    def __init__(self, key: str) -> None:
        self.key, self.client = key, Client()

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"Authorization": f"Bearer {self.key}"})

    def send(self, method: str, path: str, data: Any, match: str = "", key: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "If-Match": match, "Idempotency-Key": key}
        body = data if isinstance(data, (bytes, str)) else json.dumps(data, ensure_ascii=False)
        kept = {name: value for name, value in {**headers, **more.pop("headers", {})}.items() if value}
        return self.client.generic(method, path, body, more.pop("kind", "application/json"), headers=kept)

    def put(self, path: str, data: Any, **more: Any) -> Any:
        return self.send("PUT", path, data, **more)

    def patch(self, path: str, data: Any, **more: Any) -> Any:
        return self.send("PATCH", path, data, **more)

    def etag(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content.decode()
        return str(answer["ETag"])


def program(cast: Cast, scopes: list[str] | None = None, **more: Any) -> Program:
    """A system with a new token."""
    return Program(make_token(cast, scopes, **more)[1])


def just_signed_in(client: Client) -> Client:
    """The person gives the password once more, as the page asks for."""
    cache.clear()  # so many tests sign in as the same person that the limit of tries would be reached
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def problem(answer: Any) -> dict[str, Any]:
    """The first problem of a refusal, whose shape is looked at on the way."""
    error = answer.json()["error"]
    assert error["status"] == answer.status_code
    assert error["code"] == error["problems"][0]["code"]
    first: dict[str, Any] = error["problems"][0]
    assert first["message"]["th"]
    assert first["message"]["en"]
    return first
