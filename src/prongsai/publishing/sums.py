"""Which files of a release, a folder or the whole as ZIP, are not those of its published list."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from prongsai.errors import InputError, unreadable
from prongsai.publishing.read import SUMS
from prongsai.zip_file import BROKEN


def altered(release: Path, digest: str) -> Iterator[str]:
    """Names below the release, the list itself first: changed, missing, or not published with it.

    ``digest``: the SHA-256 of the list as it was published. Raises ``InputError`` for a ZIP that cannot be read.
    """
    there, sums = _in_folder(release) if release.is_dir() else _in_zip(release)
    if there.pop(SUMS, "") != digest:
        yield SUMS
    lines = sums.decode("utf-8", "replace").splitlines()
    told = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    yield from sorted(name for name in told.keys() | there.keys() if told.get(name) != there.get(name))


def _in_folder(folder: Path) -> tuple[dict[str, str], bytes]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found, (folder / SUMS).read_bytes() if SUMS in found else b""


def _in_zip(path: Path) -> tuple[dict[str, str], bytes]:
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename in found:
                    found[f"{info.filename} (2)"] = ""  # a name twice: readers take one or the other
                with archive.open(info) as file:
                    found[info.filename] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
            return found, archive.read(SUMS) if SUMS in found else b""
    except BROKEN as error:
        raise InputError(unreadable(path, OSError(str(error))).problems) from error
