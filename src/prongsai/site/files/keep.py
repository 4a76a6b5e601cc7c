"""Receiving and keeping files: judged by what they are, not by what they are called."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from prongsai.errors import InputError, Problem
from prongsai.site.files.models import Stored

if TYPE_CHECKING:
    from prongsai.site.agencies.models import Agency
    from prongsai.site.people.models import Person

PICTURES = frozenset({"png", "jpeg"})
DOCUMENTS = frozenset({"pdf", "docx", "xlsx"})
TEXTS = frozenset({"yaml", "json", "csv", "txt"})
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "yaml": "application/yaml",
    "json": "application/json",
    "csv": "text/csv",
    "txt": "text/plain",
    "html": "text/html",
}
_TEXT_SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".csv": "csv", ".txt": "txt", ".md": "txt"}
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE | re.DOTALL)
_UNPACKED_LIMIT = 200 * 1024 * 1024
_PIXEL_LIMIT = 60_000_000


@dataclass(frozen=True)
class Received:
    """An upload that was read and found to be what it may be."""

    name: str
    kind: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Hash of the bytes, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def receive(upload: UploadedFile[bytes], accept: frozenset[str]) -> Received:
    """Read an upload whose content is one of the kinds in ``accept``.

    Raises ``InputError`` for a file that is too large, empty, of another kind, or that unpacks to too much.
    """
    name = PurePath(upload.name or "file").name[-200:]
    if (upload.size or 0) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise _bad(
            name,
            "file.too_large",
            f"ไฟล์มีขนาด {(upload.size or 0) / 1_048_576:.0f} เมกะไบต์ ระบบรับได้ไม่เกิน {limit} เมกะไบต์",
            f"the file has {(upload.size or 0) / 1_048_576:.0f} MB; at most {limit} MB are accepted",
            "โปรดลดขนาดไฟล์ เช่น บีบอัดภาพ หรือแบ่งเป็นหลายไฟล์",
            "Make the file smaller, for example by compressing pictures, or split it into several.",
        )
    data = upload.read()
    if not data:
        raise _bad(name, "file.empty", "ไฟล์ว่างเปล่า", "the file is empty", "โปรดเลือกไฟล์อีกครั้ง", "Choose the file again.")
    kind = kind_of(data, name)
    if kind not in accept:
        wanted = " ".join(sorted(accept)).upper()
        raise _bad(
            name,
            "file.kind",
            f"เนื้อหาของไฟล์เป็น {kind.upper() if kind else 'ชนิดที่ไม่รู้จัก'} หน้านี้รับเฉพาะ {wanted}",
            f"the content is {kind or 'of an unknown kind'}; this page takes {wanted}",
            "โปรดเลือกไฟล์ชนิดที่รับได้",
            "Choose a file of a type that is accepted.",
        )
    return Received(name, kind, data)


def _bad(name: str, code: str, th: str, en: str, next_th: str, next_en: str) -> InputError:
    return InputError(Problem(code, name, th, en, next_th, next_en))


def kind_of(data: bytes, name: str) -> str:
    """What the bytes are: one of ``MEDIA_TYPES``, or an empty string. Raises ``InputError`` for a bomb."""
    if data[:5] == b"%PDF-":
        return "pdf"
    if data[:4] == b"PK\x03\x04":
        return _office(data, name)
    if data[:8] == b"\x89PNG\r\n\x1a\n" or data[:3] == b"\xff\xd8\xff":
        return _picture(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    suffix = PurePath(name).suffix.lower()
    if text.lstrip()[:1] == "<":  # markup can carry a script: only a page that says so, for who accepts "html"
        return "html" if _PAGE.match(text) and suffix in (".html", ".htm") else ""
    return "" if "\x00" in text else _TEXT_SUFFIXES.get(suffix, "")


def _office(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _UNPACKED_LIMIT:
                raise _bad(
                    name,
                    "file.bomb",
                    "ไฟล์ขยายแล้วใหญ่ผิดปกติ จึงไม่เปิดอ่าน",
                    "the file unpacks to far too much and was not opened",
                    "โปรดบันทึกไฟล์ใหม่จากโปรแกรมต้นฉบับแล้วลองอีกครั้ง",
                    "Save the file anew from the program it was made with, then try again.",
                )
            parts = set(archive.namelist())
    except zipfile.BadZipFile:
        return ""
    return "docx" if "word/document.xml" in parts else "xlsx" if "xl/workbook.xml" in parts else ""


def _picture(data: bytes, name: str) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as image:
            if image.width * image.height > _PIXEL_LIMIT:
                raise _bad(
                    name,
                    "file.pixels",
                    f"ภาพมีขนาด {image.width} × {image.height} จุด ใหญ่เกินไป",
                    f"the picture has {image.width} × {image.height} pixels, which is too many",
                    "โปรดย่อภาพแล้วลองอีกครั้ง",
                    "Make the picture smaller and try again.",
                )
            image.verify()
            return {"PNG": "png", "JPEG": "jpeg"}.get(image.format or "", "")
    except (UnidentifiedImageError, OSError, SyntaxError):
        return ""


def keep(received: Received, agency: Agency | None, by: Person | None) -> Stored:
    """Store a file; the same bytes are kept on disk once."""
    stored = Stored(
        sha256=received.sha256, name=received.name, kind=received.kind, size=len(received.data), agency=agency, by=by
    )
    twin = Stored.objects.filter(sha256=stored.sha256).first()
    if twin:
        stored.content = twin.content
    else:
        stored.content.save(received.name, ContentFile(received.data), save=False)
    stored.save()
    return stored


def for_display(data: bytes) -> bytes:
    """A picture drawn anew as JPEG of at most 1600 pixels: no metadata, no hidden content."""
    from PIL import Image, ImageOps

    with Image.open(BytesIO(data)) as image:
        turned = ImageOps.exif_transpose(image).convert("RGBA")
        drawn = Image.new("RGB", turned.size, "white")  # what is transparent is paper, not black
        drawn.paste(turned, mask=turned)
        drawn.thumbnail((1600, 1600))
        out = BytesIO()
        drawn.save(out, "JPEG", quality=82)
    return out.getvalue()
