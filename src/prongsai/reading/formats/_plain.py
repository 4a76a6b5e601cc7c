"""Text files line by line: paragraphs, headings, and tables written with tabs, bars or HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from prongsai.reading.formats._markup import is_bold, plain, tidy, unbold
from prongsai.reading.formats._rows import caption_above, continues, head_rows, joined
from prongsai.reading.source import Block, Cell, Line, Picture, Table, Where

BOLD_LEVEL = 6  # a line in bold marks is a heading of the lowest rank
BOLD_LENGTH = 250
_HASHES = re.compile(r"\s{0,3}(#{1,6})\s*(\S.*?)\s*#*\s*$")
_MARKDOWN = re.compile(r"^#{1,6} |\*\*[^\s*]", re.MULTILINE)
_BAR_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()]{0,2000}\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]{1,500})\]\([^()\s]{0,2000}\)")
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:หน้า\s*(?:ที่\s*)?)?[0-9๐-๙]{1,3}[-–—\s]*")
_HTML_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_HTML_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)


@dataclass
class Plain:
    """Reads one text. ``blocks`` grow in reading order; nothing is thrown away but marks and empty lines."""

    name: str
    text: str
    blocks: list[Block] = field(default_factory=list)
    page: int | None = None
    tables: int = 0
    _wraps: bool = False  # two spaces at the end of a line mean that it goes on, as in Markdown
    _gap_is_empty: bool = False  # nothing but empty lines and page numbers since the last table

    def parse(self) -> list[Block]:
        """All blocks of the text."""
        if "\f" in self.text:
            self.page = 1
        self._wraps = _MARKDOWN.search(self.text) is not None
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        at = 0
        while at < len(lines):
            at += self._take(lines, at)
        return self.blocks

    def _take(self, lines: list[str], at: int) -> int:
        """Take what begins at a line; the number of lines taken."""
        if "\f" in lines[at]:
            self.page = (self.page or 1) + lines[at].count("\f")
            lines[at] = lines[at].replace("\f", "")
        line = lines[at]
        if not line.strip():
            return 1
        if "\t" in line and (taken := self._tab_rows(lines, at)):
            return taken
        if "|" in line and at + 1 < len(lines) and "|" in lines[at + 1] and _BAR_RULE.fullmatch(lines[at + 1]):
            return self._bar_rows(lines, at)
        if "<" in line and _HTML_TABLE.search(line):
            return self._html_table(lines, at)
        return self._paragraph(lines, at)

    # --- lines -------------------------------------------------------------------------------------------------

    def _paragraph(self, lines: list[str], at: int) -> int:
        raw, taken = lines[at], 1
        while self._goes_on(raw, lines, at + taken):
            raw += "\n" + lines[at + taken]
            taken += 1
        where = Where(self.name, page=self.page, line=at + 1)
        for image in _IMAGE.finditer(raw):
            self.blocks.append(Picture(tidy(image.group(1)), where))
        body = _LINK.sub(r"\1", _IMAGE.sub("", raw))
        heading: int | None = None
        if hashes := _HASHES.match(body):
            heading, body = len(hashes.group(1)), hashes.group(2)
        elif is_bold(body) and len(body) <= BOLD_LENGTH:
            heading = BOLD_LEVEL
        text = plain(unbold(body)).replace("\n", " ") if taken > 1 else plain(body)
        for part in text.split("\n") if text else ():
            self.blocks.append(Line(part, where, raw, heading))
        if not _PAGE_NUMBER.fullmatch(raw) and text:
            self._gap_is_empty = False
        return taken

    def _goes_on(self, raw: str, lines: list[str], following: int) -> bool:
        """A line goes on where bold is still open, or where Markdown breaks it with two spaces."""
        if not self._wraps or following >= len(lines):
            return False
        after = lines[following]
        if not after.strip() or "\t" in after or after.lstrip().startswith(("#", "|", "- ", "* ")):
            return False
        if raw.count("**") % 2:
            return True
        return raw.endswith("  ") and not after.lstrip().startswith("**") and not is_bold(raw)

    # --- tables ------------------------------------------------------------------------------------------------

    def _tab_rows(self, lines: list[str], at: int) -> int:
        """Rows with tabs that follow each other. A single line with tabs is a row only if a table goes on."""
        end = at
        while end < len(lines) and "\t" in lines[end] and lines[end].strip() and "\f" not in lines[end]:
            end += 1
        cells = [line.split("\t") for line in lines[at:end]]
        cut = _change_of_width(cells)
        cells = cells[:cut]
        width = max(len(row) for row in cells)
        if len(cells) == 1 and not (self._open_table(width) and (cells[0][0].strip() or width > 2)):
            return 0
        if not any("".join(row[1:]).strip() for row in cells) or (
            all(not row[0].strip() for row in cells) and width == 2
        ):
            return 0  # indented paragraphs, no table
        numbered = [(at + index + 1, row + [""] * (width - len(row))) for index, row in enumerate(cells)]
        self._add_table(numbered)
        return len(cells)

    def _open_table(self, width: int) -> bool:
        last = next((block for block in reversed(self.blocks) if isinstance(block, Table)), None)
        return last is not None and self._gap_is_empty and len(last.rows[0]) == width

    def _bar_rows(self, lines: list[str], at: int) -> int:
        end = at + 2
        while end < len(lines) and "|" in lines[end] and lines[end].strip():
            end += 1
        rows = [(at + 1, _bars(lines[at]))]
        rows += [(number + 1, _bars(lines[number])) for number in range(at + 2, end)]
        width = len(rows[0][1])
        self._add_table([(number, (row + [""] * width)[:width]) for number, row in rows], head=1)
        return end - at

    def _html_table(self, lines: list[str], at: int) -> int:
        from prongsai.reading.formats.html import blocks_of

        end = at
        while end < len(lines) and not _HTML_TABLE_END.search(lines[end]):
            end += 1
        markup = "\n".join(lines[at : end + 1])
        where = Where(self.name, page=self.page, line=at + 1)
        for block in blocks_of(markup, where, self.tables):
            self.blocks.append(block)
            if isinstance(block, Table):
                self.tables += 1
        self._gap_is_empty = False
        return end + 1 - at

    def _add_table(self, numbered: list[tuple[int, list[str]]], head: int | None = None) -> None:
        last = self._last_table()
        number = self.tables + 1
        rows = self._cells(numbered, number, 0)
        if last is not None and self._gap_is_empty:
            table = self.blocks[last]
            assert isinstance(table, Table)
            repeated = continues(table, rows)
            if repeated is not None:
                again = self._cells(numbered[repeated:], self.tables, len(table.rows))
                self.blocks[last] = joined(table, again)
                return
        self.tables = number
        where = Where(self.name, page=self.page, line=numbered[0][0], table=number)
        self.blocks.append(
            Table(tuple(rows), where, head_rows(rows) if head is None else head, caption_above(self.blocks))
        )
        self._gap_is_empty = True

    def _last_table(self) -> int | None:
        for index in range(len(self.blocks) - 1, -1, -1):
            if isinstance(self.blocks[index], Table):
                return index
        return None

    def _cells(self, numbered: list[tuple[int, list[str]]], table: int, above: int) -> list[tuple[Cell, ...]]:
        rows = []
        for index, (line, row) in enumerate(numbered, above + 1):
            rows.append(
                tuple(
                    Cell(plain(raw), Where(self.name, self.page, line, table, index, column), raw)
                    for column, raw in enumerate(row, 1)
                )
            )
        return rows


def _change_of_width(cells: list[list[str]]) -> int:
    """Where another table begins without an empty line: a new width that the row after it shares."""
    for index in range(1, len(cells) - 1):
        if len(cells[index]) != len(cells[index - 1]) and len(cells[index]) == len(cells[index + 1]):
            return index
    return len(cells)


def _bars(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [_LINK.sub(r"\1", cell.strip()) for cell in _BAR.split(inner)]
