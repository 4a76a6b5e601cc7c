"""What a report says of its own numbers and parts: highest, in order, below a mark, so many, attached."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal

from prongsai.reading.collect._claim_lists import entries_under, ranked_lists, values_under
from prongsai.reading.collect._running_text import Group, groups_of, is_list
from prongsai.reading.item_codes import Around
from prongsai.reading.model import Claim, ClaimKind, Reading
from prongsai.reading.source import Line
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary, vocabulary
from prongsai.reading.walk import Placed, Stretch, stretch, walk

ORDER = 60

_EXTREME = re.compile(
    r"(?:คะแนน|ค่า(?:คะแนน|เฉลี่ย)?)(?:รวม|เฉลี่ย|การประเมิน|ที่ได้|มีค่า|ผลการประเมิน)*(?P<way>สูง|มาก|ต่ำ|น้อย)(?:ที่)?สุด"
)
_NAMES_AFTER = re.compile(
    r"(?:ของ[ก-๙]{1,25}?|เท่ากับ|อยู่ที่|ร้อยละ|คะแนน|ในภาพรวม|ของแต่ละเครื่องมือ|[\d.\s()])*(?:คือ|ได้แก่|:|=)(?:ข้อ|ตัวชี้วัด(?!ที่)|ด้าน)*[\s“”\"'(:]*"
)
_NAMED_BEFORE = re.compile(r"[\s“”\"')]*(?:มี|ได้|เป็น(?:ตัวชี้วัด|ข้อ)?ที่|ที่|รับ|ซึ่ง|ผล|การประเมิน)*$")
_SCOPE = re.compile(r"ด้าน\s?(IIT|EIT|OIT)|(?:แบบวัด|เครื่องมือ)\s?(IIT|EIT|OIT)")
_AT_LEAST = re.compile(
    r"(?P<a>\d{2,3}(?:\.\d+)?)(?:คะแนน|%)?ขึ้นไป|(?:ตั้งแต่|มากกว่า|สูงกว่า|ไม่ต่ำกว่า|ไม่น้อยกว่า)(?:ร้อยละ|คะแนน)?(?P<b>\d{2,3}(?:\.\d+)?)"
)
_BELOW = re.compile(r"(?<!ไม่)(?:ต่ำกว่า|น้อยกว่า)(?:ร้อยละ|คะแนน|เกณฑ์)*(?P<b>\d{2,3}(?:\.\d+)?)")
_RULE = re.compile(r"ต้องมี|จะต้อง|ต้องได้|เกณฑ์(?:การ|ระดับ|ที่)|ถัดไป|หาก(?!าร)|กำหนดให้|มุ่งหมาย|เพื่อให้ได้|ควรมี")
_REACHED = re.compile(r"(?<!ไม่)(?<!ไม่สามารถ)(?:บรรลุ|ผ่าน|ถึง)(?:ตาม)?(?:ค่า)?เป้าหมาย")
_STRONG = r"จุดแข็ง|จุดเด่น"
_WEAK = r"จุดอ่อน|ข้อบกพร่อง|จุดที่(?:จะ|ควร)?(?:ต้อง)?(?:พัฒนา|ปรับปรุง)|ที่(?:ควร|จะต้อง|ต้อง)(?:พัฒนา|ปรับปรุง|แก้ไข)|ไม่ผ่าน|ต่ำกว่าเกณฑ์"
_HEADED = re.compile(rf"(?P<strength>{_STRONG})|(?P<weakness>{_WEAK})")
_COUNT = re.compile(r"(?:จำนวน|รวม|ทั้งหมด|ทั้งสิ้น)(?P<count>\d{1,2})(?P<unit>ตัวชี้วัด|ข้อ|ประเด็น|จุด)")
_ATTACHED = re.compile(
    r"(?P<doc>(?:เอกสาร|สิ่งที่ส่งมา|รายละเอียด)(?:ที่)?(?:แนบ|ด้วย|พร้อม)(?:ท้าย|นี้|มา)?)"
    r"|(?:ดัง|ตาม|ปรากฏใน|ใน)(?:แสดง(?:ใน|ไว้ใน)?|รายละเอียด(?:ใน)?)?(?P<figure>(?:ภาพ|รูป|ตาราง|แผนภูมิ|ภาคผนวก)(?:ที่)?\s?(?:\d{1,2}(?:\.\d)?|[ก-ฮ](?![ก-๙])))"
)
_HEADING = 170


def collect(reading: Reading) -> None:
    """Fill ``claims``.

    The ``subject`` of highest, lowest and descending is what they range over, where the report says so: an
    instrument, an indicator, ``aspect:3``; of a count, ``strength`` or ``weakness``; of attached, the thing.
    """
    if reading.framework is None:
        return
    words = vocabulary(reading.framework)
    parts = walk(reading)
    for position, part in enumerate(parts):
        if isinstance(part, Stretch):
            _in_lines(reading, part, parts[position + 1 :], words)
        else:
            _in_table(reading, part, words)
    reading.claims.extend(ranked_lists(parts, words))


def _in_lines(reading: Reading, text: Stretch, rest: Sequence[Stretch | Placed], words: Vocabulary) -> None:
    plain = text.text.plain
    groups = groups_of(plain, text.mentions)
    starts = [group.start for group in groups]
    for index, line in enumerate(text.text.lines):
        start, end = text.text.span(index)
        around = text.around[index]
        if around.contents:
            if re.match(r"[*\s]*ภาคผนวก", plain[start:end]):
                reading.claims.append(Claim("attached", line.where, line.text.strip(), subject="ภาคผนวก"))
            continue
        own = groups[bisect_left(starts, start) : bisect_left(starts, end)]
        sentence = _Sentence(plain[start:end], start, line, own, around)
        reading.claims += _extremes(sentence, words, text)
        reading.claims += _thresholds(sentence, (text, index), rest, words)
        reading.claims += _counts(sentence, (text, index), rest, words)
        reading.claims += _attached(sentence)


def _in_table(reading: Reading, placed: Placed, words: Vocabulary) -> None:
    seen: set[int] = set()
    for row in placed.cells:
        for cell in row:
            if cell is None or id(cell) in seen:
                continue
            seen.add(id(cell))
            if placed.around.contents and squeeze(cell.text).startswith("ภาคผนวก"):
                reading.claims.append(Claim("attached", cell.where, cell.text.strip(), subject="ภาคผนวก"))
            if len(cell.text) < 12 or not re.search(r"สุด|ขึ้นไป|กว่า|แนบ|ภาพที่", cell.text):
                continue
            lines = [Line(" ".join(cell.text.split("\n")), cell.where)]
            text = stretch(lines, placed.around, words)
            sentence = _Sentence(text.text.plain, 0, lines[0], groups_of(text.text.plain, text.mentions), placed.around)
            reading.claims += _extremes(sentence, words, text)


class _Sentence:
    """One line with what it names, as the claim finders need it."""

    def __init__(self, plain: str, start: int, line: Line, groups: list[Group], around: Around) -> None:
        self.plain, self.start, self.line, self.groups, self.around = plain, start, line, groups, around

    def claim(
        self, kind: ClaimKind, nodes: Sequence[str] = (), number: Decimal | None = None, subject: str | None = None
    ) -> Claim:
        text = self.line.text.strip()[:600]
        return Claim(kind, self.line.where, text, tuple(dict.fromkeys(nodes)), number, subject)


def _extremes(sentence: _Sentence, words: Vocabulary, text: Stretch) -> Iterator[Claim]:
    for match in _EXTREME.finditer(sentence.plain):
        at, end = match.start() + sentence.start, match.end() + sentence.start
        nodes = _after(sentence, end, text) or _before(sentence, at, text)
        if not nodes:
            continue
        kind: ClaimKind = "highest" if match.group("way") in ("สูง", "มาก") else "lowest"
        number = next((n.value for n in text.numbers if not n.bound and at - 5 <= n.start <= end + 140), None)
        yield sentence.claim(kind, nodes, number, _scope(sentence, nodes, match.start(), words))


def _after(sentence: _Sentence, end: int, text: Stretch) -> tuple[str, ...]:
    """``คะแนนต่ำสุด คือ ตัวชี้วัด…``: the nodes named right behind, the whole list of them."""
    group = next((g for g in sentence.groups if g.start >= end), None)
    if group is None or not _NAMES_AFTER.fullmatch(text.text.plain[end : group.start]):
        return ()
    return group.nodes if is_list(text.text.plain, group) else group.mentions[0].nodes


def _before(sentence: _Sentence, at: int, text: Stretch) -> tuple[str, ...]:
    """``ตัวชี้วัดด้าน… มีค่าต่ำสุด``: the node named right before."""
    before = [g for g in sentence.groups if g.end <= at + 3]
    if not before or before[-1].kind in ("overall", "result"):
        return ()
    gap = text.text.plain[before[-1].end : at]
    return before[-1].mentions[-1].nodes if _NAMED_BEFORE.fullmatch(gap) else ()


def _scope(sentence: _Sentence, nodes: Sequence[str], at: int, words: Vocabulary) -> str | None:
    if any(code[0].isalpha() and code.split("@")[0] in words.items for code in nodes):
        if sentence.around.aspect:
            return f"aspect:{sentence.around.aspect}"
        return sentence.around.indicator
    named = list(_SCOPE.finditer(sentence.plain[:at]))
    return next(group for group in named[-1].groups() if group) if named else None


def _thresholds(
    sentence: _Sentence, place: tuple[Stretch, int], rest: Sequence[Stretch | Placed], words: Vocabulary
) -> Iterator[Claim]:
    plain = sentence.plain
    headed = len(plain) <= _HEADING and _HEADED.search(plain)
    for pattern, kind in ((_AT_LEAST, "all_at_least"), (_BELOW, "all_below")):
        for match in pattern.finditer(plain):
            said = plain[max(0, match.start() - 200) : match.start()]
            number = Decimal(next(value for value in match.groupdict().values() if value))
            if number > 100 or _RULE.search(said[-120:]):
                continue
            nodes = _components(sentence, match.start())
            if kind == "all_at_least" and nodes and nodes != ("overall",):
                yield sentence.claim("all_at_least", nodes, number)
            elif kind == "all_at_least" and nodes == ("overall",) and _REACHED.search(said):
                yield sentence.claim("target_reached", nodes, number)
            elif headed and (listed := _under(plain, place, rest, words)):
                yield sentence.claim("all_at_least" if kind == "all_at_least" else "all_below", listed, number)
    if (
        match2 := re.search(r"(?<!ไม่)บรรลุ(?:ค่า)?เป้าหมายคะแนนรวม(\d{2,3}(?:\.\d+)?)คะแนน", plain)
    ) and not plain.startswith("ไม่"):
        yield sentence.claim("target_reached", ("overall",), Decimal(match2.group(1)))


def _components(sentence: _Sentence, at: int) -> tuple[str, ...]:
    """The list of components, or the overall, that a threshold is said of."""
    before = [g for g in sentence.groups if g.end - sentence.start <= at]
    if not before:
        return ()
    last = before[-1]
    gap = sentence.plain[last.end - sentence.start : at]
    if len(gap) > 40 or re.search(r"ตัวชี้วัด|ข้อ", gap):
        return ()
    if last.kind in ("instrument", "part") and len(last.nodes) >= 2:
        return last.nodes
    if last.kind in ("overall", "result"):
        return ("overall",)
    return ()


def _under(
    plain: str, place: tuple[Stretch, int], rest: Sequence[Stretch | Placed], words: Vocabulary
) -> tuple[str, ...]:
    """What stands under a heading: indicators with text of their own, or the rows of the tables that follow."""
    text, index = place
    return entries_under(text, index) or (
        values_under(text, index, rest, words) if "ตัวชี้วัด" in plain or "ข้อ" in plain or "ประเด็น" in plain else ()
    )


def _counts(
    sentence: _Sentence, place: tuple[Stretch, int], rest: Sequence[Stretch | Placed], words: Vocabulary
) -> Iterator[Claim]:
    for match in _COUNT.finditer(sentence.plain):
        head = _HEADED.search(sentence.plain[: match.start()])
        if head is None:
            continue
        behind = [
            g for g in sentence.groups if g.start - sentence.start >= match.end() and g.kind in ("item", "indicator")
        ]
        nodes = [node for g in behind for node in g.nodes] if len(sentence.plain) > match.end() + 12 else []
        nodes = nodes or list(_under(sentence.plain, place, rest, words))
        subject = "strength" if head.group("strength") else "weakness"
        yield sentence.claim("count", nodes, Decimal(match.group("count")), subject)


def _attached(sentence: _Sentence) -> Iterator[Claim]:
    for match in _ATTACHED.finditer(sentence.plain):
        thing = match.group("figure") or match.group("doc")
        if sentence.plain == thing:  # a label of its own (สิ่งที่ส่งมาด้วย), or a caption
            continue
        yield sentence.claim("attached", subject=thing)
