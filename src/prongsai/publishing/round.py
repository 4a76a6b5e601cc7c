"""One round as it is published: plain tables in which nothing is that may not be shown.

What is hidden is not marked and kept, it is not there: whoever holds a ``PublishedRound`` cannot leak it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from prongsai.framework import Framework
from prongsai.publishing import tables as about
from prongsai.publishing.framework_tables import levels, nodes, options, survey_options
from prongsai.publishing.tables import Table


@dataclass(frozen=True)
class PublishedRound:
    """One revision of one round's results. The frames have the columns of ``tables``, sorted by their keys.

    ``scores``: one line per agency and node, both ends as shown (two decimals, half up), ``score`` where the true value
    is known. ``distributions``: respondents per option, only lines that may be shown. ``note``: what changed.
    """

    framework: Framework
    revision: int
    published: dt.date
    agencies: pl.DataFrame
    scores: pl.DataFrame
    respondents: pl.DataFrame
    distributions: pl.DataFrame
    verdicts: pl.DataFrame
    assumed: tuple[str, ...] = ()
    note: str = ""
    uncertainty: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=about.UNCERTAINTY.schema))
    options: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", survey_options(self.framework))
        for table, frame in self._own():
            if dict(frame.schema) != table.schema:
                raise ValueError(f"{table.name}: columns {dict(frame.schema)}, expected {table.schema}")

    @property
    def name(self) -> str:
        """The name of files and identifiers: ``ita-2568-r1``."""
        return f"{self.framework.id}-r{self.revision}"

    def tables(self) -> list[tuple[Table, pl.DataFrame]]:
        """Every table with its description, those first that others refer to."""
        year = self.framework.fiscal_year
        head = [
            (about.ROUND, self._round()),
            (about.NODES, nodes(self.framework)),
            (about.OPTIONS, options(self.framework)),
            (about.LEVELS, levels(self.framework)),
        ]
        sums = totals(self.agencies, self.distributions, self.options, year)
        return [*head, *self._own(), (about.totals(self.options), sums)]

    def same(self, other: PublishedRound) -> bool:
        """Whether two rounds say the same, to the last digit."""
        mine, theirs = self.tables(), other.tables()
        return len(mine) == len(theirs) and all(
            one == two and frame.equals(again) for (one, frame), (two, again) in zip(mine, theirs, strict=True)
        )

    def without(self, nodes: Collection[str]) -> PublishedRound:
        """The round with nothing of these nodes in it: no score, no counts, no error."""
        if not nodes:
            return self
        closed = pl.col("node").is_in(list(nodes))
        scores = self.scores.with_columns(
            *(pl.when(~closed).then(name).alias(name) for name in ("score", "low", "high")),
            pl.when(closed).then(pl.lit("withheld")).otherwise("origin").alias("origin"),
        )
        rest = {name: getattr(self, name).filter(~closed) for name in ("distributions", "uncertainty")}
        return replace(self, scores=scores, **rest)

    def _own(self) -> list[tuple[Table, pl.DataFrame]]:
        return [
            (about.AGENCIES, self.agencies),
            (about.SCORES, self.scores),
            (about.RESPONDENTS, self.respondents),
            (about.distributions(self.options), self.distributions),
            (about.VERDICTS, self.verdicts),
            (about.UNCERTAINTY, self.uncertainty),
        ]

    def _round(self) -> pl.DataFrame:
        framework = self.framework
        line = {
            "framework": framework.id,
            "framework_version": framework.version,
            "fiscal_year_be": framework.fiscal_year,
            "revision": self.revision,
            "published": self.published,
            "smallest_group": framework.disclosure.k,
            "assumed": " ".join(self.assumed) or None,
            "note": self.note or None,
        }
        return framed(about.ROUND, [line])


def framed(table: Table, lines: list[dict[str, Any]]) -> pl.DataFrame:
    """Lines as a frame with the table's columns, sorted by its key."""
    return pl.DataFrame(lines, schema=table.schema).sort(table.key)


def totals(
    agencies: pl.DataFrame, distributions: pl.DataFrame, options: tuple[str, ...], year: int | None
) -> pl.DataFrame:
    """Distributions added up by country, kind and province.

    Only what is shown is added up: a total less what is shown is nothing, so no total can give a hidden cell back.
    """
    table = about.totals(options)
    columns = [column.name for column in table.columns if column.name.startswith(about.OPTION)]
    beside = distributions.join(agencies.select("agency_code", "kind", "province"), on="agency_code")
    some = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in columns]
    found = [
        beside.with_columns(pl.lit(group).alias("group"), name.alias("name"))
        .drop_nulls("name")
        .group_by("group", "name", "node")
        .agg(pl.len().cast(pl.Int64).alias("agencies"), *some)
        for group, name in (("all", pl.lit("all")), ("kind", pl.col("kind")), ("province", pl.col("province")))
    ]
    together = pl.concat(found).with_columns(pl.lit(year, pl.Int64).alias("fiscal_year_be"))
    return together.select(list(table.schema)).cast(table.schema).sort(table.key)  # type: ignore[arg-type]
