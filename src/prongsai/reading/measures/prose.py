"""Measures told in paragraphs under labels: weak point, measure, steps, units, period, result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from prongsai.reading.measures import cells
from prongsai.reading.measures.align import give
from prongsai.reading.measures.draft import MeasureDraft, PointDraft, StepDraft
from prongsai.reading.measures.lists import listing, plain
from prongsai.reading.measures.names import Names
from prongsai.reading.measures.periods import periods
from prongsai.reading.measures.units import unit_groups
from prongsai.reading.source import Block, Line, Source, Where
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import repair, squeeze


class Part(StrEnum):
    """What a paragraph belongs to."""

    WEAK = "weak"
    MEASURE = "measure"
    STEPS = "steps"
    UNITS = "units"
    PERIOD = "period"
    RESULT = "result"
    OBSTACLES = "obstacles"
    WATCH = "watch"
    ANNEX = "annex"


ANNEX = re.compile(r"^\W*(?:ภาคผนวก|(?:เอกสาร|หลักฐาน)(?:หลักฐาน)?(?:ประกอบ|อ้างอิง|แนบ)|เอกสารแนบท้าย)")
ANNEX_RESULT = re.compile(
    r"^\W*(?:ผลการ)?ดำเนิน(?:การ|งาน)ตาม\s*มาตรการ\s*[:：]\s*(?P<title>.+?)\s*(?:คือ|ดังนี้|ได้แก่)?\s*[:：]?\s*$"
)
_TAIL = r"(?:\s*[:：]\s*(?P<text>.*))?$"
# A label stands alone on its line or ends with a colon; its words may go on a little.
_LABELS: tuple[tuple[Part, re.Pattern[str]], ...] = tuple(
    (part, re.compile(rf"^\W*(?:[0-9]{{1,2}}[.)]\s*)?(?:{words})[^:：]{{0,34}}?{_TAIL}"))
    for part, words in (
        (Part.RESULT, r"ผลการ(?:ดำเนิน(?:การ|งาน)|ปฏิบัติ)(?:\s*ตามมาตรการ)?"),
        (Part.STEPS, r"ขั้นตอน(?:หรือ|และ|/)?(?:วิธี)?|วิธี(?:การ)?(?:ดำเนิน|ปฏิบัติ)"),
        (Part.UNITS, r"(?:หน่วยงาน|ผู้)(?:ที่)?รับผิดชอบ|หน่วยงานรับผิดชอบ"),
        (Part.PERIOD, r"(?:ช่วง)?ระยะเวลา|ช่วงเวลา|ห้วงเวลา|วัน(?:ที่)?\s*(?:เดือน ปี\s*)?(?:ที่)?ดำเนินการ"),
        (Part.OBSTACLES, r"ปัญหา|อุปสรรค"),
        (Part.WATCH, r"การกำกับ(?:และ)?ติดตาม|การติดตาม(?:ผล)?|การรายงานผล"),
        (Part.WEAK, r"ข้อบกพร่อง|จุดอ่อน|จุดที่ต้อง(?:พัฒนา|ปรับปรุง)|ประเด็นที่(?:เป็นข้อบกพร่อง|ต้องแก้ไข)"),
    )
)
_MEASURE = re.compile(
    r"^\W*(?:[0-9]{1,2}[.)]\s*)?(?:ชื่อ)?มาตรการ(?:\s*/\s*(?:โครงการ|กิจกรรม))*(?:\s*ที่\s*[0-9]+)?\s*[:：]\s*(?P<text>.+)$"
)
_HEADING = re.compile(
    r"^\W*(?:ตัวชี้วัดที่\s*(?P<number>[0-9]{1,2})(?![0-9.])|ด้าน|ส่วนที่\s*[0-9]|ประเด็นที่\s*(?P<aspect>[0-9]{1,2}))"
)
_LABEL_LENGTH, _HEADING_LENGTH = 60, 150
_ITEM = re.compile(r"^\W*ข้อ(?:ที่|คำถาม)?\s*[ieoIEO]\s?[0-9]")
_EXPLAINS = re.compile(r"แสดงให้เห็นว่า|จากผลการประเมิน|สะท้อนให้เห็นว่า|สาเหตุ")
_THEREFORE = re.compile(r"\s*(?:ดังนั้น|แนวทาง(?:การ)?(?:แก้ไข|พัฒนา|ปรับปรุง)[^:]{0,20}:)\s*")


@dataclass
class _Passage:
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def where(self, item: str) -> Where:
        """The line that an item of the passage begins on."""
        begins = squeeze(item)[:30]
        found = next((line.where for line in self.lines if begins and begins in squeeze(line.text)), None)
        return found or self.lines[0].where


@dataclass
class _Measure:
    title: str
    where: Where
    parts: dict[Part, _Passage] = field(default_factory=dict)


@dataclass
class _Point:
    where: Where
    indicator: str | None
    aspect: int | None
    weak: _Passage = field(default_factory=_Passage)
    measures: list[_Measure] = field(default_factory=list)


def from_lines(source: Source, names: Names) -> list[PointDraft]:
    """All points told under labels. A measure counts when steps, units or a result follow it."""
    points = _Reader().read(block for block in blocks(source) if isinstance(block, Line))
    drafts = [_draft(point, names) for point in points]
    return [draft for draft in drafts if draft.measures]


def blocks(source: Source) -> Iterator[Block]:
    """All blocks, with each line as it was printed, also where a format joined several to one paragraph."""
    for block in source.blocks:
        joined = isinstance(block, Line) and block.where.line is not None and "\n" in block.raw
        if not isinstance(block, Line) or not joined:
            yield block
            continue
        for offset, text in enumerate(block.raw.split("\n")):
            if plain_text := repair(text).strip(" *#_"):
                where = replace(block.where, line=(block.where.line or 0) + offset)
                yield Line(plain_text, where, text, block.heading)


class _Reader:
    """Walks the lines; what a line belongs to is decided by the last label or heading."""

    def __init__(self) -> None:
        self.points: list[_Point] = []
        self.indicator: str | None = None
        self.aspect: int | None = None
        self.part: Part | None = None

    def read(self, lines: Iterable[Line]) -> list[_Point]:
        """The points, in order."""
        for line in lines:
            text = to_arabic(line.text.strip())
            if ANNEX.match(text) and len(text) <= _HEADING_LENGTH and self.points:
                break
            if not self._heading(text) and not self._label(line, text):
                self._body(line)
        return self.points

    def _heading(self, text: str) -> bool:
        match = _HEADING.match(text)
        if not match or len(text) > _HEADING_LENGTH:
            return False
        if match.group("number"):
            self.indicator = str(int(match.group("number")))
        if match.group("aspect"):
            self.aspect = int(match.group("aspect"))
        self.part = None
        return True

    def _label(self, line: Line, text: str) -> bool:
        if ANNEX_RESULT.match(text):
            return False
        if match := _MEASURE.match(text):
            self._measure(line.text[match.start("text") :].strip(), line)
            return True
        for part, pattern in _LABELS:
            match = pattern.match(text)
            if not match or (match.group("text") is None and len(text) > _LABEL_LENGTH):
                continue
            if part is Part.WEAK:
                self.points.append(_Point(line.where, self.indicator, self.aspect))
            elif not self.points or not self.points[-1].measures:
                return False
            self.part = part
            if match.group("text"):
                self._body(Line(line.text[match.start("text") :].strip(), line.where, line.raw))
            return True
        return False

    def _measure(self, title: str, line: Line) -> None:
        last = self.points[-1] if self.points else None
        if last is None or (last.indicator, last.aspect) != (self.indicator, self.aspect):
            self.points.append(_Point(line.where, self.indicator, self.aspect))
        self.points[-1].measures.append(_Measure(title, line.where))
        self.part = Part.MEASURE

    def _body(self, line: Line) -> None:
        if not self.points or self.part is None:
            return
        point = self.points[-1]
        if self.part is Part.WEAK:
            point.weak.lines.append(line)
        elif self.part is Part.MEASURE:
            point.measures[-1].title += f" {line.text.strip()}"  # a title that goes on on the next line
            self.part = None
        elif point.measures:
            point.measures[-1].parts.setdefault(self.part, _Passage()).lines.append(line)


def _draft(point: _Point, names: Names) -> PointDraft:
    draft = PointDraft(point.where, aspect=point.aspect, indicators=[point.indicator] if point.indicator else [])
    heads = [line.text for line in point.weak.lines if _ITEM.match(to_arabic(line.text))]
    draft.items = names.items("\n".join(heads))
    told = _EXPLAINS.search(point.weak.text)
    said = plain(point.weak.text[told.start() :] if told else point.weak.text)
    draft.finding, *rest = _THEREFORE.split(said, maxsplit=1)
    draft.guideline = rest[0] if rest else ""
    draft.measures = [_measure(measure) for measure in point.measures if measure.parts]
    return draft


def _measure(measure: _Measure) -> MeasureDraft:
    draft = MeasureDraft(plain(measure.title), measure.where)
    if steps := measure.parts.get(Part.STEPS):
        found = listing(steps.text)
        texts = list(found.items)
        if found.lead and texts:
            texts[0] = f"{found.lead} {texts[0]}"
        draft.steps = [StepDraft(text, steps.where(item)) for text, item in zip(texts, found.items, strict=True)]
    if units := measure.parts.get(Part.UNITS):
        groups = unit_groups(units.text)
        if not draft.steps:
            draft.steps = [StepDraft(draft.title, measure.where)]
        give(draft.steps, [[unit for group in groups for unit in group]] if groups else [], [])
    if when := measure.parts.get(Part.PERIOD):
        found_periods = periods(when.text)
        for step in draft.steps if len(found_periods) == 1 else []:
            step.period, step.when, step.when_at = found_periods[0].period, found_periods[0].text, when.lines[0].where
    if watch := measure.parts.get(Part.WATCH):
        draft.monitoring = plain(watch.text)
    if result := measure.parts.get(Part.RESULT):
        draft.report.result, draft.report.where = result.text, result.lines[0].where
    if obstacles := measure.parts.get(Part.OBSTACLES):
        draft.report.obstacles = "" if cells.is_nothing(obstacles.text) else plain(obstacles.text)
    return draft
