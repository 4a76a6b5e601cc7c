"""Writers: one module per format, each with ``write(document, options) -> bytes``.

To add a format, add a module named after it to this folder; nothing else is edited. Modules whose name
begins with an underscore are parts of a writer, not writers. Modules are imported when asked for, and
their libraries when they write, so listing formats costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from prongsai.documents.registry import module, names
from prongsai.documents.tree import Document


@dataclass(frozen=True)
class WriteOptions:
    """What is asked of a writer besides the document; each writer reads what concerns it.

    ``template`` is an agency's Word file (styles, header, footer, named slots). ``face`` is the family that
    DOCX names; give ``Sarabun`` for machines that convert with LibreOffice and have no TH Sarabun.
    ``created`` goes into the file's properties; without it the bytes depend on the document alone.
    ``contents_pages`` are page numbers of the headings, in order, when another writer has counted them.
    """

    template: bytes | None = None
    template_name: str = "template.docx"
    face: str = "TH SarabunPSK"
    created: datetime | None = None
    contents_pages: tuple[int, ...] | None = None


Writer = Callable[[Document, WriteOptions], bytes]


def formats() -> tuple[str, ...]:
    """Names of all formats there are, sorted."""
    return tuple(names("writers"))


def writer(name: str) -> Writer:
    """The writer of a format; an unknown name is answered with the names that exist."""
    found: Writer = module("writers", name).write
    return found


def write(document: Document, name: str, options: WriteOptions | None = None) -> bytes:
    """The document as a file of the named format."""
    return writer(name)(document, options or WriteOptions())
