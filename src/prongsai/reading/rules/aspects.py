"""The grouping by aspects: items that stand in none, and measure tables for some of the aspects only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from prongsai.framework import Confidence
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._order import Order
from prongsai.reading.rules._say import listed, places
from prongsai.reading.rules._words import owners, wordings
from prongsai.reading.source import Line, Where
from prongsai.thai.digits import to_arabic

ITEMS = Rule("aspect.items_left_out", "warning", "ข้อที่ไม่อยู่ในประเด็นใด", "items that stand in no aspect")
MEASURES = Rule(
    "aspect.measures_missing", "warning", "บางประเด็นไม่มีตารางมาตรการ", "measure tables for some of the aspects only"
)
RULES = (ITEMS, MEASURES)
_NEARLY_ALL = 0.75
_HEADING = re.compile(r"\W*ประเด็น\s*(?:ที่)?\s*(\d+)")
_SENTENCE = 20


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    return None if reading.aspects else "รายงานไม่ได้จัดกลุ่มตามประเด็น"


def check(reading: Reading) -> Iterator[Finding]:
    """Items in no aspect, and aspects without a table of measures."""
    if not reading.aspects:
        return
    yield from _items(reading)
    yield from _measures(reading)


def _items(reading: Reading) -> Iterator[Finding]:
    """Only where the aspects list nearly all items, so that the list is meant to be whole."""
    everything = owners(reading.framework)
    inside = {code for codes in reading.aspects.values() for code in codes}
    elsewhere = {value.node.split("@")[0] for value in reading.values}
    outside = [code for code in everything if code not in inside and code not in elsewhere]
    if not everything or not outside or len(inside & set(everything)) < _NEARLY_ALL * len(everything):
        return
    if set(range(1, max(_numbers(reading)) + 1)) - set(reading.aspects):
        return  # an aspect that was not read, or not written, takes its items with it
    wheres = _tables(reading)
    words = wordings(reading.framework)
    named = [f"{code} {words[code]}" if words[code] else code for code in outside]
    yield Finding(
        ITEMS,
        f"ข้อ {listed(outside, 20)} ไม่อยู่ในประเด็นใดของทั้ง {len(reading.aspects)} ประเด็น จึงไม่ได้วิเคราะห์และไม่มีคะแนน "
        f"({listed(named, 6)})",
        f"{listed(outside, 20)} stand in none of the {len(reading.aspects)} aspects",
        places(*wheres[:1], *wheres[-1:]),
        (),
        f"{len(everything)} − {len(inside & set(everything))} = {len(outside)}",
        Confidence.CONFIRMED,
        nodes=tuple(outside),
    )


def _numbers(reading: Reading) -> list[int]:
    known = reading.framework.aspects if reading.framework else ()
    return [*reading.aspects, *(aspect.number for aspect in known)]


def _tables(reading: Reading) -> list[Where]:
    order = Order(reading)
    found = [reading.places[f"aspect:{n}"] for n in sorted(reading.aspects) if f"aspect:{n}" in reading.places]
    return sorted(found, key=order.of)


def _measures(reading: Reading) -> Iterator[Finding]:
    present = [number for number in sorted(reading.aspects) if number in reading.aspect_measures]
    without = [n for n in sorted(reading.aspects) if n not in reading.aspect_measures and _is_weak(reading, n)]
    missing = [number for number in without if not _said_to_need_none(reading, number)]
    if not present or not missing:
        return
    last = reading.places.get(f"aspect:{present[-1]}:measures") or _last_place(reading)
    yield Finding(
        MEASURES,
        f"มีตารางมาตรการของประเด็นที่ {listed([str(n) for n in present])} แต่ไม่มีของประเด็นที่ "
        f"{listed([str(n) for n in missing])} ข้อความที่อ่านได้อาจถูกตัดท้าย",
        f"measure tables are there for aspects {listed([str(n) for n in present])}, not for "
        f"{listed([str(n) for n in missing])}; the text may be cut",
        places(last),
        (),
        f"{len(present)} จาก {len(reading.aspects)} ประเด็น",
        Confidence.CONFIRMED,
        nodes=tuple(f"aspect:{n}" for n in missing),
    )


def _said_to_need_none(reading: Reading, number: int) -> bool:
    """Whether the heading of an aspect comes again after its items, with a sentence below it in place of a table."""
    analysed = reading.places.get(f"aspect:{number}")
    blocks = reading.source.blocks[Order(reading).of(analysed)[0] + 1 :] if analysed else ()
    return any(
        isinstance(heading, Line)
        and isinstance(below, Line)
        and (match := _HEADING.match(to_arabic(heading.text)))
        and int(match.group(1)) == number
        and not _HEADING.match(to_arabic(below.text))
        and len(below.text) >= _SENTENCE
        for heading, below in pairwise(blocks)
    )


def _is_weak(reading: Reading, number: int) -> bool:
    """Whether a weak point of an aspect is stated, so that a measure is owed."""
    codes = set(reading.aspects[number])
    stated = [one for one in reading.statements if one.kind == "weakness"]
    lowest = {node for claim in reading.claims if claim.kind == "lowest" for node in claim.nodes}
    return any(one.aspect == number or codes & set(one.items) for one in stated) or bool(codes & lowest)


def _last_place(reading: Reading) -> Where | None:
    return reading.source.blocks[-1].where if reading.source.blocks else None
