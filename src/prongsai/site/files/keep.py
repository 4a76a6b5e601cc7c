"""Receiving and keeping files: judged by what they are, not by what they are called."""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from prongsai.errors import InputError, Problem
from prongsai.site.files.models import Stored
from prongsai.site.files.names import safe_name
from prongsai.site.files.office import office_kind
from prongsai.site.files.scanner import require_clean

if TYPE_CHECKING:
    from PIL import Image

    from prongsai.site.agencies.models import Agency
    from prongsai.site.people.models import Person

PICTURES = frozenset({"png", "jpeg"})
DOCUMENTS = frozenset({"pdf", "docx", "xlsx"})
TEXTS = frozenset({"yaml", "json", "csv", "txt"})
# Text with its charset: a browser that guesses one may find markup in harmless bytes.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "yaml": "application/yaml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
_TEXT_SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".csv": "csv", ".txt": "txt", ".md": "txt"}
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE | re.DOTALL)
PIXEL_LIMIT = 60_000_000


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


def taken(upload: UploadedFile[bytes]) -> tuple[str, bytes]:
    """Name and bytes of an upload: not too large, not empty, and found clean where there is a scanner.

    Whoever takes a file from a person begins here, before anything of it is opened or kept. Raises ``InputError``.
    """
    name = safe_name(upload.name or "file")
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
    require_clean(data, name)
    return name, data


def receive(upload: UploadedFile[bytes], accept: frozenset[str]) -> Received:
    """Read an upload whose content is one of the kinds in ``accept``.

    Raises ``InputError`` for what ``taken`` refuses, for a file of another kind, and for one that would swell, act or
    call somebody when it is opened.
    """
    name, data = taken(upload)
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
    return Received(safe_name(name, kind), kind, data)


def _bad(name: str, code: str, th: str, en: str, next_th: str, next_en: str) -> InputError:
    return InputError(Problem(code, name, th, en, next_th, next_en))


def kind_of(data: bytes, name: str) -> str:
    """What the bytes are: one of ``MEDIA_TYPES``, or an empty string.

    Raises ``InputError`` for a bomb, and for a file that is two kinds at once or would act when it is opened.
    """
    if data[:5] == b"%PDF-":
        return _pdf(data, name)
    if data[:4] == b"PK\x03\x04":
        return office_kind(data, name)
    if data[:8] == b"\x89PNG\r\n\x1a\n" or data[:3] == b"\xff\xd8\xff":
        return _picture(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    suffix = PurePath(name).suffix.lower()
    if text.lstrip("\ufeff\u200b\u2060\x0b\x0c\x1c\x1d\x1e\x1f \t\r\n")[:1] == "<":
        # Markup can carry a script: only a page that says so, for who accepts "html".
        return "html" if _PAGE.match(text) and suffix in (".html", ".htm") else ""
    return "" if "\x00" in text else _TEXT_SUFFIXES.get(suffix, "")


def _pdf(data: bytes, name: str) -> str:
    """A PDF may end in anything; one that is an archive, too, is one thing to us and another to who unpacks it."""
    if zipfile.is_zipfile(BytesIO(data)):
        raise _bad(
            name,
            "file.twofold",
            "ไฟล์เป็นทั้ง PDF และ ZIP จึงไม่รับ",
            "the file is a PDF and a ZIP at once",
            "โปรดพิมพ์หรือบันทึกเป็น PDF ใหม่แล้วลองอีกครั้ง",
            "Print or save it as PDF anew, then try again.",
        )
    return "pdf"


def _picture(data: bytes, name: str) -> str:
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise _pixels(name, f" {image.width} × {image.height} จุด", f" {image.width} × {image.height} pixels")
            image.verify()
            found = {"PNG": "png", "JPEG": "jpeg", "MPO": "jpeg"}.get(image.format or "", "")
        _redrawn(data, 64)  # what cannot be drawn is no picture, whatever its head says
        return found
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:  # so large that the library does not even begin
        raise _pixels(name, "เกินกำหนด", " more pixels than can be counted") from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, LookupError, TypeError, zlib.error):
        return ""


def _pixels(name: str, th: str, en: str) -> InputError:
    return _bad(
        name,
        "file.pixels",
        f"ภาพมีขนาด{th} ใหญ่เกินไป",
        f"the picture has{en}, which is too many",
        "โปรดย่อภาพแล้วลองอีกครั้ง",
        "Make the picture smaller and try again.",
    )


def keep(received: Received, agency: Agency | None, by: Person | None) -> Stored:
    """Store a file; the same bytes are kept on disk once."""
    name = safe_name(received.name, received.kind)
    stored = Stored(
        sha256=received.sha256, name=name, kind=received.kind, size=len(received.data), agency=agency, by=by
    )
    with transaction.atomic():  # the twin's row is held, so that nobody forgets its bytes meanwhile
        twin = Stored.objects.select_for_update().filter(sha256=stored.sha256).first()
        if twin:
            stored.content = twin.content
        else:
            stored.content.save(name, ContentFile(received.data), save=False)
        stored.save()
    return stored


def for_display(data: bytes) -> bytes:
    """A picture drawn anew as JPEG of at most 1600 pixels: no metadata, no hidden content."""
    drawn = BytesIO()
    _redrawn(data, 1600).save(drawn, "JPEG", quality=82)
    return drawn.getvalue()


def for_print(data: bytes) -> bytes:
    """An emblem drawn anew as PNG of at most 1200 pixels, sharp: for documents that leave the house."""
    drawn = BytesIO()
    _redrawn(data, 1200).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _redrawn(data: bytes, most: int) -> Image.Image:
    """The picture made smaller before it is turned and laid on paper, so that a large one takes little memory."""
    from PIL import Image, ImageOps

    with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
        image.draft("RGB", (most, most))  # a JPEG is decoded smaller; others take no notice
        if image.mode not in ("L", "RGB", "RGBA"):
            image.load()
            small: Image.Image = image.convert("RGBA")
        else:
            small = image
        small.thumbnail((most, most))
        turned = ImageOps.exif_transpose(small).convert("RGBA")
        drawn = Image.new("RGB", turned.size, "white")  # what is transparent is paper, not black
        drawn.paste(turned, mask=turned)
    return drawn
