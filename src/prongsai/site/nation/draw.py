"""Drawings of the national pages: SVG made here, colours by the style sheet, the numbers always in a table beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, isnan

from django.utils.safestring import SafeString, mark_safe

SHADES = 5
_TILE, _GAP = 62, 4
_STRIP, _STRIP_HIGH, _EDGE = 240, 26, 8


@dataclass(frozen=True)
class Axis:
    """A stretch of points that drawings of one page share."""

    low: float
    high: float

    def at(self, value: float, wide: float = _STRIP) -> float:
        """Where a value stands in a drawing so wide."""
        span = (self.high - self.low) or 1
        return round(_EDGE + min(max((value - self.low) / span, 0), 1) * (wide - 2 * _EDGE), 1)


def axis_for(values: Iterable[float | None]) -> Axis:
    """From the five below the least value up to the five above the greatest."""
    known = [value for value in values if value is not None and not isnan(value)]
    low, high = floor(min(known, default=0) / 5) * 5, min(ceil(max(known, default=100) / 5) * 5, 100)
    return Axis(low, high) if high > low else Axis(min(low, 95), max(high, min(low, 95) + 5))


def shades(values: Sequence[float | None]) -> list[float]:
    """The limits of five shades of about equal numbers of values; fewer where values are alike."""
    known = sorted({round(value, 2) for value in values if value is not None})
    if not known:
        return []
    return sorted({known[len(known) * step // SHADES] for step in range(1, SHADES)})


def shade(value: float | None, limits: Sequence[float]) -> int:
    """The shade of a value: 1 (lowest) to 5; 0 where there is none."""
    if value is None:
        return 0
    return 1 + sum(round(value, 2) >= limit for limit in limits)


def legend(limits: Sequence[float]) -> list[tuple[int, str]]:
    """The shades and what they stand for, from low to high."""
    if not limits:
        return []
    texts = [f"< {limits[0]:.2f}"]
    texts += [f"{low:.2f}–{high - 0.01:.2f}" for low, high in pairwise(limits)]
    return list(enumerate([*texts, f"≥ {limits[-1]:.2f}"], start=1))


@dataclass(frozen=True)
class Tile:
    """One province: its place in the grid, sign, number, what it says aloud, and where it leads."""

    column: int
    row: int
    sign: str
    number: str
    said: str
    href: str
    shade: int


def tiles(found: Sequence[Tile], name: str) -> SafeString:
    """The provinces as tiles of equal size, each a link."""
    wide = (max(tile.column for tile in found) + 1) * _TILE
    high = (max(tile.row for tile in found) + 1) * _TILE
    drawn = [
        f'<a href="{escape(tile.href)}"><title>{escape(tile.said)}</title>'
        f'<g class="tile s{tile.shade}" transform="translate({tile.column * _TILE + 2} {tile.row * _TILE + 2})">'
        f'<rect width="{_TILE - _GAP}" height="{_TILE - _GAP}" rx="6"/>'
        f'<text x="29" y="25" text-anchor="middle" font-size="23">{escape(tile.sign)}</text>'
        f'<text x="29" y="49" text-anchor="middle" font-size="21">{escape(tile.number)}</text></g></a>'
        for tile in found
    ]
    head = f'<svg class="tiles" viewBox="0 0 {wide} {high}" role="group" aria-label="{escape(name)}">'
    return mark_safe(f"{head}{''.join(drawn)}</svg>")  # noqa: S308 - a drawing of numbers; every text escaped


def _svg(inner: str, wide: float = _STRIP, high: float = _STRIP_HIGH, kind: str = "strip") -> SafeString:
    """A drawing that repeats what the cells beside it say, so that it is silent."""
    return mark_safe(f'<svg class="{kind}" viewBox="0 0 {wide:g} {high:g}" aria-hidden="true">{inner}</svg>')  # noqa: S308 - a drawing of numbers; every text escaped


def _track(axis: Axis) -> str:
    step = 10 if axis.high - axis.low > 30 else 5 if axis.high - axis.low > 10 else 1
    ticks = "".join(
        f'<line class="tick" x1="{axis.at(at)}" x2="{axis.at(at)}" y1="3" y2="23"/>'
        for at in range(int(axis.low), int(axis.high) + 1, step)
    )
    return f'<rect class="track" y="3" width="{_STRIP}" height="20"/>{ticks}'


def box(axis: Axis, five: Sequence[float | None], mark: float | None = None) -> SafeString:
    """Least, quartiles and most as a box with whiskers; ``mark``: one agency among them, as a diamond."""
    inner = _track(axis)
    known = [value for value in five if value is not None]
    if len(known) == 5:
        least, first, middle, third, most = (axis.at(value) for value in known)
        inner += (
            f'<line class="whisker" x1="{least}" x2="{most}" y1="13" y2="13"/>'
            f'<rect class="box" x="{first}" y="6" width="{max(third - first, 1.5):.1f}" height="14"/>'
            f'<line class="median" x1="{middle}" x2="{middle}" y1="5" y2="21"/>'
        )
    if mark is not None:
        inner += f'<path class="mark" d="M{axis.at(mark)} 5l7 8l-7 8l-7 -8z"/>'
    return _svg(inner)


def span(axis: Axis, low: float | None, high: float | None, value: float | None = None) -> SafeString:
    """An interval, and the value inside it."""
    inner = _track(axis)
    if low is not None and high is not None:
        x, end = axis.at(low), axis.at(high)
        inner += f'<rect class="box" x="{x}" y="9" width="{max(end - x, 2):.1f}" height="8" rx="4"/>'
    if value is not None:
        inner += f'<circle class="mark" cx="{axis.at(value)}" cy="13" r="5"/>'
    return _svg(inner)


def histogram(counts: Sequence[int], edges: Sequence[float], name: str) -> SafeString:
    """How many agencies lie in each stretch of points."""
    wide, high, below, left = 720, 240, 30, 46
    top = max(max(counts, default=0), 1)
    step = (wide - left) / max(len(counts), 1)
    inner = ""
    for part in (0, 0.5, 1):
        y = high - below - (high - below - 14) * part
        inner += (
            f'<line class="grid-line" x1="{left}" x2="{wide}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{left - 6}" y="{y + 5:.1f}" text-anchor="end" font-size="14">{round(top * part):,}</text>'
        )
    for place, count in enumerate(counts):
        tall = (high - below - 14) * count / top
        inner += (
            f'<rect class="bar-fill" x="{left + place * step + 1:.1f}" y="{high - below - tall:.1f}" '
            f'width="{step - 2:.1f}" height="{tall:.1f}"/>'
        )
    for place, edge in enumerate(edges):
        if edge % 5 == 0 and (len(edges) < 22 or edge % 10 == 0):
            x = left + place * step
            anchor = "end" if place == len(edges) - 1 else "middle"
            inner += f'<text x="{x:.1f}" y="{high - 8}" text-anchor="{anchor}" font-size="14">{edge:g}</text>'
    head = f'<svg class="chart" viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(name)}">'
    return mark_safe(f"{head}{inner}</svg>")  # noqa: S308 - a drawing of numbers; every text escaped


def parts(found: Sequence[tuple[str, int]], name: str) -> SafeString:
    """A whole in parts, side by side: (class, number) each."""
    total = sum(count for _, count in found) or 1
    x, inner = 0.0, ""
    for kind, count in found:
        wide = 720 * count / total
        if count:
            inner += f'<rect class="{kind}" x="{x:.1f}" width="{wide:.1f}" height="34"/>'
            if x:
                inner += f'<line class="cut" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="34"/>'
            if wide > 60:
                text = f"{count:,}"
                inner += f'<text class="{kind}-text" x="{x + wide / 2:.1f}" y="23" text-anchor="middle">{text}</text>'
        x += wide
    head = f'<svg class="whole" viewBox="0 0 720 34" role="img" aria-label="{escape(name)}">'
    return mark_safe(f"{head}{inner}</svg>")  # noqa: S308 - a drawing of numbers; every text escaped


def course(values: Sequence[float | None]) -> SafeString:
    """A value over the years, oldest first, as a small line; years without a value are left open."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(known), max(known)
    spread = (high - low) or 1
    step = 100 / max(len(values) - 1, 1)
    dots = [
        (6 + place * step, 20 - 14 * (value - low) / spread) for place, value in enumerate(values) if value is not None
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    inner = f'<polyline class="line" points="{line}"/>' + "".join(
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in dots
    )
    return _svg(inner, 112, 26, "course")
