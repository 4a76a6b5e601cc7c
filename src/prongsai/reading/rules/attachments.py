"""What is said to be there and is not: an annex in the contents, figures numbered with gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._order import Order
from prongsai.reading.rules._say import listed, places
from prongsai.reading.source import Line, Table, Where
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

ABSENT = Rule("annex.absent", "warning", "กล่าวถึงเอกสารที่ไม่พบ", "something is listed and not there")
GAP = Rule("figure.gap", "warning", "เลขภาพหรือตารางขาดช่วง", "figures are numbered with gaps")
RULES = (ABSENT, GAP)
_FIGURE = re.compile(r"(ภาพ|รูป|รูปภาพ|แผนภาพ|ตาราง|แผนภูมิ|กราฟ)\s*(?:ที่)\s*(\d{1,2})(?![\d.])")
_ANNEX, _CONTENTS = "ภาคผนวก", "สารบัญ"
_LONGEST_ENTRY = 120


def lacks(reading: Reading) -> str | None:
    """Why nothing could be looked for."""
    if reading.figures or any(_listed_annexes(reading, Order(reading))):
        return None
    return "ไม่พบเลขภาพ เลขตาราง หรือภาคผนวกที่กล่าวถึง"


def check(reading: Reading) -> Iterator[Finding]:
    """Annexes that are only listed, and numbers that are skipped."""
    order = Order(reading)
    for where in _listed_annexes(reading, order):
        yield from _absent(reading, order, where)
    yield from _gaps(reading)


def _listed_annexes(reading: Reading, order: Order) -> Iterator[Where]:
    """The first place of the contents, or else of the text, that says there is an annex; none or one."""
    found = [where for text, where in _contents(reading) if squeeze(text).startswith(_ANNEX)]
    if not found:
        said = [c.where for c in reading.claims if c.kind == "attached" and _ANNEX in (c.subject or c.text)]
        found = sorted(said, key=order.of)
    yield from found[:1]


def _contents(reading: Reading) -> Iterator[tuple[str, Where]]:
    """The entries of the table of contents: short lines and a table below the word, up to the first other thing."""
    inside = False
    for block in reading.source.blocks:
        if isinstance(block, Line):
            text = squeeze(block.text)
            if text.startswith(_CONTENTS):
                inside = True
            elif inside and (block.heading is not None or len(text) > _LONGEST_ENTRY):
                return
            elif inside:
                yield block.text, block.where
        elif inside and isinstance(block, Table):
            if not any(squeeze(cell.text) == "หน้า" for row in block.rows[:2] for cell in row):
                return
            yield from ((cell.text, cell.where) for row in block.rows for cell in row)


def _absent(reading: Reading, order: Order, listed_at: Where) -> Iterator[Finding]:
    """An annex is there when a line after the contents begins with its name, or proof was read from it."""
    if any(one.in_annex for one in reading.evidence) or any(year.role == "annex" for year in reading.years):
        return
    here = order.of(listed_at)
    for block in reading.source.blocks:
        heads = isinstance(block, Line) and squeeze(block.text).startswith(_ANNEX)
        if heads and order.of(block.where)[0] > here[0]:
            return
    yield Finding(
        ABSENT,
        f"สารบัญหรือเนื้อความระบุ{_ANNEX}ไว้ แต่ไม่พบ{_ANNEX}ในไฟล์ (ข้อความที่อ่านได้อาจถูกตัดท้าย)",
        "an annex is listed, and there is none in the file (the text may be cut)",
        places(listed_at),
        (_ANNEX,),
        None,
        Confidence.CONFIRMED,
        nodes=("annex",),
    )


def _gaps(reading: Reading) -> Iterator[Finding]:
    numbers: dict[str, dict[int, int]] = {}
    for index, figure in enumerate(reading.figures):
        if match := _FIGURE.search(to_arabic(figure.text)):
            numbers.setdefault(match.group(1), {}).setdefault(int(match.group(2)), index)
    for kind, found in numbers.items():
        missing = [number for number in range(1, max(found)) if number not in found]
        if not missing or len(missing) > len(found):
            continue  # numbers far apart count chapters or quote another document
        there, absent = listed([str(one) for one in sorted(found)]), listed([str(one) for one in missing])
        at = [reading.figures[index].where for number, index in sorted(found.items()) if number > missing[0]]
        yield Finding(
            GAP,
            f"มี{kind}ที่ {there} แต่ไม่มี{kind}ที่ {absent}",
            f"{kind} {there} is there without {absent}",
            places(*at[:3]),
            tuple(reading.figures[index].text for number, index in sorted(found.items()) if number > missing[0])[:3],
            None,
            Confidence.CONFIRMED,
            nodes=tuple(f"{kind}:{number}" for number in missing),
        )
