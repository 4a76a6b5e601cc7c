"""Sums and means at every level: rows to item, items to indicator, indicators to instrument, instruments to overall.

Each number printed is allowed its rounding, so what is flagged cannot be right at the last digit. Where a node is
printed with two values every combination is tried, and only what no combination satisfies is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._numbers import WHOLE, Choice, Numbers, same
from prongsai.reading.rules._say import as_printed, both, listed, number, places
from prongsai.scoring.interval import ANY, Interval, shown
from prongsai.scoring.score import combine
from prongsai.scoring.structure import Node, Way

OVERALL = Rule(
    "sum.overall",
    "error",
    "คะแนนรวมไม่เท่ากับผลรวมถ่วงน้ำหนักของเครื่องมือ",
    "the overall score does not follow from the instruments",
)
INSTRUMENT = Rule(
    "mean.instrument", "error", "คะแนนเครื่องมือไม่เท่ากับค่าเฉลี่ยของตัวชี้วัด", "an instrument is not the mean of its indicators"
)
INDICATOR = Rule("mean.indicator", "error", "คะแนนตัวชี้วัดไม่เท่ากับค่าเฉลี่ยของข้อ", "an indicator is not the mean of its items")
ITEM = Rule("mean.item", "error", "คะแนนข้อไม่เท่ากับค่าเฉลี่ยของข้อย่อย", "an item is not the mean of its rows")
PART = Rule(
    "mean.part_not_stated",
    "warning",
    "คะแนนตัวชี้วัดต่างจากค่าเฉลี่ยของข้อที่พิมพ์ไว้โดยไม่ระบุส่วน",
    "an indicator differs from the mean of items printed without their part",
)
RULES = (OVERALL, INSTRUMENT, INDICATOR, ITEM, PART)
_OF_KIND = {"overall": OVERALL, "instrument": INSTRUMENT, "part": INSTRUMENT, "indicator": INDICATOR, "item": ITEM}
_MOST_COMBINATIONS = 4096


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.framework is None:
        return "ไม่ทราบปีงบประมาณของผล จึงไม่ทราบกติกาการรวมคะแนน"
    numbers = Numbers(reading)
    tree = numbers.tree
    if tree is not None and any(
        numbers.choices(node.id) and any(numbers.values_of(child) for way in node.ways for child in way.children)
        for node in tree.nodes.values()
    ):
        return None
    return "ไม่มีคะแนนที่พิมพ์ไว้พร้อมกับคะแนนที่อยู่ใต้คะแนนนั้น จึงไม่มีสิ่งที่จะเทียบ"


def check(reading: Reading) -> Iterator[Finding]:
    """Every printed number that does not follow from the numbers printed below it."""
    numbers = Numbers(reading)
    if numbers.tree is None:
        return
    for node in numbers.tree.nodes.values():
        printed = numbers.choices(node.id)
        if not printed or node.kind not in _OF_KIND:
            continue
        for way in node.ways:
            confidence = numbers.binds(node, way)
            if confidence is None:
                yield from _part_not_stated(numbers, node, way, printed)
            elif found := _broken(numbers, node, way, printed):
                yield _finding(reading, found, confidence)


@dataclass(frozen=True)
class _Broken:
    """A way that no combination of printed values satisfies; the nearest one, with what it gives."""

    node: Node
    way: Way
    parent: Choice
    children: tuple[Choice | None, ...]
    gives: Interval
    tried: int


def _broken(numbers: Numbers, node: Node, way: Way, printed: Sequence[Choice]) -> _Broken | None:
    options: list[list[Choice | None]] = [[*numbers.values_of(child)] or [None] for child in way.children]
    if all(option == [None] for option in options):
        return None
    if prod(len(option) for option in options) > _MOST_COMBINATIONS:
        return None  # so many contradictions of single values say enough
    nearest: tuple[Fraction, _Broken] | None = None
    tried = 0
    for combination in product(*options):
        tried += 1
        spans = [choice.interval if choice else ANY for choice in combination]
        gives = combine(way.rule, dict(zip(way.names, spans, strict=True)))
        for parent in printed:
            if same(parent.interval, gives):
                return None
            far = max(parent.interval.low - gives.high, gives.low - parent.interval.high)
            if nearest is None or far < nearest[0]:
                nearest = far, _Broken(node, way, parent, combination, gives, 0)
    if nearest is None:
        return None
    best = nearest[1]
    return _Broken(best.node, best.way, best.parent, best.children, best.gives, tried)


def _finding(reading: Reading, found: _Broken, confidence: Confidence) -> Finding:
    rule = _OF_KIND[found.node.kind]
    node_th, node_en = both(reading.framework, found.node.id)
    value = found.parent.printed
    assert value is not None
    gives_th, gives_en = _gives(found)
    below = [choice.printed for choice in found.children if choice and choice.printed]
    twice = f" (ลองครบทั้ง {found.tried} ชุดของค่าที่พิมพ์ไว้ไม่ตรงกัน)" if found.tried > 1 else ""
    return Finding(
        rule,
        f"{node_th} พิมพ์ไว้ {number(value)} แต่{_below_th(found)} {gives_th}{_apart(found, 'ต่างกัน')}{twice}",
        f"{node_en} is printed as {number(value)}, but {_below_en(found)} {gives_en}{_apart(found, 'apart')}",
        places(value.where, *(one.where for one in below)),
        as_printed([value, *below]),
        _arithmetic(found) + _needed(reading, found),
        confidence,
        nodes=(found.node.id,),
    )


def _gives(found: _Broken) -> tuple[str, str]:
    if _all_exact(found):
        exact = shown(_exactly(found))
        return f"ให้ {exact}", f"gives {exact}"
    low, high = shown(found.gives.low), shown(found.gives.high)
    return f"ให้ได้ระหว่าง {low} ถึง {high}", f"gives between {low} and {high}"


def _apart(found: _Broken, word: str) -> str:
    if not _all_exact(found):
        return ""
    difference = shown(abs(_exactly(found) - found.parent.exact))
    return f" ({word} {difference})"


def _all_exact(found: _Broken) -> bool:
    known = all(choice is not None for choice in found.children)
    return known and found.way.rule.kind != "unknown" and found.gives.high - found.gives.low <= Fraction(2, 100)


def _exactly(found: _Broken) -> Fraction:
    values = {
        name: Interval.exactly(choice.exact)
        for name, choice in zip(found.way.names, found.children, strict=True)
        if choice is not None
    }
    return combine(found.way.rule, values).low


def _below_th(found: _Broken) -> str:
    kind = {"overall": "ผลรวมถ่วงน้ำหนักของ ", "item": "ค่าเฉลี่ยของข้อย่อย"}.get(found.node.kind, "ค่าเฉลี่ยของ")
    if found.way.rule.kind == "unknown":
        kind = "น้ำหนักใด ๆ ของ "
    names = found.way.names
    group = "ตัวชี้วัดที่ " if names[0].isdigit() else ("ข้อ " if names[0][0].islower() else "")
    computed = [name for name, choice in zip(names, found.children, strict=True) if choice and choice.printed is None]
    how = f" ({listed(computed)} คำนวณจากตัวชี้วัด)" if computed and found.node.kind == "overall" else ""
    return f"{kind}{group}{listed(names)}{how}"


def _below_en(found: _Broken) -> str:
    kind = "the weighted sum of" if found.way.rule.kind == "weights" else "the mean of"
    return f"{'any weighting of' if found.way.rule.kind == 'unknown' else kind} {listed(found.way.names)}"


def _arithmetic(found: _Broken) -> str:
    texts = [
        "?" if choice is None else str(shown(choice.exact)) if choice.interval.high - choice.interval.low < 1 else "…"
        for choice in found.children
    ]
    rule = found.way.rule
    result = str(shown(_exactly(found))) if _all_exact(found) else f"{shown(found.gives.low)}–{shown(found.gives.high)}"
    if rule.kind == "weights":
        parts = [f"{rule.weights[name] / 100:f}×{text}" for name, text in zip(found.way.names, texts, strict=True)]
        return f"{' + '.join(parts)} = {result}"
    if rule.kind == "mean":
        return f"({' + '.join(texts)}) ÷ {len(texts)} = {result}"
    return f"{', '.join(f'{n}={t}' for n, t in zip(found.way.names, texts, strict=True))} → {result}"


def _needed(reading: Reading, found: _Broken) -> str:
    """What one child would have to be if all the others are right: for instruments, and for children printed twice."""
    rule = found.way.rule
    if not _all_exact(found) or rule.kind == "unknown":
        return ""
    numbers = Numbers(reading)
    notes: list[str] = []
    for name, child, choice in zip(found.way.names, found.way.children, found.children, strict=True):
        if found.node.kind != "overall" and len(numbers.choices(child)) < 2:
            continue
        weight = Fraction(rule.weights[name]) / 100 if rule.kind == "weights" else Fraction(1, len(found.way.names))
        assert choice is not None
        needed = choice.exact + (found.parent.exact - _exactly(found)) / weight
        if 0 <= needed <= WHOLE:
            notes.append(f"{name} ต้องเป็น {shown(needed)}")
    return f"; หากค่าอื่นถูกต้อง {' หรือ '.join(notes)}" if notes else ""


def _part_not_stated(numbers: Numbers, node: Node, way: Way, printed: Sequence[Choice]) -> Iterator[Finding]:
    """Items of an instrument with parts: a difference is no proof of an error, but the report cannot be followed."""
    children = [numbers.one(child) for child in way.children]
    if len(printed) != 1 or any(child is None for child in children) or way.rule.kind != "mean":
        return
    known = [child for child in children if child is not None and child.printed is not None]
    if numbers.names_a_part([node.id, *way.children]):
        return
    found = _broken(numbers, node, way, printed)
    value = printed[0].printed
    if found is None or value is None:
        return
    node_th, node_en = both(numbers.framework, node.id)
    mean = shown(_exactly(found))
    items = [child.printed for child in known if child.printed]
    yield Finding(
        PART,
        f"{node_th} พิมพ์ไว้ {number(value)} แต่ค่าเฉลี่ยของข้อ {listed(way.names)} คือ {mean} "
        f"โดยไม่บอกว่าคะแนนข้อเป็นของส่วนใด จึงตามที่มาของคะแนนตัวชี้วัดไม่ได้",
        f"{node_en} is printed as {number(value)}, the mean of {listed(way.names)} is {mean}; "
        "the report does not say which part the items belong to",
        places(value.where, *(item.where for item in items)),
        as_printed([value, *items]),
        _arithmetic(found),
        Confidence.INFERRED,
        nodes=(node.id,),
    )
