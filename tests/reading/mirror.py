"""Writes a request as a document, reads it back, and compares what both say, spaces not counting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from prongsai.documents.build import build
from prongsai.documents.request import Request
from prongsai.documents.tree import Bullets, Document, Paragraph, Table
from prongsai.documents.walk import cell_text, plain
from prongsai.documents.writers import write
from prongsai.improvement.model import Measure, MeasureProgress, Period, Plan, Point, Progress, Step
from prongsai.reading.model import Reading
from prongsai.reading.read import read_file
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze


def read_back(request: Request, form: str, folder: Path) -> Reading:
    """The first reading of a request written in a format."""
    path = folder / f"document.{form}"
    path.write_bytes(write(build(request), form))
    return read_file(path)[0]


def same(text: str | None) -> str:
    """Text as it is compared: digits in one form, no spaces."""
    return squeeze(to_arabic(text or ""))


def period(found: Period | None) -> tuple[Any, ...]:
    """A period as it is compared."""
    return () if found is None else (found.start, found.end, same(found.text))


def step(found: Step) -> tuple[Any, ...]:
    """A step as it is compared."""
    return same(found.text), tuple(map(same, found.units)), period(found.period)


def measure(found: Measure) -> tuple[Any, ...]:
    """A measure as it is compared."""
    return same(found.title), tuple(map(step, found.steps))


def structure(plan: Plan | None) -> list[tuple[Any, ...]]:
    """Every point's measures, steps, units and periods."""
    return [tuple(map(measure, point.measures)) for point in plan.points] if plan else []


def placed(plan: Plan, order: list[str]) -> Plan:
    """The plan with its points in the order in which a layout prints them: by the items' indicators."""
    return plan.model_copy(update={"points": sorted(plan.points, key=lambda point: order.index(point.id))})


def rest(point: Point) -> dict[str, Any]:
    """What a point says besides its measures."""
    return {
        "items": set(point.items),
        "indicators": set(point.indicators),
        "topic": same(point.topic),
        "finding": same(point.finding),
        "guideline": same(point.guideline),
        "monitoring": tuple(same(m.monitoring) for m in point.measures),
        "success": tuple(same(m.success_indicator) for m in point.measures),
        "budget": tuple((m.budget.amount, same(m.budget.source)) if m.budget else () for m in point.measures),
    }


def points(plan: Plan | None) -> list[dict[str, Any]]:
    """Every point of a plan with all that it says, as it is compared."""
    if plan is None:
        return []
    return [{**rest(point), "measures": tuple(map(measure, point.measures))} for point in plan.points]


def entries(progress: Progress | None) -> list[tuple[Any, ...]]:
    """Every measure of a progress report by its title, with all that is reported of it, as it is compared."""
    if progress is None:
        return []
    titles = {m.id: same(m.title) for point in progress.plan.points for m in point.measures}
    return [(titles[found.measure], *entry(found)) for found in progress.measures]


def entry(found: MeasureProgress) -> tuple[Any, ...]:
    """What is reported of a measure, as it is compared."""
    proof = [(p.kind, same(p.title), p.number, p.date, same(p.subject), p.url, same(p.path)) for p in found.proof]
    deeds = [(same(deed.text), deed.date, deed.end) for deed in found.done]
    return found.status, deeds, proof, same(found.obstacles), same(found.result)


# Scores: what a document shows, taken from its tree, and what came back.

_NUMBER = re.compile(r"\d+\.\d\d")
_ITEM = re.compile(r"([ieo]\d+) ")
_INDICATOR = re.compile(r"(?:ตัวชี้วัดที่ )(\d+) ")
_CITED = re.compile(r"ข้อ ([ieo]\d+) (?:[^()]*\(|ได้ )(\d+\.\d\d) คะแนน")
_LISTED = re.compile(r"\b([ieo]\d+) \((\d+\.\d\d)\)")
_LISTED_PART = re.compile(r"\b([ieo]\d+) [^()]*\((EIT) ส่วนที่ (\d) (\d+\.\d\d)(?: คะแนน)?\)")
_NAMED = re.compile(r"ตัวชี้วัดที่ (\d+) [^()|]*\((\d+\.\d\d) คะแนน\)")
_COMPONENT = re.compile(r"(IIT|OIT|EIT(?: ส่วนที่ \d)?) (\d+\.\d\d)(?=,| โดย|$)")
_OVERALL = re.compile(r"คะแนนรวม (\d+\.\d\d) คะแนน")


def read_values(reading: Reading) -> dict[str, set[str]]:
    """What was read of each node, as two decimals."""
    found: dict[str, set[str]] = {}
    for value in reading.values:
        full = value.of or Decimal(100)
        found.setdefault(value.node, set()).add(f"{value.value * 100 / full:.2f}")
    return found


def true_values(sheet: ScoreSheet) -> dict[str, set[str]]:
    """What a report may rightly print of each node: the score of a part under the part's name only."""
    found: dict[str, set[str]] = {}
    for name, value in sheet.values.items():
        if value.score is not None:
            found.setdefault(name, set()).add(f"{shown(value.score):.2f}")
    return found


def shown_values(document: Document, sheet: ScoreSheet) -> dict[str, str]:
    """The scores that a document shows in the ways in which the layouts show scores; node → two decimals."""
    found: dict[str, str] = {}
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    texts = [to_arabic(cell_text(cell)) for cell in row]
                    _of_row(texts, sheet, found)
                    for text in texts:
                        _of_text(text, found)
            elif isinstance(block, Paragraph):
                _of_text(to_arabic(plain(block.text)), found)
            elif isinstance(block, Bullets):
                for item in block.items:
                    _of_text(to_arabic(plain(item)), found)
    true = true_values(sheet)
    return {node: text for node, text in found.items() if text in true.get(node, ())}


def shown_in_lines(lines: Sequence[str], sheet: ScoreSheet) -> dict[str, str]:
    """As ``shown_values``, of text whose table rows are lines with tabs."""
    found: dict[str, str] = {}
    for line in lines:
        texts = to_arabic(line).split("\t")
        if len(texts) > 1:
            _of_row(texts, sheet, found)
        for text in texts:
            _of_text(text, found)
    true = true_values(sheet)
    return {node: text for node, text in found.items() if text in true.get(node, ())}


def in_tables(document: Document) -> Document:
    """What a workbook holds of a document: its tables, the charts' numbers standing in them already."""
    return replace(
        document,
        sections=tuple(
            replace(section, blocks=tuple(block for block in section.blocks if isinstance(block, Table)))
            for section in document.sections
        ),
    )


def _of_row(texts: list[str], sheet: ScoreSheet, found: dict[str, str]) -> None:
    """An item's or indicator's row: its number, or the numbers of its parts and of the whole."""
    names = [match[1] for text in texts for match in [_ITEM.match(f"{text} ") or _INDICATOR.match(f"{text} ")] if match]
    numbers = [text for text in texts if _NUMBER.fullmatch(text)]
    if len(names) != 1 or not numbers:
        return
    (name,) = names
    parts = [part.code for part in sheet.parts_of("EIT")] if name.startswith("e") else []
    if len(numbers) == len(parts) + 1 and parts:
        found.update(zip((f"{name}@{part}" for part in parts), numbers, strict=False))
        found[name] = numbers[-1]
    elif len(numbers) == 1:
        found[name] = numbers[0]


def _of_text(text: str, found: dict[str, str]) -> None:
    text = text.replace("\xa0", " ")
    for pattern in (_CITED, _LISTED, _NAMED):
        found.update(pattern.findall(text))
    found.update((f"{code}@{name}.{part}", number) for code, name, part, number in _LISTED_PART.findall(text))
    if "คะแนนรายเครื่องมือ" in text:
        found.update((name.replace(" ส่วนที่ ", "."), number) for name, number in _COMPONENT.findall(text))
    found.update(("overall", number) for number in _OVERALL.findall(text))
