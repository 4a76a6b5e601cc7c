"""Batch keys in a folder outside the database, its log and its backups; the key of code digests beside them.

``public/`` is all that the site's own process needs to read; ``private/`` belongs to the mixer (docs/anonymity.md
says how to give each its own user). The folder should lie where no backup looks and no disk remembers: memory, if
possible.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from prongsai.disk import hold, sync_folder, write_once


class KeyFolder:
    """``survey.letterbox.Keys`` on files; made where it is missing, for nobody else's eyes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._public, self._private = folder / "public", folder / "private"

    def create(self, batch: str) -> None:
        """See ``Keys``; the private half is on disk before the public one can be used."""
        key = X25519PrivateKey.generate()
        _write(self._private / batch, key.private_bytes_raw(), 0o600)
        _write(self._public / batch, key.public_key().public_bytes_raw(), 0o644)

    def public(self, batch: str) -> bytes | None:
        """See ``Keys``."""
        return _read(self._public / batch)

    def private(self, batch: str) -> bytes | None:
        """See ``Keys``."""
        return _read(self._private / batch)

    def destroy(self, batch: str) -> None:
        """See ``Keys``; overwritten first, for media that write in place."""
        private = self._private / batch
        if private.exists():
            with private.open("r+b") as file:
                file.write(bytes(private.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        for path in (private, self._public / batch):
            if path.exists():
                path.unlink()
                sync_folder(path.parent)

    def batches(self) -> Sequence[str]:
        """See ``Keys``."""
        return sorted(path.name for path in self._private.glob("*")) if self._private.exists() else []

    def lock(self) -> IO[bytes] | None:
        """A lock that one process can hold, until it is closed or the process dies; None where another holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return hold(self.folder / "mixer.lock")

    @cached_property
    def code_key(self) -> bytes:
        """The key of code digests, made once. Whoever has it can try guesses against stolen digests."""
        path = self.folder / "codes"
        if (kept := _read(path)) is None:
            _write(path, secrets.token_bytes(32), 0o600)
            kept = _read(path)
        assert kept is not None
        return kept


@lru_cache(maxsize=4)
def _folder(path: Path) -> KeyFolder:
    return KeyFolder(path)


def keys() -> KeyFolder:
    """The installation's keys."""
    return _folder(settings.KEYS)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes, mode: int) -> None:
    """On disk when it returns. The first of two writers wins: keys are never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    write_once(path, content, mode)
