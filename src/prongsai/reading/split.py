"""One file, many agencies or years: a province's table, a table of several years. One reading for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from prongsai.framework.catalog import by_id, catalog
from prongsai.reading.collect.agency import kind_of
from prongsai.reading.collect.years import framework_of
from prongsai.reading.columns import Column, columns
from prongsai.reading.grid import Grid, grid, text_at
from prongsai.reading.model import Reading, Word
from prongsai.reading.source import Cell, Line, Source, Table
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary, vocabulary

_YEAR = re.compile(r"(?<!\d)(2[45]\d\d)(?!\d)")
_NEAR = 3
MANY = 2


@dataclass
class Split:
    """The readings of a file: ``main`` reads the whole file, ``others`` one row or column of a table each."""

    main: Reading | None
    others: list[Reading] = field(default_factory=list)


@dataclass(frozen=True)
class _Wide:
    """A table as columns, with the lines above it."""

    table: Table
    cells: Grid
    cols: list[Column]
    above: tuple[Line, ...]

    def column(self, use: str) -> int | None:
        return next((x for x, col in enumerate(self.cols) if col.use == use), None)

    def named(self, word: str) -> int | None:
        return next((x for x, col in enumerate(self.cols) if re.match(rf"{word}$", col.head)), None)

    @property
    def scores(self) -> list[int]:
        return [x for x, col in enumerate(self.cols) if col.use == "score"]


def split(source: Source) -> Split:
    """The readings that a source holds, nothing collected yet.

    A file with a table of several agencies has no main reading: each row is an agency's own. A table of several
    years belongs to the main reading's agency; the reading of the main year is merged into it afterwards.
    """
    tables = list(_tables(source))
    agencies: dict[tuple[str, int | None], Reading] = {}
    years: dict[int, Reading] = {}
    for wide in tables:
        if (at := _agency_column(wide)) is not None:
            for reading in _rows(source, wide, at):
                assert reading.agency is not None
                _join(agencies, (reading.agency.text, reading.fiscal_year), reading)
        else:
            for reading in [*_year_rows(source, wide), *_year_columns(source, wide)]:
                assert reading.fiscal_year is not None
                _join(years, reading.fiscal_year, reading)
    if len({name for name, _ in agencies}) >= MANY:
        return Split(None, list(agencies.values()))
    return Split(Reading(source), list(years.values()))


def merge(found: Split) -> list[Reading]:
    """All readings after collecting: the main one with what a table of years says of its year, then other years."""
    main = found.main
    if main is None:
        return found.others
    apart: list[Reading] = []
    for other in found.others:
        placed = {value.where for value in other.values} | {level.where for level in other.levels}
        main.unread = [one for one in main.unread if one.where not in placed]
        if other.fiscal_year == main.fiscal_year:
            known = {(value.node, value.where) for value in main.values}
            main.values += [value for value in other.values if (value.node, value.where) not in known]
            main.levels += [level for level in other.levels if level.where not in {w.where for w in main.levels}]
        elif other.values or other.levels:
            other.agency, other.kind = main.agency, main.kind
            other.district, other.province = main.district, main.province
            apart.append(other)
    if not main.values and main.fiscal_year is None and len(apart) >= MANY:
        return sorted(apart, key=lambda reading: -(reading.fiscal_year or 0))
    return [main, *sorted(apart, key=lambda reading: -(reading.fiscal_year or 0))]


def _tables(source: Source) -> list[_Wide]:
    found: list[_Wide] = []
    lines: list[Line] = []
    words = _latest()
    for block in source.blocks:
        if isinstance(block, Table):
            cells = grid(block)
            found.append(_Wide(block, cells, columns(cells, block.head, words), tuple(lines[-_NEAR:])))
        elif isinstance(block, Line):
            lines.append(block)
    return found


def _latest() -> Vocabulary:
    last = max((entry for entry in catalog() if entry.fiscal_year), key=lambda entry: entry.fiscal_year or 0)
    return vocabulary(by_id(last.id))


def _agency_column(wide: _Wide) -> int | None:
    """The column of agencies, where the table scores at least two of them."""
    if not wide.scores:
        return None
    at = wide.column("agency")
    if at is None:
        labels = [x for x, col in enumerate(wide.cols) if col.use == "label"]
        at = next((x for x in labels if _mostly_agencies(wide, x)), None)
    if at is None:
        return None
    body = wide.cells[wide.table.head :]
    names = {text_at(row, at) for row in body if text_at(row, at)}
    several = [x for x in wide.scores if wide.cols[x].nodes] or (wide.scores if len(wide.scores) == 1 else [])
    return at if len(names) >= MANY and several else None


def _mostly_agencies(wide: _Wide, x: int) -> bool:
    names = [text for row in wide.cells[wide.table.head :] if (text := text_at(row, x))]
    return len(names) >= MANY and sum(kind_of(name) is not None for name in names) >= 0.6 * len(names)


def _rows(source: Source, wide: _Wide, at: int) -> list[Reading]:
    found = []
    year_at, district, province = wide.column("year"), wide.named("อำเภอ"), wide.named("จังหวัด")
    title = " ".join([wide.table.name or "", *(line.text for line in wide.above)])
    year_of_title = _first_year(title) or _first_year(_beginning(source))
    for index, row in enumerate(wide.cells[wide.table.head :], start=wide.table.head):
        cell = row[at]
        if cell is None or not cell.text.strip() or not _scored(wide, row):
            continue
        year = _first_year(text_at(row, year_at)) if year_at is not None else None
        reading = _reading(source, wide, [index], None, year or year_of_title)
        name = re.sub(r"\s+", " ", cell.text).strip()
        reading.agency, reading.kind = Word(name, cell.where, name), kind_of(name)
        reading.district = text_at(row, district) or None if district is not None else None
        reading.province = (text_at(row, province) or None) if province is not None else _province(source)
        found.append(reading)
    return found


def _year_rows(source: Source, wide: _Wide) -> list[Reading]:
    """Rows are years, columns the overall or several nodes."""
    at = wide.column("year")
    if at is None or not wide.scores:
        return []
    rows = [
        (index, year)
        for index, row in enumerate(wide.cells[wide.table.head :], start=wide.table.head)
        if (year := _first_year(text_at(row, at))) and _scored(wide, row)
    ]
    return [_reading(source, wide, [index], None, year) for index, year in rows] if len(rows) >= MANY else []


def _year_columns(source: Source, wide: _Wide) -> list[Reading]:
    """Columns are years, rows are nodes. Items are left out: their codes are those of the main year."""
    by_year: dict[int, list[int]] = {}
    for x, col in enumerate(wide.cols):
        if col.use == "score" and col.year:
            by_year.setdefault(col.year, []).append(x)
    if len(by_year) < MANY:
        return []
    labels = [x for x, col in enumerate(wide.cols) if col.use != "score"]
    rows = [
        index
        for index in range(wide.table.head, len(wide.cells))
        if not any(re.match(r"(?:ข้อ\s?)?[ieoIEO๐][ \-]?[0-9๐-๙]", text_at(wide.cells[index], x)) for x in labels)
    ]
    return [_reading(source, wide, rows, sorted([*labels, *at]), year) for year, at in sorted(by_year.items())]


def _reading(source: Source, wide: _Wide, rows: Sequence[int], cols: Sequence[int] | None, year: int | None) -> Reading:
    """A reading of some rows and columns of a table alone."""
    keep = cols if cols is not None else range(len(wide.cols))
    head = [[_headed(wide, y, x) for x in keep] for y in range(wide.table.head)]
    body = [[wide.cells[y][x] or _empty(wide, y) for x in keep] for y in rows]
    cells = tuple(tuple(replace(cell, rowspan=1, colspan=1) for cell in row) for row in [*head, *body])
    table = (
        replace(wide.table, rows=cells, breaks=()) if hasattr(wide.table, "breaks") else replace(wide.table, rows=cells)
    )
    framework = framework_of(year) if year else None
    return Reading(replace(source, blocks=(table,)), framework=framework, fiscal_year=year)


def _headed(wide: _Wide, y: int, x: int) -> Cell:
    """A head cell; a lone score column is the overall, which its head may leave unsaid."""
    cell = wide.cells[y][x] or _empty(wide, y)
    alone = wide.scores == [x] and not wide.cols[x].nodes and y == wide.table.head - 1
    rows_are_whole = wide.column("agency") is not None or wide.column("year") is not None
    return replace(cell, text=f"คะแนนรวม {cell.text}") if alone and rows_are_whole else cell


def _empty(wide: _Wide, y: int) -> Cell:
    return Cell("", next((cell.where for cell in wide.cells[y] if cell), wide.table.where))


def _scored(wide: _Wide, row: Sequence[Cell | None]) -> bool:
    return any(re.search(r"[0-9๐-๙]", text_at(list(row), x)) for x in wide.scores)


def _first_year(text: str) -> int | None:
    match = _YEAR.search(squeeze(text))
    return int(match.group(1)) if match else None


def _beginning(source: Source) -> str:
    lines = [block.text for block in source.blocks[:12] if isinstance(block, Line)]
    return " ".join([source.title or "", *lines])


def _province(source: Source) -> str | None:
    match = re.search(r"จังหวัด\s?([ก-๙]{2,20}?)(?=\s|ประจำ|ปี|$)", _beginning(source))
    return match.group(1) if match else None


def _join(known: dict, key: object, reading: Reading) -> None:  # type: ignore[type-arg]
    """A second table of the same agency or year goes on with its reading."""
    if key in known:
        first = known[key]
        first.source = replace(first.source, blocks=(*first.source.blocks, *reading.source.blocks))
    else:
        known[key] = reading
