"""Items: which are hard and which everybody passes, this year and in the years before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.http import QueryDict

from prongsai.analysis.comparable import counterparts
from prongsai.errors import InputError
from prongsai.site.base.text import T, pick
from prongsai.site.nation import draw
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Table, between, points, share, whole

SORTS = {"order": T("ตามกรอบ", "As in the framework"), "hard": T("ยากที่สุดก่อน", "Hardest first")}


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """Every item's mean over agencies, and those of the same item in the years before."""
    kind = asked.get("kind", "") if asked.get("kind", "") in reading.kinds else ""
    offered = _containers(reading)
    container = asked.get("of", "") if asked.get("of", "") in offered else ""
    sort = asked.get("sort", "order") if asked.get("sort", "order") in SORTS else "order"
    years = [reading, *reading.earlier]
    rows = [_Row(years, node, kind) for node in items_of(reading, container)]
    if sort == "hard":
        rows.sort(key=lambda row: (row.mean is None, row.mean))
    columns = (
        Column(pick("ข้อ", "Item")),
        Column(pick("ประเด็นคำถาม", "Question")),
        Column(pick("มีคะแนน", "With score"), right=True),
        Column(pick("ไม่แสดง", "Withheld"), right=True),
        Column(pick("มัธยฐาน", "Median"), right=True),
        Column(pick("95 ขึ้นไป", "95 or more"), right=True),
        Column(pick("ตอบดีที่สุด", "Best answers"), right=True),
        *(Column(_year(one), right=True) for one in reversed(years)),
    )
    caption = pick("ค่าเฉลี่ยของหน่วยงานรายข้อ ปีต่อปี", "Means of agencies by item, year by year")
    table = Table(caption, columns, [row.cells for row in rows])
    return {
        "kind": kind,
        "of": container,
        "offered": [(one, reading.name(one)) for one in offered],
        "sort": sort,
        "sorts": SORTS,
        "years": [_year(one) for one in reversed(years)],
        "table": table,
        "lines": [(row.cells, draw.course(row.course)) for row in rows],
        "changed": sum(row.changed for row in rows),
    }


def _year(reading: Reading) -> str:
    return str(reading.round.fiscal_year or reading.round_name)


def _containers(reading: Reading) -> list[str]:
    """What is asked or inspected apart: the parts of an instrument, or the instrument itself."""
    return [code for one in reading.book.framework.instruments for code in ([p.code for p in one.parts] or [one.code])]


def items_of(reading: Reading, container: str) -> list[str]:
    """The items of one of them, or of all; an item that two parts ask stands there twice, each with its own score."""
    found = []
    for one in [container] if container else _containers(reading):
        if one in reading.parts:
            found += reading.of_kind("item", part=one)
        else:
            found += [node for node in reading.of_kind("item") if reading.instrument(node) == one]
    return found


class _Row:
    """One item with its means, this year's first in ``years``. A year whose item is another stops the course."""

    def __init__(self, years: list[Reading], node: str, kind: str) -> None:
        by, group = ("kind", kind) if kind else ("nation", "")
        now = years[0].book.spread(by, group, node) or {}
        means: list[tuple[float | None, float | None]] = [(now.get("mean_low"), now.get("mean_high"))]
        self.changed = False
        name: str | None = node
        for later, earlier in pairwise(years):
            name = self._before(later, earlier, name) if name else None
            spread = (earlier.book.spread(by, group, name) if name else None) or {}
            means.append((spread.get("mean_low"), spread.get("mean_high")))
        self.mean = means[0][0]
        self.course = [low if low == high else None for low, high in reversed(means)]
        best = now.get("best_answers")
        self.cells = (
            Cell(years[0].name(node)),
            Cell(years[0].title(node)),
            whole(now.get("scored", 0)),
            whole(now.get("withheld", 0)),
            between(now.get("median_low"), now.get("median_high")),
            share(now.get("high_surely", 0), now.get("scored", 0)),
            points(None) if best is None else Cell(f"{100 * best:.1f} %", round(100 * best, 1)),
            *(between(low, high) for low, high in reversed(means)),
        )

    def _before(self, later: Reading, earlier: Reading, name: str) -> str | None:
        """The item's name in the year before, where scores may be compared."""
        if (later.round.fiscal_year or 0) - (earlier.round.fiscal_year or 0) != 1:
            return None
        try:
            pair = counterparts(later.book.framework, earlier.book.framework).get(name)
        except InputError:
            return None
        if pair is None or not pair.comparable:
            self.changed = True
            return None
        return pair.node
