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
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.framework import Framework, by_id
from prongsai.national.aggregates import BY, aggregates
from prongsai.national.columns import COMPUTED
from prongsai.national.disclosed import shown_estimates
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
RANKS = ("rank", "best", "worst", "of")
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP can name


def write(gathered: Gathered, about: dict[str, Any]) -> bytes:
    """The file of what was gathered. ``about`` is written into it as it is: plain data, no moment of making."""
    scores = gathered.scores
    every = estimates(scores, gathered.summed)
    found = shown_estimates(every, scores, gathered.counted, gathered.hidden)
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
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "about.json", json.dumps(head, ensure_ascii=False, indent=2).encode())
        for name, table in tables.items():
            data = io.BytesIO()
            table.write_parquet(data, compression="zstd", statistics=False)
            _put(archive, f"{name}.parquet", data.getvalue())
    return out.getvalue()


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


@dataclass(frozen=True)
class Book:
    """A kept result, read back. Arrays are nodes × agencies; NaN where nothing is known or nothing may be shown.

    ``low``, ``high``: points as shown (two decimals). ``state``: index into ``STATES``. ``value``: points where exactly
    known; ``se``, ``low95``, ``high95``, ``degrees``: where it rests on a sample. ``reason``: ``uncertain.REASONS``.
    """

    about: dict[str, Any]
    agencies: pl.DataFrame
    nodes: tuple[str, ...]
    state: NDArray[np.uint8]
    low: Floats
    high: Floats
    value: Floats
    se: Floats
    low95: Floats
    high95: Floats
    degrees: Floats
    reason: NDArray[np.uint8]
    groups: pl.DataFrame
    spreads: pl.DataFrame

    @cached_property
    def framework(self) -> Framework:
        """The framework. Raises ``InputError`` where this installation lacks it."""
        return by_id(str(self.about["framework"]))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Every agency's line as a mapping."""
        return self.agencies.to_dicts()

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
    def _spread_of(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        rows = self.spreads.to_dicts()
        return {(row["by"], row["group"], row["node"]): row for row in rows}

    def spread(self, by: str, group: str, node: str) -> dict[str, Any] | None:
        """The figures of one node in one group (``""``: the nation, or no group named); None where there is none."""
        return self._spread_of.get((by, group, node))

    def groups_by(self, by: str) -> Iterator[dict[str, Any]]:
        """Agencies and passes of every group of one grouping, in order."""
        return (row for row in self.groups.to_dicts() if row["by"] == by)


def read(data: bytes) -> Book:
    """A file of ``write`` read back."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about = json.loads(archive.read("about.json"))
        tables = {
            name: pl.read_parquet(io.BytesIO(archive.read(f"{name}.parquet")))
            for name in ("agencies", "scores", "groups", "spreads")
        }
    agencies, scores = tables["agencies"], tables["scores"]
    nodes = scores["node"].dtype.categories.to_list()  # type: ignore[attr-defined]
    shape = (len(nodes), len(agencies))

    def numbers(name: str) -> Floats:
        return np.asarray(scores[name].to_numpy().reshape(shape), np.float64)

    return Book(
        about=about,
        agencies=agencies,
        nodes=tuple(nodes),
        state=scores["origin"].to_physical().to_numpy().reshape(shape).astype(np.uint8),
        low=numbers("low"),
        high=numbers("high"),
        value=numbers("value"),
        se=numbers("se"),
        low95=numbers("low95"),
        high95=numbers("high95"),
        degrees=numbers("degrees"),
        reason=scores["reason"].to_numpy().reshape(shape),
        groups=tables["groups"],
        spreads=tables["spreads"],
    )
