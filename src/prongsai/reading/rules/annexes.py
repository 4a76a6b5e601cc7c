"""The annex of proof against the body: a part without proof, proof under another part, a measure with another name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.framework import Confidence
from prongsai.improvement.model import Measure, Plan, Point
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Evidence, Reading
from prongsai.reading.rules._say import both, listed, places, quoted
from prongsai.reading.rules._words import contained, indicators_of, matter, measures_of, wordings
from prongsai.thai.text import likeness, squeeze

MISSING = Rule("proof.missing", "warning", "ไม่มีหลักฐานของตัวชี้วัด", "an indicator without proof in the annex")
ELSEWHERE = Rule("proof.other_indicator", "warning", "หลักฐานอยู่ใต้ตัวชี้วัดอื่น", "proof under another indicator")
RENAMED = Rule(
    "measure.renamed", "warning", "ชื่อมาตรการในภาคผนวกต่างจากในเนื้อความ", "a measure is named differently in the annex"
)
RULES = (MISSING, ELSEWHERE, RENAMED)
_SAME, _SIMILAR = 0.95, 0.45
_THEIRS, _OWN = 0.55, 0.35
_LEAD = re.compile(r"^(?:มาตรการ)?(?:การ)?")
_SHORTEST = 25


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if not any(one.in_annex for one in reading.evidence):
        return "ไม่พบภาคผนวกหรือเอกสารประกอบการดำเนินการ"
    return None if reading.plan and reading.plan.points else "ไม่พบมาตรการ"


def check(reading: Reading) -> Iterator[Finding]:
    """Indicators of the annex against those of the body, and the names of measures."""
    plan = reading.plan
    annex = [one for one in reading.evidence if one.in_annex]
    if plan is None or not annex:
        return
    body = {number for point in plan.points if point.measures for number in indicators_of(reading, point)}
    proved = {one.indicator for one in annex if one.indicator}
    if len(proved & body) >= 2:
        for number in sorted(body - proved, key=lambda n: (len(n), n)):
            yield _missing(reading, plan, number, proved)
    yield from _elsewhere(reading, plan, annex)
    yield from _renamed(reading, plan, annex)


def _missing(reading: Reading, plan: Plan, number: str, proved: set[str]) -> Finding:
    points = [point for point in plan.points if number in indicators_of(reading, point)]
    node_th, node_en = both(reading.framework, number)
    items = [code for point in points for code in point.items]
    of = f" (ข้อ {listed(items)})" if items else ""
    return Finding(
        MISSING,
        f"ไม่มีหลักฐานของ{node_th}{of} ในภาคผนวก ซึ่งมีเฉพาะของตัวชี้วัดที่ {listed(sorted(proved, key=lambda n: (len(n), n)))}",
        f"the annex has no proof for {node_en}",
        places(*(reading.places.get(point.id) for point in points)),
        (),
        None,
        Confidence.CONFIRMED,
        nodes=(number,),
    )


def _elsewhere(reading: Reading, plan: Plan, annex: list[Evidence]) -> Iterator[Finding]:
    """Proof that has the words of a measure under another indicator, and hardly any of its own."""
    words = wordings(reading.framework)
    texts: dict[str, list[tuple[Point, str]]] = {}
    for point, measure in measures_of(plan):
        about = [matter(words[code]) for code in point.items if words.get(code)]
        for number in indicators_of(reading, point):
            steps = [step.text for step in measure.steps]
            texts.setdefault(number, []).extend((point, text) for text in (*about, *steps))
    said: set[tuple[str, str]] = set()
    for one in annex:
        if one.indicator is None or one.indicator not in texts or len(squeeze(one.text)) < _SHORTEST:
            continue
        own = max((_like(one.text, text) for _, text in texts[one.indicator]), default=0.0)
        best = max(
            ((_like(one.text, text), number, text) for number, found in texts.items() for _, text in found
             if number != one.indicator),
            default=None,
        )  # fmt: skip
        if best is None or own > _OWN or best[0] < _THEIRS or (one.indicator, best[1]) in said:
            continue
        said.add((one.indicator, best[1]))
        yield Finding(
            ELSEWHERE,
            f"หลักฐาน {quoted(one.text)} อยู่ใต้ตัวชี้วัดที่ {one.indicator} แต่เป็นเรื่องของมาตรการในตัวชี้วัดที่ {best[1]}",
            f"proof under indicator {one.indicator} is about the measure of indicator {best[1]}",
            places(one.where),
            (one.text,),
            f"ตรงกับ {quoted(best[2], 60)} ร้อยละ {round(best[0] * 100)} "
            f"(ของตัวชี้วัดที่ {one.indicator} ร้อยละ {round(own * 100)})",
            Confidence.INFERRED,
            nodes=(one.indicator, best[1]),
        )


def _like(proof: str, text: str) -> float:
    """How far a text of the plan stands in a proof, or the proof in it."""
    return max(likeness(proof, text), contained(text, proof))


def _renamed(reading: Reading, plan: Plan, annex: list[Evidence]) -> Iterator[Finding]:
    """Names that the annex gives, against the measure of the body that is most alike."""
    measures = {measure.id: measure for _, measure in measures_of(plan)}
    said: set[str] = set()
    for one in annex:
        title = one.title
        if not title or squeeze(title) in said or not measures:
            continue
        said.add(squeeze(title))
        alike, _, measure = max((_alike(title, measure.title), name, measure) for name, measure in measures.items())
        if _SIMILAR <= alike < _SAME and not _within(title, measure):
            yield Finding(
                RENAMED,
                f"ภาคผนวกเรียกมาตรการว่า {quoted(title)} แต่เนื้อความเรียกว่า {quoted(measure.title)}",
                f"measure {measure.id} has another name in the annex than in the body",
                places(one.where, reading.places.get(measure.id)),
                (title, measure.title),
                None,
                Confidence.CONFIRMED,
                nodes=(measure.id,),
            )


def _alike(first: str, second: str) -> float:
    return likeness(_LEAD.sub("", squeeze(first)), _LEAD.sub("", squeeze(second)))


def _within(title: str, measure: Measure) -> bool:
    """Whether one name is the other cut short: a line that breaks, or the agency's name left out."""
    one, other = (_LEAD.sub("", squeeze(text)) for text in (title, measure.title))
    return one.startswith(other) or other.startswith(one)
