"""Claims of order: the highest, the lowest, a list from high to low.

A claim is held against the values printed beside it, since that is what its reader sees. What it is highest or
lowest of is rarely said, so it is only contradicted by nodes of the narrowest group that it can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Claim, Printed, Reading
from prongsai.reading.rules._numbers import Numbers, interval_of, on_100
from prongsai.reading.rules._order import Order
from prongsai.reading.rules._say import as_printed, both, listed, number, places
from prongsai.scoring.structure import structure
from prongsai.thai.text import squeeze

HIGHEST = Rule("claim.highest", "error", "ไม่ใช่คะแนนสูงสุดตามที่กล่าว", "said to be the highest, and is not")
LOWEST = Rule("claim.lowest", "error", "ไม่ใช่คะแนนต่ำสุดตามที่กล่าว", "said to be the lowest, and is not")
DESCENDING = Rule("claim.descending", "error", "ไม่ได้เรียงจากมากไปน้อยตามที่กล่าว", "said to be in order, and is not")
_INDICATORS = re.compile(r"ตัวชี้วัดที่(?:หน่วยงาน)?(?:ได้|มี)(?:รับ)?(?:ผล)?คะแนน")
_INSTRUMENT = re.compile(r"[IEO]IT|ด้าน|แบบวัด|แบบตรวจ|เครื่องมือ|ภายใน|ภายนอก")
RULES = (HIGHEST, LOWEST, DESCENDING)


def lacks(reading: Reading) -> str | None:
    """Why no claim could be held against numbers."""
    if not any(claim.kind in ("highest", "lowest", "descending") for claim in reading.claims):
        return "ไม่พบข้อความที่กล่าวว่าสูงสุด ต่ำสุด หรือเรียงจากมากไปน้อย"
    return None if reading.values else "ไม่พบคะแนนที่จะเทียบกับข้อความ"


def check(reading: Reading) -> Iterator[Finding]:
    """Claims of order that the numbers beside them break."""
    numbers, order = Numbers(reading), Order(reading)
    said: set[tuple[str, tuple[str, ...]]] = set()
    for claim in reading.claims:
        if claim.kind in ("highest", "lowest"):
            for finding in _extreme(reading, numbers, order, claim):
                key = (claim.kind, finding.nodes)
                if key not in said:
                    said.add(key)
                    yield finding
        elif claim.kind == "descending":
            yield from _descending(reading, numbers, order, claim)


def _beside(numbers: Numbers, order: Order, node: str, claim: Claim) -> Printed | None:
    """The value of a node that a claim's reader sees: in the claim's own words, else the nearest."""
    values = numbers.by_node.get(node, [])
    own = [value for value in values if value.where == claim.where]
    return order.near(own or values, claim.where)


def _extreme(reading: Reading, numbers: Numbers, order: Order, claim: Claim) -> Iterator[Finding]:
    sign = 1 if claim.kind == "highest" else -1
    for node in claim.nodes:
        mine = _beside(numbers, order, node, claim)
        if mine is None:
            continue
        broken: list[tuple[str, Printed]] = []
        for other in _group(reading, claim, node):
            value = _beside(numbers, order, other, claim)
            if value is None or other in claim.nodes:
                continue
            mine_at, value_at = interval_of(mine), interval_of(value)
            if (value_at.low > mine_at.high) if sign > 0 else (value_at.high < mine_at.low):
                broken.append((other, value))
        if broken:
            broken.sort(key=lambda found: -sign * on_100(found[1]))
            yield _extreme_finding(reading, claim, node, mine, broken)


def _extreme_finding(
    reading: Reading, claim: Claim, node: str, mine: Printed, broken: Sequence[tuple[str, Printed]]
) -> Finding:
    rule = HIGHEST if claim.kind == "highest" else LOWEST
    word_th, than_th = ("สูงสุด", "สูงกว่า") if rule is HIGHEST else ("ต่ำสุด", "ต่ำกว่า")
    word_en, than_en = ("highest", "higher") if rule is HIGHEST else ("lowest", "lower")
    node_th, node_en = both(reading.framework, node)
    worst, value = broken[0]
    other_th, other_en = both(reading.framework, worst)
    return Finding(
        rule,
        f"กล่าวว่า{node_th} ({number(mine)}) ได้คะแนน{word_th} แต่{other_th} พิมพ์ไว้ {number(value)} ซึ่ง{than_th}",
        f"{node_en} ({number(mine)}) is said to be the {word_en}, "
        f"but {other_en} is printed as {number(value)}, which is {than_en}",
        places(claim.where, mine.where, value.where),
        as_printed([mine, value]),
        f"{number(value)} {'>' if rule is HIGHEST else '<'} {number(mine)}",
        nodes=(node, worst),
    )


def _group(reading: Reading, claim: Claim, node: str) -> list[str]:
    """The narrowest group of nodes that a node can be the highest or lowest of.

    An item: its fellows of the same indicator, and of the same aspect where the report groups by aspects.
    An indicator: those of its instrument, or all where the claim names indicators of several instruments.
    """
    framework = reading.framework
    if framework is None:
        return []
    nodes = structure(framework).nodes
    known = nodes.get(node)
    if known is None:
        return []
    if known.kind in ("item", "row"):
        return _fellows(reading, node, known.part)
    siblings = [other for other in nodes.values() if other.kind == known.kind and other.part == known.part]
    if known.kind == "indicator":
        owners = {nodes[name].instrument for name in claim.nodes if name in nodes}
        if len(owners) == 1 and not _of_all(claim):
            siblings = [other for other in siblings if other.instrument == known.instrument]
    return [other.id for other in siblings if other.id != node]


def _of_all(claim: Claim) -> bool:
    """Whether a claim speaks of the indicators without naming or standing under an instrument."""
    text = squeeze(claim.text)
    return claim.subject is None and bool(_INDICATORS.search(text)) and _INSTRUMENT.search(text) is None


def _fellows(reading: Reading, node: str, part: str | None) -> list[str]:
    framework = reading.framework
    assert framework is not None
    code = node.split("@", maxsplit=1)[0]
    aspect = next((set(codes) for codes in reading.aspects.values() if code in codes), None)
    for instrument in framework.instruments:
        for indicator in instrument.indicators:
            codes = [item.code for item in indicator.items]
            if code in codes:
                kept = [other for other in codes if other != code and (aspect is None or other in aspect)]
                return [f"{other}@{part}" if part else other for other in kept]
    return []


def _descending(reading: Reading, numbers: Numbers, order: Order, claim: Claim) -> Iterator[Finding]:
    """One finding per list: every pair of neighbours where the second is higher."""
    seen: list[tuple[str, Printed]] = []
    for node in claim.nodes:
        value = _in_list(numbers, order, node, claim)
        if value is not None:
            seen.append((node, value))
    breaks = [
        (first, second) for first, second in pairwise(seen) if interval_of(second[1]).low > interval_of(first[1]).high
    ]
    if not breaks:
        return
    pairs_th = [
        f"{both(reading.framework, b[0])[0]} ({number(b[1])}) มาหลัง{both(reading.framework, a[0])[0]} ({number(a[1])})"
        for a, b in breaks
    ]
    pairs_en = [
        f"{both(reading.framework, b[0])[1]} ({number(b[1])}) after {both(reading.framework, a[0])[1]} ({number(a[1])})"
        for a, b in breaks
    ]
    yield Finding(
        DESCENDING,
        f"กล่าวว่าเรียงคะแนนจากมากไปน้อย แต่{' และ'.join(pairs_th)}",
        f"the list is said to run from high to low, but has {', '.join(pairs_en)}",
        places(claim.where, *(b[1].where for _, b in breaks)),
        as_printed([value for pair in breaks for _, value in pair]),
        listed([number(value) for _, value in seen], 20),
        nodes=tuple(dict.fromkeys(node for pair in breaks for node, _ in pair)),
    )


def _in_list(numbers: Numbers, order: Order, node: str, claim: Claim) -> Printed | None:
    """The value of a node in a list: the one read as part of a ranking, else the first after the claim."""
    values = numbers.by_node.get(node, [])
    ranked = [value for value in values if value.role == "ranking"]
    own = [value for value in ranked or values if value.where == claim.where]
    return order.after(own or ranked or values, claim.where)
