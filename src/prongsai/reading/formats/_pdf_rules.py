"""Ruling lines of a page, and the grids of cells they make: where a PDF without structure has its tables."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

THIN = 3.0  # points: a filled rectangle so thin is a line
NEAR = 2.5  # points between lines that meet
MAX_PATHS = 30_000
Point = tuple[float, float]
Turn = Callable[[float, float], Point]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class Stroke:
    """A straight line along one axis: ``at`` on the other axis, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass
class Area:
    """A cell of a grid: its rows and columns in the grid (from 0) and how many it covers."""

    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass
class Lattice:
    """A table's grid: ``xs`` from left to right, ``ys`` from top to bottom."""

    xs: list[float]
    ys: list[float]
    areas: list[Area]
    _owner: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, area in enumerate(self.areas):
            for row in range(area.row, area.row + area.rowspan):
                for column in range(area.column, area.column + area.colspan):
                    self._owner[row, column] = number

    def area_at(self, x: float, y: float) -> int | None:
        """The number of the cell that holds a point, None outside the grid."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right([-at for at in self.ys], -y) - 1, 0), len(self.ys) - 2)
        return self._owner.get((row, column))


def lattices(page: Any, turn: Turn) -> list[Lattice]:
    """Every grid of at least two cells in each direction's sum, from top to bottom."""
    across: list[Stroke] = []
    down: list[Stroke] = []
    for (x0, y0), (x1, y1) in _lines(page, turn):
        if abs(y0 - y1) <= THIN and abs(x0 - x1) > THIN:
            across.append(Stroke((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) <= THIN and abs(y0 - y1) > THIN:
            down.append(Stroke((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    if len(across) < 2 or len(down) < 2:
        return []
    across, down = _joined(across), _joined(down)
    found = [lattice for group in _groups(across, down) if (lattice := _lattice(*group))]
    return sorted(found, key=lambda lattice: -lattice.ys[0])


def _lattice(across: list[Stroke], down: list[Stroke]) -> Lattice | None:
    xs, ys = _positions(down), _positions(across)[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > 20_000:
        return None
    right = [[_drawn(down, xs[c + 1], (ys[r] + ys[r + 1]) / 2) for c in range(columns)] for r in range(rows)]
    below = [[_drawn(across, ys[r + 1], (xs[c] + xs[c + 1]) / 2) for c in range(columns)] for r in range(rows)]
    taken: set[tuple[int, int]] = set()
    areas: list[Area] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            width = 1
            while (
                column + width < columns and not right[row][column + width - 1] and (row, column + width) not in taken
            ):
                width += 1
            height = 1
            while row + height < rows and not any(below[row + height - 1][column : column + width]):
                height += 1
            taken |= {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
            areas.append(Area(row, column, height, width))
    return Lattice(xs, ys, areas) if len(areas) > 1 else None


def _drawn(strokes: list[Stroke], at: float, across: float) -> bool:
    return any(abs(stroke.at - at) <= NEAR and stroke.start - NEAR <= across <= stroke.end + NEAR for stroke in strokes)


def _positions(strokes: list[Stroke]) -> list[float]:
    found: list[float] = []
    for at in sorted(stroke.at for stroke in strokes):
        if not found or at - found[-1] > NEAR * 1.5:
            found.append(at)
    return found


def _joined(strokes: list[Stroke]) -> list[Stroke]:
    """Strokes that go on in one line as one."""
    found: list[Stroke] = []
    rows: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.at):
        if rows and stroke.at - rows[-1][0].at <= NEAR:
            rows[-1].append(stroke)
        else:
            rows.append([stroke])
    for row in rows:
        row.sort(key=lambda stroke: stroke.start)
        whole = Stroke(row[0].at, row[0].start, row[0].end)
        for stroke in row[1:]:
            if stroke.start <= whole.end + NEAR * 2:
                whole.end = max(whole.end, stroke.end)
            else:
                found.append(whole)
                whole = Stroke(whole.at, stroke.start, stroke.end)
        found.append(whole)
    return found


def _groups(across: list[Stroke], down: list[Stroke]) -> Iterator[tuple[list[Stroke], list[Stroke]]]:
    """Lines that meet, directly or through others: one group is one table."""
    meets = [[number for number, other in enumerate(down) if _cross(stroke, other)] for stroke in across]
    meets_down: list[list[int]] = [[] for _ in down]
    for number, others in enumerate(meets):
        for other in others:
            meets_down[other].append(number)
    seen: set[int] = set()
    for first in range(len(across)):
        if first in seen or not meets[first]:
            continue
        rows, columns, waiting = {first}, set[int](), [first]
        while waiting:
            for column in meets[waiting.pop()]:
                if column not in columns:
                    columns.add(column)
                    fresh = [row for row in meets_down[column] if row not in rows]
                    rows.update(fresh)
                    waiting += fresh
        seen |= rows
        if len(rows) > 1 and len(columns) > 1:
            yield [across[row] for row in sorted(rows)], [down[column] for column in sorted(columns)]


def _cross(across: Stroke, down: Stroke) -> bool:
    return across.start - NEAR <= down.at <= across.end + NEAR and down.start - NEAR <= across.at <= down.end + NEAR


# --- what is drawn on the page -------------------------------------------------------------------------------------


def _lines(page: Any, turn: Turn) -> Iterator[tuple[Point, Point]]:
    import pypdfium2.raw as pdfium

    budget = [MAX_PATHS]
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        thing = pdfium.FPDFPage_GetObject(page.raw, index)
        for (x0, y0), (x1, y1) in _of_object(thing, IDENTITY, budget, 0):
            yield turn(x0, y0), turn(x1, y1)


def _of_object(thing: Any, outer: Matrix, budget: list[int], depth: int) -> Iterator[tuple[Point, Point]]:
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 4:
        inner = _times(_matrix(thing), outer)
        for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
            yield from _of_object(pdfium.FPDFFormObj_GetObject(thing, index), inner, budget, depth + 1)
    if kind != pdfium.FPDF_PAGEOBJ_PATH or budget[0] <= 0:
        return
    budget[0] -= 1
    count = pdfium.FPDFPath_CountSegments(thing)
    if not 2 <= count <= 400:
        return
    fill, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
    corners = _corners(thing, count, _times(_matrix(thing), outer))
    for corner_list in corners:
        xs, ys = [x for x, _ in corner_list], [y for _, y in corner_list]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if min(wide, high) <= THIN:
            yield (min(xs), min(ys)), (max(xs), max(ys))
        elif stroke.value:
            yield from pairwise(corner_list)


def _corners(thing: Any, count: int, matrix: Matrix) -> list[list[Point]]:
    """The corners of each straight part of a path; a part with a curve in it is left out."""
    import pypdfium2.raw as pdfium

    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    parts: list[list[Point]] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(thing, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([point])
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            parts.append([])
        elif parts[-1]:
            parts[-1].append(point)
        if pdfium.FPDFPathSegment_GetClose(segment) and len(parts[-1]) > 1:
            parts[-1].append(parts[-1][0])
    return [part for part in parts if len(part) > 1]


def _matrix(thing: Any) -> Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, matrix):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
