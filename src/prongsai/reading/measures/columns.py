"""What a column of a table of measures holds, told by the words of its head and not by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from prongsai.reading.grid import Grid
from prongsai.thai.text import squeeze

_HEAD_LENGTH = 90
_HEAD_ROWS = 4


class Column(StrEnum):
    """What a column is for."""

    TOPIC = "topic"
    FINDING = "finding"
    GUIDELINE = "guideline"
    MEASURE = "measure"
    STEP = "step"
    UNIT = "unit"
    PERIOD = "period"
    WATCH = "watch"
    DONE = "done"
    NOT_DONE = "not_done"
    UNDER_WAY = "under_way"
    STATUS = "status"
    RESULT = "result"
    OBSTACLE = "obstacle"
    PROOF = "proof"
    BUDGET = "budget"
    SUCCESS = "success"
    SCORE = "score"
    NUMBER = "number"


# In order: the first that fits decides. Heads are compared without spaces.
_WORDS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(words))
    for column, words in (
        (Column.NUMBER, r"^(?:ที่|ลำดับ(?:ที่)?|ข้อที่|จำนวน.*|ร้อยละ)$"),
        (Column.NOT_DONE, r"^\(?(?:ยังไม่(?:ได้)?ดำเนินการ|ไม่ได้ดำเนินการ|ไม่ดำเนินการ)"),
        (Column.UNDER_WAY, r"^\(?(?:อยู่|กำลัง)(?:ใน)?(?:ระหว่าง)?(?:การ)?ดำเนินการ"),
        (Column.DONE, r"^\(?(?:ดำเนินการแล้ว(?:เสร็จ)?|แล้วเสร็จ|ดำเนินการเสร็จ)"),
        (Column.STATUS, r"^สถานะ"),
        (Column.PROOF, r"หลักฐาน|เอกสาร(?:อ้างอิง|ประกอบ|หมายเลข|แนบ)|ภาคผนวก|ภาพประกอบ"),
        (Column.OBSTACLE, r"^(?:ปัญหา|อุปสรรค|ข้อขัดข้อง)"),
        (Column.MEASURE, r"^(?:มาตรการ|โครงการ)(?!ที่ได้|ดำเนินการแล้ว)"),
        (Column.STEP, r"^(?:ขั้นตอน|วิธี(?:การ|ปฏิบัติ|ดำเนิน))|แนวทาง(?:การ)?(?:ปฏิบัติ|ดำเนิน(?:การ|งาน))$|กระบวนการดำเนิน"),
        (Column.GUIDELINE, r"^(?:แนวทาง|ข้อเสนอแนะ|การนำผล|การปรับปรุง)"),
        (Column.RESULT, r"ผลการ(?:ดำเนิน(?:การ|งาน)|ปฏิบัติ)|ผลที่ได้|ผลสำเร็จ|ผลลัพธ์|ผลผลิต"),
        (Column.SUCCESS, r"ตัวชี้วัด(?:ความ|ผล)?สำเร็จ|^(?:ค่า)?เป้าหมาย"),
        (Column.WATCH, r"กำกับ|ติดตาม|รายงาน(?:ผล|ความก้าวหน้า)"),
        (Column.PERIOD, r"เวลา|^วัน|ปฏิทิน|^กำหนดการ|^(?:ปี|เดือน)(?:ที่|งบประมาณที่)ดำเนิน|ดำเนินการ(?:เมื่อ|ภายใน)|ไตรมาส"),
        (Column.UNIT, r"รับผิดชอบ|ผู้เกี่ยวข้อง|เจ้าภาพ|ผู้ดำเนินการ|หน่วยงาน(?:หลัก|ดำเนินการ|ที่ดำเนิน|ปฏิบัติ)|^หน่วยงาน$"),
        (Column.BUDGET, r"^(?:วงเงิน)?(?:งบประมาณ|วงเงิน)"),
        (Column.STEP, r"ขั้นตอน|วิธี(?:การ|ปฏิบัติ|ดำเนิน)"),
        (Column.FINDING, r"ผลการวิเคราะห์|แสดงให้เห็น|สาเหตุ|ข้อค้นพบ|สภาพปัญหา|ผลการประเมินพบ"),
        (Column.MEASURE, r"^(?:กิจกรรม|แผนงาน|การดำเนินการ)|มาตรการ/|/มาตรการ|มาตรการ,"),
        (
            Column.TOPIC,
            r"ประเด็น|ตัวชี้วัด|หัวข้อ|ข้อบกพร่อง|จุดอ่อน|ข้อคำถาม|จุดที่|เรื่องที่|^รายการ|^เครื่องมือ|^ด้าน$|สิ่งที่ต้อง(?:พัฒนา|ปรับปรุง)",
        ),
        (Column.SCORE, r"คะแนน"),
    )
)
_TELLING = {Column.UNIT, Column.PERIOD, Column.STEP, Column.WATCH, Column.RESULT, Column.GUIDELINE, Column.STATUS}
_TICKS = {Column.DONE, Column.NOT_DONE, Column.UNDER_WAY}


def column_of(head: str) -> Column | None:
    """What a head cell announces, or None."""
    plain = squeeze(head).strip("()*:.")
    if not plain or len(plain) > _HEAD_LENGTH:
        return None
    return next((column for column, words in _WORDS if words.search(plain)), None)


def columns(grid: Grid, head: int = 0) -> tuple[dict[int, Column], int] | None:
    """Columns of a table of measures and where its body begins; None where it is another table.

    It names measures, and at least two things that only tables of measures or of their results have.
    """
    found: dict[int, Column] = {}
    rows = 0
    for y, row in enumerate(grid[: max(head, _HEAD_ROWS)]):
        # A head cell that reaches down is looked at once.
        new = {x: cell for x, cell in enumerate(row) if cell is not None and not (y and grid[y - 1][x] is cell)}
        cells = {x: cell for x, cell in new.items() if cell.text.strip()}
        names = {x: name for x, cell in cells.items() if (name := column_of(cell.text))}
        if not names or len(names) * 2 < len(cells):
            break
        if found and y >= head and not set(names.values()) <= _TICKS | {Column.STATUS}:
            break
        found |= names
        rows += 1
    return (_settled(found), max(rows, head)) if _is_plan(found) else None


def is_head(row: Sequence[object], texts: Sequence[str]) -> bool:
    """Whether a row in the body is the head printed again."""
    names = [column_of(text) for text in texts if text]
    known = [name for name in names if name]
    return (
        len(row) > 2 and len(known) >= 3 and len(known) * 3 >= len(names) * 2 and max(map(len, texts)) <= _HEAD_LENGTH
    )


def _is_plan(found: dict[int, Column]) -> bool:
    names = set(found.values())
    if Column.MEASURE not in names and not {Column.STEP, Column.UNIT} <= names:
        return False
    return len(names & _TELLING) + bool(names & _TICKS) >= 2 and not (
        Column.PROOF in names and not names & {Column.RESULT, Column.UNIT}
    )


def _settled(found: dict[int, Column]) -> dict[int, Column]:
    """Each thing in one column: of two columns of measures the second holds steps where none else does."""
    result: dict[int, Column] = {}
    for x in sorted(found):
        column = found[x]
        taken = set(result.values())
        if column is Column.MEASURE and column in taken and result.get(x - 1) is not column:
            column = Column.STEP
        if column in taken and column is Column.STEP and Column.STEP in found.values() and found[x] is Column.MEASURE:
            continue
        result[x] = column
    return result
