"""The one Typst compiler of a process, with our faces alone, on one thread."""

from __future__ import annotations

import datetime as dt
import json
import os
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from prongsai.documents.errors import PdfError
from prongsai.documents.faces import faces_folder
from prongsai.documents.writers._pdf_words import coded, plain

if TYPE_CHECKING:
    import typst

THREADS = "RAYON_NUM_THREADS"


def compile_pdf(data: dict[str, Any], created: dt.datetime | None = None) -> bytes:
    """The PDF of a document given as the prelude wants it; its Thai is still codes (``thai_clusters``)."""
    dated = {"date": [created.year, created.month, created.day]} if created else {}
    given = json.dumps({**data, **dated}, ensure_ascii=False, separators=(",", ":"))
    import typst

    try:
        return _compiled(_prelude(), coded(given, _compiled), pdf_standards="ua-1", timestamp=_moment(created))
    except typst.TypstError as error:
        raise PdfError(
            f"สร้างไฟล์ PDF ไม่สำเร็จ: {error.message}",
            f"Typst refused the document: {error.message}",
            plain(str(data["title"])),
            "โปรดใช้ไฟล์ DOCX แทน แล้วแจ้งผู้พัฒนาพร้อมข้อความนี้",
        ) from error


def _moment(created: dt.datetime | None) -> dt.datetime | int:
    """Typst wants to know the time zone; without a moment nothing of the clock goes in."""
    return 0 if created is None else created if created.tzinfo else created.replace(tzinfo=dt.UTC)


def _compiled(source: bytes, given: str, **options: Any) -> bytes:
    made = _compiler().compile(source, sys_inputs={"doc": given}, **options)
    assert isinstance(made, bytes)
    return made


@cache
def _prelude() -> bytes:
    text = resources.files(__package__ or "").joinpath("prelude.typ").read_bytes()
    return text + b"\n#document-from-inputs()\n"


@cache
def _compiler() -> typst.Compiler:
    """Fonts are read once. On one thread two processes do twice the work, and one does no less."""
    os.environ.setdefault(THREADS, "1")
    import typst

    paths = [str(faces_folder())]
    # The compiler's own faces are there for the monospaced one among them; no other is ever asked for.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)
    return typst.Compiler(font_paths=fonts)
