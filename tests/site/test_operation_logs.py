"""Nothing planted comes out: secrets, names, codes, addresses of people, in no line of the log and on no error page."""

from __future__ import annotations

import copy
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from ask_world import FORM, calm  # noqa: F401 - a fixture
from cast import Cast
from django.core.mail import get_connection
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from survey_world import key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.site.ask import doors
from prongsai.site.desk import views as desk
from prongsai.site.inspection import jobs
from prongsai.site.notices import send
from prongsai.site.notices.models import Notice
from prongsai.site.operation.logs import OUT, Told, redacted, told_with

CITIZEN, PHONE, EMAIL, ADDRESS = "1-2345-67890-12-3", "081-234-5678", "somying@example.test", "203.0.113.77"
NAME, SECRET = "สมหญิง ตัวอย่าง", "planted-password-9"


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that the site writes in this test, as its operator sees it."""
    out, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Told(request.param))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def planted() -> Exception:
    return IntegrityError(f"Key (name)=({NAME}, {CITIZEN}, {PHONE}, {EMAIL}) from {ADDRESS} with {SECRET}")


def fails(*_: object, **__: object) -> None:
    raise planted()


SEARCHED = (NAME, "สมหญิง", CITIZEN, PHONE, EMAIL, ADDRESS, SECRET, "wanderer")


@pytest.mark.django_db
@pytest.mark.usefixtures("key_folder", "calm")
def test_no_log_line_and_no_error_page_has_what_was_planted(
    log: io.StringIO, cast: Cast, client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, codes = open_survey(cast)
    quiet = Client(raise_request_exception=False, REMOTE_ADDR=ADDRESS)
    quiet.get(
        f"/nothing/{EMAIL}/?q={CITIZEN}"
    )  # its page has the visitor's own address: the language switch leads back
    pages = [
        quiet.get("/nothing/"),
        quiet.get(f"/agencies/muang/2568/?name={NAME}", SERVER_NAME=f"{SECRET}.example.test"),
        Client(enforce_csrf_checks=True, REMOTE_ADDR=ADDRESS).post("/language/", {"language": "en"}),
    ]
    for _ in range(10):  # until the login is locked
        quiet.post("/accounts/login/", {"login": "wanderer", "password": SECRET})
    monkeypatch.setattr(desk, "render", fails)
    officer = client_of("officer")
    officer.raise_request_exception = False
    pages.append(officer.get("/", headers={"User-Agent": NAME}))
    assert pages[-1].status_code == 500
    monkeypatch.setattr(doors, "of_code", fails)
    pages.append(quiet.post("/a/", f"code={codes[0]}", content_type=FORM))
    assert pages[-1].status_code == 500
    quiet.get(f"/a/{survey.token}/{EMAIL}/")
    notice = Notice.objects.create(to=cast.officer, key="k", subject=NAME, text=SECRET)
    monkeypatch.setattr(get_connection().__class__, "send_messages", fails)
    with_errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", with_errors)
    send.deliver.enqueue(notice.pk)
    monkeypatch.setattr(jobs.CheckRun.objects, "get", fails)
    jobs.look.enqueue(1)
    call_command("work", "--once", stdout=with_errors, stderr=with_errors)
    logging.getLogger("some.library").error("%s of %s failed for %s", NAME, CITIZEN, 7, exc_info=planted())
    logging.getLogger("some.library").error(f"mail to {EMAIL} from {ADDRESS}, call {PHONE}")
    logging.getLogger("prongsai.any").error("code %s at /a/%s/?x=1", codes[0], survey.token)
    told = log.getvalue() + with_errors.getvalue()
    shown = "".join(page.content.decode() for page in pages)
    assert told.count("\n") > 8
    for one in (*SEARCHED, survey.token, *codes):
        assert one not in told, one
    for one in (CITIZEN, PHONE, ADDRESS, SECRET, survey.token, *codes):
        assert one not in shown, one
    assert "IntegrityError" in told  # the control: the failures were written
    assert "IntegrityError" not in shown
    assert '"/"' in told or "route=/" in told


def test_what_an_operator_needs_is_there(log: io.StringIO) -> None:
    try:
        try:
            {}[SECRET]
        except KeyError as cause:
            raise ValueError(NAME) from cause
    except ValueError:
        logging.getLogger("some.library").exception("task %s of %s", 17, NAME)
    line = log.getvalue().splitlines()[-1]
    for part in (f"task 17 of {OUT}", "ValueError < KeyError", "test_operation_logs.py:", "ERROR", "some.library"):
        assert part in line
    if line.startswith("{"):
        told = json.loads(line)
        assert set(told) == {"time", "level", "logger", "message", "error", "at", "id"}


def test_a_record_that_cannot_be_told_is_told_without_its_words() -> None:
    record = logging.LogRecord("some.library", logging.ERROR, __file__, 1, "%d of %s", (SECRET, NAME), None)
    line = Told().format(record)
    assert "cannot be written" in line
    assert SECRET not in line


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8000 listening",
        "at 2026-11-21 10:00:00 version 0.5.1 in views.py:123",
        "mixed 1,234,567 answers, closed 12 surveys",
        "PRONGSAI_SECRET_KEY is shorter than expected",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "๑๒๓๔๕๖๗๘๙๐๑๒๓", "4K7M-9XRT-2HWC", "4k7m 9xrt 2hwc", "4K7M9XRT2HWC", "+66 812345678 or 0812345678",
        "2001:db8::7", "postgres://prongsai:planted-password-9@db/x", "Bearer abcdefgh", "ab12-34cd-56ef-7890-1a2b",
        "/a/abc234/en/",
    ],
)  # fmt: skip
def test_what_looks_like_a_persons_goes(text: str) -> None:
    left = redacted(f"x {text} y")
    assert OUT in left
    for part in (SECRET, "9XRT", "9xrt", "db8", "abc234", "๒๓๔", "0812345678", "34cd", "abcdefgh"):
        assert part not in left


def test_the_secrets_of_the_installation_are_known(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from prongsai.site.operation import logs

    logs._secrets.cache_clear()
    try:
        assert settings.SECRET_KEY not in redacted(f"key {settings.SECRET_KEY}")
    finally:
        logs._secrets.cache_clear()


def test_every_handler_of_the_site_writes_through_the_formatter(settings) -> None:
    told = told_with(copy.deepcopy(settings.LOGGING), "_granian")
    assert {handler["formatter"] for handler in told["handlers"].values()} == {"told"}
    assert all(one["handlers"] == [] for one in told["loggers"].values())
    assert {"django", "django.server", "_granian"} <= set(told["loggers"])
    for name in ("django", "django.request", "django.security", "axes"):
        assert all(isinstance(h.formatter, Told) for h in logging.getLogger(name).handlers)
