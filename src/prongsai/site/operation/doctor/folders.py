"""Room, writability and rights of the folders of data and keys."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from prongsai.site.operation.doctor.finding import Finding, found, ok

_LOW, _EMPTY = 2_000_000_000, 200_000_000  # bytes


def check() -> Iterator[Finding]:
    """Both folders, and the keys in them."""
    yield from _folder("PRONGSAI_DATA", settings.DATA, must_write=True)
    if settings.KEYS.exists():
        yield from _folder("PRONGSAI_KEYS", settings.KEYS, must_write=False)
    else:
        yield found(
            "note",
            "folder.missing",
            f"PRONGSAI_KEYS {settings.KEYS}",
            ("ยังไม่มีโฟลเดอร์กุญแจ ตัวผสมคำตอบจะสร้างเมื่อเริ่มทำงาน", "not there yet; the mixer makes it when it starts"),
            ("เริ่ม python -m prongsai.site mix", "start python -m prongsai.site mix"),
        )
    if settings.KEYS.is_relative_to(settings.DATA):
        yield found(
            "bad",
            "keys.inside",
            f"PRONGSAI_KEYS {settings.KEYS}",
            ("อยู่ในโฟลเดอร์ข้อมูล จึงติดไปกับสำเนาสำรอง", "inside the data folder, so that backups would take it"),
            ("ย้ายออกไปนอกโฟลเดอร์ข้อมูล (docs/anonymity.md)", "move it out of the data folder (docs/anonymity.md)"),
        )
    yield from _secrets()


def _folder(name: str, folder: Path, must_write: bool) -> Iterator[Finding]:
    where = f"{name} {folder}"
    free = shutil.disk_usage(folder).free
    if free < _LOW:
        yield found(
            "broken" if free < _EMPTY else "bad",
            "folder.room",
            where,
            (f"ดิสก์เหลือ {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB left; expected {_LOW / 1e9:.0f} or more"),
            ("เพิ่มเนื้อที่ หรือย้ายสำเนาสำรองออก", "make room, or move backups elsewhere"),
        )
    else:
        yield ok("folder.room", where, f"เหลือ {free / 1e9:.0f} GB", f"{free / 1e9:.0f} GB left")
    try:
        if must_write:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        yield found(
            "broken",
            "folder.write",
            where,
            ("เขียนไฟล์ไม่ได้", f"cannot be written: {error.strerror}"),
            (
                "ตรวจเจ้าของและสิทธิ์ของโฟลเดอร์ และว่าดิสก์ไม่เต็มหรืออ่านได้อย่างเดียว",
                "see who owns it, and that the disk is neither full nor read-only",
            ),
        )
    if os.name == "posix" and folder.stat().st_mode & stat.S_IROTH:
        yield found(
            "bad",
            "folder.open",
            where,
            ("ผู้ใช้อื่นในเครื่องอ่านรายชื่อไฟล์ได้", "other users of this machine can list it"),
            (f"chmod o-rwx {folder}", f"chmod o-rwx {folder}"),
        )


def _secrets() -> Iterator[Finding]:
    """Files that nobody but their owner (``codes``: and the site's group) may read."""
    private = settings.KEYS / "private"
    theirs = (settings.DATA / "secret-key", settings.LEDGER_KEY, private, settings.KEYS / "codes")
    if os.name != "posix":
        return
    wrong = []
    for path in theirs:
        try:
            mode = path.stat().st_mode
        except OSError:  # not made yet, or not for this user to see
            continue
        group = 0 if path.name == "codes" else stat.S_IRGRP
        if mode & (stat.S_IROTH | group):
            wrong.append(path)
    for path in wrong:
        rights = "o=" if path.name == "codes" else "go="
        yield found(
            "bad",
            "keys.open",
            str(path),
            ("ผู้ใช้อื่นในเครื่องอ่านกุญแจได้", "other users of this machine can read this key"),
            (f"chmod {rights} {path}", f"chmod {rights} {path}"),
        )
    if not wrong:
        yield ok("keys.open", str(settings.KEYS), "ผู้ใช้อื่นอ่านกุญแจไม่ได้", "nobody else can read keys")
