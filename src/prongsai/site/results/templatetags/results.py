"""Drawings of the results pages: bars and lines as SVG with attributes only, in percent, so that text keeps its size.

Every drawing stands beside a table that says the same; a bar under the line is hatched and has a sign, so that
colour alone carries nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django import template

from prongsai.analysis.trend import Change
from prongsai.scoring.interval import shown
from prongsai.site.base.text import pick
from prongsai.site.results.show import Figure, YearPoint
from prongsai.site.results.show_rows import THRESHOLDS, AspectRow, Row

register = template.Library()
_ROW, _TOP, _BAR = 54, 34, 18


def _percent(value: Fraction | None) -> str:
    return f"{float(value or 0):.2f}%"


@register.inclusion_tag("results/bar.html")
def bar(figure: Figure, line: Any = None) -> dict[str, Any]:
    """A small bar for a table's cell; an interval is drawn from its low to its high end."""
    if figure.low is None or figure.high is None:
        return {"known": False}
    low = line is not None and figure.score is not None and shown(figure.score) < line
    return {
        "known": True,
        "exact": figure.score is not None,
        "from": _percent(figure.low if figure.score is None else Fraction(0)),
        "width": _percent(figure.high if figure.score is not None else figure.high - figure.low),
        "low": low,
        "line": f"{float(line):.2f}%" if line is not None else "",
    }


@dataclass(frozen=True)
class _Drawn:
    """One bar of a chart: where it stands, and its words."""

    label: str
    text: str
    top: int
    base: int
    x: str
    width: str
    known: bool
    exact: bool
    low: bool


@register.inclusion_tag("results/bars.html")
def bars(rows: Iterable[Row], name: str) -> dict[str, Any]:
    """A chart of scores with the line that weak ones are under; labels stand above their bars, as a phone needs."""
    line = THRESHOLDS.indicator
    drawn = []
    for number, row in enumerate(rows):
        figure, top = row.figure, _TOP + number * _ROW
        low, high = figure.low or Fraction(0), figure.high or Fraction(0)
        exact = figure.score is not None
        under = figure.score is not None and shown(figure.score) < line
        sign = "▼ " if under else ""
        drawn.append(
            _Drawn(
                f"{row.code} {row.title}", sign + figure.text, top + 24, top + 16,
                _percent(Fraction(0) if exact else low), _percent(high if exact else high - low),
                figure.known, exact, under,
            )
        )  # fmt: skip
    height = _TOP + len(drawn) * _ROW + 6
    said = ", ".join(f"{one.label} {one.text}" for one in drawn)
    return {
        "name": name,
        "bars": drawn,
        "height": height,
        "bar": _BAR,
        "line": f"{float(line):.0f}%",
        "line_text": f"{line}",
        "end": height - 6,
        "said": said,
    }


@register.inclusion_tag("results/bars.html")
def aspect_ranges(aspects: Iterable[AspectRow]) -> dict[str, Any]:
    """From the lowest to the highest item of each aspect, and the same line."""
    rows = []
    for order, one in enumerate(aspects):
        low, high = one.lowest, one.highest
        figure = Figure(one.group.id, "unknown")
        if low and high:
            figure = Figure(one.group.id, "computed", low.figure.score, high.figure.score)
        rows.append(Row(order, one.group.id, one.group.title, figure))
    return bars(rows, pick("ช่วงคะแนนรายข้อของประเด็น", "Range of item scores by aspect"))


_PLOT_TOP, _PLOT_HEIGHT = 34, 170


@register.inclusion_tag("results/years.html")
def years(points: list[YearPoint], name: str) -> dict[str, Any]:
    """The overall scores of some years as a line; where a year is only known as an interval, as an upright bar."""
    drawn: list[dict[str, Any]] = []
    left = 10.0  # percent kept free for the scale
    step = (100 - left) / max(len(points), 1)
    for number, point in enumerate(points):
        figure = point.overall
        known = figure.low is not None and figure.high is not None
        drawn.append(
            {
                "x": f"{left + step * (number + 0.5):.2f}%",
                "high": _y(figure.high),
                "low": _y(figure.low),
                "label_y": _y(figure.high) - 12,
                "known": known,
                "exact": figure.score is not None,
                "text": figure.text,
                "year": point.assessment.round.fiscal_year,
            }
        )
    exact = [one for one in drawn if one["exact"]]
    lines = [{"x1": a["x"], "y1": a["high"], "x2": b["x"], "y2": b["high"]} for a, b in pairwise(exact)]
    scale = [{"y": _y(Fraction(value)), "text": value} for value in (0, 25, 50, 75, 100)]
    said = ", ".join(f"{one['year']}: {one['text']}" for one in drawn)
    return {
        "name": name, "points": drawn, "lines": lines, "scale": scale, "height": _PLOT_TOP + _PLOT_HEIGHT + 34,
        "foot": _PLOT_TOP + _PLOT_HEIGHT + 26, "said": said,
    }  # fmt: skip


def _y(value: Fraction | None) -> int:
    return _PLOT_TOP + round(_PLOT_HEIGHT * (1 - float(value or 0) / 100))


@register.filter
def signed(change: Change | None) -> str:
    """``+1.20``, ``−0.35`` or ``±0.00``: the difference between two shown numbers' exact scores."""
    if change is None:
        return "–"
    value = shown(change.difference)
    if value == 0:
        return "±0.00"
    return f"+{value}" if value > 0 else f"−{-value}"


@register.filter
def direction(change: Change | None) -> str:
    """The change in words, for those who do not see the sign."""
    if change is None or not shown(change.difference):
        return pick("เท่าเดิม", "unchanged")
    return pick("เพิ่มขึ้น", "up") if change.difference > 0 else pick("ลดลง", "down")


@register.inclusion_tag("results/sort.html", takes_context=True)
def sort_head(context: template.Context, key: str, th: str, en: str) -> dict[str, Any]:
    """A column's head that sorts by it: first the way one wants to see (weak ones first), then the other way."""
    asked = context["request"].GET.copy()
    now = asked.get("sort", "order")
    up, down = now == key, now == f"-{key}"
    asked["sort"] = f"-{key}" if up else key
    return {
        "text": pick(th, en),
        "address": asked.urlencode(),
        "aria": "ascending" if up else "descending" if down else "",
        "sign": "↑" if up else "↓" if down else "↕",
        "number": key != "order",
    }
