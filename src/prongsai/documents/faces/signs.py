"""Signs that Sarabun lacks and official forms need: boxes, ticks, circles, an arrow, drawn as outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, pi, sin

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

WIDTH = 760
Point = tuple[float, float]


def _ring(middle: Point, radius: float, turn: int = 1) -> list[Point]:
    """A circle as eight quadratic arcs: on-curve points and their controls alternate."""
    x, y = middle
    points = []
    for step in range(16):
        away = radius if step % 2 == 0 else radius / cos(pi / 8)
        angle = turn * step * pi / 8
        points.append((x + away * cos(angle), y + away * sin(angle)))
    return points


def _bar(start: Point, end: Point, thick: float) -> list[Point]:
    (x, y), (u, v) = start, end
    length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5
    across, up = (v - y) / length * thick / 2, (u - x) / length * thick / 2
    return [(x - across, y + up), (u - across, v + up), (u + across, v - up), (x + across, y - up)]


def _box(low: float, high: float, turn: int = 1) -> list[Point]:
    left, right = (WIDTH - high + low) / 2, (WIDTH + high - low) / 2
    return [(left, low), (left, high), (right, high), (right, low)][::turn]


def _signs(thick: float) -> dict[str, tuple[list[list[Point]], list[list[Point]]]]:
    """Straight outlines and rings of every sign."""
    frame = [_box(0, 640), _box(thick, 640 - thick, -1)]
    tick = [_bar((180, 330), (330, 140), thick * 1.4), _bar((312, 140), (600, 560), thick * 1.4)]
    cross = [_bar((190, 130), (570, 510), thick * 1.4), _bar((190, 510), (570, 130), thick * 1.4)]
    middle = (WIDTH / 2, 320.0)
    ring = [_ring(middle, 300), _ring(middle, 300 - thick, -1)]
    small = [_ring(middle, 150), _ring(middle, 150 - thick * 0.8, -1)]
    arrows: list[list[Point]] = [
        _bar((130, 320), (630, 320), thick),
        [(60, 320), (220, 430), (220, 210)],
        [(700, 320), (540, 210), (540, 430)],
    ]
    return {
        "\u25a1": (frame, []),
        "\u2610": (frame, []),
        "\u2611": (frame + tick, []),
        "\u2612": (frame + cross, []),
        "\u2713": (tick, []),
        "\u2714": (tick, []),
        "\u2717": (cross, []),
        "\u2718": (cross, []),
        "\u25cf": ([], [_ring(middle, 300)]),
        "\u25cb": ([], ring),
        "\u25e6": ([], small),
        "\u25aa": ([_box(190, 450)], []),
        "\u2194": (arrows, []),
    }


def drawn_signs(bold: bool) -> Iterator[tuple[str, Glyph]]:
    """Every sign with its outline: boxes, ticks, circles."""
    for sign, (straight, round_) in _signs(110 if bold else 70).items():
        pen = TTGlyphPen(None)
        for outline in straight:
            _draw(pen.lineTo, pen, outline)
        for outline in round_:
            pen.moveTo(outline[0])
            for at in range(1, 16, 2):
                pen.qCurveTo(outline[at], outline[(at + 1) % 16])
            pen.closePath()
        yield sign, pen.glyph()


def _draw(line: Callable[[Point], None], pen: TTGlyphPen, outline: list[Point]) -> None:
    pen.moveTo(outline[0])
    for point in outline[1:]:
        line(point)
    pen.closePath()
