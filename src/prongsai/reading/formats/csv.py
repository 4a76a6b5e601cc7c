"""CSV and TSV files: one table, lines above it as its title."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from prongsai.reading.formats._decode import decoded, refuse
from prongsai.reading.formats._sheet import Grid, sheets_as_blocks
from prongsai.reading.source import Source

SUFFIXES = (".csv", ".tsv")
_DELIMITERS = ",;\t|"


def read(path: Path, data: bytes) -> Source:
    """A CSV file in UTF-8, UTF-16 or the Thai code page, with whatever delimiter it uses."""
    text = decoded(data, path.name)
    grid = Grid(path.name)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1):
            for column, value in enumerate(row, 1):
                grid.put(number, column, value, value)
    except csv.Error as error:
        raise refuse(
            "csv_broken",
            path.name,
            "แยกช่องของไฟล์ CSV ไม่ได้",
            f"cannot split the CSV file: {error}",
            "โปรดบันทึกไฟล์ใหม่เป็น CSV (UTF-8)",
        ) from error
    return Source(path.name, "csv", sheets_as_blocks([grid]))


def _delimiter(text: str) -> str:
    """The sign that stands equally often in most lines."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:50]

    def agreement(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        return (counts.count(usual) if usual else 0), usual

    return max(_DELIMITERS, key=agreement)
