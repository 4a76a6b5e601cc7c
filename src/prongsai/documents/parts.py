"""Pieces that several kinds and layouts share: numbers, the result in words, score tables and charts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fractions import Fraction

from prongsai.analysis.disclosure import may_show_score, shown_score
from prongsai.analysis.ranking import Group, ItemScore
from prongsai.documents.request import Request
from prongsai.documents.tree import (
    Block,
    Cell,
    Chart,
    Column,
    Emblem,
    Gap,
    Heading,
    Paragraph,
    Section,
    Series,
    Table,
)
from prongsai.improvement.model import Period, Step
from prongsai.scoring.interval import ANY, Interval, shown
from prongsai.scoring.level import meets
from prongsai.thai.dates import long_date, month_year, short_date

NOT_KNOWN = "ไม่ทราบคะแนน"
NOT_SHOWN = "ไม่แสดง (กลุ่มเล็ก)"
FULL_NAME = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ"
NBSP = "\u00a0"
_COMMAND = re.compile(r" \([^()]*--assume[^()]*\)")  # advice for the command line has no place in a document
_NODE_IN_PART = re.compile(r"([0-9a-z.]+)@([A-Z.0-9]+)")


def year_text(year: int | None) -> str:
    """``พ.ศ. 2568`` that never breaks between the two."""
    return f"พ.ศ.{NBSP}{year}" if year else "พ.ศ.…………"


def fiscal_year_text(year: int | None) -> str:
    """``ปีงบประมาณ พ.ศ. 2568``."""
    return f"ปีงบประมาณ {year_text(year)}"


def assessment_name(request: Request) -> str:
    """What was assessed, without its year."""
    return request.framework.title.th.partition(" ประจำปีงบประมาณ")[0]


def points(score: Fraction | None) -> str:
    """Two decimals, or an en dash where the score is not known."""
    return str(shown(score)) if score is not None else "–"


def interval_text(interval: Interval) -> str:
    """A score, or the span it must lie in."""
    if interval.exact:
        return str(shown(interval.low))
    return f"{shown(interval.low)}–{shown(interval.high)}"


def node_text(request: Request, node: str) -> str:
    """The score of a node as a document writes it: number, span, not known, or not shown (small group)."""
    if not may_show_score(request.sheet, node).shown:
        return NOT_SHOWN
    value = request.sheet.values[node]
    return interval_text(value.interval) if value.informative else NOT_KNOWN


def group_score(request: Request, group: Group) -> Fraction | None:
    """The score of an indicator or instrument; None where it is not known or must not be shown."""
    return group.score if group.score is not None and may_show_score(request.sheet, group.id).shown else None


def item_name(item: ItemScore) -> str:
    """Code and wording: ``i1 การปฏิบัติงาน…``; the code alone where the wording is not known."""
    wording = item.item.text or item.item.short
    part = f" ({part_name(item.part)})" if item.part else ""
    return f"{item.code} {wording}{part}" if wording else f"{item.code} (ไม่พบถ้อยคำที่เผยแพร่){part}"


def part_name(code: str) -> str:
    """``EIT.1`` → ``EIT ส่วนที่ 1``."""
    name, _, number = code.partition(".")
    return f"{name} ส่วนที่ {number}" if number else name


def level_text(request: Request) -> str:
    """The level, or the levels still possible."""
    return " หรือ ".join(request.sheet.level.names)


def level_phrase(name: str) -> str:
    """``ระดับผ่านดี``, and ``ระดับ B`` with the space that Thai writes before Latin letters."""
    return f"ระดับ{NBSP if name[:1].isascii() else ''}{name}"


def result_sentence(request: Request) -> str:
    """Level and overall score in one sentence, and whether the target is reached."""
    target = request.framework.target
    overall = request.sheet.values["overall"]
    score, ruling = shown_score(request.sheet, "overall"), may_show_score(request.sheet, "overall")
    year = f" ประจำ{fiscal_year_text(request.result_year)}" if request.result_year else ""
    text = f"ผล{assessment_name(request)}{year} ของ{request.agency} "
    if not ruling.shown:
        text += f"อยู่ใน{level_phrase(level_text(request))} ทั้งนี้ เอกสารนี้ไม่แสดงคะแนนรวม เพราะ{ruling.th}"
    elif overall.interval.exact:
        text += f"ได้คะแนนรวม {points(score)} คะแนน อยู่ใน{level_phrase(level_text(request))}"
    elif overall.informative:
        text += f"มีคะแนนรวมอยู่ระหว่าง {interval_text(overall.interval)} คะแนน ระดับที่เป็นไปได้คือ {level_text(request)}"
    else:
        text += "ยังไม่ทราบคะแนนรวม"
    if target and score is not None:
        reached = meets(request.framework, score, target.overall_min)
        text += f" {'บรรลุ' if reached else 'ยังไม่บรรลุ'}ค่าเป้าหมายคะแนนรวม {target.overall_min} คะแนน"
    return text


def component_sentence(request: Request) -> str:
    """Each component with its score and whether it reaches what the target asks of components."""
    target = request.framework.target
    floor = target.component_min if target else None
    names = request.framework.levels.components or tuple(inst.code for inst in request.framework.instruments)
    sheet = request.sheet
    text = "คะแนนรายเครื่องมือ: " + ", ".join(f"{part_name(name)} {node_text(request, name)}" for name in names)
    if floor is None:
        return text
    scores = [(part_name(name), shown_score(sheet, name)) for name in names if may_show_score(sheet, name).shown]
    below = [name for name, score in scores if score is not None and not meets(request.framework, score, floor)]
    missing = [name for name, score in scores if score is None]
    if below:
        text += f" โดย {' และ '.join(below)} ต่ำกว่า {floor} คะแนน"
    elif not missing and scores:
        every = "ทุกเครื่องมือ" if len(scores) == len(names) else "เครื่องมือที่แสดงคะแนน"
        text += f" {every}ได้ตั้งแต่ {floor} คะแนนขึ้นไป"
    if missing:
        text += f" ทั้งนี้ ยังไม่มีคะแนนของ {', '.join(missing)} ในข้อมูลที่ใช้จัดทำเอกสาร"
    return text


def lack_not_shown(nodes: Iterable[str]) -> str:
    """Of which scores nothing is said of what they lack, since they may not be shown."""
    names = ["คะแนนรวม" if node == "overall" else part_name(node) for node in nodes]
    return f"ไม่แสดงคะแนนที่ขาดของ {' และ '.join(names)} เพราะมีผู้ตอบน้อย เพื่อมิให้ย้อนรู้คำตอบของรายบุคคล"


def best_and_worst(request: Request) -> str:
    """The highest and the lowest indicator in one sentence."""
    known = [(group, score) for group in request.indicators if (score := group_score(request, group)) is not None]
    if not known:
        return "ยังไม่ทราบคะแนนรายตัวชี้วัด"
    top, low = max(score for _, score in known), min(score for _, score in known)
    best = [f"ตัวชี้วัดที่ {g.id} {g.title}" for g, score in known if score == top]
    worst = [f"ตัวชี้วัดที่ {g.id} {g.title}" for g, score in known if score == low]
    if top == low:
        return f"ทุกตัวชี้วัดที่ทราบคะแนนได้ {points(top)} คะแนนเท่ากัน"
    return (
        f"ตัวชี้วัดที่ได้คะแนนสูงที่สุด คือ {' และ '.join(best)} ({points(top)} คะแนน) "
        f"และตัวชี้วัดที่ได้คะแนนต่ำที่สุด คือ {' และ '.join(worst)} ({points(low)} คะแนน)"
    )


def doubts(request: Request) -> list[str]:
    """What the reader must know of the numbers: contradictions as given, numbers unknown, hypotheses used."""
    sheet = request.sheet
    found = []
    for d in sheet.disagreements:
        if d.node in sheet.values and not may_show_score(sheet, d.node).shown:
            continue
        used = "แสดงระดับตามเกณฑ์" if d.kind == "level" else "ใช้ตัวเลขตามที่ได้รับ"
        found.append(f"{d.th} เอกสารนี้{used} โปรดตรวจสอบกับผลการประเมินฉบับทางการ")
    # A span from 0 to 100 says nothing that "not known" in the tables has not said.
    hidden = {u.node for u in sheet.unknown if u.node in sheet.values and not may_show_score(sheet, u.node).shown}
    found += [u.th for u in sheet.unknown if u.interval != ANY and u.node not in hidden]
    found += [f"ใช้สมมติฐาน {name} ซึ่งมิใช่หลักเกณฑ์ที่เผยแพร่" for name in sheet.assumed]
    return [_NODE_IN_PART.sub(r"\1 (\2)", _COMMAND.sub("", text)) for text in found]


def indicator_table(request: Request, *, ranked: bool = False) -> Table:
    """All indicators with their scores, grouped by instrument, or high to low."""
    groups = list(request.indicators)
    rows: list[tuple[Cell, ...]] = []
    head: tuple[Cell, ...]
    columns: tuple[Column, ...]
    if ranked:
        scores = {group.id: group_score(request, group) for group in groups}
        groups.sort(key=lambda group: (scores[group.id] is None, -(scores[group.id] or Fraction(0))))
        head = (Cell("ลำดับ", tone="head"), Cell("ตัวชี้วัด", tone="head"), Cell("คะแนน", tone="head"))
        for position, group in enumerate(groups, start=1):
            rows.append((Cell(str(position)), Cell(f"ตัวชี้วัดที่ {group.id} {group.title}"), score_cell(request, group)))
        columns = (Column(0.12, "center"), Column(0.66), Column(0.22, "center"))
        return Table(columns, (head,), tuple(rows), name="คะแนนเรียงลำดับ")
    head = tuple(Cell(text, tone="head") for text in ("เครื่องมือ", "ที่", "ตัวชี้วัด", "คะแนน"))
    for inst in request.framework.instruments:
        own = [group for group in groups if group.id in {ind.number for ind in inst.indicators}]
        for position, group in enumerate(own):
            first = (Cell(inst.code, rowspan=len(own), bold=True),) if position == 0 else ()
            rows.append((*first, Cell(group.id), Cell(group.title), score_cell(request, group)))
        total = Cell(node_text(request, inst.code), bold=True, tone="group")
        rows.append((Cell(f"คะแนน {inst.code}", colspan=3, bold=True, tone="group", align="right"), total))
    overall = Cell(node_text(request, "overall"), bold=True, tone="head")
    rows.append(
        (
            Cell(f"คะแนนรวม ({level_phrase(level_text(request))})", colspan=3, bold=True, tone="head", align="right"),
            overall,
        )
    )
    columns = (Column(0.16, "center"), Column(0.08, "center"), Column(0.56), Column(0.2, "center"))
    return Table(columns, (head,), tuple(rows), name="คะแนนรายตัวชี้วัด")


def score_cell(request: Request, group: Group) -> Cell:
    """A score cell of an indicator, with its number for spreadsheets; shaded where it is below the threshold."""
    score = group_score(request, group)
    if score is None:
        return Cell(node_text(request, group.id) if group.kind == "indicator" else "–")
    low = shown(score) < request.thresholds.indicator
    return Cell(points(score), tone="bad" if low else "none", number=float(shown(score)))


def item_cell(request: Request, item: ItemScore) -> Cell:
    """A score cell of an item."""
    if not item.shown:
        return Cell(NOT_SHOWN)
    if item.score is None:
        return Cell("ไม่เข้าข่าย" if item.absent else "–")
    low = shown(item.score) < request.thresholds.item
    return Cell(points(item.score), tone="bad" if low else "none", number=float(shown(item.score)))


def indicator_chart(request: Request) -> Chart:
    """All indicators against the target line, last year's beside them where they may be compared."""
    groups = request.indicators
    labels = tuple(f"{group.id} {group.title}" for group in groups)
    year = fiscal_year_text(request.result_year) if request.result_year else ""
    series = [Series(year or "คะแนน", tuple(_drawn(group_score(request, group)) for group in groups))]
    changes = {c.node: c for c in request.trend.indicators if c.comparable} if request.trend else {}
    if request.previous and changes:
        earlier = tuple(_drawn(changes[g.id].before) if g.id in changes else None for g in groups)
        series.append(Series(fiscal_year_text(request.previous.results.fiscal_year), earlier))
    spoken = "; ".join(f"{group.id} {group.title} {points(group_score(request, group))}" for group in groups)
    target = request.framework.target
    scores = [value for one in series for value in one.values if value is not None]
    return Chart(
        title=f"คะแนนรายตัวชี้วัดเทียบกับค่าเป้าหมาย {year}".strip(),
        labels=labels,
        series=tuple(series),
        alternative=f"คะแนนรายตัวชี้วัด: {spoken}",
        line=float(target.overall_min) if target else None,
        line_label=f"เป้าหมาย {target.overall_min}" if target else None,
        low=50 if scores and min(scores) >= 60 else 0,
    )


def _drawn(score: Fraction | None) -> float | None:
    return float(score) if score is not None else None


def trend_blocks(request: Request) -> list[Block]:
    """The change from last year: over comparable items only, the rest named with the reason."""
    found = request.trend
    if found is None or request.previous is None:
        return []
    before = fiscal_year_text(request.previous.results.fiscal_year)
    blocks: list[Block] = [Heading(f"การเปลี่ยนแปลงเทียบกับ{before}", 2)]
    if found.comparable_items:
        head = tuple(Cell(t, tone="head") for t in ("ข้อ", "ปีก่อน", "ปีนี้", "เปลี่ยนแปลง"))
        rows = tuple(
            (
                Cell(f"{change.node} {change.title}"),
                Cell(points(change.before), number=float(shown(change.before))),
                Cell(points(change.after), number=float(shown(change.after))),
                Cell(signed(change.difference), number=float(shown(abs(change.difference)))),
            )
            for change in found.comparable_items
        )
        columns = (Column(0.58), Column(0.14, "center"), Column(0.14, "center"), Column(0.14, "center"))
        blocks.append(Table(columns, (head,), rows, caption="เฉพาะข้อที่เทียบกันได้", name="การเปลี่ยนแปลง"))
    else:
        blocks.append(Paragraph("ไม่มีข้อคำถามที่เทียบกับปีก่อนได้โดยตรง", indent=True))
    others = len(found.items) - len(found.comparable_items) + len(found.unmatched)
    if others:
        text = f"อีก {others} ข้อไม่นำมาเทียบ เพราะถ้อยคำ มาตรวัด หรือองค์ประกอบของข้อเปลี่ยนไป หรือไม่มีข้อที่ตรงกันในปีก่อน"
        blocks.append(Paragraph(text, style="small"))
    return blocks


def signed(difference: Fraction) -> str:
    """``+1.25``, ``−0.40`` or ``0.00``."""
    size = shown(abs(difference))
    return f"{size}" if size == 0 else f"{'+' if difference > 0 else '−'}{size}"


def period_text(period: Period | None) -> str:
    """A period in words: its text, or its dates (whole months as months)."""
    if period is None:
        return "ยังไม่กำหนด"
    if period.text:
        return period.text
    start, end = period.start, period.end
    if start and end and start.day == 1 and (end + dt.timedelta(days=1)).day == 1:
        if (start.year, start.month) == (end.year, end.month):
            return month_year(start)
        return f"{month_year(start)} – {month_year(end)}"
    if start and end:
        return short_date(start) if start == end else f"{short_date(start)} – {short_date(end)}"
    return f"ภายใน {long_date(end)}" if end else (f"ตั้งแต่ {long_date(start)}" if start else "ยังไม่กำหนด")


def numbered(texts: Iterable[str]) -> str:
    """Several lines numbered ``1) …``; a single one stays bare."""
    lines = [text for text in texts if text]
    return lines[0] if len(lines) == 1 else "\n".join(f"{n}) {text}" for n, text in enumerate(lines, start=1))


def step_units(steps: Iterable[Step]) -> str:
    """The units of steps, each once, in order."""
    return ", ".join(dict.fromkeys(unit for step in steps for unit in step.units)) or "ยังไม่กำหนด"


def cover(request: Request, lines: tuple[str, ...]) -> Section:
    """A cover page: emblem or its space, the title lines, the agency."""
    blocks: list[Block] = [Emblem(request.emblem, height=3, align="center"), Gap(2)]
    blocks += [Paragraph(line, align="center", style="title") for line in lines]
    blocks += [Gap(4), Paragraph(request.agency, align="center", style="title")]
    if request.place:
        blocks.append(Paragraph(request.place, align="center", style="subtitle"))
    return Section(tuple(blocks), page_numbers=False, vertical_center=True)


def doubt_blocks(request: Request) -> list[Block]:
    """A section on the numbers themselves, or nothing where there is no doubt."""
    found = doubts(request)
    if not found:
        return []
    heading = Heading("ข้อสังเกตเกี่ยวกับตัวเลขที่ใช้", 2)
    return [heading, *(Paragraph(f"– {text}", style="small") for text in found)]
