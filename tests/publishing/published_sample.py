"""Small nations with groups of every size, published; and the same without any protection, for those who attack it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from prongsai.framework import Framework, by_id
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import NationScores, score_nation
from prongsai.national.uncertain import estimates
from prongsai.publishing.gather import Edition, of_nation
from prongsai.publishing.round import PublishedRound
from prongsai.scoring.wide import AGENCY, RESPONDENT
from prongsai.simulation.nation import NationSpec, write_nation

SIZES = (1, 2, 3, 5, 7, 9, 10, 11, 12, 14, 20, 25)  # k is 10: six groups are hidden
DAY = dt.date(2026, 11, 21)


@dataclass(frozen=True)
class Sample:
    """One round before and after protection."""

    scores: NationScores
    counted: dict[str, Counted]

    @property
    def framework(self) -> Framework:
        return self.scores.nation.framework

    def published(self, revision: int = 1) -> PublishedRound:
        edition = Edition(DAY, revision, "" if revision == 1 else "แก้ไขจำนวนชุด")
        return of_nation(self.scores, self.counted, edition, estimates(self.scores, self.counted))


PARTLY = 14  # the agency of this size, where only five people answered the first item, if ``partly`` is asked for


@cache
def sample(sizes: tuple[int, ...] = SIZES, framework: str = "ita-2568", partly: bool = False) -> Sample:
    """As many agencies as sizes; of each survey an agency has that many sheets, with every question answered."""
    with TemporaryDirectory() as folder:
        made = nation_of(Path(folder) / "nation", sizes, framework)
        if partly:
            _leave_out(made, sizes.index(PARTLY) + 1)
        nation = open_nation(made)
        counted = count(nation, engine("polars"), moments=True)
        return Sample(score_nation(nation, counted), counted)


def _leave_out(folder: Path, agency: int) -> None:
    for path in (folder / "sheets").glob("*/*.parquet"):
        marks = {k: v for k, v in pl.read_parquet_metadata(path).items() if k.startswith("prongsai")}
        table = pl.read_parquet(path)
        first = next(name for name in table.columns if table[name].dtype == pl.Int8)
        many = (pl.col(AGENCY) == agency) & (pl.int_range(pl.len()).over(AGENCY) >= 5)
        table.with_columns(pl.when(~many).then(first).alias(first)).write_parquet(path, metadata=marks)


def nation_of(folder: Path, sizes: tuple[int, ...], framework: str = "ita-2568") -> Path:
    """The same on disk."""
    write_nation(NationSpec(by_id(framework), len(sizes), 3), folder)
    wanted = pl.DataFrame({AGENCY: list(range(1, len(sizes) + 1)), "wanted": list(sizes)})
    for path in (folder / "sheets").glob("*/*.parquet"):
        marks = {k: v for k, v in pl.read_parquet_metadata(path).items() if k.startswith("prongsai")}
        table = pl.read_parquet(path)
        rows = [name for name in table.columns if table[name].dtype == pl.Int8]
        # As many as are wanted, the agency's own repeated in turn where there are fewer.
        own = table.with_columns(pl.int_range(pl.len()).over(AGENCY).alias("line"), pl.len().over(AGENCY).alias("of"))
        lines = (
            wanted.cast({AGENCY: table[AGENCY].dtype})
            .select(AGENCY, pl.int_ranges("wanted").alias("turn"))
            .explode("turn")
            .join(own.group_by(AGENCY).agg(pl.first("of")), on=AGENCY)
        )
        picked = lines.with_columns((pl.col("turn") % pl.col("of")).alias("line")).join(
            own, on=[AGENCY, "line"], how="inner", maintain_order="left"
        )
        picked = picked.with_columns(
            pl.int_range(pl.len()).cast(table[RESPONDENT].dtype).alias(RESPONDENT), pl.col(rows).fill_null(1)
        )
        picked.select(table.columns).write_parquet(path, metadata=marks)
    found = by_id(framework)
    (folder / "nation.yaml").write_text(f"framework: {found.id}\nversion: {found.version}\n", encoding="utf-8")
    return folder
