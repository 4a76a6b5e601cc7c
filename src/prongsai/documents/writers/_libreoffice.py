"""PDF by LibreOffice, from our Word file: for whoever needs the two alike page for page, or as a way out."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from prongsai.documents.errors import PdfError
from prongsai.documents.tree import Document
from prongsai.documents.writers import WriteOptions, docx

SECONDS = 120


def program() -> str | None:
    """LibreOffice's command, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def write(document: Document, options: WriteOptions) -> bytes:
    """The document's DOCX, set in Sarabun, as LibreOffice prints it."""
    found = program()
    if found is None:
        raise PdfError(
            "ไม่พบโปรแกรม LibreOffice (soffice) ในเครื่องนี้",
            "LibreOffice (soffice) is not on PATH",
            "soffice",
            "โปรดติดตั้ง libreoffice-writer หรือยกเลิกค่า PRONGSAI_PDF_ENGINE",
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(docx.write(document, replace(options, face="Sarabun")))
        profile = (Path(folder) / "profile").as_uri()
        command = [found, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        try:
            subprocess.run(  # noqa: S603 - LibreOffice on a file of ours, no shell
                [*command, "--outdir", folder, str(source)], check=True, capture_output=True, timeout=SECONDS
            )
            return source.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise PdfError(
                "LibreOffice แปลงเอกสารเป็น PDF ไม่สำเร็จ",
                f"LibreOffice could not convert the document: {error}",
                document.title or "document",
                "โปรดใช้ไฟล์ DOCX แทน",
            ) from error
