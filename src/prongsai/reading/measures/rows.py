"""The rows of all tables of measures of a file in reading order, each with what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from prongsai.reading.grid import grid, text_at
from prongsai.reading.measures.columns import Column, columns, is_head
from prongsai.reading.source import Block, Cell, Line, Source, Table, Where
from prongsai.thai.digits import to_arabic

_ASPECT = re.compile(r"^\W*(?:\(?[0-9.]+\)?\s*)?ประเด็นที่\s*([0-9]{1,2})[\s.:)]*(.*)")
_INDICATOR = re.compile(r"^\W*(?:\(?[0-9]{1,2}[.)]\s*)?ตัวชี้วัดที่\s*([0-9]{1,2})(?![0-9.])[\s.:)]*(.*)")
_NAMED = re.compile(r"ตัวชี้วัด(?:ที่\s*[0-9]+\s*)?(?:ด้าน|เรื่อง)?\s*([ก-๙].{3,60}?)\s*(?:มีค่า|มีคะแนน|ได้คะแนน|ได้|\(|$)")
_OTHER, NO_ASPECT = "ประเด็นอื่น", 0  # what is in none of the aspects has a heading like theirs
_ASPECT_IN_NAME = re.compile(r"ประเด็นที่\s*([0-9]{1,2})")
_INDICATOR_IN_NAME = re.compile(r"^ผล ตัวชี้วัดที่\s*([0-9]{1,2})(?![0-9.])\s*(.*)")  # of a sheet: there are no headings
_HEADING_LENGTH = 120
_KEEPS_PARAGRAPHS = ("text", "markdown", "html", "docx", "xlsx", "csv", "pdf")


@dataclass(frozen=True)
class Under:
    """What a table stands under. ``named``: an indicator's name from a sentence before the table;
    ``by_name``: a table's own name says so, which another name ends.
    """

    number: int = 0  # changes with every heading
    aspect: int | None = None
    indicator: str | None = None
    title: str = ""
    named: str | None = None
    by_name: bool = False


@dataclass
class Row:
    """One row: the text of each cell that begins in it, and the columns that a cell above reaches into."""

    under: Under
    where: Where
    texts: dict[Column, str] = field(default_factory=dict)
    raws: dict[Column, str] = field(default_factory=dict)
    places: dict[Column, Where] = field(default_factory=dict)
    covered: frozenset[Column] = frozenset()
    columns: frozenset[Column] = frozenset()
    piece: bool = False  # the first row after a page break or of a table
    table: int = 0
    merges: bool = False  # merged cells are known, so that an empty cell is empty
    by_line: bool = False  # each line of a cell is a paragraph of its own
    banner: str = ""  # one text over the whole row

    def text(self, column: Column) -> str:
        """The text of a column, empty where nothing begins."""
        return self.texts.get(column, "")

    def place(self, column: Column) -> Where:
        """Where a column's cell stands."""
        return self.places.get(column, self.where)


def rows(source: Source) -> Iterator[Row]:
    """All rows of all tables of measures."""
    under, last = Under(), None
    for number, (block, around) in enumerate(with_context(source.blocks)):
        under = around
        if not isinstance(block, Table):
            continue
        cells = grid(block)
        found = columns(cells, block.head)
        if found is None and last is not None and _goes_on(block, last, under):
            found = (last[0], 0)
        if found is None:
            last = None
            continue
        last = (found[0], len(cells[0]), under)
        yield from _table_rows(source, block, found, under, number)


def _goes_on(table: Table, last: tuple[dict[int, Column], int, Under], under: Under) -> bool:
    """A table without a head and of the same width, with no heading between, is the rest of the one before."""
    width = sum(cell.colspan for cell in table.rows[0]) if table.rows else 0
    return table.head == 0 and width == last[1] and under.number == last[2].number


def with_context(blocks: Iterable[Block]) -> Iterator[tuple[Block, Under]]:
    """Every block with the headings it stands under."""
    under = Under()
    for block in blocks:
        if isinstance(block, Line):
            under = _after(under, block)
        elif isinstance(block, Table):
            under = _named(under, block)
        yield block, under
        if isinstance(block, Table):
            under = replace(under, named=None)


def _named(under: Under, table: Table) -> Under:
    """The context of a table that has a name of its own, as a sheet has: what the name says goes before headings."""
    for name in (table.name, table.where.sheet):
        if match := _ASPECT_IN_NAME.search(to_arabic(name or "")):
            if int(match.group(1)) != under.aspect:
                return Under(under.number + 1, aspect=int(match.group(1)))
            return under
        if match := _INDICATOR_IN_NAME.search(to_arabic(name or "")):
            if under.by_name and under.indicator == match.group(1):
                return under
            return Under(under.number + 1, indicator=match.group(1), title=match.group(2).strip(), by_name=True)
        if name and name.endswith(_OTHER) and under.aspect != NO_ASPECT:
            return Under(under.number + 1, aspect=NO_ASPECT, title=_OTHER)
    return Under(under.number + 1) if under.by_name else under


def _after(under: Under, line: Line) -> Under:
    """The context after a line: headings by their words, whatever their style."""
    text = to_arabic(line.text.strip())
    if len(text) <= _HEADING_LENGTH:
        if match := _ASPECT.match(text):
            title = re.sub(r"^ประเด็นที่\s*[0-9]+\s*", "", match.group(2).strip())
            return Under(under.number + 1, aspect=int(match.group(1)), title=title)
        if match := _INDICATOR.match(text):
            return Under(under.number + 1, indicator=match.group(1), title=match.group(2).strip())
        if text == _OTHER:
            return Under(under.number + 1, aspect=NO_ASPECT, title=text)
        if line.heading is not None:
            return Under(under.number + 1, title=line.text.strip())
    if match := _NAMED.search(text):
        return replace(under, number=under.number + 1, named=match.group(1))
    return under


def _table_rows(
    source: Source, table: Table, found: tuple[dict[int, Column], int], under: Under, number: int
) -> Iterator[Row]:
    names, begins = found
    cells = grid(table)
    merges = any(cell.rowspan > 1 for row in table.rows for cell in row)
    by_line = source.format in _KEEPS_PARAGRAPHS
    above: list[Cell | None] = []
    for y in range(begins, len(cells)):
        line = cells[y]
        own = {id(cell) for cell in table.rows[y]}
        texts = [text_at(line, x) for x in range(len(line))]
        if y > begins and is_head(line, texts):
            continue
        row = Row(
            under, _where(line, table), piece=y == begins or y in table.breaks, table=number, merges=merges,
            by_line=by_line, columns=frozenset(names.values()),
        )  # fmt: skip
        seen: set[int] = set()
        covered: set[Column] = set()
        for x, cell in enumerate(line):
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            if id(cell) not in own or (above and x < len(above) and above[x] is cell):
                covered.update(name for at, name in names.items() if at < len(line) and line[at] is cell)
                continue
            if cell.text.strip():
                _put(row, names, x, cell)
        row.covered = frozenset(covered)
        row.banner = _banner(line, row)
        above = line
        if row.texts or row.covered:
            yield row


def _where(line: list[Cell | None], table: Table) -> Where:
    return next((cell.where for cell in line if cell is not None), table.where)


def _put(row: Row, names: dict[int, Column], x: int, cell: Cell) -> None:
    """Put a cell's text under the column that it begins in, or the next named one that it reaches."""
    column = next((names[at] for at in range(x, x + max(1, cell.colspan)) if at in names), None)
    if column is None:
        return
    if column in row.texts:  # two columns under one heading
        row.texts[column] += f"\n{cell.text.strip()}"
        return
    row.texts[column] = cell.text.strip()
    row.raws[column] = cell.raw
    row.places[column] = cell.where


def _banner(line: list[Cell | None], row: Row) -> str:
    """The text of a row that is one cell over all columns, such as the name of an instrument."""
    texts = {cell.text.strip() for cell in line if cell is not None and cell.text.strip()}
    if len(texts) != 1 or row.covered:
        return ""
    text = texts.pop()
    only = {id(cell) for cell in line if cell is not None and cell.text.strip()}
    wide = len(only) == 1 and sum(1 for cell in line if cell is not None and id(cell) in only) == len(line) > 1
    named = re.search(r"\((?:IIT|EIT|OIT)\)|^ตัวชี้วัดที่|^ประเด็นที่|^ประเด็นอื่น$|^ด้าน", text)
    return text if wide or (named and len(text) <= _HEADING_LENGTH and row.text(Column.TOPIC) == text) else ""
