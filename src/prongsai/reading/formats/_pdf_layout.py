"""Pages without structure: lines and tables found by where the characters stand."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from statistics import median

from prongsai.reading.formats._markup import tidy
from prongsai.reading.formats._pdf_page import SOFT, Box, PageText, needs_space
from prongsai.reading.formats._pdf_rules import Lattice, Turn, lattices
from prongsai.reading.formats._plain import BOLD_LEVEL
from prongsai.reading.formats._rows import caption_above, head_rows, is_number, repeated_head
from prongsai.reading.source import Block, Cell, Line, Table, Where

FEWEST_IN_TABLE = 3  # characters
TIGHT = 0.15  # of the height of a line: figures no further apart are one number
WIDE_GAP = 0.25  # of the height of a line: a gap so wide is a space
FULL = 0.82  # of the width of the text: a line that reaches so far goes on in the next
EARLY = 0.5  # of the width of a cell: a line that ends before it was not wrapped there
OFTEN = 0.2  # of the pages: a text at their edge on so many is no part of the report
LARGER = 1.12  # a heading's letters against those of most lines
_TURNS: tuple[Turn, ...] = (lambda x, y: (x, y), lambda x, y: (-y, x), lambda x, y: (-x, -y), lambda x, y: (y, -x))
_POINT = re.compile(
    r"(?:[-–•*●▪➢✓☐☑]|[0-9๐-๙]{1,2}(?:[.][0-9๐-๙]{1,2})*[.)](?![0-9๐-๙])|\([0-9๐-๙ก-ฮa-z ]{1,2}\))\s*\S"
)
_LEADER = re.compile(r"[.…_]{5,}\s*$")
_DIGITS = re.compile(r"[0-9๐-๙]+")
_IN_NUMBER = re.compile(r"[0-9๐-๙.,]")
Place = tuple[int, int]  # the number of a grid, and of a cell in it


@dataclass
class Row:
    """A line of text on a page, its box in reading direction. ``height``: of its letters, most of them."""

    text: str
    box: Box
    height: float = 10.0
    bold: bool = False


@dataclass
class Sheet:
    """A page taken apart: its lines outside tables, its grids with their cells' lines, top to bottom."""

    number: int
    rows: list[Row]
    grids: list[tuple[Lattice, list[list[Row]]]]
    height: float
    bottom: float


def taken_apart(page: PageText) -> Sheet:
    """Lines and grids of a page. A page whose text is turned is turned back first."""
    quarter = _most_common_angle(page)
    turn = _TURNS[quarter]
    boxes = [_turned(box, turn) for box in page.loose] if quarter else page.loose
    grids = lattices(page.page, turn)
    held: dict[int, Place | None] = {}
    aside = page.artifacts
    for index, (char, address) in enumerate(zip(page.chars, page.objects, strict=True)):
        if (not address and char != SOFT) or address in aside:
            continue
        left, bottom, right, top = boxes[index]
        x, y = (left + right) / 2, (bottom + top) / 2
        for number, lattice in enumerate(grids):
            if (area := lattice.area_at(x, y)) is not None:
                held[index] = (number, area)
                break
        else:
            held[index] = None
    if grids:
        _keep_numbers_whole(page, boxes, held)
    places: dict[Place, list[int]] = {}
    outside: list[int] = []
    for index, place in held.items():
        (places.setdefault(place, []) if place else outside).append(index)
    strays = _strays(places, len(grids))
    outside = sorted([*outside, *(index for place, own in places.items() if place[0] in strays for index in own)])
    cells = [
        (lattice, [_rows(page, boxes, places.get((number, area), [])) for area in range(len(lattice.areas))])
        for number, lattice in enumerate(grids)
        if number not in strays
    ]
    width, height = page.size
    corners = [turn(0, 0), turn(width, height)]
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    return Sheet(page.number, _rows(page, boxes, outside), cells, high - low, low)


def _keep_numbers_whole(page: PageText, boxes: list[Box], held: dict[int, Place | None]) -> None:
    """Put all figures of a number where most of them stand: a line that crosses them is of a drawing, not of a table.

    Figures that follow each other without a gap on one line are one number. ``held`` is changed.
    """
    number: list[int] = []

    def settle() -> None:
        places = Counter(held[index] for index in number)
        if len(places) > 1:
            held.update(dict.fromkeys(number, places.most_common(1)[0][0]))

    for index in held:
        box, before = boxes[index], boxes[number[-1]] if number else None
        figure = _IN_NUMBER.match(page.chars[index]) is not None
        height = box[3] - box[1]
        if (
            before is None
            or not figure
            or index != number[-1] + 1
            or abs(box[0] - before[2]) > TIGHT * height
            or abs(box[1] - before[1]) > TIGHT * height
        ):
            settle()
            number.clear()
        if figure:
            number.append(index)
    settle()


def _strays(places: dict[Place, list[int]], grids: int) -> set[int]:
    """Lattices that are no table but lines of a chart: hardly a letter stands in them."""
    held: Counter[int] = Counter()
    for (number, _), own in places.items():
        held[number] += len(own)
    return {number for number in range(grids) if held[number] <= FEWEST_IN_TABLE}


def _most_common_angle(page: PageText) -> int:
    counts = Counter(page.angles[address] for address in page.objects if address)
    return counts.most_common(1)[0][0] if counts else 0


def _turned(box: Box, turn: Turn) -> Box:
    (x0, y0), (x1, y1) = turn(box[0], box[1]), turn(box[2], box[3])
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


@dataclass
class _Run:
    """Characters that follow each other on one line."""

    text: str
    box: Box
    height: float
    bold: bool

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


def _rows(page: PageText, boxes: list[Box], indexes: list[int]) -> list[Row]:
    """Characters as lines from top to bottom."""
    lines: list[list[_Run]] = []
    for run in sorted(_runs(page, boxes, indexes), key=lambda run: -run.middle):
        height = run.box[3] - run.box[1]
        for line in lines[-3:]:
            if abs(line[0].middle - run.middle) < min(height, line[0].box[3] - line[0].box[1]) * 0.5:
                line.append(run)
                break
        else:
            lines.append([run])
    found: list[Row] = []
    for line in lines:
        line.sort(key=lambda run: run.box[0])
        text, right = "", 0.0
        for run in line:
            gap = run.box[0] - right
            text += (" " if text and gap > WIDE_GAP * (run.box[3] - run.box[1]) else "") + run.text
            right = max(right, run.box[2])
        if text.strip(SOFT + " "):
            sides = list(zip(*(run.box for run in line), strict=True))
            whole = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
            largest = max(line, key=lambda run: len(run.text))
            bold = all(run.bold for run in line)
            found.append(Row(text.replace(SOFT, " ").strip(" "), whole, max(largest.height, 1.0), bold))
    return found


def _runs(page: PageText, boxes: list[Box], indexes: list[int]) -> list[_Run]:
    """Characters that follow each other in pdfium's order and on one line."""
    found: list[_Run] = []
    text, begin, before = "", -1, -2
    left = bottom = right = top = 0.0

    def close() -> None:
        if text.strip(SOFT + " "):
            height = boxes[begin][3] - boxes[begin][1]
            bold = page.is_bold(page.objects[begin]) and page.is_bold(page.objects[before] or page.objects[begin])
            found.append(_Run(text, (left, bottom, right, top), height, bold))

    for index in indexes:
        char, box = page.chars[index], boxes[index]
        if char in (SOFT, " "):
            text += char if index == before + 1 else ""
            before = index if index == before + 1 else before
            continue
        height = max(top - bottom, 1.0)
        same = index == before + 1 and abs((box[1] + box[3]) - (bottom + top)) < height
        if same and box[0] > left - height and box[0] < right + height * 2:
            text += char
            left, bottom, right, top = min(left, box[0]), min(bottom, box[1]), max(right, box[2]), max(top, box[3])
        else:
            close()
            text, begin, (left, bottom, right, top) = char, index, box
        before = index
    close()
    return found


# --- blocks --------------------------------------------------------------------------------------------------------


@dataclass
class Laid:
    """Puts the pages of one file together: paragraphs over lines, tables over pages, running heads left out."""

    name: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: int = 0
    _columns: list[float] = field(default_factory=list)  # of the table that ends the page before
    _last: int | None = None  # where that table stands in blocks
    _tail: tuple[list[Row], float] | None = None  # the paragraph that ends the page before, and how far a line goes

    def add(self, sheets: list[Sheet]) -> None:
        """The pages in order."""
        running = _running(sheets)
        body = _body_height(sheets)
        for text in sorted(running):
            self.notes.append(f"หัวหรือท้ายกระดาษ: {text}")
        for sheet in sheets:
            rows = [row for row in sheet.rows if not (_at_edge(row, sheet) and _running_key(row) in running)]
            rows = [row for row in rows if not (_at_edge(row, sheet) and is_number(row.text.strip("-– ")))]
            self._sheet(sheet, rows, body)

    def _sheet(self, sheet: Sheet, rows: list[Row], body: float) -> None:
        first = True
        at = 0
        edge = max((row.box[2] for row in rows), default=0.0)
        start = min((row.box[0] for row in rows), default=0.0)
        full = start + (edge - start) * FULL
        for lattice, cells in sheet.grids:
            above = at
            while at < len(rows) and rows[at].box[1] > lattice.ys[0] - rows[at].height / 2:
                at += 1
            self._paragraphs(rows[above:at], sheet.number, full, body)
            self._table(lattice, cells, sheet.number, first and at == above == 0)
            self._tail = None
            first = False
        if at < len(rows):
            self._paragraphs(rows[at:], sheet.number, full, body)
            self._last = None

    def _paragraphs(self, rows: list[Row], page: int, full: float, body: float) -> None:
        paragraphs: list[list[Row]] = []
        for row in rows:
            if paragraphs and _goes_on(paragraphs[-1], row, full):
                paragraphs[-1].append(row)
            else:
                paragraphs.append([row])
        for lines in paragraphs:
            raw = lines[0].text
            for row in lines[1:]:
                raw += (" " if needs_space(raw, row.text) else "") + row.text
            last = self.blocks[-1] if self.blocks else None
            if (
                self._tail
                and isinstance(last, Line)
                and _goes_on(self._tail[0], lines[0], self._tail[1], overleaf=True)
            ):
                whole = last.raw + (" " if needs_space(last.raw, raw) else "") + raw
                self.blocks[-1] = replace(last, text=tidy(whole), raw=whole)
            elif text := tidy(raw):
                large = lines[0].height > body * LARGER
                level = 2 if large else BOLD_LEVEL if all(row.bold for row in lines) else None
                self.blocks.append(Line(text, Where(self.name, page=page), raw, level if len(raw) < 200 else None))
            self._tail = None
        if paragraphs:
            self._tail = (paragraphs[-1], full)

    def _table(self, lattice: Lattice, cells: list[list[Row]], page: int, first: bool) -> None:
        rows: list[list[Cell]] = [[] for _ in range(len(lattice.ys) - 1)]
        goes_on = first and self._last is not None and _same_columns(self._columns, lattice.xs)
        table = self.blocks[self._last] if goes_on and self._last is not None else None
        number = self.tables if isinstance(table, Table) else self.tables + 1
        above = len(table.rows) if isinstance(table, Table) else 0
        for area, lines in zip(lattice.areas, cells, strict=True):
            raw = _cell_text(lines, lattice.xs[area.column], lattice.xs[area.column + area.colspan])
            column = area.column + 1
            where = Where(self.name, page=page, table=number, row=above + area.row + 1, column=column)
            rows[area.row].append(Cell(tidy(raw), where, raw, area.rowspan, area.colspan))
        made = [tuple(row) for row in rows]
        while made and not any(cell.text for cell in made[-1]):
            made.pop()
        if not any(cell.text for row in made for cell in row):
            return
        if isinstance(table, Table) and self._last is not None:
            hidden = next((index for index, row in enumerate(made) if any(cell.text for cell in row)), 0)
            made = made[hidden or repeated_head(table, made) :]  # a repeated head may be marked as no part of the text
            self.blocks[self._last] = _continued(table, made)
        else:
            self.tables = number
            where = Where(self.name, page=page, table=number)
            self.blocks.append(Table(tuple(made), where, head_rows(made), caption_above(self.blocks)))
            self._last = len(self.blocks) - 1
        self._columns = lattice.xs


def _cell_text(lines: list[Row], left: float, right: float) -> str:
    """The lines of a cell: a point, and what follows a line that ends early, begin anew; the rest is wrapped text."""
    raw = ""
    for number, row in enumerate(lines):
        if number:
            above = lines[number - 1]
            early = above.box[2] - left < (right - left) * EARLY
            cut = raw[-1:].isdigit() and row.text[:1].isdigit() and right - above.box[2] < above.height
            new = early or _POINT.match(row.text) is not None
            raw += "\n" if new else " " if needs_space(raw, row.text) and not cut else ""
        raw += row.text
    return raw


def _continued(table: Table, piece: list[tuple[Cell, ...]]) -> Table:
    """The table with its piece on the next page. A merged cell that goes on there stands empty at its top."""
    if not piece:
        return table
    rows = [list(row) for row in table.rows]
    first = list(piece[0])
    above = table.grid()[-1]
    column = 0
    leading = True
    kept: list[Cell] = []
    for cell in first:
        owner = above[column] if column < len(above) else None
        leading = leading and not cell.text
        if not cell.text and (leading or cell.rowspan > 1) and owner is not None and owner.colspan == cell.colspan:
            _grow(rows, owner, cell.rowspan)
        else:
            kept.append(cell)
        column += cell.colspan
    joined = (*map(tuple, rows), tuple(kept), *piece[1:])
    return Table(joined, table.where, table.head, table.name, (*table.breaks, len(table.rows)))


def _grow(rows: list[list[Cell]], owner: Cell, by: int) -> None:
    """Make a cell taller. Cells of the last rows are looked at first: there it stands."""
    for row in reversed(rows):
        for number, cell in enumerate(row):
            if cell is owner:
                row[number] = replace(cell, rowspan=cell.rowspan + by)
                return


def _goes_on(paragraph: list[Row], row: Row, full: float, overleaf: bool = False) -> bool:
    """Whether a line belongs to the paragraph before it: that line is full, and nothing begins here."""
    above = paragraph[-1]
    gap = above.box[1] - row.box[3]
    if (
        above.box[2] < full
        or (gap > above.height * 0.8 and not overleaf)
        or _POINT.match(row.text)
        or _LEADER.search(above.text)
    ):
        return False
    if abs(above.height - row.height) > 0.2 * above.height or above.bold != row.bold:
        return False
    begins_point = len(paragraph) == 1 and _POINT.match(above.text) is not None
    return begins_point or row.box[0] < above.box[0] + above.height * 0.8


def _same_columns(before: list[float], after: list[float]) -> bool:
    return len(before) == len(after) and all(abs(a - b) < 4 for a, b in zip(before, after, strict=True))


def _body_height(sheets: list[Sheet]) -> float:
    heights = [row.height for sheet in sheets for row in sheet.rows]
    return median(heights) if heights else 10.0


def _at_edge(row: Row, sheet: Sheet) -> bool:
    middle = ((row.box[1] + row.box[3]) / 2 - sheet.bottom) / max(sheet.height, 1.0)
    return middle > 0.9 or middle < 0.08


def _running_key(row: Row) -> str:
    return _DIGITS.sub("#", tidy(row.text))


def _running(sheets: list[Sheet]) -> set[str]:
    """Texts at the edge of at least three pages, and of a fifth of them, whatever their numbers."""
    counts = Counter(
        key for sheet in sheets for key in {_running_key(row) for row in sheet.rows if _at_edge(row, sheet)}
    )
    return {key for key, count in counts.items() if count >= 3 and count >= len(sheets) * OFTEN}
