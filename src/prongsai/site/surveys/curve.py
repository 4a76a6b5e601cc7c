"""Answers day by day as a drawing: what came in, and where the forecast leads; the numbers stand in a table too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from prongsai.site.base.templatetags.prongsai import day as written
from prongsai.site.base.text import pick
from prongsai.site.surveys.counts import Forecast

_WIDE, _HIGH, _LEFT, _BELOW, _ABOVE, _RIGHT = 720, 260, 70, 34, 16, 16


def curve(days: Sequence[tuple[dt.date, int]], closes: dt.date | None, seen: Forecast | None) -> SafeString | None:
    """All answers together up to each day, with the forecast's span at the last day; None before there are two days."""
    if len(days) < 2:
        return None
    first, last = days[0][0], max(days[-1][0], closes or days[-1][0])
    span = max(1, (last - first).days)
    total, points = 0, []
    for day, filed in days:
        total += filed
        points.append((day, total))
    top = max(total, seen.high if seen else 0, 1)

    def x(day: dt.date) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * (day - first).days / span

    def y(value: float) -> float:
        return _HIGH - _BELOW - (_HIGH - _BELOW - _ABOVE) * value / top

    line = " ".join(f"{x(day):.1f},{y(value):.1f}" for day, value in points)
    drawn = [
        f'<polyline points="{line}" fill="none" stroke="#0b4f6c" stroke-width="3" stroke-linejoin="round"/>',
        f'<circle cx="{x(points[-1][0]):.1f}" cy="{y(total):.1f}" r="4" fill="#0b4f6c"/>',
    ]
    if seen and closes:
        start = f"{x(points[-1][0]):.1f},{y(total):.1f}"
        end = x(closes)
        drawn.insert(
            0,
            f'<polygon points="{start} {end:.1f},{y(seen.high):.1f} {end:.1f},{y(seen.low):.1f}" fill="#e3eef3"/>'
            f'<line x1="{x(points[-1][0]):.1f}" y1="{y(total):.1f}" x2="{end:.1f}" y2="{y(seen.expected):.1f}" '
            'stroke="#0b4f6c" stroke-width="2" stroke-dasharray="6 5"/>',
        )
    for share in (0, 0.5, 1):
        height = y(top * share)
        drawn.insert(
            0,
            f'<line x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#d5dad9"/>'
            f'<text x="{_LEFT - 8}" y="{height + 5:.1f}" text-anchor="end" font-size="14" fill="#475662">'
            f"{round(top * share):,}</text>",
        )
    for when, anchor in ((first, "start"), (last, "end")):
        drawn.append(
            f'<text x="{x(when):.1f}" y="{_HIGH - 10}" text-anchor="{anchor}" font-size="14" fill="#475662">'
            f"{escape(written(when))}</text>"
        )
    name = pick("จำนวนผู้ตอบสะสมรายวัน และค่าคาดการณ์ถึงวันปิด", "Answers so far, day by day, and the forecast")
    head = f'<svg class="chart" viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{escape(name)}">'
    return mark_safe(f"{head}{''.join(drawn)}</svg>")  # noqa: S308 - a drawing of numbers; every text escaped
