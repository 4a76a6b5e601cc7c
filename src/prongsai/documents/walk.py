"""Reading the tree: plain text, headings and tables in order, checked images. Every writer needs it, none owns it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from prongsai.documents.errors import DocumentError
from prongsai.documents.tree import Cell, Document, Heading, Inline, Paragraph, Run, Table

# What XML cannot hold, and marks of direction: Thai needs none, and they show a number or a name backwards.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def clean(text: str) -> str:
    """Text without characters that no file may carry on; they arrive from pasted PDF text, or on purpose."""
    return _FORBIDDEN.sub("", text)


def scheme(link: str) -> str:
    """The scheme of an address in small letters; empty where it has none or is no address (``http://[``)."""
    try:
        return urlsplit(link).scheme
    except ValueError:
        return ""


def runs(text: Inline) -> tuple[Run, ...]:
    """Any inline text as runs."""
    return (Run(text),) if isinstance(text, str) else text


def plain(text: Inline) -> str:
    """The text alone."""
    return text if isinstance(text, str) else "".join(run.text for run in text)


def cell_paragraphs(cell: Cell) -> tuple[Paragraph, ...]:
    """A cell's content as paragraphs, whichever way it was given."""
    content = cell.text
    if isinstance(content, tuple) and any(isinstance(part, Paragraph) for part in content):
        return tuple(part for part in content if isinstance(part, Paragraph))
    if isinstance(content, str):
        return (Paragraph(content),)
    return (Paragraph(tuple(part for part in content if isinstance(part, Run))),)


def cell_text(cell: Cell) -> str:
    """A cell's text, paragraphs on lines of their own."""
    return "\n".join(plain(paragraph.text) for paragraph in cell_paragraphs(cell))


def headings(document: Document) -> Iterator[Heading]:
    """All headings, in reading order."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Heading):
                yield block


def tables(document: Document) -> Iterator[tuple[Table, str]]:
    """All tables, each with the heading it stands under (empty before the first one)."""
    under = ""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Heading):
                under = block.text
            elif isinstance(block, Table):
                yield block, under


def check_image(data: bytes, where: str) -> None:
    """Only PNG and JPEG: other formats can carry scripts or addresses, or cannot be shown everywhere."""
    if not data.startswith(_IMAGES):
        raise DocumentError("ภาพต้องเป็นไฟล์ PNG หรือ JPEG", "the image is neither PNG nor JPEG", where)
