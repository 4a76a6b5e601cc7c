"""Counts that a report gives of its own lists: so many strengths, so many weaknesses, of so many indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Claim, Reading
from prongsai.reading.rules._lists import under
from prongsai.reading.rules._numbers import Numbers
from prongsai.reading.rules._order import Order
from prongsai.reading.rules._say import listed, places
from prongsai.scoring.structure import structure

LISTED = Rule("count.listed", "error", "จำนวนที่กล่าวไม่ตรงกับที่แสดงไว้", "a count does not match its list")
TOTAL = Rule("count.total", "error", "จำนวนรวมเกินกว่าที่มี", "counts add up to more than there are")
RULES = (LISTED, TOTAL)
_TH = {"strength": "จุดแข็ง", "weakness": "จุดอ่อนหรือจุดที่ต้องพัฒนา"}
_EN = {"strength": "strengths", "weakness": "weaknesses"}


def lacks(reading: Reading) -> str | None:
    """Why nothing could be counted."""
    return None if any(claim.kind == "count" for claim in reading.claims) else "ไม่พบข้อความที่กล่าวถึงจำนวน"


def check(reading: Reading) -> Iterator[Finding]:
    """Counts against the lists that follow them, and against the number of indicators there are."""
    counts = [claim for claim in reading.claims if claim.kind == "count" and claim.number is not None]
    numbers, order = Numbers(reading), Order(reading)
    for claim in counts:
        shown = [node for node, _ in under(numbers, order, claim)]
        if shown and claim.number != len(shown):
            subject = claim.subject or ""
            yield Finding(
                LISTED,
                f"กล่าวว่า{_TH.get(subject, subject)}มี {claim.number:f} รายการ แต่แสดงไว้ {len(shown)} รายการ "
                f"({listed(shown, 20)})",
                f"{claim.number:f} {_EN.get(subject, subject)} are announced, {len(shown)} are listed",
                places(claim.where),
                (f"{claim.number:f}",),
                f"{claim.number:f} ≠ {len(shown)}",
                nodes=tuple(shown),
            )
    yield from _total(reading, counts)


def _total(reading: Reading, counts: list[Claim]) -> Iterator[Finding]:
    """Strengths and weaknesses part the indicators: together they cannot be more than there are."""
    if reading.framework is None:
        return
    tree = structure(reading.framework)
    by_subject: dict[str, Claim] = {}
    for claim in counts:
        kinds = {tree.nodes[node].kind for node in claim.nodes if node in tree.nodes}
        if claim.subject in _TH and kinds <= {"indicator"} and "ตัวชี้วัด" in claim.text:
            by_subject.setdefault(claim.subject, claim)
    if len(by_subject) != len(_TH):
        return
    numbers: dict[str, int] = defaultdict(int)
    for subject, claim in by_subject.items():
        numbers[subject] = int(claim.number or 0)
    there = len(tree.of_kind("indicator"))
    total = sum(numbers.values())
    if total > there:
        sum_text = " + ".join(str(number) for number in numbers.values())
        yield Finding(
            TOTAL,
            f"กล่าวว่ามีจุดแข็ง {numbers['strength']} และจุดที่ต้องพัฒนา {numbers['weakness']} ตัวชี้วัด "
            f"รวมเป็น {total} แต่มีเพียง {there} ตัวชี้วัด",
            f"{numbers['strength']} strengths and {numbers['weakness']} weaknesses make {total}, of {there} indicators",
            places(*(claim.where for claim in by_subject.values())),
            tuple(str(number) for number in numbers.values()),
            f"{sum_text} = {total} > {there}",
            nodes=tuple(by_subject),
        )
