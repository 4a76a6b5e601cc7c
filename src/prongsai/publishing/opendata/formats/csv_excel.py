"""CSV that Excel opens in Thai: the same with a byte order mark."""

from __future__ import annotations

from pathlib import Path

from prongsai.publishing.opendata.formats import csv
from prongsai.publishing.round import PublishedRound

TITLE_TH, TITLE_EN, MEDIA = "CSV สำหรับ Excel", "CSV for Excel", "text/csv"
read = csv.read


def write(published: PublishedRound, folder: Path) -> list[Path]:
    """One file a table."""
    return csv.write(published, folder, bom=True)
