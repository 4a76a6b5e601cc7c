"""The same words for measures of different matters: a title used again, the same steps again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from prongsai.improvement.model import Measure, Point
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._say import listed, places, quoted
from prongsai.reading.rules._words import contained, indicators_of, measures_of, wordings
from prongsai.thai.text import likeness, squeeze

TITLE = Rule("copied.title", "warning", "ชื่อมาตรการซ้ำกับของตัวชี้วัดอื่น", "a measure carries the name of another's")
STEPS = Rule("copied.steps", "warning", "ขั้นตอนคัดลอกระหว่างมาตรการ", "steps copied between measures")
RULES = (TITLE, STEPS)
ALIKE = 0.93
_SHORTEST, _SHORTEST_TITLE = 30, 12
_FEWEST = 2
_MOST_OF = 0.6
_FITS = 0.5
_LEAD = re.compile(r"^(?:มาตรการ|โครงการ|กิจกรรม)?(?:การ)?")

_Pair = tuple[Point, Measure]


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.plan is None:
        return "ไม่พบมาตรการ"
    return None if sum(1 for _ in measures_of(reading.plan)) > 1 else "พบเพียงมาตรการเดียว"


def check(reading: Reading) -> Iterator[Finding]:
    """Groups of measures with one title under different indicators, and groups that share their steps."""
    if reading.plan is None:
        return
    pairs = list(measures_of(reading.plan))
    for group in _groups(pairs, lambda a, b: _same_title(reading, a, b)):
        yield _finding(reading, TITLE, group, [quoted(group[0][1].title, 70)])
    for group in _groups(pairs, _same_steps):
        shared = _shared(group[0][1], group[1][1])
        yield _finding(reading, STEPS, group, [quoted(text, 60) for text in shared[:2]])


def _groups(pairs: list[_Pair], alike: Callable[[_Pair, _Pair], bool]) -> Iterator[list[_Pair]]:
    """Measures joined by a likeness, each group in reading order."""
    group_of = list(range(len(pairs)))
    for second in range(len(pairs)):
        for first in range(second):
            if alike(pairs[first], pairs[second]):
                old, new = group_of[second], group_of[first]
                group_of = [new if number == old else number for number in group_of]
    for number in dict.fromkeys(group_of):
        members = [pair for pair, own in zip(pairs, group_of, strict=True) if own == number]
        if len(members) > 1:
            yield members


def _same_title(reading: Reading, first: _Pair, second: _Pair) -> bool:
    """One title under different indicators; one measure for two items of one indicator is sensible."""
    if first[0].id == second[0].id:
        return False
    one, other = (_LEAD.sub("", squeeze(pair[1].title)) for pair in (first, second))
    if min(len(one), len(other)) < _SHORTEST_TITLE or likeness(one, other) < ALIKE:
        return False
    mine, theirs = indicators_of(reading, first[0]), indicators_of(reading, second[0])
    if not mine or not theirs or mine & theirs or _one_measure(first, second):
        return False
    return not (_speaks_of(reading, first) and _speaks_of(reading, second))


def _speaks_of(reading: Reading, pair: _Pair) -> bool:
    """Whether a measure's name has the words of the weak point it stands under: then the name fits there."""
    point, measure = pair
    words = wordings(reading.framework)
    title = _LEAD.sub("", squeeze(measure.title))
    for name in (reading.agency.text if reading.agency else "", *(unit for s in measure.steps for unit in s.units)):
        title = title.replace(f"ของ{squeeze(name)}", "") if name else title
    steps = (step.text for step in measure.steps)
    asked = (words.get(code, "") for code in point.items)
    about = " ".join((point.topic or "", point.finding or "", point.guideline or "", *asked, *steps))
    return contained(title, about) >= _FITS


def _same_steps(first: _Pair, second: _Pair) -> bool:
    """Steps shared by measures of different names."""
    if first[1].id == second[1].id:
        return False
    if _one_measure(first, second):
        return False
    fewer = min(len(first[1].steps), len(second[1].steps))
    shared = len(_shared(first[1], second[1]))
    return shared >= _FEWEST and shared >= _MOST_OF * fewer


def _one_measure(first: _Pair, second: _Pair) -> bool:
    """Whether one measure, name and steps, is set down for two points: that is a choice, not a slip."""
    names = {squeeze(measure.title) for _, measure in (first, second)}
    steps = {tuple(squeeze(step.text) for step in measure.steps) for _, measure in (first, second)}
    return len(names) == 1 and len(steps) == 1


def _shared(first: Measure, second: Measure) -> list[str]:
    """The steps of one measure that the other has too."""
    long = [step.text for step in second.steps if len(squeeze(step.text)) >= _SHORTEST]
    return [
        step.text
        for step in first.steps
        if len(squeeze(step.text)) >= _SHORTEST and any(likeness(step.text, other) >= ALIKE for other in long)
    ]


def _finding(reading: Reading, rule: Rule, group: list[_Pair], texts: list[str]) -> Finding:
    names = [_name(point, measure) for point, measure in group]
    codes = list(dict.fromkeys(code for point, _ in group for code in (*point.items, *point.indicators)))
    what_th = "ใช้ชื่อเดียวกัน" if rule is TITLE else "มีขั้นตอนซ้ำกัน"
    what_en = "carry one name" if rule is TITLE else "share their steps"
    return Finding(
        rule,
        f"มาตรการของ {' และ '.join(names)} {what_th}: {' '.join(texts)}",
        f"the measures of {listed([measure.id for _, measure in group])} {what_en}",
        places(*(reading.places.get(measure.id) or reading.places.get(point.id) for point, measure in group)),
        tuple(dict.fromkeys(texts)),
        None,
        nodes=tuple(codes) or tuple(measure.id for _, measure in group),
    )


def _name(point: Point, measure: Measure) -> str:
    if point.items:
        return f"ข้อ {listed(point.items, 4)}"
    of = f" (ตัวชี้วัดที่ {listed(point.indicators, 4)})" if point.indicators else ""
    return f"{quoted(measure.title, 40)}{of}"
