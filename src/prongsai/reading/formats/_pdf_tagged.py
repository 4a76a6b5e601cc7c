"""Blocks from the structure of a tagged PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.reading.formats._markup import tidy
from prongsai.reading.formats._pdf_page import PageText, Segment, flowed
from prongsai.reading.formats._pdf_tags import Node, segments_of
from prongsai.reading.formats._rows import caption_above, filled_up, head_rows
from prongsai.reading.source import Block, Cell, Line, Picture, Table, Where

_CONTAINERS = {"Document", "DocumentFragment", "Part", "Art", "Article", "Sect", "Div", "BlockQuote", "NonStruct",
               "Aside", "L", "Index", "Private", "Form", ""}  # fmt: skip
_BLOCKS = {"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "Sub", "LI", "Caption", "FENote"} | _CONTAINERS
_LEFT_OUT = {"TOC", "TOCI", "Artifact"}
_LEVEL = re.compile(r"H([1-9])")
SHORT_LINE = 0.6  # a line so much shorter than its paragraph's longest did not end there by wrapping
NEAR = 10.0  # points; labels of a drawing stand at most so far outside of it


EMPTY = Node("TD")


class Tagged:
    """Turns the structure into blocks."""

    def __init__(self, name: str, pages: dict[int, PageText], keeps_spaces: bool) -> None:
        self.name, self.pages, self.keeps_spaces = name, pages, keeps_spaces
        self.blocks: list[Block] = []
        self.tables = 0

    def walk(self, node: Node) -> None:
        """The blocks of an element and all below it."""
        if node.kind in _LEFT_OUT:
            return
        if node.kind == "Table":
            self._table(node)
        elif node.kind in ("Figure", "Formula"):
            self._figure(node)
        elif node.kind in _CONTAINERS:
            self._container(node)
        else:
            self._paragraph(node)

    def _container(self, node: Node) -> None:
        loose: list[tuple[int, int]] = []
        figure: Node | None = None
        for kid in node.children():
            if not isinstance(kid, Node):
                loose.append(kid)
                continue
            self._say(self._segments(loose), None)
            loose = []
            if figure is not None and kid.kind == "Span" and self._labels(figure, kid):
                continue
            self.walk(kid)
            figure = kid if kid.kind == "Figure" and kid.alternative else None
        self._say(self._segments(loose), None)

    def _labels(self, figure: Node, text: Node) -> bool:
        """Whether a text is the lettering of a drawing whose alternative text has said the same."""
        if figure.box is None:
            return False
        left, bottom, right, top = figure.box
        for segment in self._segments(text.contents()):
            boxes = segment.page.boxes
            first, last = boxes[segment.first], boxes[segment.last]
            inside = first[0] > left - NEAR and last[2] < right + NEAR
            if not inside or first[1] < bottom - NEAR or first[3] > top + NEAR:
                return False
        return True

    def _paragraph(self, node: Node) -> None:
        level = _LEVEL.fullmatch(node.kind)
        heading = int(level.group(1)) if level else 1 if node.kind in ("H", "Title") else None
        for part in self._parts(node):
            if isinstance(part, Node):
                self.walk(part)
            else:
                self._say(part, heading)

    def _parts(self, node: Node) -> Iterator[list[Segment] | Node]:
        """What stands in a paragraph: running text, and tables, figures, lists between."""
        run: list[Segment] = []
        for kid in node.children():
            if not isinstance(kid, Node):
                run += self._segments([kid])
            elif kid.kind in ("Table", "Figure", "Formula", "L", "TOC") or (kid.kind in _BLOCKS and node.kind != "LI"):
                yield run
                run = []
                yield kid
            else:
                if kid.kind == "LBody" and run:
                    run[-1] = run[-1]._replace(text=run[-1].text.rstrip() + " ")
                for part in self._parts(kid):
                    if isinstance(part, Node):
                        yield run
                        run = []
                        yield part
                    else:
                        run += part
        yield run

    def _segments(self, contents: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> list[Segment]:
        return segments_of(iter(contents), self.pages)

    def _say(self, segments: list[Segment], heading: int | None) -> None:
        for run in _broken_lines(segments):
            raw = flowed(run, self.keeps_spaces)
            if text := tidy(raw).replace("\n", " "):
                self.blocks.append(Line(text, Where(self.name, page=run[0].page.number), raw, heading))

    def _figure(self, node: Node) -> None:
        words = tidy(node.alternative) or tidy(flowed(self._segments(node.contents()), self.keeps_spaces))
        if words:
            self.blocks.append(Picture(words.replace("\n", " "), Where(self.name, page=node.first_page() or None)))

    # --- tables ------------------------------------------------------------------------------------------------

    def _table(self, node: Node) -> None:
        for kid in node.children():
            if isinstance(kid, Node) and kid.kind == "Caption":
                self._paragraph(kid)
        rows = list(_rows(node, False))
        self.tables += 1
        name = caption_above(self.blocks)
        first = node.first_page() or None
        made: list[list[Cell]] = []
        breaks: list[int] = []
        above = first or 0
        for _, row in rows:
            here = row.first_page() or above
            if made and here > above:
                breaks.append(len(made))
            above = here
            where = Where(self.name, page=here or None, table=self.tables, row=len(made) + 1)
            made.append([self._cell(cell, where, number) for number, cell in enumerate(_cells(row), 1)])
        if not any(made):
            return
        made = filled_up(made, Where(self.name, page=first, table=self.tables))
        heads = next((number for number, (head, _) in enumerate(rows) if not head), len(rows))
        heads = heads if 0 < heads < len(rows) else head_rows(made)
        where = Where(self.name, page=first, table=self.tables)
        self.blocks.append(Table(tuple(map(tuple, made)), where, heads, name, tuple(breaks)))

    def _cell(self, node: Node, where: Where, column: int) -> Cell:
        page = node.first_page() or where.page
        place = Where(self.name, page=page, table=where.table, row=where.row, column=column)
        raw = "\n".join(self._lines(node))
        rowspan, colspan = node.numbers.get("RowSpan", 1), node.numbers.get("ColSpan", 1)
        return Cell(tidy(raw), place, raw, rowspan, colspan)

    def _lines(self, node: Node) -> Iterator[str]:
        """The paragraphs of a cell."""
        for part in self._parts(node):
            if not isinstance(part, Node):
                if text := flowed(part, self.keeps_spaces):
                    yield text
            elif part.kind in ("Figure", "Formula") and part.alternative:
                yield part.alternative
            elif part.kind not in _LEFT_OUT:
                yield from self._lines(part)


def _rows(node: Node, head: bool) -> Iterator[tuple[bool, Node]]:
    """Rows, each with whether it belongs to the head. A row that is nowhere in the structure is empty."""
    for number in range(node.count):
        kid = node.kids.get(number)
        if kid is None and node.kind in ("TBody", "THead"):
            yield head, Node("TR")
        if not isinstance(kid, Node):
            continue
        if kid.kind == "TR":
            cells = [cell for cell in kid.children() if isinstance(cell, Node)]
            alone = len(cells) > 1 and all(cell.kind == "TH" for cell in cells)
            yield head or alone, kid
        elif kid.kind in ("THead", "TBody", "TFoot"):
            yield from _rows(kid, head or kid.kind == "THead")


def _cells(row: Node) -> list[Node]:
    """Cells of a row; those that are nowhere in the structure are empty."""
    kids = [row.kids.get(number, EMPTY) for number in range(row.count)]
    return [kid for kid in kids if isinstance(kid, Node) and (kid is EMPTY or kid.kind in ("TD", "TH"))]


def _broken_lines(segments: list[Segment]) -> Iterator[list[Segment]]:
    """A paragraph cut where its lines were broken on purpose: a line far shorter than the longest, not the last."""
    lines: list[list[Segment]] = []
    for segment in segments:
        if lines and lines[-1][-1].page is segment.page and lines[-1][-1].line == segment.line:
            lines[-1].append(segment)
        else:
            lines.append([segment])
    if len(lines) < 2:
        if lines:
            yield lines[0]
        return
    widths = [_width(line) for line in lines]
    longest = max(widths)
    run: list[Segment] = []
    for line, width in zip(lines, widths, strict=True):
        run += line
        if width < longest * SHORT_LINE:
            yield run
            run = []
    if run:
        yield run


def _width(line: list[Segment]) -> float:
    boxes = [segment.page.boxes[index] for segment in line for index in (segment.first, segment.last)]
    return max(box[2] for box in boxes) - min(box[0] for box in boxes)
