"""Writes the reference of all commands to docs/cli.md: ``python tools/write_cli_reference.py``."""

from __future__ import annotations

from pathlib import Path

from prongsai.cli.reference import reference

TARGET = Path(__file__).parent.parent / "docs" / "cli.md"

if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
