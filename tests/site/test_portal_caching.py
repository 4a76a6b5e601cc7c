"""Public pages are the same for everybody: kept, given again, and gone when what they show is taken back."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cast import Cast
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from light_release import light, withdraw

from prongsai.site.opendata.models import Release
from prongsai.site.portal import caching, front
from prongsai.site.portal.caching import public_page

PAGES = ["/method/", "/data/", "/data/2568/", "/changes/", "/feed.atom", "/sitemap.xml", "/robots.txt"]
PAGES += [f"/results/muang/2568/{page}" for page in ("picture.png", "badge.svg", "qr.svg", "embed/", "embedding/")]


@pytest.fixture
def released(cast: Cast) -> Release:
    return light(cast)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_public_tagged_and_sets_no_cookie(
    released: Release, path: str, client_of: Callable[[str], Client]
) -> None:
    first = Client().get(path)
    assert first["Cache-Control"] == "public, max-age=60, stale-while-revalidate=240"
    assert first["ETag"].startswith('W/"')
    assert not first.cookies
    assert {one.strip() for one in first["Vary"].split(",")} == {"Accept-Encoding", "Cookie"}
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == first["ETag"]
    head = Client().head(path)
    assert head.status_code == 200
    assert head["ETag"] == first["ETag"]
    assert not head.content
    signed = client_of("officer").get(path)
    assert signed.content == first.content
    assert not signed.cookies
    packed = Client().get(path, headers={"Accept-Encoding": "gzip"})
    if packed.get("Content-Encoding") == "gzip":
        assert gzip.decompress(packed.content) == first.content
    assert Client().post(path).status_code == 405
    assert Client().get("/nowhere/").status_code == 404


@pytest.mark.parametrize("path", ["/results/nobody/2568/embed/", "/data/2560/", "/method/none/"])
def test_what_is_not_there_sets_no_cookie_either(released: Release, path: str) -> None:
    found = Client().get(path)
    assert found.status_code == 404
    assert not found.cookies
    assert "public" not in found["Cache-Control"]


def test_languages_are_two_pages_and_the_address_wins(released: Release) -> None:
    english = Client()
    english.cookies["language"] = "en"
    thai, other = Client().get("/data/"), english.get("/data/")
    assert thai.content != other.content
    assert thai["ETag"] != other["ETag"]
    assert "Open data" in other.content.decode()
    assert other["Content-Language"] == "en"
    asked = Client().get("/data/?language=en")
    assert asked["Content-Language"] == "en"
    assert "Cookie" not in asked["Vary"]
    assert english.get("/data/?language=th")["Content-Language"] == "th"


def test_a_page_is_drawn_once_and_anew_when_something_is_published(cast: Cast, released: Release) -> None:
    first = Client().get("/data/2568/")
    light(cast, note="แก้ไขผลตรวจ")
    second = Client().get("/data/2568/", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert "แก้ไขผลตรวจ" in second.content.decode()
    withdraw(cast.round)
    assert Client().get("/data/2568/", headers={"If-None-Match": second["ETag"]}).status_code == 410


def counted() -> tuple[Callable[..., HttpResponse], list[HttpRequest]]:
    """A public view, and the requests that reached it."""
    seen: list[HttpRequest] = []

    @public_page(key=lambda request: request.GET.get("plan", ""))
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse(f"page {len(seen)} {request.user} {dict(request.COOKIES)}")

    return view, seen


def test_nothing_of_the_reader_reaches_the_page(db: None) -> None:
    view, seen = counted()
    request = RequestFactory().get("/x/")
    request.user, request.COOKIES = "นางสมหญิง", {"sessionid": "secret"}  # type: ignore[assignment]
    assert view(request).content == b"page 1 AnonymousUser {}"
    assert view(RequestFactory().get("/x/")).content == b"page 1 AnonymousUser {}"
    assert len(seen) == 1


def test_what_the_page_adds_to_its_key_renews_it(db: None) -> None:
    view, seen = counted()
    for plan in ("1", "1", "2"):
        view(RequestFactory().get("/x/", {"plan": plan}))
    assert len(seen) == 2


def test_long_questions_are_answered_and_not_kept(db: None) -> None:
    view, seen = counted()
    for _ in range(2):
        request = RequestFactory().get("/x/", {"q": "ก" * 300})
        assert view(request).status_code == 200
        assert front.MARK not in request.META
    assert len(seen) == 2


def test_a_form_with_a_token_is_refused_on_a_public_page(db: None) -> None:
    @public_page()
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(get_token(request))

    with pytest.raises(RuntimeError, match="token"):
        view(RequestFactory().get("/x/"))


def test_a_page_is_drawn_anew_every_hour(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    view, seen = counted()
    for now in (10_000.0, 10_700.0, 14_500.0):
        monkeypatch.setattr(caching.time, "time", lambda now=now: now)
        view(RequestFactory().get("/x/"))
    assert len(seen) == 2


# --- in front of Django


class Site:
    """The site behind its front, with a clock that stands still; ``asked``: how many requests reached Django."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.asked, self.memory = 100.0, 0, front.Memory()
        monkeypatch.setattr(front, "monotonic", lambda: self.now)
        site = WSGIHandler()

        def heard(environ: Any, start: Any) -> Any:
            self.asked += 1
            return site(environ, start)

        self.application = front.before(heard, self.memory)

    def get(self, path: str, method: str = "GET", **more: str) -> tuple[int, dict[str, str], bytes]:
        told: list[Any] = []
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "HTTP_HOST": "testserver", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http", "SERVER_PROTOCOL": "HTTP/1.1", **more,
        }  # fmt: skip
        made = self.application(environ, lambda status, headers, *_: told.extend((status, headers)))
        return int(told[0][:3]), dict(told[1]), b"".join(made)


@pytest.fixture
def site(released: Release, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    return Site(monkeypatch)


@pytest.mark.parametrize("path", ["/data/2568/", "/results/muang/2568/badge.svg", "/changes/?language=en"])
def test_the_front_gives_the_very_answer_that_django_gave(site: Site, path: str) -> None:
    for packing in ("", "gzip"):
        first = site.get(path, HTTP_ACCEPT_ENCODING=packing)
        asked = site.asked
        assert site.get(path, HTTP_ACCEPT_ENCODING=packing) == first
        assert first[0] == 200
        status, headers, body = site.get(path, "HEAD", HTTP_ACCEPT_ENCODING=packing)
        assert (status, headers, body) == (200, first[1], b"")
        status, headers, body = site.get(
            path, HTTP_ACCEPT_ENCODING=packing, HTTP_IF_NONE_MATCH=f'"other", {first[1]["ETag"]}'
        )
        assert (status, body, headers["ETag"]) == (304, b"", first[1]["ETag"])
        assert site.get(path, HTTP_ACCEPT_ENCODING=packing, HTTP_IF_NONE_MATCH='"other"') == first
        assert site.asked == asked


def test_the_front_knows_the_language_and_no_person(site: Site) -> None:
    thai = site.get("/data/")
    english = site.get("/data/", HTTP_COOKIE="a=1; language=en; sessionid=x")
    assert thai[2] != english[2]
    assert "Open data" in english[2].decode()
    assert site.get("/data/", HTTP_COOKIE="sessionid=y; csrftoken=z") == thai
    assert site.asked == 2
    assert "Set-Cookie" not in {*thai[1], *english[1]}


def test_what_is_taken_back_is_gone_within_a_second(site: Site, cast: Cast) -> None:
    assert site.get("/data/2568/")[0] == 200
    withdraw(cast.round)
    site.now += 0.9
    assert site.get("/data/2568/")[0] == 200
    site.now += 0.2
    assert site.get("/data/2568/")[0] == 410
    assert site.get("/data/2568/")[0] == 410


def test_a_page_found_current_counts_as_new_again(site: Site) -> None:
    tag = site.get("/data/")[1]["ETag"]
    site.now += 5
    assert site.get("/data/", HTTP_IF_NONE_MATCH=tag)[0] == 304
    assert site.asked == 2
    site.now += 0.5
    assert site.get("/data/")[0] == 200
    assert site.asked == 2


def test_only_public_pages_are_given_again(site: Site) -> None:
    for path in ("/accounts/login/", "/nowhere/", "/data/2560/"):
        site.get(path)
        assert len(site.memory) == 0, path
        site.get(path)
    assert site.asked == 6
    site.get("/data/", "POST")
    assert len(site.memory) == 0


def test_the_front_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "_MOST", 3)
    for number in range(6):
        assert site.get(f"/data/?page={number}")[0] == 200
    assert len(site.memory) == 3
    monkeypatch.setattr(front, "_BYTES", 1000)
    site.get("/data/?page=9")
    assert len(site.memory) == 0
    assert site.memory.size == 0
    caches["pages"].clear()
