"""What is said of a nation as tables: the columns of the files that ``national.write`` makes.

Scores have two decimals, rounded half up from what is exact. Standard errors and all that follows from them are floats.
A cell is empty where a number is not known, not applicable or withheld; ``origin`` and ``reason`` say which.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from prongsai.national.adjusted import NOT_OFFICIAL_TH, Adjusted
from prongsai.national.aggregates import HIGH, Aggregate
from prongsai.national.change import REASONS as UNTESTED
from prongsai.national.change import Changes
from prongsai.national.columns import COMPUTED, UNIT
from prongsai.national.compared import Compared, whole
from prongsai.national.counted import Integers
from prongsai.national.score import ORIGINS, NationScores
from prongsai.national.small_area import Shrunk
from prongsai.national.uncertain import REASONS
from prongsai.scoring.interval import Interval, shown
from prongsai.scoring.wide import AGENCY

WITHHELD = "withheld"
ERRORS = {"se": "se", "low95": "low", "high95": "high", "degrees": "degrees"}
_SCORE = pl.Decimal(5, 2)
_ABOUT = ("code", "name", "kind", "province", "ministry")
_ORDER = ("least", "q1", "median", "q3", "most")


def scores_table(found: Compared) -> pl.DataFrame:
    """One line per agency and node, agencies together."""
    scores, hidden = found.scores, found.hidden
    agencies, nodes = len(scores.nation.numbers), len(scores.nodes)
    informative = (scores.state >= COMPUTED) & ~hidden
    origins = np.array([ORIGINS[state] for state in range(len(ORIGINS))])[scores.state]
    origin = np.where(hidden & (scores.state >= COMPUTED), WITHHELD, origins)
    kept = pl.Series(informative.T.ravel())
    names = pl.Series(scores.nodes, dtype=pl.Enum(list(scores.nodes)))
    table = pl.DataFrame(
        {
            AGENCY: np.repeat(scores.nation.numbers.astype(np.int32), nodes),
            "node": names.gather(np.tile(np.arange(nodes), agencies)),
            "low": _decimals(scores.shown_low.T.ravel()),
            "high": _decimals(scores.shown_high.T.ravel()),
            "exact": scores.exact.T.ravel(),
            "origin": pl.Series(origin.T.ravel(), dtype=pl.Enum([*ORIGINS.values(), WITHHELD])),
        }
    ).with_columns(pl.when(kept).then(pl.col(name)).alias(name) for name in ("low", "high", "exact"))
    return table.with_columns(_errors(found)) if found.estimates else table


def _errors(found: Compared) -> Iterator[pl.Series]:
    """Standard errors, and the reason where there is none."""
    assert found.estimates
    for column, name in ERRORS.items():
        yield _floats(column, getattr(found.estimates, name).T.ravel())
    codes = [reason.code if reason else None for reason in REASONS]
    names = pl.Series(codes, dtype=pl.Enum([*(code for code in codes if code), WITHHELD]))
    silent = (found.estimates.reason == 0) & np.isnan(found.estimates.se) & (found.scores.state >= COMPUTED)
    reason = names.gather(found.estimates.reason.T.ravel().astype(np.uint32))
    yield (
        pl.select(pl.when(~pl.Series(silent.T.ravel())).then(reason).otherwise(pl.lit(WITHHELD)))
        .to_series()
        .cast(names.dtype)
        .alias("reason")
    )


def agencies_table(found: Compared) -> pl.DataFrame:
    """One line per agency. A score that is known and may be shown stands in both columns; ranks only where it is."""
    scores = found.scores
    about = scores.nation.agencies
    levels = [" หรือ ".join(scores.level_names(line)) for line in range(len(about))]
    table = about.select(AGENCY, *(name for name in _ABOUT if name in about.columns))
    columns = [pl.Series("level", levels)]
    columns += [pl.Series(f"sheets_{name}", sheets) for name, sheets in scores.sheets.items() if name]
    for node in whole(scores):
        place = scores.line(node)
        known = pl.Series((scores.state[place] >= COMPUTED) & ~found.hidden[place])
        for end, values in (("low", scores.shown_low), ("high", scores.shown_high)):
            score = _decimals(values[place])
            columns.append(pl.select(pl.when(known).then(score).alias(f"{node}_{end}")).to_series())
        if found.estimates and not np.isnan(found.estimates.se[place]).all():
            columns += [
                _floats(f"{node}_{column}", np.round(getattr(found.estimates, ERRORS[column])[place], 4))
                for column in ("se", "low95", "high95")
            ]
        if node in found.ranks:
            for within, one in zip(("rank", "rank_in_kind"), found.ranks[node], strict=True):
                columns += [
                    _ranks(f"{node}_{within}{suffix}", values)
                    for suffix, values in (("", one.rank), ("_best", one.best), ("_worst", one.worst), ("_of", one.of))
                ]
    return table.with_columns(columns)


def aggregates_table(groups: list[Aggregate]) -> pl.DataFrame:
    """One line per group (of one grouping) and node, with both means, each with the number it is a mean of."""
    table, number, nodes = groups[0].table, len(groups), len(groups[0].table.nodes)

    def each(values: list[Any]) -> Any:
        return np.repeat(np.array(values), nodes)

    def flat(values: Any) -> Any:
        return values.T.ravel()

    columns: dict[str, Any] = {
        "by": [groups[0].by] * number * nodes,
        "group": pl.Series([one.group for one in groups], dtype=pl.String).gather(np.repeat(np.arange(number), nodes)),
        "agencies": each([one.agencies for one in groups]),
        **{
            f"without_sheets_{survey}": each([one.without_sheets[survey] for one in groups])
            for survey in groups[0].without_sheets
        },
        "passing_surely": each([one.surely for one in groups]),
        "passing_possibly": each([one.possibly for one in groups]),
        "node": list(table.nodes) * number,
        "scored": flat(table.scored),
        "unknown": flat(table.unknown),
        "withheld": flat(table.withheld),
    }
    for name, totals, counts in (
        ("mean_of_agencies", table.totals, table.scored),
        ("mean_by_respondents", table.weighted, table.weights),
    ):
        for end, total in zip(("low", "high"), totals, strict=True):
            columns[f"{name}_{end}"] = _shown(flat(total), flat(counts) * UNIT)
    columns["respondents"] = flat(table.weights)
    for place, name in enumerate(_ORDER):
        for end, quarters in zip(("low", "high"), table.quarters, strict=True):
            columns[f"{name}_{end}"] = _shown(flat(quarters[place]), np.where(flat(table.scored) > 0, 4 * UNIT, 0))
    columns["sd"] = _floats("sd", np.round(np.where(flat(table.exact & (table.scored > 0)), flat(table.sd), np.nan), 4))
    for end, high in zip(("surely", "possibly"), table.high, strict=True):
        columns[f"from_{HIGH}_{end}"] = flat(high)
    columns["best_answers_share"] = _floats("", np.round(flat(table.best), 6))
    return pl.DataFrame(columns)


def changes_table(found: Changes, agencies: pl.DataFrame, threshold: float | None = None) -> pl.DataFrame:
    """One line per agency in both years and node that means the same, agencies together; points.

    ``threshold``: only changes of at most this q.
    """
    nodes, number = len(found.nodes), len(found.codes)
    reasons = pl.Series(list(UNTESTED.values()), dtype=pl.Enum(list(UNTESTED.values())))
    kept = np.ones((number, nodes), bool) if threshold is None else found.found(threshold).T
    line, node = np.nonzero(kept)
    names = pl.Series(found.nodes, dtype=pl.Enum(list(found.nodes)))
    numbers = {
        "before": found.before,
        "after": found.after,
        "difference": found.difference,
        "se": found.se,
        "t": found.t,
        "degrees": found.degrees,
        "p": found.p,
        "q": found.q,
    }
    return pl.DataFrame(
        {
            AGENCY: agencies[AGENCY].to_numpy()[found.lines][line],
            "code": pl.Series(found.codes, dtype=pl.String).gather(line),
            "node": names.gather(node),
            "node_before": pl.Series(found.nodes_before, dtype=pl.String).gather(node),
            **{name: _floats(name, values[node, line]) for name, values in numbers.items()},
            "reason": reasons.gather(found.reason[node, line].astype(np.uint32)),
        }
    )


def small_area_table(found: dict[str, Shrunk], scores: NationScores) -> pl.DataFrame:
    """One line per agency and node. ``shrunk`` is no official score; ``direct`` is what it was drawn from."""
    numbers = scores.nation.numbers.astype(np.int32)
    parts = [
        pl.DataFrame(
            {
                AGENCY: numbers,
                "node": [node] * len(numbers),
                "direct": _floats("", one.direct),
                "shrunk": _floats("", one.shrunk),
                "shrunk_rmse": _floats("", one.rmse),
                "expected_of_kind": _floats("", one.expected),
                "weight_of_direct": _floats("", one.kept),
            }
        )
        for node, one in found.items()
    ]
    return pl.concat(parts) if parts else pl.DataFrame()


def adjusted_table(found: list[Adjusted]) -> pl.DataFrame:
    """One line per agency, every line saying that it is not official."""

    def ends(name: str, values: list[Interval | None]) -> dict[str, list[Decimal | None]]:
        return {
            f"{name}_low": [shown(value.low) if value else None for value in values],
            f"{name}_high": [shown(value.high) if value else None for value in values],
        }

    scores: dict[str, list[Decimal | None]] = {
        **ends("perception", [one.perception for one in found]),
        **ends("effort", [one.effort for one in found]),
        "deducted": [one.deducted for one in found],
        **ends("adjusted", [one.score for one in found]),
    }
    reasons = [" | ".join(f"{one.points} {one.reason} ({one.source})" for one in each.reasons) for each in found]
    return pl.DataFrame(
        {
            "code": [one.code for one in found],
            **{name: pl.Series(values, dtype=pl.Decimal(7, 2)) for name, values in scores.items()},
            "reasons": reasons,
            "official": [False] * len(found),
            "note": [NOT_OFFICIAL_TH] * len(found),
        }
    )


def _decimals(hundredths: Integers) -> pl.Series:
    wide = pl.Series(hundredths).cast(pl.Decimal(12, 2)) * pl.Series([Decimal("0.01")], dtype=pl.Decimal(12, 2))
    return wide.cast(_SCORE)


def _shown(total: Any, units: Any) -> pl.Series:
    """``total / units`` points as shown, half up; empty where there are no units."""
    known = np.asarray(units > 0, bool)
    above, below = np.where(known, total, 0), np.where(known, units, 1)
    hundredths = ((200 * above + below) // (2 * below)).astype(np.int64)
    return pl.select(pl.when(pl.Series(known)).then(_decimals(hundredths))).to_series()


def _floats(name: str, values: Any) -> pl.Series:
    return pl.Series(name, values, dtype=pl.Float64, nan_to_null=True)


def _ranks(name: str, values: Integers) -> pl.Series:
    return pl.select(pl.when(pl.Series(values) > 0).then(pl.Series(values, dtype=pl.Int64)).alias(name)).to_series()
