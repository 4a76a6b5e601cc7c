"""The tables of analysis per aspect: which item is lowest, why, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prongsai.reading.grid import grid
from prongsai.reading.measures.draft import PointDraft
from prongsai.reading.measures.lists import plain
from prongsai.reading.measures.names import Names
from prongsai.reading.measures.rows import with_context
from prongsai.reading.source import Source, Table, Where
from prongsai.thai.text import squeeze

_LOWEST = re.compile(r"ข้อ(?:คำถาม|ความ)?ที่(?:ได้|มี)(?:คะแนน|ค่า)(?:น้อย|ต่ำ)(?:ที่)?สุด\s*[:：]?")
_CAUSE = re.compile(r"สาเหตุ[^:：\n]{0,24}?\s*[:：]|สาเหตุเกิดจาก\s*[:：]?|สาเหตุที่อาจเป็นไปได้")
_GUIDE = re.compile(r"แนวทางการ(?:ยกระดับ|พัฒนา|ปรับปรุง|แก้ไข)[^:：\n]{0,24}?\s*(?:[:：]|\n|$)")
_ITEM_LED = re.compile(r"^[-–•]?\s*ข้อ\s*(?P<codes>[^:：]{2,60})[:：]\s*(?P<text>.+)$", re.DOTALL)
_ADVICE = "อ้างอิงจากข้อ"


@dataclass(frozen=True)
class Analysis:
    """What one table of analysis says of its aspect."""

    aspect: int
    title: str
    where: Where
    items: tuple[str, ...]
    finding: str
    guidelines: tuple[str, ...]


def analyses(source: Source, names: Names) -> list[Analysis]:
    """The analyses of all aspects that have one, in reading order."""
    found = []
    for block, under in with_context(source.blocks):
        if under.aspect is None or not isinstance(block, Table) or not _is_analysis(block):
            continue
        text = _last_column(block)
        guide = _GUIDE.search(text)
        before = text[: guide.start()] if guide else text
        lowest = _LOWEST.search(before)
        cause = _CAUSE.search(before)
        named = (
            before[lowest.end() : cause.start() if cause and cause.start() > lowest.end() else None] if lowest else ""
        )
        lines = [line for line in text[guide.end() :].split("\n") if line.strip()] if guide else []
        dashed = bool(lines) and all(line.lstrip()[:1] in "-–•" for line in lines)
        guidelines = tuple(plain(line.lstrip(" -–•")) for line in lines) if dashed else (plain(" ".join(lines)),)
        found.append(
            Analysis(
                under.aspect, under.title, block.where, tuple(names.items(named)), plain(before),
                tuple(one for one in guidelines if one),
            )
        )  # fmt: skip
    return found


def _is_analysis(table: Table) -> bool:
    head = [squeeze(cell.text) for cell in table.rows[0]] if table.rows else []
    return any("คะแนน" in text for text in head) and any("การวิเคราะห์" in text for text in head)


def _last_column(table: Table) -> str:
    """The words of the last column: one tall cell, or one cut over the rows."""
    texts: list[str] = []
    seen: set[int] = set()
    for row in grid(table)[1:]:
        cell = row[-1]
        if cell is not None and id(cell) not in seen and cell.text.strip():
            seen.add(id(cell))
            texts.append(cell.text.strip())
    return "\n".join(texts)


def complete(points: list[PointDraft], found: list[Analysis], mentioned: set[int], names: Names) -> list[PointDraft]:
    """Points with what the analysis of their aspect says, and points for aspects of which only that is left.

    ``mentioned``: aspects that the part with the measures speaks of; where it is silent on an aspect, the text
    may be cut, and the analysis with its guideline is all there is.
    """
    by_aspect = {analysis.aspect: analysis for analysis in found}
    for aspect, analysis in by_aspect.items():
        own = [point for point in points if point.aspect == aspect]
        _fill(own, analysis, names)
    with_measures = {point.aspect for point in points if point.aspect is not None}
    if not with_measures:
        return points
    rest = [one for one in found if one.aspect and one.aspect not in mentioned | with_measures and one.guidelines]
    return points + [
        PointDraft(one.where, one.title, one.finding, " ".join(one.guidelines), list(one.items), aspect=one.aspect)
        for one in rest
    ]


def _fill(own: list[PointDraft], analysis: Analysis, names: Names) -> None:
    """What the rows of the plan leave out: items and finding of a lone bare point, guidelines of any."""
    if len(own) == 1 and not own[0].items and not own[0].finding:
        point = own[0]
        point.items, point.finding = list(analysis.items), analysis.finding
        point.guideline = point.guideline or " ".join(analysis.guidelines)
        return
    for text in analysis.guidelines:
        led = _ITEM_LED.match(text)
        codes = set(names.items(led.group("codes"))) if led else set()
        if led and codes:
            fits = [point for point in own if codes == set(point.items)]
        else:
            fits = own if len(own) == 1 else []
        if _ADVICE not in text and len(fits) == 1 and not fits[0].guideline:
            fits[0].guideline = plain(led.group("text")) if led and codes else text
