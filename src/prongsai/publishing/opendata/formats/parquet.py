"""Parquet: exact decimals, small and fast."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from prongsai.publishing.round import PublishedRound
from prongsai.publishing.tables import Table

TITLE_TH, TITLE_EN, MEDIA = "Parquet", "Parquet", "application/vnd.apache.parquet"


def write(published: PublishedRound, folder: Path) -> list[Path]:
    """One file a table."""
    made = []
    for table, frame in published.tables():
        path = folder / f"{table.name}.parquet"
        frame.write_parquet(path)
        made.append(path)
    return made


def read(folder: Path, table: Table) -> pl.DataFrame:
    """A table as it was written."""
    return pl.read_parquet(folder / f"{table.name}.parquet")
