"""What cannot be read is named, in Thai and English, with what to do; nothing is unpacked or loaded before."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pikepdf
import pytest
from source_sample import PACKAGE, RELATION, W, opened, packed, word

from prongsai.errors import InputError, Problem
from prongsai.reading.formats import open as opening
from prongsai.reading.formats.open import open_source, readers


def problem(folder: Path, name: str, content: str | bytes) -> Problem:
    with pytest.raises(InputError) as caught:
        opened(folder, name, content)
    (found,) = caught.value.problems
    assert found.th
    assert found.en
    assert found.next_th
    assert found.where == name
    return found


def encrypted_pdf() -> bytes:
    buffer = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"word/document{number}.xml", b" " * 90_000_000)
    return buffer.getvalue()


def trick() -> bytes:
    relations = f'<Relationship Id="d" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
    return packed(
        {
            "_rels/.rels": f"<Relationships {PACKAGE}>{relations}</Relationships>",
            "word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]>'
            f"<w:document {W}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>",
        }
    )


def blank_pdf() -> bytes:
    buffer = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("ก.txt", b"", "empty"),
        ("ก.txt", b" \n ", "empty"),
        ("ก.bin", b"\x00\x01\x02", "unknown_format"),
        ("ก", b"\x00\x01\x02", "unknown_format"),
        ("ก.zip", packed({"a.txt": "a"}), "unknown_format"),
        ("ก.txt", b"\x00\x01\x02abc", "not_text"),
        ("ก.pdf", encrypted_pdf(), "pdf.encrypted"),
        ("ก.pdf", b"%PDF-1.7\nbroken", "pdf.broken"),
        ("ก.pdf", blank_pdf(), "pdf.no_text"),
        ("ก.docx", bomb(), "zip_bomb"),
        ("ก.docx", trick(), "zip_broken"),
        ("ก.docx", word("<w:p>")[:400], "zip_broken"),
        ("ก.docx", packed({"word/document.xml": "<a/>"}), "zip_broken"),
        ("ก.docx", b"\xd0\xcf\x11\xe0rest", "office.encrypted"),
        ("ก.doc", b"\xd0\xcf\x11\xe0rest", "office.old"),
        ("ก.xls", b"\xd0\xcf\x11\xe0rest", "sheet_broken"),
        ("ก.xlsx", packed({"xl/workbook.xml": "<a/>"}), "zip_broken"),
        ("ก.html", b"<html></html>", None),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, code: str | None) -> None:
    if code is None:
        assert opened(tmp_path, name, content).blocks == ()
    else:
        assert problem(tmp_path, name, content).code == f"reading.{code}"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ใหญ่.pdf"
    path.touch()
    os.truncate(path, 2_000_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read"))
    with pytest.raises(InputError, match="2,000,000,000 bytes"):
        open_source(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "ไม่มี.txt", tmp_path):
        with pytest.raises(InputError, match="cannot read the file"):
            open_source(path)


def test_content_counts_more_than_the_name(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>ก</w:t></w:r></w:p>"
    assert opened(tmp_path, "ก.txt", word(body)).format == "docx"


def test_a_new_format_is_a_new_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "rtf.py").write_text('SUFFIXES = (".rtf",)\n', encoding="utf-8")
    monkeypatch.setattr(opening.formats, "__path__", [*opening.formats.__path__, str(tmp_path)])
    readers.cache_clear()
    try:
        assert readers()[".rtf"] == "rtf"
    finally:
        monkeypatch.undo()
        readers.cache_clear()


def test_listing_the_formats_loads_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from prongsai.reading.formats.open import readers; readers(); "
        "print([m for m in ('lxml', 'pypdfium2', 'PIL', 'python_calamine', 'docx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
