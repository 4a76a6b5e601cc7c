"""Finds formulas in an XLSX file: a reader sees their last result, or nothing at all where there is none."""

from __future__ import annotations

import io
import posixpath
import zipfile
from xml.parsers import expat

from prongsai.errors import Problem


def formulas(checked: io.BytesIO, name: str) -> list[Problem]:
    """One problem for each cell with a formula, in a file that ``guard.open_checked`` let through."""
    with zipfile.ZipFile(checked) as archive:
        found = [
            Problem(
                "xlsx.formula",
                f'{name} แผ่น "{sheet}" ช่อง {cell}',
                f"ช่อง {cell} เป็นสูตร โปรดวางเป็นค่า",
                f"cell {cell} holds a formula; values only",
                "คัดลอกช่องนั้น แล้ววางแบบพิเศษเป็นค่า (Paste Special: Values) จากนั้นบันทึกและส่งใหม่",
            )
            for sheet, path in _worksheets(archive)
            for cell in _cells(archive.read(path))
        ]
    checked.seek(0)
    return found


def _worksheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and path of every worksheet; by path alone where the workbook does not tell."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}
    there = set(archive.namelist())

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            target = targets.get(next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), ""), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            names[path] = attributes.get("name", "")

    if "xl/_rels/workbook.xml.rels" in there:
        _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _parse(archive.read("xl/workbook.xml"), sheet)
    paths = [path for path in archive.namelist() if path.startswith("xl/worksheets/") and path.endswith(".xml")]
    return [(names.get(path) or posixpath.basename(path).removesuffix(".xml"), path) for path in paths]


def _cells(content: bytes) -> list[str]:
    cell = ""
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cell
        plain = tag.rpartition(":")[2]
        if plain == "c":
            cell = attributes.get("r", "?")
        elif plain == "f":
            found.append(cell)

    _parse(content, start)
    return found


def _parse(content: bytes, start: object) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.Parse(content, True)
