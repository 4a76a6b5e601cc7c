"""The same digits where chance hardly puts them: neighbouring scores copied from another instrument, equal items.

Equal scores are common where few people answered, since there are few scores to get. So how likely an equality is
gets estimated from the printed number of respondents, else from the one that most printed scores imply, else from
the smallest that can give them all; and only what chance would hardly do is said: three or more equal items that
make up half of the printed ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import comb, pi, sqrt

from prongsai.analysis.respondents import implied_from
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Printed, Reading
from prongsai.reading.rules._numbers import Numbers
from prongsai.reading.rules._respondents import gap, smallest_number, stated, with_steps
from prongsai.reading.rules._say import as_printed, listed, number, places
from prongsai.scoring.structure import structure

COPIED = Rule(
    "digits.copied",
    "warning",
    "คะแนนของตัวชี้วัดที่อยู่ติดกันตรงกับของอีกเครื่องมือหนึ่ง",
    "neighbouring indicators equal those of another instrument",
)
EQUAL = Rule("digits.equal_items", "warning", "คะแนนของหลายข้อเท่ากันทุกหลัก", "several items have exactly the same score")
RULES = (COPIED, EQUAL)
UNLIKELY = 0.05
_FINEST = 0.01
_SPREAD = 1.0  # the least spread of items, in points: a smaller one seen in a few items says nothing


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    return None if reading.framework and reading.values else "ไม่พบคะแนน หรือไม่ทราบปีงบประมาณของผล"


def check(reading: Reading) -> Iterator[Finding]:
    """Runs of indicators equal between instruments, and three or more equal items of one instrument."""
    if reading.framework is None:
        return
    numbers = Numbers(reading)
    yield from _runs(reading, numbers)
    yield from _items(reading, numbers)


def _runs(reading: Reading, numbers: Numbers) -> Iterator[Finding]:
    assert reading.framework is not None
    instruments = [
        (instrument.code, [indicator.number for indicator in instrument.indicators])
        for instrument in reading.framework.instruments
    ]
    for position, (_, first) in enumerate(instruments):
        for _, second in instruments[position + 1 :]:
            for run in _equal_runs(numbers, first, second):
                pairs = [(a, numbers.by_node[a][0], b, numbers.by_node[b][0]) for a, b in run]
                of = " และ ".join(b for _, _, b, _ in pairs)
                as_in = " และ ".join(a for a, _, _, _ in pairs)
                digits = ", ".join(number(value) for _, value, _, _ in pairs)
                yield Finding(
                    COPIED,
                    f"ตัวชี้วัดที่ {of} พิมพ์ไว้ {digits} ซึ่งตรงทุกหลักกับตัวชี้วัดที่ {as_in} ของอีกเครื่องมือหนึ่ง ควรตรวจว่าคัดลอกผิดแถวหรือไม่",
                    f"indicators {listed([b for _, _, b, _ in pairs])} are printed as {digits}, digit for digit "
                    f"those of {listed([a for a, _, _, _ in pairs])} of another instrument; a row may have been copied",
                    places(*(v.where for _, x, _, y in pairs for v in (y, x))),
                    as_printed([y for _, _, _, y in pairs]),
                    ", ".join(f"{b} = {a} = {number(value)}" for a, value, b, _ in pairs),
                    nodes=tuple(b for _, b in run) + tuple(a for a, _ in run),
                )


def _equal_runs(numbers: Numbers, first: Sequence[str], second: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Longest runs of two or more neighbours equal in order; whole scores (100, 95) happen too often."""
    runs: list[list[tuple[str, str]]] = []
    for shift in range(-len(second) + 1, len(first)):
        run: list[tuple[str, str]] = []
        for index, b in enumerate(second):
            a = first[index + shift] if 0 <= index + shift < len(first) else None
            if a and _equal(numbers, a, b):
                run.append((a, b))
                continue
            runs.append(run)
            run = []
        runs.append(run)
    return [run for run in runs if len(run) >= 2 and len({numbers.by_node[a][0].value for a, _ in run}) > 1]


def _equal(numbers: Numbers, a: str, b: str) -> bool:
    one, other = numbers.one(a), numbers.one(b)
    if one is None or other is None or one.printed is None or other.printed is None:
        return False
    return one.exact == other.exact and one.exact.denominator > 1


def _items(reading: Reading, numbers: Numbers) -> Iterator[Finding]:
    assert reading.framework is not None
    nodes = structure(reading.framework).nodes
    groups: dict[tuple[str, str | None], dict[str, Printed]] = {}
    for node in numbers.by_node:
        known, one = nodes.get(node), numbers.one(node)
        if known and known.kind == "item" and known.instrument and one and one.printed and 0 < one.exact < 100:
            groups.setdefault((known.instrument, known.part), {})[node] = one.printed
    for (instrument, part), values in groups.items():
        by_value: dict[Fraction, list[str]] = {}
        for node, value in values.items():
            by_value.setdefault(Fraction(value.value), []).append(node)
        people = stated(reading, part or instrument)
        for equal in by_value.values():
            if len(equal) >= max(3, len(values) / 2) and _chance(reading, values, equal, people) < UNLIKELY:
                yield _equal_items(values, equal)


def _chance(reading: Reading, values: dict[str, Printed], equal: Sequence[str], people: int | None) -> float:
    """About how many such equalities chance gives among items spread as the printed ones are.

    Items that people think the same of differ by chance alone: near an end of the scale, where hardly anyone gives
    another answer than the best or the worst, by even less than the printed ones do (a Poisson number of steps).
    """
    implied = implied_from(with_steps(reading, values), "")
    fitting = people or (implied.respondents if implied else smallest_number(reading, values))
    apart = max((gap(reading, node) for node in equal), default=1.0) / fitting if fitting else _FINEST
    scores = sorted({float(value.value) for value in values.values()})
    middle = sum(scores) / len(scores)
    spread = max(sqrt(sum((one - middle) ** 2 for one in scores) / len(scores)), _SPREAD)
    first = values[equal[0]]
    score = float(first.value * 100 / (first.of or 100))
    by_chance = sqrt(min(score, 100 - score) * apart)
    there = max(2 * sqrt(pi) * min(spread, by_chance) / apart, 1.0)
    return float(comb(len(values), len(equal)) / there ** (len(equal) - 1))


def _equal_items(values: dict[str, Printed], equal: Sequence[str]) -> Finding:
    score = number(values[equal[0]])
    codes = [node.split("@")[0] for node in equal]
    return Finding(
        EQUAL,
        f"ข้อ {listed(codes)} พิมพ์คะแนนไว้ {score} เท่ากันทุกหลัก ซึ่งเกิดขึ้นเองได้ยาก ควรตรวจว่าคัดลอกมาผิดหรือไม่",
        f"items {listed(codes)} all have exactly {score}, which chance hardly does; one may have been copied",
        places(*(values[node].where for node in equal)),
        as_printed(values[node] for node in equal),
        " = ".join(codes) + f" = {score}",
        nodes=tuple(equal),
    )
