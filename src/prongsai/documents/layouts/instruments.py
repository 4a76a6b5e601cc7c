"""The layout by instrument, after the model of a subdistrict municipality: memo, analysis, measures with ticks.

Every instrument is told by its weakest indicator; what changed in the rules comes before the results, so that
nobody compares what cannot be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from prongsai.analysis.disclosure import may_show_score
from prongsai.analysis.findings import Finding
from prongsai.analysis.ranking import Group, ItemScore
from prongsai.documents import parts
from prongsai.documents import parts_report as report
from prongsai.documents.layouts import _rule_changes
from prongsai.documents.parts_findings import advice, causes, labelled
from prongsai.documents.parts_numbers import next_level_blocks, uncertainty_blocks
from prongsai.documents.parts_plan import analysis_title, measures_title, plan_of, step_paragraphs, units_cell
from prongsai.documents.registry import module, names
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Cell, Column, Heading, Paragraph, Run, Section, Table
from prongsai.framework.model import Indicator, Instrument
from prongsai.improvement.follow_up import STATUS_TH
from prongsai.improvement.model import Measure, Plan, Point, Status
from prongsai.scoring.structure import at_part

WEAK = "ประเด็นที่เป็นข้อบกพร่อง/จุดอ่อน"
GUIDELINE = "แนวทางการนำผลการวิเคราะห์ไปสู่การปฏิบัติ"
MEASURE = "มาตรการ"
UNIT = "ผู้รับผิดชอบ"
WATCH = "การกำกับติดตาม"
DONE, NOT_DONE = STATUS_TH["done"], STATUS_TH["not_started"]
_TALL = tuple(Cell(text, rowspan=2, tone="head") for text in (WEAK, GUIDELINE, MEASURE, UNIT))
TABLE_HEAD = ((*_TALL, Cell(WATCH, colspan=2, tone="head")), report.head(DONE, NOT_DONE))


def analysis(request: Request) -> tuple[Section, ...]:
    """The analysis report, with the memo in front of it."""
    numbers = (Heading("ความแม่นยำของคะแนน", 2), *uncertainty_blocks(request))
    ahead = (Heading("ระยะห่างจากระดับถัดไป", 2), *next_level_blocks(request))
    return (
        *_front(request, analysis_title(request)),
        Section(
            (*_story(request), *ahead, *numbers, Heading("ข้อบกพร่องและแนวทางการปรับปรุงพัฒนา"), *_weak_tables(request))
        ),
        Section(tuple(_annex(request))),
    )


def measures(request: Request) -> tuple[Section, ...]:
    """The measures report: results and the tables of measures, with the memo in front."""
    plan = plan_of(request)
    return (
        *_front(request, measures_title(request)),
        Section(tuple(_story(request))),
        Section(tuple(_measure_tables(request, plan)), landscape=True),
        Section(tuple(_annex(request))),
    )


def _front(request: Request, title: str) -> tuple[Section, ...]:
    memo: tuple[Section, ...] = module("kinds", "memo").sections(request) if "memo" in names("kinds") else ()
    lines = report.cover_lines(title)
    changed = "สิ่งที่เปลี่ยนแปลงในหลักเกณฑ์ " if _rule_changes.compared(request) else ""
    year = parts.fiscal_year_text(request.result_year)
    foreword = [
        f"เมื่อทราบผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน ประจำ{year} แล้ว "
        f"{request.agency}ได้นำคะแนนมาพิจารณาแยกตามเครื่องมือ "
        "เพื่อให้เห็นว่าข้อบกพร่องปรากฏในมุมมองของบุคลากร ผู้รับบริการ หรือในการเปิดเผยข้อมูล",
        f"เอกสารฉบับนี้แสดง{changed}ผลการประเมิน ตัวชี้วัดที่ได้คะแนนต่ำที่สุดของแต่ละเครื่องมือ แนวทางแก้ไข และคะแนนรายข้อในภาคผนวก",
        f"{request.agency}จะใช้เอกสารนี้มอบหมายงาน กำกับติดตาม และเตรียมการสำหรับการประเมินครั้งต่อไป",
    ]
    return (*memo, parts.cover(request, lines), report.foreword(request, foreword), report.contents())


def _story(request: Request) -> list[Block]:
    found = _rule_changes.compared(request)
    changed = [Heading("สิ่งที่เปลี่ยนแปลงในหลักเกณฑ์การประเมิน"), *_rule_changes.blocks(found)] if found else []
    known = any(report.group_score(request, group) is not None for group in request.indicators)
    return [
        Heading("ความเป็นมาของการประเมิน"),
        *report.background(request),
        *changed,
        Heading(f"ผลการประเมิน ประจำ{parts.fiscal_year_text(request.result_year)}"),
        Paragraph(parts.result_sentence(request), indent=True),
        Paragraph(parts.component_sentence(request), indent=True),
        *_weakest(request),
        parts.indicator_table(request),
        *([parts.indicator_chart(request)] if known else []),
        *parts.trend_blocks(request),
        *parts.doubt_blocks(request),
    ]


# --- the weakest indicator of every instrument


def _weakest(request: Request) -> list[Block]:
    blocks: list[Block] = []
    for position, (instrument, pairs) in enumerate(report.by_instrument(request), start=1):
        text = _weakest_sentence(request, instrument, pairs)
        blocks.append(Paragraph(f"{position}. ด้าน {instrument.code} {text}", indent=True))
    return blocks


def _weakest_sentence(request: Request, instrument: Instrument, pairs: list[tuple[Indicator, Group]]) -> str:
    known = [(score, ind, group) for ind, group in pairs if (score := report.group_score(request, group)) is not None]
    if not known:
        return f"({instrument.name.th}) ยังไม่ทราบคะแนนรายตัวชี้วัด"
    low = min(score for score, _, _ in known)
    number = report.with_unit(parts.points(low))
    partly = f"ในตัวชี้วัดที่ทราบคะแนน ({len(known)} จาก {len(pairs)} ตัวชี้วัด) " if len(known) < len(pairs) else ""
    lowest = [(indicator, group) for score, indicator, group in known if score == low]
    if len(lowest) == len(known) > 1:
        return f"({instrument.name.th}) {partly}ทุกตัวชี้วัดได้ {number} เท่ากัน"
    called = " และ ".join(report.indicator_name(indicator) for indicator, _ in lowest)
    weak = [item for _, group in lowest for item in _weak_items(request, group)]
    text = f"({instrument.name.th}) {partly}ตัวชี้วัดที่ได้คะแนนต่ำที่สุด คือ {called} ({number})"
    if weak:
        text += " ข้อที่ควรแก้ไขก่อน ได้แก่ " + ", ".join(f"{i.code} ({report.part_score_text(i)})" for i in weak)
    return text


def _weak_items(request: Request, group: Group) -> list[ItemScore]:
    weak = report.weak_of(request, group)
    return [found.item for found in weak if found.urgent] or [found.item for found in weak]


def _weak_tables(request: Request) -> list[Block]:
    """What is weak, why it may be so, and what may be done: the analysis without a plan."""
    blocks: list[Block] = []
    shown = False
    for instrument, pairs in report.by_instrument(request):
        found = [one for _, group in pairs for one in report.weak_of(request, group)]
        blocks.append(Heading(report.instrument_name(instrument), 2))
        if not found:
            blocks.append(Paragraph(_no_weakness(pairs), indent=True))
            continue
        shown = shown or any(one.theme for one in found)
        rows = tuple(_weak_row(request, one) for one in found)
        columns = (Column(0.36), Column(0.3), Column(0.34))
        name = f"ข้อบกพร่อง {instrument.code}"
        blocks.append(Table(columns, (report.head(WEAK, "สาเหตุที่อาจเป็นไปได้", GUIDELINE),), rows, name=name))
    return [*blocks, Paragraph(report.CAUSES_NOTE, style="small")] if shown else blocks


def _no_weakness(pairs: list[tuple[Indicator, Group]]) -> str:
    if any(group.known for _, group in pairs):
        return "ไม่พบข้อบกพร่องหรือจุดอ่อนในข้อที่ทราบคะแนน"
    return "ไม่มีคะแนนรายข้อในข้อมูลที่ใช้จัดทำเอกสาร จึงยังไม่อาจระบุข้อบกพร่องเป็นรายข้อ"


def _weak_row(request: Request, found: Finding) -> tuple[Cell, ...]:
    weak = [Paragraph(f"{parts.item_name(found.item)} ({report.item_score_text(found.item)})")]
    if found.theme is None:
        nothing = Cell("ยังไม่มีข้อสันนิษฐาน หน่วยงานควรหาสาเหตุ")
        return (Cell(tuple(weak)), nothing, Cell("กำหนดแนวทางเมื่อทราบสาเหตุแล้ว"))
    weak.append(Paragraph(found.theme.low))
    return (Cell(tuple(weak)), _dashes(causes(found.item)), _dashes(advice(request, found.item)))


def _dashes(texts: list[str]) -> Cell:
    return Cell(tuple(Paragraph(f"– {text}") for text in texts))


# --- the tables of measures


def _measure_tables(request: Request, plan: Plan) -> list[Block]:
    year = parts.fiscal_year_text(plan.action_year)
    blocks: list[Block] = [Heading(f"การนำผลการประเมินไปปรับปรุงและพัฒนา ใน{year}")]
    points = report.placed(request.framework, plan)
    if not points:
        return [*blocks, Paragraph("แผนยังไม่มีประเด็นและมาตรการ", indent=True)]
    for instrument in request.framework.instruments:
        own = [found.point for found in points if found.instrument and found.instrument.code == instrument.code]
        blocks.append(Heading(f"ด้าน {instrument.code} {instrument.name.th}", 2))
        left = report.without_measure(request, instrument.code)
        if own:
            blocks.append(_table(request, own, instrument.code))
        elif not left:
            blocks.append(Paragraph("แผนนี้ไม่มีประเด็นที่ต้องแก้ไขของเครื่องมือนี้", indent=True))
        if left:
            blocks.append(Paragraph(left, indent=True))
    others = [found.point for found in points if found.instrument is None]
    if others:
        blocks += [Heading("ประเด็นอื่น", 2), _table(request, others, "อื่น")]
    return blocks


def _table(request: Request, points: list[Point], name: str) -> Table:
    rows = [row for point in points for row in _point_rows(request, point)]
    widths = (0.2, 0.28, 0.19, 0.14)
    columns = (*map(Column, widths), Column(0.095, "center"), Column(0.095, "center"))
    return Table(columns, TABLE_HEAD, tuple(rows), name=f"มาตรการ {name}")


def _point_rows(request: Request, point: Point) -> Iterable[tuple[Cell, ...]]:
    weak = Cell(tuple(_weak_cell(request, point)), rowspan=max(1, len(point.measures)))
    lead = [Paragraph(point.guideline)] if point.guideline else []
    if not point.measures:
        yield (
            weak,
            Cell(tuple(lead or [Paragraph("–")])),
            Cell("ยังไม่กำหนดมาตรการ", tone="warn"),
            Cell("–"),
            Cell("–"),
            Cell("–"),
        )
        return
    for position, measure in enumerate(point.measures):
        first = position == 0
        steps = [*(lead if first else []), *step_paragraphs(measure)]
        yield (
            *((weak,) if first else ()),
            Cell(tuple(steps)),
            Cell(tuple(_measure(request, measure))),
            units_cell(measure),
            *_ticks(request, measure),
        )


def _weak_cell(request: Request, point: Point) -> list[Paragraph]:
    """The point in the plan's words, its topic first, and the scores it rests on where the words do not give them."""
    lines = [Paragraph((Run(point.topic, bold=True),))] if point.topic else []
    lines += [Paragraph(point.finding)] if point.finding else []
    text = f"{point.topic or ''} {point.finding or ''}"
    items = report.point_items(request, point)
    said = {item.code for item in items if item.score is not None and parts.points(item.score) in text}
    scores = [f"ข้อ {item.code} ({report.part_score_text(item)})" for item in items if item.code not in said]
    if not items:
        groups = {group.id: group for group in request.indicators}
        wanted = [groups[number] for number in point.indicators if number in groups]
        scores = [f"ตัวชี้วัดที่ {group.id} ({report.group_text(request, group)})" for group in wanted]
    if scores:
        lines.append(Paragraph(", ".join(scores), style="small"))
    return lines or [Paragraph("–")]


def _measure(request: Request, measure: Measure) -> list[Paragraph]:
    lines = report.measure_lines(request, measure)
    if measure.monitoring:
        lines.append(labelled("การติดตาม", measure.monitoring))
    if request.success_indicators and measure.success_indicator:
        lines.append(labelled("ตัวชี้วัดความสำเร็จ", measure.success_indicator))
    return lines


def _ticks(request: Request, measure: Measure) -> tuple[Cell, ...]:
    """Ticks from the progress report; empty boxes to fill in where nothing was reported."""
    reported = {entry.measure: entry.status for entry in request.progress.measures} if request.progress else {}
    status: Status | None = reported.get(measure.id)
    if status == "in_progress":
        return (Cell(STATUS_TH[status], colspan=2, align="center"),)
    done = report.TICK if status == "done" else report.EMPTY_BOX
    return Cell(done), Cell(report.TICK if status == "not_started" else report.EMPTY_BOX)


# --- annex


def _annex(request: Request) -> list[Block]:
    blocks: list[Block] = [Heading("ภาคผนวก คะแนนรายข้อ")]
    silent = []
    for instrument, pairs in report.by_instrument(request):
        if not any(_has_score(item) for _, group in pairs for item in group.items):
            silent.append(instrument.code)
            continue
        blocks += [Heading(report.instrument_name(instrument), 2), _score_table(request, instrument, pairs)]
    if silent:
        text = f"ไม่มีคะแนนรายข้อของ {', '.join(silent)} ในข้อมูลที่ใช้จัดทำเอกสาร"
        blocks.append(Paragraph(text, indent=True))
    if any(not item.shown for group in request.indicators for item in group.items):
        k = request.framework.disclosure.k
        blocks.append(Paragraph(f"เครื่องมือที่มีผู้ตอบน้อยกว่า {k} คนไม่แสดงคะแนนรายข้อ เพื่อมิให้ย้อนรู้คำตอบของรายบุคคล", style="small"))
    return blocks


def _has_score(item: ItemScore) -> bool:
    return not item.shown or item.absent or item.score is not None


def _score_table(request: Request, instrument: Instrument, pairs: list[tuple[Indicator, Group]]) -> Table:
    """Items under their indicators; a column per part where scores of parts are known."""
    split = [
        part.code
        for part in instrument.parts
        if any(request.sheet.score(at_part(item.code, part.code)) is not None for _, g in pairs for item in g.items)
    ]
    whole = not split or any(item.score is not None and not item.part for _, g in pairs for item in g.items)
    width = 1 + len(split) + whole
    rows: list[tuple[Cell, ...]] = []
    for indicator, group in pairs:
        title = f"{report.indicator_name(indicator)} ({report.group_text(request, group)})"
        rows.append((Cell(title, colspan=width, tone="group", bold=True),))
        for item in group.items:
            wording = item.item.text or item.item.short or "(ไม่พบถ้อยคำที่เผยแพร่)"
            own = [_part_cell(request, item, part) for part in split]
            total = Cell("–") if split and item.part else parts.item_cell(request, item)
            rows.append((Cell(f"{item.code} {wording}"), *own, *([total] if whole else [])))
    head = report.head("ข้อ", *(parts.part_name(part) for part in split), *(["คะแนน"] if whole else []))
    each = 0.16
    columns = (Column(1 - each * (width - 1)), *(Column(each, "center") for _ in range(width - 1)))
    return Table(columns, (head,), tuple(rows), name=f"คะแนนรายข้อ {instrument.code}")


def _part_cell(request: Request, item: ItemScore, part: str) -> Cell:
    node = at_part(item.code, part)
    score = request.sheet.score(node)
    if score is None:
        return Cell("–")
    if not may_show_score(request.sheet, node).shown:
        return Cell(report.HIDDEN)
    low = score < Fraction(request.thresholds.item)
    return Cell(parts.points(score), tone="bad" if low else "none", number=float(parts.points(score)))
