"""A printed score above its full mark: kept as printed, scored by nobody, and said here."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._numbers import WHOLE, on_100
from prongsai.reading.rules._say import as_printed, both, number, places

RULE = Rule("value.impossible", "error", "คะแนนเกินคะแนนเต็ม", "a score above the full mark")
RULES = (RULE,)


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    return None if reading.values else "ไม่มีคะแนนในเอกสาร"


def check(reading: Reading) -> Iterator[Finding]:
    """Values that no score can have."""
    for value in reading.values:
        if on_100(value) <= WHOLE:
            continue
        node_th, node_en = both(reading.framework, value.node)
        full = value.of or 100
        yield Finding(
            RULE,
            f"{node_th} พิมพ์ไว้ {number(value)} ซึ่งเกินคะแนนเต็ม {full} อาจพิมพ์ตัวเลขผิดหรือจุดทศนิยมหาย",
            f"{node_en} is printed as {number(value)}, above the full mark of {full}: "
            "a wrong digit or a lost decimal point",
            places(value.where),
            as_printed([value]),
            None,
            nodes=(value.node,),
        )
