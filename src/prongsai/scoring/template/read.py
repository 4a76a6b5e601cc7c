"""Reads a filled XLSX form to the data of a results file; every key knows its worksheet and cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id
from prongsai.scoring.template.formulas import formulas
from prongsai.scoring.template.guard import open_checked, refuse
from prongsai.scoring.template.layout import (
    CODE,
    EXAMPLE,
    HIDDEN,
    MARK,
    PART,
    TEMPLATE_VERSION,
    TITLE,
    Page,
    Row,
    pages,
)
from prongsai.thai.codes import read_code
from prongsai.thai.fiscal_year import FiscalYear
from prongsai.thai.text import repair
from prongsai.yaml_file import Key, YamlFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_template(path: Path) -> YamlFile:
    """The data of a filled form, as ``yaml_file.read`` gives it for YAML; ``where`` names worksheet and cell.

    Raises ``InputError`` for a file that is no form of ours or one of another framework version, for formulas, and for
    lines and columns that the form does not have. Values are left for the results file's own checks.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    checked = open_checked(path)
    try:
        if computed := formulas(checked, path.name):
            raise InputError(computed)
        workbook = CalamineWorkbook.from_filelike(checked)
        framework = _framework(workbook, path.name)
        reader = _Reader(path.name, framework)
        for page in pages(framework):
            if page.name in workbook.sheet_names:
                reader.page(page, _cells(workbook, page.name))
    except (CalamineError, ExpatError, LookupError, ValueError) as error:
        raise refuse("xlsx.broken", path.name, "อ่านไฟล์ไม่ได้ ไฟล์อาจเสียหาย", f"cannot read: {error}") from error
    if reader.problems:
        raise InputError(reader.problems)
    return reader.file


def _cells(workbook: CalamineWorkbook, name: str) -> list[list[Cell]]:
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _framework(workbook: CalamineWorkbook, name: str) -> Framework:
    """The framework that the form was made for. Raises ``InputError`` where it is not ours or has changed since."""
    rows = _cells(workbook, HIDDEN) if HIDDEN in workbook.sheet_names else []
    head = {str(row[0]): str(row[1]) for row in rows if len(row) > 1}
    if head.get(MARK) != str(TEMPLATE_VERSION):
        raise refuse(
            "xlsx.template",
            name,
            f"ไม่ใช่แบบกรอกของโปร่งใสรุ่นที่ {TEMPLATE_VERSION}",
            f"not a form of Prongsai, version {TEMPLATE_VERSION} (found {head.get(MARK)!r})",
        )
    try:
        framework = by_id(head.get("framework", ""))
    except InputError as error:
        raise InputError([Problem(p.code, name, p.th, p.en, p.next_th) for p in error.problems]) from error
    if head.get("framework_version") != str(framework.version):
        raise refuse(
            "xlsx.framework_version",
            name,
            f"แบบกรอกนี้ทำจากกรอบ {framework.id} รุ่นที่ {head.get('framework_version')}"
            f" แต่กรอบที่ใช้อยู่เป็นรุ่นที่ {framework.version}",
            f"made for {framework.id} version {head.get('framework_version')}, which is now {framework.version}",
        )
    return framework


class _Reader:
    """Collects one form's data, the cell of each key, and every problem found."""

    def __init__(self, name: str, framework: Framework) -> None:
        self.framework = framework
        self.data: dict[str, Any] = {"agency": {}, "framework": framework.id}
        if framework.fiscal_year is not None:
            self.data["fiscal_year"] = framework.fiscal_year
        self.file = YamlFile(name, self.data)
        self.problems: list[Problem] = []

    def page(self, page: Page, cells: Sequence[Sequence[Cell]]) -> None:
        headings = [_text(cell) for cell in cells[0]] if cells else []
        if missing := [name for name in (CODE, PART) if name in page.headings and name not in headings]:
            self._problem("heading", page, (0, 0), f"ไม่พบหัวคอลัมน์ {missing[0]}", f"no column {missing[0]!r}")
            return
        known = {(row.code, row.part): row for row in page.rows if row.code}
        seen: dict[tuple[str, str], int] = {}
        for line, values in enumerate(cells[1:], start=1):
            found = {heading: value for heading, value in zip(headings, values, strict=False) if heading}
            code, part = _text(found.get(CODE, "")), _text(found.get(PART, ""))
            if code.startswith(EXAMPLE) or (line == 1 and page.notes and not code):
                continue
            row = known.get((code, part)) or known.get((read_code(code), part.upper()))
            filled = [
                column
                for column, value in enumerate(values)
                if _text(value) and (column >= len(headings) or headings[column] not in (CODE, PART, TITLE))
            ]
            if row is None and (code or filled):
                self._unknown_row(page, line, code, headings)
            elif row is not None and (row.code, row.part) in seen:
                first = seen[(row.code, row.part)] + 1
                self._problem(
                    "repeated",
                    page,
                    (line, headings.index(CODE)),
                    f"รหัส {code} {part} ซ้ำกับแถวที่ {first}",
                    f"code {code} stands in row {first} too",
                )
            elif row is not None:
                seen[(row.code, row.part)] = line
                self._row(page, line, row, headings, values)

    def _row(self, page: Page, line: int, row: Row, headings: list[str], values: Sequence[Cell]) -> None:
        for column, value in enumerate(values):
            heading = headings[column] if column < len(headings) else ""
            place = (line, column)
            if heading in row.cells:
                key = row.cells[heading]
                self.file.places[key] = _place(page, place)
                if _text(value):
                    self._value(page, place, row, key, value)
            elif heading not in (CODE, PART, TITLE) and _text(value):
                self._problem(
                    "unused",
                    page,
                    place,
                    f"ช่องนี้ไม่ใช้กับ {row.code} (พบ {_text(value)[:40]!r})",
                    f"{row.code} has no value in column {heading!r}",
                    "โปรดลบค่าในช่องนี้ หรือย้ายไปช่องที่ถูกต้อง",
                )

    def _value(self, page: Page, place: tuple[int, int], row: Row, key: Key, cell: Cell) -> None:
        value = _plain(cell)
        if row.kind == "text" and isinstance(value, str):
            value = repair(value)
        if key == ("fiscal_year",):
            self._check_year(page, place, value)
            return
        if row.choices:
            by_words = {words: choice for choice, words in row.choices.items()}
            value = by_words.get(repair(str(value)), value)
        branch = self.data
        for part in key[:-1]:
            branch = branch.setdefault(part, {})
        branch[key[-1]] = value

    def _check_year(self, page: Page, place: tuple[int, int], value: Any) -> None:
        try:
            same = FiscalYear.read(value).be == self.framework.fiscal_year
        except ValueError:
            same = False
        if not same:
            self._problem(
                "year",
                page,
                place,
                f"แบบกรอกนี้เป็นของปีงบประมาณ พ.ศ. {self.framework.fiscal_year} (พบ {value!r})",
                f"the form is for fiscal year {self.framework.fiscal_year}, found {value!r}",
                "โปรดใช้แบบกรอกของปีงบประมาณที่ต้องการ",
            )

    def _unknown_row(self, page: Page, line: int, code: str, headings: list[str]) -> None:
        place = (line, headings.index(CODE))
        if code:
            th, en = f"ไม่รู้จักรหัส “{code}” ในแบบกรอกนี้", f"code {code!r} is not in this form"
        else:
            th, en = "แถวนี้มีค่าแต่ไม่มีรหัส", "the row has values but no code"
        self._problem("unknown_code", page, place, th, en, "โปรดคืนรหัสตามแบบกรอกเดิม หรือลบแถวนี้")

    def _problem(
        self, code: str, page: Page, place: tuple[int, int], th: str, en: str, next_th: str = "โปรดแก้ไขตามแบบกรอกเดิม"
    ) -> None:
        self.problems.append(Problem(f"xlsx.{code}", f"{self.file.name} {_place(page, place)}", th, en, next_th))


def _place(page: Page, place: tuple[int, int]) -> str:
    line, column = place
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f'แผ่น "{page.name}" ช่อง {letters}{line + 1}'


def _plain(cell: Cell) -> int | Decimal | str:
    """A cell as YAML would give it: whole numbers, exact decimals by the shortest text, all else as text."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else Decimal(repr(cell))
    return cell if isinstance(cell, int) else str(cell).strip()


def _text(cell: Cell) -> str:
    return str(_plain(cell))
