"""Markdown: headings with ``#``, tables with bars, images by their alternative text."""

from __future__ import annotations

from pathlib import Path

from prongsai.reading.formats._decode import decoded
from prongsai.reading.formats._plain import Plain
from prongsai.reading.source import Source

SUFFIXES = (".md", ".markdown")


def read(path: Path, data: bytes) -> Source:
    """A Markdown file."""
    parser = Plain(path.name, decoded(data, path.name))
    return Source(path.name, "markdown", tuple(parser.parse()), pages=parser.page)
