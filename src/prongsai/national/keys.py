"""The numbers of agencies and respondents: which file holds which, and that nobody stands twice.

Read batch by batch, and repeated numbers looked for in parts, so that memory does not grow with the sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from prongsai.national.counted import Integers
from prongsai.scoring.wide import AGENCY

_BATCH = 200_000
_PART = 4_000_000  # numbers of which a set is held at once
Span = tuple[int, int]


@dataclass
class Keys:
    """What the key columns of some files hold.

    ``spans``: each file's least and greatest agency (greatest below least: none). ``rising``: the last key's numbers
    grow from the first line to the last, so that none stands twice. ``empty``: empty cells of each key.
    """

    spans: list[Span] = field(default_factory=list)
    agencies: set[int] = field(default_factory=set)
    empty: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    rising: bool = True


def read_keys(files: Sequence[Path], keys: tuple[str, ...]) -> Keys:
    """Read the key columns once. Raises what polars raises of a broken file."""
    found = Keys(empty=dict.fromkeys(keys, 0))
    last: int | None = None
    for path in files:
        mine: set[int] = set()
        columns = [pl.col(key).cast(pl.Int64) for key in keys]
        for batch in pl.scan_parquet(path).select(columns).collect_batches(chunk_size=_BATCH):
            for key in keys:
                found.empty[key] += batch[key].null_count()
            agencies, numbers = (_filled(batch, key) for key in (AGENCY, keys[-1]))
            mine.update(agencies[np.append(True, agencies[1:] != agencies[:-1])[: len(agencies)]].tolist())
            if len(numbers):
                found.rising &= bool((numbers[1:] > numbers[:-1]).all()) and (last is None or int(numbers[0]) > last)
                last = int(numbers[-1])
            found.lines += len(batch)
        found.agencies |= mine
        found.spans.append((min(mine), max(mine)) if mine else (0, -1))
    return found


def _filled(batch: pl.DataFrame, key: str) -> Integers:
    column = batch[key]
    return (column.drop_nulls() if column.null_count() else column).to_numpy()


def repeated(files: Sequence[Path], key: str, lines: int) -> int | None:
    """The least number that stands more than once, or None."""
    parts = -(-lines // _PART)
    number = pl.col(key).cast(pl.Int64)
    found: list[int] = []
    for part in range(parts):
        mine = pl.scan_parquet(list(files)).select(number).filter(pl.col(key).hash(seed=0) % parts == part)
        values = np.sort(mine.collect(engine="streaming")[key].to_numpy())
        found += values[1:][values[1:] == values[:-1]][:1].tolist()
    return min(found, default=None)
