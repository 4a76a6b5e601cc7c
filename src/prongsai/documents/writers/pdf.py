"""PDF: tagged (PDF/UA-1), in the look of TH Sarabun, and read back before it is handed out.

Text that comes back from a PDF must be the text that went in, for search, copying and reading aloud. Faces with a
glyph for every Thai cluster make it so (``thai_clusters``, ``pdf_unicode``); ``pdf_gate`` compares what pdfium reads
with the document, and a difference is an error.
"""

from __future__ import annotations

import os
import threading
import warnings

import pypdfium2

from prongsai.documents.errors import PdfError
from prongsai.documents.pdf_gate import Difference, Expected, Reading
from prongsai.documents.pdf_unicode import TextLayerError, read_as
from prongsai.documents.thai_clusters import readings
from prongsai.documents.tree import Document
from prongsai.documents.writers import WriteOptions
from prongsai.documents.writers._pdf_blocks import contents_texts, document_data
from prongsai.documents.writers._pdf_text import KEPT_HYPHEN, Speller
from prongsai.documents.writers._typst import compile_pdf

ENGINE = "PRONGSAI_PDF_ENGINE"
_ALONE = threading.Lock()  # neither the compiler nor pdfium bears a second thread beside the first
_WAY_OUT = f"โปรดใช้ไฟล์ DOCX แทน หรือตั้งค่า {ENGINE}=libreoffice ในเครื่องที่มี LibreOffice แล้วแจ้งผู้พัฒนาพร้อมข้อความนี้"


def write(document: Document, options: WriteOptions) -> bytes:
    """The document as PDF bytes. The same document gives the same bytes.

    A document whose text layer cannot be made exact is written by LibreOffice where that is installed, with a
    warning; else ``PdfError`` says so. ``PRONGSAI_PDF_ENGINE`` asks for one engine: ``typst`` or ``libreoffice``.
    """
    from prongsai.documents.writers import _libreoffice

    engine = os.environ.get(ENGINE, "").lower()
    if engine == "libreoffice":
        return _libreoffice.write(document, options)
    try:
        with _ALONE:
            return _exact(document, options)
    except PdfError as error:
        if engine == "typst" or not document.sections or _libreoffice.program() is None:
            raise
        warnings.warn(f"PDF written by LibreOffice: {error.problems[0].en}", stacklevel=2)
        return _libreoffice.write(document, options)


def _exact(document: Document, options: WriteOptions) -> bytes:
    """The PDF by our own route, read back and found equal to its document."""
    if not document.sections:
        raise PdfError("เอกสารไม่มีเนื้อหา", "the document has no section", document.title or "document")
    speller = Speller(document.digits)
    data = document_data(document, speller)
    try:
        made = read_as(compile_pdf(data, options.created), readings() | {KEPT_HYPHEN: "-"})
    except TextLayerError as error:
        raise PdfError(
            f"สร้างชั้นข้อความของ PDF ไม่ได้: {error}", f"text layer: {error}", document.title or "document", _WAY_OUT
        ) from error
    found = _differences(made, document, speller)
    if found:
        raise _unlike(document, found)
    return made


def heading_pages(pdf: bytes) -> tuple[int, ...]:
    """The page of every heading, in order, as ``WriteOptions.contents_pages`` takes them."""
    with pypdfium2.PdfDocument(pdf) as file:
        return tuple(Reading(file).heading_pages())


def _differences(pdf: bytes, document: Document, speller: Speller) -> list[Difference]:
    header, footer = speller.plain(document.header or ""), speller.plain(document.footer or "")
    numbered = any(section.page_numbers for section in document.sections)

    def running(page: int) -> tuple[str, str]:
        return (f"–{speller.number(page)}–{header}", footer) if numbered else ("", "")

    with pypdfium2.PdfDocument(pdf) as file:
        reading = Reading(file)
        pages = reading.heading_pages()
        if len(pages) != len(speller.levels):
            return [Difference("missing text", f"{len(speller.levels) - len(pages)} headings of the outline")]
        texts = [*speller.expected, *contents_texts(document, speller, pages)]
        return reading.differences(
            Expected(texts, running, speller.heads, frozenset(map(speller.plain, speller.loose)))
        )


def _unlike(document: Document, found: list[Difference]) -> PdfError:
    first = found[0]
    thai = {
        "missing text": "ข้อความนี้อ่านกลับไม่ครบ",
        "missing characters": "อักขระเหล่านี้หายไป",
        "extra characters": "อักขระเหล่านี้เกินมา",
    }
    return PdfError(
        f"ข้อความใน PDF ไม่ตรงกับเอกสาร {len(found)} แห่ง แห่งแรก {thai[first.kind]}: “{first.text[:80]}”",
        f"the PDF does not read as its document in {len(found)} places; first {first.kind}: {first.text[:80]!r}",
        document.title or "document",
        _WAY_OUT,
    )
