"""Pieces of the long reports: foreword, contents, background, scores by instrument, the plan put in its places.

Whatever a small group's answers give is asked of ``analysis/disclosure`` here once more: an indicator that was
counted from fewer than k respondents has no number in any of these pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from prongsai.analysis.disclosure import may_show_score, shown_score
from prongsai.analysis.findings import Finding
from prongsai.analysis.ranking import Group, ItemScore
from prongsai.documents import parts
from prongsai.documents.parts_findings import code_ranges
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Cell, Contents, Gap, Heading, Paragraph, Section
from prongsai.framework.model import Framework, Indicator, Instrument
from prongsai.improvement.model import Measure, Plan, Point
from prongsai.scoring.level import decide, meets
from prongsai.thai.dates import month_year

HIDDEN = "ไม่แสดง (กลุ่มเล็ก)"
CAUSES_NOTE = "สาเหตุที่กล่าวถึงเป็นข้อสันนิษฐานซึ่งหน่วยงานต้องตรวจสอบกับข้อเท็จจริงก่อนนำไปใช้"
TICK = f"({parts.NBSP}/{parts.NBSP})"
EMPTY_BOX = f"({parts.NBSP}{parts.NBSP}{parts.NBSP})"


def instrument_name(instrument: Instrument) -> str:
    """``แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)``."""
    return f"{instrument.name.th} ({instrument.code})"


def indicator_name(indicator: Indicator) -> str:
    """``ตัวชี้วัดที่ 2 การใช้งบประมาณ``."""
    return f"ตัวชี้วัดที่ {indicator.number} {indicator.name.th}"


def group_score(request: Request, group: Group) -> Fraction | None:
    """The score of an indicator or instrument; None where it is not known or must not be shown."""
    return group.score if group.score is not None and may_show_score(request.sheet, group.id).shown else None


def group_text(request: Request, group: Group) -> str:
    """The score in words: ``87.57 คะแนน``, a span, not known, or not shown."""
    if not may_show_score(request.sheet, group.id).shown:
        return HIDDEN
    return with_unit(parts.node_text(request, group.id))


def with_unit(text: str) -> str:
    """A number with its unit; a sentence that there is no number stays as it is."""
    return f"{text}{parts.NBSP}คะแนน" if text[:1].isdigit() else text


def by_instrument(request: Request) -> Iterator[tuple[Instrument, list[tuple[Indicator, Group]]]]:
    """Every instrument with its indicators and their groups of items."""
    groups = {group.id: group for group in request.indicators}
    for instrument in request.framework.instruments:
        yield instrument, [(indicator, groups[indicator.number]) for indicator in instrument.indicators]


def level_sentence(request: Request, instrument: Instrument) -> str:
    """Score of an instrument and the level it stands for, in the terms of the year.

    Years of letters give a level to every score; later years decide it on all components together, so that an
    instrument only meets, or does not meet, what a level asks of a component.
    """
    value, ruling = request.sheet.values[instrument.code], may_show_score(request.sheet, instrument.code)
    if not ruling.shown:
        return f"เอกสารนี้ไม่แสดงคะแนนของเครื่องมือนี้ เพราะ{ruling.th}"
    if not value.informative:
        return "ยังไม่มีคะแนนของเครื่องมือนี้ในข้อมูลที่ใช้จัดทำเอกสาร"
    exact = value.interval.exact
    text = f"{'ได้คะแนน' if exact else 'มีคะแนนอยู่ระหว่าง'} {with_unit(parts.interval_text(value.interval))}"
    levels = request.framework.levels
    if not levels.components:
        names = decide(request.framework, value.interval, {}).names
        if len(names) > 2:
            return f"{text} จึงยังไม่อาจระบุระดับได้"
        return f"{text} เมื่อเทียบกับช่วงคะแนนของระดับผลการประเมิน อยู่ในระดับ {' หรือ '.join(names)}"
    floors = {band.component_min: band.name for band in reversed(levels.bands) if band.component_min is not None}
    own = [name for name in levels.components if name in (instrument.code, *(part.code for part in instrument.parts))]
    own = [name for name in own if may_show_score(request.sheet, name).shown]
    known = {name: shown_score(request.sheet, name) for name in own}
    judged = [f"{parts.part_name(name)} {_floor_text(request, score, floors)}" for name, score in known.items()]
    return f"{text} เมื่อเทียบกับคะแนนขั้นต่ำรายองค์ประกอบ {' และ '.join(judged)}" if judged and floors else text


def _floor_text(request: Request, score: Fraction | None, floors: dict[Decimal, str]) -> str:
    if score is None:
        return "ยังไม่มีคะแนน"
    met = [f"{name} ({floor} คะแนน)" for floor, name in floors.items() if meets(request.framework, score, floor)]
    if met:
        return f"ถึงเกณฑ์ของ{parts.level_phrase(met[-1])}"
    lowest = next(iter(floors))
    return f"ยังไม่ถึงเกณฑ์ของ{parts.level_phrase(floors[lowest])} ({lowest} คะแนน)"


_COVER_BREAKS = ("การประเมิน", "ในการดำเนินงาน", "ตามมาตรการ", "ตามแผน", "ประจำ")


def cover_lines(title: str) -> tuple[str, ...]:
    """A long title on the lines of a cover, broken where its phrases end and not inside a word."""
    lines = [title]
    for phrase in _COVER_BREAKS:
        before, found, after = lines[-1].partition(phrase)
        if found and before.strip():
            lines[-1:] = [before.strip(), found + after]
    return tuple(lines)


def foreword(request: Request, paragraphs: Sequence[str]) -> Section:
    """คำนำ with the unit that wrote it and the month, both left blank where they are not given."""
    letter = request.letter
    month = month_year(letter.date) if letter.date else "………………………… พ.ศ. …………"
    blocks: list[Block] = [Heading("คำนำ")]
    blocks += [Paragraph(text, indent=True) for text in paragraphs]
    blocks += [Gap(1)]
    blocks += [Paragraph(text, align="right") for text in (letter.unit, request.agency, month) if text]
    return Section(tuple(blocks))


def contents() -> Section:
    """The page of contents."""
    return Section((Contents(),))


def background(request: Request) -> list[Block]:
    """Where the assessment comes from and what it consists of this year, as the framework says."""
    framework = request.framework
    listed = []
    for instrument in framework.instruments:
        count = sum(len(indicator.items) for indicator in instrument.indicators)
        split = f" แบ่งเป็น {len(instrument.parts)} ส่วน" if instrument.parts else ""
        listed.append(f"{instrument_name(instrument)} จำนวน {count} ข้อ{split}")
    indicators = sum(len(instrument.indicators) for instrument in framework.instruments)
    return [
        Paragraph(
            f"{parts.FULL_NAME} (Integrity and Transparency Assessment: ITA) ช่วยให้หน่วยงานของรัฐทราบว่า"
            "การปฏิบัติงานและการเปิดเผยข้อมูลของตนเป็นอย่างไรในสายตาของบุคลากร ผู้รับบริการ และผู้ตรวจประเมิน "
            "แล้วนำผลที่ได้ไปแก้ไขจุดที่ยังบกพร่องและรักษาสิ่งที่ทำได้ดีอยู่แล้ว",
            indent=True,
        ),
        Paragraph(
            f"การประเมินประจำ{parts.fiscal_year_text(framework.fiscal_year)} ประกอบด้วย {indicators} ตัวชี้วัด "
            f"จากเครื่องมือ {len(framework.instruments)} ชุด ได้แก่ {' และ '.join(_joined(listed))}",
            indent=True,
        ),
    ]


def _joined(texts: list[str]) -> list[str]:
    """All but the last as one text with commas, so that ``และ`` stands before the last only."""
    return [", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts


@dataclass(frozen=True)
class Placed:
    """A point of the plan at its place: the indicator of the first item it names that the framework has."""

    point: Point
    instrument: Instrument | None
    indicator: Indicator | None


def placed(framework: Framework, plan: Plan | None) -> list[Placed]:
    """Every point once, in the plan's order; without a place where it names nothing the framework has."""
    home: dict[str, tuple[Instrument, Indicator]] = {}
    for instrument in framework.instruments:
        for indicator in instrument.indicators:
            home[indicator.number] = (instrument, indicator)
            home.update({item.code: (instrument, indicator) for item in indicator.items})
    found = []
    for point in plan.points if plan else []:
        names = [name for name in (*point.items, *point.indicators) if name in home]
        found.append(Placed(point, *home[names[0]]) if names else Placed(point, None, None))
    return found


def point_items(request: Request, point: Point) -> list[ItemScore]:
    """The items of a point that the framework has, with their scores."""
    known = {item.code: item for group in request.indicators for item in group.items}
    return [known[code] for code in point.items if code in known]


def item_score_text(item: ItemScore) -> str:
    """The score of an item with its unit, or why there is none."""
    if not item.shown:
        return HIDDEN
    if item.score is None:
        return "ไม่เข้าข่ายประเมิน" if item.absent else parts.NOT_KNOWN
    return with_unit(parts.points(item.score))


def part_score_text(item: ItemScore) -> str:
    """As ``item_score_text``, led by the part where only that part's score is known: ``EIT ส่วนที่ 1 74.67 คะแนน``."""
    part = f"{parts.part_name(item.part)} " if item.part and item.shown and item.score is not None else ""
    return f"{part}{item_score_text(item)}"


def weak_of(request: Request, group: Group) -> list[Finding]:
    """The weak findings of an indicator."""
    return [found for found in request.findings if found.weak and found.item.indicator == group.id]


def budget_text(measure: Measure) -> str:
    """``งบประมาณ 20,000 บาท (ข้อบัญญัติงบประมาณ)``, or nothing where no money is named."""
    if measure.budget is None:
        return ""
    amount = f"{measure.budget.amount:,.2f}".removesuffix(".00")
    source = f" ({measure.budget.source})" if measure.budget.source else ""
    return f"งบประมาณ {amount} บาท{source}"


def measure_lines(request: Request, measure: Measure) -> list[Paragraph]:
    """The measure's title, and its budget where the document shows money."""
    lines = [Paragraph(measure.title)]
    if request.budget and measure.budget:
        lines.append(Paragraph(budget_text(measure), style="small"))
    return lines


def without_measure(request: Request, instrument: str) -> str:
    """A sentence on items of an instrument under the threshold that no measure of the plan answers; empty for none."""
    answered = {
        code for point in (request.plan.points if request.plan else []) if point.measures for code in point.items
    }
    left = [
        found.item.code
        for found in request.findings
        if found.urgent and found.item.instrument == instrument and found.item.code not in answered
    ]
    return f"ข้อ {code_ranges(left)} ต่ำกว่าเกณฑ์ {request.thresholds.item} คะแนน แต่แผนยังไม่มีมาตรการรองรับ" if left else ""


def head(*texts: str) -> tuple[Cell, ...]:
    """One head row."""
    return tuple(Cell(text, tone="head") for text in texts)
