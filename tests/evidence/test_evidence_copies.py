"""Preserved copies: kept once, whole or not at all, read back verified, in files that other tools read."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from evidence_world import FILLER, QUICK, World, bomb, endless, fetch, huge, open_network, page, pdf
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from prongsai.evidence.apart import Reader
from prongsai.evidence.content import content_of
from prongsai.evidence.fetch import Fetched, Fetcher
from prongsai.evidence.preserve.copies import Copies, Picture, Stamp
from prongsai.evidence.preserve.manifest import Manifest, manifest_of
from prongsai.evidence.preserve.store import Damaged, Store
from prongsai.evidence.visit import Keeping, Tools, visit_copy

PNG = b"\x89PNG\r\n\x1a\n picture"


def keep(copies: Copies, fetched: Fetched, picture: Picture | None = None) -> Manifest:
    content = content_of(fetched) if fetched.ok else None
    kept = copies.keep(fetched, content, picture) if picture else copies.keep(fetched, content)
    return copies.manifest(copies.finish(kept))


def files(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "store").rglob("*"))


def records(data: bytes) -> list[tuple[str, str, str, bytes]]:
    """Type, URL, status line or content type, body; digests verified by warcio."""
    return [
        (
            one.rec_type,
            one.rec_headers.get_header("WARC-Target-URI") or "",
            one.http_headers.statusline if one.http_headers else one.content_type,
            one.content_stream().read(),
        )
        for one in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]


# --- the store


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_what_is_put_is_got_and_kept_once(tmp_path_factory, data: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    names = [store.put(one) for one in [*data, *data]]
    assert [store.get(name) for name in names] == [*data, *data]
    assert sum(path.is_file() for path in folder.rglob("*")) == len(set(data))


def test_what_does_not_verify_is_not_served_and_is_mended_when_kept_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name = store.put(b"whole")
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    for bad in (b"whOle", b"", b"whole and more"):
        path.write_bytes(bad)
        with pytest.raises(Damaged, match=name):
            store.get(name)
    store.put(b"whole")
    assert store.get(name) == b"whole"
    path.unlink()
    with pytest.raises(Damaged):
        store.get(name)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/x"])
def test_only_digests_are_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(Damaged):
        Store(tmp_path).get(name)


def test_a_torn_write_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    store = Store(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.put(b"x")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


# --- copies


def test_a_page_with_a_redirect_and_its_picture(world: World, tmp_path: Path) -> None:
    body = page(FILLER)
    world.serve("/b", body, Content_Language="th")
    url = world.redirect("/a", "/b")
    copies = Copies(tmp_path)
    kept = keep(copies, fetch(url), Picture(PNG))
    assert (kept.url, kept.final_url, kept.redirects, kept.status) == (url, world.url("/b"), ((url, 302),), 200)
    assert (kept.sha256, kept.size, kept.whole) == (hashlib.sha256(body).hexdigest(), len(body), True)
    assert copies.body(kept) == body
    assert copies.picture(kept) == PNG
    assert "ข้อมูลเผยแพร่" in copies.text(kept)
    assert kept.note("timestamp").code == "timestamp.none"
    assert kept.note("picture") is None
    found = records(copies.file(kept))
    assert [one[0] for one in found] == ["warcinfo", "response", "request", "response", "request", "resource"]
    assert found[1][2].startswith("302")
    assert found[3][1:] == (world.url("/b"), "200 OK", body)
    assert found[4][2] == "/b HTTP/1.1"
    assert found[5][3] == PNG


def test_the_file_is_warc_1_1_with_time_address_and_digest(world: World, tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    fetched = fetch(world.serve("/a", b"%PDF-1.4 x", "application/pdf", Set_Cookie="a=1"))
    kept = keep(copies, fetched)
    data = copies.file(kept)
    assert data.startswith(b"WARC/1.1\r\n")
    answer = next(one for one in ArchiveIterator(io.BytesIO(data)) if one.rec_type == "response")
    headers = answer.rec_headers
    assert headers.get_header("WARC-Date") == fetched.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert headers.get_header("WARC-Payload-Digest") == f"sha256:{kept.sha256}"
    assert answer.http_headers.get_header("Set-Cookie") == "a=1"
    file = tmp_path / "one.warc"
    file.write_bytes(data)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(file)], check=False, capture_output=True, text=True
    )
    assert (checked.returncode, checked.stdout) == (0, "")


def test_a_packed_page_is_kept_unpacked_and_says_so(world: World, tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    kept = keep(copies, fetch(world.serve("/a", bomb(1000), Content_Encoding="gzip")))
    assert copies.body(kept) == b"0" * 1000
    answer = next(one for one in ArchiveIterator(io.BytesIO(copies.file(kept))) if one.rec_type == "response")
    assert answer.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert answer.http_headers.get_header("Content-Length") == "1000"
    assert answer.content_stream().read() == b"0" * 1000


def test_the_same_body_is_kept_once(world: World, tmp_path: Path) -> None:
    """Other retrievals refer to it (``revisit``) and are small."""
    body = pdf("a page of some words") + os.urandom(50_000)
    copies = Copies(tmp_path)
    kept = [keep(copies, fetch(world.serve(path, body, "application/pdf"))) for path in ("/a", "/b", "/a")]
    assert {one.body_in for one in kept} == {kept[0].warc}
    assert len({one.warc for one in kept}) == 3
    assert [copies.body(one) for one in kept] == [body] * 3
    assert [len(copies.file(one)) > 50_000 for one in kept] == [True, False, False]
    found = records(copies.file(kept[1]))
    assert [one[0] for one in found] == ["warcinfo", "revisit", "request"]
    assert [copies.manifest(name) for name in copies.names_of(world.url("/a"))] == [kept[0], kept[2]]


def test_a_body_whose_only_copy_is_damaged_is_kept_anew(world: World, tmp_path: Path) -> None:
    copies, url = Copies(tmp_path), world.serve("/a", page(FILLER))
    first = keep(copies, fetch(url))
    path = tmp_path / "store" / first.warc[:2] / first.warc
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Damaged):
        copies.body(first)
    second = keep(copies, fetch(url))
    assert second.body_in == second.warc
    assert copies.body(second) == page(FILLER)


def test_another_body_in_the_warc_file_is_not_served(world: World, tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    one = keep(copies, fetch(world.serve("/a", page("one"))), Picture(PNG))
    two = keep(copies, fetch(world.serve("/b", page("two"))), Picture(PNG + b"2"))
    with pytest.raises(Damaged):
        copies.body(replace(one, body_in=two.warc))
    with pytest.raises(Damaged):
        copies.picture(replace(one, warc=two.warc))


@pytest.mark.parametrize("path", ["/none", "/loop", "/down"])
def test_that_nothing_was_there_is_kept_too(world: World, tmp_path: Path, path: str) -> None:
    world.redirect("/loop", "/loop")
    world.serve("/down", b"down", status=500)
    copies = Copies(tmp_path)
    fetched = fetch(world.url(path))
    kept = keep(copies, fetched)
    assert (kept.sha256, kept.whole, copies.body(kept), kept.text) == (None, False, b"", None)
    assert kept.status in (404, 302, 500)
    assert (kept.failure is None) == (path != "/loop")
    assert [one[0] for one in records(copies.file(kept))] == ["warcinfo", "response", "request"]


def test_a_name_that_leads_nowhere_is_kept_as_such(tmp_path: Path) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    copies = Copies(tmp_path)
    kept = keep(copies, fetch("http://nowhere.example.test/", open_network(resolve=resolve)))
    assert kept.failure[0] == "name_unknown"
    assert [one[0] for one in records(copies.file(kept))] == ["warcinfo"]


@pytest.mark.parametrize("name", ["a file of 2 GB", "an endless stream", "a packed bomb"])
def test_what_was_cut_is_said(world: World, tmp_path: Path, name: str) -> None:
    url = world.url("/a")
    if name == "a packed bomb":
        world.serve("/a", bomb(50_000_000), Content_Encoding="gzip")
    else:
        world.answers["/a"] = huge if "2 GB" in name else endless
    copies = Copies(tmp_path)
    kept = keep(copies, fetch(url))
    assert (kept.whole, kept.size) == (False, QUICK.size)
    assert len(copies.body(kept)) == QUICK.size
    assert f"{QUICK.size:,} ไบต์แรก" in kept.note("cut").th
    assert ("2,000,000,000" in kept.note("cut").th) == ("2 GB" in name)
    answer = next(one for one in ArchiveIterator(io.BytesIO(copies.file(kept))) if one.rec_type == "response")
    assert answer.rec_headers.get_header("WARC-Truncated") == "length"


def test_a_manifest_reads_back_and_nothing_else_does(world: World, tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    kept = keep(copies, fetch(world.serve("/a", page("x"))))
    assert manifest_of(kept.as_bytes()) == kept
    with pytest.raises(Damaged):
        copies.manifest(kept.warc)


def test_stamps_are_kept_with_the_copy(world: World, tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    name = copies.finish(copies.keep(fetch(world.serve("/a", page("x")))), Stamp(b"token"))
    kept = copies.manifest(name)
    assert copies.token(kept) == b"token"
    assert kept.note("timestamp") is None
    assert kept.note("picture").code == "picture.not_asked"


def test_a_torn_line_of_the_list_is_passed_over(world: World, tmp_path: Path) -> None:
    copies, url = Copies(tmp_path), world.serve("/a", page("x"))
    fetched = fetch(url)
    first = copies.finish(copies.keep(fetched))
    path = next((tmp_path / "urls").rglob("*.list"))
    path.write_bytes(path.read_bytes() + b"\n2026-01-01T00:00:00+00:00 abc")
    second = copies.finish(copies.keep(replace(fetched, at=fetched.at + dt.timedelta(hours=1))))
    assert copies.names_of(url) == [first, second]
    assert copies.latest(url, fetched.at) == second
    assert copies.latest(url, fetched.at + dt.timedelta(hours=2)) is None


def test_checks_look_at_the_copy_as_at_the_live_link(world: World, tmp_path: Path) -> None:
    copies, url = Copies(tmp_path), world.serve("/a", page(FILLER))

    async def work(tools: Tools):
        return await tools.visit(url)

    with Reader() as reader:

        async def both():
            async with Fetcher(QUICK, open_network()) as fetcher:
                return await work(Tools(fetcher, reader, Keeping(copies)))

        live = asyncio.run(both())
        copy = visit_copy(live.copy, copies, reader)
    assert copy.content == live.content
    assert copy.fetched.sha256 == live.fetched.sha256
    assert (copy.fetched.at, copy.fetched.status) == (live.fetched.at, 200)
    assert len(world.asked) == 1
