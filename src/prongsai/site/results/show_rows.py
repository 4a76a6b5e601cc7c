"""Rows of the score tables: indicators, items and aspects, with last year's value, marks, sorting and filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from prongsai.analysis.findings import Finding, Thresholds
from prongsai.analysis.ranking import Group, ItemScore, by_aspect, item_scores
from prongsai.analysis.trend import Change
from prongsai.scoring.interval import shown
from prongsai.scoring.level import meets
from prongsai.scoring.structure import at_part
from prongsai.site.base.text import T, pick
from prongsai.site.results.show import Figure, YearResult
from prongsai.site.results.show import figure as show_figure

THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Mark:
    """A judgement in a sign, words and a tone: never by colour alone."""

    sign: str
    text: Any
    tone: str


_FAILED = Mark("✗", T("ไม่ผ่าน", "Failed"), "bad")
_LOWEST = Mark("▽", T("ต่ำที่สุดในตัวชี้วัด", "Lowest of its indicator"), "")
_STRENGTH = Mark("▲", T("สูงที่สุดในตัวชี้วัด", "Highest of its indicator"), "good")


def below(threshold: Decimal) -> Mark:
    """The mark of a score under a threshold."""
    return Mark("▼", pick(f"ต่ำกว่า {threshold}", f"Below {threshold}"), "warn")


def mark_of(found: Finding | None) -> Mark | None:
    """The mark of an item's finding."""
    if found is None:
        return None
    return {"failed": _FAILED, "below": below(found.threshold), "lowest": _LOWEST, "strength": _STRENGTH}[found.kind]


@dataclass(frozen=True)
class Row:
    """One line of a score table. ``change`` is None where last year has no counterpart; ``why`` says so."""

    order: int
    code: str
    title: str
    figure: Figure
    instrument: str = ""
    indicator: str = ""
    note: str = ""
    mark: Mark | None = None
    change: Change | None = None
    why: str = ""


def indicator_rows(year: YearResult) -> list[Row]:
    """The framework's indicators."""
    rows = []
    for order, node in enumerate(year.sheet.structure.of_kind("indicator")):
        figure = year.figure(node.id)
        low = figure.score is not None and shown(figure.score) < THRESHOLDS.indicator
        mark = below(THRESHOLDS.indicator) if low else None
        rows.append(
            Row(
                order, node.id, year.title(node.id), figure, node.instrument or "",
                indicator=node.id, mark=mark, change=year.changes.get(node.id),
            )
        )  # fmt: skip
    return rows


def item_rows(year: YearResult) -> list[Row]:
    """All items; where only one part's score of an item is known, that part's with a note."""
    return [_item_row(year, order, item) for order, item in enumerate(item_scores(year.sheet).values())]


def _item_row(year: YearResult, order: int, item: ItemScore) -> Row:
    figure = year.figure(at_part(item.code, item.part) if item.part else item.code)
    note = pick(f"คะแนนของส่วนที่ {_number(item.part)}", f"Score of part {_number(item.part)}") if item.part else ""
    return Row(
        order, item.code, item.title, figure, item.instrument, item.indicator, note,
        mark_of(year.marks.get(item.code)), year.changes.get(item.code), year.unmatched.get(item.code, ""),
    )  # fmt: skip


def _number(part: str) -> str:
    return part.partition(".")[2]


@dataclass(frozen=True)
class ComponentRow:
    """An instrument, or a part of one: its share of the overall score, and whether the level rests on it."""

    node: str
    name: str
    title: str
    is_part: bool
    figure: Figure
    before: Figure | None
    weight: Decimal | None
    counts: bool
    mark: Mark | None


def component_rows(year: YearResult) -> list[ComponentRow]:
    """The instruments with their parts below them."""
    framework = year.sheet.framework
    codes = [code for inst in framework.instruments for code in (inst.code, *(part.code for part in inst.parts))]
    return [_component(year, code) for code in codes]


def _component(year: YearResult, code: str) -> ComponentRow:
    framework, sheet = year.sheet.framework, year.sheet
    figure = year.figure(code)
    score = figure.score
    counts = code in framework.levels.components
    floor = framework.target.component_min if framework.target and counts else None
    low = floor is not None and score is not None and not meets(framework, score, floor)
    before = show_figure(year.before, code) if year.before and code in year.before.values else None
    weight = framework.overall.weights.get(code)
    return ComponentRow(
        code, year.name(code), year.title(code), sheet.values[code].node.kind == "part", figure, before,
        weight, counts, below(floor) if low and floor is not None else None,
    )  # fmt: skip


def arranged(rows: list[Row], asked: Mapping[str, str]) -> list[Row]:
    """Rows as an address asks: ``instrument``, ``indicator``, ``only=weak``, ``sort`` (``-score``: from high to low).

    Unknown values stand last whichever way the rest is sorted.
    """
    for key in ("instrument", "indicator"):
        if wanted := asked.get(key):
            rows = [row for row in rows if getattr(row, key) == wanted]
    if asked.get("only") == "weak":
        rows = [row for row in rows if row.mark and row.mark is not _STRENGTH]
    sort = asked.get("sort", "")
    key, down = sort.lstrip("-"), sort.startswith("-")
    if key not in ("score", "change"):
        return sorted(rows, key=lambda row: row.order, reverse=down and key == "order")
    known = [(value, row) for row in rows if (value := _sort_value(row, key)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=down)
    first = [row for _, row in known]
    return [*first, *(row for row in rows if _sort_value(row, key) is None)]


def _sort_value(row: Row, key: str) -> Fraction | None:
    if key == "score":
        return row.figure.low
    return row.change.difference if row.change else None


@dataclass(frozen=True)
class AspectRow:
    """One aspect with its items. The framework gives it no score, so its lowest and highest items are shown."""

    group: Group
    rows: tuple[Row, ...]

    @property
    def weak(self) -> list[Row]:
        """Items that failed or are under the threshold."""
        return [row for row in self.rows if row.mark and row.mark.tone in ("bad", "warn")]

    @property
    def known(self) -> list[Row]:
        """Items with a score that may be shown."""
        return [row for row in self.rows if row.figure.score is not None]

    @property
    def lowest(self) -> Row | None:
        """The item with the lowest score."""
        return min(self.known, key=lambda row: row.figure.score or 0, default=None)

    @property
    def highest(self) -> Row | None:
        """The item with the highest score."""
        return max(self.known, key=lambda row: row.figure.score or 0, default=None)


def aspect_rows(year: YearResult) -> list[AspectRow]:
    """The framework's aspects with their items; empty where the grouping is not known."""
    rows = {row.code: row for row in item_rows(year)}
    return [AspectRow(group, tuple(rows[item.code] for item in group.items)) for group in by_aspect(year.sheet)]
