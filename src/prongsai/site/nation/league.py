"""The league: every agency with its score, how sure it is, and between which ranks it surely lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import QueryDict
from numpy.typing import NDArray

from prongsai.national.uncertain import REASONS
from prongsai.site.base.text import pick
from prongsai.site.nation import draw
from prongsai.site.nation.overview import province_name
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Lazy, Table, between, known, points, span, whole
from prongsai.site.rounds.names import expanded

PAGE = 50


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """The agencies asked for, highest first, those whose score is not exactly known last."""
    node = reading.node(asked)
    kind = asked.get("kind", "") if asked.get("kind", "") in reading.kinds else ""
    province = asked.get("province", "") if asked.get("province", "") in reading.provinces else ""
    q = asked.get("q", "")[:100]
    lines = _ordered(reading, node, _found(reading, kind, province, q))
    rows = _Rows(reading, node, kind)
    page = Paginator(lines, PAGE).get_page(asked.get("page"))
    rows.fit(list(page))
    exact = ~np.isnan(reading.book.value[reading.book.line(node)])
    return {
        "node": node,
        "kind": kind,
        "province": province,
        "q": q,
        "filtered": bool(kind or province or q.strip()),
        "page": page,
        "shown": [rows.shown(line) for line in page],
        "others": [reading.name(other) for other in rows.others],
        "name": reading.name(node),
        "table": Table(rows.caption, rows.columns, Lazy(rows.row, lines)),
        "ranked": int((exact & rows.members).sum()),
        "members": int(rows.members.sum()),
        "axis": rows.axis,
    }


def interval_text(low: float | None, high: float | None, why: int) -> str:
    """The interval by chance, or why (a place in ``REASONS``) there is none to show."""
    if low is not None and low != high:
        return between(low, high).text
    reason = REASONS[why]
    return pick(reason.th, reason.en) if reason else ""


def level_text(names: list[str]) -> str:
    """The level, or from which to which it may still be."""
    if len(names) < 2:
        return names[0] if names else "–"
    return pick(f"{names[0]} ถึง {names[-1]}", f"{names[0]} to {names[-1]}")


def _found(reading: Reading, kind: str, province: str, q: str) -> NDArray[np.bool_]:
    """The agencies that fit, every word of ``q`` in name or code."""
    table = reading.book.agencies
    fits = np.ones(len(table), bool)
    for column, value in (("kind", kind), ("province", province)):
        if value:
            fits &= (table[column] == value).to_numpy()
    for word in expanded(q).split()[:8]:
        named = table["name"].str.contains(word, literal=True) | (table["code"].str.to_lowercase() == word.lower())
        fits &= named.to_numpy()
    return fits


def _ordered(reading: Reading, node: str, fits: NDArray[np.bool_]) -> list[int]:
    """Lines of agencies: exactly known from high to low, then intervals by their upper end, then what is not known."""
    place = reading.book.line(node)
    value, high = reading.book.value[place], reading.book.high[place]
    order = np.lexsort((-np.nan_to_num(high, nan=-1), -np.nan_to_num(value, nan=-1)))
    return [int(line) for line in order if fits[line]]


class _Rows:
    """One row of the league per agency. Ranks are those within ``kind``, where one is asked for."""

    def __init__(self, reading: Reading, node: str, kind: str) -> None:
        self.reading, self.node = reading, node
        book = reading.book
        self.at = book.line(node)
        self.book = book
        within = " in kind" if kind else ""
        self.ranks = {one: f"{one}{within} {node}" for one in ("rank", "best", "worst")}
        self.members = (book.agencies["kind"] == kind).to_numpy() if kind else np.ones(len(book.agencies), bool)
        self.others = [other for other in reading.nodes if other != node]
        self.axis = draw.Axis(0, 100)
        self.caption = pick(f"หน่วยงานเรียงตาม{reading.name(node)}", f"Agencies by {reading.name(node)}")
        self.columns = (
            Column(pick("หน่วยงาน", "Agency")),
            Column(pick("จังหวัด", "Province")),
            Column(reading.name(node), right=True),
            Column(pick("ต่ำสุด 95 %", "Low 95%"), right=True),
            Column(pick("สูงสุด 95 %", "High 95%"), right=True),
            Column(pick("อันดับตามคะแนน", "Rank by score"), right=True),
            Column(pick("อันดับดีที่สุดที่เป็นไปได้", "Best rank possible"), right=True),
            Column(pick("อันดับแย่ที่สุดที่เป็นไปได้", "Worst rank possible"), right=True),
            Column(pick("ระดับ", "Level")),
            *(Column(reading.name(other), right=True) for other in self.others),
        )

    def fit(self, lines: list[int]) -> None:
        """Lay the axis of the drawings over the agencies of a page."""
        book = self.reading.book
        ends = [book.low95, book.high95, book.low, book.high]
        self.axis = draw.axis_for([float(end[self.at, line]) for end in ends for line in lines])

    def row(self, line: int) -> tuple[Cell, ...]:
        """The cells of one agency."""
        book, one = self.book, self.book.row(line)
        return (
            Cell(one["name"], href=self.reading.address("agency", one["code"], score=self.node)),
            Cell(province_name(one["province"])),
            between(*self._ends(self.at, line)),
            points(known(book.low95[self.at, line])),
            points(known(book.high95[self.at, line])),
            *(whole(one[self.ranks[key]]) for key in ("rank", "best", "worst")),
            Cell(level_text(one["levels"])),
            *(between(*self._ends(book.line(other), line)) for other in self.others),
        )

    def _ends(self, at: int, line: int) -> tuple[float | None, float | None]:
        return known(self.reading.book.low[at, line]), known(self.reading.book.high[at, line])

    def shown(self, line: int) -> dict[str, Any]:
        """The same agency as a page has it: ranks and intervals in one piece, the interval drawn."""
        cells, one = self.row(line), self.book.row(line)
        return {
            "agency": cells[0],
            "province": cells[1].text,
            "score": cells[2].text,
            "interval": self.interval(line),
            "drawing": self.drawing(line),
            "rank": cells[5].text,
            "ranks": span(one[self.ranks["best"]], one[self.ranks["worst"]]).text,
            "level": level_text(one["levels"]),
            "others": cells[9:],
        }

    def interval(self, line: int) -> str:
        """The interval by chance, or why there is none to show."""
        book = self.book
        low, high = known(book.low95[self.at, line]), known(book.high95[self.at, line])
        return interval_text(low, high, int(book.reason[self.at, line]))

    def drawing(self, line: int) -> Any:
        """The score and its interval by chance; an interval alone where the score is not exactly known."""
        book = self.reading.book
        value = known(book.value[self.at, line])
        if value is None:
            return draw.span(self.axis, *self._ends(self.at, line))
        return draw.span(self.axis, known(book.low95[self.at, line]), known(book.high95[self.at, line]), value)
