"""Layout by the seven aspects (ประเด็น): result, one table of analysis per aspect, one table of measures per aspect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from prongsai.analysis.ranking import Group, ItemScore, item_scores
from prongsai.documents import parts
from prongsai.documents.parts_findings import (
    advice,
    causes,
    cited,
    cited_together,
    code_ranges,
    keep_sentence,
    labelled,
    listed,
    silence,
)
from prongsai.documents.parts_plan import analysis_title, lines, measures_title, plan_of, row
from prongsai.documents.parts_report import by_instrument, head, instrument_name
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Cell, Column, Heading, Paragraph, Run, Section, Table
from prongsai.errors import InputError, Problem
from prongsai.framework.model import Confidence
from prongsai.improvement.model import Plan, Point
from prongsai.thai.text import squeeze

ANALYSIS_HEAD = ("ประเด็นข้อคำถาม", "คะแนน", "การวิเคราะห์ผลการประเมิน")
MEASURES_HEAD = (
    "ประเด็นที่ต้องยกระดับการประเมิน",
    "มาตรการ โครงการ หรือกิจกรรม",
    "ขั้นตอนหรือวิธีปฏิบัติ",
    "ช่วงระยะเวลาในการดำเนินการ",
    "ผู้รับผิดชอบ",
)
OTHER = "ประเด็นอื่น"
_LOWEST = "ข้อคำถามที่ได้คะแนนน้อยที่สุด"
_CAUSES = "สาเหตุที่อาจเป็นไปได้"
_GUIDANCE = "แนวทางการยกระดับผลการประเมิน"
_FEW = 3


@dataclass(frozen=True)
class _Topic:
    """One aspect with the plan's points that belong to it; ``number`` None for what is in no aspect."""

    group: Group
    points: tuple[Point, ...] = ()
    number: int | None = None

    @property
    def heading(self) -> str:
        return f"ประเด็นที่ {self.number} {self.group.title}" if self.number else OTHER


def analysis(request: Request) -> tuple[Section, ...]:
    """The report on the results: overall, then aspect by aspect."""
    return (Section((*_title(request, analysis_title(request)), *_report(request, None))),)


def measures(request: Request) -> tuple[Section, ...]:
    """The report on the results, then the measures, aspect by aspect."""
    plan = plan_of(request)
    title = _title(request, analysis_title(request), f"และ{measures_title(request)}")
    return (Section((*title, *_report(request, plan))), Section(tuple(_measures(request, plan)), landscape=True))


def _title(request: Request, *titles: str) -> list[Block]:
    agency = " ".join(text for text in (request.agency, request.place) if text)
    lines: list[Block] = [Paragraph(title, align="center", style="title") for title in titles]
    return [*lines, Paragraph(agency, align="center", style="subtitle")]


def _report(request: Request, plan: Plan | None) -> list[Block]:
    return [*_result(request), *_analyses(request, plan), *_numbers(request)]


def _result(request: Request) -> Iterator[Block]:
    yield Heading("ผลการประเมินในภาพรวม")
    yield Paragraph(parts.result_sentence(request), indent=True)
    yield Paragraph(parts.component_sentence(request), indent=True)
    yield _high_to_low(request)
    yield Paragraph(parts.best_and_worst(request), indent=True)
    if any(parts.group_score(request, group) is not None for group in request.indicators):
        yield parts.indicator_chart(request)


def _high_to_low(request: Request) -> Table:
    """Per instrument its indicators from high to low, those without a score last."""
    rows: list[tuple[Cell, ...]] = []
    for instrument, pairs in by_instrument(request):
        total = Cell(parts.node_text(request, instrument.code), bold=True, tone="group")
        rows.append((Cell(instrument_name(instrument), bold=True, tone="group"), total))
        own = [(parts.group_score(request, group), group) for _, group in pairs]
        own.sort(key=lambda pair: (pair[0] is None, -(pair[0] or Fraction(0))))
        rows += [(Cell(f"ตัวชี้วัดที่ {group.id} {group.title}"), parts.score_cell(request, group)) for _, group in own]
    overall = Cell(parts.node_text(request, "overall"), bold=True, tone="head")
    rows.append((Cell(f"คะแนนรวม ({parts.level_phrase(parts.level_text(request))})", bold=True, tone="head"), overall))
    return Table(
        (Column(0.76), Column(0.24, "center")),
        (head("เครื่องมือและตัวชี้วัด", "คะแนน"),),
        tuple(rows),
        caption="คะแนนจากมากไปหาน้อยตามเครื่องมือการประเมิน",
        name="คะแนนจากมากไปหาน้อย",
    )


def _topics(request: Request, plan: Plan | None) -> list[_Topic]:
    """The framework's aspects with their points, then what is in none of them, where there is any."""
    groups = request.aspects
    if not groups:
        raise InputError(
            Problem(
                "documents.aspects",
                request.framework.id,
                f"กรอบ {request.framework.id} ไม่มีการจัดข้อเป็นประเด็น จึงใช้รูปแบบ aspects ไม่ได้",
                f"{request.framework.id} has no aspects",
                "โปรดเลือกรูปแบบอื่น เช่น --layout indicators",
            )
        )
    homes: dict[int, list[Point]] = {position: [] for position in range(-1, len(groups))}
    for point in plan.points if plan else ():
        homes[_home(point, groups)].append(point)
    topics = [_Topic(group, tuple(homes[n]), int(group.id)) for n, group in enumerate(groups)]
    placed = {item.code for group in groups for item in group.items}
    rest = tuple(item for code, item in item_scores(request.sheet).items() if code not in placed)
    if homes[-1] or any(item.score is not None or not item.shown for item in rest):
        topics.append(_Topic(Group("aspect", "", OTHER, None, rest), tuple(homes[-1])))
    return topics


def _home(point: Point, groups: Sequence[Group]) -> int:
    """The aspect that holds most of a point's items, or whose name is its topic; -1 for none."""
    counts = [len(set(point.items) & {item.code for item in group.items}) for group in groups]
    if any(counts):
        return counts.index(max(counts))
    topic = squeeze(point.topic or "")
    return next((n for n, group in enumerate(groups) if topic and squeeze(group.title) == topic), -1)


def _analyses(request: Request, plan: Plan | None) -> Iterator[Block]:
    yield Heading("การวิเคราะห์ผลการประเมินรายประเด็น")
    if any(aspect.confidence is not Confidence.CONFIRMED for aspect in request.framework.aspects):
        text = "การจัดข้อคำถามเข้าประเด็นในเอกสารนี้เป็นการอนุมานจากผังข้อของปีที่มีหลักฐาน โปรดตรวจสอบกับเอกสารทางการของปีที่ประเมิน"
        yield Paragraph(text, style="small")
    for topic in _topics(request, plan):
        if topic.group.items:
            yield Heading(topic.heading, 2)
            yield Paragraph(_lead(topic), indent=True, keep_with_next=True)
            yield _analysis_table(request, topic)


def _lead(topic: _Topic) -> str:
    known = topic.group.known
    subject = "ข้อที่ไม่ได้จัดอยู่ในประเด็นใดมี" if topic.number is None else "ประเด็นนี้มี"
    text = f"{subject} {len(topic.group.items)} ข้อ"
    if not known:
        return f"{text} ยังไม่มีคะแนนรายข้อที่แสดงได้"
    text += f" แสดงคะแนนได้ {len(known)} ข้อ" if len(known) < len(topic.group.items) else ""
    low, high = parts.points(min(_scores(known))), parts.points(max(_scores(known)))
    if low == high:
        return f"{text} ได้ {low} คะแนน" + ("เท่ากันทุกข้อ" if len(known) > 1 else "")
    return f"{text} ได้คะแนนระหว่าง {low} ถึง {high} คะแนน"


def _scores(items: Sequence[ItemScore]) -> list[Fraction]:
    return [item.score for item in items if item.score is not None]


def _analysis_table(request: Request, topic: _Topic) -> Table:
    items = topic.group.items
    rows = []
    for position, item in enumerate(items):
        said = (Cell(tuple(_analysis(request, topic)), rowspan=len(items)),) if position == 0 else ()
        rows.append((Cell(parts.item_name(item)), parts.item_cell(request, item), *said))
    columns = (Column(0.4), Column(0.13, "center"), Column(0.47))
    return Table(columns, (head(*ANALYSIS_HEAD),), tuple(rows), name=f"วิเคราะห์ {topic.heading}")


def _analysis(request: Request, topic: _Topic) -> Iterator[Paragraph]:
    """What one cell says of an aspect: the lowest items, why perhaps, what to do; then what is not shown."""
    group = topic.group
    worst = group.worst()
    if worst:
        below = [item for item in _below(request, group) if item not in worst]
        yield labelled(_LOWEST, cited_together(worst))
        yield from listed(_CAUSES, _per_item(worst[:_FEW], [causes(item) for item in worst[:_FEW]]))
        if below:
            yield labelled(f"ข้ออื่นที่ต่ำกว่าเกณฑ์ {request.thresholds.item} คะแนน", ", ".join(map(cited, below)))
        yield from listed(_GUIDANCE, _guidance(request, topic, [*worst, *below]))
    elif group.known:
        yield Paragraph(keep_sentence(request, group.known))
        yield from listed(_GUIDANCE, _guidance(request, topic, []))
    for text in silence(request, group.items):
        yield Paragraph(text)


def _below(request: Request, group: Group) -> list[ItemScore]:
    floor = Fraction(request.thresholds.item)
    return [item for item in group.known if item.score is not None and item.score < floor]


def _guidance(request: Request, topic: _Topic, weak: list[ItemScore]) -> list[str]:
    """The plan's own guidelines; for weak items that no guideline covers, our advice."""
    written = [point for point in topic.points if point.guideline]
    covered = {code for point in written for code in point.items}
    texts = [
        f"ข้อ {code_ranges(point.items)}: {point.guideline}"
        if len(written) > 1 and point.items
        else point.guideline or ""
        for point in written
    ]
    rest = [item for item in weak if item.code not in covered]
    return texts + _per_item(rest, [advice(request, item, 2 if len(rest) == 1 else 1) for item in rest])


def _per_item(items: Sequence[ItemScore], texts: Sequence[list[str]]) -> list[str]:
    """All texts, each led by its item's code where there are several items; one per item then."""
    if len(items) == 1:
        return list(texts[0])
    return [f"ข้อ {item.code}: {found[0]}" for item, found in zip(items, texts, strict=True) if found]


def _numbers(request: Request) -> list[Block]:
    """The change from last year and what is doubtful about the numbers, where there is any."""
    found = [*parts.trend_blocks(request), *parts.doubt_blocks(request)]
    return [Heading("ข้อมูลประกอบการพิจารณา"), *found] if found else []


def _measures(request: Request, plan: Plan) -> Iterator[Block]:
    yield Heading(measures_title(request))
    text = (
        f"จากผลการวิเคราะห์ข้างต้น {request.agency} กำหนดประเด็นที่ต้องยกระดับ มาตรการ ขั้นตอน ระยะเวลา "
        f"และผู้รับผิดชอบ เพื่อดำเนินการใน{parts.fiscal_year_text(plan.action_year)} ดังนี้"
    )
    yield Paragraph(text, indent=True)
    for topic in _topics(request, plan):
        if topic.points:
            yield Heading(topic.heading, 2)
            yield _measures_table(request, topic)
        elif topic.number is not None or _below(request, topic.group):
            yield Heading(topic.heading, 2)
        for sentence in _no_measure(request, topic):
            yield Paragraph(sentence, indent=True)


def _no_measure(request: Request, topic: _Topic) -> Iterator[str]:
    """Why an aspect has no table: its level is kept, nothing is known, or the plan has nothing for weak items yet."""
    covered = {code for point in topic.points if point.measures for code in point.items}
    open_items = [item.code for item in _below(request, topic.group) if item.code not in covered]
    if open_items and not (topic.points and topic.number is None and not covered):
        yield f"ข้อ {code_ranges(open_items)} ต่ำกว่าเกณฑ์ {request.thresholds.item} คะแนน แต่แผนยังไม่มีมาตรการรองรับ"
    elif topic.points or topic.number is None:
        return
    elif topic.group.known:
        yield f"{keep_sentence(request, topic.group.known)} จึงไม่กำหนดมาตรการเพิ่มเติมในประเด็นนี้"
    else:
        yield "ยังไม่มีคะแนนรายข้อของประเด็นนี้ จึงยังไม่กำหนดมาตรการ"


def _measures_table(request: Request, topic: _Topic) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for point in topic.points:
        if not point.measures:
            missing = Cell("แผนยังไม่กำหนดมาตรการสำหรับประเด็นนี้", colspan=4, align="left", tone="warn")
            rows.append((_point_cell(topic, point, 1), missing))
            continue
        found = lines(request, point)
        for position, line in enumerate(found):
            first = _point_cell(topic, point, len(found)) if position == 0 else None
            rows.append(row(first, line.measure, line.step, line.period, line.units))
    columns = (Column(0.21), Column(0.25), Column(0.28), Column(0.13, "center"), Column(0.13, "center"))
    return Table(columns, (head(*MEASURES_HEAD),), tuple(rows), name=f"มาตรการ {topic.heading}")


def _point_cell(topic: _Topic, point: Point, rowspan: int) -> Cell:
    """The point's topic, what was found, in which items; its guideline too where no table of analysis has shown it."""
    paragraphs = [Paragraph((Run(point.topic or topic.group.title, bold=True),))]
    if point.finding:
        paragraphs.append(Paragraph(point.finding))
    if point.items:
        paragraphs.append(Paragraph(f"ข้อ {code_ranges(point.items)}", style="small"))
    if point.guideline and not topic.group.items:
        paragraphs.append(labelled("แนวทาง", point.guideline))
    return Cell(tuple(paragraphs), rowspan=rowspan)
