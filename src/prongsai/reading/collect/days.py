"""Dates outside the periods of measures: of letters, orders and minutes, of reports falling due, and others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.reading.grid import grid
from prongsai.reading.measures.columns import Column, columns
from prongsai.reading.measures.periods import Span, spans
from prongsai.reading.measures.prose import blocks
from prongsai.reading.model import Day, Reading
from prongsai.reading.source import Cell, Line, Table
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

ORDER = 78

_LETTER = re.compile(r"(?:ลงวันที่|ณวันที่|สั่งณวันที่|ประกาศณวันที่)$")
_DUE = re.compile(r"(?:รายงาน|ส่ง|แล้วเสร็จ|เผยแพร่)[^\n]{0,40}ภายใน(?:วันที่|เดือน)?$|รอบ(?:6|12)เดือน$")
_MAY_HAVE_DATE = re.compile(r"[0-9]{2}")
_MEMO_HEAD = 12  # lines from บันทึกข้อความ within which the memo's own number and date stand


def collect(reading: Reading) -> None:
    """Add the days that no measure's period has given."""
    known = {(day.where, day.start, day.end) for day in reading.days}
    memo = 0
    for block in blocks(reading.source):
        if isinstance(block, Line):
            memo = _MEMO_HEAD if squeeze(block.text) == "บันทึกข้อความ" else max(0, memo - 1)
            found = _line_days(block, memo > 0)
        elif isinstance(block, Table):
            found = _table_days(block)
        else:
            continue
        reading.days.extend(day for day in found if (day.where, day.start, day.end) not in known)


def _line_days(line: Line, memo: bool) -> Iterator[Day]:
    for span in _found(line.text):
        before = squeeze(to_arabic(line.text[: span.begin]))
        own = memo and span.one_day and (before in ("", "วันที่") or before.startswith("ที่"))
        # "บทที่ 1 … วันที่" of running text is no date of a letter: only the memo's head, or ลงวันที่, is
        purpose = "letter" if own or _LETTER.search(before) else ("report" if _DUE.search(before) else "other")
        yield _day(span, line, purpose)


def _table_days(table: Table) -> Iterator[Day]:
    cells = grid(table)
    found = columns(cells, table.head)
    periods = {x for x, column in found[0].items() if column is Column.PERIOD} if found else set()
    skip = {id(row[x]) for row in cells for x in periods if x < len(row)}
    for row in table.rows:
        for cell in row:
            if id(cell) in skip:
                continue
            for span in _found(cell.text):
                before = squeeze(to_arabic(cell.text[: span.begin]))
                purpose = "letter" if _LETTER.search(before) else ("report" if _DUE.search(before) else "other")
                yield _day(span, cell, purpose)


def _found(text: str) -> list[Span]:
    return spans(text) if _MAY_HAVE_DATE.search(to_arabic(text)) else []


def _day(span: Span, at: Line | Cell, purpose: str) -> Day:
    if purpose == "letter":
        return Day(span.start, span.end, span.text, at.where, "letter")
    return Day(span.start, span.end, span.text, at.where, "report" if purpose == "report" else "other")
