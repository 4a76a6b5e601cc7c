"""What the site uses beside Python: fonts, the writer of PDFs, Chromium; and what only some commands use."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec

from django.db import connection

from prongsai.site.env import environment
from prongsai.site.operation.doctor.finding import Finding, found, ok

# Name, what it is for in Thai and English: missing, nothing else suffers.
_OPTIONAL = (
    ("soffice", "เปรียบเทียบเอกสารกับ LibreOffice", "comparing documents with LibreOffice"),
    ("tesseract", "อ่านรายงานที่สแกน", "reading scanned reports"),
    ("java", "คำนวณทั้งประเทศด้วย Spark", "counting a nation with Spark"),
)


def check() -> Iterator[Finding]:
    """Fonts are made here if they never were: it takes seconds, and the first document would have to wait for it."""
    yield from _fonts()
    yield from _chromium()
    if connection.vendor == "postgresql":
        yield from _dump()
    for name, th, en in _OPTIONAL:
        if shutil.which(name):
            yield ok(f"program.{name}", name, th, en)
        else:
            yield found(
                "note", f"program.{name}", name, (f"ไม่มี: ใช้เฉพาะ{th}", f"not installed; only for {en}"), ("", "")
            )


def _fonts() -> Iterator[Finding]:
    if find_spec("typst") is None:
        yield found(
            "bad",
            "fonts.typst",
            "typst",
            ("ยังไม่ได้ติดตั้ง จึงสร้าง PDF ไม่ได้", "not installed: no PDF can be written"),
            ("pip install 'prongsai[documents]'", "pip install 'prongsai[documents]'"),
        )
        return
    from prongsai.documents.faces import CACHE_VARIABLE, faces_folder

    try:
        faces = len(list(faces_folder().glob("*.ttf")))
    except (OSError, ImportError, RuntimeError) as error:
        yield found(
            "bad",
            "fonts.faces",
            CACHE_VARIABLE,
            ("สร้างตัวพิมพ์สำหรับ PDF ไม่ได้", f"the faces for PDFs cannot be made ({type(error).__name__})"),
            (
                f"ติดตั้ง prongsai[documents] และกำหนด {CACHE_VARIABLE} เป็นโฟลเดอร์ที่เขียนได้",
                f"install prongsai[documents], and set {CACHE_VARIABLE} to a folder that can be written",
            ),
        )
    else:
        yield ok("fonts.faces", "fonts", f"ตัวพิมพ์ {faces} แบบ", f"{faces} faces")


def _chromium() -> Iterator[Finding]:
    if not environment().pictures:
        yield ok("program.chromium", "PRONGSAI_PICTURES", "ปิดการถ่ายภาพหน้าเว็บ", "no pictures are wanted")
        return
    from prongsai.evidence.preserve.picture import browser

    try:
        yield ok("program.chromium", browser()[0], "ถ่ายภาพหน้าเว็บของหลักฐานได้", "pictures of evidence can be taken")
    except Exception as error:  # the room says by an error of its own why there is none
        yield found(
            "note",
            "program.chromium",
            "chromium",
            ("ไม่มี Chromium สำเนาหลักฐานจึงไม่มีภาพหน้าเว็บ", f"copies of evidence have no picture: {error}"),
            (
                "ติดตั้ง chromium หรือกำหนด PRONGSAI_PICTURES=false",
                "install chromium, or set PRONGSAI_PICTURES=false",
            ),
        )


def _dump() -> Iterator[Finding]:
    from prongsai.site.operation.backup.postgres import tool

    if tool("pg_dump") is None:
        yield found(
            "bad",
            "program.pg_dump",
            "pg_dump",
            ("ไม่มี จึงสำรองข้อมูลด้วย prongsai backup ไม่ได้", "not installed: prongsai backup cannot work"),
            ("ติดตั้ง postgresql-client รุ่นเดียวกับเซิร์ฟเวอร์", "install postgresql-client of the server's version"),
        )
    else:
        yield ok("program.pg_dump", "pg_dump", "สำรองข้อมูลได้", "backups can be made")
