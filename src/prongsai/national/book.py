"""A nation's result as one file that never changes: all that pages and readers need, nothing that is withheld.

A ZIP of Parquet tables and one JSON file; the same results give the same bytes, so that its hash says which it is.

- ``about.json``: framework and version, what the numbers rest on, hypotheses used
- ``agencies.parquet``: a line per agency: who it is, respondents, possible levels; ranks of the overall score,
  instruments and parts in the nation and among its kind (as the score is, best and worst by chance, of how many)
- ``scores.parquet``: a line per node and agency: ``low`` and ``high`` as shown, ``origin``; where the score is known
  ``value``, and where it rests on a sample ``se``, ``low95``, ``high95``, ``degrees``; ``reason`` says why not
- ``groups.parquet``: nation, kinds, provinces, ministries: agencies, how many surely and possibly pass
- ``spreads.parquet``: a line per group and node: two means, quartiles, deviation, shares (``national.aggregates``)
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.framework import Framework, by_id
from prongsai.json_text import read_json
from prongsai.national.aggregates import BY, aggregates
from prongsai.national.columns import COMPUTED
from prongsai.national.disclosed import shown_estimates, without_errors
from prongsai.national.gather import Gathered
from prongsai.national.ranks import league
from prongsai.national.score import ORIGINS
from prongsai.national.uncertain import Estimates, estimates
from prongsai.scoring.interval import Interval, shown
from prongsai.scoring.wide import AGENCY

Floats = NDArray[np.float64]
WITHHELD = len(ORIGINS)  # an origin of its own: known, not shown
STATES = (*(ORIGINS[state] for state in range(len(ORIGINS))), "withheld")
_ENDS = ("mean", "weighted", "least", "q1", "median", "q3", "most")
_NUMBERS = ("scored", "unknown", "withheld", "respondents", "high_surely", "high_possibly", "sd", "best_answers")
_FLOATS = ("value", "se", "low95", "high95", "degrees")
_TOLD = ("reason", "low", "high", "value", "low95", "high95")
RANKS = ("rank", "best", "worst", "of")
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP can name


def write(gathered: Gathered, about: dict[str, Any], *, public: bool = False) -> bytes:
    """The file of what was gathered. ``about`` is written into it as it is: plain data, no moment of making.

    ``public``: no number has more digits than open data have, for all digits of a few people's score give their
    answers back.
    """
    scores = gathered.scores
    every = estimates(scores, gathered.summed)
    found = shown_estimates(every, scores, gathered.counted, gathered.hidden)
    if gathered.silent is not None:
        found = without_errors(found, gathered.silent)
    framework = scores.nation.framework
    head = {
        **about,
        "framework": framework.id,
        "version": framework.version,
        "fiscal_year": framework.fiscal_year,
        "agencies": len(scores.nation.numbers),
        "assumed": dict(sorted(Counter(name for names in gathered.assumed for name in names).items())),
    }
    groups, spreads = _groups(gathered)
    tables = {
        "agencies": _agencies(gathered, found),
        "scores": _scores(gathered, found),
        "groups": groups,
        "spreads": spreads,
    }
    if public:
        tables = {name: _rounded(table) for name, table in tables.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "about.json", json.dumps(head, ensure_ascii=False, indent=2).encode())
        for name, table in tables.items():
            data = io.BytesIO()
            table.write_parquet(data, compression="zstd", statistics=False)
            _put(archive, f"{name}.parquet", data.getvalue())
    return out.getvalue()


def _rounded(table: pl.DataFrame) -> pl.DataFrame:
    """Scores as they are shown, their bounds with two decimals; errors, shares and degrees of freedom with four."""
    found = table.with_columns(pl.col(name).round(4) for name in ("se", "degrees", "best_answers") if name in table)
    found = found.with_columns(pl.col(name).round(2) for name in ("low95", "high95", "sd") if name in table)
    if "value" not in table:
        return found
    return found.with_columns(pl.when(pl.col("value").is_not_null()).then("low").alias("value"))


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _THEN), data)


def upper(framework: Framework) -> list[str]:
    """The overall score, then each instrument with its parts: what agencies are ranked by."""
    instruments = [(one.code, *(part.code for part in one.parts)) for one in framework.instruments]
    return ["overall", *(name for names in instruments for name in names)]


def _agencies(gathered: Gathered, found: Estimates) -> pl.DataFrame:
    scores = gathered.scores
    table = scores.nation.agencies
    levels = [list(scores.level_names(line)) for line in range(len(table))]
    columns = [pl.Series("levels", levels, dtype=pl.List(pl.String))]
    columns += [pl.Series(f"respondents {name}", sheets) for name, sheets in scores.sheets.items()]
    kinds = table["kind"].rank("dense").to_numpy().astype(np.int64)
    for node in upper(scores.nation.framework):
        for name, group in (("", None), (" in kind", kinds)):
            found_ranks = league(found, node, group)
            told = pl.Series(found_ranks.rank > 0)
            for one in RANKS:
                values = pl.Series(getattr(found_ranks, one), dtype=pl.Int32)
                columns.append(pl.select(pl.when(told).then(values).alias(f"{one}{name} {node}")).to_series())
    return table.with_columns(columns)


def _scores(gathered: Gathered, found: Estimates) -> pl.DataFrame:
    scores, hidden = gathered.scores, gathered.hidden
    told = (scores.state >= COMPUTED) & ~hidden
    state = np.where(hidden & (scores.state >= COMPUTED), WITHHELD, scores.state)
    nodes, agencies = scores.low.shape
    floats = dict(zip(_FLOATS, (found.value, found.se, found.low, found.high, found.degrees), strict=True))
    table = pl.DataFrame(
        {
            "node": np.repeat(np.arange(nodes, dtype=np.uint32), agencies),
            AGENCY: np.tile(scores.nation.numbers, nodes),
            "origin": pl.Series(state.ravel(), dtype=pl.UInt8),
            "low": np.where(told, scores.shown_low / 100, np.nan).ravel(),
            "high": np.where(told, scores.shown_high / 100, np.nan).ravel(),
            **{name: np.where(told, values, np.nan).ravel() for name, values in floats.items()},
            "reason": pl.Series(found.reason.ravel(), dtype=pl.UInt8),
        },
        nan_to_null=True,
    )
    names = pl.Series(scores.nodes, dtype=pl.Enum(list(scores.nodes)))
    origins = pl.Series(STATES, dtype=pl.Enum(list(STATES)))
    return table.with_columns(
        names.gather(table["node"]).alias("node"), origins.gather(table["origin"]).alias("origin")
    )


def _groups(gathered: Gathered) -> tuple[pl.DataFrame, pl.DataFrame]:
    groups: list[dict[str, Any]] = []
    spreads: list[dict[str, Any]] = []
    for by in BY:
        for one in aggregates(gathered.scores, gathered.counted, by, gathered.hidden):
            key = {"by": by, "group": one.group or ""}
            groups.append({**key, "agencies": one.agencies, "surely": one.surely, "possibly": one.possibly})
            for node, spread in one:
                line: dict[str, Any] = {**key, "node": node}
                line |= {name: getattr(spread, name) for name in _NUMBERS}
                for name in _ENDS:
                    line[f"{name}_low"], line[f"{name}_high"] = _ends(getattr(spread, name))
                spreads.append(line)
    floats = {"sd": pl.Float64, "best_answers": pl.Float64}
    floats |= {f"{name}_{end}": pl.Float64 for name in _ENDS for end in ("low", "high")}
    return pl.DataFrame(groups), pl.DataFrame(spreads, schema_overrides=floats)


def _ends(value: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if value is None else (float(shown(value.low)), float(shown(value.high)))


class Book:
    """A kept result, read back piece by piece: a page needs some columns of some tables, and reads no others.

    ``data``: a file of ``write``. ``about``: its head. Arrays are nodes × agencies; NaN where nothing is known or
    nothing may be shown. ``low``, ``high``: points as shown (two decimals). ``state``:
    index into ``STATES``. ``value``: points where exactly known; ``se``, ``low95``, ``high95``, ``degrees``: where it
    rests on a sample. ``reason``: ``uncertain.REASONS``.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self.about: dict[str, Any] = read_json(self._archive.read("about.json"))

    def _table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(io.BytesIO(self._archive.read(f"{name}.parquet")))

    @cached_property
    def _scores(self) -> bytes:
        return self._archive.read("scores.parquet")

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The lines of the arrays."""
        kind = pl.read_parquet_schema(io.BytesIO(self._scores))["node"]
        return tuple(kind.categories.to_list())  # type: ignore[attr-defined]

    def _column(self, name: str) -> pl.Series:
        return pl.read_parquet(io.BytesIO(self._scores), columns=[name])[name]

    def _floats(self, name: str) -> Floats:
        return np.asarray(self._column(name).to_numpy(), np.float64).reshape(len(self.nodes), -1)

    @cached_property
    def agencies(self) -> pl.DataFrame:
        """A line per agency."""
        return self._table("agencies")

    @cached_property
    def groups(self) -> pl.DataFrame:
        """A line per group of agencies."""
        return self._table("groups")

    @cached_property
    def spreads(self) -> pl.DataFrame:
        """A line per group and node."""
        return self._table("spreads")

    @cached_property
    def state(self) -> NDArray[np.uint8]:
        """Index into ``STATES``."""
        return self._column("origin").to_physical().to_numpy().astype(np.uint8).reshape(len(self.nodes), -1)

    @cached_property
    def reason(self) -> NDArray[np.uint8]:
        """Index into ``uncertain.REASONS``."""
        return self._column("reason").to_numpy().reshape(len(self.nodes), -1)

    @cached_property
    def low(self) -> Floats:
        """The score as shown, or the lower end of where it lies."""
        return self._floats("low")

    @cached_property
    def high(self) -> Floats:
        """The score as shown, or the upper end of where it lies."""
        return self._floats("high")

    @cached_property
    def value(self) -> Floats:
        """The score where it is exactly known, with all its digits."""
        return self._floats("value")

    @cached_property
    def se(self) -> Floats:
        """Standard errors."""
        return self._floats("se")

    @cached_property
    def low95(self) -> Floats:
        """Lower ends of intervals by chance."""
        return self._floats("low95")

    @cached_property
    def high95(self) -> Floats:
        """Upper ends of intervals by chance."""
        return self._floats("high95")

    @cached_property
    def degrees(self) -> Floats:
        """Degrees of freedom."""
        return self._floats("degrees")

    def lines(self, name: str, nodes: Sequence[str]) -> Floats:
        """The lines of some nodes of one of the arrays of floats; the others are not made."""
        if name in self.__dict__:  # made before
            return np.asarray(getattr(self, name)[[self.line(node) for node in nodes]])
        column, count = self._column(name), len(self.agencies)
        return np.stack([column.slice(self.line(node) * count, count).to_numpy() for node in nodes])

    @cached_property
    def _told(self) -> pl.DataFrame:
        return pl.read_parquet(io.BytesIO(self._scores), columns=["origin", *_TOLD])

    def numbers_of(self, line: int) -> dict[str, NDArray[Any]]:
        """What is told of one agency: its columns of ``state``, ``reason``, scores and bounds, by their names."""
        own = self._told.gather_every(len(self.agencies), line)
        found: dict[str, NDArray[Any]] = {name: own[name].to_numpy() for name in _TOLD}
        return {"state": own["origin"].to_physical().to_numpy(), **found}

    @cached_property
    def framework(self) -> Framework:
        """The framework. Raises ``InputError`` where this installation lacks it."""
        return by_id(str(self.about["framework"]))

    def row(self, line: int) -> dict[str, Any]:
        """One agency's line as a mapping."""
        return self.agencies.row(line, named=True)

    @cached_property
    def places(self) -> dict[str, int]:
        """The line of each agency by its code."""
        return {code: line for line, code in enumerate(self.agencies["code"].to_list())}

    @cached_property
    def _lines(self) -> dict[str, int]:
        return {node: line for line, node in enumerate(self.nodes)}

    def line(self, node: str) -> int:
        """Where a node stands. Raises ``KeyError`` for no node of the file."""
        return self._lines[node]

    @cached_property
    def _spread_of(self) -> dict[tuple[str, str, str], int]:
        keys = (self.spreads[name].to_list() for name in ("by", "group", "node"))
        return {key: line for line, key in enumerate(zip(*keys, strict=True))}

    def spread(self, by: str, group: str, node: str) -> dict[str, Any] | None:
        """The figures of one node in one group (``""``: the nation, or no group named); None where there is none."""
        line = self._spread_of.get((by, group, node))
        return None if line is None else self.spreads.row(line, named=True)

    def groups_by(self, by: str) -> Iterator[dict[str, Any]]:
        """Agencies and passes of every group of one grouping, in order."""
        return (row for row in self.groups.to_dicts() if row["by"] == by)


def read(data: bytes) -> Book:
    """A file of ``write``, to be read as it is needed."""
    return Book(data)
