"""How many people answered each survey, where a report states it."""

from __future__ import annotations

import re
from decimal import Decimal

from prongsai.reading.collect._score_tables import columns_of, rows_of
from prongsai.reading.grid import text_at
from prongsai.reading.model import Printed, Reading
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import vocabulary
from prongsai.reading.walk import Placed, Stretch, walk
from prongsai.thai.digits import number

ORDER = 32

_COUNT = re.compile(r"(?P<count>\d{1,3}(?:,\d{3})+|\d{1,6})\s?(?:คน|ราย|ชุด)")
_ANSWERED = re.compile(r"ผู้ตอบ|ตอบแบบ|เข้าตอบ|กลุ่มตัวอย่าง|ผู้เข้าตอบ|ชุดคำตอบ|ผู้ให้ข้อมูล")
# Not an official number: an estimate, a rule for the sample, people who could have answered.
_NOT_STATED = re.compile(r"ประมาณ|สอดคล้อง|อย่างน้อย|ไม่น้อยกว่า|น้อยกว่า|ขั้นต่ำ|ร้อยละ|ทั้งหมดที่มี|บุคลากรทั้งหมด")
_NEAR = 70


def collect(reading: Reading) -> None:
    """Fill ``respondents``: a count at an instrument or one of its parts."""
    if reading.framework is None:
        return
    words = vocabulary(reading.framework)
    for part in walk(reading):
        if isinstance(part, Stretch):
            _in_text(reading, part)
            continue
        cols = columns_of(part, words)
        if any(col.use == "respondents" for col in cols):
            _in_table(reading, part)


def _in_text(reading: Reading, text: Stretch) -> None:
    plain = text.text.plain
    for match in _COUNT.finditer(plain):
        line = plain.rfind("\n", 0, match.start()) + 1
        said = plain[line : match.start()]
        before = [
            m for m in text.mentions if m.kind in ("instrument", "part") and line <= m.start and m.end <= match.start()
        ]
        if not before or match.start() - before[-1].end > _NEAR or not _ANSWERED.search(said):
            continue
        if (
            _NOT_STATED.search(plain[before[-1].end : match.end() + 30].split("\n")[0])
            or "\n" in plain[before[-1].end : match.start()]
        ):
            continue
        if re.search(r"\d\s?(?:คน|ราย|ชุด)", plain[before[-1].end : match.start()]):
            continue  # a second count belongs to something else
        found = text.text.line(match.start())
        count = Decimal(match.group("count").replace(",", ""))
        printed = text.text.printed(match.start("count"), match.end("count"))
        reading.respondents.append(Printed(before[-1].nodes[-1], count, printed, found.where, found.text.strip()[:300]))


def _in_table(reading: Reading, placed: Placed) -> None:
    assert reading.framework is not None
    words = vocabulary(reading.framework)
    cols = columns_of(placed, words)
    for cells, row in rows_of(placed, words):
        if row.node is None or row.node[0].islower() or row.node[0].isdigit():
            continue
        for x, col in enumerate(cols):
            cell = cells[x]
            if col.use != "respondents" or cell is None:
                continue
            text = re.sub(r"(?:คน|ราย|ชุด)$", "", squeeze(text_at(list(cells), x)))
            if (count := number(text)) is not None and count == count.to_integral_value():
                reading.respondents.append(Printed(row.node, count, cell.text.strip(), cell.where, col.head, "table"))
