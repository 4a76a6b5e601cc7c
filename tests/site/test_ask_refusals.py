"""Bad input and closed doors: a kind sentence, the right status, nothing half stored; and what every answer carries."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from ask_world import FORM, Respondent, calm  # noqa: F401 - a fixture
from cast import Cast
from django.core.signing import Signer
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from survey_world import form_of, given, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.site.ask import doors, limits, steps, surface
from prongsai.site.ask import ticket as tickets
from prongsai.site.ask.web import Request
from prongsai.site.rounds.models import Stage
from prongsai.site.surveys import store
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import Box, Code, Letter, Seen, Survey, SurveyState
from prongsai.site.wsgi import application
from prongsai.survey.codes import new_code
from prongsai.survey.words import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder", "calm")]
SAY = words().texts


def fields(survey: Survey) -> dict[str, str]:
    return {f"a-{code}": key for code, key in given(form_of(survey), 1).items()}


def nothing_stored() -> bool:
    return not (Letter.objects.exists() or Seen.objects.exists() or Code.objects.filter(spent=True).exists())


def at_review(survey: Survey, code: str) -> Respondent:
    me = Respondent().post("/a/", code=code).press("begin", eligible="yes", way="all")
    return me.press("review", **fields(survey))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "error_code_length"),
        ("4K7M", "error_code_length"),
        ("4K7M-9XRT-2HI!", "error_code_character"),
        ("<script>alert(1)</script>", "error_code_length"),
    ],
)
def test_a_mistyped_code(typed: str, key: str, cast: Cast) -> None:
    open_survey(cast)
    me = Respondent().post("/a/", code=typed)
    assert (me.status, SAY[key] in me.page) == (422, True)
    assert "<script" not in me.page
    assert nothing_stored()


def test_two_characters_swapped_a_foreign_and_a_spent_code(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    plain = next(code for code in codes if code[0] != code[1])
    swapped = plain[1] + plain[0] + plain[2:]
    assert SAY["error_code_checksum"] in Respondent().post("/a/", code=swapped).page
    foreign = Respondent().post("/a/", code=new_code())
    assert (foreign.status, SAY["error_code_unknown"] in foreign.page) == (422, True)
    at_review(survey, codes[0]).press("send")
    again = Respondent().post("/a/", code=codes[0])
    assert (again.status, SAY["spent_title"] in again.page) == (409, True)
    assert Letter.objects.count() == 1


def test_a_code_used_from_two_telephones_counts_once(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    first, second = at_review(survey, codes[0]), at_review(survey, codes[0])
    assert first.press("send").status == 200
    assert second.press("send").status == 409
    assert SAY["spent_title"] in second.page
    assert Letter.objects.count() == 1


def test_thai_digits_and_any_spacing_are_understood(cast: Cast) -> None:
    _, codes = open_survey(cast)
    thai = codes[0].translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert Respondent().post("/a/", code=f"  {thai.lower()} ").status == 200


def test_before_the_opening_and_after_the_close(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    waiting = at_review(survey, codes[0])
    stage, today = Stage.objects.filter(round=survey.assessment.round), timezone.localdate()
    stage.update(opens=today + dt.timedelta(days=1))
    doors.forget()
    early = Respondent().get(f"/a/{survey.token}/")
    assert (early.status, SAY["early_title"] in early.page) == (403, True)
    stage.update(opens=today - dt.timedelta(days=3), closes=today - dt.timedelta(days=1))
    doors.forget()
    for late in (
        Respondent().get(f"/a/{survey.token}/"),
        Respondent().post("/a/", code=codes[1]),
        waiting.press("send"),
    ):
        assert (late.status, SAY["closed_title"] in late.page) == (410, True)
    assert nothing_stored()


def test_closed_in_this_second_by_the_assessor(cast: Cast) -> None:
    """The door that was kept for a second is still open, the box is not: the deposit itself is refused."""
    survey, codes = open_survey(cast)
    waiting = at_review(survey, codes[0])
    Box.objects.update(closed=True, batch=None)
    assert waiting.press("send").status == 410
    assert nothing_stored()


def test_a_batch_mixed_while_the_door_was_kept_is_no_obstacle(cast: Cast) -> None:
    from prongsai.survey.letterbox import mix

    survey, codes = open_survey(cast)
    waiting = at_review(survey, codes[0])
    for code in codes[1:8]:
        at_review(survey, code).press("send")
    from prongsai.site.surveys.store import DatabaseStorage

    assert mix(DatabaseStorage(), keys(), survey.boxes.get().pk, 3) == 4
    assert waiting.press("send").status == 200


def test_before_the_mixer_has_prepared_the_box_and_when_a_key_is_lost(cast: Cast, key_folder: Path) -> None:  # noqa: F811
    survey, codes = open_survey(cast)
    waiting = at_review(survey, codes[0])
    for path in (key_folder / "public").iterdir():
        path.unlink()
    doors.forget()  # otherwise noticed after a second
    lost = waiting.press("send")
    assert (lost.status, lost.headers["Retry-After"]) == (503, "60")
    Box.objects.update(batch=None)
    doors.forget()
    assert SAY["notready_title"] in Respondent().get(f"/a/{survey.token}/").page
    assert nothing_stored()


def test_a_database_that_is_full_or_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, codes = open_survey(cast)
    waiting = at_review(survey, codes[0])
    page = waiting.page

    def full(*_: object) -> None:
        raise OperationalError("database or disk is full: 4K7M")

    monkeypatch.setattr(store.writer, "_put", full)
    waiting.press("send")
    assert (waiting.status, waiting.headers["Retry-After"]) == (503, "60")
    assert SAY["unable_title"] in waiting.page
    assert SAY["no_answer_kept"] not in waiting.page  # nobody knows
    assert nothing_stored()
    monkeypatch.undo()
    waiting.page = page
    assert waiting.press("send").status in (200, 429)


@pytest.mark.django_db(transaction=True)  # a server looks after its connection between requests
def test_the_front_of_a_server_says_the_same_as_the_middleware(cast: Cast) -> None:
    _, codes = open_survey(cast)
    said: list[tuple[str, dict[str, str]]] = []
    asked = {"REQUEST_METHOD": "GET", "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}

    def by_wsgi(path: str, **more: object) -> bytes:
        start = lambda status, headers: said.append((status, dict(headers)))  # noqa: E731
        return b"".join(application({**asked, "PATH_INFO": path, **more}, start))  # type: ignore[arg-type]

    for path in ("/a/", "/a", "/a/zzzzzz/", "/a/go/", "/a/receipt/"):
        through = Client().get(path)
        assert by_wsgi(path) == through.content
        status, headers = said[-1]
        assert (int(status[:3]), headers) == (through.status_code, dict(through.headers))
    body = f"code={codes[0]}".encode()
    more = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body))}
    assert b'name="t"' in by_wsgi("/a/", **more, **{"wsgi.input": io.BytesIO(body)})
    assert by_wsgi("/b/")  # the site's own page, through all middleware
    assert said[-1][0].startswith("404")
    assert "script-src 'self'" in said[-1][1]["Content-Security-Policy"]


def test_an_address_that_is_none(cast: Cast) -> None:
    survey, _ = open_survey(cast)
    for path in ("/a/zzzzzz/", "/a/%00/", "/a/receipt/more/", "/a/x/y/z/", f"/a/{survey.token}/nothing/"):
        me = Respondent().get(path)
        assert (me.status, SAY["lost_title"] in me.page) == (404, True), path
    Survey.objects.update(state=SurveyState.DRAFT, form=None)
    doors.forget()
    assert Respondent().get(f"/a/{survey.token}/").status == 403


def test_a_missing_row_is_marked_and_the_rest_is_kept(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    mine = fields(survey)
    left = mine.pop("a-r3")
    me = Respondent().post("/a/", code=codes[0]).press("begin", eligible="yes", way="all").press("send", **mine)
    assert (me.status, SAY["say_lines"].format(n=1) in me.page) == (422, True)
    assert me.page.count('class="line missing"') == 1
    assert me.page.count(" checked") == len(mine)
    assert nothing_stored()
    assert me.press("send", **{"a-r3": left}).receipt
    one = Respondent().post("/a/", code=codes[1]).press("begin", eligible="yes", way="one").press("next")
    assert (one.status, SAY["say_all_rows"] in one.page) == (422, True)


@pytest.mark.parametrize("wrong", [{"a-r1": "77"}, {"a-r99": "1"}, {"a-r1": "<b>"}, {"a-": "1"}])
def test_an_option_or_question_that_does_not_exist(wrong: dict[str, str], cast: Cast) -> None:
    survey, codes = open_survey(cast)
    me = Respondent().post("/a/", code=codes[0]).press("begin", eligible="yes", way="all")
    me.press("send", **{**fields(survey), **wrong})
    assert (me.status, SAY["option"] in me.page) == (422, True)
    assert nothing_stored()


def test_a_changed_an_old_and_another_surveys_hidden_field(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, codes = open_survey(cast)
    me = at_review(survey, codes[0])
    good = me.page
    from ask_world import HIDDEN

    signed = dict(HIDDEN.findall(good))["t"]
    box = signed.split(".")[0]
    other = Signer(salt="prongsai.ask.ticket").sign("not a ticket")
    for wrong in ("", "x", signed[:-1] + ("A" if signed[-1] != "A" else "B"), signed.replace(box, "0" * 16), other):
        me.page = good
        me.press("send", t=wrong)
        assert (me.status, SAY["broken_title"] in me.page) == (400, True)
    for button in ("", "publish", "edit-0", "edit-99", "edit-x"):
        me.page = good
        assert me.press(button).status == 400
    me.page = good
    now = time.time() + tickets.GOOD_FOR + 10
    monkeypatch.setattr(tickets.time, "time", lambda: now)
    me.press("send")
    assert (me.status, SAY["stale_title"] in me.page) == (410, True)
    assert nothing_stored()


def test_a_robot(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, _ = open_survey(cast)
    whole = Respondent().get(f"/a/{survey.token}/all/")
    page = whole.page
    trapped = whole.press("send", eligible="yes", comment="buy", **fields(survey))
    assert (trapped.status, SAY["trapped"] in trapped.page) == (400, True)
    monkeypatch.setattr(steps, "LEAST", 3)
    whole.page = page
    soon = whole.press("send", eligible="yes", **fields(survey))
    assert (soon.status, SAY["review_title"] in soon.page) == (429, True)
    assert nothing_stored()
    monkeypatch.setattr(steps, "LEAST", 0)
    assert soon.press("send").receipt  # a quick person presses once more


def test_ten_megabytes_are_not_read(cast: Cast) -> None:
    open_survey(cast)
    response = Client().post("/a/", b"code=" + b"A" * 10_000_000, content_type=FORM)
    assert (response.status_code, SAY["large_title"] in response.content.decode()) == (413, True)
    many = Client().post("/a/", "&".join(f"a{n}=1" for n in range(1000)), content_type=FORM)
    assert many.status_code == 400
    assert Client().post("/a/", {"code": "x"}).status_code == 415  # multipart: no files here
    assert Client().post("/a/go/", b"t=\xff\xfe", content_type=FORM).status_code == 400


def test_other_methods_and_places(cast: Cast) -> None:
    survey, _ = open_survey(cast)
    assert Respondent().get("/a/go/").status == 405
    assert Client().put("/a/", "x").status_code == 405
    assert Client().delete(f"/a/{survey.token}/").status_code == 405
    assert Respondent().post(f"/a/{survey.token}/", t="x").status == 405
    assert Client().head(f"/a/{survey.token}/").content == b""
    assert Respondent().get("/a").status == 301


def test_receipts_that_are_none(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    good = at_review(survey, codes[0]).press("send").receipt
    for wrong in ("", "x", good[:-1] + ("0" if good[-1] != "0" else "1"), "2026-1121-4K7M-9XRT-ABCD-EF12", "ก" * 500):
        me = Respondent().post("/a/receipt/", receipt=wrong)
        assert (me.status, SAY["check_no"] in me.page) == (422, True)


def test_an_office_behind_one_address_passes_and_a_guesser_waits(cast: Cast) -> None:
    survey, codes = open_survey(cast)
    guesser = Respondent()
    statuses = [guesser.post("/a/", code=new_code()).status for _ in range(42)]
    assert statuses[:40] == [422] * 40
    assert statuses[-1] == 429
    assert int(guesser.headers["Retry-After"]) > 0
    assert Respondent().get(f"/a/{survey.token}/").status == 200  # links and forms are not touched by that
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/a/", f"code={codes[0]}", content_type=FORM).status_code == 200
    behind_proxy = Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.7")
    assert behind_proxy.post("/a/", f"code={codes[0]}", content_type=FORM).status_code == 200
    assert limits.requests.burst >= 500 * 8  # 500 people, a page every few seconds


def test_buckets_fill_again_forget_and_keep_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    bucket = limits.Buckets(rate=0.5, burst=2)
    assert [bucket.take(b"a") for _ in range(2)] == [0, 0]
    assert bucket.take(b"a") == 2.0
    now[0] += 2
    assert bucket.take(b"a") == 0
    monkeypatch.setattr(limits, "MOST", 10)
    for n in range(30):
        bucket.take(bytes([n]))
    assert len(bucket._left) <= 11
    request = Request({"REMOTE_ADDR": "203.0.113.9"})
    who = limits._who(request)
    assert b"203" not in who
    monkeypatch.setattr(limits._salt, "day", 0)
    assert limits._who(request) != who  # another day, another salt
    six = [limits._who(Request({"REMOTE_ADDR": f"2001:db8::{n}"})) for n in (1, 2)]
    assert six[0] == six[1]


def test_every_answer_has_the_headers_and_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, codes = open_survey(cast)
    pages = [
        Respondent().get("/a/"),
        Respondent().get("/a/en/"),
        Respondent().get("/a/receipt/"),
        Respondent().get(f"/a/{survey.token}/"),
        Respondent().get(f"/a/{survey.token}/all/"),
        Respondent().get("/a/zzzzzz/"),
        Respondent().get("/a/go/"),
        Respondent().post("/a/", code="?"),
        at_review(survey, codes[0]),
        at_review(survey, codes[1]).press("send"),
        Respondent().post("/a/go/", t="?"),
    ]
    monkeypatch.setattr(surface, "_get", lambda rest: 1 / 0)
    pages.append(Respondent().get("/a/"))
    assert pages[-1].status == 500
    for me in pages:
        policy = me.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy  # none at all
        assert "frame-ancestors 'none'" in policy
        assert me.headers["Cache-Control"] == "no-store"
        assert me.headers["Referrer-Policy"] == "no-referrer"
        assert me.headers["X-Content-Type-Options"] == "nosniff"
        assert "geolocation=()" in me.headers["Permissions-Policy"]
        assert me.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "ETag" not in me.headers
        for trace in ("<script", " style=", "http://", "https://", "localStorage", "onclick"):
            assert trace not in me.page, trace
        assert me.page.count("<h1") == 1 or me.status == 500
    css = Path(surface.__file__).parent / "static" / "ask" / "ask.css"
    assert css.stat().st_size <= 10_000
    assert max(len(me.page.encode()) for me in pages) + css.stat().st_size <= 60_000


def test_no_session_no_login_and_few_queries(cast: Cast, django_assert_max_num_queries) -> None:
    survey, _ = open_survey(cast)
    with django_assert_max_num_queries(6):
        Respondent().get(f"/a/{survey.token}/")
    with django_assert_max_num_queries(0):
        Respondent().get(f"/a/{survey.token}/")


def test_the_log_has_no_path_address_code_or_answer(cast: Cast, caplog, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)  # SQL is logged by DEBUG sites only
    survey, codes = open_survey(cast)
    caplog.clear()
    client = Client(REMOTE_ADDR="203.0.113.77", raise_request_exception=False)
    client.get("/a/zzzzzz/")
    client.get(f"/a/{survey.token}/nothing/")
    client.post("/a/", f"code={codes[0][:-1]}", content_type=FORM)
    client.post("/a/", f"code={codes[0]}", content_type=FORM)

    def broken(*_: object) -> None:
        raise RuntimeError(f"secret of {codes[1]}")

    monkeypatch.setattr(doors, "of_code", broken)
    response = client.post("/a/", f"code={codes[1]}", content_type=FORM)
    assert response.status_code == 500
    monkeypatch.setattr(steps, "at_address", broken)
    client.get(f"/a/{survey.token}/")
    logged = caplog.text
    assert logged.count("error ") == 2
    number = logged.split("error ")[1][:8]
    assert number in response.content.decode() or logged.split("error ")[2][:8] in response.content.decode()
    for secret in (survey.token, "zzzzzz", codes[0], codes[1], "203.0.113.77", "secret", "/a/"):
        assert secret not in logged


def test_debug_shows_no_debug_page(cast: Cast, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    monkeypatch.setattr(surface, "_get", lambda rest: 1 / 0)
    me = Respondent().get("/a/")
    assert (me.status, SAY["failed_title"] in me.page) == (500, True)
    assert "ZeroDivisionError" not in me.page
    monkeypatch.setattr(surface, "render", lambda *a, **k: 1 / 0)
    assert "ZeroDivisionError" not in Respondent().get("/a/").page


def test_addresses_are_read_in_one_place_only() -> None:
    room = Path(surface.__file__).parent
    readers = [path for path in room.parent.rglob("*.py") if "REMOTE_ADDR" in path.read_text(encoding="utf-8")]
    assert readers == [room.parent / "base" / "address.py"]
    askers = [path.name for path in room.rglob("*.py") if "base.address" in path.read_text(encoding="utf-8")]
    assert askers == ["limits.py"]
    for path in room.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "request.session" not in text
        assert "COOKIES" not in text


def test_the_surface_comes_before_everything_else(settings) -> None:
    """But the headers, which are the same for everybody and ask nothing of the request."""
    first = ["prongsai.site.base.headers.HeadersMiddleware", "prongsai.site.ask.middleware.SurfaceMiddleware"]
    assert settings.MIDDLEWARE[:2] == first


def test_sizes_tell_nothing_of_the_answers(cast: Cast) -> None:
    """What whoever listens to the network can see of an encrypted form: its length, and that of the page after it."""
    survey, _ = open_survey(cast)
    form = form_of(survey)
    sent, got = set(), set()
    for option in (0, -1):
        me = Respondent().get(f"/a/{survey.token}/all/")
        values = {
            line.code: re.findall(rf'name="a-{re.escape(line.code)}" value="([^"]*)"', me.page)[option]
            for line in form.lines
        }
        body = urlencode({f"a-{code}": value for code, value in values.items()})
        sent.add(len(body))
        me.press("review", eligible="yes", **{f"a-{code}": value for code, value in values.items()})
        got.add(int(me.headers["Content-Length"]))
    assert len({value.strip() for value in values.values()}) > 1
    assert len(sent) == 1
    assert len(got) == 1
    assert got.pop() % 4096 == 0


def test_a_spent_code_is_refused_in_the_language_of_the_answer_and_says_nothing_false(cast: Cast) -> None:
    """Whoever pressed twice must not read that nothing was stored: the first press stored it."""
    survey, codes = open_survey(cast, translated=True)
    first, second = at_review(survey, codes[0]), at_review(survey, codes[0])
    first.press("send")
    english = words("en").texts
    second.press("send", lang="en")
    assert second.status == 409
    assert english["spent_title"] in second.page
    assert english["no_answer_kept"] not in second.page
    assert SAY["no_answer_kept"] not in Respondent().post("/a/", code=codes[0]).page
    assert SAY["no_answer_kept"] in Respondent().get("/a/zzzzzz/").page
