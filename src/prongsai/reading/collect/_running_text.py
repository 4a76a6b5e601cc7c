"""Scores in running text: which figure belongs to which node, told by the words between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from prongsai.reading.item_codes import Around
from prongsai.reading.loosely import loose
from prongsai.reading.mentions import Mention, Number
from prongsai.reading.model import Printed, Unread
from prongsai.reading.source import Where
from prongsai.reading.vocabulary import Vocabulary
from prongsai.reading.walk import Stretch
from prongsai.scoring.structure import structure

LEVEL_WORDS = r"(?:AA|[A-F]|ผ่านดีเยี่ยม|ผ่านดี|ผ่าน|ต้องปรับปรุงโดยด่วน|ต้องปรับปรุง)"
_JOIN = re.compile(r"[\s,;、/&“”\"'()\[\]:]*(?:(?:และ|กับ|รวมทั้ง|รวมถึง|ตลอดจน)(?:ข้อ|ตัวชี้วัด|ด้าน)*[\s“”\"'(]*)?")
_LINK_WORDS = (
    "คะแนนเต็ม|โดยรวม|โดยภาพรวม|ในภาพรวม|ภาพรวม|รวม|เฉลี่ย|โดย|ซึ่ง|ที่ได้รับ|ได้รับ|ได้|มี|ค่า|ผลการประเมิน|ผล|คะแนน|การประเมิน|ของ"
    "|เท่ากับ|เท่ากัน|อยู่ที่|อยู่|ที่|คือ|เป็น|คิดเป็น|ร้อยละ|ต่ำสุด|สูงสุด|น้อยสุด|มากสุด|สุด|ต่ำ|สูง|น้อย|พบว่า|ทั้ง(?:สอง|สาม|สี่|คู่|หมด|\\d)?"
    "|ตัวชี้วัด|ข้อ|ใน|ระดับ|และ|ด้าน|ร่วม|สรุป|หน่วยงาน|score"
)
_LINK = re.compile(
    loose(
        rf"(?:\(?(?:Internal|External|Open ?[Dd]ata)[^()\n]{{0,70}}\)|\(?ระดับ{LEVEL_WORDS}\)?|{_LINK_WORDS}"
        r"|[\s:=\-–—_.…“”\"'()\[\],|*•%])*+"  # possessive: a gap of many words must not be tried in many ways
    )
)
_STRONG_END = re.compile(
    loose(
        r"(?:เท่ากับ|คะแนน|อยู่ที่|ได้รับ|ร้อยละ|ได้)(?:คือ|เท่ากับ|ที่ได้รับ|อยู่ที่|ร้อยละ|การประเมิน|ผล|รวม|เฉลี่ย|คะแนน|ITA|[\s:=“”\"'(])*$"
    )
)
_SCORE_ALONE = re.compile(loose(r"(?:ผล)?คะแนน(?:การประเมิน|ITA|เฉลี่ย|ที่ได้(?:รับ)?|เท่ากับ|ร้อยละ|คือ|[\s:=])*$"))
_LEVEL_BEHIND = re.compile(
    loose(rf"(?:คะแนน)?[\s(,]*(?:อยู่ใน|ได้|ผลการประเมิน)?ระดับ(?:ผลการประเมิน)?[\s:“\"'(]*{LEVEL_WORDS}(?![A-Za-z])")
)
_FORWARD = re.compile(loose(r"\)?(?:คะแนน)?(?:คือ|ได้แก่|:)(?:ข้อ|ตัวชี้วัด(?!ที่)|ด้าน)?[\s“\"'(]*"))
_YEAR_BEFORE = re.compile(r"(?:ปี(?:งบประมาณ)?|พ\.ศ\.)(?:พ\.ศ\.)?\s?(2[45]\d\d)")
_SUPPOSED = re.compile(loose(r"(?:หาก(?!าร)|สมมติ(?:ว่า|ให้)|ถ้า(?:ได้|คะแนน))[^\n]{0,80}$|จะได้(?:คะแนน)?\s?$"))
_QUESTION = re.compile(loose(r"(?:เพียงใด|หรือไม่|อย่างไร)"))
_SENTENCE_END = re.compile(loose(r"(?:จุดแข็ง|จุดอ่อน|ข้อบกพร่อง|ทั้งนี้|ดังนั้น|นอกจากนี้|อย่างไรก็)"))
# How far apart a node and its score may stand: with other words between, with a question between.
NEAR, WITH_WORDING, WHOLE_SENTENCE = 55, 420, 260
LONGEST_LINK = 160
CONTEXT = 400
_FINAL_PLACES = 2


@dataclass(frozen=True)
class Group:
    """Nodes named together (a list with commas and "and"), and whether only a list could follow."""

    mentions: tuple[Mention, ...]

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end

    @property
    def kind(self) -> str:
        return self.mentions[-1].kind

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(node for mention in self.mentions for node in mention.nodes))


@dataclass(frozen=True)
class Linked:
    """A figure and the nodes it is the score of; no nodes where that was not understood."""

    number: Number
    nodes: tuple[str, ...]
    group: Group | None = None


def linked(text: Stretch, words: Vocabulary, year: int | None) -> list[Linked]:
    """Every figure of the text that is no threshold, with its nodes."""
    plain, found = text.text.plain, []
    groups = groups_of(plain, text.mentions)
    scores = [n for n in text.numbers if not n.bound]
    taken: dict[int, tuple[str, ...]] = _rotated(plain, groups, scores)
    ends = [group.end for group in groups]
    previous_end = 0
    for number in scores:
        if number.start in taken:
            found.append(Linked(number, taken[number.start]))
            previous_end = number.end
            continue
        last = bisect_right(ends, number.start)
        before = groups[bisect_left(ends, previous_end) : last]
        between = plain[previous_end : number.start][-WHOLE_SENTENCE:]
        said = plain[plain.rfind("\n", 0, number.start) + 1 : number.start]
        if _SUPPOSED.search(said[-WHOLE_SENTENCE:]) or (year and _other_year(between, year)):
            previous_end = number.end
            continue
        group, nodes = _link(before, groups[last : last + 2], number, text, words)
        found.append(Linked(number, nodes, group))
        previous_end = number.end
    return found


def groups_of(plain: str, found: Sequence[Mention]) -> list[Group]:
    """Mentions of one sort that nothing but "and", commas and the like separate, together."""
    groups: list[list[Mention]] = []
    for mention in found:
        last = groups[-1][-1] if groups else None
        if last and _same_sort(last, mention) and _joins(plain[last.end : mention.start]):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [Group(tuple(group)) for group in groups]


def _same_sort(first: Mention, second: Mention) -> bool:
    sorts = {"part": "instrument", "instrument": "instrument"}
    return sorts.get(first.kind, first.kind) == sorts.get(second.kind, second.kind)


def _joins(gap: str) -> bool:
    if "\n" in gap and not re.search(r",|และ", gap):
        return gap in ("\n", "\n\n")  # names below each other, as charts and rotated tables have them
    return _JOIN.fullmatch(gap) is not None and gap.count("\n") <= 1


def is_list(plain: str, group: Group) -> bool:
    """Whether the mentions of a group are joined by words or commas, not merely side by side."""
    return all(
        re.search(r",|และ|กับ|/|&|รวม|ตลอด", plain[first.end : second.start])
        for first, second in pairwise(group.mentions)
    )


def _rotated(plain: str, groups: Sequence[Group], scores: Sequence[Number]) -> dict[int, tuple[str, ...]]:
    """A table run together into one line: so many names side by side, then exactly as many figures."""
    taken: dict[int, tuple[str, ...]] = {}
    starts = [number.start for number in scores]
    for index, group in enumerate(groups):
        names = group.mentions
        if len(names) < 3 or is_list(plain, group):
            continue
        stop = groups[index + 1].start if index + 1 < len(groups) else len(plain)
        run = scores[bisect_left(starts, group.end) : bisect_left(starts, stop)]
        if len(run) < len(names):
            continue
        run = run[: len(names)]
        gaps = [plain[group.end : run[0].start]]
        gaps += [plain[a.end : b.start] for a, b in pairwise(run)]
        if all(re.fullmatch(r"[\s|:,คะแน]*", gap) for gap in gaps):
            taken.update({n.start: m.nodes for n, m in zip(run, names, strict=True)})
    return taken


def _link(
    before: Sequence[Group], after: Sequence[Group], number: Number, text: Stretch, words: Vocabulary
) -> tuple[Group | None, tuple[str, ...]]:
    plain = text.text.plain
    forward = _forward(plain, after, number)
    if forward:
        return forward, forward.nodes
    line = plain.rfind("\n", 0, number.start) + 1
    if not [g for g in before if g.end > line] and _whole(plain, line, number):
        return None, ("overall",)
    if not before:
        return None, ()
    group = before[-1]
    gap = plain[group.end : number.start]
    if group.kind in ("overall", "result") and len(before) > 1:
        # "ตัวชี้วัดที่ 1 … โดยรวมได้คะแนน": what "in all" is of stands before it
        owner = before[-2]
        if owner.kind not in ("overall", "result") and _tight(plain[owner.end : group.start]):
            group = owner
            gap = plain[group.end : number.start]
    if group.kind in ("instrument", "part") and len(before) > 1 and (item := _item_of(plain, before, words)):
        own = item.nodes if is_list(plain, item) else item.mentions[-1].nodes
        return item, tuple(f"{node}@{group.nodes[-1]}" if group.kind == "part" else node for node in own)
    if not _follows(gap, group, number, plain):
        return None, ()
    nodes = group.nodes if is_list(plain, group) else group.mentions[-1].nodes
    return group, tuple(_within_part(node, group, text, words) for node in nodes)


def _whole(plain: str, line: int, number: Number) -> bool:
    """``คะแนนเฉลี่ย 84.25 คะแนน ระดับ B``: a line that names nothing else, with a level behind: the whole."""
    said = plain[line : number.start]
    return _SCORE_ALONE.search(said) is not None and _LEVEL_BEHIND.match(plain, number.end) is not None


def _forward(plain: str, groups: Sequence[Group], number: Number) -> Group | None:
    """``คะแนนสูงสุดเท่ากับ ร้อยละ 100 คือ ตัวชี้วัดที่ …``: the nodes follow the score."""
    after = next((g for g in groups if g.start >= number.end), None)
    if after is None or not _FORWARD.fullmatch(plain[number.end : after.start]):
        return None
    return (
        after
        if re.search(r"ที่สุด|สูงสุด|ต่ำสุด|น้อยสุด|มากสุด|เท่ากับ", plain[max(0, number.start - 40) : number.start])
        else None
    )


def _tight(gap: str) -> bool:
    return len(gap) <= LONGEST_LINK and _LINK.fullmatch(gap) is not None and gap.count("\n") <= 2


def _item_of(plain: str, before: Sequence[Group], words: Vocabulary) -> Group | None:
    """The item before a part in brackets: ``ข้อ e1 … (EIT ส่วนที่ 2 77.54 คะแนน)``."""
    owner, part = before[-2], before[-1]
    bracket = plain[part.start - 1 : part.start] == "(" or plain[part.start] == "("
    near = part.start - owner.end <= WITH_WORDING and "\n" not in plain[owner.end : part.start]
    same = owner.kind == "item" and words.instrument_of.get(owner.nodes[-1]) == part.nodes[-1].split(".")[0]
    return owner if bracket and near and same else None


def _follows(gap: str, group: Group, number: Number, plain: str) -> bool:
    """Whether the words between a node and a figure make the figure its score."""
    if group.kind == "result":
        return len(gap) <= WHOLE_SENTENCE and gap.count("\n") <= 1 and _says_score(gap) and number.value > 0
    if _tight(gap):
        return True
    if _SENTENCE_END.search(gap):
        return False
    lines = gap.count("\n")
    if group.kind == "item":
        if len(gap) > WITH_WORDING or lines > 3:
            return False
        bracket = gap.endswith("(") and number.unit and plain[number.end : number.end + 1] in (")", "")
        return bracket or (_QUESTION.search(gap) is not None and _says_score(gap))
    bracket = gap.endswith("(") and number.unit and len(gap) <= NEAR
    return lines <= 1 and ((len(gap) <= NEAR and _says_score(gap)) or bracket)


def _says_score(gap: str) -> bool:
    return _STRONG_END.search(gap) is not None


def _within_part(node: str, group: Group, text: Stretch, words: Vocabulary) -> str:
    """The node within the part that the text stands under, where the framework has such a node."""
    part = text.at(group.start).part
    if part and group.kind in ("item", "indicator") and f"{node}@{part}" in structure(words.framework).nodes:
        return f"{node}@{part}"
    return node


def _other_year(between: str, year: int) -> bool:
    """Whether the words since the last figure speak of an earlier year than the one read."""
    named = [int(found) for found in _YEAR_BEFORE.findall(between.rsplit("\n", maxsplit=1)[-1])]
    return bool(named) and named[-1] < year


def printed_of(text: Stretch, found: Linked, role: str) -> Iterator[Printed]:
    """The values of one figure, as printed, with the line they stand in."""
    line = text.text.line(found.number.start)
    for node in found.nodes:
        yield Printed(
            node,
            found.number.value,
            _digits(text, found.number),
            line.where,
            text.text.near(found.number.start, CONTEXT),
            role,  # type: ignore[arg-type]
            found.number.of,
        )


def _digits(text: Stretch, number: Number) -> str:
    raw = text.text.printed(number.start, number.end)
    match = re.match(r"[0-9๐-๙]+(?:\s?[.·．,]\s?[0-9๐-๙]+)?", raw)
    return match.group() if match else raw


def values_of(
    text: Stretch, words: Vocabulary, year: int | None, role: str | None = None
) -> Iterator[Printed | Unread]:
    """All scores of a stretch of text; figures that look like scores and belong to nothing known as unread."""
    for found in linked(text, words, year):
        around = text.at(found.number.start)
        if around.contents:
            continue
        if found.nodes:
            yield from printed_of(text, found, role or _role(text, found, around))
        elif found.number.unit and _looks_exact(found.number.value):
            line = text.text.line(found.number.start)
            yield Unread(line.text.strip()[:300], line.where, f"คะแนน {found.number.value} ไม่ทราบว่าเป็นของข้อหรือตัวชี้วัดใด")


def _role(text: Stretch, found: Linked, around: Around) -> str:
    line = text.text.line(found.number.start)
    if around.ranked or "รองลงมา" in line.text:
        return "ranking"
    if found.group and text.text.plain[found.group.start : found.group.end].endswith("\n"):
        return "chart"
    return "title" if line.heading is not None and len(line.text) < 120 else "text"


def _looks_exact(value: Decimal) -> bool:
    return -int(value.as_tuple().exponent) >= _FINAL_PLACES


def replaced(value: Printed, where: Where) -> Printed:
    """The same value at another place (a cell instead of its paragraph)."""
    return replace(value, where=where)
