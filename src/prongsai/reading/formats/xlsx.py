"""Excel files: numbers as they are shown, with sheet and cell as their place; hidden sheets are named and left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prongsai.reading.formats._number_formats import BUILT_IN, shown
from prongsai.reading.formats._sheet import Grid, merges, sheets_as_blocks
from prongsai.reading.formats._zip import Package
from prongsai.reading.source import Source

SUFFIXES = (".xlsx", ".xlsm", ".xltx")
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read(path: Path, data: bytes) -> Source:
    """An .xlsx file, sheet by sheet."""
    package = Package(data, path.name)
    main = package.main()
    root = package.xml(main) if main else None
    if root is None or main is None or root.tag != f"{S}workbook":
        raise package.broken("no workbook in it")
    book = _Book(package, main, root)
    notes: list[str] = []
    grids: list[Grid] = []
    for sheet in root.iter(f"{S}sheet"):
        name, part = sheet.get("name", ""), book.parts.get(sheet.get(_REL, ""))
        if sheet.get("state", "visible") != "visible":
            notes.append(f"ไม่ได้อ่านแผ่นงานที่ซ่อนไว้: {name}")
        elif part and (content := package.xml(part)) is not None and content.tag == f"{S}worksheet":
            grids.append(book.grid(name, content))
    return Source(path.name, "xlsx", sheets_as_blocks(grids), package.title(), notes=tuple(notes))


class _Book:
    """What the sheets of one workbook share: texts and formats."""

    def __init__(self, package: Package, main: str, root: Any) -> None:
        self.name = package.name
        relations = package.relations(main)
        self.parts = {ident: target for ident, _, target in relations}
        related = {kind: target for _, kind, target in relations}
        strings = package.xml(related.get("sharedStrings", ""))
        self.strings = [_text(item) for item in strings.iter(f"{S}si")] if strings is not None else []
        self.formats = _formats(package.xml(related.get("styles", "")))
        properties = root.find(f"{S}workbookPr")
        self.epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def grid(self, name: str, root: Any) -> Grid:
        """One sheet."""
        grid = Grid(self.name, name)
        row = column = 0
        for element in root.iter(f"{S}row", f"{S}c"):
            if element.tag == f"{S}row":
                row, column = _whole(element.get("r"), row + 1), 0
                continue
            place = _address(element.get("r", ""))
            row, column = place or (row, column + 1)
            if found := self._value(element):
                grid.put(row, column, *found)
        grid.merged = dict(merges(_ranges(root)))
        return grid

    def _value(self, cell: Any) -> tuple[str, str] | None:
        """Shown and stored text of a cell."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            text = _text(cell)
            return text, text
        stored = cell.findtext(f"{S}v")
        if stored is None:
            return None
        if kind == "s":
            number = _whole(stored, -1)
            text = self.strings[number] if 0 <= number < len(self.strings) else ""
            return text, text
        if kind == "b":
            return ("TRUE" if stored == "1" else "FALSE"), stored
        if kind in ("str", "e", "d"):
            return stored, stored
        style = _whole(cell.get("s"), 0)
        code = self.formats[style] if style < len(self.formats) else "General"
        return shown(stored, code, self.epoch_1904), stored


def _formats(root: Any) -> list[str]:
    """The number format of each cell style."""
    if root is None:
        return []
    own = {_whole(item.get("numFmtId"), -1): item.get("formatCode", "") for item in root.iter(f"{S}numFmt")}
    styles = root.find(f"{S}cellXfs")
    numbers = [_whole(item.get("numFmtId"), 0) for item in styles] if styles is not None else []
    return [own.get(number) or BUILT_IN.get(number, "General") for number in numbers]


def _text(item: Any) -> str:
    """All runs of a text, but not the reading aids (``rPh``)."""
    return "".join(part.text or "" for part in item.iter(f"{S}t") if part.getparent().tag != f"{S}rPh")


def _ranges(root: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for element in root.iter(f"{S}mergeCell"):
        first, _, last = element.get("ref", "").partition(":")
        corner, far = _address(first), _address(last)
        if corner and far:
            yield corner, far


def _address(text: str) -> tuple[int, int] | None:
    """Row and column of ``B3``."""
    found = _ADDRESS.fullmatch(text)
    if not found:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), column


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
