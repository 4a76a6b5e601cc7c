"""What the disk refuses while a backup is made or given back is said as any other refusal is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from prongsai.errors import InputError, Problem


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Raise ``InputError`` for an ``OSError`` in the block: a folder of another user, a full or a read-only disk."""
    try:
        yield
    except OSError as error:
        raise InputError(
            Problem(
                "backup.disk",
                str(error.filename or ""),
                f"อ่านหรือเขียนไม่ได้ ({error.strerror})",
                f"cannot be read or written: {error.strerror}",
                "ตรวจว่าดิสก์ไม่เต็ม และโฟลเดอร์นี้เป็นของผู้ใช้ที่สั่ง (ผู้ใช้ของเว็บไซต์) หรือสร้างไว้ก่อนด้วย install -d -o prongsai",
                "see that the disk is not full and that the folder is the user's who runs this (the site's); "
                "if it is missing make it first: install -d -o prongsai",
            )
        ) from error
