"""Goes through a report in reading order, knowing at every line and table what it stands under."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from prongsai.reading.grid import Grid, grid
from prongsai.reading.item_codes import Around
from prongsai.reading.loosely import loose
from prongsai.reading.mentions import Mention, Number, mentions, numbers
from prongsai.reading.model import Reading
from prongsai.reading.source import Line, Picture, Source, Table, Where
from prongsai.reading.squeezed import Passage, passage, squeeze
from prongsai.reading.vocabulary import Vocabulary, vocabulary

# A heading is short; a longer line is text that only mentions an indicator.
HEADING = 170
_NUMBERING = r"(?:[#(\[–\-•]*\d{0,2}(?:\.\d{1,2})*[.)\]]*)?"
_CONTENTS_END = 140


@dataclass(frozen=True, eq=False)
class Stretch:
    """Lines without a table between, what each stands under, and what they name and count."""

    text: Passage
    around: tuple[Around, ...]
    mentions: tuple[Mention, ...]
    numbers: tuple[Number, ...]

    def at(self, place: int) -> Around:
        """What a place of the text stands under."""
        return self.around[self.text.index(place)]

    @cached_property
    def _places(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def named(self, index: int) -> list[Mention]:
        """What one line names."""
        start, end = self.text.span(index)
        return list(self.mentions[bisect_left(self._places, start) : bisect_left(self._places, end)])


@dataclass(frozen=True, eq=False)
class Placed:
    """A table as a full grid, what it stands under, and the lines just above it (nearest last)."""

    table: Table
    cells: Grid
    around: Around
    above: tuple[Line, ...]


Part = Stretch | Placed


def walk(reading: Reading) -> tuple[Part, ...]:
    """The parts of a reading's source in order; made once, asked for by every collector."""
    if reading.framework is None:
        return ()
    return _walked(_Same(reading.source, vocabulary(reading.framework)))


def stretch(lines: list[Line], around: Around, words: Vocabulary) -> Stretch:
    """Lines that all stand under the same things, such as the paragraphs of a cell."""
    text = passage(lines)
    places = (around,) * len(lines)
    return Stretch(text, places, tuple(mentions(text, words, lambda _: around)), tuple(numbers(text)))


@dataclass(frozen=True, eq=False)
class _Same:
    source: Source
    words: Vocabulary

    def __hash__(self) -> int:
        return id(self.source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.source is self.source and other.words is self.words


@lru_cache(maxsize=4)
def _walked(same: _Same) -> tuple[Part, ...]:
    walker = _Walker(same.words)
    for block in same.source.blocks:
        if isinstance(block, Table):
            walker.table(block)
        elif isinstance(block, Picture):
            walker.line(Line(block.text, block.where))
        else:
            for piece in block.text.split("\n"):
                if piece.strip():
                    walker.line(replace(block, text=piece))
    walker.flush()
    return tuple(walker.parts)


class _Walker:
    """Holds what was last said to be the subject: headings change it, everything else stands under it."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.parts: list[Part] = []
        self.around = Around()
        self.lines: list[Line] = []
        self.places: list[Around] = []
        self.contents: set[str] = set()
        names = "|".join(re.escape(name) for name in sorted(words.names, key=len, reverse=True))
        self.indicator = re.compile(
            loose(rf"{_NUMBERING}(?:ตัวชี้วัด(?:ที?่?)?(?P<number>\d{{1,2}})(?!\d|\.\d|ตัวชี้วัด)[.:]?(?P<name>{names})?)")
        )
        self.aspect = re.compile(loose(rf"{_NUMBERING}(?:ประเด็นที่\d+:?)*ประเด็นที่(?P<number>\d{{1,2}})(?!\d)"))
        self.subject = re.compile(
            loose(
                rf"{_NUMBERING}(?:ผลการประเมิน(?:ตาม|ราย)?|ผลคะแนน|คะแนน|ด้าน|ตาราง[ก-๙]{{0,16}}|เครื่องมือ(?:ที่\d)?|ตาม)*"
                rf"(?:แบบ(?:วั?ด|ตรวจ|สำรวจ)|ด้าน|ผู้มีส่วนได้|การเปิดเผยข้อมูลสาธารณะ|IIT|EIT|OIT|ส่วนที่\d)"
            )
        )

    def line(self, line: Line) -> None:
        plain = squeeze(line.text)
        self._under(plain)
        self.lines.append(line)
        self.places.append(self.around)

    def table(self, table: Table) -> None:
        above = tuple(self.lines[-4:])
        self.flush()
        around = self.around
        if table.name:
            self._under(squeeze(table.name))
            around = self.around
        self.parts.append(Placed(table, grid(table), replace(around, ranked=around.ranked), above))
        self.around = replace(self.around, ranked=False, contents=False)

    def flush(self) -> None:
        if not self.lines:
            return
        text, places = passage(self.lines), tuple(self.places)
        found = mentions(text, self.words, lambda at: places[text.index(at)])
        self.parts.append(Stretch(text, places, tuple(found), tuple(numbers(text))))
        self.lines, self.places = [], []

    def _under(self, plain: str) -> None:
        """What the lines from this one on stand under."""
        if self._contents(plain):
            return
        if re.fullmatch(r"[*(\"“]*(?:ภาคผนวก|เอกสารประกอบ)[^\n]{0,60}", plain):
            self.around = replace(Around(), annex=True)
        if "จากมากไปหาน้อย" in plain or "จากมากไปน้อย" in plain or "สูงไปหาต่ำ" in plain:
            self.around = replace(self.around, ranked=True)
        elif len(plain) > 120 or (self.around.ranked and plain.startswith("แผนภูมิ")):
            self.around = replace(self.around, ranked=False)
        if len(plain) > 2500:
            return
        if match := self.aspect.match(plain):
            if len(plain) <= HEADING:
                self.around = Around(aspect=int(match.group("number")), annex=self.around.annex)
        elif match := self.indicator.match(plain):
            self._indicator(match, plain)
        elif len(plain) <= HEADING and self.subject.match(plain):
            self._instrument(plain)

    def _indicator(self, match: re.Match[str], plain: str) -> None:
        name, number = match.group("name"), match.group("number").lstrip("0")
        rest = re.split(r"[\d(:]|โดยรวม|คะแนน|ได้|มีค่า", plain[match.end() :], maxsplit=1)[0]
        known = self.words.number_of(name) if name else self.words.indicator_like(rest)
        found = known or (number if number in self.words.names.values() else None)
        if found:
            owner = self.words.instrument_of[found]
            part = self.around.part if owner == self.around.instrument else None
            self.around = replace(self.around, instrument=owner, part=part, indicator=found, aspect=None)

    def _instrument(self, plain: str) -> None:
        """A heading that names one instrument, or one part of it. Two or more: no heading of either."""
        text = passage([Line(plain, self.lines[-1].where if self.lines else _NOWHERE)])
        found = [m for m in mentions(text, self.words, lambda _: self.around) if m.kind in ("instrument", "part")]
        owners = {m.nodes[0].split(".")[0] for m in found}
        if len(owners) != 1:
            return
        owner, parts = owners.pop(), {m.nodes[0] for m in found if m.kind == "part"}
        part = parts.pop() if len(parts) == 1 else None
        self.around = Around(instrument=owner, part=part, ranked=self.around.ranked, annex=self.around.annex)

    def _contents(self, plain: str) -> bool:
        """Whether the line belongs to the table of contents, whose entries are no headings."""
        if plain.startswith("สารบัญ") and len(plain) < 30:
            self.around = replace(self.around, contents=True)
            self.contents = set()
            return True
        if not self.around.contents:
            return False
        entry = re.sub(r"[.…\s]*\d*$", "", plain)
        if len(plain) > _CONTENTS_END or entry in self.contents:
            self.around = replace(self.around, contents=False)
            return False
        self.contents.add(entry)
        return True


_NOWHERE = Where("")
