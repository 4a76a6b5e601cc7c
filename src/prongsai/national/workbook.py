"""``nation.xlsx``: the results for people who compute. Numbers are numbers, text is never a formula, nothing is merged.

One line of headings, one line per thing, so that filters and pivot tables work. The first sheet says what each figure
is a share or a mean of. Item by item, and all changes, stand in the Parquet and CSV files beside it.
"""

from __future__ import annotations

import datetime as dt
import importlib
from pathlib import Path
from typing import Any

import polars as pl

from prongsai.national import tables
from prongsai.national.adjusted import NOT_OFFICIAL_TH
from prongsai.national.aggregates import HIGH, By
from prongsai.national.change import Changes
from prongsai.national.compared import Compared, whole
from prongsai.national.ranks import CONFIDENCE
from prongsai.national.summary import FALSE_DISCOVERIES
from prongsai.scoring.agency_kinds import AGENCY_KINDS

_EPOCH = dt.datetime(1980, 1, 1)  # the same results give the same bytes
_FONT = {"font_name": "TH SarabunPSK", "font_size": 14}
_LIMIT = 1_048_575  # lines of a sheet, less its headings
_GROUPS: dict[By, str] = {"nation": "ประเทศ", "kind": "ประเภทหน่วยงาน", "province": "จังหวัด", "ministry": "กระทรวง"}
_NODE = "รหัส"
_OF_GROUPS = {
    "group": "กลุ่ม",
    "agencies": "หน่วยงานทั้งหมด",
    "passing_surely": "ผ่านแน่นอน (หน่วยงาน)",
    "passing_possibly": "อาจผ่าน (หน่วยงาน)",
    "node": _NODE,
    "title": "เรื่อง",
    "scored": "หน่วยงานที่นำมาคิด",
    "unknown": "ไม่มีคำตอบ (หน่วยงาน)",
    "withheld": "ไม่แสดงเพราะผู้ตอบน้อย (หน่วยงาน)",
    "mean_of_agencies": "ค่าเฉลี่ยของหน่วยงาน",
    "mean_by_respondents": "ค่าเฉลี่ยถ่วงน้ำหนักด้วยจำนวนผู้ตอบ",
    "respondents": "ผู้ตอบ",
    "least": "ต่ำสุด",
    "q1": "ควอร์ไทล์ที่ 1",
    "median": "มัธยฐาน",
    "q3": "ควอร์ไทล์ที่ 3",
    "most": "สูงสุด",
    "sd": "ส่วนเบี่ยงเบนมาตรฐานระหว่างหน่วยงาน",
    f"from_{HIGH}_surely": f"ได้ {HIGH} คะแนนขึ้นไปแน่นอน (หน่วยงาน)",
    f"from_{HIGH}_possibly": f"อาจได้ {HIGH} คะแนนขึ้นไป (หน่วยงาน)",
    "best_answers_share": "สัดส่วนคำตอบที่ได้คะแนนสูงสุด",
}
_OF_AGENCIES = {
    "agency": "เลขที่",
    "code": "รหัสหน่วยงาน",
    "name": "หน่วยงาน",
    "kind": "ประเภท",
    "province": "จังหวัด",
    "ministry": "กระทรวง",
    "level": "ระดับ",
}
_OF_CHANGES = {
    "code": "รหัสหน่วยงาน",
    "name": "หน่วยงาน",
    "node": _NODE,
    "before": "ปีก่อน",
    "after": "ปีนี้",
    "difference": "เปลี่ยนแปลง",
    "se": "ความคลาดเคลื่อนมาตรฐาน",
    "p": "p",
    "q": "q",
}
_ENDS = {"_low": " (ต่ำสุดที่เป็นไปได้)", "_high": " (สูงสุดที่เป็นไปได้)"}
_RANKS = {"_rank": "อันดับ", "_rank_best": "อันดับดีที่สุดที่เป็นไปได้", "_rank_worst": "อันดับต่ำสุดที่เป็นไปได้"}


def write_workbook(path: Path, found: Compared) -> None:
    """Write the workbook. Sheets longer than Excel takes are cut, and say so in their name."""
    xlsxwriter: Any = importlib.import_module("xlsxwriter")
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), settings)
    book.set_properties({"title": found.scores.nation.framework.title.th, "created": _EPOCH})
    head = book.add_format({**_FONT, "bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE9E6"})
    looks = {True: book.add_format({**_FONT, "num_format": "0.00"}), False: book.add_format(_FONT)}
    _front(book, found, head, looks[False])
    kept = _upper(found)
    for by, name in _GROUPS.items():
        table = _titled(tables.aggregates_table(found.groups[by]).filter(pl.col("node").is_in(kept)), found, by)
        _sheet(book, name, _renamed(_single(table), _OF_GROUPS), (head, looks))
    _sheet(book, "หน่วยงาน", _agencies(found), (head, looks))
    if found.changes:
        _sheet(book, "การเปลี่ยนแปลง", _changes(found, found.changes), (head, looks))
    book.close()


def _upper(found: Compared) -> list[str]:
    """The overall score, instruments, parts and indicators."""
    return whole(found.scores) + [node.id for node in found.scores.nation.tree.of_kind("indicator")]


def _titled(table: pl.DataFrame, found: Compared, by: By) -> pl.DataFrame:
    """With the name of each node, and of groups that have none."""
    nodes = found.scores.nation.tree.nodes
    titles = {name: "คะแนนรวม" if name == "overall" else node.title for name, node in nodes.items()}
    place = table.columns.index("node") + 1
    table = table.insert_column(place, table["node"].replace(titles).alias("title"))
    return table.with_columns(pl.col("group").fill_null("ทั้งประเทศ" if by == "nation" else "ไม่ระบุ"))


def _single(table: pl.DataFrame) -> pl.DataFrame:
    """One column in place of two where both ends are equal in every line."""
    for low in [name for name in table.columns if name.endswith("_low")]:
        name = low.removesuffix("_low")
        if table[low].equals(table[f"{name}_high"], check_names=False):
            table = table.rename({low: name}).drop(f"{name}_high")
    return table


def _renamed(table: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Only the columns that have a name for people, under it."""
    found = {}
    for column in table.columns:
        base, end = next(((column.removesuffix(e), e) for e in _ENDS if column.endswith(e)), (column, ""))
        if column in names or base in names:
            found[column] = names.get(column) or names[base] + _ENDS[end]
    table = table.select(*found).rename(found)
    kinds = [name for name in (names.get("kind"), names.get("group")) if name in table.columns]
    return table.with_columns(pl.col(name).replace(AGENCY_KINDS) for name in kinds if name)


def _agencies(found: Compared) -> pl.DataFrame:
    table = _single(tables.agencies_table(found))
    names = dict(_OF_AGENCIES)
    names |= {f"sheets_{survey}": f"ผู้ตอบ {survey}" for survey in found.counted}
    for node in whole(found.scores):
        title = "คะแนนรวม" if node == "overall" else node
        names |= {node: title, f"{node}_low95": f"{title} 95% ต่ำ", f"{node}_high95": f"{title} 95% สูง"}
        names |= {f"{node}{suffix}": f"{title} {text}" for suffix, text in _RANKS.items()}
    return _renamed(table, names)


def _changes(found: Compared, changes: Changes) -> pl.DataFrame:
    agencies = found.scores.nation.agencies
    table = tables.changes_table(changes, agencies, FALSE_DISCOVERIES)
    table = table.join(agencies.select("code", "name"), on="code", how="left", maintain_order="left")
    return _renamed(table.select(*_OF_CHANGES), _OF_CHANGES)


def _front(book: Any, found: Compared, head: Any, plain: Any) -> None:
    """What the book is, and what each figure is a mean or a share of."""
    framework, nation = found.scores.nation.framework, found.groups["nation"][0]
    lines = [
        (framework.title.th, ""),
        ("หน่วยงานทั้งหมด", f"{nation.agencies:,}"),
        *((f"หน่วยงานที่ไม่มีคำตอบ {name}", f"{number:,}") for name, number in nation.without_sheets.items()),
        ("สมมติฐานที่ใช้", ", ".join(found.scores.assumed) or "ไม่มี"),
        ("หน่วยงานที่นำมาคิด", "ตัวหารของค่าเฉลี่ย ควอร์ไทล์ และสัดส่วนในแถวเดียวกัน ไม่รวมหน่วยงานที่ไม่มีคำตอบ ที่ไม่เข้าข่าย และที่ไม่แสดง"),
        ("ค่าเฉลี่ยของหน่วยงาน", "ทุกหน่วยงานมีน้ำหนักเท่ากัน"),
        ("ค่าเฉลี่ยถ่วงน้ำหนักด้วยจำนวนผู้ตอบ", "หน่วยงานที่มีผู้ตอบมากมีน้ำหนักมาก ไม่มีในเครื่องมือที่ไม่มีผู้ตอบ"),
        ("ต่ำสุดและสูงสุดที่เป็นไปได้", "ใช้เมื่อกรอบไม่ได้เผยแพร่น้ำหนักบางส่วน คะแนนจริงอยู่ระหว่างสองค่านี้"),
        ("ผ่านแน่นอน อาจผ่าน", "ตัวหารคือหน่วยงานทั้งหมดของกลุ่ม"),
        (
            "ไม่แสดงเพราะผู้ตอบน้อย",
            f"ผู้ตอบน้อยกว่า {framework.disclosure.k} คน แสดงเพียงคะแนนระดับเครื่องมือ และไม่แสดงช่วงความเชื่อมั่น "
            "คะแนนเครื่องมือและคะแนนรวมที่อาจบอกคำตอบของรายบุคคลก็ไม่แสดง",
        ),
        ("ส่วนเบี่ยงเบนมาตรฐานระหว่างหน่วยงาน", "หารด้วยจำนวนหน่วยงาน เพราะเป็นทุกหน่วยงาน มิใช่ตัวอย่าง"),
        (f"ได้ {HIGH} คะแนนขึ้นไป", "เกณฑ์ของระบบนี้สำหรับดูการกระจุกตัวที่เพดาน มิใช่เกณฑ์ทางการ"),
        ("95% ต่ำ 95% สูง", "ช่วงความเชื่อมั่นของหน่วยงานเดียว จากผู้ที่ตอบ หากผู้ตอบเป็นการสุ่ม"),
        ("อันดับดีที่สุดและต่ำสุด", f"อันดับที่เป็นไปได้ของทุกหน่วยงานพร้อมกัน ด้วยความเชื่อมั่น {CONFIDENCE:.0%}"),
        ("การเปลี่ยนแปลง", f"เฉพาะที่ q ไม่เกิน {FALSE_DISCOVERIES} ทุกหน่วยงานอยู่ใน changes.parquet"),
        ("รายข้อคำถาม", "อยู่ใน scores.parquet และ aggregates.csv"),
    ]
    if found.adjustment:
        lines.append((found.adjustment.title, f"อยู่ใน adjusted.csv {NOT_OFFICIAL_TH}"))
    sheet = book.add_worksheet("อ่านก่อน")
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 110)
    for row, (what, meaning) in enumerate(lines):
        sheet.write_string(row, 0, what, head)
        sheet.write_string(row, 1, meaning, plain)


def _sheet(book: Any, name: str, table: pl.DataFrame, formats: tuple[Any, dict[bool, Any]]) -> None:
    head, looks = formats
    cut = len(table) > _LIMIT
    sheet = book.add_worksheet(f"{name} (ตัดท้าย)" if cut else name)
    sheet.freeze_panes(1, 0)
    columns = []
    for place, column in enumerate(table.get_columns()):
        text = not column.dtype.is_numeric()
        sheet.set_column(place, place, 28 if text else 14, looks[column.dtype.is_float() or column.dtype.is_decimal()])
        columns.append((text, (column.cast(pl.String) if text else column.cast(pl.Float64)).head(_LIMIT).to_list()))
    for place, label in enumerate(table.columns):
        sheet.write_string(0, place, label, head)
    for row in range(min(len(table), _LIMIT)):
        for place, (text, values) in enumerate(columns):
            value = values[row]
            if value is not None:
                (sheet.write_string if text else sheet.write_number)(row + 1, place, value)
    sheet.autofilter(0, 0, max(min(len(table), _LIMIT), 1), max(table.width - 1, 0))
