"""A strength that rests on the weakest item of its own indicator."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading, Statement
from prongsai.reading.rules._numbers import Choice, Numbers
from prongsai.reading.rules._say import listed, number, places
from prongsai.reading.rules._words import owners

RULE = Rule(
    "strength.cites_weakest",
    "warning",
    "จุดแข็งอ้างข้อที่คะแนนต่ำที่สุดเป็นหลักฐาน",
    "a strength cites the weakest item as its proof",
)
RULES = (RULE,)


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if not any(statement.kind == "strength" for statement in reading.statements):
        return "ไม่พบจุดแข็งที่ระบุเป็นรายข้อ"
    return None if reading.framework else "ไม่ทราบปีงบประมาณของผล"


def check(reading: Reading) -> Iterator[Finding]:
    """Strengths whose cited survey items include the lowest of the indicator."""
    numbers, of = Numbers(reading), owners(reading.framework)
    for statement in reading.statements:
        if statement.kind != "strength":
            continue
        for code in statement.other_items:
            if code in statement.items or code not in of:
                continue
            scores = {c: one for c in of if of[c] == of[code] and (one := numbers.one(c))}
            if len(scores) > 1 and code in scores and _lowest(scores, code) and _told(statement, scores):
                yield _finding(statement, code, scores, of[code])


def _lowest(scores: dict[str, Choice], code: str) -> bool:
    return all(scores[code].exact < one.exact for other, one in scores.items() if other != code)


def _told(statement: Statement, scores: dict[str, Choice]) -> bool:
    """Whether the strength itself is scored, so that it can be held against the item it cites."""
    return any(code in scores for code in statement.items)


def _finding(statement: Statement, code: str, scores: dict[str, Choice], indicator: str) -> Finding:
    ranked = sorted(scores.items(), key=lambda pair: -pair[1].exact)
    told = ", ".join(f"{c} {number(one.printed)}" for c, one in ranked if one.printed)
    weakest = scores[code].printed
    assert weakest is not None
    return Finding(
        RULE,
        f"จุดแข็งข้อ {listed(statement.items)} อ้างอิง {code} ซึ่งเป็นข้อที่คะแนนต่ำที่สุดของตัวชี้วัดที่ {indicator} ({number(weakest)})",
        f"the strength of {listed(statement.items)} cites {code}, "
        f"the lowest item of indicator {indicator} ({number(weakest)})",
        places(statement.where, weakest.where),
        (weakest.text,),
        told,
        nodes=(*statement.items, code),
    )
