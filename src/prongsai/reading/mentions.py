"""Finds in a passage what is named (nodes of the framework) and what is counted (scores), each at its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from prongsai.reading.item_codes import Around, candidates, decide, misread
from prongsai.reading.loosely import loose
from prongsai.reading.lost_parts import LOST, put_right
from prongsai.reading.squeezed import Passage
from prongsai.reading.vocabulary import Vocabulary


@dataclass(frozen=True)
class Mention:
    """Nodes named at one place. ``number``/``name``: an indicator's number and name as printed there."""

    kind: str  # overall, result, instrument, part, indicator, sub_indicator, item
    nodes: tuple[str, ...]
    start: int
    end: int
    number: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Number:
    """A figure that may be a score. ``unit``: says คะแนน or ร้อยละ; ``bound``: a threshold, range or target."""

    value: Decimal
    start: int
    end: int
    unit: bool
    bound: bool
    of: Decimal | None = None


_NUMBER = re.compile(
    r"(?<![\d.,/A-Za-z])(?<!\d:)(?P<number>\d{1,3}(?:[.·．][^\S\n]?\d{1,4}|,\d{2}(?!\d))?)(?!\d|[.,:]\d|/(?!\d{2,3}(?![\d/])))"
    r"(?P<unit>\s?(?:คะแนน|%|เปอร์เซ็นต์))?"
)
_FULL_MARK = re.compile(r"(?:คะแนน)?[(,]?(?:จาก|/|เต็ม)+(?:คะแนน)?(?:เต็ม)?(?P<of>\d{2,3}(?:\.\d+)?)(?!\d)(?:คะแนน)?\)?")
# 100.00 with one digit misread: no possible score, but plainly one that was printed.
FULL_MISREAD = re.compile(r"[2-9]00\.00|1[1-9]0\.00|10[1-9]\.00|100\.[1-9]0|100\.0[1-9]")
_BOUND_BEFORE = re.compile(
    loose(
        r"(?:เกณฑ์ของระดับ[ก-๙A-F]{1,12}|เกณฑ์|เป้าหมาย|ไม่น้อยกว่า|ไม่ต่ำกว่า|ต่ำกว่า|น้อยกว่า|มากกว่า|สูงกว่า|เกินกว่า|เกิน|ตั้งแต่|อย่างน้อย|ถึงระดับ|ถึง"
        r"|เต็ม|ขาด|ขาดอีก|ห่าง|เพิ่มขึ้น|ลดลง|เพิ่ม|ลด|ระหว่าง|น้ำหนัก|ค่าเฉลี่ยของ[ก-๙]{1,12}|ค่าเฉลี่ยราย[ก-๙]{1,12}|ประเทศ|คลาดเคลื่อน[ก-๙]{0,9}"
        r"|ความเชื่อมั่น|ปีก่อน|ขั้นต่ำ[ก-๙]{0,16}|\d\s?[–\-]|[±+≥≤<>~])(?:คะแนน|ร้?อยละ|คือ|อีก|ที่|จาก|เฉลี่ย|เท่ากับ|ค่า|รวม|ภาพรวม|ใน|[:(=\s])*$"
    )
)
_BOUND_AFTER = re.compile(loose(r"(?:\s?คะแนน)?(?:ขึ้นไป|ลงมา|ลงไป|หรือต่ำกว่า|หรือสูงกว่า|[–\-]\d|ถึง\d|ถึงร้อยละ)"))
_NOT_A_SCORE = re.compile(r"\s?(?:บาท|ล้าน|น\.)")
_COUNTED = re.compile(r"\s?(?:คน|ราย|ชุด|ข้อ(?!ที่)|ตัวชี้วัด|วัน|เดือน|ปี|ครั้ง|หน้า|โครงการ|กิจกรรม|แห่ง|ประเด็น|มาตรการ)")
_PERCENT_BEFORE = re.compile(loose(r"ร้อยละ(?:คะแนน)?[\s:(]*$"))
_EQUAL_BEFORE = re.compile(loose(r"(?:เท่ากับ|อยู่ที่|ได้คะแนน|คะแนนคือ|=)(?:คะแนน)?[\s:(]*$"))
_CITED = re.compile(r"(?:อ้างอิง(?:\s?จาก)?|ข้อ|OIT|[,(]|และ|หรือ|จาก|[0o]\d{1,2}[–—\-])[\s(]*$")
_PICKED = re.compile(r"จุด(?:แข็ง|อ่อน|ที่)[^\n]{0,40}(?:คือ|ได้แก่)$")
_SCORED = re.compile(r"\(?\d{1,3}(?:\.\d+)?\s?คะแนน")
_TITLE_LENGTH = 160
_WEAK_PART = re.compile(r"ส่วนที่\d")


def numbers(text: Passage) -> list[Number]:
    """All figures of a passage that look like a score or a bound of one."""
    plain, found = text.plain, []
    for match in _NUMBER.finditer(plain):
        raw = match.group("number")
        before = plain[max(0, match.start() - 40) : match.start()]
        after = plain[match.end("number") : match.end("number") + 30]
        if _NOT_A_SCORE.match(after) or (raw.isdigit() and _COUNTED.match(after)):
            continue
        value = Decimal(re.sub(r"[·．,]", ".", raw).replace(" ", "").replace("\ue000", ""))
        percent = bool(_PERCENT_BEFORE.search(before))
        unit = bool(match.group("unit")) or percent
        decimals = len(raw.rpartition(".")[2]) if not raw.isdigit() else 0
        bound = bool(_BOUND_BEFORE.search(before) or _BOUND_AFTER.match(after))
        if (value > 100 and not FULL_MISREAD.fullmatch(raw)) or not (
            decimals >= 2 or unit or (_EQUAL_BEFORE.search(before) and not before.endswith("\n"))
        ):
            continue
        of, end = None, match.end()
        if mark := _FULL_MARK.match(plain, match.end("number")):
            of, end = Decimal(mark.group("of")), mark.end()
            if of > 100 or of < value:
                of, end = None, match.end()
        found.append(Number(value, match.start(), end, unit, bound, None if of == 100 else of))
    full = {number.end for number in found if number.of}
    return [n for n in found if not any(n.start < end <= n.end and n.of is None and n.end == end for end in full)]


def mentions(text: Passage, words: Vocabulary, around: Callable[[int], Around]) -> list[Mention]:
    """All nodes named in a passage. ``around`` tells what a place stands under, for codes that need it."""
    found: list[Mention] = []
    indicator: tuple[int, str] | None = None  # line, number: an indicator named earlier in the same line
    for match in words.pattern.finditer(text.plain):
        place = around(match.start())
        line = text.index(match.start())
        if indicator and indicator[0] == line:
            owner = words.instrument_of.get(indicator[1])
            place = replace(place, indicator=indicator[1], instrument=owner or place.instrument)
        made = _mention(match, text, words, place)
        if made is None:
            continue
        found.append(made)
        if made.kind == "indicator" and match.lastgroup != "name" and len(made.nodes) == 1:
            indicator = (line, made.nodes[0])
    return _with_ranges(_without_titles(found, text), text, words)


def _without_titles(found: list[Mention], text: Passage) -> list[Mention]:
    """Leave out an indicator's bare name where it is part of an item's title (``ข้อ i11 การใช้งบประมาณและ…``)."""
    kept: list[Mention] = []
    for mention in found:
        last = kept[-1] if kept else None
        bare = mention.kind == "indicator" and mention.number is None
        if bare and last and last.kind == "item" and not text.plain.startswith(("ตัวชี้วัด", "ด้าน"), mention.start):
            gap = text.plain[last.end : mention.start]
            if len(gap) <= _TITLE_LENGTH and not re.search(r"[\n\d(]", gap):
                continue
        kept.append(mention)
    return kept


def _mention(match: re.Match[str], text: Passage, words: Vocabulary, around: Around) -> Mention | None:
    kind = next(name for name, value in match.groupdict().items() if value is not None)
    made: Mention | None = None
    if kind.startswith(LOST):
        made = _lost_part(match, kind.removeprefix(LOST), text, words)
    elif kind == "pair":
        made = _pair(match, words)
    elif kind == "ind":
        made = _indicator(match, text, words)
    elif kind == "loose":
        made = _loose(match, text, words)
    elif kind.startswith(("part_", "inst_")):
        made = _instrument(match, kind, around)
    elif kind in ("item", "bare", "zero"):
        code = _item(match, text, words, around, kind)
        made = Mention("item", (code,), *match.span()) if code else None
    else:
        made = _plain(match, kind, words, around)
    return made


def _plain(match: re.Match[str], kind: str, words: Vocabulary, around: Around) -> Mention | None:
    """Mentions that say their node outright."""
    start, end = match.span()
    if kind == "sub":
        number = match.group("subno")
        return Mention("sub_indicator", (number,), start, end) if number in words.sub_names.values() else None
    if kind == "this":
        return Mention("indicator", (around.indicator,), start, end) if around.indicator else None
    if kind == "name":
        name = match.group("nameonly")
        node = words.number_of(name)
        return Mention("indicator", (node,), start, end, name=name) if node else None
    return Mention(kind, ("overall",), start, end)


def _instrument(match: re.Match[str], kind: str, around: Around) -> Mention | None:
    if kind.startswith("inst_"):
        return Mention("instrument", (kind.removeprefix("inst_"),), *match.span())
    _, code, number = kind.split("_")
    if _WEAK_PART.match(match.group()) and around.instrument != code and "(" not in match.group():
        return None
    return Mention("part", (f"{code}.{number}",), *match.span())


def _lost_part(match: re.Match[str], code: str, text: Passage, words: Vocabulary) -> Mention | None:
    """A part with a misread number: the one that its line does not name, if the line names all others."""
    start, end = text.span(text.index(match.start()))
    line = [other for other in words.pattern.finditer(text.plain, start, end) if other.lastgroup]
    said = [group.split("_") for other in line if (group := other.lastgroup or "").startswith(f"part_{code}_")]
    lost = [code if other.lastgroup == f"{LOST}{code}" else None for other in line]
    if not said or lost.count(code) > 1:
        return None
    right = put_right([f"{code}.{number}" for _, _, number in said] + [None], [None] * len(said) + [code], words)
    return Mention("part", (right[len(said)],), *match.span()) if len(said) in right else None


def _pair(match: re.Match[str], words: Vocabulary) -> Mention | None:
    """``ตัวชี้วัดที่ 5 และ 10 การเปิดเผยข้อมูล และการป้องกันการทุจริต``: names tell more surely than numbers."""
    longest = sorted(words.names, key=len, reverse=True)
    names = re.findall(loose("|".join(re.escape(name) for name in longest)), match.group("pairnames"))
    nodes = tuple(node for name in names if (node := words.number_of(name)))
    return Mention("indicator", nodes, match.start(), match.end(), match.group("pairno"), ",".join(names))


def _indicator(match: re.Match[str], text: Passage, words: Vocabulary) -> Mention | None:
    start, end = match.span()
    number, name = match.group("indno").lstrip("0"), match.group("indname")
    rest = text.plain[end : end + 60]
    if rest.startswith("ตัวชี้วัด"):
        return None  # "10 ตัวชี้วัด" counts, it does not name
    if name and (known := words.number_of(name)):
        return Mention("indicator", (known,), start, end, number, name)
    printed = re.split(r"[\n\d(:]|โดยรวม|คะแนน|ได้|มีค่า|จำนวน", rest, maxsplit=1)[0]
    if len(printed) >= 8 and (like := words.indicator_like(printed)):
        return Mention("indicator", (like,), start, end + len(printed), number, printed)
    if number in words.names.values():
        return Mention("indicator", (number,), start, end, number)
    return None


def _loose(match: re.Match[str], text: Passage, words: Vocabulary) -> Mention | None:
    """``ตัวชี้วัด`` and a name that is nearly a known one, as scanners leave it."""
    end = match.end()
    printed = re.split(r"[\n\d(:“”\"]|โดยรวม|คะแนน|ได้|มีค่า|จำนวน|ซึ่ง", text.plain[end : end + 60], maxsplit=1)[0]
    like = words.indicator_like(printed)
    return Mention("indicator", (like,), match.start(), end + len(printed), name=printed) if like else None


def _item(match: re.Match[str], text: Passage, words: Vocabulary, around: Around, kind: str) -> str | None:
    plain, start, end = text.plain, *match.span()
    before = plain[max(0, start - 60) : start]
    if kind == "item":
        code = f"{match.group('letter').lower()}{int(match.group('itemno'))}"
        if code not in words.items:
            behind = re.split(r"[\d(\n]", plain[end : end + 90], maxsplit=1)[0]
            return misread(code[0], match.group("itemno"), words, around, behind)
        return f"{code}.{match.group('row')}" if match.group("row") else code
    if kind == "zero":
        code = f"o{int(match.group('zerono'))}"
        opens = start == 0 or plain[start - 1] == "\n"
        listed = opens or _CITED.search(before) or around.instrument == "OIT"
        return code if listed and code in words.items else None
    figures = match.group("bareno")
    if figures[0] == "0":
        return next(iter(candidates(figures, words)), None)
    if not (_SCORED.match(plain, end) or _PICKED.search(before)):
        return None
    return decide(candidates(figures, words), words, around)


_RANGE = re.compile(r"\s?[–—\-]\s?(?:ข้อ)?|ถึง(?:ข้อ)?")


def _with_ranges(found: list[Mention], text: Passage, words: Vocabulary) -> list[Mention]:
    """``o7-o14`` names every item between, where both ends are items of one letter."""
    result: list[Mention] = []
    for mention in found:
        last = result[-1] if result else None
        if (
            last
            and last.kind == mention.kind == "item"
            and _RANGE.fullmatch(text.plain[last.end : mention.start])
            and (between := _between(last.nodes[-1], mention.nodes[0], words))
        ):
            result[-1] = replace(last, nodes=(*last.nodes[:-1], *between), end=mention.end)
        else:
            result.append(mention)
    return result


def _between(first: str, last: str, words: Vocabulary) -> tuple[str, ...]:
    low, high = first[1:], last[1:]
    if first[0] != last[0] or not (low.isdigit() and high.isdigit()) or int(low) >= int(high):
        return ()
    return tuple(f"{first[0]}{n}" for n in range(int(low), int(high) + 1) if f"{first[0]}{n}" in words.items)
