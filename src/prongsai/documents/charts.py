"""Bar charts, drawn once as SVG: inline for HTML and PDF, turned into PNG for Word.

Bars lie flat, so that long Thai labels can be read and wrapped. A bar below the reference line differs in
colour, in hatching and by a mark beside its number: colour alone carries nothing. Below 500 units of width
labels stand above their bars, which is what a phone needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import escape
from typing import Literal

from prongsai.documents.tree import Chart
from prongsai.documents.walk import clean
from prongsai.documents.wrapping import width_of, wrap
from prongsai.thai.digits import to_thai

Digits = Literal["thai", "arabic"]
FONT_FAMILY = "'TH SarabunPSK','TH Sarabun New','Sarabun','Noto Sans Thai','Leelawadee UI',sans-serif"
INK, MUTED, GRID, PAPER = "#1f2933", "#52606d", "#d3dce3", "#ffffff"
GOOD, WARN = "#17695b", "#b45309"
SERIES = ("#1f5f8b", "#3a8f85", "#7a5c99")
SIZE, BAR, GAP = 17.0, 20.0, 4.0
STACK_BELOW = 500
HALO = f' stroke="{PAPER}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'


def figures(value: float, digits: Digits, places: int = 2) -> str:
    """A number as it is shown: fixed decimals, half up as in the rules, in the document's digits."""
    shown = str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return to_thai(shown) if digits == "thai" else shown


def chart_svg(chart: Chart, digits: Digits = "arabic", width: int = 760, ident: str = "chart") -> str:
    """The chart as one SVG element with its name and description; ``ident`` keeps ids apart on a page."""
    return _Drawing(chart, digits, width, ident).svg()


@lru_cache(maxsize=64)
def chart_png(chart: Chart, digits: Digits = "arabic", width_cm: float = 16.0, dpi: int = 150) -> bytes:
    """The same drawing as PNG, shaped with the packaged Thai face."""
    import resvg_py

    from prongsai.documents.fonts import thai_face

    face = thai_face()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=chart_svg(chart, digits).replace(FONT_FAMILY, face.family),
            width=round(width_cm / 2.54 * dpi),
            skip_system_fonts=True,
            font_files=[str(face.regular), str(face.bold)],
            font_family=face.family,
            background=PAPER,
        )
    )


@dataclass(frozen=True)
class _Place:
    """One label's band: where its bars begin and which lines its label wraps to."""

    top: float
    bars: float
    lines: tuple[str, ...]


class _Drawing:
    """The measures of one chart and the pieces drawn with them."""

    def __init__(self, chart: Chart, digits: Digits, width: int, ident: str) -> None:
        self.chart, self.digits, self.width, self.ident = chart, digits, width, ident
        self.stacked = width < STACK_BELOW
        self.left = 8.0 if self.stacked else self._label_room()
        self.right = width - 74.0
        self.top = 12.0 + self._legend_rows() * 26 + (24 if chart.line is not None else 0)
        self.places = self._places()
        last = self.places[-1] if self.places else _Place(self.top, self.top, ())
        self.bottom = max(last.bars + self._bars_height(), last.top + len(last.lines) * SIZE * 1.4) + 8
        self.height = round(self.bottom + 30)

    def svg(self) -> str:
        title, description = f"{self.ident}-title", f"{self.ident}-desc"
        bars, texts = zip(*self._bands(), strict=True) if self.places else ((), ())
        parts = (*self._legend(), *self._axis(), *bars, *self._line(), *texts)
        body = "".join(parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" aria-labelledby="{title} {description}" '
            f'font-family="{FONT_FAMILY}" font-size="{SIZE:g}" fill="{INK}">'
            f'<title id="{title}">{escape(clean(self.chart.title))}</title>'
            f'<desc id="{description}">{escape(clean(self.chart.alternative))}</desc>{body}</svg>'
        )

    def _label_room(self) -> float:
        longest = max((width_of(label) for label in self.chart.labels), default=4)
        return 8 + min(longest * SIZE + 14, self.width * 0.36)

    def _bars_height(self) -> float:
        return len(self.chart.series) * (BAR + GAP) - GAP

    def _places(self) -> tuple[_Place, ...]:
        places: list[_Place] = []
        top = self.top
        room = (self.width - 16 if self.stacked else self.left - 16) / SIZE
        for label in self.chart.labels:
            lines = tuple(wrap(label, room))
            text = len(lines) * SIZE * 1.4
            bars = top + text + 4 if self.stacked else top + max(0.0, (text - self._bars_height()) / 2)
            places.append(_Place(top, bars, lines))
            top = max(bars + self._bars_height(), top + text) + 14
        return tuple(places)

    def _x(self, value: float) -> float:
        share = (value - self.chart.low) / ((self.chart.high - self.chart.low) or 1)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def _text(self, x: float, y: float, text: str, extra: str = "") -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{escape(clean(text))}</text>'

    def _single(self) -> bool:
        return len(self.chart.series) == 1

    def _below(self, value: float) -> bool:
        return self.chart.line is not None and value < self.chart.line

    def _swatch(self, series: int, low: bool, box: tuple[float, float, float, float]) -> str:
        """A filled box (x, y, width, height): the colour says what the hatching says too."""
        x, y, width, height = box
        judged = self._single() and self.chart.line is not None
        colour = SERIES[series % len(SERIES)] if not judged else WARN if low else GOOD
        found = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:g}" fill="{colour}"/>'
        if not (series or (judged and low)):
            return found
        return found + f'<path d="{_stripes(box, series % 2 == 1)}" stroke="{PAPER}" stroke-width="1.8"/>'

    def _keys(self) -> list[tuple[int, bool, str]]:
        """Series, whether below the line, and wording of every legend entry; none for one kind of bar."""
        if not self._single():
            return [(number, False, entry.name) for number, entry in enumerate(self.chart.series)]
        if self.chart.line is None:
            return []
        line = figures(self.chart.line, self.digits)
        return [(0, False, f"ตั้งแต่ {line} ขึ้นไป"), (0, True, f"ต่ำกว่า {line}")]

    def _legend_places(self) -> Iterator[tuple[float, int, tuple[int, bool, str]]]:
        x, row = 8.0, 0
        for key in self._keys():
            room = width_of(key[2]) * SIZE + 54
            if x > 8 and x + room > self.width:
                x, row = 8.0, row + 1
            yield x, row, key
            x += room

    def _legend_rows(self) -> int:
        return max((row + 1 for _, row, _ in self._legend_places()), default=0)

    def _legend(self) -> Iterator[str]:
        for x, row, (series, low, name) in self._legend_places():
            y = 10 + row * 26
            yield self._swatch(series, low, (x, y, 18, 14))
            yield self._text(x + 25, y + 13, name)

    def _axis(self) -> Iterator[str]:
        low, high = self.chart.low, self.chart.high
        step = _tick_step(high - low, 4 if self.stacked else 6)
        at = low
        while at <= high + 1e-9:
            x = self._x(at)
            yield f'<path d="M{x:.1f} {self.top - 4:.1f}V{self.bottom:.1f}" stroke="{GRID}"/>'
            anchor = "start" if x < 14 else "middle"
            extra = f' text-anchor="{anchor}" fill="{MUTED}" font-size="{SIZE * 0.85:.1f}"'
            yield self._text(x, self.bottom + 20, figures(at, self.digits, 0), extra)
            at += step

    def _bands(self) -> Iterator[tuple[str, str]]:
        """Each label's bars and its texts apart: the reference line is drawn between the two."""
        for number, place in enumerate(self.places):
            bars: list[str] = []
            texts = self._label(place)
            for series, entry in enumerate(self.chart.series):
                value = entry.values[number] if number < len(entry.values) else None
                bar, text = self._bar(place.bars + series * (BAR + GAP), series, value)
                bars.append(bar)
                texts.append(text)
            yield "".join(bars), "".join(texts)

    def _label(self, place: _Place) -> list[str]:
        middle = place.bars + self._bars_height() / 2 - len(place.lines) * SIZE * 0.7
        top = place.top if self.stacked else max(place.top, middle)
        x, extra = (self.left, HALO) if self.stacked else (self.left - 10, ' text-anchor="end"')
        return [
            self._text(x, top + SIZE * 1.05 + row * SIZE * 1.4, line, extra) for row, line in enumerate(place.lines)
        ]

    def _bar(self, y: float, series: int, value: float | None) -> tuple[str, str]:
        base = y + BAR * 0.76
        if value is None:
            extra = f' fill="{MUTED}" font-size="{SIZE * 0.9:.1f}"'
            return "", self._text(self.left + 6, base, "ไม่มีข้อมูล", extra)
        x = self._x(value)
        low = self._below(value)
        bar = self._swatch(series, low, (self.left, y, x - self.left, BAR))
        mark = f'<path d="M{x + 7:.1f} {y + 6:.1f}h10l-5 9z" fill="{WARN}"{HALO}/>' if low else ""
        number = self._text(x + (22 if low else 7), base, figures(value, self.digits), f' font-weight="700"{HALO}')
        return bar, mark + number

    def _line(self) -> Iterator[str]:
        if self.chart.line is None:
            return
        x = self._x(self.chart.line)
        label = self.chart.line_label or figures(self.chart.line, self.digits)
        anchor = "end" if x + width_of(label) * SIZE / 2 > self.width - 8 else "middle"
        spans = [(self.top - 8, self.bottom)]
        if self.stacked:  # only across the bars: labels stand where the line would run
            spans = [(place.bars - 4, place.bars + self._bars_height() + 4) for place in self.places]
        way = "".join(f"M{x:.1f} {begin:.1f}V{end:.1f}" for begin, end in spans)
        yield f'<path d="{way}" stroke="{INK}" stroke-width="1.6" stroke-dasharray="6 4"/>'
        yield self._text(x, self.top - 13, label, f' text-anchor="{anchor}" font-weight="700"')


def _stripes(box: tuple[float, float, float, float], rising: bool, step: float = 8.0) -> str:
    """Slanting lines across a box, cut at its edges. Plain lines: a pattern fill costs twice the drawing time."""
    x, y, width, height = box
    found: list[str] = []
    at = x - height + step / 2
    while at < x + width:
        begin, end = max(0.0, x - at), min(height, x + width - at)
        if end > begin:
            low, high = (y + height - begin, y + height - end) if rising else (y + begin, y + end)
            found.append(f"M{at + begin:.1f} {low:.1f}L{at + end:.1f} {high:.1f}")
        at += step
    return "".join(found)


def _tick_step(span: float, wanted: int) -> float:
    """The smallest round step that divides the axis evenly into at most ``wanted`` parts."""
    steps = (1, 2, 5, 10, 20, 25, 50, 100)
    return next((float(s) for s in steps if span / s <= wanted and span % s == 0), span or 1.0)
