"""What a fetched body is and says: its true kind, its text, and what checks ask of a page or a PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from prongsai.thai.text import repair
from prongsai.zip_file import BROKEN

if TYPE_CHECKING:  # the process apart that reads bodies needs no network
    from prongsai.evidence.fetch import Fetched

MAX_PAGES = 300
MAX_TEXT = 3_000_000
MAX_UNPACKED = 60_000_000  # bytes of one office file
_TEXT_LAYER = 12  # characters: a page with fewer is a picture
_SIGNS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "office"),
)
_HTML = re.compile(rb"<!doctype\s+html|<html|<head|<body", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([a-z0-9_-]+)", re.IGNORECASE)
_THAI_CODE_PAGES = {"tis-620", "tis620", "windows-874", "iso-8859-11", "cp874"}


@dataclass(frozen=True)
class Content:
    """``kind`` by the first bytes, not by what the server claims. Fields that do not apply are empty.

    ``pages`` and ``pages_with_text`` are of a PDF, of its first ``MAX_PAGES`` pages; ``broken`` says in English why
    nothing could be read; ``beyond``, that a limit was the reason: reading took too long, ended suddenly (out of
    memory, as a rule), or the file would unpack into far more than itself.
    """

    kind: str
    text: str = ""
    title: str = ""
    lang: str = ""
    images: int = 0
    images_without_alt: int = 0
    asks_password: bool = False
    pages: int = 0
    pages_with_text: int = 0
    broken: str = ""
    beyond: Literal["", "time", "memory", "unpacked"] = ""


def kind_of(body: bytes) -> str:
    """``html``, ``pdf``, ``image``, ``zip`` (also of office files), ``office`` (older files), ``text`` or ``other``."""
    head = body[:2048].lstrip(b"\xef\xbb\xbf\r\n\t ")
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return kind
    if _HTML.search(head) or _HTML.search(body[:50_000]):
        return "html"
    return "other" if b"\x00" in head or not body else "text"


def content_of(fetched: Fetched) -> Content:
    """What the body holds, read in this very process: see ``apart.Reader`` for bodies that strangers wrote."""
    return read(fetched.body, fetched.header("content-type"), fetched.whole)


def read(body: bytes, content_type: str, whole: bool) -> Content:
    """What a body holds. Raises only ``MemoryError``; a page cut short is still looked at."""
    kind = kind_of(body)
    if kind == "pdf":
        return _pdf(body) if whole else Content("pdf", broken="only the beginning was fetched")
    if kind == "html":
        return _html(body, content_type)
    if kind == "zip" and whole:
        return _office(body)
    if kind == "text":
        return Content("text", repair(_decoded(body, content_type)[:MAX_TEXT]))
    return Content(kind)


def _decoded(body: bytes, content_type: str) -> str:
    claimed = _CHARSET.search(content_type.encode()) or _CHARSET.search(body[:4096])
    name = claimed.group(1).decode().lower() if claimed else "utf-8"
    for encoding in ("cp874" if name in _THAI_CODE_PAGES else name, "utf-8", "cp874"):
        try:
            return body.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return body.decode("utf-8", "replace")


def _html(body: bytes, content_type: str) -> Content:
    import lxml.etree
    import lxml.html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(body, content_type)).replace("\x00", "")
    try:
        root = lxml.html.document_fromstring(text)
    except (lxml.etree.LxmlError, ValueError, RecursionError) as error:
        _unless_memory(error)
        return Content("html", broken=f"cannot read the page: {error}"[:200])
    title = root.findtext(".//title") or ""
    images = root.findall(".//img")
    passwords = [one for one in root.iter("input") if (one.get("type") or "").lower() == "password"]
    for element in list(root.iter("script", "style", "noscript", "template", lxml.etree.Comment)):
        element.text = None  # its tail is text of the page
    return Content(
        "html",
        repair(" ".join(root.itertext())[:MAX_TEXT]),
        " ".join(repair(title).split()),
        (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip(),
        len(images),
        sum(one.get("alt") is None for one in images),
        bool(passwords),
    )


def _unless_memory(error: Exception) -> None:
    """To lxml want of memory is a fault like any (XML_ERR_NO_MEMORY); it says nothing of the body."""
    if getattr(error, "code", None) == 2:
        raise MemoryError from error


def _pdf(body: bytes) -> Content:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        return Content("pdf", broken=f"cannot open the PDF: {error}")
    texts: list[str] = []
    try:
        pages = len(document)
        for number in range(min(pages, MAX_PAGES)):
            try:
                page = document[number]
                texts.append(page.get_textpage().get_text_range())
                page.close()
            except pypdfium2.PdfiumError:
                texts.append("")
    finally:
        document.close()
    with_text = sum(len("".join(text.split())) >= _TEXT_LAYER for text in texts)
    return Content("pdf", repair("\n".join(texts)[:MAX_TEXT]), pages=pages, pages_with_text=with_text)


_OFFICE_TEXT = re.compile(
    r"word/(document|header\d*|footer\d*)\.xml|xl/sharedStrings\.xml|ppt/slides/slide\d+\.xml|content\.xml"
)


def _office(body: bytes) -> Content:
    """Text of DOCX, XLSX, PPTX and ODF; of any other ZIP file nothing. Unpacks no further than ``MAX_UNPACKED``."""
    import io
    import zipfile

    import lxml.etree

    texts, left = [], MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            for part in file.infolist():
                if not _OFFICE_TEXT.fullmatch(part.filename):
                    continue
                with file.open(part) as packed:
                    data = packed.read(left + 1)
                left -= len(data)
                if left < 0:
                    return Content("zip", broken=f"unpacks into more than {MAX_UNPACKED} bytes", beyond="unpacked")
                parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
                texts.append(_paragraphs(lxml.etree.fromstring(data, parser)))
    except (*BROKEN, lxml.etree.LxmlError) as error:
        _unless_memory(error)
        return Content("zip", broken=f"cannot unpack or read: {error!r}"[:200])
    return Content("zip", repair("\n".join(texts)[:MAX_TEXT]))


def _paragraphs(root: Any) -> str:
    """Runs of a paragraph together, paragraphs and cells apart."""
    parts: list[str] = []
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in ("p", "si", "h", "tab", "br", "tr", "tc"):
            parts.append("\n")
        if element.text and name in ("t", "p", "h", "span", "a"):
            parts.append(element.text)
        if element.tail and name in ("span", "a", "s", "tab", "line-break"):
            parts.append(element.tail)
    return "".join(parts)
