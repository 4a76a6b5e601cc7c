"""Every bad input of the issue by its name, from the link to the Thai finding; whole runs where a run could stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from evidence_world import (
    FILLER,
    QUICK,
    Authority,
    World,
    bomb,
    dripping,
    endless,
    huge,
    office,
    open_network,
    page,
    serving,
)

from prongsai.evidence.apart import Allowance, Reader
from prongsai.evidence.content import MAX_UNPACKED
from prongsai.evidence.fetch import Fetcher, Limits
from prongsai.evidence.links import Link
from prongsai.evidence.network import Network
from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.results import Result
from prongsai.evidence.run import Question, run
from prongsai.evidence.visit import Keeping, Tools
from prongsai.framework import for_year

SITE = "www.example.test"


@pytest.fixture
def findings(tmp_path: Path) -> Callable[..., dict[str, tuple[str, str]]]:
    """One link through fetching, reading apart, keeping and all checks: severity and Thai text by code."""

    def look(url: str, network: Network | None = None, limits: Limits = QUICK, seconds: float = 10):
        told: list[Result] = []

        async def work() -> None:
            with Reader(Allowance(seconds=seconds)) as reader:
                async with Fetcher(limits, network or open_network()) as fetcher:
                    tools = Tools(fetcher, reader, Keeping(Copies(tmp_path / "copies")))
                    await run([Link(2, "o1", url)], Question(for_year("2569"), SITE), tools, told.extend)

        asyncio.run(work())
        (result,) = told
        kept = Copies(tmp_path / "copies").manifest(result.copy)
        assert kept.url == url
        return {one.code: (one.severity, one.th) for one in result.findings}

    return look


def test_url_of_another_agency(findings, world: World) -> None:
    world.serve("/a/b", page(FILLER))
    severity, th = findings(world.url("/a/b", "www.another.example.org"))["main_site.elsewhere"]
    assert severity == "warning"
    assert "www.another.example.org ไม่ใช่เว็บไซต์หลัก www.example.test" in th


def test_a_shortened_link(findings, world: World) -> None:
    world.serve("/real/page", page(FILLER))
    world.redirect("/abc", world.url("/real/page"))
    severity, th = findings(world.url("/abc", "bit.ly"))["public.shortened"]
    assert severity == "warning"
    assert f"ลิงก์ย่อ ปลายทางคือ {world.url('/real/page')}" in th


@pytest.mark.parametrize("host", ["drive.google.com", "docs.google.com"])
def test_google_drive_that_needs_permission(findings, world: World, host: str) -> None:
    world.serve("/v3/signin", page("ลงชื่อเข้าใช้ <input type=password>"))
    world.redirect("/file/d/1", world.url("/v3/signin", "accounts.google.com"))
    severity, th = findings(world.url("/file/d/1", host))["public.permission"]
    assert severity == "error"
    assert "ไม่ได้เปิดสิทธิ์ให้บุคคลทั่วไป" in th


def test_a_500_that_recovers(findings, world: World) -> None:
    url = world.serve("/a/b", b"", status=500)
    down = world.answers["/a/b"]

    def first(handler) -> None:
        down(handler)
        world.serve("/a/b", page(FILLER))

    world.answers["/a/b"] = first
    found = findings(url, limits=replace(QUICK, tries=2))
    assert found["reachable.opens"][0] == "fine"
    assert "เปิดได้เมื่อลองอีกครั้ง" in found["reachable.second_try"][1]


def test_a_500_that_stays(findings, world: World) -> None:
    found = findings(world.serve("/a/b", b"", status=500), limits=replace(QUICK, tries=2))
    assert found["reachable.status"] == ("error", "เปิดลิงก์ไม่ได้ (รหัส 500)")


def test_an_expired_certificate(findings, tmp_path: Path) -> None:
    authority = Authority()
    with serving(authority.server(tmp_path, SITE, -1)) as world:
        found = findings(world.url("/a/b"), open_network(tls=authority.trusted()))
    assert found["reachable.certificate_expired"][0] == "error"
    assert "หมดอายุ" in found["reachable.certificate_expired"][1]


@pytest.mark.parametrize("answer", [huge, endless], ids=["a file of 2 GB", "an endless stream"])
def test_a_file_without_end(findings, world: World, tmp_path: Path, answer) -> None:
    world.answers["/a/b"] = answer
    found = findings(world.url("/a/b"))
    assert found["kind.too_large"][0] == "warning"
    assert "ใหญ่เกินกว่าจะอ่านทั้งไฟล์" in found["kind.too_large"][1]
    copies = Copies(tmp_path / "copies")
    kept = copies.manifest(copies.names_of(world.url("/a/b"))[0])
    assert (kept.size, kept.whole) == (QUICK.size, False)
    assert "ไบต์แรก" in kept.note("cut").th


def test_a_stream_that_drips_for_ever(findings, world: World) -> None:
    world.answers["/a/b"] = dripping
    found = findings(world.url("/a/b"), limits=replace(QUICK, seconds=0.5))
    assert found["reachable.timeout"] == ("error", "เว็บไซต์ตอบช้าเกินเวลาที่กำหนด")


def test_html_that_claims_to_be_pdf(findings, world: World) -> None:
    found = findings(world.serve("/a/report.pdf", page(FILLER), "application/pdf"))
    assert found["kind.claim"] == ("warning", "เว็บไซต์แจ้งว่าเป็น application/pdf แต่เป็นหน้าเว็บ")


def test_a_packed_answer_that_is_a_bomb(findings, world: World) -> None:
    found = findings(world.serve("/a/b", bomb(100_000_000), Content_Encoding="gzip"))
    assert found["kind.too_large"][0] == "warning"


def test_an_archive_bomb(findings, world: World) -> None:
    body = office(word__document="<a>" + "x" * (MAX_UNPACKED + 1000) + "</a>")
    found = findings(world.serve("/a/b.docx", body))
    assert "ขยายตัวเกินขีดจำกัด" in found["limits.unpacked"][1]


def test_a_body_that_takes_too_long_to_read(findings, world: World) -> None:
    url = world.serve("/a/b", b"<html>" + b"<p>text</p>" * 1_500_000)
    found = findings(url, limits=replace(QUICK, size=30_000_000), seconds=0.4)
    assert found["limits.time"] == ("unknown", "อ่านไฟล์ไม่จบภายในเวลาที่กำหนด ต้องให้คนตรวจ")


def test_a_hostile_page_is_only_text(findings, world: World, tmp_path: Path) -> None:
    """No script of it runs here (pictures: ``test_evidence_picture``); its copy keeps every byte."""
    url = world.serve("/a/b", page(FILLER, "<title>x</title><script>fetch('http://127.0.0.1/')</script>"))
    found = findings(url)
    assert found["reachable.opens"][0] == "fine"
    copies = Copies(tmp_path / "copies")
    kept = copies.manifest(copies.names_of(url)[0])
    assert b"fetch('http://127.0.0.1/')" in copies.body(kept)
    assert "fetch" not in copies.text(kept)


def test_a_redirect_loop(findings, world: World) -> None:
    world.redirect("/a", "/b")
    found = findings(world.redirect("/b", "/a"))
    assert "วนกลับมาที่เดิม" in found["reachable.redirect_loop"][1]


def test_a_link_into_the_machine(findings, world: World) -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    found = findings(world.url("/a"), Network(resolve=inside, may_use_port=lambda port: True))
    assert "เครือข่ายภายใน" in found["reachable.address_private"][1]
    assert world.asked == []
