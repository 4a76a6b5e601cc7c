"""Proof that a command left a folder as it was."""

from __future__ import annotations

from pathlib import Path


def everything(folder: Path) -> dict[Path, bytes]:
    """All files below a folder, to prove that nothing was written."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
