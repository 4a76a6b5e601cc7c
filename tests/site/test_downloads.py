"""Kept files are handed over as files to save: right type, safe name, no page of ours, nothing hidden in a picture."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from prongsai.site.files.keep import Received, keep
from prongsai.site.files.models import Stored
from prongsai.site.files.serve import attachment

Of = Callable[[str], Client]


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("รายงาน.pdf", "pdf", "filename*=utf-8''%E0%B8%A3%E0%B8%B2%E0%B8%A2%E0%B8%87%E0%B8%B2%E0%B8%99.pdf"),
        ('a"; filename="evil.exe', "pdf", 'filename="a_; filename=_evil.exe.pdf"'),
        ("a\r\nSet-Cookie: x=y.pdf", "pdf", 'filename="a Set-Cookie_ x=y.pdf"'),
        ("report\u202efdp.html", "pdf", 'filename="reportfdp.html.pdf"'),
        ("../../x.html", "png", 'filename="x.html.png"'),
        ("page.html", "html", 'filename="page.html"'),
        ("data.parquet", "parquet", 'filename="data.parquet"'),
    ],
)
def test_a_name_from_anywhere_is_safe_on_its_way_out(name: str, kind: str, said: str) -> None:
    """Also one that was kept before names were made safe, or written into the database by hand."""
    stored = Stored(name=name, kind=kind, content=ContentFile(b"x", "x"))
    answer = attachment(stored)
    assert answer["Content-Disposition"] == f"attachment; {said}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"].startswith({"pdf": "application/pdf", "png": "image/png", "html": "text/html"}.get(
        kind, "application/octet-stream"
    ))  # fmt: skip


def test_an_active_pdf_is_saved_and_never_shown(planned: Cast, client_of: Of) -> None:
    data = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n<script>alert(1)</script>"
    stored = keep(Received("a.html", "pdf", data), planned.agency, planned.officer)
    answer = client_of("officer").get(reverse("file", args=(stored.pk,)))
    assert answer.content == data
    assert answer["Content-Disposition"] == 'attachment; filename="a.html.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client_of("officer").get(reverse("picture", args=(stored.pk,))).status_code == 404


def test_an_emblem_in_a_document_is_drawn_anew(planned: Cast, client_of: Of) -> None:
    """A memo leaves the house: what its emblem's file carries along does not."""
    out, hidden = io.BytesIO(), PngInfo()
    hidden.add_text("where", "13.75 N 100.5 E")
    Image.new("RGBA", (60, 60), "green").save(out, "PNG", pnginfo=hidden)
    data = out.getvalue() + b"PK\x03\x04hidden archive"
    agency: Any = planned.agency
    agency.emblem = keep(Received("e.png", "png", data), agency, planned.officer)
    agency.save()
    answer = client_of("officer").post("/agencies/muang/2568/documents/download/", {"kind": "memo", "form": "docx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert pictures
    for picture in pictures:
        assert b"13.75" not in picture
        assert b"hidden archive" not in picture
