"""Web pages: headings, paragraphs, lists, tables with merged cells, and the text equivalents of pictures and charts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from prongsai.reading.formats._decode import decoded, refuse
from prongsai.reading.formats._markup import tidy
from prongsai.reading.formats._rows import head_rows
from prongsai.reading.source import Block, Cell, Line, Picture, Source, Table, Where
from prongsai.thai.digits import to_thai

SUFFIXES = (".html", ".htm", ".xhtml", ".mht")
MAX_SPAN = 1000  # what HTML allows for colspan; more is an attack
_SKIPPED = {
    "script", "style", "noscript", "template", "nav", "head", "button", "select", "textarea", "iframe", "object",
    "audio", "video", "canvas", "datalist", "summary", "dialog", "menu",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "center-inline",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_MARK = re.compile(r"list-style(?:-type)?\s*:\s*none")
_SPACES = re.compile(r"\s+")
_BREAK = "\x01"  # a line break in the text, apart from white space of the source


def read(path: Path, data: bytes) -> Source:
    """An HTML page in UTF-8 or the Thai code page."""
    if path.suffix.lower() == ".mht":
        raise refuse("html.archive", path.name, "ไม่รับไฟล์ .mht", "an .mht archive", "โปรดบันทึกหน้าเว็บเป็น .html แล้วลองใหม่")
    text = decoded(data, path.name)
    root = _parsed(text)
    if root is None:
        raise refuse("html.empty", path.name, "หน้าเว็บไม่มีเนื้อหา", "the page has no content", "โปรดตรวจสอบว่าเลือกไฟล์ถูกต้อง")
    title = root.findtext(".//head/title")
    walk = _Walk(Where(path.name))
    walk.block(root)
    walk.flush()
    return Source(path.name, "html", tuple(walk.blocks), title=tidy(title or "") or None)


def blocks_of(markup: str, where: Where, tables: int) -> list[Block]:
    """Blocks of a piece of HTML inside another file: all at its place, tables counted on."""
    root = _parsed(markup)
    if root is None:
        return []
    walk = _Walk(where, tables)
    walk.block(root)
    walk.flush()
    return walk.blocks


def _parsed(text: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(_PROLOG.sub("", text), parser=parser)
    except etree.ParserError:
        return None


class _Walk:
    """Goes through a page in reading order. Text between blocks gathers until a block ends it."""

    def __init__(self, where: Where, tables: int = 0) -> None:
        self.where, self.tables = where, tables
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._line: int | None = None
        self._level: int | None = None

    def block(self, element: Any) -> None:
        """One element and what is in it."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _is_hidden(element):
            return
        if tag == "table":
            self.flush()
            self._table(element)
            return
        if tag in ("img", "svg") or element.get("role") == "img":
            self._picture(element)
            return
        if tag == "br":
            self._text.append(_BREAK)
            return
        ends = tag not in _INLINE and not (tag == "dd" and self._text)
        if ends:
            self.flush()
            self._level = _HEADINGS.get(tag)
        self._say(_mark(element) if tag == "li" else None, element)
        self._say(element.text, element)
        for child in element:
            self.block(child)
            self._say(child.tail, child)
        if tag == "dt":
            self._text.append(" ")
        elif ends or tag == "dd":
            self.flush()
            self._level = None

    def flush(self) -> None:
        """End the paragraph at hand."""
        raw = _collapsed(self._text)
        self._text = []
        for part in raw.split("\n"):
            if text := tidy(part):
                self.blocks.append(Line(text, self._place(self._line), part, self._level))
        self._line = None

    def _say(self, text: str | None, element: Any) -> None:
        if not text:
            return
        if self._line is None and not text.isspace():
            self._line = element.sourceline
        self._text.append(text)

    def _place(self, line: int | None) -> Where:
        """The place; in a piece of another file the place of the piece."""
        return self.where if self.where.line or line is None else Where(self.where.file, line=line)

    def _picture(self, element: Any) -> None:
        words = element.get("alt") or element.get("aria-label") or _labelled(element) or ""
        self.flush()
        picture = Picture(tidy(_collapsed([words])), self._place(element.sourceline))
        last = self.blocks[-1] if self.blocks else None
        if picture.text and not (isinstance(last, Picture) and last.text == picture.text):
            self.blocks.append(picture)  # one chart drawn twice, for wide and narrow screens, is one picture

    def _table(self, element: Any) -> None:
        rows = [row for row in element.iter("tr") if _own_table(row) is element]
        if not rows or element.get("role") == "presentation" or element.find(".//table") is not None:
            for part in rows:  # a table that only lays out the page
                for cell in part:
                    self.block(cell)
            return
        self.tables += 1
        caption = element.find("caption")
        name = tidy(_collapsed(_texts(caption))).replace("\n", " ") if caption is not None else ""
        if name and not any(isinstance(block, Line) and block.text == name for block in self.blocks[-4:]):
            self.blocks.append(Line(name, self._place(caption.sourceline), name))
        place = self._place(element.sourceline)
        made = tuple(self._row(row, place, number) for number, row in enumerate(rows, 1))
        made = tuple(row for row in made if row)
        if not made:
            return
        where = Where(place.file, page=place.page, line=place.line, table=self.tables)
        self.blocks.append(Table(made, where, _head(rows) or head_rows(made), name or None))

    def _row(self, row: Any, place: Where, number: int) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            raw = _collapsed(_texts(element))
            line = row.sourceline if not self.where.line else place.line
            where = Where(place.file, place.page, line, self.tables, number, len(cells) + 1)
            rowspan, colspan = (_span(element.get(kind)) for kind in ("rowspan", "colspan"))
            cells.append(Cell(tidy(raw), where, raw, rowspan, colspan))
        return tuple(cells)


def _texts(element: Any) -> list[str]:
    """Text of a cell with breaks at its paragraphs."""
    found: list[str] = []

    def gather(part: Any) -> None:
        if not isinstance(part.tag, str) or part.tag in _SKIPPED or _is_hidden(part):
            return
        if part.tag in ("img", "svg"):
            found.append(f" {part.get('alt') or _labelled(part) or ''} ")
            return
        breaks = part.tag not in _INLINE and part is not element
        if breaks:
            found.append(_BREAK)
        if part.tag == "li":
            found.append(_mark(part))
        if part.text:
            found.append(part.text)
        for child in part:
            gather(child)
            if child.tail:
                found.append(child.tail)
        if breaks:
            found.append(_BREAK)

    gather(element)
    return found


def _collapsed(parts: list[str]) -> str:
    """White space as a browser shows it; breaks as line ends."""
    return "\n".join(_SPACES.sub(" ", part).strip() for part in "".join(parts).split(_BREAK)).strip("\n")


def _mark(item: Any) -> str:
    """What the browser puts before a list point: its number, or a dash; nothing where the page wants none."""
    parent = item.getparent()
    style = f"{parent.get('style') or ''} {parent.get('class') or ''}".lower()
    if _NO_MARK.search(style) or parent.tag not in ("ol", "ul"):
        return ""
    if parent.tag == "ul":
        return "- "
    number = _span(parent.get("start")) + sum(1 for _ in item.itersiblings("li", preceding=True))
    return f"{to_thai(str(number)) if 'thai' in style else number}. "


def _labelled(element: Any) -> str | None:
    """A drawing's own words: its ``<title>`` and ``<desc>``."""
    words = [child.text_content() for child in element if child.tag in ("title", "desc")]
    return " ".join(words) or None


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    return element.tag == "a" and "skip" in (element.get("class") or "") and (element.get("href") or "").startswith("#")


def _own_table(row: Any) -> Any:
    return next(row.iterancestors("table"))


def _head(rows: list[Any]) -> int:
    """Rows in ``<thead>``, or made of ``<th>`` alone, before the first other row."""
    count = 0
    for row in rows:
        tags = {cell.tag for cell in row if isinstance(cell.tag, str)}
        whole = sum(_span(cell.get("colspan")) for cell in row if isinstance(cell.tag, str))
        group = len(row) == 1 and whole > 1 and row.getparent().tag != "thead"  # a heading across the body
        if row.getparent().tag != "thead" and (tags != {"th"} or group):
            break
        count += 1
    return count if count < len(rows) else 0


def _span(text: str | None) -> int:
    digits = re.match(r"\s*([0-9]{1,5})", text or "")
    return min(max(int(digits.group(1)), 1), MAX_SPAN) if digits else 1
