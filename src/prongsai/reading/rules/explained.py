"""One explanation for several items that speaks of one of them alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._say import listed, places, quoted
from prongsai.reading.rules._words import contained, matter, wordings
from prongsai.reading.source import Where

RULE = Rule("item.unexplained", "warning", "คำอธิบายกล่าวถึงเพียงบางข้อ", "an explanation that leaves out one of its items")
RULES = (RULE,)
SPOKEN, SILENT = 0.55, 0.35
_SAYS = re.compile(r"(?:แสดง|สะท้อน|ชี้)(?:ให้)?เห็นว่า(?P<what>.{20,}?)(?:ดังนั้น|หน่วยงานควร|ทั้งนี้|$)", re.DOTALL)


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    return None if any(_explanations(reading)) else "ไม่พบคำอธิบายที่ใช้ร่วมกันหลายข้อ"


def check(reading: Reading) -> Iterator[Finding]:
    """Shared explanations whose diagnosis has the words of some items, and none of another's."""
    words = wordings(reading.framework)
    said: set[tuple[str, ...]] = set()
    for items, text, where in _explanations(reading):
        diagnosis = _SAYS.search(text)
        if diagnosis is None or any(not words.get(code) for code in items):
            continue
        spoken = {code: contained(matter(words[code]), diagnosis.group("what")) for code in items}
        told = [code for code in items if spoken[code] >= SPOKEN]
        silent = [code for code in items if spoken[code] <= SILENT]
        if not told or not silent or tuple(items) in said:
            continue
        said.add(tuple(items))
        yield Finding(
            RULE,
            f"คำอธิบายของข้อ {listed(items)} กล่าวถึงเพียงข้อ {listed(told)} ไม่ได้อธิบายข้อ {listed(silent)}: "
            f"{quoted(diagnosis.group('what'))}",
            f"the explanation of {listed(items)} speaks of {listed(told)} alone, not of {listed(silent)}",
            places(where),
            (),
            ", ".join(f"{code}: พบถ้อยคำร้อยละ {round(share * 100)}" for code, share in spoken.items()),
            nodes=tuple(silent),
        )


def _explanations(reading: Reading) -> Iterator[tuple[list[str], str, Where | None]]:
    for point in reading.plan.points if reading.plan else ():
        if len(point.items) > 1 and point.finding:
            yield list(point.items), point.finding, reading.places.get(point.id)
    for statement in reading.statements:
        if statement.kind == "weakness" and len(statement.items) > 1:
            yield list(statement.items), statement.text, statement.where
