"""The government's dataset metadata sheet: the fourteen facts usually asked for, each as far as it is known.

The list is the usual one of the national standard as it is seen on live catalogues; nobody has compared it with the
standard's own text. What the publisher has not said stands there as not known.
"""

from __future__ import annotations

import csv
import io

from prongsai.cells import harmless
from prongsai.publishing.about import UNKNOWN_EN, UNKNOWN_TH
from prongsai.publishing.opendata.entry import Entry

NAME = "metadata-th.csv"
UNKNOWN = f"{UNKNOWN_TH} ({UNKNOWN_EN})"
EVERY_YEAR = ("ปี", "1")


def facts(entry: Entry) -> list[tuple[str, str, str | None]]:
    """Field, Thai label and value (None: not known), in the order of the sheet."""
    about, yearly = entry.about, entry.published.framework.fiscal_year is not None
    unit, interval = EVERY_YEAR if yearly else (None, None)
    formats = sorted({file.format.partition("-")[0].upper() for file in entry.files})
    return [
        ("data_type", "ประเภทข้อมูล", about.data_type),
        ("title", "ชื่อชุดข้อมูล", entry.title_th),
        ("organization", "องค์กร", about.publisher),
        ("contact_name", "ชื่อผู้ติดต่อ", about.contact_name),
        ("contact_email", "อีเมลผู้ติดต่อ", about.contact_email),
        ("keywords", "คำสำคัญ", ", ".join(about.keywords) or None),
        ("description", "รายละเอียด", entry.description_th),
        ("objective", "วัตถุประสงค์", about.objective),
        ("update_frequency_unit", "หน่วยความถี่ของการปรับปรุงข้อมูล", unit),
        ("update_frequency_interval", "ค่าความถี่ของการปรับปรุงข้อมูล", interval),
        ("geographic_coverage", "ขอบเขตเชิงภูมิศาสตร์หรือเชิงพื้นที่", about.coverage),
        ("data_source", "แหล่งที่มา", about.source or entry.published.framework.title.th),
        ("data_format", "รูปแบบการเก็บข้อมูล", ", ".join(formats) or None),
        ("data_category", "หมวดหมู่ข้อมูลตามธรรมาภิบาลข้อมูลภาครัฐ", about.data_category),
        ("license", "สัญญาอนุญาตให้ใช้ข้อมูล", about.licence.title if about.licence else None),
        ("accessible_condition", "เงื่อนไขในการเข้าถึงข้อมูล", about.accessible_condition),
        ("created_date", "วันที่เริ่มต้นสร้าง", entry.published.published.isoformat()),
        ("data_language", "ภาษาที่ใช้", "ไทย, อังกฤษ"),
    ]


def write(entry: Entry) -> str:
    """The sheet as CSV with a byte order mark: field, label, value."""
    out = io.StringIO()
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    sheet.writerow(("field", "label_th", "value"))
    sheet.writerows((field, label, harmless(value or UNKNOWN)) for field, label, value in facts(entry))
    return "\ufeff" + out.getvalue()
