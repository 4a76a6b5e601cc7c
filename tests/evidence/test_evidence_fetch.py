from __future__ import annotations

import asyncio
import hashlib
import time
import tracemalloc
from dataclasses import replace

import pytest
from evidence_world import QUICK, Authority, World, bomb, dripping, endless, fetch, open_network, page, serving

from prongsai.evidence.fetch import Fetcher


def code(found) -> str:
    assert found.failure is not None
    assert found.failure.th
    assert found.failure.en
    return found.failure.code


def test_a_page(world: World) -> None:
    body = page("x")
    found = fetch(world.serve("/a", body, Last_Modified="Wed, 01 Oct 2025 00:00:00 GMT"))
    assert (found.ok, found.status, found.whole, found.body) == (True, 200, True, body)
    assert found.sha256 == hashlib.sha256(body).hexdigest()
    assert found.header("last-modified").startswith("Wed")


def test_a_redirect_loop(world: World) -> None:
    world.redirect("/a", "/b")
    world.redirect("/b", "/a")
    assert code(fetch(world.url("/a"))) == "redirect_loop"
    assert len(world.asked) == 2


def test_too_many_redirects(world: World) -> None:
    for index in range(20):
        world.redirect(f"/{index}", f"/{index + 1}")
    assert code(fetch(world.url("/0"))) == "redirects_many"
    assert len(world.asked) == QUICK.redirects + 1


def test_a_page_that_sends_back_to_itself_with_a_cookie_is_no_loop(world: World) -> None:
    def answer(handler) -> None:
        known = "seen=1" in (handler.headers.get("Cookie") or "")
        handler.send_response(200 if known else 302)
        if not known:
            handler.send_header("Set-Cookie", "seen=1")
            handler.send_header("Location", "/a")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    world.answers["/a"] = answer
    assert fetch(world.url("/a")).status == 200
    assert fetch(world.url("/a")).status == 200
    assert len(world.asked) == 4  # the cookie of one link is not sent with another


def test_an_endless_body_ends_at_the_limit(world: World) -> None:
    world.answers["/a"] = endless
    found = fetch(world.url("/a"))
    assert found.ok
    assert (len(found.body), found.whole, found.sha256) == (QUICK.size, False, None)


def test_a_bomb_is_unpacked_no_further_than_the_limit(world: World) -> None:
    url = world.serve("/a", bomb(50_000_000), Content_Encoding="gzip")
    tracemalloc.start()
    found = fetch(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(found.body), found.whole) == (QUICK.size, False)
    assert peak < 8_000_000


def test_a_packed_page(world: World) -> None:
    found = fetch(world.serve("/a", bomb(1000), Content_Encoding="gzip"))
    assert (found.body, found.whole) == (b"0" * 1000, True)


@pytest.mark.parametrize(("kind", "body"), [("br", b"x"), ("gzip", b"no gzip")])
def test_packing_that_cannot_be_read(world: World, kind: str, body: bytes) -> None:
    assert code(fetch(world.serve("/a", body, Content_Encoding=kind))) == "packing"


def test_a_drip_ends_with_the_whole_time(world: World) -> None:
    world.answers["/a"] = dripping
    start = time.monotonic()
    assert code(fetch(world.url("/a"), limits=replace(QUICK, seconds=0.5))) == "timeout"
    assert time.monotonic() - start < 3


def test_a_silent_server(world: World) -> None:
    world.answers["/a"] = lambda handler: time.sleep(2)
    assert code(fetch(world.url("/a"), limits=replace(QUICK, step=0.3))) == "timeout"


def test_nobody_answers() -> None:
    with serving() as world:
        url = world.url()
    assert code(fetch(url)) == "connection"


def test_an_answer_that_is_no_http(world: World) -> None:
    world.answers["/a"] = lambda handler: handler.wfile.write(b"nonsense\r\n\r\n")
    assert code(fetch(world.url("/a"))) == "answer_broken"


def test_a_body_shorter_than_promised(world: World) -> None:
    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")
        handler.close_connection = True

    world.answers["/a"] = answer
    found = fetch(world.url("/a"))
    assert code(found) == "answer_broken"
    assert found.sha256 is None


def test_a_name_nobody_knows() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    assert code(fetch("http://nowhere.example.test/", open_network(resolve=resolve))) == "name_unknown"


@pytest.mark.parametrize(("days", "said"), [(-1, "certificate_expired"), (90, None)])
def test_certificates(tmp_path, days: int, said: str | None) -> None:
    authority = Authority()
    with serving(authority.server(tmp_path, "www.example.test", days)) as world:
        world.serve("/", page("x"))
        found = fetch(world.url(), open_network(tls=authority.trusted()))
        assert (found.failure.code if found.failure else None) == said
        untrusted = fetch(world.url())
        assert code(untrusted) == "certificate_untrusted"
        assert len(world.asked) == (said is None)


def test_a_fault_that_passes_is_tried_again(world: World) -> None:
    url = world.serve("/a", b"down", status=503)
    fine = page("up")
    down = world.answers["/a"]

    def first(handler) -> None:
        down(handler)
        world.serve("/a", fine)

    world.answers["/a"] = first
    found = fetch(url, limits=replace(QUICK, tries=2))
    assert (found.status, found.tries, found.body) == (200, 2, fine)


def test_what_is_not_there_is_not_tried_again(world: World) -> None:
    assert fetch(world.url("/none"), limits=replace(QUICK, tries=2)).status == 404
    assert len(world.asked) == 1


def test_no_more_than_two_at_once_per_host(world: World) -> None:
    def slow(handler) -> None:
        time.sleep(0.05)
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    world.answers["/a"] = slow

    async def work(hosts: int) -> None:
        async with Fetcher(QUICK, open_network()) as fetcher:
            urls = [world.url(f"/a?{index}", f"h{index % hosts}.example.test") for index in range(12)]
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    asyncio.run(work(1))
    assert world.most_busy == 2
    asyncio.run(work(6))
    assert world.most_busy > 2


def test_a_pause_between_requests_to_a_host(world: World) -> None:
    url = world.serve("/a", b"")

    async def work() -> float:
        async with Fetcher(replace(QUICK, delay=0.1), open_network()) as fetcher:
            start = time.monotonic()
            await asyncio.gather(*(fetcher.fetch(url) for _ in range(4)))
            return time.monotonic() - start

    assert asyncio.run(work()) >= 0.3
