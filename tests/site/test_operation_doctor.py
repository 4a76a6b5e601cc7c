"""The doctor finds what is planted, says how to mend it in both languages, and changes nothing."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from prongsai.site.env import environment
from prongsai.site.operation import signs
from prongsai.site.operation.doctor import database, examine, folders, outside, settings
from prongsai.site.operation.doctor.finding import Finding


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    environment.cache_clear()
    yield
    environment.cache_clear()


def wrong(found: Iterator[Finding]) -> dict[str, str]:
    """Code → state of what is not as it should be; each says what to do, in both languages."""
    kept = [one for one in found if one.state != "ok"]
    for one in kept:
        assert one.problem.th
        assert one.problem.en
        assert one.state == "note" or (one.problem.next_th and one.problem.next_en), one
    return {one.problem.code: one.state for one in kept}


@pytest.mark.parametrize(
    ("given", "code", "state"),
    [
        ({"PRONGSAI_HOSTS": '["*"]'}, "settings.hosts", "bad"),
        ({"PRONGSAI_ADDRESS": "https://ita.example.go.th", "PRONGSAI_HTTPS": "true"}, "settings.hosts", "broken"),
        (
            {"PRONGSAI_ADDRESS": "http://ita.example.go.th", "PRONGSAI_HOSTS": '["ita.example.go.th"]'},
            "settings.https",
            "bad",
        ),
        ({"PRONGSAI_HTTPS": "true"}, "settings.https", "bad"),
        ({"PRONGSAI_DEBUG": "true"}, "settings.debug", "note"),
        ({"PRONGSAI_SECOND_FACTOR": '["approver"]'}, "settings.second_factor", "note"),
        ({"PRONGSAI_SECOND_FACTOR": "[]", "PRONGSAI_ADDRESS": "https://a.go.th"}, "settings.second_factor", "bad"),
        (
            {
                "PRONGSAI_DEBUG": "true",
                "PRONGSAI_HTTPS": "true",
                "PRONGSAI_ADDRESS": "https://a.go.th",
                "PRONGSAI_HOSTS": '["a.go.th"]',
            },
            "settings.debug",
            "broken",
        ),
    ],
)
def test_settings(given: dict[str, str], code: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert wrong(settings.check())[code] == state


def test_good_settings_and_a_short_secret(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from prongsai.site.operation.doctor import settings as checked

    settings.SECRET_KEY = "x" * 60
    for name, value in {
        "PRONGSAI_ADDRESS": "https://ita.example.go.th",
        "PRONGSAI_HOSTS": '[".example.go.th"]',
        "PRONGSAI_HTTPS": "true",
        "PRONGSAI_SECOND_FACTOR": '["approver", "assessor", "agency_admin", "system_admin"]',
    }.items():
        monkeypatch.setenv(name, value)
    assert wrong(checked.check()) == {}
    settings.SECRET_KEY = "short"
    assert wrong(checked.check()) == {"settings.secret": "bad"}


def test_folders(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    for folder in (data, keys, keys / "private"):
        folder.mkdir(mode=0o700)
    settings.DATA, settings.KEYS, settings.LEDGER_KEY = data, keys, data / "ledger-key.pem"
    (keys / "codes").touch(mode=0o640)
    assert wrong(folders.check()) == {}
    assert list(data.iterdir()) == []  # nothing is left of the try
    (data / "secret-key").write_text("x")
    (data / "secret-key").chmod(0o644)
    data.chmod(0o755)
    assert wrong(folders.check()) == {"folder.open": "bad", "keys.open": "bad"}
    data.chmod(0o700)
    (data / "secret-key").chmod(0o600)
    settings.KEYS = data / "keys"
    settings.KEYS.mkdir(mode=0o700)
    assert wrong(folders.check()) == {"keys.inside": "bad"}
    settings.KEYS = tmp_path / "none"
    assert wrong(folders.check()) == {"folder.missing": "note"}

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders.tempfile, "TemporaryFile", full)
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 100_000_000}))
    assert wrong(folders.check()) == {"folder.room": "broken", "folder.write": "broken", "folder.missing": "note"}


@pytest.mark.django_db
def test_a_database_that_is_behind_ahead_or_late(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = wrong(database.check())
    assert set(fine) <= {"database.durable"}  # a test's database lies in memory
    monkeypatch.setattr(signs, "jobs", lambda: signs.Jobs(3, 0, 0, 700.0))
    monkeypatch.setattr(signs, "letterbox", lambda: signs.Letterbox(0, 1, 0, 0))
    assert {"processes.work", "processes.mix"} <= set(wrong(database.check()))
    recorder = MigrationRecorder(connection)
    some = recorder.migration_qs.filter(app="notices").latest("pk")
    some.delete()
    assert wrong(database.check())["database.migrations"] == "broken"
    recorder.record_applied(some.app, some.name)
    recorder.record_applied("notices", "9999_from_tomorrow")
    assert wrong(database.check())["database.newer"] == "broken"


HEARD: list[str] = []


class _Mail(socketserver.StreamRequestHandler):
    """As much of a mail server as is asked for; remembers what it heard."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            HEARD.append(line.decode().split()[0].upper())
            self.wfile.write(b"221 bye\r\n" if HEARD[-1] == "QUIT" else b"250 fine\r\n")


@pytest.fixture
def listening(request: pytest.FixtureRequest) -> Iterator[int]:
    with request.param(("127.0.0.1", 0)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("listening", [lambda at: socketserver.ThreadingTCPServer(at, _Mail)], indirect=True)
def test_mail_is_connected_to_and_nothing_is_sent(listening: int, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(outside.mail()) == {"mail.console": "note"}
    environment.cache_clear()
    monkeypatch.setenv("PRONGSAI_EMAIL_URL", f"smtp://127.0.0.1:{listening}")
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", listening, False
    assert wrong(outside.mail()) == {}
    assert set(HEARD) == {"EHLO", "NOOP", "QUIT"}
    settings.EMAIL_PORT = 1
    assert wrong(outside.mail()) == {"mail.unreachable": "bad"}


class _Late(BaseHTTPRequestHandler):
    """A server whose clock is wrong."""

    def do_HEAD(self) -> None:
        self.send_response_only(200)
        self.send_header("Date", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.end_headers()


@pytest.mark.django_db
@pytest.mark.parametrize("listening", [lambda at: HTTPServer(at, _Late)], indirect=True)
def test_the_clock_beside_another(listening: int) -> None:
    assert wrong(outside.clock(f"http://127.0.0.1:{listening}/"))["clock.apart"] == "bad"
    assert wrong(outside.clock("http://127.0.0.1:1/"))["clock.unknown"] == "note"


class _Provider(BaseHTTPRequestHandler):
    """As much of an identity provider as is asked for, which bears a name of its own."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/.well-known/openid-configuration" else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"issuer": "https://login.example.test"}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("listening", [lambda at: HTTPServer(at, _Provider)], indirect=True)
def test_identity_providers_must_bear_the_configured_name(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def looked(**more: str) -> dict[str, str]:
        one = {"id": "office", "name": "x", "client_id": "x", "server_url": f"http://127.0.0.1:{listening}", **more}
        monkeypatch.setenv("PRONGSAI_OIDC", json.dumps([one]))
        environment.cache_clear()
        return wrong(outside.providers())

    assert looked() == {"provider.issuer": "bad"}
    assert looked(issuer="https://login.example.test/") == {}
    assert looked(server_url=f"http://127.0.0.1:{listening}/elsewhere") == {"provider.unreachable": "bad"}
    assert looked(server_url="http://127.0.0.1:1") == {"provider.unreachable": "bad"}


@pytest.mark.django_db
def test_a_check_that_fails_itself_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "check", lambda: 1 / 0)
    found = list(examine(mail=False))
    assert "doctor.failed" in {one.problem.code for one in found}
    assert "database.migrations" in {one.problem.code for one in found}  # the others went on


def run(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    own = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    command = [sys.executable, "-c", "from prongsai.cli.main import run; run()", "doctor", "--no-mail", *arguments]
    return subprocess.run(
        command,
        env={**own, "PRONGSAI_DATA": str(data), "PRONGSAI_SECRET_KEY": "x" * 60, **more},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def test_the_command_says_0_1_or_2_and_makes_no_folder(tmp_path: Path) -> None:
    nowhere = run(tmp_path / "none")
    assert nowhere.returncode == 2
    assert "PRONGSAI_DATA" in nowhere.stderr
    assert not (tmp_path / "none").exists()
    unreadable = run(tmp_path, "--json", PRONGSAI_HOSTS="ita.example.go.th")
    assert (unreadable.returncode, json.loads(unreadable.stdout)["errors"][0]["code"]) == (2, "settings.unreadable")
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    new = run(data, "--json")
    assert new.returncode == 2
    found = {one["code"]: one for one in json.loads(new.stdout)["findings"]}
    assert found["database.migrations"]["state"] == "broken"
    assert set(found["database.migrations"]) == {
        "state", "code", "where", "message_th", "message_en", "next_th", "next_en",
    }  # fmt: skip
    assert "x" * 60 not in new.stdout
