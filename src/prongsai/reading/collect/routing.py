"""The routing of a memo: each rank that considers it, the box that is ticked, the opinion written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from prongsai.reading.measures.cells import is_box, tick
from prongsai.reading.measures.prose import blocks
from prongsai.reading.model import Opinion, Reading
from prongsai.reading.source import Line, Table, Where
from prongsai.thai.text import squeeze

ORDER = 80

_BEGINS = re.compile(r"^จึง(?:ขอ)?(?:เรียน|เสนอ)มาเพื่อ")
# A name, or dots for one, in brackets; it is recognised so that it is not kept.
_NAME = re.compile(r"^[(（]\s*(?:[.…_\s·]+|[^()（）]{3,60})\s*[)）]$")
# The same with the position behind it, as a layout that loses line breaks leaves it.
_NAME_AND_POSITION = re.compile(r"^[(（][^()（）]{0,60}[)）]\s*(?P<position>[ก-๙].*?)\s*(?:วันที่.*)?$")
_SIGNED = re.compile(r"^(?:\(?ลงชื่อ|ลงนาม|ผู้เสนอ\s*[.…])")
_ADDRESSED = re.compile(r"^เรียน\s+\S")
_OPINION_OF = re.compile(
    r"^(?:ความเห็น|ข้อสั่งการ|คำสั่ง|การพิจารณา)(?:ของ)?\s*(?!เพิ่มเติม|อื่น)(?P<position>[ก-๙][^:.…]{2,60}?)\s*:?$"
)
_BOX = r"(?:\(\s*[/xX✓√]?\s*\)|\[\s*[/xX✓√]?\s*\]|[□☐☑☒✓✔√❏▢]|[-–•]|[0-9๐-๙]\.)"
_CHOICE = re.compile(
    rf"^(?P<box>{_BOX})?\s*(?P<text>(?:เห็น(?:ควร|ชอบ|สมควร)|ไม่เห็น|สมควร|ไม่สมควร|อนุมัติ|ไม่อนุมัติ|อนุญาต|ไม่อนุญาต|ทราบ|รับทราบ|ชอบ|"
    rf"ดำเนินการตาม|ทบทวน|ลงนามแล้ว|แจ้ง)[^\n]{{0,120}})$"
)
_DOTS = re.compile(r"[.…_]{3,}|[.…]{2,}$")
_DATE_LINE = re.compile(r"^(?:วันที่|[0-9๐-๙./\s…]+$|[.…/\s]+$)")
_ENDS = re.compile(r"^(?:รายงาน(?!ผล(?:การ)?ให้)|คำนำ|สารบัญ|มาตรการ|บทที่|ส่วนที่|ภาคผนวก|การวิเคราะห์)")
_POSITION_LENGTH = 80


def collect(reading: Reading) -> None:
    """Fill ``routing`` from every memo of the file."""
    walk: _Rank | None = None
    for text, where in _lines(reading):
        if _BEGINS.match(squeeze(text)):
            walk = _Rank(author=True)
            continue
        if walk is None:
            continue
        if _ENDS.match(text):
            walk = None
            continue
        if opinion := walk.take(text, where):
            reading.routing.append(opinion)
        if walk.finished:
            walk = _Rank()


def _lines(reading: Reading) -> Iterator[tuple[str, Where]]:
    """Lines of text, also those of frames and boxes that a format gives as a table."""
    for block in blocks(reading.source):
        if isinstance(block, Line):
            yield block.text.strip(), block.where
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from ((line.strip(), cell.where) for line in cell.text.split("\n") if line.strip())


@dataclass
class _Rank:
    """One rank while its lines are read. The author of the memo signs first and considers nothing."""

    author: bool = False
    named: str | None = None
    signed: bool = False
    considered: bool = False
    ticked: str | None = None
    written: list[str] = field(default_factory=list)
    where: Where | None = None
    finished: bool = False

    def take(self, text: str, where: Where) -> Opinion | None:
        """Take a line; the opinion when the line after the name gives the position."""
        self.where = self.where or where
        if self.signed:
            return self._position(text)
        if _NAME.match(text):
            self.signed = True
        elif (both := _NAME_AND_POSITION.match(text)) and not _CHOICE.match(text):
            return self._position(both.group("position"))
        else:
            self._before_the_name(text)
        return None

    def _before_the_name(self, text: str) -> None:
        if match := _OPINION_OF.match(text):
            self.named, self.considered = match.group("position"), True
        elif _ADDRESSED.match(text):
            self.considered = True
        elif choice := _CHOICE.match(text):
            self.considered = True
            box = choice.group("box") or ""
            if tick(box, "done") and not is_box(box):
                self.ticked = _DOTS.sub("", choice.group("text")).strip()
        elif not _SIGNED.match(text) and not _DATE_LINE.match(text):
            bare = _DOTS.sub("", text).strip(" -–:")
            if bare and bare != "ความเห็นเพิ่มเติม":
                self.written.append(bare)

    def _position(self, text: str) -> Opinion | None:
        if _DATE_LINE.match(text) or _SIGNED.match(text):
            return None
        self.finished = True
        if (self.author and not self.considered) or len(text) > _POSITION_LENGTH:
            return None
        written = " ".join(self.written) or None
        assert self.where is not None
        return Opinion(self.named or text, self.where, self.ticked, written)
