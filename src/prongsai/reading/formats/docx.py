"""Word files: paragraphs with their headings, numbers that Word counts, tables with merged cells, pictures.

Read from the package's XML, for the object model of python-docx takes a hundred times as long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prongsai.reading.formats._docx_lists import Lists
from prongsai.reading.formats._markup import tidy
from prongsai.reading.formats._rows import caption_above, head_rows
from prongsai.reading.formats._symbols import symbol
from prongsai.reading.formats._zip import Package
from prongsai.reading.source import Block, Cell, Line, Picture, Source, Table, Where

SUFFIXES = (".docx", ".docm", ".dotx")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _TBL, _R, _T = f"{W}p", f"{W}tbl", f"{W}r", f"{W}t"
_DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_TEXTBOX = f"{W}txbxContent"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_LEFT_OUT = {f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "instrText", "delText", "footnoteReference")}
_SIGNS = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
}  # fmt: skip
_HEADING = re.compile(r"(?:heading|หัวเรื่อง)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|สารบัญ)\s*[1-9]|table of figures", re.IGNORECASE)
_FIELD = re.compile(r"\s*(TOC|PAGE|NUMPAGES|SECTIONPAGES|PAGEREF)\b", re.IGNORECASE)


def read(path: Path, data: bytes) -> Source:
    """A .docx file. The contents that Word makes itself is left out; page headers are kept in the notes."""
    package = Package(data, path.name)
    main = package.main()
    root = package.xml(main) if main else None
    if root is None or main is None:
        raise package.broken("no main document in it")
    if root.tag != f"{W}document":
        raise package.broken(f"the main part is {root.tag}")
    related = {kind: target for _, kind, target in package.relations(main)}
    walk = _Walk(path.name, _Styles(package.xml(related.get("styles", ""))))
    walk.lists = Lists(package.xml(related.get("numbering", "")))
    walk.paged = next(root.iter(f"{W}lastRenderedPageBreak"), None) is not None
    for body in root.iter(f"{W}body"):
        walk.children(body)
    notes = _running_heads(package, main)
    if any(kind == "chart" for _, kind, _ in package.relations(main)):
        notes.append("มีแผนภูมิที่ไม่ได้อ่านตัวเลข")
    pages = walk.page if walk.paged else None
    return Source(path.name, "docx", tuple(walk.blocks), package.title(), pages, tuple(notes))


def _running_heads(package: Package, main: str) -> list[str]:
    found: list[str] = []
    for _, kind, target in package.relations(main):
        if kind in ("header", "footer") and (root := package.xml(target)) is not None:
            walk = _Walk(package.name, _Styles(None))
            walk.children(root)
            text = " ".join(block.text for block in walk.blocks if isinstance(block, Line))
            word = "หัวกระดาษ" if kind == "header" else "ท้ายกระดาษ"
            if re.search(r"[^\W\d_]", text) and f"{word}: {text}" not in found:
                found.append(f"{word}: {text}")
    return found


class _Styles:
    """What the styles of the file say of a paragraph: heading level, contents, list."""

    def __init__(self, root: Any) -> None:
        self.heading: dict[str, int] = {}
        self.contents: set[str] = set()
        self.numbered: dict[str, tuple[str, int]] = {}
        based: dict[str, str] = {}
        for style in root.iter(f"{W}style") if root is not None else ():
            ident = style.get(f"{W}styleId", "")
            name = _value(style, f"{W}name") or ""
            if base := _value(style, f"{W}basedOn"):
                based[ident] = base
            if _CONTENTS.match(name):
                self.contents.add(ident)
            if (level := _outline(style)) is not None:
                self.heading[ident] = level
            elif found := _HEADING.match(name):
                self.heading[ident] = int(found.group(1))
            elif name.lower() == "title":
                self.heading[ident] = 1
            if number := _numbering(style):
                self.numbered[ident] = number
        for ident in based:
            self._inherit(ident, based)

    def _inherit(self, ident: str, based: dict[str, str]) -> None:
        base, seen = based.get(ident), {ident}
        while base and base not in seen:
            seen.add(base)
            if base in self.heading:
                self.heading.setdefault(ident, self.heading[base])
            if base in self.numbered:
                self.numbered.setdefault(ident, self.numbered[base])
            base = based.get(base)


@dataclass
class _Walk:
    """Goes through the body in order."""

    name: str
    styles: _Styles
    lists: Lists = field(default_factory=lambda: Lists(None))
    blocks: list[Block] = field(default_factory=list)
    paged: bool = False
    page: int = 1
    paragraphs: int = 0
    tables: int = 0
    _fields: list[str] = field(default_factory=list)  # open fields, by their kind where it matters

    def children(self, element: Any) -> None:
        """Paragraphs and tables in an element, through the wrappers that Word puts around them."""
        for child in element:
            if child.tag == _P:
                self._paragraph(child)
            elif child.tag == _TBL:
                self._table(child)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo", f"{W}smartTag"):
                self.children(child)

    def _where(self) -> Where:
        return Where(self.name, page=self.page if self.paged else None, line=self.paragraphs)

    def _paragraph(self, element: Any) -> None:
        self.paragraphs += 1
        style, raw, contents = self._text(element)
        where = self._where()
        for words in _pictures(element):
            self.blocks.append(Picture(words, where))
        if not contents and style not in self.styles.contents:
            level = _outline(element)
            level = level if level is not None else self.styles.heading.get(style)
            for part in tidy(raw).split("\n") if raw.strip() else ():
                self.blocks.append(Line(part, where, raw, level))
        for box in element.iter(_TEXTBOX):
            if not _in_fallback(box) and _owner(box) is element:
                self.children(box)

    def _text(self, element: Any) -> tuple[str, str, bool]:
        """Style, text with its number, and whether it belongs to the contents."""
        properties = element.find(f"{W}pPr")
        style = _value(properties, f"{W}pStyle") or "" if properties is not None else ""
        parts: list[str] = []
        contents = "TOC" in self._fields
        self._runs(element, parts)
        contents = contents or "TOC" in self._fields
        text = "".join(parts)
        number = _numbering(element) or self.styles.numbered.get(style)
        if number and text.strip() and not contents and (mark := self.lists.mark(*number)):
            text = f"{mark} {text.lstrip()}"
        return style, text, contents

    def _runs(self, element: Any, parts: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag == _T:
                parts.append("" if _is_page_number(self._fields) else child.text or "")
            elif (
                tag in _LEFT_OUT
                or tag == _TEXTBOX
                or (tag == f"{W}fldSimple" and _FIELD.match(child.get(f"{W}instr", "")))
            ):
                continue
            elif tag in _SIGNS:
                parts.append(_SIGNS[tag])
            elif tag == f"{W}br":
                parts.append("\n")
                self.page += child.get(f"{W}type") == "page" and not self.paged
            elif tag == f"{W}lastRenderedPageBreak":
                self.page += 1
            elif tag == f"{W}sym":
                code = child.get(f"{W}char", "")
                if re.fullmatch("[0-9A-Fa-f]{2,4}", code):
                    parts.append(symbol(int(code, 16), child.get(f"{W}font", "")))
            elif tag == f"{W}fldChar":
                self._field(child)
            elif tag == _ALTERNATE:
                self._runs(child[0] if len(child) else child, parts)
            else:
                self._runs(child, parts)

    def _field(self, element: Any) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            found = _FIELD.match(_instruction(element))
            self._fields.append(found.group(1).upper() if found else "")
        elif kind == "end" and self._fields:
            self._fields.pop()

    # --- tables ------------------------------------------------------------------------------------------------

    def _table(self, element: Any) -> None:
        rows = list(_rows(element))
        if len(rows) == 1 and len(list(_cells(rows[0]))) == 1:
            self.children(next(_cells(rows[0])))  # a frame around text, no table
            return
        self.tables += 1
        table = self.tables
        where = self._where()
        laid: list[list[_Open]] = []
        above: dict[int, _Open] = {}
        for number, row in enumerate(rows, 1):
            laid.append(self._row(row, above, Where(self.name, where.page, where.line, table, number)))
        self._nested(element)
        made = tuple(tuple(cell.made() for cell in row) for row in laid)
        if not any(made):
            return
        heads = 0
        for row in rows:
            mark = row.find(f"{W}trPr/{W}tblHeader")
            if mark is None or mark.get(f"{W}val") in ("0", "false"):
                break
            heads += 1
        caption = element.find(f"{W}tblPr/{W}tblCaption")
        name = caption_above(self.blocks) or (caption.get(f"{W}val") if caption is not None else None) or None
        place = Where(self.name, where.page, where.line, table)
        self.blocks.append(Table(made, place, heads if heads < len(rows) else head_rows(made), name))

    def _row(self, row: Any, above: dict[int, _Open], where: Where) -> list[_Open]:
        """Cells that begin in this row; those merged with the cell above make that one taller."""
        found: list[_Open] = []
        column = _whole(_value(row.find(f"{W}trPr"), f"{W}gridBefore"))
        for cell in _cells(row):
            properties = cell.find(f"{W}tcPr")
            span = max(_whole(_value(properties, f"{W}gridSpan")), 1)
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
            raw = self._cell_text(cell)
            if goes_on and column in above and not raw.strip():
                above[column].rowspan += 1
            else:
                place = Where(where.file, where.page, where.line, where.table, where.row, column + 1)
                made = _Open(raw, place, span)
                found.append(made)
                above[column] = made
            if merge is None:
                above.pop(column, None)
            column += span
        return found

    def _cell_text(self, cell: Any) -> str:
        parts = []
        for paragraph in cell.iter(_P):
            if _in_fallback(paragraph):
                continue
            self.paragraphs += 1
            parts.append(self._text(paragraph)[1])
        return "\n".join(parts).strip("\n")

    def _nested(self, element: Any) -> None:
        """Pictures in a table, by their words."""
        for words in _pictures(element):
            self.blocks.append(Picture(words, self._where()))


@dataclass
class _Open:
    """A cell that may still grow downwards."""

    raw: str
    where: Where
    colspan: int
    rowspan: int = 1

    def made(self) -> Cell:
        return Cell(tidy(self.raw), self.where, self.raw, self.rowspan, self.colspan)


def _is_page_number(fields: list[str]) -> bool:
    return bool(fields) and fields[-1] not in ("", "TOC")


def _rows(table: Any) -> Any:
    return _within(table, f"{W}tr")


def _cells(row: Any) -> Any:
    return _within(row, f"{W}tc")


def _within(element: Any, tag: str) -> Any:
    """Children of a kind, also inside content controls and tracked changes."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _within(child, tag)


def _value(element: Any, tag: str) -> str | None:
    found = element.find(tag) if element is not None else None
    return found.get(f"{W}val") if found is not None else None


def _whole(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isascii() and text.isdigit() else 0


def _outline(element: Any) -> int | None:
    properties = element.find(f"{W}pPr")
    level = _value(properties, f"{W}outlineLvl") if properties is not None else None
    return int(level) + 1 if level and level.isdigit() and int(level) < 9 else None


def _numbering(element: Any) -> tuple[str, int] | None:
    numbers = element.find(f"{W}pPr/{W}numPr")
    if numbers is None:
        return None
    ident = _value(numbers, f"{W}numId")
    return (ident, _whole(_value(numbers, f"{W}ilvl"))) if ident and ident != "0" else None


def _pictures(element: Any) -> list[str]:
    """The words of each picture; empty where the author gave none, for the picture is there all the same."""
    return [tidy(found.get("descr") or "") for found in element.iter(_DOCPR) if not _in_fallback(found)]


def _in_fallback(element: Any) -> bool:
    return any(parent.tag.endswith("}Fallback") for parent in element.iterancestors())


def _owner(box: Any) -> Any:
    return next((parent for parent in box.iterancestors(_P)), None)


def _instruction(begin: Any) -> str:
    """The instruction of a field that begins here: it stands in the runs that follow."""
    run = begin.getparent()
    for after in [run, *list(run.itersiblings())[:4]] if run is not None else ():
        found = "".join(after.itertext(f"{W}instrText"))
        if found.strip():
            return found
    return ""
