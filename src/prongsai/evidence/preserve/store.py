"""A folder that keeps bytes under their own SHA-256: the same bytes once, and none served that do not verify."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from prongsai.disk import sync_folder
from prongsai.errors import Problem, ProngsaiError

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Damaged(ProngsaiError):
    """What was kept is missing or no longer what it was. It is not served."""


class Store:
    """Use from several threads and processes at once; nothing is ever changed or overwritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256; on return they survive a sudden end of the machine."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not self._holds(path, data):
            write_whole(path, data)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises ``Damaged`` where they are missing or have another SHA-256 than their name."""
        try:
            data = self._path(digest).read_bytes()
        except OSError as error:
            raise _damaged(digest, "ไม่พบสำเนาที่เก็บไว้", f"missing: {error.strerror}") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(digest, "สำเนาที่เก็บไว้ถูกเปลี่ยนแปลงหรือเสียหาย", "its SHA-256 is another")
        return data

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise _damaged(digest[:80], "ชื่อสำเนาไม่ถูกต้อง", "not a SHA-256")
        return self._folder / digest[:2] / digest

    @staticmethod
    def _holds(path: Path, data: bytes) -> bool:
        """Read and compared, so that keeping the same again mends what was damaged."""
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except OSError:
            return False


def write_whole(path: Path, data: bytes, lasting: bool = True) -> None:
    """Write a file so that it is there whole or not at all; if ``lasting``, also after a sudden end of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if lasting:
        sync_folder(path.parent)


def _damaged(digest: str, th: str, en: str) -> Damaged:
    next_th = "โปรดแจ้งผู้ดูแลระบบให้นำสำเนาจากข้อมูลสำรองกลับมา"
    return Damaged(Problem("copies.damaged", digest, th, en, next_th, "Restore the copy from the backup."))
