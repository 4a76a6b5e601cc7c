"""JSON lines: one object a line, UTF-8; scores are strings with their decimals, so that no program rounds them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars import selectors

from prongsai.publishing.round import PublishedRound
from prongsai.publishing.tables import Table, days

TITLE_TH, TITLE_EN, MEDIA = "JSON Lines", "JSON Lines", "application/jsonl"


def write(published: PublishedRound, folder: Path) -> list[Path]:
    """One file a table."""
    made = []
    for table, frame in published.tables():
        path = folder / f"{table.name}.jsonl"
        frame.with_columns(selectors.decimal().cast(pl.String)).write_ndjson(path)
        made.append(path)
    return made


def read(folder: Path, table: Table) -> pl.DataFrame:
    """A table as it was written."""
    exact = {name: kind for name, kind in table.schema.items() if kind.is_decimal()}
    written = {name: pl.String() if name in exact or kind == pl.Date() else kind for name, kind in table.schema.items()}
    path = folder / f"{table.name}.jsonl"
    if not path.stat().st_size:
        return pl.DataFrame(schema=table.schema)
    return pl.read_ndjson(path, schema=written).cast(exact).pipe(days, table)  # type: ignore[arg-type]
