"""Items analysed under an indicator that they do not belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.framework import Framework
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._order import Order
from prongsai.reading.rules._say import places, quoted
from prongsai.reading.source import Line, Table, Where
from prongsai.thai.digits import to_arabic

RULE = Rule("item.other_indicator", "error", "วิเคราะห์ข้อคำถามใต้ตัวชี้วัดอื่น", "an item is analysed under another indicator")
RULES = (RULE,)
_ABOVE = 3  # lines above a table that may name its indicator
_CODE = r"(?:ใน)?\s*ข้อ(?:คำถาม)?(?:ที่)?\s*([a-zA-Z])\s*([0-9]{1,2})(?![0-9])"


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.framework is None:
        return "ไม่ทราบปีงบประมาณของผล จึงไม่ทราบว่าข้อใดอยู่ในตัวชี้วัดใด"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """Statements under the wrong indicator, and sentences "of indicator X, item Y" where Y is not of X."""
    framework = reading.framework
    if framework is None:
        return
    owners = {
        item.code: indicator.number
        for instrument in framework.instruments
        for indicator in instrument.indicators
        for item in indicator.items
    }
    said: set[tuple[str, str]] = set()
    found = [*_statements(reading, owners), *_sentences(reading, framework, owners)]
    for code, indicator, text, where in found:
        if (code, indicator) in said:
            continue
        said.add((code, indicator))
        yield Finding(
            RULE,
            f"ข้อ {code} เป็นข้อของตัวชี้วัดที่ {owners[code]} แต่วิเคราะห์ไว้ในตัวชี้วัดที่ {indicator}: {quoted(text)}",
            f"item {code} belongs to indicator {owners[code]}, but is analysed under indicator {indicator}",
            places(where),
            (code,),
            None,
            nodes=(code, indicator),
        )


Found = tuple[str, str, str, Where]


def _statements(reading: Reading, owners: dict[str, str]) -> Iterator[Found]:
    for statement in reading.statements:
        if statement.indicator is None:
            continue
        for code in statement.items:
            wrong = owners.get(code, statement.indicator) != statement.indicator
            if wrong and _by_number(reading, statement.indicator, statement.where):
                yield code, statement.indicator, statement.text, statement.where


def _by_number(reading: Reading, indicator: str, where: Where) -> bool:
    """Whether a statement of a table stands under the indicator's number: a name alone may only begin a topic."""
    place = Order(reading).of(where)[0]
    table = reading.source.blocks[place] if where.table is not None and place < len(reading.source.blocks) else None
    if not isinstance(table, Table):
        return True
    texts = [block.text for block in reading.source.blocks[max(place - _ABOVE, 0) : place] if isinstance(block, Line)]
    texts += [row[0].text for row in table.rows[: where.row] if row]
    printed = re.compile(rf"ตัวชี้วัด\s*(?:ที่)?\s*{indicator}(?!\d)|^\W*{indicator}\s*[.)]")
    return any(printed.search(to_arabic(text)) for text in texts)


def _sentences(reading: Reading, framework: Framework, owners: dict[str, str]) -> Iterator[Found]:
    names: dict[str, str] = {}
    for instrument in framework.instruments:
        for indicator in instrument.indicators:
            for name in (indicator.name.th, *indicator.other_names):
                names.setdefault(name, indicator.number)
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?:ด้าน|ตัวชี้วัด)\s*(?:ที่\s*[0-9]+\s*)?({known})\s*,?\s*{_CODE}")
    for text, where in _texts(reading):
        for match in pattern.finditer(to_arabic(text)):
            code = f"{match.group(2).lower()}{int(match.group(3))}"
            number = names[match.group(1)]
            if owners.get(code, number) != number:
                yield code, number, match.group(), where


def _texts(reading: Reading) -> Iterator[tuple[str, Where]]:
    for block in reading.source.blocks:
        if isinstance(block, Line):
            yield block.text, block.where
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield cell.text, cell.where
