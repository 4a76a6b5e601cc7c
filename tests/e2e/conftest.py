"""A real browser against a real server: Debian's Chromium by Playwright; skipped with a reason where missing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "site"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver runs an event loop in the test's thread

from cast import Cast, give_plan, give_results, make_cast
from django.core.cache import caches
from django.test import Client
from screens import DESKTOP, PHONE

from needs import missing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parents[2] / "build" / "npm" / "e2e" / "node_modules" / "axe-core" / "axe.min.js"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        missing("no Chromium on this machine (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        # --no-sandbox: tests may run as root, where Chromium's sandbox cannot.
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script, to be evaluated in a page."""
    if not AXE.exists():
        missing("axe-core is not installed (make test installs it with npm where that is permitted)")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def releases_apart(settings: Any, tmp_path: Path) -> None:
    """Every test has its own folder of what is published, and no page kept from another's database."""
    settings.OPENDATA = tmp_path / "opendata"
    caches["pages"].clear()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, with results and a plan."""
    made = make_cast()
    give_results(made.assessment)
    made.extra["plan"] = give_plan(made.assessment)
    return made


@pytest.fixture
def page_of(browser: Any, live_server: Any, cast: Cast) -> Iterator[Callable[..., Any]]:
    """Opens a page as a member of the cast: ``page_of("officer", size=PHONE)``; faults in the console fail the test."""
    contexts, faults = [], []

    def opened(member: str, size: dict[str, int] = DESKTOP, english: bool = False, script: bool = True) -> Any:
        context = browser.new_context(
            viewport=size, base_url=live_server.url, java_script_enabled=script, has_touch=size is PHONE
        )
        contexts.append(context)
        cookies = [{"name": "language", "value": "en", "url": live_server.url}] if english else []
        if member != "nobody":
            client = Client()
            client.force_login(cast.people[member], backend=BACKEND)
            cookies.append({"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url})
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("console", lambda m: faults.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((live_server.url, "data:", "blob:"))
                else faults.append(f"left the machine: {r.url}")
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "status of 40" not in fault] == []
