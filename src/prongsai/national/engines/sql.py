"""The one relational definition of the count, built with SQLGlot and written in each engine's dialect.

One line per agency: agency, sheets, one column per option, then with moments four sums per pair of rows (how many
answered both, Σx_k, Σx_l, Σx_k·x_l). Everything is cast to 64-bit integers, since engines differ in what SUM returns,
and nulls are only ever tested, never added, since engines differ in that too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlglot import exp

from prongsai.errors import InputError
from prongsai.national.counted import Counted, Integers, changed, from_lines, nothing
from prongsai.scoring.wide import AGENCY, Layout, WideRow

TABLE = "sheets"
Run = Callable[[str], Sequence[Sequence[int]] | Integers]
# PostgreSQL returns at most 1,664 columns; a long framework is asked in several statements.
MOST_COLUMNS = 1_200


@dataclass(frozen=True)
class Source:
    """What stands for the table ``sheets`` where there is none: a query, and the named queries that it reads."""

    sheets: exp.Query
    named: Mapping[str, exp.Query]


def run_count(
    run: Run, dialect: str, layout: Layout, agencies: Integers, *, moments: bool, source: Source | None = None
) -> Counted:
    """Count the table ``sheets``, or a source in its place, by running the definition's statements.

    Raises ``InputError`` where statement and statement did not see the same agencies.
    """
    parts: list[Integers] = []
    for statement in statements(layout, dialect, moments=moments, source=source):
        lines = np.asarray(run(statement), np.int64)
        parts.append(lines[np.argsort(lines[:, 0])] if len(lines) else np.zeros((0, 1), np.int64))
    if any(not np.array_equal(part[:, 0], parts[0][:, 0]) for part in parts[1:]):
        raise InputError(changed("statement and statement saw other agencies"))
    if not len(parts[0]):
        return nothing(layout, agencies, moments)
    return from_lines(layout, agencies, np.hstack([parts[0], *(more[:, 1:] for more in parts[1:])]), moments)


def statements(layout: Layout, dialect: str, *, moments: bool, source: Source | None = None) -> Iterator[str]:
    """The definition in a dialect, in as few statements as there are columns for."""
    columns = _columns(layout, moments)
    for first in range(0, len(columns), MOST_COLUMNS):
        chosen = [
            column.as_(f"n{first + turn}", copy=False)
            for turn, column in enumerate(columns[first : first + MOST_COLUMNS])
        ]
        agency = exp.column(AGENCY, quoted=True)
        query = exp.Select().select(agency, *chosen, copy=False).from_(TABLE, copy=False).group_by(agency, copy=False)
        if source:
            for name, named in source.named.items():
                query = query.with_(name, as_=named, copy=False)
            # Kept once: hundreds of sums would each unpack the answers again.
            query = query.with_(TABLE, as_=source.sheets, materialized=True, copy=False)
        yield query.sql(dialect=dialect, copy=False)


def between(agencies: tuple[int, int]) -> str:
    """The condition that keeps the agencies from one number to another; the same in every dialect."""
    first, last = agencies
    return f"{AGENCY} BETWEEN {first} AND {last}"


def _columns(layout: Layout, moments: bool) -> list[exp.Expression]:
    columns: list[exp.Expression] = [_whole(exp.Count(this=exp.Star()))]
    columns += [
        _sum_where(_column(row).eq(position), exp.Literal.number(1))
        for row in layout.rows
        for position in range(len(row.options))
    ]
    if moments:
        for one, other in layout.pairs:
            both = exp.And(this=_answered(layout.rows[one]), expression=_answered(layout.rows[other]))
            first, second = _points(layout.rows[one]), _points(layout.rows[other])
            for value in (exp.Literal.number(1), first, second, exp.Mul(this=first.copy(), expression=second.copy())):
                columns.append(_sum_where(both, value))
    return columns


def _column(row: WideRow) -> exp.Column:
    return exp.column(row.code, quoted=True)


def _answered(row: WideRow) -> exp.Expression:
    return exp.Not(this=exp.Is(this=_column(row), expression=exp.Null()))


def _points(row: WideRow) -> exp.Expression:
    """Integer points of the chosen option; evenly spaced scales need no CASE."""
    start, steps = row.points[0], {b - a for a, b in zip(row.points, row.points[1:], strict=False)}
    position = _whole(_column(row))
    if len(steps) == 1:
        return exp.paren(
            exp.Add(
                this=exp.Literal.number(start),
                expression=exp.Mul(this=exp.paren(exp.Literal.number(steps.pop())), expression=position),
            )
        )
    case = exp.Case(this=_column(row))
    for option, points in enumerate(row.points):
        case = case.when(exp.Literal.number(option), exp.Literal.number(points))
    return _whole(case)


def _sum_where(condition: exp.Expression, value: exp.Expression) -> exp.Expression:
    case = exp.Case().when(condition.copy(), value.copy(), copy=False).else_(exp.Literal.number(0), copy=False)
    return _whole(exp.Sum(this=case))


def _whole(value: exp.Expression) -> exp.Expression:
    return exp.cast(value, exp.DataType.Type.BIGINT, copy=False)
