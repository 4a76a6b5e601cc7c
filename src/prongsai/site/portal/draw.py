"""Drawings of the portal: bars, answers, years. Each repeats what the words and tables beside it say."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

_WIDE, _HIGH, _LEFT, _TOP, _BELOW, _EDGE = 300, 150, 30, 22, 26, 24


def bar(low: Decimal | None, high: Decimal | None, mark: Decimal | None = None) -> SafeString:
    """A score between 0 and 100; a range lighter; ``mark``: a threshold."""
    inner = ""
    if low is not None and high is not None:
        inner = f'<rect class="sure" width="{low}" height="4"/>'
        if high > low:
            inner += f'<rect class="range" x="{low}" width="{high - low}" height="4"/>'
        if mark is not None:
            inner += f'<rect class="limit" x="{mark - Decimal("0.4")}" width="0.8" height="4"/>'
    head = '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    return mark_safe(f'{head}<rect class="ground" width="100" height="4"/>{inner}</svg>')  # noqa: S308 - a drawing of numbers; every text escaped


def stack(parts: Sequence[tuple[str, int]]) -> SafeString:
    """How many chose each option, side by side: (class, number) each, best first."""
    total, x, inner = sum(count for _, count in parts), 0.0, ""
    for kind, count in parts if total else ():
        wide = 100 * count / total
        inner += f'<rect class="{kind}" x="{x:.2f}" width="{wide:.2f}" height="4"/>' if count else ""
        x += wide
    head = '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    return mark_safe(f"{head}{inner}</svg>")  # noqa: S308 - a drawing of numbers; every text escaped


def years(points: Sequence[tuple[str, float | None, float | None]], joined: Sequence[bool]) -> SafeString:
    """One score over the years, oldest first: (year, low, high) each. ``joined``: whether it compares with the next.

    A year that does not compare with the one before stands behind a dashed line, and no stroke crosses it.
    """
    known = [end for _, low, high in points for end in (low, high) if end is not None]
    least = max(0.0, (min(known, default=0) - 4) // 10 * 10)
    step = (_WIDE - _LEFT - 2 * _EDGE) / max(len(points) - 1, 1)

    def x(place: int) -> float:
        return round(_LEFT + _EDGE + place * step, 1)

    def y(value: float) -> float:
        return round(_TOP + (100 - value) / ((100 - least) or 1) * (_HIGH - _TOP - _BELOW), 1)

    inner = ""
    for line in (least, (least + 100) / 2, 100.0):
        inner += f'<line class="grid-line" x1="{_LEFT}" x2="{_WIDE}" y1="{y(line)}" y2="{y(line)}"/>'
        inner += f'<text x="{_LEFT - 4}" y="{y(line) + 4}" text-anchor="end" font-size="11">{line:g}</text>'
    for place, (one, two) in enumerate(pairwise(points)):
        middle = (x(place) + x(place + 1)) / 2
        if not joined[place]:
            inner += (
                f'<line class="break" x1="{middle:.1f}" x2="{middle:.1f}" y1="{_TOP - 8}" y2="{_HIGH - _BELOW + 4}"/>'
            )
        elif one[1] is not None and one[1] == one[2] and two[1] is not None and two[1] == two[2]:
            inner += f'<line class="line" x1="{x(place)}" x2="{x(place + 1)}" y1="{y(one[1])}" y2="{y(two[1])}"/>'
    for place, (year, low, high) in enumerate(points):
        inner += f'<text x="{x(place)}" y="{_HIGH - 6}" text-anchor="middle" font-size="12">{escape(year)}</text>'
        if low is None or high is None:
            continue
        if low == high:
            inner += f'<circle class="dot" cx="{x(place)}" cy="{y(low)}" r="4"/>'
            above = f'x="{x(place)}" y="{y(low) - 8}" text-anchor="middle" font-size="12"'
            inner += f'<text class="value" {above}>{low:.2f}</text>'
        else:
            tall = max(y(low) - y(high), 2)
            inner += f'<rect class="range" x="{x(place) - 4}" y="{y(high)}" width="8" height="{tall:.1f}"/>'
    return mark_safe(f'<svg class="years" viewBox="0 0 {_WIDE} {_HIGH}" aria-hidden="true">{inner}</svg>')  # noqa: S308 - a drawing of numbers; every text escaped


def versus(rows: Sequence[tuple[float, float, float]], low: float) -> list[SafeString]:
    """Intervals of several agencies on one axis from ``low`` to 100: (score, low, high) each."""
    span = (100 - low) or 1

    def at(value: float) -> float:
        return round(4 + (value - low) / span * 232, 1)

    return [
        mark_safe(  # noqa: S308 - a drawing of numbers; every text escaped
            '<svg class="strip" viewBox="0 0 240 26" aria-hidden="true">'
            '<rect class="track" y="3" width="240" height="20"/>'
            f'<rect class="box" x="{at(start)}" y="9" width="{max(at(end) - at(start), 2):.1f}" height="8" rx="4"/>'
            f'<circle class="mark" cx="{at(value)}" cy="13" r="5"/></svg>'
        )
        for value, start, end in rows
    ]
