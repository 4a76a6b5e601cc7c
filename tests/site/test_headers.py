"""The headers of every answer: one walk over every address, the errors, the files, and what stands before Django."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from all_addresses import all_addresses
from cast import Cast
from django.conf import settings as configured
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from doors import DOORS

FULL = "PRONGSAI_FULL" in os.environ
FRAMED = {"portal_embed", "oit_table"}  # shown in pages of others: nothing on them acts in anybody's name
EXPECTED = {
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin", "cross-origin"},
}
BARE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
OFF = ("camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()")


def faults(answer: Any, *, framed: bool = False, personal: bool = False) -> list[str]:
    """What is wrong with the headers of an answer; empty when nothing is."""
    found = [f"{name}: {answer.get(name)!r}" for name, allowed in EXPECTED.items() if answer.get(name) not in allowed]
    found += [f"no {name}" for name in OFF if name not in answer.get("Permissions-Policy", "")]
    policy = {
        name: set(values.split())
        for name, _, values in (
            one.strip().partition(" ") for one in answer.get("Content-Security-Policy", "").split(";")
        )
    }
    if policy.get("default-src") != {"'none'"}:
        found.append(f"default-src {policy.get('default-src')}")
    for name in ("script-src", "style-src", "img-src", "connect-src", "form-action", "frame-src", "worker-src"):
        if name in policy and not policy[name] <= {"'self'", "'none'", "blob:", "data:"}:
            found.append(f"{name} {policy[name]}")
    for name in ("script-src", "style-src"):
        if policy.get(name, {"'self'"}) != {"'self'"}:
            found.append(f"{name} {policy[name]}")
    ancestors, frames = ({"*"}, None) if framed else ({"'none'"}, "DENY")
    if policy.get("frame-ancestors") != ancestors or answer.get("X-Frame-Options") != frames:
        found.append(f"framing: {policy.get('frame-ancestors')}, {answer.get('X-Frame-Options')}")
    if policy.get("base-uri") != {"'none'"}:
        found.append(f"base-uri {policy.get('base-uri')}")
    if personal and "no-store" not in answer.get("Cache-Control", ""):
        found.append(f"kept: {answer.get('Cache-Control')!r}")
    if personal and answer.get("Cross-Origin-Resource-Policy") != "same-origin":
        found.append("a personal page for other sites")
    return found


def walked(client_of: Callable[[str], Client]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Every address, asked by somebody whom it lets in: statuses, and faults where there are any."""
    doors, clients = {door.name: door for door in DOORS}, dict[str, Client]()
    statuses, wrong = dict[str, int](), dict[str, list[str]]()
    for number, (name, address) in enumerate(all_addresses()):
        door = doors.get(name)
        if not FULL and door and "nobody" not in door.passes and number % 6:
            continue  # pages for people all take the same way; those that set headers of their own are public
        passes = door.passes if door else {"officer"}
        member = (
            "nobody"
            if "nobody" in passes
            else next((one for one in ("officer", "admin", "assessor") if one in passes), "chief")
        )
        client = clients.setdefault(member, client_of(member))
        client.raise_request_exception = False
        answer = client.get(address)
        statuses[name] = answer.status_code
        personal = hasattr(getattr(answer.resolver_match, "func", None), "signed_in")
        framed = name in FRAMED and "frame-ancestors *" in answer.get("Content-Security-Policy", "")
        if problems := faults(answer, framed=framed, personal=personal):
            wrong[f"{name} {answer.status_code}"] = problems
    return statuses, wrong


def test_every_address_sends_them(planned: Cast, client_of: Callable[[str], Client]) -> None:
    statuses, wrong = walked(client_of)
    assert wrong == {}
    assert sum(status == 200 for status in statuses.values()) > 30, "the walk reaches pages, not only refusals"
    assert {200, 302, 404, 405} <= set(statuses.values())


@pytest.mark.parametrize("header", [*EXPECTED, "Permissions-Policy", "Content-Security-Policy", "Cache-Control"])
def test_the_check_sees_a_header_that_is_missing(cast: Cast, client_of: Callable[[str], Client], header: str) -> None:
    answer = client_of("officer").get("/me/")
    assert faults(answer, personal=True) == []
    del answer.headers[header]
    assert faults(answer, personal=True)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", f"{BARE}; script-src 'self' 'unsafe-inline'"),
        ("Content-Security-Policy", f"{BARE}; style-src 'unsafe-inline'"),
        ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"),
        ("Content-Security-Policy", f"{BARE}; img-src *"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'; base-uri 'none'"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Referrer-Policy", "unsafe-url"),
        ("Cache-Control", "private"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    ],
)  # fmt: skip
def test_the_check_sees_a_header_that_is_weak(
    cast: Cast, client_of: Callable[[str], Client], header: str, value: str
) -> None:
    answer = client_of("officer").get("/me/")
    answer.headers[header] = value
    assert faults(answer, personal=True)


def test_without_the_middleware_the_walk_finds_what_is_missing(cast: Cast, settings: Any) -> None:
    settings.MIDDLEWARE = [one for one in configured.MIDDLEWARE if not one.endswith("HeadersMiddleware")]
    for address in ("/", "/health/", "/static/prongsai/tokens.css", "/nothing/here/"):
        assert faults(Client().get(address)), address


# --- errors, files, and what is answered before the site


def _bad_host(client: Client) -> Any:
    return client.get("/", HTTP_HOST="elsewhere.test")


def _forged(_: Client) -> Any:
    return Client(enforce_csrf_checks=True).post("/me/data/", {})


def _too_often(_: Client) -> Any:
    client = Client()
    for _ in range(configured.AXES_FAILURE_LIMIT):
        answer = client.post("/accounts/login/", {"login": "officer", "password": "x"})
    return answer


ERRORS: list[tuple[int, Callable[[Client], Any]]] = [
    (400, _bad_host),
    (403, _forged),
    (404, lambda client: client.get("/nothing/here/")),
    (405, lambda client: client.get("/me/sessions/others/")),
    (429, _too_often),
    (200, lambda client: client.get("/static/prongsai/prongsai.css")),
    (404, lambda client: client.get("/static/prongsai/nothing.css")),
    (200, lambda client: client.get("/health/")),
    (404, lambda client: client.get("/metrics/")),
    (404, lambda client: client.get("/api/v1/nothing")),
    (405, lambda client: client.delete("/api/v1/rounds")),
    (401, lambda client: client.get("/api/v1/rounds", HTTP_AUTHORIZATION="Bearer x")),
    (200, lambda client: client.get("/a/")),
    (404, lambda client: client.get("/a/nothing")),
    (405, lambda client: client.put("/a/")),
]


@pytest.mark.parametrize(("status", "ask"), ERRORS)
def test_errors_and_files_send_them_too(cast: Cast, client_of: Any, status: int, ask: Any) -> None:
    cache.clear()
    answer = ask(client_of("officer"))
    assert answer.status_code == status
    assert faults(answer) == []


def test_a_failure_of_ours_sends_them_too(cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("prongsai.site.people.me_views.render", broken)
    monkeypatch.setattr("prongsai.site.ask.steps.entrance", broken)
    client = client_of("officer")
    client.raise_request_exception = False
    for address in ("/me/", "/a/"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert faults(answer, personal=True) == []


def test_what_is_told_to_wait_gets_them_too() -> None:
    """503: the page that stands in front of an overloaded site is no answer of Django's."""
    from prongsai.site.busy import refusal

    headers, _ = refusal({"PATH_INFO": "/", "REQUEST_METHOD": "GET"})
    answer = HttpResponse(headers=headers)
    assert faults(answer) == []
    del answer.headers["Permissions-Policy"]
    assert faults(answer)


def test_over_https_every_answer_asks_for_https(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for address in ("/health/", "/a/", "/api/v1/nothing", "/static/prongsai/tokens.css"):
        assert Client().get(address)["Strict-Transport-Security"] == "max-age=31536000", address


def test_public_things_may_be_shown_by_others_and_nothing_else(cast: Cast, client_of: Any) -> None:
    assert Client().get("/static/prongsai/mark.svg")["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client_of("officer").get("/agencies/muang/")["Cross-Origin-Resource-Policy"] == "same-origin"
