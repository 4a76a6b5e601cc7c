"""Movers: what changed since the year before, and which changes chance alone would hardly make."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import QueryDict

from prongsai.errors import InputError
from prongsai.national.book import Book, upper
from prongsai.national.change import NO_ERROR, NO_SAMPLING, TESTED, Changes, Year, changes
from prongsai.site.base.text import T, pick
from prongsai.site.nation import draw
from prongsai.site.nation.overview import province_name
from prongsai.site.nation.reading import Reading, kept
from prongsai.site.nation.table import Cell, Column, Lazy, Table, known, points

PAGE = 50
RATE = 0.05  # of the changes that are called changes, at most one in twenty is none, in the mean
SHOWN = {
    "up": T("สูงขึ้น", "Rose"),
    "down": T("ต่ำลง", "Fell"),
    "open": T("แยกไม่ออก", "Cannot be told apart"),
    "untested": T("ทดสอบไม่ได้", "Not tested"),
}


def year_of(book: Book) -> Year:
    """A kept result's upper scores as the comparison takes them; what is withheld is missing in it already."""
    nodes = upper(book.framework)
    value, se, degrees = (book.lines(name, nodes) for name in ("value", "se", "degrees"))
    return Year(
        book.framework,
        tuple(book.agencies["code"].to_list()),
        tuple(nodes),
        value,
        se,
        degrees,
        tuple(book.about["assumed"]),
    )


def compared(reading: Reading) -> Changes | None:
    """The changes since the year before; None where there is no year before or none that may be compared."""
    before = reading.before
    if before is None:
        return None
    after, earlier = reading.file, before.file
    return _compared((after.sha256, after.pk), (earlier.sha256, earlier.pk))


@lru_cache(maxsize=6)
def _compared(after: tuple[str, int], before: tuple[str, int]) -> Changes | None:
    """Files never change, so two hashes say it all."""
    try:
        now = kept(*after)
        return changes(year_of(kept(*before)), year_of(now))
    except InputError:  # the framework of the year before is not the one that this one follows
        return None


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """One score's changes: who rose, who fell, who cannot be told apart."""
    found, before = compared(reading), reading.before
    base: dict[str, Any] = {"before": before, "found": found, "table": None, "counts": [], "shown_as": SHOWN}
    if before is None or found is None:
        return base
    offered = [node for node in reading.nodes if node in found.nodes]
    left_out = [(reading.name(node), found.left_out[node]) for node in reading.nodes if node in found.left_out]
    base |= {"offered": offered, "left_out": left_out}
    if not offered:
        return base
    node = asked.get("score", "")
    node = node if node in offered else reading.usual if reading.usual in offered else offered[0]
    show = asked.get("show", "") if asked.get("show", "") in SHOWN else ""
    states = _states(found, found.nodes.index(node))
    rows = _Rows(reading, found, node, states)
    lines = rows.ordered(show)
    page = Paginator(lines, PAGE).get_page(asked.get("page"))
    counts = [(key, SHOWN[key], int((states == key).sum())) for key in SHOWN]
    said = ", ".join(f"{text} {count:,}" for _, text, count in counts)
    drawing = draw.parts([(key, count) for key, _, count in counts], said)
    return base | {
        "node": node,
        "show": show,
        "counts": counts,
        "drawing": drawing,
        "both": len(found.codes),
        "only_after": len(found.only_after),
        "only_before": len(found.only_before),
        "page": page,
        "shown": [(rows.row(line), SHOWN[states[line]], states[line]) for line in page],
        "table": Table(rows.caption, rows.columns, Lazy(rows.row, lines)),
    }


def _states(found: Changes, at: int) -> Any:
    """What is to be said of each agency: a key of ``SHOWN``; empty where a year has no exact score."""
    difference, reason = found.difference[at], found.reason[at]
    sure = found.found(RATE)[at] | (reason == NO_SAMPLING)
    states = np.full(len(found.codes), "", dtype="<U8")
    states[reason == NO_ERROR] = "untested"
    states[(reason == TESTED) | (reason == NO_SAMPLING)] = "open"
    states[sure & (difference > 0)] = "up"
    states[sure & (difference < 0)] = "down"
    return states


class _Rows:
    def __init__(self, reading: Reading, found: Changes, node: str, states: Any) -> None:
        self.reading, self.found, self.node, self.states = reading, found, node, states
        self.at = found.nodes.index(node)
        self.difference = found.difference[self.at]
        name = reading.name(node)
        self.caption = pick(f"การเปลี่ยนแปลงของ{name} จากปีก่อน", f"Change of {name} since the year before")
        self.columns = (
            Column(pick("หน่วยงาน", "Agency")),
            Column(pick("จังหวัด", "Province")),
            Column(pick("ปีก่อน", "Year before"), right=True),
            Column(pick("ปีนี้", "This year"), right=True),
            Column(pick("ผลต่าง", "Difference"), right=True),
            Column(pick("ความคลาดเคลื่อนมาตรฐาน", "Standard error"), right=True),
            Column(pick("ค่า q", "q"), right=True),
            Column(pick("สรุป", "Verdict")),
        )

    def ordered(self, show: str) -> list[int]:
        """Lines of the comparison: the surest first, then the larger difference."""
        found = self.found
        q = np.where(
            np.isnan(found.q[self.at]), np.where(found.reason[self.at] == NO_SAMPLING, -1, 2), found.q[self.at]
        )
        order = np.lexsort((-np.abs(self.difference), q))
        return [int(line) for line in order if self.states[line] and show in ("", self.states[line])]

    def row(self, line: int) -> tuple[Cell, ...]:
        found = self.found
        one = self.reading.book.row(int(found.lines[line]))
        q = known(found.q[self.at, line])
        return (
            Cell(one["name"], href=self.reading.address("agency", one["code"], score=self.node)),
            Cell(province_name(one["province"])),
            points(float(found.before[self.at, line])),
            points(float(found.after[self.at, line])),
            points(float(self.difference[line]), signed=True),
            points(float(found.se[self.at, line])),
            self._q(line, q),
            Cell(str(SHOWN[self.states[line]]) if self.states[line] else "–"),
        )

    def _q(self, line: int, q: float | None) -> Cell:
        if q is None:
            everyone = self.found.reason[self.at, line] == NO_SAMPLING
            return Cell(pick("ตอบครบทุกคน", "all answered") if everyone else "–")
        return Cell("< 0.001" if q < 0.001 else f"{q:.3f}", round(q, 6))


def change_of(reading: Reading, code: str, node: str) -> tuple[tuple[Cell, ...], str] | None:
    """One agency's change of one score: its cells and a key of ``SHOWN``; None where it cannot be told."""
    found = compared(reading)
    if found is None or node not in found.nodes or code not in found.codes:
        return None
    states = _states(found, found.nodes.index(node))
    line = found.codes.index(code)
    if not states[line]:
        return None
    return _Rows(reading, found, node, states).row(line), str(states[line])


def no_change_reason(reading: Reading, node: str) -> str:
    """Why a score has no change to show, as far as the framework says."""
    found = compared(reading)
    return "" if found is None else found.left_out.get(node, "")
