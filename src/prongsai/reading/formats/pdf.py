"""PDF files: by their structure where they are tagged, else by where text and lines stand; scans through OCR."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prongsai.errors import InputError
from prongsai.reading.formats._decode import refuse
from prongsai.reading.formats._pdf_layout import Laid, taken_apart
from prongsai.reading.formats._pdf_page import PageText
from prongsai.reading.formats._pdf_rules import lattices
from prongsai.reading.formats._pdf_tagged import Tagged
from prongsai.reading.formats._pdf_tags import Structure
from prongsai.reading.source import Block, Picture, Source, Where

SUFFIXES = (".pdf",)
MAX_PAGES = 3000
COVERED = 0.85  # of a page's text must stand in the structure, or the page is read by its looks
SCANNED = 12  # characters: a page with fewer has no text layer to speak of
LARGE = 0.15  # of the page: a picture that says something


def read(path: Path, data: bytes) -> Source:
    """A PDF file. Pages that are pictures go through OCR where most pages are; else they are named in the notes."""
    import pypdfium2

    document = _opened(path.name, data)
    try:
        return _Reading(path, document).source()
    except pypdfium2.PdfiumError as error:
        raise _broken(path.name, str(error)) from error
    finally:
        document.close()


class _Reading:
    """One open file."""

    def __init__(self, path: Path, document: Any) -> None:
        self.name, self.document = path.name, document
        self.pages: dict[int, PageText] = {}
        for number in range(1, len(document) + 1):
            page = _page(document, number)
            if page is not None:
                self.pages[number] = PageText(number, page)

    def source(self) -> Source:
        """What the file says."""
        scanned = [number for number in self.pages if self._is_scan(number)]
        text = [number for number in self.pages if number not in set(scanned)]
        notes: list[str] = []
        missing = len(self.document) - len(self.pages)
        if missing:
            notes.append(f"เปิดไม่ได้ {missing} หน้า")
        if scanned and len(scanned) >= len(text):
            from prongsai.reading.formats.scan import read_pages

            try:
                blocks = read_pages(self.name, self.document, scanned)
            except InputError:
                if not any(self._ink(number) for number in text):
                    raise
                blocks = self._pictures(scanned, notes)
        else:
            blocks = self._pictures(scanned, notes)
        tagged, plain = self._by_kind(text)
        structured = self._tagged(tagged)
        laid = Laid(self.name, tables=sum(block.where.table is not None for block in structured))
        laid.add([taken_apart(self.pages[number]) for number in plain])
        blocks += structured + laid.blocks
        if not blocks:
            raise _no_text(self.name)
        blocks.sort(key=lambda block: block.where.page or 0)
        kind = "scan" if scanned and not text else "pdf"
        title = _title(self.document)
        notes += laid.notes
        return Source(self.name, kind, tuple(blocks), title, len(self.document), tuple(notes))  # type: ignore[arg-type]

    def _ink(self, number: int) -> int:
        page = self.pages[number]
        return sum(1 for char, address in zip(page.chars, page.objects, strict=True) if address and char.strip())

    def _is_scan(self, number: int) -> bool:
        return self._ink(number) < SCANNED and _large_images(self.pages[number]) > 0

    def _pictures(self, scanned: list[int], notes: list[str]) -> list[Block]:
        if scanned:
            pages = ", ".join(map(str, scanned))
            notes.append(f"หน้าที่เป็นภาพ ไม่ได้อ่านข้อความ: {pages}")
        return [Picture("", Where(self.name, page=number)) for number in scanned]

    def _by_kind(self, numbers: list[int]) -> tuple[list[int], list[int]]:
        """Pages whose structure holds their text, and the others."""
        self.structure = Structure()
        tagged: list[int] = []
        plain: list[int] = []
        for number in numbers:
            page = self.pages[number]
            self.structure.add(page)
            marks = self.structure.marks[number]
            inside, outside = page.ink(marks) if marks else (0, 1)
            trusted = inside >= COVERED * (inside + outside) and (inside or not outside)
            if trusted and "Table" not in self.structure.kinds[number] and lattices(page.page, lambda x, y: (x, y)):
                trusted = False  # tables are drawn that the structure does not know
            (tagged if trusted else plain).append(number)
        return tagged, plain

    def _tagged(self, numbers: list[int]) -> list[Block]:
        pages = {number: self.pages[number] for number in numbers}
        keeps = _keeps_spaces(pages)
        walk = Tagged(self.name, pages, keeps)
        if numbers:
            walk.walk(self.structure.root)
        return walk.blocks


def _keeps_spaces(pages: dict[int, PageText]) -> bool:
    """Whether lines end in a space anywhere: then every space of the text is in the file."""
    for page in pages.values():
        chars = page.chars
        for index in range(1, len(chars)):
            if chars[index] == "\r" and chars[index - 1] == " ":
                return True
    return False


def _opened(name: str, data: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise refuse(
                "pdf.encrypted",
                name,
                "ไฟล์ PDF มีรหัสผ่าน",
                "the PDF is encrypted and needs a password",
                "โปรดบันทึกไฟล์ใหม่โดยไม่ตั้งรหัสผ่าน",
            ) from error
        raise _broken(name, str(error)) from error
    if not count:
        raise _broken(name, "no page in it")
    if count > MAX_PAGES:
        document.close()
        raise refuse(
            "pdf.pages",
            name,
            f"ไฟล์มี {count:,} หน้า เกิน {MAX_PAGES:,} หน้า",
            f"{count:,} pages, more than {MAX_PAGES:,}",
            "โปรดแยกเฉพาะรายงานที่ต้องการอ่าน",
        )
    return document


def _title(document: Any) -> str | None:
    """The title in the file's properties; a damaged one is none."""
    try:
        return document.get_metadata_value("Title").strip("\0 ") or None
    except (UnicodeDecodeError, ValueError):
        return None


def _page(document: Any, number: int) -> Any:
    import pypdfium2

    try:
        return document[number - 1]
    except pypdfium2.PdfiumError:
        return None


def _large_images(page: PageText) -> int:
    """Pictures on the page that take up a good part of it."""
    import pypdfium2.raw as pdfium

    width, height = page.size
    found = 0
    for image in page.page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = image.get_bounds()
        found += (right - left) * (top - bottom) > LARGE * width * height
    return found


def _broken(name: str, why: str) -> InputError:
    return refuse(
        "pdf.broken",
        name,
        "ไฟล์ PDF เสียหาย เปิดไม่ได้",
        f"the PDF is damaged: {why}",
        "โปรดดาวน์โหลดไฟล์ใหม่ หรือเปิดในโปรแกรมอื่นแล้วบันทึกเป็น PDF อีกครั้ง",
    )


def _no_text(name: str) -> InputError:
    return refuse(
        "pdf.no_text",
        name,
        "ไฟล์ PDF ไม่มีข้อความและไม่มีภาพให้อ่าน",
        "the PDF has neither text nor pictures",
        "โปรดตรวจสอบว่าเลือกไฟล์ถูกต้อง",
    )
