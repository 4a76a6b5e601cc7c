"""What a backup says of itself: the moment it holds, what was in the database then, and the hash of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from prongsai.errors import InputError, Problem, unreadable

FILE = "backup.json"
FORMAT = 1
_CHUNK = 1 << 20


class Counts(BaseModel, frozen=True, extra="forbid"):
    """What the database held: everything confirmed before the moment is in it.

    ``answers`` mixed, ``letters`` not mixed yet, ``spent`` codes; ``entries`` of the history; ``files`` kept.
    """

    answers: int
    letters: int
    spent: int
    entries: int
    files: int


class Manifest(BaseModel, frozen=True, extra="forbid"):
    """``at``: ISO 8601 in UTC, before which everything confirmed is here. ``files``: path → SHA-256."""

    format: int
    version: str
    at: str
    database: str
    counts: Counts
    batches: tuple[str, ...]
    secrets: bool
    survey_keys: bool
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        """Into a backup's folder."""
        (folder / FILE).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises ``InputError`` for a folder that is none, or of a later format."""
    path = folder / FILE
    try:
        found = Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise _not_one(path) from error
    if found.format != FORMAT:
        raise _not_one(path)
    return found


def _not_one(path: Path) -> InputError:
    return InputError(
        Problem(
            "backup.format",
            str(path),
            "ไม่ใช่สำเนาสำรองที่รุ่นนี้อ่านได้",
            f"no backup of format {FORMAT}",
            "ตรวจว่าเป็นโฟลเดอร์ที่ prongsai backup สร้าง และใช้โปรแกรมรุ่นเดียวกันหรือใหม่กว่า",
            "see that prongsai backup made this folder, by this version or an older one",
        )
    )


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, but for the manifest itself."""
    return {path.relative_to(folder).as_posix(): sha256(path) for path in _files(folder)}


def faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Files of a backup that are missing or not as they were written."""
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or sha256(path) != digest:
            yield name


def sha256(path: Path) -> str:
    """Of a file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != FILE)
