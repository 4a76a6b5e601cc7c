"""Text files as they come out of other tools: tables with tabs, headings in bold marks, HTML left in cells."""

from __future__ import annotations

from pathlib import Path

from prongsai.reading.formats._decode import decoded
from prongsai.reading.formats._plain import Plain
from prongsai.reading.source import Source

SUFFIXES = (".txt", ".text")


def read(path: Path, data: bytes) -> Source:
    """A text file in UTF-8, UTF-16 or the Thai code page of old Windows."""
    parser = Plain(path.name, decoded(data, path.name))
    return Source(path.name, "text", tuple(parser.parse()), pages=parser.page)
