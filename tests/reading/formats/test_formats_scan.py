"""Scans: with Tesseract where it is there, a clear message where it is not."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from source_sample import lines, opened

from prongsai.documents.tree import Document, Paragraph, Section
from prongsai.documents.writers import write
from prongsai.errors import InputError
from prongsai.reading.formats import scan

COLUMNS = "level page_num block_num par_num line_num word_num left top width height conf text"


def word(line: int, left: int, text: str, confidence: float = 90, width: int = 20) -> str:
    return "\t".join(map(str, (5, 1, 1, 1, line, 1, left, 0, width, 40, confidence, text)))


def test_letters_are_joined_and_spaces_kept() -> None:
    table = "\n".join(
        [
            COLUMNS.replace(" ", "\t"),
            word(1, 0, "ค"),
            word(1, 22, "ะ"),
            word(1, 44, "แนน"),
            word(1, 90, "85.10"),
            word(1, 200, "|"),
            word(2, 0, "ดํ"),
            word(2, 21, "า"),
            word(2, 60, "เนิน"),
            word(3, 0, "~x", 5),
        ]
    )
    found = scan.lines_of("ก.png", table, 2)
    assert [line.text for line in found] == ["คะแนน 85.10", "ดำ เนิน"]
    assert (found[0].where.page, found[0].where.line) == (2, 1)


def picture(text: str) -> bytes:
    document = Document("ทดสอบ", (Section((Paragraph(text),)),))
    page = pypdfium2.PdfDocument(write(document, "pdf"))[0]
    buffer = io.BytesIO()
    page.render(scale=300 / 72).to_pil().save(buffer, "PNG")
    return buffer.getvalue()


def scanned_pdf() -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(picture("คะแนน 92.89"))).convert("RGB").save(buffer, "PDF", resolution=300)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["ก.png", "ก.pdf"])
def test_without_tesseract_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(scan, "_tesseract", lambda: None)
    with pytest.raises(InputError) as caught:
        opened(tmp_path, name, picture("คะแนน") if name.endswith("png") else scanned_pdf())
    assert caught.value.problems[0].code == "reading.scan.no_ocr"
    assert "tesseract-ocr-tha" in caught.value.problems[0].next_th


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot open the picture"):
        opened(tmp_path, "ก.png", b"\x89PNG\r\n\x1a\n broken")


with_ocr = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


@with_ocr
def test_a_photo_without_text_is_an_error(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 400), (90, 120, 60)).save(buffer, "JPEG")
    with pytest.raises(InputError, match="no text found"):
        opened(tmp_path, "ก.jpg", buffer.getvalue())


@with_ocr
def test_a_scan_is_read(tmp_path: Path) -> None:
    source = opened(tmp_path, "ก.pdf", scanned_pdf())
    assert source.format == "scan"
    assert "92.89" in " ".join(lines(source))
