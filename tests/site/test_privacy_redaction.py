"""What people type and send stands in no line of the log and on no error page, whichever way a request or job ends.

Beside ``test_operation_logs.py`` (failures of pages, jobs and mail): every status that a request can end with, headers,
cookies, uploads, the API, webhooks, commands, and what servers before the site write. The control: without the
formatter the same planted words are there.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ask_world import FORM, calm  # noqa: F401 - a fixture
from cast import Cast
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django_tasks_db.models import DBTaskResult
from survey_world import key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.cli.main import main
from prongsai.site.api import webhooks_jobs
from prongsai.site.ask import doors
from prongsai.site.desk import views as desk
from prongsai.site.operation.logs import Told, told_with
from prongsai.site.people import me_views
from prongsai.site.settings import LOGGING

DOCS = Path(__file__).parents[2] / "docs"
NAME, USER, PHONE, EMAIL = "ปานวาด ศรีสุขยิ่ง", "panwad.unique77", "081-777-6543", "panwad@unique77.example.test"
CITIZEN, SECRET, TOKEN = "1-2345-67890-12-3", "planted-password-9x", "prongsai_0123456789abcdefghijklmnop"
ANSWER, ADDRESS = "คำตอบที่ห้ามเห็น", "203.0.113.77"
PLANTED = (NAME, USER, PHONE, EMAIL, CITIZEN, SECRET, TOKEN, ANSWER, ADDRESS)
WORDS = " ".join(PLANTED)


class Log:
    """Everything that would be written: as the site writes it, and as it would stand without the formatter."""

    def __init__(self) -> None:
        self.told, self.raw = io.StringIO(), io.StringIO()

    def read(self) -> str:
        return self.told.getvalue()


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    made, root = Log(), logging.getLogger()
    handlers = [logging.StreamHandler(made.told), logging.StreamHandler(made.raw)]
    handlers[0].setFormatter(Told(request.param))
    level = root.level
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield made
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(level)


def raises(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def planted_client(**more: Any) -> Client:
    """A browser that sends planted words in every header and cookie."""
    made = Client(
        raise_request_exception=False, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=SECRET, HTTP_REFERER=f"http://x/?q={EMAIL}",
        HTTP_X_FORWARDED_FOR=ADDRESS, HTTP_AUTHORIZATION=f"Bearer {TOKEN}", **more,
    )  # fmt: skip
    made.cookies["sessionid"] = SECRET
    made.cookies["language"] = SECRET
    return made


@pytest.mark.django_db
@pytest.mark.usefixtures("key_folder", "calm")
def test_no_way_a_request_ends_tells_what_was_sent(
    log: Log, cast: Cast, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEBUG = False
    survey, codes = open_survey(cast)
    anyone, officer = planted_client(), client_of("officer")
    officer.raise_request_exception = False
    typed = {"given_name": NAME, "phone": PHONE, "email": EMAIL, "position": ANSWER, "title": CITIZEN}
    pages: dict[int, list[Any]] = {}

    def ends(expected: int, response: Any) -> None:
        assert response.status_code == expected, (expected, response.status_code, response.content[:200])
        pages.setdefault(expected, []).append(response)

    anyone.get("/nothing/", {"q": CITIZEN})  # its page has the visitor's own address: the language switch leads back
    ends(404, anyone.get("/nothing/"))
    ends(400, anyone.get("/results/", SERVER_NAME=f"{USER}.example.test"))
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    ends(403, strict.post("/language/", {"language": "en", "password": SECRET}))
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    ends(400, officer.post("/me/data/", {**typed, **{f"f{n}": NAME for n in range(9)}}))
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
    for error, status in (
        (ValueError(WORDS), 500),
        (ValidationError(WORDS), 500),
        (SuspiciousOperation(WORDS), 400),
        (ExceptionGroup(WORDS, [KeyError(WORDS)]), 500),
        (UnicodeDecodeError("utf-8", WORDS.encode(), 0, 1, WORDS), 500),
    ):
        monkeypatch.setattr(me_views, "render", raises(error))
        ends(status, officer.post("/me/data/", {**typed, "given_name": ""}))
    monkeypatch.undo()
    monkeypatch.setattr(desk, "render", raises(RuntimeError(WORDS)))
    ends(500, officer.get("/", HTTP_USER_AGENT=WORDS.encode("ascii", "ignore").decode()))
    for _ in range(40):  # until the account is locked
        answer = anyone.post("/accounts/login/", {"login": USER, "password": SECRET})
        if answer.status_code == 429:
            break
    ends(429, answer)
    # The respondents' surface: fields too many, another form, a code that fails, a database that is away.
    ends(415, anyone.post("/a/go/", WORDS, content_type="text/plain"))
    ends(413, anyone.post("/a/go/", "a=" + ANSWER * 9000, content_type=FORM))
    monkeypatch.setattr(doors, "of_code", raises(ValueError(WORDS)))
    ends(500, anyone.post("/a/", f"code={codes[0]}&x={SECRET}", content_type=FORM))
    monkeypatch.setattr(doors, "of_code", raises(OperationalError(WORDS)))
    ends(503, anyone.post("/a/", f"code={codes[1]}&x={SECRET}", content_type=FORM))
    # The API and a file that is none.
    anyone.get("/api/v1/agencies/?q=" + CITIZEN)
    anyone.put("/api/v1/agencies/muang/2568/plan", json.dumps({"a": WORDS}), content_type="application/json")
    officer.post("/agencies/muang/2568/import/", {"file": SimpleUploadedFile(f"{NAME}.pdf", WORDS.encode())})
    for status in (400, 403, 404, 413, 415, 429, 500, 503):
        assert status in pages, status
    told = log.read()
    for word in (*PLANTED, survey.token, *codes[:2]):
        assert word not in told, word
    assert told.count("\n") > 15
    assert "RuntimeError" in told
    raw = log.raw.getvalue()  # the control
    for word in (NAME, SECRET, PHONE, EMAIL, CITIZEN, ANSWER):
        assert word in raw, word
    for status, answers in pages.items():
        for answer in answers:
            body = answer.content.decode()
            for word in (NAME, PHONE, SECRET, CITIZEN, TOKEN, ANSWER, ADDRESS, survey.token, *codes[:2]):
                assert word not in body, (status, word)
            assert "Traceback" not in body
            assert "RuntimeError" not in body


@pytest.mark.django_db(transaction=True)
def test_a_webhook_that_fails_tells_neither_its_address_nor_the_answer(
    log: Log, cast: Cast, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from prongsai.site.api.models import Delivery, Webhook
    from prongsai.site.api.webhooks import locked

    hook = Webhook.objects.create(
        agency=cast.agency, name=NAME, url=f"https://{USER}:{SECRET}@hooks.example.test/{TOKEN}", secret=locked(SECRET),
        by=cast.officer,
    )  # fmt: skip
    made = Delivery.objects.create(webhook=hook, event="11111111-1111-4111-8111-111111111111", kind="x", body=WORDS)
    monkeypatch.setattr(webhooks_jobs, "headers", raises(OSError(WORDS)))
    with_errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", with_errors)
    webhooks_jobs.send.enqueue(made.pk)
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)
    monkeypatch.undo()
    webhooks_jobs.send.enqueue(made.pk)  # and one whose address cannot be reached
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)
    assert DBTaskResult.objects.failed().filter(traceback__contains=SECRET).exists()  # the control
    page = client_of("admin").get("/system/jobs/").content.decode()
    assert "OSError" in page
    for word in PLANTED:
        assert word not in page, word
    for word in PLANTED:
        assert word not in log.read() + with_errors.getvalue(), word


def test_a_command_that_fails_logs_nothing_and_a_fault_says_no_path(
    log: Log, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = tmp_path / "x.yaml"
    bad.write_text(f"agency: {{name: {NAME}}}\nscores: [{SECRET}]", encoding="utf-8")
    assert main(["score", str(bad), "--json"]) != 0
    assert SECRET not in log.read()
    assert NAME not in log.read()
    capsys.readouterr()


def test_whoever_serves_writes_no_access_log_of_respondents() -> None:
    nginx = (DOCS / "operations" / "nginx.conf").read_text(encoding="utf-8")
    survey = re.search(r"location /a/ \{(.*?)\}", nginx, re.DOTALL)
    assert survey is not None
    assert "access_log off;" in survey[1]
    assert "error_log /dev/null;" in survey[1]
    serve = (DOCS.parent / "src" / "prongsai" / "cli" / "serve.py").read_text(encoding="utf-8")
    assert "log_access=False" in serve
    server = told_with(LOGGING, "_granian")
    assert server["loggers"]["_granian"]["handlers"] == []
    assert server["formatters"]["told"]["()"].endswith("logs.Told")
