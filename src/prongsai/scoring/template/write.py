"""Writes the XLSX form of one framework: instructions, worksheets to fill in, and a hidden sheet that names it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prongsai.framework.model import Framework
from prongsai.scoring.template.layout import (
    CODE,
    GUIDE,
    HIDDEN,
    MARK,
    PART,
    TEMPLATE_VERSION,
    TITLE,
    Kind,
    Page,
    Row,
    pages,
)
from prongsai.yaml_file import Key

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_WIDTHS = {CODE: 13, PART: 9, TITLE: 70}
_FIRST_LIST_COLUMN = 3
_STYLES: dict[str, dict[str, object]] = {
    "head": {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "border": 1},
    "note": {"italic": True, "bg_color": "#D9E2F3", "text_wrap": True, "border": 1},
    "example": {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "num_format": "@"},
    "group": {"bold": True, "bg_color": "#D9E2F3"},
    "code": {"num_format": "@", "border": 1},
    "title": {"text_wrap": True, "border": 1},
    "text": {"num_format": "@", "bg_color": "#FFFBE6", "border": 1},
    "choice": {"bg_color": "#FFFBE6", "border": 1},
    "score": {"num_format": "0.00", "bg_color": "#FFFBE6", "border": 1},
    "count": {"num_format": "0", "bg_color": "#FFFBE6", "border": 1},
    "unused": {"bg_color": "#D9D9D9", "border": 1},
    "wrap": {"text_wrap": True},
    "title_page": {"bold": True, "font_size": 20, "text_wrap": True},
}
# A warning and not a stop: a number in Thai digits is text to a spreadsheet, and is accepted when read.
_CHECKS: dict[Kind, dict[str, object]] = {
    "score": {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 100,
        "error_type": "warning",
        "error_title": "คะแนนไม่ถูกต้อง",
        "error_message": "คะแนนต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100 หากพิมพ์เป็นเลขไทยให้เลือก ใช่ (Yes) หากไม่มีคะแนนให้เว้นว่าง",
    },
    "count": {
        "validate": "integer",
        "criteria": ">=",
        "value": 0,
        "error_type": "warning",
        "error_title": "จำนวนไม่ถูกต้อง",
        "error_message": "จำนวนคนต้องเป็นจำนวนเต็มตั้งแต่ 0 หากพิมพ์เป็นเลขไทยให้เลือก ใช่ (Yes) หากไม่มีข้อมูลให้เว้นว่าง",
    },
}


def write_template(
    framework: Framework, agency: str | None = None, values: Mapping[Key, object] | None = None
) -> bytes:
    """The form as an XLSX file without macros.

    ``agency`` is filled in as the agency's name; ``values`` fills cells by the key of the results file, such
    as ``("scores", "items", "i1")``, to go on from what is known already.
    """
    import xlsxwriter

    filled = {("agency", "name"): agency, ("fiscal_year",): framework.fiscal_year, **(values or {})}
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": "TH Sarabun New", "font_size": 16, "valign": "top"},
        },
    )
    workbook.set_properties({"title": f"แบบกรอกผลการประเมิน {framework.title.th}", "author": "Prongsai"})
    _Writer(workbook, framework, filled).write()
    workbook.close()
    return target.getvalue()


class _Writer:
    def __init__(self, workbook: Workbook, framework: Framework, filled: Mapping[Key, object]) -> None:
        self.workbook = workbook
        self.framework = framework
        self.filled = filled
        self.styles = {name: workbook.add_format({"valign": "top", **style}) for name, style in _STYLES.items()}
        self.lists: dict[tuple[str, ...], str] = {}
        self.checks = dict(_CHECKS)

    def write(self) -> None:
        found = pages(self.framework)
        self._guide([page.name for page in found])
        sheets = [(self.workbook.add_worksheet(page.name), page) for page in found]
        self._hidden([row for page in found for row in page.rows])
        for sheet, page in sheets:
            self._page(sheet, page)

    def _guide(self, names: list[str]) -> None:
        sheet = self.workbook.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, f"แบบกรอกผลการประเมิน {self.framework.title.th}", self.styles["title_page"])
        lines = [
            f"1. กรอกเฉพาะช่องสีเหลืองอ่อนในแผ่น {', '.join(names)} ช่องสีเทาไม่ใช้กับข้อนั้น",
            "2. กรอกเท่าที่มี ช่องที่ไม่มีข้อมูลให้เว้นว่าง ช่องว่างหมายถึงไม่ทราบ ไม่ใช่ศูนย์",
            "3. คะแนนกรอกเป็นตัวเลข 0 ถึง 100 ตามที่ประกาศ จะใช้เลขอารบิกหรือเลขไทยก็ได้",
            "4. แผ่นจำนวนผู้ตอบ กรอกจำนวนผู้ตอบที่เลือกแต่ละตัวเลือกของแต่ละข้อ ตามตัวเลือกที่ผู้ตอบเลือกจริง ไม่ต้องกลับคะแนนข้อเชิงลบ",
            "5. แผ่นผลการตรวจ เลือกผลจากรายการในช่อง",
            "6. แถวที่ขึ้นต้นด้วยคำว่า ตัวอย่าง ไม่นำไปคำนวณ จะลบหรือคงไว้ก็ได้",
            "7. อย่าแก้รหัสในคอลัมน์แรกและหัวคอลัมน์ ระบบใช้รหัสนี้จับคู่กับกรอบการประเมิน",
            "8. บันทึกเป็นไฟล์ .xlsx เท่านั้น ไม่รับไฟล์ที่มีมาโคร",
            f"กรอบการประเมิน {self.framework.id} รุ่นที่ {self.framework.version}",
        ]
        for number, line in enumerate(lines, start=2):
            sheet.write_string(number, 0, line, self.styles["wrap"])

    def _hidden(self, rows: list[Row]) -> None:
        """What the form belongs to, and the lists behind the drop-downs (a list inside a rule holds 255 characters)."""
        sheet = self.workbook.add_worksheet(HIDDEN)
        sheet.hide()
        head = {
            MARK: str(TEMPLATE_VERSION),
            "framework": self.framework.id,
            "framework_version": str(self.framework.version),
            "fiscal_year": str(self.framework.fiscal_year or ""),
            "agency": str(self.filled.get(("agency", "name")) or ""),
        }
        for number, (name, value) in enumerate(head.items()):
            sheet.write_string(number, 0, name)
            sheet.write_string(number, 1, value)
        for row in rows:
            words = tuple(row.choices.values())
            if words and words not in self.lists:
                column = _FIRST_LIST_COLUMN + len(self.lists)
                sheet.write_column(0, column, words)
                self.lists[words] = f"='{HIDDEN}'!{_address(0, column)}:{_address(len(words) - 1, column)}"

    def _page(self, sheet: Any, page: Page) -> None:
        for column, heading in enumerate(page.headings):
            sheet.set_column(column, column, _WIDTHS.get(heading, 22 if len(page.headings) < 4 else 16))
            sheet.write_string(0, column, heading, self.styles["head"])
        line = 1
        if page.notes:
            for column, heading in enumerate(page.headings):
                sheet.write_string(line, column, page.notes.get(heading, ""), self.styles["note"])
            line += 1
        sheet.freeze_panes(line, page.headings.index(TITLE))
        sheet.repeat_rows(0, line - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, value in enumerate(page.example):
            sheet.write(line, column, value, self.styles["example"])
        for number, row in enumerate(page.rows, start=line + 1):
            self._row(sheet, page, number, row)

    def _row(self, sheet: Any, page: Page, line: int, row: Row) -> None:
        if not row.code:
            for column, heading in enumerate(page.headings):
                sheet.write_string(line, column, row.title if heading == TITLE else "", self.styles["group"])
            return
        for column, heading in enumerate(page.headings):
            if heading in (CODE, PART, TITLE):
                text = {CODE: row.code, PART: row.part, TITLE: row.title}[heading]
                sheet.write_string(line, column, text, self.styles["title" if heading == TITLE else "code"])
            elif heading in row.cells:
                self._cell(sheet, (line, column), row, self.filled.get(row.cells[heading]))
            else:
                sheet.write_blank(line, column, None, self.styles["unused"])

    def _cell(self, sheet: Any, place: tuple[int, int], row: Row, value: object) -> None:
        style = self.styles[row.kind]
        if row.kind in self.checks:
            sheet.data_validation(*place, *place, self.checks[row.kind])
        elif row.choices:
            rule = {
                "validate": "list",
                "source": self.lists[tuple(row.choices.values())],
                "error_title": "ไม่มีในรายการ",
                "error_message": "โปรดเลือกจากรายการในช่อง",
            }
            sheet.data_validation(*place, *place, rule)
        if value is None:
            sheet.write_blank(*place, None, style)
        elif isinstance(value, int | float | Decimal) and row.kind != "text":
            sheet.write_number(*place, value, style)
        else:
            sheet.write_string(*place, row.choices.get(str(value), str(value)), style)


def _address(line: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(line, column, row_abs=True, col_abs=True))
