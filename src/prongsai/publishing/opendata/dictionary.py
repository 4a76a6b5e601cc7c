"""The data dictionary: every table and column in Thai and English, and where each number comes from."""

from __future__ import annotations

from prongsai.publishing.about import UNKNOWN_EN, UNKNOWN_TH
from prongsai.publishing.opendata.entry import Entry
from prongsai.publishing.tables import Column, Table
from prongsai.thai.dates import long_date

NAME = "README.md"
_KINDS = {
    "text": ("ข้อความ", "text"),
    "score": ("คะแนน 0.00–100.00", "score 0.00–100.00"),
    "error": ("ทศนิยมสี่ตำแหน่ง", "four decimals"),
    "count": ("จำนวนเต็ม", "whole number"),
    "flag": ("จริง/เท็จ", "true/false"),
    "day": ("วันที่ ISO 8601", "ISO 8601 date"),
}


def write(entry: Entry) -> str:
    """The dictionary as Markdown, first what the reader must know."""
    published, about = entry.published, entry.about
    k = published.framework.disclosure.k
    licence = about.licence.title if about.licence else f"{UNKNOWN_TH} ({UNKNOWN_EN})"
    lines = [
        f"# {entry.title_th}",
        "",
        f"{entry.title_en}",
        "",
        f"- ฉบับที่ {published.revision} เผยแพร่ {long_date(published.published)} (revision {published.revision}, "
        f"{published.published.isoformat()})",
        f"- ผู้เผยแพร่ (publisher): {about.publisher or f'{UNKNOWN_TH} ({UNKNOWN_EN})'}",
        f"- สัญญาอนุญาต (licence): {licence}",
    ]
    if published.note:
        lines.append(f"- สิ่งที่เปลี่ยนจากฉบับก่อน (what changed): {published.note}")
    if published.assumed:
        lines.append(f"- สมมติฐานที่ใช้ (hypotheses used): {', '.join(published.assumed)}")
    lines += [
        "",
        "## ก่อนใช้ข้อมูล (before use)",
        "",
        "- คะแนนแสดงทศนิยมสองตำแหน่ง ปัดครึ่งขึ้น เป็นทศนิยมฐานสิบแท้ ไม่ใช่ค่าประมาณ "
        "(scores are exact decimals, rounded half up to two places)",
        "- `score` ว่างและมี `low` `high` คือทราบเพียงช่วง เพราะน้ำหนักบางส่วนไม่ได้เผยแพร่ "
        "(an empty `score` with `low` and `high`: only a range is known, since some weights are not published)",
        f"- `withheld` คือผู้ตอบน้อยกว่า {k} คน หรือเทียบกับฉบับก่อนแล้วจะรู้คำตอบของคนจำนวนน้อย "
        f"(`withheld`: fewer than {k} respondents, or a few people's answers would follow from an earlier revision)",
        "- ข้อที่ทุกคนตอบเหมือนกัน และข้อที่ไม่มีผู้ตอบ ไม่มีบรรทัดใน distributions "
        "(items answered alike by all, or by nobody, have no line in `distributions`)",
        "- totals รวมเฉพาะหน่วยงานที่มีบรรทัดใน distributions (`totals` add up only the lines of `distributions`)",
        "- ใน CSV ข้อความที่ขึ้นต้นด้วย = + - @ แท็บ หรือ ' มี ' เติมข้างหน้า "
        "(in CSV a text that begins with = + - @ tab or ' has one ' put in front)",
        "- ค่าว่างคือไม่มีข้อมูล ไม่ใช่ศูนย์ (empty is missing, never zero)",
        "- ตรวจไฟล์ด้วย `sha256sum -c SHA256SUMS` (check the files)",
    ]
    for table, frame in published.tables():
        lines += _table(table, len(frame))
    return "\n".join(lines) + "\n"


def _table(table: Table, count: int) -> list[str]:
    return [
        "",
        f"## {table.name}: {table.th}",
        "",
        f"{table.en}. {count:,} แถว (rows). คีย์ (key): {', '.join(table.key)}",
        "",
        "| คอลัมน์ (column) | ชนิด (type) | ความหมาย | meaning |",
        "|---|---|---|---|",
        *(_column(column) for column in table.columns),
    ]


def _column(column: Column) -> str:
    th, en = _KINDS[column.kind]
    values = f" ({', '.join(column.allowed)})" if column.allowed else ""
    need = "" if column.required else " ว่างได้ (may be empty)"
    meaning = column.th.replace("|", "\\|")
    return f"| `{column.name}` | {th} / {en}{need} | {meaning} | {column.en.replace('|', chr(92) + '|')}{values} |"
