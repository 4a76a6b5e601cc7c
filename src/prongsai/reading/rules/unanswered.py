"""Weak points that no measure answers: items named as weak, and checklist items that failed.

Where a plan answers whole indicators, its survey items are answered with them. A failed checklist item wants more:
a measure that names it by code or by what it asks for, since only that thing can repair it.
"""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.improvement.model import Plan
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Printed, Reading
from prongsai.reading.rules._lists import heads_a_list
from prongsai.reading.rules._numbers import Numbers
from prongsai.reading.rules._say import number, places, quoted
from prongsai.reading.rules._verdicts import checklist_items, verdicts
from prongsai.reading.rules._words import contained, matter, measures_of, names_code, owners, texts_of, wordings
from prongsai.reading.source import Where

WEAK = Rule("weakness.unanswered", "warning", "จุดอ่อนที่ไม่มีมาตรการรองรับ", "a weak item without a measure")
FAILED = Rule("failed.unanswered", "error", "ข้อที่ไม่ผ่านไม่มีมาตรการใดระบุถึง", "a failed item that no measure names")
RULES = (WEAK, FAILED)
NAMED = 0.6


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.plan is None or not reading.plan.points:
        return "ไม่พบมาตรการ จึงไม่มีสิ่งที่จะเทียบกับจุดอ่อน"
    if not (_weak(reading) or verdicts(reading).failed):
        return "ไม่พบจุดอ่อนที่ระบุเป็นรายข้อ"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """Weak and failed items without an answer in the plan."""
    plan = reading.plan
    if plan is None or not any(point.measures for point in plan.points):
        return
    yield from _failed(reading, plan)
    yield from _survey(reading, plan)


def _failed(reading: Reading, plan: Plan) -> Iterator[Finding]:
    words = wordings(reading.framework)
    for code, where in verdicts(reading).failed.items():
        if _named(plan, code, words.get(code, "")) or _cut_off(reading, code):
            continue
        yield Finding(
            FAILED,
            f"ข้อ {code} {quoted(words[code], 60)} ไม่ได้คะแนน แต่ไม่มีมาตรการหรือขั้นตอนใดระบุถึง",
            f"item {code} failed, and no measure or step names it",
            places(where),
            (code,),
            None,
            nodes=(code,),
        )


def _named(plan: Plan, code: str, wording: str) -> bool:
    for point, measure in measures_of(plan):
        if code in point.items:
            return True
        for text in (*texts_of(measure), point.topic or "", point.finding or "", point.guideline or ""):
            if names_code(text, code) or (wording and contained(matter(wording), text) >= NAMED):
                return True
    return False


def _weak(reading: Reading) -> dict[str, Where]:
    """Survey items named as weak: stated so, or standing in a list of what is below a threshold."""
    found: dict[str, Where] = {}
    checklist, known = checklist_items(reading), owners(reading.framework)
    for statement in reading.statements:
        if statement.kind == "weakness":
            for code in statement.items:
                found.setdefault(code, statement.where)
    for claim in reading.claims:
        if claim.kind == "all_below" and heads_a_list(claim):
            for code in claim.nodes:
                found.setdefault(code, claim.where)
    return {code: where for code, where in found.items() if code in known and code not in checklist}


def _survey(reading: Reading, plan: Plan) -> Iterator[Finding]:
    """Only against a plan that lists items: where it lists some of an indicator, the others are left out."""
    numbers, of, words = Numbers(reading), owners(reading.framework), wordings(reading.framework)
    by_item = {of[code] for point in plan.points if point.measures for code in point.items if code in of}
    whole = {n for point in plan.points if point.measures and not point.items for n in point.indicators}
    if any(point.measures and not (point.items or point.indicators) for point in plan.points):
        return  # a point that could not be placed may answer anything
    for code, where in _weak(reading).items():
        if of[code] in whole or of[code] not in by_item or _cut_off(reading, code):
            continue
        if _named(plan, code, words.get(code, "")):
            continue
        values = numbers.by_node.get(code, [])
        yield Finding(
            WEAK,
            f"ข้อ {code}{_score(values)} {quoted(words.get(code) or code, 70)} ระบุเป็นจุดที่ต้องพัฒนา"
            f"{_weakest(numbers, of, code)} แต่ไม่มีมาตรการรองรับ",
            f"item {code}{_score(values)} is named as weak, and no measure answers it",
            places(*(value.where for value in values[:1]), where),
            tuple(value.text for value in values[:1]),
            None,
            nodes=(code,),
        )


def _score(values: list[Printed]) -> str:
    return f" ({number(values[0])})" if values else ""


def _weakest(numbers: Numbers, of: dict[str, str], code: str) -> str:
    """Says where it is the lowest printed item of its indicator."""
    scores = {c: one.exact for c in of if of[c] == of[code] and (one := numbers.one(c))}
    lowest = code in scores and len(scores) > 1 and scores[code] == min(scores.values())
    return f" และเป็นข้อที่คะแนนต่ำที่สุดของตัวชี้วัดที่ {of[code]}" if lowest else ""


def _cut_off(reading: Reading, code: str) -> bool:
    """Whether the item belongs to an aspect whose table of measures is not in the text: that is said once."""
    with_measures = set(reading.aspect_measures)
    return bool(with_measures) and any(
        code in codes and number not in with_measures for number, codes in reading.aspects.items()
    )
