"""Digits taken for one another: for each number that cannot stand, what it should read, or why that stays open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.repair import Change, Repair, repair
from prongsai.reading.repairing.equations import binding_equations
from prongsai.scoring.score import label
from prongsai.scoring.structure import Node, structure

RULE = Rule(
    "repair.digits",
    "error",
    "ตัวเลขที่น่าจะอ่านหรือพิมพ์สลับกัน พร้อมค่าที่ทำให้สมการคะแนนทุกข้อลงตัว",
    "digits probably confused, with the value under which all score equations hold",
)
RULES = (RULE,)
_MOST_NAMED = 4
_ORDER = list(Confidence)
Answer = Mapping[str, Decimal | None]


def lacks(reading: Reading) -> str | None:
    """Why there is nothing to compare."""
    if reading.framework is None:
        return "ไม่ทราบปีงบประมาณที่ประเมิน จึงไม่ทราบสูตรคะแนน"
    if not binding_equations(reading.framework, {value.node for value in reading.values}):
        return "ไม่มีคะแนนที่พิมพ์ไว้คู่กันพอให้ตั้งสมการ"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """One finding for each number put right, one for each set of numbers of which it cannot be said which is wrong.

    Two different prints with nothing to judge them by are another rule's finding.
    """
    if reading.framework is None:
        return
    nodes = structure(reading.framework).nodes
    repaired = repair(reading)
    for change in repaired.decided:
        yield _finding(reading, repaired, [change], _decided(change, nodes[change.node]))
    for group in _groups(repaired):
        yield _finding(reading, repaired, group, _open(repaired, group, nodes))


def _finding(reading: Reading, repaired: Repair, changes: Sequence[Change], said: tuple[str, str]) -> Finding:
    names = [change.node for change in changes]
    prints = [value for name in names for value in reading.printed(name)]
    rules = [e.confidence for e in repaired.equations if set(names) & set(e.nodes)]
    return Finding(
        rule=RULE,
        th=said[0],
        en=said[1],
        where=tuple(value.where for value in prints),
        printed=tuple(value.text for value in prints),
        computed="; ".join(changes[0].evidence) or None,
        confidence=max(rules, key=_ORDER.index, default=Confidence.CONFIRMED),
        severity=None if changes[0].decided else "warning",
        repair={change.node: change.as_json() for change in changes},
        nodes=tuple(names),
    )


def _decided(change: Change, node: Node) -> tuple[str, str]:
    wrong = [f"{m.text} ควรเป็น {m.meant}{_glyphs(change, place)}" for place, m in enumerate(change.misprints)]
    wrong_en = ", ".join(f"{misprint.text} for {misprint.meant}" for misprint in change.misprints)
    reason = f" ตามสมการ {change.evidence[0]}" if change.evidence else ""
    return (
        f"{label(node)} พิมพ์ {' และ '.join(wrong)}{reason}",
        f"{node.id}: printed {wrong_en}; the equations need {change.number}",
    )


def _glyphs(change: Change, place: int) -> str:
    glyphs = change.misprints[place].glyphs
    if not glyphs:
        return " (ไม่ใช่การสลับตัวเลขที่คล้ายกัน)"
    return " (" + ", ".join(f"เลข {glyph.meant} พิมพ์เป็น {glyph.printed}" for glyph in glyphs) + ")"


def _groups(repaired: Repair) -> list[list[Change]]:
    """Open numbers that stand in equations together, in the order of the first of each."""
    waiting = [change for change in repaired.undecided if change.covered]
    groups: list[list[Change]] = []
    while waiting:
        group = [waiting.pop(0)]
        for known in group:  # grows while it is walked
            beside = {node for e in repaired.equations if known.node in e.nodes for node in e.nodes}
            group += [change for change in waiting if change.node in beside]
            waiting = [change for change in waiting if change.node not in beside]
        groups.append(group)
    return groups


def _open(repaired: Repair, group: Sequence[Change], nodes: Mapping[str, Node]) -> tuple[str, str]:
    """The answers that would all do, each as the numbers that would change."""
    names = [change.node for change in group]
    answers: list[Answer] = []
    for numbers in ({}, *(other.numbers for other in repaired.alternatives)):
        answer = {name: numbers.get(name, repaired.numbers[name]) for name in names}
        if answer not in answers:
            answers.append(answer)
    printed = "; ".join(f"{label(nodes[change.node])} {' และ '.join(change.printed)}" for change in group)
    printed_en = ", ".join(f"{change.node} {' and '.join(change.printed)}" for change in group)
    if len(answers) == 1:
        [only] = group[:1]
        span = f" คะแนนที่นำมารวมให้ {only.implied[0]} ถึง {only.implied[1]}" if only.implied else ""
        return (
            f"{printed} ขัดกับคะแนนอื่น และการสลับตัวเลขที่คล้ายกันอย่างเดียวไม่พอจะอธิบาย{span}",
            f"{printed_en}: does not follow, and confused digits alone do not explain it",
        )
    more = len(answers) > _MOST_NAMED
    th = [_answer(answer, group, {None: "ค่าอื่น", "overall": "คะแนนรวม"}) for answer in answers[:_MOST_NAMED]]
    en = [_answer(answer, group, {None: "another number"}) for answer in answers[:_MOST_NAMED]]
    return (
        f"{printed} ลงตัวพร้อมกันไม่ได้ และชี้ขาดไม่ได้ว่าค่าใดผิด อาจเป็น {' หรือ '.join(th)}{' หรืออย่างอื่น' if more else ''}",
        f"{printed_en}: cannot all stand; not decidable between {' / '.join(en)}{' or others' if more else ''}",
    )


def _answer(answer: Answer, group: Sequence[Change], words: Mapping[str | None, str]) -> str:
    """``(6 = 98.60, 7 = 97.20)``: the numbers of an answer that are not the only print."""
    told = [
        f"{words.get(change.node, change.node)} = {words[None] if number is None else number}"
        for change in group
        for number in [answer[change.node]]
        if len(change.printed) > 1 or not change.stands(number)
    ]
    return f"({', '.join(told)})"
