"""A surveyor's telephone for the tests of field work, and what a surveyor does with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from field_world import assign, field_survey
from screens import PHONE
from survey_world import key_folder  # noqa: F401 - a fixture

from needs import missing
from prongsai.site.fieldwork.models import Assignment

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CODE = "ปลอดภัย-2569"
HOME = "/field/app/th/"
MOVED_ON = "step => document.getElementById('ask').hidden || document.getElementById('ask-step').innerText !== step"


class Telephone:
    """A browser of its own with its own disk, which can be killed like a telephone whose battery dies."""

    def __init__(self, kind: Any, folder: Path, address: str) -> None:
        self.kind, self.folder, self.address = kind, folder, address
        self.faults: list[str] = []

    def switch_on(self, cookie: str | None = None) -> Any:
        """Start it; the page is not opened yet."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        assert CHROMIUM
        command = [
            CHROMIUM, "--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu",
            f"--user-data-dir={self.folder}", f"--remote-debugging-port={port}",
            f"--window-size={PHONE['width']},{PHONE['height']}", "about:blank",
        ]  # fmt: skip
        quiet = subprocess.DEVNULL
        # A process group of its own, so that killing it takes its children and nobody else's.
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        self.browser = self._connected(port)
        self.context = self.browser.contexts[0]
        if cookie:
            self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])
        self.page = self.context.pages[0]
        self.page.set_viewport_size(PHONE)
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        return self.page

    def _connected(self, port: int) -> Any:
        for _ in range(100):
            try:
                return self.kind.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:
                time.sleep(0.2)
        raise AssertionError("the browser did not start")

    def die(self) -> None:
        """No warning, no closing, no last write."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def open(self) -> Any:
        self.page.goto(self.address + HOME)
        return self.page

    def states(self) -> list[str]:
        return [entry.get_attribute("data-state") for entry in self.page.locator("#interviews .entry").all()]


@pytest.fixture(name="telephone")
def telephone_of_a_surveyor(browser: Any, live_server: Any, tmp_path: Path) -> Iterator[Telephone]:
    if not CHROMIUM:
        missing("no Chromium on this machine (Debian: chromium)")

    made = Telephone(browser.browser_type, tmp_path / "telephone", live_server.url)
    yield made
    if getattr(made, "process", None) and made.process.poll() is None:
        made.die()
    quiet = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED")
    assert [fault for fault in made.faults if not fault.startswith(quiet)] == []


@pytest.fixture(name="work")
def work_of_a_surveyor(cast: Cast, key_folder: Path) -> Assignment:  # noqa: F811
    return assign(cast, field_survey(cast), quota=3)


@pytest.fixture(name="session")
def session_of_a_surveyor(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.stranger, backend=BACKEND)
    return client.cookies["sessionid"].value


def until(page: Any, truth: str, given: Any = None) -> None:
    """Wait for something to be true. (The driver's own waiting evaluates text, which our CSP forbids.)"""
    for _ in range(300):  # on a busy machine
        if page.evaluate(truth, given):
            return
        page.wait_for_timeout(100)
    raise AssertionError(truth)


def set_code(page: Any) -> None:
    page.locator("#new-pin").fill(CODE)
    page.locator("#again-pin").fill(CODE)
    page.locator("#first button").click()
    page.locator("#home").wait_for()


def unlock(page: Any) -> None:
    page.locator("#pin").fill(CODE)
    page.locator("#unlock .primary").click()
    page.locator("#home").wait_for()


def begin(page: Any) -> None:
    page.locator("#assignments button").first.click()
    page.locator("#agrees").click()
    page.locator("#choices input[value=yes]").check()
    go_on(page)


def go_on(page: Any) -> None:
    """To the next question, which comes only when the answer is on the disk."""
    step = page.locator("#ask-step").inner_text()
    page.locator("#next").click()
    until(page, MOVED_ON, step)


def answer_all(page: Any, stop_after: int | None = None) -> int:
    """Answer every question (or some), the first option each; how many were answered."""
    done = 0
    while page.locator("#ask").is_visible() and done != stop_after:
        page.locator("#choices input").first.check()
        go_on(page)
        done += 1
    return done


def interview(page: Any) -> None:
    begin(page)
    answer_all(page)
    page.locator("#finish").click()
    page.locator("#home").wait_for()


def controlled(page: Any) -> None:
    """Wait until the service worker has this page."""
    until(page, "navigator.serviceWorker.controller !== null")


def begun(phone: Telephone, session: str, *, offline: bool = False) -> Any:
    """The page of a telephone that is used for the first time; ``offline``: kept on it, then without signal."""
    page = phone.switch_on(session)
    phone.open()
    set_code(page)
    if offline:
        controlled(page)
        phone.context.set_offline(True)
    return page


def wait_states(phone: Telephone, *expected: str) -> None:
    for _ in range(300):  # on a busy machine
        if sorted(phone.states()) == sorted(expected):
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError(f"{phone.states()}, expected {expected}")


def on_disk(page: Any) -> list[dict[str, Any]]:
    """What the browser keeps of interviews."""
    return page.evaluate(
        """() => new Promise((good) => {
            const asked = indexedDB.open('prongsai-field');
            asked.onsuccess = () => {
                const all = asked.result.transaction('interviews').objectStore('interviews').getAll();
                const filled = (one) => Object.keys(one).filter((name) => one[name] != null);
                all.onsuccess = () => good(all.result.map((one) => [...filled(one), one.state]));
            };
        })"""
    )
