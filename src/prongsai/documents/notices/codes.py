"""Sheets of one-time codes: slips to cut out, and the same list for those who send codes.

A code never stands in an address or a QR code: addresses end up in logs, histories and previews. What is made here
holds live codes: hand it out once, keep it nowhere.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import Literal

from prongsai.documents.fonts import MONO_EM, SARABUN_SCALE
from prongsai.documents.notices import finished
from prongsai.documents.qr import typable, web_address
from prongsai.documents.request import Digits
from prongsai.documents.tree import Cell, Column, Document, Paragraph, Run, Section, Slips, Table
from prongsai.documents.wrapping import width_of, wrap
from prongsai.errors import InputError, Problem
from prongsai.survey.codes import read_code
from prongsai.thai.dates import long_date

PROMISE = "รหัสใช้ได้ครั้งเดียวและไม่ผูกกับชื่อของท่าน ไม่มีผู้ใดในหน่วยงานเห็นว่าท่านตอบอย่างไร"
ACTION = "สแกนคิวอาร์โค้ดหรือพิมพ์ที่อยู่ด้านล่าง แล้วกรอกรหัสนี้"


@dataclass(frozen=True)
class CodeSheet:
    """What the slips say, in the order given. ``address`` is where a code is typed; it holds no code."""

    agency: str
    title: str
    address: str
    codes: tuple[str, ...]
    closes: dt.date | None = None
    per_page: Literal[8, 10] = 10
    digits: Digits = "arabic"


def build(sheet: CodeSheet) -> Document:
    """Slips, 8 or 10 to a page of A4.

    Raises ``InputError`` without codes, or where a code is mistyped, stands twice, or stands in the address.
    """
    codes = _checked(sheet)
    address = typable(sheet.address)
    beside, whole = 158.0, 235.0  # points: the width left of the QR code, and that of a slip
    name, name_size = _fitted(sheet.agency, (17.0, 14.0, 12.0, 10.5), beside)
    title, title_size = _fitted(sheet.title, (14.0, 12.0, 10.5), beside)
    typed = min(18.0, whole / (MONO_EM * SARABUN_SCALE * len(address)))
    closing = f" ภายในวันที่ {long_date(sheet.closes)}" if sheet.closes else ""
    first = (Paragraph((Run(name, bold=True, size=name_size),)), Paragraph((Run(title, size=title_size),)))
    below = (
        Paragraph((Run(address, bold=True, size=typed, mono=True),)),
        Paragraph((Run(PROMISE, size=13),)),
    )
    slips = tuple(
        (
            *first,
            Paragraph((Run(code, bold=True, size=24, mono=True),)),
            Paragraph((Run(f"{ACTION}{closing}", size=13),)),
            *below,
        )
        for code in codes
    )
    page = Section((Slips(slips, sheet.address, down=sheet.per_page // 2, beside=4),), page_numbers=False)
    made = Document(title=f"ใบรหัสเข้าตอบ {sheet.title} {sheet.agency}", sections=(page,), margins=(1.0, 1.0, 1.0, 1.0))
    return finished(made, sheet.agency, "codes", sheet.digits)


def as_table(sheet: CodeSheet) -> Document:
    """The same codes as a table, for the workbook that a sender reads."""
    address = typable(sheet.address)
    rows = tuple(
        (Cell(str(number), number=number), Cell((Run(code, mono=True),)), Cell((Run(address, mono=True),)))
        for number, code in enumerate(_checked(sheet), start=1)
    )
    head = tuple(Cell(text, tone="head") for text in ("ลำดับ", "รหัสเข้าตอบ", "ที่อยู่สำหรับกรอกรหัส"))
    table = Table((Column(0.12, "center"), Column(0.34, "center"), Column(0.54)), (head,), rows, name="รหัสเข้าตอบ")
    lead = [PROMISE, *((f"ตอบได้ถึงวันที่ {long_date(sheet.closes)}",) if sheet.closes else ())]
    made = Document(title=f"รหัสเข้าตอบ {sheet.title}", sections=(Section((table,)),), lead=tuple(lead))
    return finished(made, sheet.agency, "codes", sheet.digits)


def as_csv(sheet: CodeSheet) -> bytes:
    """The same codes as CSV for mailing programs (UTF-8 with BOM): ``code,address,closes``."""
    buffer = io.StringIO(newline="")
    out = csv.writer(buffer)
    out.writerow(("code", "address", "closes"))
    closes = sheet.closes.isoformat() if sheet.closes else ""
    out.writerows((code, sheet.address, closes) for code in _checked(sheet))
    return buffer.getvalue().encode("utf-8-sig")


def _checked(sheet: CodeSheet) -> tuple[str, ...]:
    web_address(sheet.address)
    codes = tuple(read_code(code) for code in sheet.codes)
    inside = sheet.address.upper().replace("-", "")
    if not codes or len(set(codes)) < len(codes) or any(code.replace("-", "") in inside for code in codes):
        raise InputError(
            Problem(
                "documents.codes",
                "codes",
                "ต้องมีรหัสอย่างน้อยหนึ่งรหัส รหัสต้องไม่ซ้ำ และที่อยู่เว็บต้องไม่มีรหัสอยู่",
                "expected codes, all different, and none of them in the address",
                "โปรดออกรหัสชุดใหม่",
            )
        )
    return codes


def _fitted(text: str, sizes: tuple[float, ...], width: float) -> tuple[str, float]:
    """The text and the largest size at which two lines hold it; what the smallest cannot hold ends in ``…``."""
    for size in sizes:
        if width_of(text) * size * SARABUN_SCALE <= width * 2 * 0.85:
            return text, size
    room = width * 0.85 / (sizes[-1] * SARABUN_SCALE)
    return "".join(wrap(text, room)[:2]).rstrip() + "…", sizes[-1]
