"""The tables of what to develop per indicator: findings and guidelines that a table of measures leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from prongsai.reading.grid import grid, text_at
from prongsai.reading.measures.cells import labelled
from prongsai.reading.measures.draft import PointDraft
from prongsai.reading.measures.lists import plain
from prongsai.reading.measures.names import Names
from prongsai.reading.source import Source, Table
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

_DEVELOP = re.compile(r"ที่(?:ควร|ต้อง)(?:พัฒนา|ปรับปรุง|ยกระดับ)|ข้อเสนอแนะ")
_OF_ITEM = re.compile(r"^[-–•]?\s*ข้อ\s*[ieoIEO]\s?[0-9]{1,2}(?![0-9])")
_MEASURES = re.compile(r"มาตรการ|โครงการ|ผู้รับผิดชอบ|คะแนน")


@dataclass
class Development:
    """What is said of one indicator: findings each with its guideline, or one text that is all guideline."""

    indicator: str
    said: list[tuple[str, str]] = field(default_factory=list)
    whole: str = ""


def developments(source: Source, names: Names) -> list[Development]:
    """All indicators of all such tables, in reading order."""
    return [found for block in source.blocks if isinstance(block, Table) for found in _of_table(block, names)]


def _of_table(table: Table, names: Names) -> list[Development]:
    cells = grid(table)
    head = [squeeze(text_at(cells[0], x)) for x in range(len(cells[0]))] if cells else []
    column = next((x for x, text in enumerate(head) if x and _DEVELOP.search(text)), None)
    if column is None or not head[0].startswith("ตัวชี้วัด") or any(_MEASURES.search(text) for text in head):
        return []
    found: list[Development] = []
    for row in cells[1:]:
        number = names.indicator(text_at(row, 0)) if text_at(row, 0) else None
        if number:
            found.append(Development(number))
        elif text_at(row, 0) or not found:
            continue  # a head printed again
        _add(found[-1], text_at(row, column))
    return found


def _add(found: Development, text: str) -> None:
    said = labelled(text)
    lines = [line.strip() for line in text.split("\n")]
    by_item = len(lines) > 1 and all(_OF_ITEM.match(to_arabic(line)) for line in lines)
    if "แนวทาง" not in said.found and not by_item:
        found.whole = f"{found.whole} {plain(text)}".strip()
        return
    for line in lines:
        guideline = labelled(line).get("แนวทาง")
        if guideline is None:
            found.said.append((plain(line), ""))
        elif found.said and not found.said[-1][1]:
            found.said[-1] = (found.said[-1][0], guideline)
        else:
            found.said.append(("", guideline))


def add_developments(points: list[PointDraft], found: list[Development], names: Names) -> None:
    """Give findings and guidelines to the points of their indicator, in order where they are as many."""
    for one in found:
        own = [point for point in points if _indicator(point, names) == one.indicator]
        if one.said and len(one.said) >= len(own):
            for point, (finding, guideline) in zip(own, one.said, strict=False):
                if not point.finding and squeeze(finding) != squeeze(point.topic):
                    point.finding = finding
                point.guideline = point.guideline or guideline
        elif one.whole and len(own) == 1:
            _give(own[0], one.whole, names)


def _give(point: PointDraft, text: str, names: Names) -> None:
    """One text for one point: a finding where it speaks of the point's own items, else what to do about them."""
    if set(names.items(text)) & set(point.items):
        point.finding = point.finding or text
    else:
        point.guideline = point.guideline or text


def _indicator(point: PointDraft, names: Names) -> str | None:
    """A point's indicator: of its first item, else as printed."""
    if point.items and names.words is not None:
        return names.words.items.get(point.items[0])
    return point.indicators[0] if point.indicators else None
