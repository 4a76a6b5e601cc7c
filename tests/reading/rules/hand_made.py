"""Readings made by hand: what a reader would have found in a small invented report, line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from prongsai.framework import for_year
from prongsai.improvement.model import Plan
from prongsai.reading.audit import families
from prongsai.reading.finding import Finding
from prongsai.reading.model import Claim, Day, Printed, Reading, Statement, Word, Year
from prongsai.reading.source import Cell, Line, Source, Table, Where

FILE = "รายงานสมมติ.txt"
NAME = "เทศบาลตำบลสมมติ"


def at(line: int = 1, **place: int) -> Where:
    return Where(FILE, line=line, **place)


def printed(node: str, text: str, line: int = 1, **keys: Any) -> Printed:
    """A score as printed, in Arabic digits; ``of`` and ``role`` as in the model."""
    return Printed(node, Decimal(text), text, at(line), **keys)


def values(*pairs: tuple[str, str], first_line: int = 1, **keys: Any) -> list[Printed]:
    """One score per line."""
    return [printed(node, text, line, **keys) for line, (node, text) in enumerate(pairs, start=first_line)]


def reading(year: int | None = 2568, *, lines: list[str] | None = None, **keys: Any) -> Reading:
    """A reading; ``lines`` are the report's lines from 1."""
    blocks = tuple(Line(text, at(number)) for number, text in enumerate(lines or [], start=1))
    made = Reading(Source(FILE, "text", blocks))
    made.fiscal_year = year
    made.framework = for_year(year) if year else None
    made.agency = Word(NAME, at())
    for name, value in keys.items():
        setattr(made, name, value)
    return made


def table(line: int, *rows: tuple[str, ...]) -> Table:
    cells = tuple(
        tuple(Cell(text, at(line + r, table=1, row=r + 1, column=c + 1)) for c, text in enumerate(row))
        for r, row in enumerate(rows)
    )
    return Table(cells, at(line, table=1))


def claim(kind: Any, nodes: tuple[str, ...], number: str | None = None, line: int = 1, **keys: Any) -> Claim:
    return Claim(kind, at(line), keys.pop("text", ""), nodes, Decimal(number) if number else None, **keys)


def weakness(*items: str, line: int = 1, text: str = "", **keys: Any) -> Statement:
    return Statement("weakness", text, at(line), items=items, **keys)


def strength(*items: str, line: int = 1, text: str = "", **keys: Any) -> Statement:
    return Statement("strength", text, at(line), items=items, **keys)


def year(number: int, role: Any, line: int = 1, text: str = "") -> Year:
    return Year(number, role, at(line), text)


def day(start: str, end: str, text: str = "", purpose: Any = "period", owner: str | None = "p1m1") -> Day:
    return Day(dt.date.fromisoformat(start), dt.date.fromisoformat(end), text or start, at(), purpose, owner)


def plan(*points: dict[str, Any], result: int = 2568, action: int = 2569) -> Plan:
    """A plan; a point's measures are given as title → list of step texts."""
    made = []
    for number, point in enumerate(points, start=1):
        measures = [
            {"id": f"p{number}m{place}", "title": title, "steps": [{"text": text} for text in steps]}
            for place, (title, steps) in enumerate(point.get("measures", {}).items(), start=1)
        ]
        made.append({"id": f"p{number}", **{k: v for k, v in point.items() if k != "measures"}, "measures": measures})
    return Plan.model_validate(
        {
            "kind": "measures",
            "agency": {"name": NAME},
            "framework": f"ita-{result}",
            "result_year": result,
            "action_year": action,
            "points": made,
        }
    )


def found(made: Reading, code: str) -> list[Finding]:
    """The findings of one rule alone."""
    family = next(one for one in families() if any(rule.code == code for rule in one.rules))
    return [finding for finding in family.check(made) if finding.rule.code == code]


def nodes(made: Reading, code: str) -> list[tuple[str, ...]]:
    return [finding.nodes for finding in found(made, code)]
