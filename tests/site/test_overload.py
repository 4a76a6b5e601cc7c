"""Who is sent away when more is asked than can be done, what they read, and that nothing they typed is lost."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from ask_world import FORM, HIDDEN, Respondent, calm  # noqa: F401 - a fixture
from cast import Cast
from survey_world import form_of, given, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.site.ask import limits
from prongsai.site.ask.limits import Buckets
from prongsai.site.ask.middleware import before
from prongsai.site.ask.surface import PADDED
from prongsai.site.base.overload import AT_WORK, MARK, SIGNING_IN, Limits, Overload, class_of
from prongsai.site.busy import refusal
from prongsai.site.operation import metrics
from prongsai.site.surveys.models import Code, Letter
from prongsai.survey.words import languages, words

SIGNED = {"HTTP_COOKIE": "language=th; sessionid=abc"}
LIMITS = Limits(threads=24, pages=15, patience=2)


def environ(path: str, method: str = "GET", body: str = "", **more: str) -> dict[str, Any]:
    size = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body.encode()))} if body else {}
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}
    return {**asked, **size, "wsgi.input": io.BytesIO(body.encode()), **more}


def answered(application: Any, asked: dict[str, Any]) -> tuple[int, dict[str, str], str]:
    told: list[Any] = []
    body = b"".join(application(asked, lambda status, headers, *_: told.extend((status, headers))))
    return int(told[0][:3]), dict(told[1]), body.decode()


class Slow:
    """A site whose pages last until they are let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.inside = threading.Semaphore(0)

    def __call__(self, asked: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.inside.release()
        if asked["PATH_INFO"] not in ("/accounts/login/", "/static/x.css", "/health/"):
            self.go.wait(20)
        start_response("200 OK", [])
        return [b"page"]


class Full:
    """So many requests in hand, each in a thread of its own, until the block ends."""

    def __init__(self, load: Overload, asked: list[dict[str, Any]]) -> None:
        self.slow, self.load = Slow(), load
        self.application = load.counted(load.pages(self.slow, refusal))
        self.statuses: Counter[int] = Counter()
        self.threads = [threading.Thread(target=self._one, args=(one,)) for one in asked]

    def _one(self, asked: dict[str, Any]) -> None:
        self.statuses[answered(self.application, asked)[0]] += 1

    def __enter__(self) -> Full:
        for thread in self.threads:
            thread.start()
        for _ in range(min(len(self.threads), AT_WORK)):
            assert self.slow.inside.acquire(timeout=5)
        end = time.monotonic() + 10
        while self.load._busy < len(self.threads):
            assert time.monotonic() < end
            time.sleep(0.001)
        return self

    def __exit__(self, *_: object) -> None:
        self.slow.go.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.parametrize(
    ("path", "method", "more", "expected"),
    [
        ("/static/ask/ask.css", "GET", {}, "free"),
        ("/health/", "GET", {}, "free"),
        ("/ready/", "GET", {}, "free"),
        ("/accounts/login/", "POST", {}, "login"),
        ("/api/v1/rounds", "GET", SIGNED, "visitor"),
        ("/results/", "GET", {"HTTP_COOKIE": "language=en"}, "visitor"),
        ("/agencies/muang/", "GET", SIGNED, "officer"),
        ("/agencies/muang/", "POST", SIGNED, "saving"),
    ],
)
def test_every_request_has_its_class(path: str, method: str, more: dict[str, str], expected: str) -> None:
    assert class_of(environ(path, method, **more)) == expected


def test_visitors_are_sent_away_first_then_officers_then_who_saves_and_sign_in_is_answered() -> None:
    load = Overload(LIMITS)
    with Full(load, [environ("/results/x/") for _ in range(11)]) as full:
        began = time.monotonic()
        assert answered(full.application, environ("/results/y/"))[0] == 503
        assert time.monotonic() - began < LIMITS.patience, "sent away at once, not after it waited"
        assert answered(full.application, environ("/api/v1/rounds"))[0] == 503
    with Full(load, [environ("/", **SIGNED) for _ in range(15)]) as full:
        asked = environ("/agencies/", **SIGNED)
        assert answered(full.application, asked)[0] == 503
        assert asked[MARK]
        for path in ("/accounts/login/", "/static/x.css", "/health/"):
            assert answered(full.application, environ(path))[0] == 200, path
    with Full(load, [environ("/", **SIGNED) for _ in range(15)] + [environ("/", "POST", **SIGNED)] * 2) as full:
        assert answered(full.application, environ("/", "POST", **SIGNED))[0] == 503
    assert full.statuses == {200: 17}  # whoever was let in is answered, also who had to wait for it
    with Full(load, [environ("/results/x/") for _ in range(11)]) as full:  # all places are free again
        pass
    assert full.statuses == {200: 11}
    assert (load._busy, load._pages, load._logins) == (0, 0, 0)


def test_sign_ins_wait_for_each_other_and_a_flood_of_them_takes_neither_memory_nor_all_threads() -> None:
    load = Overload(LIMITS)
    with Full(load, [environ("/accounts/slow/", "POST") for _ in range(load.limits.signing_in)]) as full:
        assert load.limits.signing_in > SIGNING_IN
        assert not full.slow.inside.acquire(timeout=0.2), "more passwords at a time than there is memory for"
        assert answered(full.application, environ("/accounts/login/"))[0] == 503
        full.slow.go.set()
    assert full.statuses == {200: load.limits.signing_in}


def test_without_patience_nobody_is_sent_away() -> None:
    off = Overload(Limits(threads=16, pages=1, patience=0))
    slow = Slow()
    assert off.counted(off.pages(slow, refusal)) is slow
    assert not off.respondent_waits(environ("/a/"))


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def crowded() -> tuple[Overload, Clock]:
    """More than half of the threads are busy, and stay so."""
    clock = Clock()
    load = Overload(LIMITS, clock)
    load._busy = 20
    return load, clock


def test_who_comes_is_asked_to_wait_before_who_sends_and_only_for_a_moment(crowded: tuple[Overload, Clock]) -> None:
    load, clock = crowded
    counted = load.counted(lambda asked, start: [])
    come, send = environ("/a/"), environ("/a/go/", "POST")
    counted(come, lambda *_: None)
    assert not load.respondent_waits(come)
    clock.now += 1.1  # pages go at half the patience
    assert answered(load.pages(Slow(), refusal), environ("/", **SIGNED))[0] == 503
    assert not load.respondent_waits(come)
    clock.now += 1.0
    assert load.respondent_waits(come)
    assert not load.respondent_waits(send)
    load._busy = 0
    counted(come, lambda *_: None)  # sent away in no time, so few are busy: that is no sign that the queue is empty
    assert load.respondent_waits(come)
    clock.now += 0.26
    assert not load.respondent_waits(come)
    load._busy = 20
    clock.now += 1.9
    assert not load.respondent_waits(come)
    clock.now += 4.2
    assert load.respondent_waits(send)
    assert load.respondent_waits(come)


def test_a_quiet_moment_begins_the_patience_anew_and_a_quiet_hour_sends_nobody_away() -> None:
    clock = Clock()
    load = Overload(LIMITS, clock)
    counted = load.counted(lambda asked, start: [])
    for pause in (2.1, 3600.0, 6.1):
        clock.now += pause
        counted(environ("/a/"), lambda *_: None)
        assert not load.respondent_waits(environ("/a/"))
        assert not load.respondent_waits(environ("/a/go/", "POST"))


def test_the_page_for_officers_says_both_languages_and_what_became_of_the_form() -> None:
    headers, body = refusal(environ("/agencies/", **SIGNED))
    text = body.decode()
    assert 5 <= int(headers["Retry-After"]) <= 15
    assert "มีผู้ใช้จำนวนมาก" in text
    assert "Many people are here" in text
    assert "ยังไม่ได้บันทึก" not in text
    assert "unsafe" not in headers["Content-Security-Policy"]
    saving = refusal(environ("/agencies/", "POST", **SIGNED))[1].decode()
    assert "ยังไม่ได้บันทึก" in saving
    assert "has not been saved" in saving
    assert len({refusal(environ("/"))[0]["Retry-After"] for _ in range(60)}) > 5  # not all come again at once


def test_a_part_of_a_page_leaves_what_was_typed_where_it_is() -> None:
    headers, body = refusal(environ("/agencies/", "POST", HTTP_HX_REQUEST="true", **SIGNED))
    assert (headers["HX-Retarget"], headers["HX-Reswap"].split()[0]) == ("#main", "afterbegin")
    assert b"<html" not in body


def test_the_api_answers_in_its_own_shape() -> None:
    headers, body = refusal(environ("/api/v1/rounds"))
    error = json.loads(body)["error"]
    assert (error["status"], error["code"], headers["Content-Type"]) == (503, "busy", "application/json")
    assert set(error["problems"][0]["message"]) == {"th", "en"}


# --- respondents

waiting = before(Slow(), waits=lambda _: True)


@pytest.mark.parametrize("language", languages())
def test_who_comes_too_many_waits_longer_each_time_in_their_language(language: str) -> None:
    seconds = []
    for again in (0, 1, 2, 9):
        asked = environ(f"/a/abcdef/{language}/", QUERY_STRING=f"again={again}")
        status, headers, page = answered(waiting, asked)
        assert (status, words(language).texts["many_title"] in page) == (503, True)
        assert f"url=?again={again + 1}" in page
        assert f'content="{headers["Retry-After"]};' in page
        assert "Set-Cookie" not in headers
        assert len(page.encode()) == PADDED
        seconds.append(int(headers["Retry-After"]))
        assert asked[MARK]
    assert seconds[0] < seconds[3] <= 78
    assert "<script" not in page
    again = {answered(waiting, environ("/a/"))[1]["Retry-After"] for _ in range(60)}
    assert len(again) >= 4
    assert min(map(int, again)) >= 4


@pytest.mark.parametrize("query", ["again=999", "again=-1", "again=<b>", "x=again", "again=1&again=5", ""])
def test_a_strange_count_is_no_harm(query: str) -> None:
    status, _, page = answered(waiting, environ("/a/", QUERY_STRING=query))
    assert status == 503
    assert re.search(r"url=\?again=\d{1,3}\"", page)


@pytest.mark.django_db
@pytest.mark.usefixtures("key_folder", "calm")
def test_a_form_that_is_refused_is_sent_again_as_it_was_and_counts_once(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    survey, codes = open_survey(cast)
    me = Respondent().post("/a/", code=codes[0]).press("begin", eligible="yes", way="all")
    fields = {f"a-{code}": key for code, key in given(form_of(survey), 1).items()}
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(me.page)}
    body = urlencode({**hidden, **fields, "do": "send", "more": 'a "quoted" <text> & more'})
    with django_assert_num_queries(0):
        status, _, page = answered(waiting, environ("/a/go/", "POST", body))
    assert status == 503
    assert "http-equiv" not in page  # a page that loads itself anew would ask without the form
    again = [(name, unescape(value)) for name, value in HIDDEN.findall(page)]
    assert sorted(again) == sorted(parse_qsl(body, keep_blank_values=True))
    assert not Letter.objects.exists()
    sent = [me.post("/a/go/", **dict(again)).page for _ in range(2)]
    assert sent[0] == sent[1]
    assert (Letter.objects.count(), Code.objects.filter(spent=True).count()) == (1, 1)


def test_whatever_was_chosen_the_page_is_as_long() -> None:
    sizes = {
        len(answered(waiting, environ("/a/go/", "POST", urlencode({"t": "x" * 90, "a-i1": key, "do": "send"})))[2])
        for key in ("1", "other", "never")
    }
    assert len(sizes) == 1


def test_what_cannot_be_repeated_is_refused_for_what_it_is() -> None:
    assert answered(waiting, environ("/a/go/", "POST", "t=" + "x" * 40_000))[0] == 413
    assert answered(waiting, environ("/a/go/", "POST", "x", CONTENT_TYPE="text/plain"))[0] == 415


def test_who_was_sent_away_is_counted_apart_from_failures(settings: Any) -> None:
    settings.METRICS_TOKEN = "t" * 40
    names = ("prongsai_sent_away_total", "prongsai_errors_total")

    def values() -> list[float]:
        return [metrics._REGISTRY.get_sample_value(name, {"surface": "respondents"}) or 0 for name in names]

    was = values()
    answered(metrics.measured(waiting), environ("/a/"))
    assert [now - then for now, then in zip(values(), was, strict=True)] == [1, 0]


# --- many people behind one address


def test_five_hundred_people_of_one_office_answer_within_six_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """All begin within a minute, thirty questions one by one; in one process, where the limits are narrowest."""
    clock = Clock()
    monkeypatch.setattr(limits.time, "monotonic", clock)
    office = Buckets(limits.requests.rate, limits.requests.burst)
    moments = sorted(60 * person / 500 + 300 * step / 33 for person in range(500) for step in range(34))
    refused = 0
    for moment in moments:
        clock.now = 1000 + moment
        refused += office.take(b"office") > 0
    assert (len(moments), refused) == (17_000, 0)
    # The control: ten times as much from one address is no office.
    assert sum(office.take(b"flood") > 0 for _ in range(40_000)) > 30_000
