"""Item scores that no number of answers can give, by the number of respondents that all other items imply.

An item score is a whole number of option points over the respondents. With the right number nearly every printed
score of an instrument fits, so one that does not, not even with a few answers left out, was probably misread.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count, takewhile

from prongsai.analysis.respondents import SURE, fits, implied_from
from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Printed, Reading
from prongsai.reading.rules._numbers import Numbers
from prongsai.reading.rules._respondents import stated, step, with_steps
from prongsai.reading.rules._say import as_printed, both, number, places
from prongsai.scoring.structure import structure

IMPLIED = Rule(
    "respondents.implied",
    "error",
    "คะแนนที่เกิดจากจำนวนผู้ตอบโดยนัยไม่ได้",
    "a score that the implied number of respondents cannot give",
)
STATED = Rule(
    "respondents.stated",
    "warning",
    "คะแนนที่เกิดจากจำนวนผู้ตอบที่ระบุไม่ได้",
    "a score that the stated number of respondents cannot give",
)
RULES = (IMPLIED, STATED)
_FEWEST = 5
_FEW = 3
_MOST_MISFITS = 0.34
_BY_CHANCE = 0.001  # a multiple of the implied number less likely than this is not thought of


def lacks(reading: Reading) -> str | None:
    """Why no number of respondents could be found."""
    if reading.framework is None:
        return "ไม่ทราบปีงบประมาณของผล จึงไม่ทราบคะแนนของตัวเลือก"
    if not any(len(items) >= _FEWEST for items in _containers(reading).values()):
        return f"มีคะแนนรายข้อของเครื่องมือเดียวกันไม่ถึง {_FEWEST} ข้อ จึงหาจำนวนผู้ตอบโดยนัยไม่ได้"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """Scores that do not fit the implied or the stated number."""
    containers = _containers(reading)
    if reading.framework is None or not any(len(items) >= _FEWEST for items in containers.values()):
        return
    for container, items in containers.items():
        if len(items) < _FEWEST:
            continue
        if (printed := stated(reading, container)) is not None:
            yield from _against(reading, items, printed)
            continue
        implied = implied_from(with_steps(reading, items), container)
        if implied is None or implied.certainty < SURE or len(implied.misfits) > _MOST_MISFITS * len(items):
            continue
        for node in implied.misfits:
            known = (reading, node, items[node], implied.respondents)
            if _left_unanswered(*known) or _left_out_elsewhere(*known) or _by_more_people(*known, len(implied.fitted)):
                continue
            yield _finding(reading, IMPLIED, node, items[node], implied.respondents)


def _containers(reading: Reading) -> dict[str, dict[str, Printed]]:
    """Item scores with two decimals by instrument or part; of an instrument with parts only those of a part."""
    if reading.framework is None:
        return {}
    numbers, tree = Numbers(reading), structure(reading.framework)
    found: dict[str, dict[str, Printed]] = {}
    for node in numbers.by_node:
        known, one = tree.nodes.get(node), numbers.one(node)
        if known is None or known.kind != "item" or one is None or one.printed is None:
            continue
        container = known.part or known.instrument
        whole = known.part is None and numbers.has_parts(known)
        if container is None or whole or step(reading, node) is None or one.printed.of not in (None, 100):
            continue
        if _is_checklist(reading, known.instrument) or one.printed.value.as_tuple().exponent != -2:
            continue
        found.setdefault(container, {})[node] = one.printed
    return found


def _is_checklist(reading: Reading, instrument: str | None) -> bool:
    return any(
        one.code == instrument and one.kind == "checklist"
        for one in (reading.framework.instruments if reading.framework else ())
    )


def _against(reading: Reading, items: dict[str, Printed], people: int) -> Iterator[Finding]:
    """Only where nearly all other items fit: respondents may skip items, then none would."""
    informative = with_steps(reading, items)
    misfits = [
        node
        for node, (value, points) in informative.items()
        if not fits(value, points, people) and not _left_unanswered(reading, node, items[node], people)
    ]
    if len(informative) >= _FEWEST and 0 < len(misfits) <= 0.2 * len(informative):
        for node in misfits:
            yield _finding(reading, STATED, node, items[node], people)


def _left_unanswered(reading: Reading, node: str, value: Printed, respondents: int) -> bool:
    """Whether a few people fewer give the score: some may have left the item out."""
    return _given_by(reading, node, value, range(max(respondents - _leavers(respondents), 1), respondents))


def _left_out_elsewhere(reading: Reading, node: str, value: Printed, implied: int) -> bool:
    """Whether a few people more give the score: the number is implied by items that some of them left out."""
    return _given_by(reading, node, value, range(implied + 1, implied + _leavers(implied) + 1))


def _by_more_people(reading: Reading, node: str, value: Printed, implied: int, fitted: int) -> bool:
    """Whether twice as many people or more, a few of them leaving the item out, give the score.

    All that fits n fits 2n too, and a few scores of 2n people are whole for n by chance: each does with one in two.
    """
    multiples = takewhile(lambda times: float(times) ** -max(fitted, 1) >= _BY_CHANCE, count(2))
    return any(_left_unanswered(reading, node, value, implied * times) for times in multiples)


def _leavers(respondents: int) -> int:
    return max(_FEW, -(-respondents // 10))


def _given_by(reading: Reading, node: str, value: Printed, numbers: range) -> bool:
    points = step(reading, node) or 1
    return any(fits(value.value, points, people) for people in numbers)


def _finding(reading: Reading, rule: Rule, node: str, value: Printed, respondents: int) -> Finding:
    node_th, node_en = both(reading.framework, node)
    points = step(reading, node) or 1
    whole = value.value * respondents / points
    low = int(whole)
    around = [f"{Decimal(k * points) / respondents:.2f}" for k in (low, low + 1)]
    how_th = "คะแนนข้ออื่นแสดงว่ามีผู้ตอบ" if rule is IMPLIED else "ระบุว่ามีผู้ตอบ"
    how_en = "the other items imply" if rule is IMPLIED else "there are said to be"
    return Finding(
        rule,
        f"{node_th} พิมพ์ไว้ {number(value)} แต่{how_th} {respondents} คน ซึ่งให้คะแนนนี้ไม่ได้ "
        f"(ค่าที่เป็นไปได้ใกล้เคียงคือ {' และ '.join(around)})",
        f"{node_en} is printed as {number(value)}, but {how_en} {respondents} respondents, who cannot give it "
        f"(possible nearby: {' and '.join(around)})",
        places(value.where),
        as_printed([value]),
        f"{number(value)} × {respondents} ÷ {points} = {whole:.2f} ไม่เป็นจำนวนเต็ม",
        Confidence.CONFIRMED,
        nodes=(node,),
    )
