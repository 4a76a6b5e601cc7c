"""One node printed with two values. Both are kept; the sums may say which one is right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Printed, Reading
from prongsai.reading.rules._numbers import Numbers, interval_of, same
from prongsai.reading.rules._say import as_printed, both, number, places
from prongsai.thai.digits import to_arabic

RULE = Rule("value.twice", "error", "พิมพ์คะแนนเดียวกันไว้สองค่า", "one score is printed with two values")
RULES = (RULE,)
_CHANGE = re.compile(r"เพิ่มขึ้น|ลดลง|ปีก่อน|ปีที่(?:ผ่านมา|แล้ว)|เปรียบเทียบ|แนวโน้ม|ส่วนต่าง")


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    nodes = [value.node for value in reading.values]
    return None if len(nodes) > len(set(nodes)) else "ไม่มีคะแนนใดพิมพ์ไว้เกินหนึ่งแห่ง"


def check(reading: Reading) -> Iterator[Finding]:
    """Nodes with values that rounding cannot make one."""
    numbers = Numbers(reading)
    for node in numbers.by_node:
        choices = [choice.printed for choice in numbers.choices(node) if choice.printed]
        if len(choices) < 2 or _of_parts(numbers, node) or any(_CHANGE.search(one.context) for one in choices):
            continue
        values = [value for value in numbers.by_node[node] if _stands_for_one(value, choices)]
        node_th, node_en = both(reading.framework, node)
        th = " และ ".join(number(choice) for choice in choices)
        en = " and ".join(number(choice) for choice in choices)
        yield Finding(
            RULE,
            f"{node_th} พิมพ์ไว้ {len(choices)} ค่า คือ {th}",
            f"{node_en} is printed with {len(choices)} values: {en}",
            places(*(value.where for value in values)),
            as_printed(values),
            None,
            nodes=(node,),
        )


def _of_parts(numbers: Numbers, node: str) -> bool:
    """Whether the values may be those of the parts of an instrument."""
    known = numbers.tree.nodes.get(node) if numbers.tree else None
    return known is not None and known.part is None and numbers.has_parts(known) and numbers.names_a_part([node])


def _stands_for_one(value: Printed, choices: list[Printed]) -> bool:
    return any(same(interval_of(value), interval_of(choice)) for choice in choices) and bool(to_arabic(value.text))
