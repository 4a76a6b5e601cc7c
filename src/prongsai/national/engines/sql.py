"""The one relational definition of the count, built with SQLGlot and written in each engine's dialect.

One line per agency: agency, sheets, one column per option, then with moments four sums per pair of rows (how many
answered both, Σx_k, Σx_l, Σx_k·x_l). Everything is cast to 64-bit integers, since engines differ in what SUM returns,
and nulls are only ever tested, never added, since engines differ in that too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from sqlglot import exp

from prongsai.national.counted import Counted, Integers, from_lines, nothing
from prongsai.scoring.wide import AGENCY, Layout, WideRow

TABLE = "sheets"
Run = Callable[[str], Sequence[Sequence[int]] | Integers]
# PostgreSQL returns at most 1,664 columns; a long framework is asked in several statements.
MOST_COLUMNS = 1_200


def run_count(run: Run, dialect: str, layout: Layout, agencies: Integers, *, moments: bool) -> Counted:
    """Count the table ``sheets`` by running the definition's statements."""
    parts = []
    for statement in statements(layout, dialect, moments=moments):
        lines = np.asarray(run(statement), np.int64)
        parts.append(lines[np.argsort(lines[:, 0])] if len(lines) else None)
    if any(part is None for part in parts):
        return nothing(layout, agencies, moments)
    found = [part for part in parts if part is not None]
    return from_lines(layout, agencies, np.hstack([found[0], *(more[:, 1:] for more in found[1:])]), moments)


def statements(layout: Layout, dialect: str, *, moments: bool) -> Iterator[str]:
    """The definition in a dialect, in as few statements as there are columns for."""
    columns = _columns(layout, moments)
    for first in range(0, len(columns), MOST_COLUMNS):
        chosen = [column.as_(f"n{first + turn}") for turn, column in enumerate(columns[first : first + MOST_COLUMNS])]
        agency = exp.column(AGENCY, quoted=True)
        yield exp.select(agency, *chosen).from_(TABLE).group_by(agency).sql(dialect=dialect)


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
    case = exp.Case().when(condition.copy(), value.copy()).else_(exp.Literal.number(0))
    return _whole(exp.Sum(this=case))


def _whole(value: exp.Expression) -> exp.Expression:
    return exp.cast(value, exp.DataType.Type.BIGINT)
