"""Layout by the ten indicators: cover, result, what each indicator says, then one table of measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from prongsai.analysis.findings import Finding
from prongsai.analysis.ranking import Group, ItemScore
from prongsai.documents import parts
from prongsai.documents.parts_findings import (
    advice,
    causes,
    cited,
    code_ranges,
    keep_sentence,
    labelled,
    silence,
    theme_of,
)
from prongsai.documents.parts_numbers import next_level_blocks, uncertainty_blocks
from prongsai.documents.parts_plan import Line, analysis_title, lines, measures_title, plan_of, row
from prongsai.documents.parts_report import (
    by_instrument,
    group_text,
    head,
    indicator_name,
    instrument_name,
    placed,
    with_unit,
)
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Bullets, Cell, Column, Heading, Paragraph, Run, Section, Table
from prongsai.framework.model import Indicator, Instrument
from prongsai.improvement.model import Plan, Point

MEASURES_HEAD = (
    "ตัวชี้วัด",
    "มาตรการ/โครงการ/กิจกรรม",
    "ผลการวิเคราะห์ตัวชี้วัด",
    "ขั้นตอน/วิธีปฏิบัติ",
    "ผู้รับผิดชอบ",
    "วัน เดือน ปี ที่ดำเนินการ",
)
OTHER = "ประเด็นอื่น"
FAILED = "ข้อที่ไม่ผ่านการตรวจประเมิน หมายถึงไม่พบการเปิดเผยข้อมูล หรือข้อมูลไม่ครบองค์ประกอบที่กำหนด จึงไม่ได้คะแนนในข้อนั้น"
_STRONG = "จุดแข็ง"
_WEAK = "จุดอ่อนหรือข้อบกพร่อง"


def analysis(request: Request) -> tuple[Section, ...]:
    """Cover and report on the results."""
    return (parts.cover(request, (analysis_title(request),)), _report(request))


def measures(request: Request) -> tuple[Section, ...]:
    """Cover, report on the results, and the table of measures."""
    plan = plan_of(request)
    cover = parts.cover(request, (analysis_title(request), "และ", measures_title(request)))
    return (cover, _report(request), Section(tuple(_measures(request, plan)), landscape=True))


def _report(request: Request) -> Section:
    blocks: list[Block] = [
        Heading("1. ผลการประเมินของหน่วยงาน"),
        Paragraph(parts.result_sentence(request), indent=True),
        Paragraph(parts.component_sentence(request), indent=True),
        *_summary(request),
        Heading("3. การวิเคราะห์ผลการประเมินรายตัวชี้วัด"),
    ]
    for position, (instrument, pairs) in enumerate(by_instrument(request), start=1):
        blocks.append(Heading(f"3.{position} {instrument_name(instrument)}", 2))
        if instrument.kind == "checklist" and any(item.failed for _, group in pairs for item in group.known):
            blocks.append(Paragraph(FAILED, indent=True))
        for indicator, group in pairs:
            blocks += _indicator(request, instrument, indicator, group)
    blocks += [Heading("4. ระยะห่างจากระดับถัดไป"), *next_level_blocks(request)]
    blocks += [Heading("5. ความแม่นยำของคะแนน"), *uncertainty_blocks(request), *parts.doubt_blocks(request)]
    return Section(tuple(blocks))


def _summary(request: Request) -> Iterator[Block]:
    yield Heading("2. สรุปผลการประเมินรายตัวชี้วัด")
    caption = "สรุปผลการประเมินรายตัวชี้วัด"
    if request.result_year:
        caption += f" ประจำ{parts.fiscal_year_text(request.result_year)}"
    yield replace(parts.indicator_table(request), caption=f"ตารางที่ 1 {caption}")
    yield Paragraph(parts.best_and_worst(request), indent=True)
    if any(parts.group_score(request, group) is not None for group in request.indicators):
        yield parts.indicator_chart(request)
    yield from parts.trend_blocks(request)


def _indicator(request: Request, instrument: Instrument, indicator: Indicator, group: Group) -> Iterator[Block]:
    """One indicator: its score, what it measures, strong and weak items, what to do."""
    yield Heading(f"({indicator.number}) {indicator_name(indicator)}", 3)
    text = f"ได้คะแนน {group_text(request, group)}" if request.sheet.values[group.id].informative else parts.NOT_KNOWN
    text += _below_indicator(request, group)
    if indicator.measures:
        text += f" ตัวชี้วัดนี้{indicator.measures}"
    yield Paragraph(text, indent=True)
    if instrument.kind == "checklist":
        yield from _checklist(request, group)
    else:
        yield from _survey(request, group)
    yield from (Paragraph(text, indent=True) for text in silence(request, group.items))


def _below_indicator(request: Request, group: Group) -> str:
    score, floor = parts.group_score(request, group), request.thresholds.indicator
    return f" ต่ำกว่าเกณฑ์ {floor} คะแนนของตัวชี้วัด" if score is not None and score < Fraction(floor) else ""


def _of(request: Request, group: Group) -> list[Finding]:
    return [found for found in request.findings if found.item.indicator == group.id]


def _survey(request: Request, group: Group) -> Iterator[Block]:
    found = _of(request, group)
    strong, weak = [f for f in found if not f.weak], [f for f in found if f.weak]
    yield from _said(_STRONG, [f"{cited(f.item)}{_high(f)}" for f in strong])
    if weak:
        yield from _said(_WEAK, _weak_sentences(request, group, weak))
        yield from _todo(request, [f.item for f in weak])
    elif group.known:
        yield Paragraph(keep_sentence(request, group.known), indent=True)


def _high(found: Finding) -> str:
    return f" {found.theme.high}" if found.theme else ""


def _weak_sentences(request: Request, group: Group, weak: Sequence[Finding]) -> list[str]:
    """Each weak item with its score, how it stands, and what it says."""
    texts = []
    for found in weak:
        low = f" {found.theme.low}" if found.theme else ""
        texts.append(f"{cited(found.item)} {_standing(request, group, found.item)}{low}")
    return texts


def _standing(request: Request, group: Group, item: ItemScore) -> str:
    """Below the threshold; or above it and the lowest, so the first to raise."""
    floor = request.thresholds.item
    if item.score is not None and item.score < Fraction(floor):
        return f"ต่ำกว่าเกณฑ์ {floor} คะแนน"
    if len(group.known) < 2:
        return "เป็นข้อเดียวของตัวชี้วัดนี้ที่ทราบคะแนน"
    if group.best() == group.worst():
        return "ทุกข้อที่ทราบคะแนนได้เท่ากัน จึงควรยกระดับไปพร้อมกัน"
    among = "" if len(group.known) == len(group.items) else "ในข้อที่ทราบคะแนน"
    return f"ถึงเกณฑ์ {floor} คะแนน แต่ต่ำที่สุด{among}ของตัวชี้วัดนี้ จึงควรยกระดับเป็นลำดับแรก"


def _checklist(request: Request, group: Group) -> Iterator[Block]:
    """Passed items as ranges of codes, failed ones each with what failing means."""
    whole = [item for item in group.known if item.score == 100]
    failed = [item for item in group.known if item.failed]
    between = [item for item in group.known if item not in whole and item not in failed]
    if whole:
        every = "ทุกข้อ คือ " if len(whole) == len(group.items) and len(whole) > 1 else ""
        codes = code_ranges(item.code for item in whole)
        yield from _said(
            _STRONG, [f"{every}ข้อ {codes} (100.00 คะแนน) เปิดเผยข้อมูลครบตามที่กำหนด ให้คงข้อมูลไว้และปรับให้เป็นปัจจุบัน"]
        )
    if failed or between:
        sentences = [f"{cited(item)} ไม่ผ่านการตรวจประเมิน{_low(item)}" for item in failed]
        sentences += [f"{cited(item)} ได้คะแนนบางส่วน{_low(item)}" for item in between]
        yield from _said(_WEAK, sentences)
        yield from _todo(request, [*failed, *between])


def _low(item: ItemScore) -> str:
    theme = theme_of(item)
    return f" {theme.low}" if theme else ""


def _said(label: str, sentences: Sequence[str]) -> Iterator[Block]:
    """``label คือ sentence``, or the label above a list."""
    if len(sentences) == 1:
        yield Paragraph((Run(label, bold=True), Run(f" คือ {sentences[0]}")), indent=True)
    elif sentences:
        yield Paragraph((Run(label, bold=True), Run(" ได้แก่")), indent=True, keep_with_next=True)
        yield Bullets(tuple(sentences))


def _todo(request: Request, items: Sequence[ItemScore]) -> Iterator[Block]:
    """Possible causes, then advice with the OIT items it rests on; item by item where there are several."""
    alone = len(items) == 1
    for label, texts in (
        ("สาเหตุที่อาจเป็นไปได้", [(item, causes(item, 2 if alone else 1)) for item in items]),
        ("แนวทางพัฒนา", [(item, advice(request, item, 3 if alone else 1)) for item in items]),
    ):
        sentences = [text if alone else f"ข้อ {item.code}: {text}" for item, found in texts for text in found]
        if len(sentences) == 1:
            yield Paragraph((Run(label, bold=True), Run(f": {sentences[0]}")), indent=True)
        elif sentences:
            yield Paragraph((Run(label, bold=True),), indent=True, keep_with_next=True)
            yield Bullets(tuple(sentences))


def _measures(request: Request, plan: Plan) -> Iterator[Block]:
    yield Heading("6. การนำผลการวิเคราะห์ไปสู่การปรับปรุง พัฒนา หรือรักษาระดับ")
    yield Paragraph(
        f"{request.agency} กำหนดมาตรการตามผลการวิเคราะห์รายตัวชี้วัด "
        f"เพื่อดำเนินการใน{parts.fiscal_year_text(plan.action_year)} ดังตาราง",
        indent=True,
    )
    yield _measures_table(request, plan)


def _measures_table(request: Request, plan: Plan) -> Table:
    """Every indicator as one group of rows; points that name nothing of the framework come last."""
    homes: dict[str, list[Point]] = {}
    for place in placed(request.framework, plan):
        homes.setdefault(place.indicator.number if place.indicator else "", []).append(place.point)
    rows: list[tuple[Cell, ...]] = []
    for _, pairs in by_instrument(request):
        for indicator, group in pairs:
            name = f"{indicator.number}. {indicator.name.th}"
            rows += _group_rows(request, name, group, homes.get(indicator.number, []))
    if homes.get(""):
        rows += _group_rows(request, OTHER, None, homes[""])
    columns = (
        Column(0.12), Column(0.18), Column(0.22), Column(0.22), Column(0.11, "center"), Column(0.15, "center"),
    )  # fmt: skip
    return Table(columns, (head(*MEASURES_HEAD),), tuple(rows), name="มาตรการรายตัวชี้วัด")


def _group_rows(request: Request, name: str, group: Group | None, points: Sequence[Point]) -> list[tuple[Cell, ...]]:
    found: list[tuple[Point, list[Line]]] = [(point, lines(request, point, full_dates=True)) for point in points]
    height = sum(len(own) for _, own in found) or 1
    # An ordinary space: the column is narrow, and a number that may not leave its unit would be broken inside.
    score = f"\n({with_unit(parts.node_text(request, group.id)).replace(parts.NBSP, ' ')})" if group else ""
    first: Cell | None = Cell(f"{name}{score}", rowspan=height, bold=True, tone="group")
    if not found:
        return [row(first, Cell(_nothing(request, group), colspan=5, align="left"))]
    rows = []
    for point, own in found:
        for position, line in enumerate(own):
            finding = _finding_cell(point, group, len(own)) if position == 0 else None
            rows.append(row(first, line.measure, finding, line.step, line.units, line.period))
            first = None
    return rows


def _finding_cell(point: Point, group: Group | None, rowspan: int) -> Cell:
    """What was found, in which items, and the guideline; the topic too where it says more than the indicator's name."""
    paragraphs = []
    if point.topic and (group is None or point.topic.strip() != group.title):
        paragraphs.append(Paragraph((Run(point.topic, bold=True),)))
    if point.finding:
        paragraphs.append(Paragraph(point.finding))
    if point.items:
        paragraphs.append(Paragraph(f"ข้อ {code_ranges(point.items)}", style="small"))
    if point.guideline:
        paragraphs.append(labelled("แนวทาง", point.guideline))
    return Cell(tuple(paragraphs) or "–", rowspan=rowspan)


def _nothing(request: Request, group: Group | None) -> str:
    """Why an indicator has no measure."""
    if group is None:
        return "ยังไม่กำหนดมาตรการ"
    if not group.known:
        return _nothing_by_item(request, group)
    floor = Fraction(request.thresholds.item)
    low = [item.code for item in group.known if item.score is not None and item.score < floor]
    if low:
        return f"ข้อ {code_ranges(low)} ต่ำกว่าเกณฑ์ {request.thresholds.item} คะแนน แต่แผนยังไม่มีมาตรการรองรับ"
    return f"{keep_sentence(request, group.known)} จึงไม่กำหนดมาตรการเพิ่มเติม"


def _nothing_by_item(request: Request, group: Group) -> str:
    """The same where only the indicator's own score is known, or none."""
    score = parts.group_score(request, group)
    if score is None:
        return "ยังไม่มีคะแนนที่แสดงได้ จึงยังไม่กำหนดมาตรการ"
    below = _below_indicator(request, group)
    if below:
        return f"ตัวชี้วัดนี้ได้ {parts.points(score)} คะแนน{below} แต่แผนยังไม่มีมาตรการรองรับ"
    return f"ตัวชี้วัดนี้ได้ {parts.points(score)} คะแนน ไม่มีคะแนนรายข้อที่แสดงได้ ให้รักษาระดับการดำเนินงาน จึงไม่กำหนดมาตรการเพิ่มเติม"
