"""Codes against words: an item printed with the wording of another, an indicator's number with another's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.framework import Framework
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading, Wording
from prongsai.reading.rules._say import places, quoted
from prongsai.reading.source import Line, Where
from prongsai.reading.vocabulary import Vocabulary, vocabulary
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import likeness, squeeze

ITEM = Rule("wording.other_item", "error", "รหัสข้อไม่ตรงกับข้อความ", "an item carries the wording of another")
INDICATOR = Rule("indicator.number", "error", "หมายเลขตัวชี้วัดไม่ตรงกับชื่อ", "an indicator's number does not match its name")
RULES = (ITEM, INDICATOR)
# A wording belongs to another item when it is this much alike to it, and this much more than to its own.
ALIKE, AHEAD = 0.72, 0.25
_LIST = re.compile(r"ตัวชี้วัดที่(\d{1,2}(?:,\d{1,2})*และ(?:ที่)?\d{1,2})([^\d.]{10,120})")
_SHORTEST = 15


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.framework is None:
        return "ไม่ทราบปีงบประมาณของผล จึงไม่ทราบข้อคำถามของปีนั้น"
    return None if reading.wordings or reading.names else "ไม่พบรหัสข้อหรือหมายเลขตัวชี้วัดที่พิมพ์พร้อมข้อความ"


def check(reading: Reading) -> Iterator[Finding]:
    """Item codes against the framework's wordings, indicator numbers against its names."""
    if reading.framework is None:
        return
    texts = item_texts(reading.framework)
    said: set[tuple[str, str]] = set()
    for wording in reading.wordings:
        other = _belongs_to(texts, wording)
        if other and (wording.code, other) not in said:
            said.add((wording.code, other))
            yield Finding(
                ITEM,
                f"ข้อ {wording.code} พิมพ์พร้อมข้อความ {quoted(wording.text)} ซึ่งเป็นข้อความของข้อ {other}",
                f"item {wording.code} is printed with the wording of item {other}",
                places(wording.where),
                (wording.printed,),
                f"{other}: {quoted(texts[other])}",
                nodes=(wording.code, other),
            )
    yield from _indicators(reading, reading.framework)


def item_texts(framework: Framework) -> dict[str, str]:
    """The wording of every item that has one."""
    return {
        item.code: item.text
        for instrument in framework.instruments
        for indicator in instrument.indicators
        for item in indicator.items
        if item.text
    }


def _belongs_to(texts: dict[str, str], wording: Wording) -> str | None:
    """The other item whose wording is printed, None where the words fit the code or nothing clearly."""
    own = texts.get(wording.code)
    if own is None or len(squeeze(wording.text)) < _SHORTEST:
        return None
    mine = likeness(own, wording.text)
    letter = wording.code.rstrip("0123456789.")
    others = {
        code: likeness(text, wording.text)
        for code, text in texts.items()
        if code != wording.code and code.startswith(letter)
    }
    best = max(others, key=lambda code: others[code], default=None)
    if best is None or others[best] < ALIKE or others[best] - mine < AHEAD:
        return None
    return best


def _indicators(reading: Reading, framework: Framework) -> Iterator[Finding]:
    """Numbers printed beside the name of another indicator, in ``names`` and in lists "indicators 5 and 10 X and Y"."""
    names = {i.number: i.name.th for instrument in framework.instruments for i in instrument.indicators}
    words = vocabulary(framework)
    wrong: dict[tuple[str, str], list[tuple[str, Where]]] = {}
    for shown, name, printed, where in (*_named(reading), *_in_lists(reading, words)):
        meant = words.indicator_like(name)
        if meant is not None and shown != meant and meant in names and not _fits(names.get(shown, ""), name):
            wrong.setdefault((shown, meant), []).append((printed, where))
    for (shown, meant), found in wrong.items():
        yield Finding(
            INDICATOR,
            f"ตัวชี้วัด{names[meant]}คือตัวชี้วัดที่ {meant} แต่พิมพ์ไว้ว่าตัวชี้วัดที่ {shown}",
            f"indicator {meant} is called indicator {shown}",
            places(*(where for _, where in found)),
            tuple(dict.fromkeys(printed for printed, _ in found)),
            f"{meant} ≠ {shown}",
            nodes=(meant, shown),
        )


_Named = tuple[str, str, str, Where]  # number, name, both as printed, place


def _named(reading: Reading) -> Iterator[_Named]:
    for name in reading.names:
        numbers = re.findall(r"\d+", to_arabic(name.printed)) or [name.code]
        if len(numbers) == 1:
            yield str(int(numbers[0])), name.text, name.printed, name.where


def _in_lists(reading: Reading, words: Vocabulary) -> Iterator[_Named]:
    known = "|".join(re.escape(name) for name in sorted(words.names, key=len, reverse=True))
    for block in reading.source.blocks:
        if not isinstance(block, Line):
            continue
        for match in _LIST.finditer(squeeze(to_arabic(block.text))):
            numbers, names = re.findall(r"\d+", match.group(1)), re.findall(known, match.group(2))
            if len(numbers) == len(names):
                yield from (
                    (str(int(n)), name, match.group(), block.where) for n, name in zip(numbers, names, strict=True)
                )


def _fits(name: str, printed: str) -> bool:
    """Whether the number's own name is what is printed, give or take what a scan loses."""
    return bool(name) and likeness(name, printed) >= ALIKE
