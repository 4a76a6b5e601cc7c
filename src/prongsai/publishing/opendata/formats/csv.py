"""CSV for programs: UTF-8, comma, a header line, text in quotes, numbers with a decimal point, empty for missing.

A text that a spreadsheet would run as a formula gets an apostrophe in front; reading takes it off again.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from prongsai.cells import harmless_frame
from prongsai.publishing.round import PublishedRound
from prongsai.publishing.tables import Table, days

TITLE_TH, TITLE_EN, MEDIA = "CSV (UTF-8)", "CSV (UTF-8)", "text/csv"


def write(published: PublishedRound, folder: Path, bom: bool = False) -> list[Path]:
    """One file a table."""
    made = []
    for table, frame in published.tables():
        path = folder / f"{table.name}.csv"
        harmless_frame(frame).write_csv(path, include_bom=bom, quote_style="non_numeric")
        made.append(path)
    return made


def read(folder: Path, table: Table) -> pl.DataFrame:
    """A table as it was written, with or without a byte order mark."""
    schema = {name: pl.String() if kind == pl.Date() else kind for name, kind in table.schema.items()}
    found = pl.read_csv(folder / f"{table.name}.csv", schema=schema)
    text = [name for name, kind in table.schema.items() if kind == pl.String()]
    return found.with_columns(pl.col(text).str.strip_prefix("'")).pipe(days, table)
