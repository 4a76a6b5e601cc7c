"""The table of links: one row per link, with the item that it is evidence for."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prongsai.errors import InputError, Problem, unreadable
from prongsai.framework import Framework, Item
from prongsai.thai.codes import read_code
from prongsai.thai.dates import read_date
from prongsai.thai.text import repair

MAX_BYTES = 20_000_000
MAX_LINKS = 300_000  # 8,300 agencies × 30 links and some to spare
_COLUMNS = {
    "item": ("item", "ข้อ", "ข้อที่", "รหัสข้อ"),
    "url": ("url", "link", "ลิงก์", "ลิงค์"),
    "effective": ("effective date", "effective_date", "effective", "วันที่มีผล", "มีผลวันที่"),
    "note": ("note", "หมายเหตุ"),
}


@dataclass(frozen=True)
class Link:
    """One filed link. ``line`` is its line in the table (the heading is line 1)."""

    line: int
    item: str
    url: str
    effective: dt.date | None = None
    note: str = ""


def checklist_items(framework: Framework) -> dict[str, Item]:
    """The items of the framework's checklist instruments by code."""
    return {
        item.code: item
        for instrument in framework.instruments
        if instrument.kind == "checklist"
        for indicator in instrument.indicators
        for item in indicator.items
    }


def read_links(path: Path, framework: Framework) -> tuple[Link, ...]:
    """All links of a CSV file (UTF-8, with or without a byte order mark).

    Raises ``InputError`` with every line that cannot be used: an item that the framework does not have, a missing
    link, a date that is none. Whether a link may be fetched is for the fetcher to say, not a fault of the table.
    """
    known = checklist_items(framework)
    links: list[Link] = []
    problems: list[Problem] = []
    for line, row in _rows(path):
        where = f"{path.name}:{line}"
        code = read_code(row["item"], letter="o")
        if code not in known:
            problems.append(_unknown_item(where, row["item"], framework))
        if not row["url"]:
            problems.append(
                Problem("links.no_url", where, "ไม่ได้ระบุลิงก์", "the row has no url", "โปรดกรอกลิงก์ หรือลบบรรทัดนี้")
            )
        try:
            effective = read_date(row["effective"]) if row["effective"] else None
        except ValueError as error:
            effective = None
            problems.append(
                Problem(
                    "links.date",
                    where,
                    f"“{row['effective']}” ไม่ใช่วันที่",
                    str(error),
                    "โปรดระบุเป็น วัน/เดือน/ปี พ.ศ. เช่น 15/01/2569 หรือเว้นว่าง",
                )
            )
        links.append(Link(line, code, row["url"], effective, row["note"]))
    if problems:
        raise InputError(problems)
    if not links:
        raise InputError(
            Problem("links.empty", path.name, "ไม่มีลิงก์ในไฟล์", "the file has no links", "โปรดกรอกอย่างน้อยหนึ่งลิงก์")
        )
    return tuple(links)


def _unknown_item(where: str, text: str, framework: Framework) -> Problem:
    codes = list(checklist_items(framework))
    span = f"{codes[0]}–{codes[-1]}" if codes else "–"
    return Problem(
        "links.item",
        where,
        f"ไม่พบข้อ “{text}” ในกรอบ {framework.id}",
        f"{framework.id} has no checklist item {text!r}",
        f"โปรดระบุรหัสข้อ {span} ใช้เลขไทยได้ เช่น ข้อ ๑ หรือ ๐๑๑",
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that says something, by the line on which it begins."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    heading: list[str] | None = None
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _broken(f"{path.name}:{line}", f"cannot split the row: {error}") from error
        if cells is None:
            break
        if not any(cell.strip() for cell in cells):
            continue
        if heading is None:
            heading = _heading(path, cells)
            continue
        if len(cells) > len(heading):
            raise _broken(f"{path.name}:{line}", f"{len(cells)} cells where the heading has {len(heading)}")
        count += 1
        if count > MAX_LINKS:
            raise _broken(f"{path.name}:{line}", f"more than {MAX_LINKS} links")
        row = dict.fromkeys(_COLUMNS, "")
        row.update({name: repair(cell).strip() for name, cell in zip(heading, cells, strict=False) if name})
        yield line, row


def _heading(path: Path, cells: list[str]) -> list[str]:
    words = {word: name for name, several in _COLUMNS.items() for word in several}
    names = [words.get(" ".join(repair(cell).lower().split()), "") for cell in cells]
    missing = [name for name in ("item", "url") if names.count(name) != 1]
    if missing:
        raise InputError(
            Problem(
                "links.heading",
                f"{path.name}:1",
                f"บรรทัดหัวตารางต้องมีคอลัมน์ {' และ '.join(missing)} อย่างละหนึ่งคอลัมน์",
                f"the heading needs exactly one column {' and '.join(missing)}; found: {', '.join(cells)}",
                "โปรดให้บรรทัดแรกเป็น item,url,effective date,note",
            )
        )
    return names


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _broken(path.name, f"the file is larger than {MAX_BYTES} bytes")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                "file.encoding",
                path.name,
                "ไฟล์ไม่ได้บันทึกเป็น UTF-8",
                f"the file is not UTF-8 (byte {error.start})",
                "โปรดบันทึกไฟล์ใหม่เป็น CSV UTF-8",
            )
        ) from error


def _broken(where: str, en: str) -> InputError:
    return InputError(
        Problem("links.broken", where, "อ่านตารางลิงก์ไม่ได้", en, "โปรดตรวจสอบเครื่องหมายจุลภาคและเครื่องหมายคำพูด")
    )
