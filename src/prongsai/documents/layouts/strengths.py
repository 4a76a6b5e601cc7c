"""The layout by strengths and points to develop, after the model of a town municipality's measures report.

Indicators and items each have a threshold of their own; every instrument is discussed with its level, and the
measures stand in one wide table.
"""

from __future__ import annotations

from fractions import Fraction

from prongsai.analysis.findings import Finding
from prongsai.analysis.ranking import Group
from prongsai.documents import parts
from prongsai.documents import parts_report as report
from prongsai.documents.parts_findings import advice, causes, cited, labelled, theme_of
from prongsai.documents.parts_numbers import next_level_blocks, uncertainty_blocks
from prongsai.documents.parts_plan import NOT_SET, analysis_title, lines, measures_title, plan_of, row
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Cell, Column, Heading, Paragraph, Run, Section, Table
from prongsai.framework.model import Indicator
from prongsai.improvement.model import Measure, Plan, Point

DEVELOP = ("ตัวชี้วัด", "ประเด็นการประเมิน", "ประเด็นที่ควรพัฒนา")
BELOW = ("ตัวชี้วัด", "หัวข้อการประเมิน", "คะแนน")
MEASURES = (
    "หัวข้อการประเมิน",
    "มาตรการ/กิจกรรม/โครงการ",
    "ขั้นตอนหรือวิธีปฏิบัติ",
    "ผู้รับผิดชอบ/ผู้เกี่ยวข้อง",
    "วันดำเนินการ",
    "การกำกับติดตาม/การรายงานผล",
)


def analysis(request: Request) -> tuple[Section, ...]:
    """The analysis report: results, strengths and points to develop, without measures."""
    return (
        parts.cover(request, report.cover_lines(analysis_title(request))),
        report.foreword(request, _foreword(request, measures=False)),
        report.contents(),
        Section(tuple(_analysis(request, with_plan=False))),
    )


def measures(request: Request) -> tuple[Section, ...]:
    """The measures report: the analysis, then the table of measures."""
    plan = plan_of(request)
    return (
        parts.cover(request, report.cover_lines(measures_title(request))),
        report.foreword(request, _foreword(request, measures=True)),
        report.contents(),
        Section(tuple(_analysis(request, with_plan=True))),
        Section(tuple(_measures(request, plan)), landscape=True),
    )


def _foreword(request: Request, *, measures: bool) -> list[str]:
    year = parts.fiscal_year_text(request.result_year)
    count = len(request.indicators)
    inside = "ผลการประเมิน จุดแข็ง จุดที่ต้องพัฒนา และข้อที่ได้คะแนนต่ำกว่าเกณฑ์"
    if measures:
        inside += f" พร้อมทั้งมาตรการที่จะดำเนินการใน{parts.fiscal_year_text(request.action_year)}"
    return [
        f"{request.agency}ได้รับการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน ประจำ{year} และได้นำคะแนนของตัวชี้วัด "
        f"{count} ตัวชี้วัดมาพิจารณาเป็นรายข้อ เพื่อให้ทราบว่าเรื่องใดทำได้ดีและเรื่องใดต้องแก้ไข",
        f"เอกสารฉบับนี้แสดง{inside} โดยใช้เกณฑ์ {request.thresholds.indicator} คะแนนสำหรับตัวชี้วัด "
        f"และ {request.thresholds.item} คะแนนสำหรับรายข้อ",
        f"{request.letter.unit or request.agency}หวังว่าส่วนราชการทุกแห่งจะใช้เอกสารนี้เป็นแนวทางปฏิบัติและติดตามผลร่วมกัน",
    ]


def _analysis(request: Request, *, with_plan: bool) -> list[Block]:
    chart = [parts.indicator_chart(request)] if _any_indicator(request) else []
    return [
        Heading("1. หลักการและเหตุผล"),
        *report.background(request),
        Heading("2. ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน"),
        Paragraph(parts.result_sentence(request), indent=True),
        Paragraph(parts.component_sentence(request), indent=True),
        Paragraph(parts.best_and_worst(request), indent=True),
        parts.indicator_table(request),
        *chart,
        *([] if with_plan else [Heading("ระยะห่างจากระดับถัดไป", 2), *next_level_blocks(request)]),
        *parts.trend_blocks(request),
        *([] if with_plan else [Heading("ความแม่นยำของคะแนน", 2), *uncertainty_blocks(request)]),
        *parts.doubt_blocks(request),
        Heading("3. การวิเคราะห์ข้อมูล"),
        *_strengths(request),
        Heading("4. ข้อเสนอแนะจากผลการประเมิน"),
        *_per_instrument(request, with_plan=with_plan),
        Heading(f"5. ข้อที่ต้องพัฒนา (ได้คะแนนต่ำกว่า {request.thresholds.item} คะแนน)"),
        *_below(request),
    ]


def _any_indicator(request: Request) -> bool:
    return any(report.group_score(request, group) is not None for group in request.indicators)


# --- 3: strengths and points to develop, by the threshold of indicators


def _strengths(request: Request) -> list[Block]:
    limit = request.thresholds.indicator
    every = [pair for _, pairs in report.by_instrument(request) for pair in pairs]
    known = [(score, pair) for pair in every if (score := report.group_score(request, pair[1])) is not None]
    strong = sorted((k for k in known if k[0] >= Fraction(limit)), key=lambda k: -k[0])
    weak = sorted((k for k in known if k[0] < Fraction(limit)), key=lambda k: k[0])
    silent = [pair[0].number for pair in every if report.group_score(request, pair[1]) is None]
    blocks: list[Block] = [
        Heading(f"3.1 จุดแข็ง (ตัวชี้วัดที่ได้ตั้งแต่ {limit} คะแนนขึ้นไป) จำนวน {len(strong)} ตัวชี้วัด", 2),
        *_discussed(request, [pair for _, pair in strong], "ไม่มีตัวชี้วัดที่ทราบคะแนนและได้ถึงเกณฑ์"),
        Heading(f"3.2 จุดที่ต้องพัฒนา (ตัวชี้วัดที่ได้ต่ำกว่า {limit} คะแนน) จำนวน {len(weak)} ตัวชี้วัด", 2),
        *_discussed(request, [pair for _, pair in weak], "ไม่มีตัวชี้วัดที่ทราบคะแนนและต่ำกว่าเกณฑ์"),
    ]
    if any(found.urgent and found.theme for found in request.findings):
        blocks.append(Paragraph(report.CAUSES_NOTE, style="small"))
    if silent:
        text = f"ตัวชี้วัดที่ {', '.join(silent)} ยังไม่มีคะแนนที่แน่นอนหรือไม่อาจแสดงคะแนนได้ จึงไม่จัดเป็นจุดแข็งหรือจุดที่ต้องพัฒนา"
        blocks.append(Paragraph(text, style="small"))
    return blocks


def _discussed(request: Request, pairs: list[tuple[Indicator, Group]], nothing: str) -> list[Block]:
    if not pairs:
        return [Paragraph(nothing, indent=True)]
    blocks: list[Block] = []
    for position, (indicator, group) in enumerate(pairs, start=1):
        lead = f"({position}) {report.indicator_name(indicator)} ได้ {report.group_text(request, group)} "
        blocks.append(Paragraph((Run(lead, bold=True), Run(_said(request, indicator, group))), indent=True))
    return blocks


def _said(request: Request, indicator: Indicator, group: Group) -> str:
    """What the indicator looks at, and which of its items speak."""
    about = f"ตัวชี้วัดนี้{indicator.measures} " if indicator.measures else ""
    weak = [found for found in report.weak_of(request, group) if found.urgent]
    if weak:
        shown = ", ".join(f"{found.item.code} ({report.part_score_text(found.item)})" for found in weak)
        themes = list({found.theme.title: found.theme for found in weak if found.theme}.values())
        meaning = " ".join(theme.low for theme in themes)
        why = dict.fromkeys(cause for found in weak for cause in causes(found.item, 1))
        text = f"{about}ข้อที่ได้คะแนนต่ำกว่าเกณฑ์รายข้อ ได้แก่ {shown} {meaning}".strip()
        return f"{text} ทั้งนี้ {' และ'.join(why)}" if why else text
    best = group.best()
    if not best:
        return f"{about}ไม่มีคะแนนรายข้อให้วิเคราะห์ในข้อมูลที่ใช้จัดทำเอกสาร"
    score = report.part_score_text(best[0])
    names = ", ".join(item.code for item in best)
    return f"{about}ในข้อที่ทราบคะแนนไม่มีข้อใดต่ำกว่าเกณฑ์รายข้อ ข้อที่ได้คะแนนสูงที่สุด ได้แก่ {names} ({score})"


# --- 4: per instrument with its level


def _per_instrument(request: Request, *, with_plan: bool) -> list[Block]:
    points = report.placed(request.framework, request.plan if with_plan else None)
    blocks: list[Block] = []
    for position, (instrument, pairs) in enumerate(report.by_instrument(request), start=1):
        rows = []
        for indicator, group in pairs:
            own = [found.point for found in points if found.indicator and found.indicator.number == indicator.number]
            rows.append(
                (
                    _indicator_cell(request, indicator, group),
                    Cell(tuple(Paragraph(text) for text in _looked_at(indicator, group))),
                    Cell(tuple(_to_develop(request, group, own))),
                )
            )
        blocks += [
            Heading(f"4.{position} {report.instrument_name(instrument)}", 2),
            Paragraph(f"ผลการประเมินตาม{instrument.name.th} {report.level_sentence(request, instrument)}", indent=True),
            Table(
                (Column(0.24), Column(0.3), Column(0.46)),
                (report.head(*DEVELOP),),
                tuple(rows),
                name=f"ประเด็นที่ควรพัฒนา {instrument.code}",
            ),
        ]
    return blocks


def _indicator_cell(request: Request, indicator: Indicator, group: Group) -> Cell:
    score = report.group_score(request, group)
    low = score is not None and score < Fraction(request.thresholds.indicator)
    name = Paragraph((Run(report.indicator_name(indicator), bold=True),))
    return Cell((name, Paragraph(report.group_text(request, group))), tone="bad" if low else "none")


def _looked_at(indicator: Indicator, group: Group) -> list[str]:
    """Sub-indicators where the framework has them, else the themes of the items, else what it measures."""
    names = [f"{sub.number} {sub.name.th}" for sub in indicator.sub_indicators]
    if not names:
        titles = dict.fromkeys(theme.title for item in group.items if (theme := theme_of(item)))
        names = [f"({n}) {title}" for n, title in enumerate(titles, start=1)] if len(titles) > 1 else list(titles)
    return names or [indicator.measures or "–"]


def _to_develop(request: Request, group: Group, points: list[Point]) -> list[Paragraph]:
    """What the plan says of the indicator, then advice for the weak items that the plan leaves out."""
    found: list[Paragraph] = []
    for point in points:
        found += [Paragraph(text) for text in (point.finding or point.topic,) if text]
        found += [labelled("แนวทาง", text) for text in (point.guideline,) if text]
    answered = {code for point in points for code in point.items}
    weak = [one for one in report.weak_of(request, group) if one.item.code not in answered]
    found += [_advice(request, one) for one in weak]
    return found or [Paragraph(_nothing_to_say(request, group))]


def _advice(request: Request, found: Finding) -> Paragraph:
    chosen = advice(request, found.item, 2 if found.urgent else 1)
    return labelled(cited(found.item), " และ".join(chosen) or "ควรหาสาเหตุและกำหนดแนวทางยกระดับคะแนนของข้อนี้")


def _nothing_to_say(request: Request, group: Group) -> str:
    if group.known:
        return "ไม่พบข้อที่ควรพัฒนาเป็นพิเศษ ให้รักษามาตรฐานการดำเนินงานไว้"
    score = report.group_score(request, group)
    if score is not None and score < Fraction(request.thresholds.indicator):
        return f"ต่ำกว่าเกณฑ์ {request.thresholds.indicator} คะแนน แต่ไม่มีคะแนนรายข้อ ควรนำคะแนนรายข้อมาวิเคราะห์เพิ่มเติม"
    return "ไม่มีคะแนนรายข้อให้วิเคราะห์"


# --- 5: items under their own threshold


def _below(request: Request) -> list[Block]:
    limit = Fraction(request.thresholds.item)
    rows: list[tuple[Cell, ...]] = []
    for _, pairs in report.by_instrument(request):
        for indicator, group in pairs:
            low = [item for item in group.known if item.score is not None and item.score < limit]
            for position, item in enumerate(low):
                first = Cell(report.indicator_name(indicator), rowspan=len(low), bold=True)
                name = Cell(parts.item_name(item))
                rows.append((*((first,) if position == 0 else ()), name, parts.item_cell(request, item)))
    known = sum(len(group.known) for group in request.indicators)
    total = sum(len(group.items) for group in request.indicators)
    blocks: list[Block] = []
    if known == 0:
        blocks.append(Paragraph("ไม่มีคะแนนรายข้อในข้อมูลที่ใช้จัดทำเอกสาร จึงแสดงได้เพียงระดับตัวชี้วัด", indent=True))
    elif not rows:
        blocks.append(Paragraph(f"ข้อที่ทราบคะแนนทั้ง {known} ข้อไม่มีข้อใดต่ำกว่าเกณฑ์", indent=True))
    else:
        columns = (Column(0.27), Column(0.57), Column(0.16, "center"))
        blocks.append(Table(columns, (report.head(*BELOW),), tuple(rows), name="ข้อที่ต่ำกว่าเกณฑ์"))
    if 0 < known < total:
        blocks.append(Paragraph(f"ทราบคะแนนรายข้อ {known} จาก {total} ข้อ ข้อที่ไม่ทราบคะแนนมิได้นำมาพิจารณา", style="small"))
    return blocks


# --- 6: the measures


def _measures(request: Request, plan: Plan) -> list[Block]:
    year = parts.fiscal_year_text(plan.action_year)
    heading = Heading("6. มาตรการเพื่อขับเคลื่อนการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน")
    points = report.placed(request.framework, plan)
    if not points:
        return [heading, Paragraph("แผนยังไม่มีประเด็นและมาตรการ", indent=True)]
    order = [instrument.code for instrument in request.framework.instruments]
    points.sort(key=lambda found: order.index(found.instrument.code) if found.instrument else len(order))
    rows: list[tuple[Cell, ...]] = []
    before: str | None = None
    for found in points:
        group = report.instrument_name(found.instrument) if found.instrument else "ประเด็นอื่น"
        if group != before:
            rows.append((Cell(group, colspan=len(MEASURES), tone="group", bold=True),))
            before = group
        rows += _point_rows(request, found.point)
    told = any(m.success_indicator for point in plan.points for m in point.measures) and request.success_indicators
    widths = (0.18, 0.15, 0.25, 0.12, 0.11, 0.19) if told else (0.2, 0.17, 0.26, 0.13, 0.11, 0.13)
    left = [text for code in order if (text := report.without_measure(request, code))]
    return [
        heading,
        Paragraph(f"มาตรการต่อไปนี้กำหนดขึ้นตามผลการวิเคราะห์ข้างต้น เพื่อดำเนินการใน{year}", indent=True),
        Table(tuple(map(Column, widths)), (report.head(*MEASURES),), tuple(rows), name="มาตรการ"),
        *(Paragraph(text, style="small") for text in left),
    ]


def _point_rows(request: Request, point: Point) -> list[tuple[Cell, ...]]:
    if not point.measures:
        return [(Cell(tuple(_topic(request, point))), Cell("ยังไม่กำหนดมาตรการ", colspan=5, tone="warn"))]
    rows: list[tuple[Cell | None, ...]] = []
    for measure in point.measures:
        # Steps, units and dates as every layout has them; this one watches in a column of its own.
        own = lines(request, Point(id=point.id, measures=[measure]))
        for position, line in enumerate(own):
            first = position == 0
            title = Cell(tuple(report.measure_lines(request, measure)), rowspan=len(own)) if first else None
            watch = Cell(tuple(_watch(request, measure)), rowspan=len(own)) if first else None
            rows.append((title, line.step, line.units, line.period, watch))
    topic = Cell(tuple(_topic(request, point)), rowspan=len(rows))
    return [row(topic if position == 0 else None, *cells) for position, cells in enumerate(rows)]


def _topic(request: Request, point: Point) -> list[Paragraph]:
    names = [parts.item_name(item) for item in report.point_items(request, point)]
    if not names:
        numbers = {group.id: group.title for group in request.indicators}
        names = [f"ตัวชี้วัดที่ {number} {numbers[number]}" for number in point.indicators if number in numbers]
    found = [Paragraph((Run(point.topic, bold=True),))] if point.topic else []
    return [*found, *(Paragraph(f"– {name}") for name in names)] or [Paragraph(point.finding or "–")]


def _watch(request: Request, measure: Measure) -> list[Paragraph]:
    found = [Paragraph(measure.monitoring)] if measure.monitoring else []
    if request.success_indicators and measure.success_indicator:
        found.append(labelled("ตัวชี้วัดความสำเร็จ", measure.success_indicator))
    return found or [Paragraph(NOT_SET)]
