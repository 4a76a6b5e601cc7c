"""A checklist indicator whose score is no plain mean of its items: its items cannot weigh alike.

Where the framework does not know the items' weights this is no error of the report. It is said so that nobody
reads "2 of 20 failed" as ten percent, and so that the score can be asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from prongsai.framework import Confidence, Indicator
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._numbers import Choice, Numbers, touch
from prongsai.reading.rules._say import as_printed, both, listed, number, places
from prongsai.reading.rules._verdicts import Verdicts, verdicts
from prongsai.scoring.interval import Interval, shown

RULE = Rule(
    "oit.not_plain_mean",
    "note",
    "คะแนนตัวชี้วัดเป็นค่าเฉลี่ยธรรมดาของข้อไม่ได้",
    "an indicator cannot be the plain mean of its items",
)
RULES = (RULE,)


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    found = verdicts(reading)
    return None if found.passed or found.failed else "ไม่ทราบผลรายข้อของแบบตรวจการเปิดเผยข้อมูล"


def check(reading: Reading) -> Iterator[Finding]:
    """Checklist indicators with unknown weights whose printed score is not passed items over all items."""
    if reading.framework is None:
        return
    numbers, known = Numbers(reading), verdicts(reading)
    for instrument in reading.framework.instruments:
        if instrument.kind != "checklist":
            continue
        for indicator in instrument.indicators:
            rule = indicator.rule or instrument.rules.indicator
            value = numbers.one(indicator.number)
            if rule.kind == "unknown" and value is not None:
                yield from _indicator(reading, indicator, value, known)


def _indicator(reading: Reading, indicator: Indicator, value: Choice, known: Verdicts) -> Iterator[Finding]:
    codes = [item.code for item in indicator.items]
    failed = [code for code in codes if code in known.failed]
    passed = [code for code in codes if code in known.passed and code not in failed]
    printed = value.printed
    if not failed or len(failed) + len(passed) != len(codes) or printed is None:
        return
    mean = Fraction(100 * len(passed), len(codes))
    if touch(value.interval, Interval.exactly(mean)):
        return
    node_th, node_en = both(reading.framework, indicator.number)
    yield Finding(
        RULE,
        f"{node_th} พิมพ์ไว้ {number(printed)} ซึ่งเป็นค่าเฉลี่ยธรรมดาของข้อไม่ได้ เพราะข้อที่ไม่ได้คะแนนมี {listed(failed)} "
        f"จาก {len(codes)} ข้อ ค่าเฉลี่ยธรรมดาจึงเป็น {shown(mean)} "
        "หากตัวเลขถูกต้อง แต่ละข้อมีน้ำหนักไม่เท่ากัน ซึ่งกรอบการประเมินไม่ได้เผยแพร่",
        f"{node_en} is printed as {number(printed)}, which cannot be a plain mean: {listed(failed)} "
        f"of {len(codes)} items failed, so a plain mean is {shown(mean)}; "
        "the items cannot weigh alike, and their weights are not published",
        places(printed.where, *(known.failed[code] for code in failed)),
        as_printed([printed]),
        f"{len(passed)} ÷ {len(codes)} × 100 = {shown(mean)}",
        Confidence.UNKNOWN,
        nodes=(indicator.number, *failed),
    )
