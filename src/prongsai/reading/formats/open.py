"""Opens a published file: what it is, by content first and by its name next; one module per format."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from prongsai.errors import InputError
from prongsai.reading import formats
from prongsai.reading.formats._decode import refuse
from prongsai.reading.source import Source

MAX_BYTES = 200_000_000  # a scanned report of 300 pages has some 100 MB
_NOT_FORMATS = {"open"}

Reader = Callable[[Path, bytes], Source]


@cache
def readers() -> dict[str, str]:
    """Suffix → module of the format. Listed from the package: a new format is a new file, nothing else."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(formats.__path__):
        if module.name.startswith("_") or module.name in _NOT_FORMATS:
            continue
        for suffix in importlib.import_module(f"{formats.__name__}.{module.name}").SUFFIXES:
            found[suffix] = module.name
    return found


def open_source(path: Path) -> Source:
    """Read a file into lines, tables and pictures in reading order.

    Raises ``InputError`` naming the file, what is wrong with it and what to do.
    """
    data = _bytes(path)
    suffix = suffix_by_content(data) or path.suffix.lower()
    if suffix == ".ole":
        suffix = _old_office(path)
    module = readers().get(suffix)
    if module is None:
        raise _unknown(path, suffix)
    read: Reader = importlib.import_module(f"{formats.__name__}.{module}").read
    return read(path, data)


def _bytes(path: Path) -> bytes:
    name = path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refuse(
                "too_large",
                name,
                f"ไฟล์มีขนาด {size // 1_000_000:,} เมกะไบต์ ใหญ่เกิน {MAX_BYTES // 1_000_000} เมกะไบต์",
                f"the file has {size:,} bytes, more than {MAX_BYTES:,}",
                "โปรดแบ่งไฟล์ หรือบันทึกใหม่ให้ภาพมีความละเอียดต่ำลง (300 จุดต่อนิ้วก็พอ)",
            )
        data = path.read_bytes()
    except OSError as error:
        raise refuse(
            "unreadable",
            str(path),
            "เปิดไฟล์ไม่ได้ หรือไม่พบไฟล์",
            f"cannot read the file: {error.strerror}",
            "โปรดตรวจสอบชื่อไฟล์และตำแหน่งที่เก็บ",
        ) from error
    if not data.strip():
        raise refuse("empty", name, "ไฟล์ว่าง ไม่มีข้อมูล", "the file is empty", "โปรดตรวจสอบว่าเลือกไฟล์ถูกต้อง")
    return data


_BEGINNINGS = (
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"\xd0\xcf\x11\xe0", ".ole"),
)


def suffix_by_content(data: bytes) -> str | None:
    """What a file is by its first bytes, whatever its name says; None where only the name can tell."""
    begin = data[:1024]
    if b"%PDF-" in begin:
        return ".pdf"
    if begin.startswith(b"PK\x03\x04"):
        return _packed(data)
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)", begin, re.IGNORECASE):
        return ".html"
    return next((suffix for mark, suffix in _BEGINNINGS if begin.startswith(mark)), None)


def _packed(data: bytes) -> str:
    if b"word/document" in data:
        return ".docx"
    if b"xl/workbook.bin" in data:
        return ".xlsb"
    if b"xl/workbook" in data:
        return ".xlsx"
    if b"opendocument.spreadsheet" in data[:200]:
        return ".ods"
    return ".zip"


def _old_office(path: Path) -> str:
    """What a file in the old container of Office is: an old sheet, an old document, or a new one with a password."""
    suffix = path.suffix.lower()
    if suffix == ".xls":
        return suffix
    if suffix in (".docx", ".xlsx", ".docm", ".xlsm"):
        raise refuse(
            "office.encrypted",
            path.name,
            "ไฟล์มีรหัสผ่าน",
            "the file is encrypted and needs a password",
            "โปรดบันทึกไฟล์ใหม่โดยไม่ตั้งรหัสผ่าน",
        )
    raise refuse(
        "office.old",
        path.name,
        "ไฟล์ Office รุ่นเก่า อ่านไม่ได้",
        "a file of an old version of Office",
        "โปรดเปิดไฟล์แล้วบันทึกเป็น .docx หรือ .xlsx",
    )


def _unknown(path: Path, suffix: str) -> InputError:
    known = " ".join(sorted(readers()))
    return refuse(
        "unknown_format",
        path.name,
        f"ไม่รู้จักไฟล์ชนิด {suffix or 'ไม่มีนามสกุล'}",
        f"a file of unknown kind {suffix or '(no suffix)'}; known: {known}",
        f"โปรดบันทึกเป็นชนิดใดชนิดหนึ่งต่อไปนี้: {known}",
    )
