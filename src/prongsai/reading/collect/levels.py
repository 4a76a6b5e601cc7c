"""The level that a report says the agency has, and levels that it says of single instruments."""

from __future__ import annotations

import re

from prongsai.reading.collect._running_text import LEVEL_WORDS, linked
from prongsai.reading.collect._score_tables import columns_of, rows_of
from prongsai.reading.model import Reading, Word, Wording
from prongsai.reading.source import Line
from prongsai.reading.vocabulary import Vocabulary, vocabulary
from prongsai.reading.walk import Placed, Stretch, stretch, walk

ORDER = 35

_LEVEL = re.compile(rf"ระดับ(?:ผลการประเมิน)?[:“\"'\s(]*(?P<level>{LEVEL_WORDS})(?![A-Za-z])(?!เกณฑ์|การ|ค่า)")
_WHOLE = re.compile(rf"(?:ระดับ)?\s*(?P<level>{LEVEL_WORDS})")
# Levels spoken of, not reached: the next one, a target, a rule.
_NOT_REACHED = re.compile(
    r"(?:ถัดไป(?:คือ)?|เกณฑ์ของ|เป้าหมาย[^\n]{0,25}|เกณฑ์|ถึง|แต่ละ|สู่|ไม่ใช่|ไม่ถึง|หาก(?!าร)[^\n]{0,40}|หรือ|เป็นได้[^\n]{0,20}|จะได้(?:รับ)?|เพื่อให้[^\n]{0,30}|ให้อยู่ใน|ยก)$"
)
_RULE_AFTER = re.compile(r"[”\"')]*(?:ต้อง|ซึ่งต้อง|หมายถึง|คือคะแนน|ขึ้นไป|[:=]?\s?(?:ตั้งแต่|คะแนน)?\d)")


def collect(reading: Reading) -> None:
    """Fill ``levels`` (of the whole) and ``node_levels`` (of an instrument, part or indicator)."""
    if reading.framework is None:
        return
    words = vocabulary(reading.framework)
    for part in walk(reading):
        if isinstance(part, Stretch):
            _in_text(reading, part, words)
        else:
            _in_table(reading, part, words)


def _in_text(reading: Reading, text: Stretch, words: Vocabulary) -> None:
    plain = text.text.plain
    matches = [m for m in _LEVEL.finditer(plain) if not text.at(m.start()).contents]
    if not matches:
        return
    scores = linked(text, words, reading.fiscal_year)
    for match in matches:
        before = plain[max(0, match.start() - 60) : match.start()].split("\n")[-1]
        if _NOT_REACHED.search(before) or _RULE_AFTER.match(plain, match.end()):
            continue
        line = text.text.index(match.start())
        same = [s for s in scores if s.number.end <= match.start() and text.text.index(s.number.start) == line]
        nodes = same[-1].nodes if same else ("overall",)
        _add(reading, nodes or ("overall",), match.group("level"), text.text.line(match.start()))


def _in_table(reading: Reading, placed: Placed, words: Vocabulary) -> None:
    cols = columns_of(placed, words)
    column = next((x for x, col in enumerate(cols) if col.use == "level"), None)
    scored = any(col.use == "score" for col in cols)
    seen: set[int] = set()
    for cells, row in rows_of(placed, words):
        if column is not None and scored and (cell := cells[column]) and (match := _WHOLE.fullmatch(cell.text.strip())):
            nodes = (row.node,) if row.node and not any(col.nodes for col in cols) else ("overall",)
            _add(reading, nodes, match.group("level"), Line(cell.text, cell.where))
        for cell in cells:
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            if "ระดับ" in cell.text and len(cell.text) < 400 and not _WHOLE.fullmatch(cell.text.strip()):
                _in_text(reading, stretch([Line(cell.text.replace("\n", " "), cell.where)], row.around, words), words)


def _add(reading: Reading, nodes: tuple[str, ...], level: str, line: Line) -> None:
    if "overall" in nodes:
        reading.levels.append(Word(level, line.where, line.text.strip()[:300]))
    else:
        reading.node_levels += [Wording(node, level, level, line.where) for node in nodes]
