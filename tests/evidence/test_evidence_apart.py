"""Bodies are read in a process apart, which may hang, grow or end without taking anything with it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections.abc import Iterator

import pytest
from evidence_world import FILLER, office, page, pdf
from test_evidence_checks import look_at

from prongsai.evidence import apart
from prongsai.evidence.apart import Allowance, Reader
from prongsai.evidence.checks import look
from prongsai.evidence.content import MAX_UNPACKED, content_of
from prongsai.evidence.fetch import Fetched, Hop
from prongsai.evidence.finding import Seen
from prongsai.evidence.links import Link, checklist_items
from prongsai.framework import for_year

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def got(body: bytes, kind: str = "") -> Fetched:
    url = "https://www.example.test/a/page"
    return Fetched(url, NOW, (Hop(url, 200),), {"content-type": kind}, body, True)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as one:
        yield one


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX = office(
    word__document=f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>โครง</w:t></w:r><w:r><w:t>สร้าง</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>ปลัดเทศบาล</w:t></w:r></w:p></w:body></w:document>"
)
XLSX = office(xl__sharedStrings="<sst><si><t>รายรับ</t></si><si><t>2569</t></si></sst>")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (page(FILLER), "text/html"),
        (pdf("a page of some words", ""), ""),
        ("ไทย".encode("cp874"), "text/plain; charset=tis-620"),
        (b"%PDF-1.4 broken", ""),
        (b"\x89PNG....", ""),
        (b"PK\x03\x04" + b"\x00" * 100, ""),
        (DOCX, ""),
        (XLSX, ""),
        (b"", ""),
    ],
)
def test_the_same_as_read_here(reader: Reader, body: bytes, kind: str) -> None:
    assert reader.read(got(body, kind)) == content_of(got(body, kind))


def test_one_child_serves_many(reader: Reader) -> None:
    reader.read(got(page("x")))
    child = reader._child
    for _ in range(20):
        reader.read(got(page("x")))
    assert reader._child is child


def test_office_files_have_text(reader: Reader) -> None:
    assert reader.read(got(DOCX)).text.split() == ["โครงสร้าง", "ปลัดเทศบาล"]
    assert reader.read(got(XLSX)).text.split() == ["รายรับ", "2569"]
    assert "fiscal_year.found" in look_at(got(XLSX))


def findings(content, fetched: Fetched) -> dict[str, tuple[str, str]]:
    framework = for_year("2569")
    link, item = Link(2, "o1", fetched.url), checklist_items(framework)["o1"]
    seen = Seen(link, item, framework, fetched, content, None, None, NOW)
    return {one.code: (one.severity, one.th) for one in look(seen)}


def test_an_archive_bomb_is_not_unpacked(reader: Reader) -> None:
    fetched = got(office(word__document="<a>" + "x" * (MAX_UNPACKED + 1000) + "</a>"))
    assert len(fetched.body) < 200_000
    found = findings(reader.read(fetched), fetched)
    assert found["limits.unpacked"] == ("warning", "ไฟล์บีบอัดที่ขยายตัวเกินขีดจำกัด จึงไม่เปิดอ่าน ต้องให้คนตรวจ")


@pytest.mark.parametrize("name", ["entities", "external", "not xml", "encrypted"])
def test_hostile_office_files(reader: Reader, name: str, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))
    parts = {
        "entities": f"<!DOCTYPE a [{declared}]><a><t>&e9;</t></a>",
        "external": f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a><t>&x;</t></a>',
        "not xml": "nonsense",
        "encrypted": "<a/>",
    }
    body = bytearray(office(word__document=parts[name]))
    if name == "encrypted":
        body[6] |= 1
        body[body.rfind(b"PK\x01\x02") + 8] |= 1
    content = reader.read(got(bytes(body)))
    assert content.kind == "zip"
    assert "hidden" not in content.text
    assert len(content.text) < 1000


# --- when the child fails; the limits are set small enough that an ordinary body passes them


def slow(body: bytes, seconds: float) -> dict[str, tuple[str, str]]:
    """Reads with a child that stands still, as if a parser hung."""
    with Reader(Allowance(seconds=seconds)) as reader:
        reader.read(got(b"warm"))
        os.kill(reader._child.pid, signal.SIGSTOP)
        found = findings(reader.read(got(body)), got(body))
        assert reader.read(got(page("x"))).title  # a new child
    return found


@pytest.mark.parametrize("body", [pdf("a page of some words") + b" " * 5_000_000, page(FILLER), DOCX])
def test_a_parser_that_hangs_gives_a_finding(body: bytes) -> None:
    found = slow(body, 2)
    assert found["limits.time"] == ("unknown", "อ่านไฟล์ไม่จบภายในเวลาที่กำหนด ต้องให้คนตรวจ")
    assert "text_layer.unreadable" not in found


def test_a_real_body_that_takes_too_long() -> None:
    """Positive control without a trick: a page that takes longer than the time it is given."""
    body = b"<html>" + b"<p>text</p>" * 1_500_000
    with Reader(Allowance(seconds=0.4)) as reader:
        reader.read(got(b"warm"))
        assert reader.read(got(body)).beyond == "time"


def test_a_parser_that_takes_too_much_memory_gives_a_finding() -> None:
    fetched = got(page("<p>a" * 2_000_000))
    with Reader(Allowance(memory=300_000_000)) as reader:
        found = findings(reader.read(fetched), fetched)
        assert found["limits.memory"][0] == "unknown"
        assert reader.read(got(page("x"))).title
    with Reader() as reader:  # positive control: with more memory it is read
        assert reader.read(fetched).beyond == ""


def test_a_parser_that_falls_gives_a_finding() -> None:
    with Reader() as reader:
        reader.read(got(b"warm"))
        child = reader._child
        os.kill(child.pid, signal.SIGSTOP)
        threading.Timer(0.2, child.kill).start()
        assert reader.read(got(pdf("x"))).beyond == "memory"
        assert reader.read(got(pdf("a page of some words"))).pages == 1


def test_an_answer_of_another_shape_is_not_believed(monkeypatch) -> None:
    with Reader() as reader:
        for text in (b'{"kind": 5}', b"[]", b"nonsense", b'{"kind": "html", "more": 1}'):
            monkeypatch.setattr(
                apart, "_exactly", lambda pipe, size, text=text: text if size == len(text) else head(text)
            )
            assert reader.read(got(page("x"))).beyond == "memory"


def head(text: bytes) -> bytes:
    return apart._HEAD.pack(len(text), 0)


def test_the_child_ends_with_its_reader() -> None:
    reader = Reader()
    reader.read(got(b"x"))
    child = reader._child
    reader.close()
    assert child.poll() is not None


def test_the_child_is_replaced_after_many_bodies(monkeypatch) -> None:
    monkeypatch.setattr(apart, "_USES", 2)
    with Reader() as reader:
        children = set()
        for _ in range(5):
            reader.read(got(b"x"))
            children.add(reader._child.pid)
        assert len(children) == 3
