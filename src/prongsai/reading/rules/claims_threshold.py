"""Claims of thresholds: every component at least 85, a list headed "below 80", a target said to be reached."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Claim, Printed, Reading
from prongsai.reading.rules._lists import heads_a_list, under
from prongsai.reading.rules._numbers import Choice, Numbers, interval_of
from prongsai.reading.rules._order import Order
from prongsai.reading.rules._say import as_printed, both, listed, number, places
from prongsai.reading.rules.levels import level_name
from prongsai.reading.source import Where
from prongsai.scoring.interval import shown
from prongsai.thai.text import squeeze

REACHED = Rule("claim.all_at_least", "error", "ไม่ถึงเกณฑ์ตามที่กล่าว", "said to reach a threshold, and does not")
BELOW = Rule("claim.all_below", "error", "ไม่ต่ำกว่าเกณฑ์ตามที่กล่าว", "said to be below a threshold, and is not")
TARGET = Rule("claim.target", "error", "ไม่บรรลุค่าเป้าหมายตามที่กล่าว", "said to reach the target, and does not")
RULES = (REACHED, BELOW, TARGET)


def lacks(reading: Reading) -> str | None:
    """Why no claim could be held against numbers."""
    if not any(claim.kind in ("all_at_least", "all_below", "target_reached") for claim in reading.claims):
        return "ไม่พบข้อความที่กล่าวถึงเกณฑ์คะแนน"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """Claims of thresholds that the numbers break."""
    numbers, order = Numbers(reading), Order(reading)
    found: list[Finding] = []
    for claim in reading.claims:
        if claim.kind == "all_at_least" and claim.number is not None:
            found += _at_least(reading, numbers, order, claim, claim.number)
        elif claim.kind == "all_below" and claim.number is not None:
            found += _below(reading, numbers, order, claim)
    yield from found
    said = {node for finding in found if finding.rule is REACHED for node in finding.nodes}
    for claim in reading.claims:
        if claim.kind == "target_reached" and reading.framework is not None:
            yield from _target(reading, numbers, claim, said)


def _at_least(reading: Reading, numbers: Numbers, order: Order, claim: Claim, threshold: Decimal) -> Iterator[Finding]:
    """Nodes that cannot reach the threshold, by a printed value or by all that follows from printed ones."""
    for node in dict.fromkeys(claim.nodes):
        value = _value(numbers, order, node, claim)
        if value is None or value.interval.high >= Fraction(threshold):
            continue
        node_th, node_en = both(reading.framework, node)
        score = _shown(value)
        how_th, how_en = ("พิมพ์ไว้", "is printed as") if value.printed else ("คำนวณจากค่าที่พิมพ์ไว้ได้", "works out as")
        level_th, level_en = _level(reading, threshold)
        yield Finding(
            REACHED,
            f"กล่าวว่าทุกรายการได้ {threshold:f} คะแนนขึ้นไป แต่{node_th} {how_th} {score}{level_th}",
            f"all are said to have {threshold:f} or more, but {node_en} {how_en} {score}{level_en}",
            places(claim.where, *_sources(numbers, node)),
            as_printed(_below_values(numbers, node)),
            f"{_arithmetic(numbers, node)}{score} < {threshold:f}",
            _sure(numbers, node, value),
            nodes=(node,),
        )


def _value(numbers: Numbers, order: Order, node: str, claim: Claim) -> Choice | None:
    """The value beside the claim; where none is printed, what follows from below."""
    printed = order.near(numbers.by_node.get(node, []), claim.where)
    if printed is not None:
        return Choice(interval_of(printed), printed)
    options = numbers.values_of(node)
    return options[0] if len(options) == 1 else None


def _shown(value: Choice) -> str:
    if value.printed is not None:
        return number(value.printed)
    if value.interval.high - value.interval.low > Fraction(1, 50):
        return f"ไม่เกิน {shown(value.interval.high)}"
    return str(shown(value.exact))


def _below_values(numbers: Numbers, node: str) -> list[Printed]:
    if own := numbers.by_node.get(node):
        return own[:1]
    tree = numbers.tree
    ways = tree.nodes[node].ways if tree and node in tree.nodes else ()
    return [numbers.by_node[child][0] for way in ways for child in way.children if child in numbers.by_node]


def _sources(numbers: Numbers, node: str) -> list[Where]:
    return [value.where for value in _below_values(numbers, node)]


def _arithmetic(numbers: Numbers, node: str) -> str:
    if node in numbers.by_node:
        return ""
    values = [number(value) for value in _below_values(numbers, node)]
    return f"({' + '.join(values)}) ÷ {len(values)} = " if len(values) > 1 else ""


def _sure(numbers: Numbers, node: str, value: Choice) -> Confidence:
    if value.printed is not None or numbers.tree is None:
        return Confidence.CONFIRMED
    known = numbers.tree.nodes[node]
    sure = [confidence for way in known.ways if (confidence := numbers.binds(known, way))]
    return sure[0] if sure else Confidence.INFERRED


def _level(reading: Reading, threshold: Decimal) -> tuple[str, str]:
    """What the printed level says of the same components: a level without the floor says that one is below it."""
    framework = reading.framework
    if framework is None or not reading.levels:
        return "", ""
    name = level_name(reading.levels[0].text)
    bands = list(framework.levels.bands)
    own = next((index for index, band in enumerate(bands) if band.name == name), None)
    if own is None or bands[own].component_min is not None:
        return "", ""
    better = [
        band for band in bands[:own] if band.component_min == threshold and band.overall_min == bands[own].overall_min
    ]
    if not better:
        return "", ""
    return (
        f" และระดับ{name}ที่พิมพ์ไว้ก็แสดงว่ามีองค์ประกอบที่ไม่ถึง {threshold:f} (หากถึงทุกองค์ประกอบจะเป็นระดับ{better[-1].name})",
        f"; the printed level {name} says the same (all at {threshold:f} would make it {better[-1].name})",
    )


def _below(reading: Reading, numbers: Numbers, order: Order, claim: Claim) -> Iterator[Finding]:
    """One finding for a list headed "below": every node whose value under that heading is not below."""
    threshold = claim.number
    assert threshold is not None
    there = under(numbers, order, claim)
    above = [(node, value) for node, value in there if interval_of(value).low >= Fraction(threshold)]
    if not above or not heads_a_list(claim):
        return
    names_th = listed([f"{both(reading.framework, node)[0]} {number(value)}" for node, value in above], 16)
    names_en = listed([f"{both(reading.framework, node)[1]} {number(value)}" for node, value in above], 16)
    yield Finding(
        BELOW,
        f"กล่าวว่าเป็นรายการที่ได้คะแนนต่ำกว่า {threshold:f} แต่{names_th}",
        f"the list is said to be below {threshold:f}, but has {names_en}",
        places(claim.where, *(value.where for _, value in above)),
        as_printed([value for _, value in above]),
        f"{len(above)} จาก {len(there)} รายการไม่ต่ำกว่า {threshold:f}",
        nodes=tuple(node for node, _ in above),
    )


def _target(reading: Reading, numbers: Numbers, claim: Claim, said: set[str]) -> Iterator[Finding]:
    target = reading.framework.target if reading.framework else None
    if target is None:
        return
    floors = {"overall": target.overall_min}
    of_overall = "เป้าหมายคะแนนรวม" in squeeze(claim.text)  # the part of the target that is claimed
    if target.component_min is not None and reading.framework and not of_overall:
        floors |= dict.fromkeys(reading.framework.levels.components, target.component_min)
    for node, floor in floors.items():
        options = numbers.values_of(node)
        if node in said or not options or any(o.interval.high >= Fraction(floor) for o in options):
            continue
        node_th, node_en = both(reading.framework, node)
        score = _shown(options[0])
        yield Finding(
            TARGET,
            f"กล่าวว่าบรรลุค่าเป้าหมาย แต่{node_th} {score} ไม่ถึงค่าเป้าหมาย {floor:f}",
            f"the target is said to be reached, but {node_en} {score} is below {floor:f}",
            places(claim.where, *(value.where for value in _below_values(numbers, node))),
            as_printed(_below_values(numbers, node)),
            f"{score} < {floor:f}",
            target.confidence,
            nodes=(node,),
        )
