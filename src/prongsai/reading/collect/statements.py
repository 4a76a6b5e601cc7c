"""Strengths and weaknesses as a report states them: under which indicator or aspect, resting on which items."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from prongsai.reading.collect._score_tables import columns_of, rows_of
from prongsai.reading.item_codes import Around
from prongsai.reading.mentions import Mention
from prongsai.reading.model import Reading, Statement
from prongsai.reading.source import Line, Where
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary, vocabulary
from prongsai.reading.walk import Placed, Stretch, stretch, walk

ORDER = 50

Kind = Literal["strength", "weakness"]
_OPEN = r"^[*\-–•#(\d.)/\s]{0,12}"
_STRENGTH = r"จุดแข็ง|จุดเด่น"
_WEAKNESS = (
    r"จุดอ่อน(?:หรือข้อบกพร่อง|/ข้อบกพร่อง)?|ข้อบกพร่อง(?:หรือจุดอ่อน|/จุดอ่อน)?|จุดที่(?:จะ|ควร)?(?:ต้อง)?(?:พัฒนา|ปรับปรุง|แก้ไข)"
    r"|ประเด็นที่(?:เป็นข้อบกพร่อง|ควร|ต้อง|จะต้อง)[^\n:]{0,30}|ข้อ(?:คำถาม|ความ)?ที่(?:ได้)?คะแนน(?:น้อย|ต่ำ)(?:ที่)?สุด"
    r"|ข้อที่(?:ควร|ต้อง)(?:แก้ไข|พัฒนา|ปรับปรุง)[^\n:]{0,20}"
)
_HEAD = re.compile(rf"{_OPEN}(?:(?P<strength>{_STRENGTH})|(?P<weakness>{_WEAKNESS}))")
_SAYS = re.compile(r"(?:คือ|ได้แก่|:)")
_CITATION = re.compile(r"\(?(?:อ้างอิง(?:\s?จาก)?|ดู(?:จาก)?)(?:ข้อ|ตัวชี้วัด)?[^()\n]{0,90}\)?")
_ENTRY = re.compile(rf"{_OPEN}(?:ข้อ\s?[A-Za-z\d]|[ieoIEO]\d|ตัวชี้วัดที่\d|\(\d+\))")
_CLOSES = re.compile(
    rf"{_OPEN}(?:มาตรการ|ขั้นตอน|ผู้รับผิดชอบ|ผลการดำเนิน|แนวทาง[^\n]{{0,12}}พัฒนา$|สาเหตุ|ภาคผนวก|เอกสารประกอบ|\d\.\d|ข้อเสนอแนะ|ประเด็นที่\d)"
)
_COLUMN_WEAK = re.compile(r"ข้อบกพร่อง|จุดอ่อน|(?:ประเด็น|จุด|สิ่ง)ที่(?:ควร|ต้อง|จะต้อง)(?:พัฒนา|ปรับปรุง|แก้ไข)")
_COLUMN_STRONG = re.compile(r"จุดแข็ง|จุดเด่น")
_EXPLAINS = re.compile(r"จาก|แสดง|สะท้อน|เนื่องจาก|ดังนั้น|ซึ่ง")
SHORT, LONGEST = 150, 4000


@dataclass
class _Open:
    """A heading that says strengths or weaknesses follow, and the entry being read under it."""

    kind: Kind
    around: Around
    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    entries: list[tuple[str, Where, list[str]]] = field(default_factory=list)
    where: Where | None = None
    explained: bool = False
    indicator: str | None = None


def collect(reading: Reading) -> None:
    """Fill ``statements``."""
    if reading.framework is None:
        return
    words = vocabulary(reading.framework)
    for part in walk(reading):
        if isinstance(part, Stretch):
            _Lines(reading, part, words).read()
        else:
            _table(reading, part, words)


class _Lines:
    """Reads the statements of a stretch of text, line by line."""

    def __init__(self, reading: Reading, text: Stretch, words: Vocabulary) -> None:
        self.reading, self.text, self.words = reading, text, words
        self.open: _Open | None = None

    def read(self) -> None:
        for index, line in enumerate(self.text.text.lines):
            around = self.text.around[index]
            if around.contents:
                continue
            self._line(index, line, around)
        self._close_entry()

    def _line(self, index: int, line: Line, around: Around) -> None:
        start, end = self.text.text.span(index)
        plain = self.text.text.plain[start:end]
        found = self.text.named(index)
        if head := _HEAD.match(plain):
            self._close_entry()
            kind: Kind = "strength" if head.group("strength") else "weakness"
            rest = plain[head.end() :]
            says = _SAYS.search(rest[:SHORT])
            if (
                says
                and (any(m.kind == "item" for m in found) or len(rest) - says.end() > 40)
                and not re.match(r"\(ตัวชี้วัด|จำนวน|\s*\(", rest)
            ):
                self.open = None
                self._inline(kind, line, plain, start, found, around)
            elif len(plain) <= SHORT:
                self.open = _Open(kind, around)
            return
        if self.open is None:
            return
        if _CLOSES.match(plain) or (around.annex and not self.open.around.annex):
            self._close_entry()
            self.open = None
            return
        if self._is_subject(plain, found):
            self._close_entry()
            self.open = None
            return
        self._entry(line, plain, start, found, around)

    def _is_subject(self, plain: str, found: list[Mention]) -> bool:
        """A short line that only names an indicator begins a new section."""
        return (
            bool(found)
            and found[0].kind in ("indicator", "instrument")
            and len(plain) <= found[0].end - found[0].start + 12
        )

    def _entry(self, line: Line, plain: str, start: int, found: list[Mention], around: Around) -> None:
        begins = _ENTRY.match(plain) is not None and bool(found) and found[0].start - start < 14
        if begins and (self.open is None or self.open.explained or found[0].kind == "indicator"):
            self._close_entry()
        now = self.open
        assert now is not None
        if begins:
            now.where = now.where or line.where
            if found[0].kind == "indicator":
                now.indicator = found[0].nodes[0]
                now.explained = True
            own = _items(plain, start, found, self.words)[0]
            now.items += own
            now.entries.append((line.text.strip(), line.where, own))
        elif now.where is None:
            return
        elif not now.explained and len(plain) < SHORT and not _EXPLAINS.match(plain):
            now.items += _items(plain, start, found, self.words)[0]
        else:
            now.explained = now.explained or len(plain) > 60
        now.indicator = now.indicator or around.indicator
        now.lines.append(line.text.strip())

    def _close_entry(self) -> None:
        now = self.open
        if now is None or now.where is None:
            return
        if len(now.entries) > 1 and len(now.entries) == len(now.lines):
            # nothing is said of them together, so each stands for itself
            for said, where, items in now.entries:
                self._add(now.kind, said, where, now.indicator, now.around.aspect, (items, [], []))
            self.open = _Open(now.kind, now.around)
            return
        joined = " ".join(now.lines)
        text = stretch([Line(joined, now.where)], replace(now.around, indicator=now.indicator), self.words)
        _, cited, others = _items(text.text.plain, 0, list(text.mentions), self.words)
        others = [code for code in others if code not in now.items]
        self._add(now.kind, joined, now.where, now.indicator, now.around.aspect, (now.items, cited, others))
        self.open = _Open(now.kind, now.around)

    def _inline(self, kind: Kind, line: Line, plain: str, start: int, found: list[Mention], around: Around) -> None:
        first = next((m.start for m in found if m.kind == "item"), start + SHORT)
        own = next((m.nodes[0] for m in found if m.kind == "indicator" and m.number and m.start < first), None)
        self._add(
            kind,
            line.text.strip(),
            line.where,
            own or around.indicator,
            around.aspect,
            _items(plain, start, found, self.words),
        )

    def _add(
        self,
        kind: Kind,
        text: str,
        where: Where,
        indicator: str | None,
        aspect: int | None,
        items: tuple[list[str], list[str], list[str]],
    ) -> None:
        own, cited, others = (tuple(dict.fromkeys(codes)) for codes in items)
        if indicator is None and own:
            holds = {self.words.items.get(code) for code in own}
            indicator = holds.pop() if len(holds) == 1 and aspect is None else None
        self.reading.statements.append(Statement(kind, text[:LONGEST], where, indicator, aspect, own, cited, others))


def _items(plain: str, start: int, found: list[Mention], words: Vocabulary) -> tuple[list[str], list[str], list[str]]:
    """Items a statement rests on, disclosure items it cites, survey items it cites as proof."""
    spans = [(m.start() + start, m.end() + start) for m in _CITATION.finditer(plain)]
    own: list[str] = []
    cited: list[str] = []
    others: list[str] = []
    for mention in found:
        if mention.kind != "item":
            continue
        inside = any(first <= mention.start < last for first, last in spans)
        for code in mention.nodes:
            survey = words.instrument_of.get(code) != "OIT"
            if not inside:
                own.append(code)
            elif survey:
                others.append(code)
            else:
                cited.append(code)
    return own, cited, others


def _table(reading: Reading, placed: Placed, words: Vocabulary) -> None:
    cols = columns_of(placed, words)
    kinds: dict[int, Kind] = {}
    for x, col in enumerate(cols):
        if col.use == "label" and _COLUMN_STRONG.search(col.head):
            kinds[x] = "strength"
        elif col.use == "label" and _COLUMN_WEAK.search(col.head):
            kinds[x] = "weakness"
    above = _above(placed, words)
    seen: set[int] = set()
    for cells, row in rows_of(placed, words):
        for x, cell in enumerate(cells):
            if cell is None or id(cell) in seen or not cell.text.strip():
                continue
            seen.add(id(cell))
            lines = [Line(piece, cell.where) for piece in cell.text.split("\n") if piece.strip()]
            text = stretch(lines, row.around, words)
            if x in kinds:
                found = list(text.mentions)
                own = [row.node] if row.node in words.items else []
                items, cited, others = _items(text.text.plain, 0, found, words)
                indicator = (
                    row.around.indicator or above or next((words.items[c] for c in items if c in words.items), None)
                )
                reading.statements.append(
                    Statement(
                        kinds[x], cell.text.strip()[:LONGEST], cell.where, indicator, row.around.aspect,
                        tuple(dict.fromkeys([*[str(c) for c in own], *items])), tuple(dict.fromkeys(cited)),
                        tuple(dict.fromkeys(others)),
                    )
                )  # fmt: skip
            elif any(_HEAD.match(squeeze(line.text)) for line in lines):
                whole = " ".join(line.text.strip() for line in lines)
                _Lines(reading, stretch([Line(whole, cell.where)], row.around, words), words).read()


def _above(placed: Placed, words: Vocabulary) -> str | None:
    """The one indicator that the lines just above a table speak of."""
    text = stretch(list(placed.above[-2:]), Around(), words) if placed.above else None
    if text is None:
        return None
    named = {m.nodes[0] for m in text.mentions if m.kind == "indicator" and len(m.nodes) == 1}
    return named.pop() if len(named) == 1 else None
