"""A published file as text in reading order: lines and table rows, each with its place. Formats produce it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, order=True)
class Where:
    """A place in a file. ``line`` counts from 1: lines of text files, paragraphs of Word files, source lines of pages.

    ``page``, ``table``, ``row``, ``column`` count from 1. In sheets ``row`` and ``column`` are those of the sheet.
    """

    file: str
    page: int | None = None
    line: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        named = (
            ("แผ่น", self.sheet),
            ("ช่อง", self.cell),
            ("หน้า", self.page),
            ("บรรทัด", self.line),
            ("ตาราง", self.table),
            ("แถว", self.row),
            ("คอลัมน์", self.column),
        )
        return " ".join([self.file, *(f"{word} {value}" for word, value in named if value is not None)])


@dataclass(frozen=True)
class Line:
    """A paragraph or line of text, repaired (``thai.text.repair``), markup taken off; ``raw`` as it stood.

    ``heading`` is its level where the format says so (bold marks, ``#``, ``<h2>``, a style), else None.
    """

    text: str
    where: Where
    raw: str = ""
    heading: int | None = None


@dataclass(frozen=True)
class Cell:
    """A table cell: repaired text, paragraphs on lines of their own. ``rowspan``/``colspan`` where known."""

    text: str
    where: Where
    raw: str = ""
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class Table:
    """A table as rows of cells; a merged cell stands once, where it begins. ``head`` rows come first.

    Pieces of one table over several pages are one table where the format can tell (repeated head rows left
    out), else several with the same head. ``breaks``: indexes of rows where a new piece began, on a new page: such
    a row may go on with the text of the row above it.
    """

    rows: tuple[tuple[Cell, ...], ...]
    where: Where
    head: int = 0
    name: str | None = None
    breaks: tuple[int, ...] = ()

    def grid(self) -> list[list[Cell | None]]:
        """Rows of equal length: at every place the cell that covers it, None where nothing stands.

        A merged cell appears at each place it covers, as the same object.
        """
        places: dict[tuple[int, int], Cell] = {}
        for row, cells in enumerate(self.rows):
            column = 0
            for cell in cells:
                while (row, column) in places:
                    column += 1
                for down in range(min(cell.rowspan, len(self.rows) - row)):
                    for right in range(cell.colspan):
                        places.setdefault((row + down, column + right), cell)
                column += cell.colspan
        width = max((column for _, column in places), default=-1) + 1
        return [[places.get((row, column)) for column in range(width)] for row in range(len(self.rows))]


@dataclass(frozen=True)
class Picture:
    """An image in the file, by its caption or alternative text; empty where it has none (a scanned annex page)."""

    text: str
    where: Where


Block = Line | Table | Picture


@dataclass(frozen=True)
class Source:
    """One file in reading order. ``title`` is its metadata title; ``notes`` what the format could not read."""

    name: str
    format: Literal["text", "markdown", "html", "docx", "pdf", "xlsx", "csv", "scan"]
    blocks: tuple[Block, ...]
    title: str | None = None
    pages: int | None = None
    notes: tuple[str, ...] = field(default=())
