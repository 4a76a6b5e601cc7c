"""The report on what became of the measures (รายงานผลการดำเนินการ), after the model of a subdistrict organization.

Per instrument and indicator: what was weak, what it shows, the measure, its steps and units, and the result; then
the proof, numbered and referred to. An action plan also gets a sheet to key into the national system.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import Literal

from prongsai.documents import parts
from prongsai.documents import parts_report as report
from prongsai.documents._proof import ProofList
from prongsai.documents.parts_findings import labelled
from prongsai.documents.parts_plan import filed_short, row, step_paragraphs, units_cell
from prongsai.documents.request import Request
from prongsai.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Gap,
    Heading,
    Paragraph,
    Run,
    Section,
    Signature,
    Table,
)
from prongsai.errors import InputError, Problem
from prongsai.improvement.filing import filed_as
from prongsai.improvement.follow_up import SHARE_TARGET, STATUS_TH, Summary, entries, summarise
from prongsai.improvement.model import Deed, MeasureProgress, Plan, Point, Progress, Status
from prongsai.thai.dates import long_date, short_date

HEAD = (
    "ข้อบกพร่อง/จุดอ่อนและคะแนน",
    "สิ่งที่ผลการประเมินแสดงให้เห็น",
    "มาตรการ",
    "ขั้นตอนหรือวิธีการ",
    "ผู้รับผิดชอบ",
    "ผลการดำเนินการตามมาตรการ",
)
E_PLAN = "แผ่นข้อมูลสำหรับกรอกในระบบ E-Plan"
E_PLAN_HEAD = ("ลำดับ", "มาตรการ/โครงการ", "งบประมาณ", "สถานะ", "ผลการดำเนินงาน", "ปัญหาอุปสรรค")
_TITLES = {
    "measures": "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
    "action_plan": "รายงานผลการดำเนินการตามแผนปฏิบัติการป้องกันการทุจริต",
}


_TONES: dict[Status, Literal["good", "warn", "bad"]] = {"done": "good", "in_progress": "warn", "not_started": "bad"}


def build(request: Request) -> Document:
    """The progress report. Raises ``InputError`` without progress, or with progress on another framework's results."""
    progress = progress_of(request)
    proof = ProofList(progress, request.pictures)
    title, year = _TITLES[progress.plan.kind], f"ประจำ{parts.fiscal_year_text(progress.plan.action_year)}"
    sections = [
        parts.cover(request, (*report.cover_lines(title), *_round(progress), year)),
        report.contents(),
        Section(tuple(_opening(request, progress))),
        Section(tuple(_details(request, progress, proof)), landscape=True),
    ]
    if progress.plan.kind == "action_plan":
        sections.append(Section(tuple(_e_plan(progress)), landscape=True))
    if request.letter.author:
        author = request.letter.author
        opening = sections[2]
        signed = (Gap(1), Signature(author.name, (author.position, "ผู้รายงาน"), date=True))
        sections[2] = Section((*opening.blocks, *signed))
    sections.append(Section(tuple(proof.blocks())))
    return Document(
        title=f"{title} {year}",
        sections=tuple(sections),
        agency=request.agency,
        kind="progress",
        header=f"{title} {parts.fiscal_year_text(progress.plan.action_year)}",
        footer=request.agency,
        slots={"year": str(progress.plan.action_year), "place": request.place},
        lead=(*_round(progress), *_as_of(progress)),
    )


def progress_of(request: Request) -> Progress:
    """The progress of a request. Raises ``InputError`` where there is none, or it is on another year's results."""
    progress = request.progress
    if progress is None:
        raise InputError(
            Problem(
                "documents.progress",
                request.kind,
                "รายงานผลการดำเนินการต้องมีไฟล์ความก้าวหน้า แต่ไม่ได้ระบุ",
                "a progress document needs a progress file",
                "โปรดสร้างด้วยคำสั่ง prongsai progress PLAN -o PROGRESS บันทึกผลให้ครบ แล้วระบุ --progress PROGRESS",
            )
        )
    if progress.plan.framework != request.framework.id:
        raise InputError(
            Problem(
                "documents.progress_framework",
                request.kind,
                f"แผนในไฟล์ความก้าวหน้าใช้กรอบ {progress.plan.framework} แต่ไฟล์ผลใช้กรอบ {request.framework.id}",
                f"the plan answers results of {progress.plan.framework}, the results are of {request.framework.id}",
                "โปรดเลือกไฟล์ผลของปีเดียวกับที่แผนวิเคราะห์",
            )
        )
    return progress


def _round(progress: Progress) -> tuple[str, ...]:
    """Which report of the year it is: an action plan reports twice, measures at the end."""
    if progress.plan.kind == "action_plan":
        return (f"รอบ {progress.months} เดือน",)
    return ("รายงานสิ้นปี",) if progress.months == 12 else (f"รอบ {progress.months} เดือน",)


def _as_of(progress: Progress) -> tuple[str, ...]:
    return (f"ข้อมูล ณ วันที่ {long_date(progress.as_of)}",) if progress.as_of else ()


# --- opening


def _opening(request: Request, progress: Progress) -> list[Block]:
    plan, found = progress.plan, summarise(progress)
    year = parts.fiscal_year_text(plan.action_year)
    name = "แผนปฏิบัติการป้องกันการทุจริต" if plan.kind == "action_plan" else "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
    until = "".join(f" {text}" for text in _as_of(progress))
    blocks: list[Block] = [
        Heading("สรุปผลการดำเนินการ"),
        Paragraph(
            f"{request.agency}ได้วิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงาน "
            f"ประจำ{parts.fiscal_year_text(plan.result_year)} และกำหนด{name} สำหรับดำเนินการใน{year}{_filed(plan)} "
            f"จึงรายงานผลการดำเนินการ {' '.join(_round(progress))}{until} ดังนี้",
            indent=True,
        ),
    ]
    own = _own_filing(progress)
    blocks += [Paragraph(own, indent=True)] if own else []
    if not found.total:
        return [*blocks, Paragraph("แผนยังไม่มีมาตรการที่จะรายงาน", indent=True)]
    blocks += [_summary_table(found), Paragraph(_summary_sentence(plan, found), indent=True)]
    unmet = [(measure, entry) for _, measure, entry in entries(progress) if entry.status != "done" and entry.obstacles]
    if unmet:
        blocks.append(Heading("ปัญหาอุปสรรคที่ต้องแก้ไข", 2))
        blocks += [Paragraph(f"– {measure.title}: {entry.obstacles}") for measure, entry in unmet]
    return blocks


def _filed(plan: Plan) -> str:
    text = filed_short(plan)
    return f" ซึ่ง{text}" if text else ""


def _own_filing(progress: Progress) -> str:
    """Where this report itself is filed, as far as the frameworks say it: the year's end report on measures."""
    plan = progress.plan
    if plan.kind != "measures" or progress.months != 12:
        return ""
    filed = filed_as("measures_progress", plan.result_year)
    return f"รายงานฉบับนี้จัดทำเพื่อเปิดเผยเป็นข้อ {filed.item} {parts.fiscal_year_text(filed.fiscal_year)}" if filed else ""


def _summary_table(found: Summary) -> Table:
    rows = [
        (Cell(name), Cell(str(found.counts[status]), number=found.counts[status]), _share(found.counts[status], found))
        for status, name in STATUS_TH.items()
    ]
    total = Cell(str(found.total), bold=True, tone="group", number=found.total)
    rows.append((Cell("รวม", bold=True, tone="group"), total, _share(found.total, found)))
    columns = (Column(0.5), Column(0.25, "center"), Column(0.25, "center"))
    return Table(columns, (report.head("สถานะ", "จำนวนมาตรการ", "ร้อยละ"),), tuple(rows), name="สรุปตามสถานะ")


def _share(count: int, found: Summary) -> Cell:
    return Cell(parts.points(Fraction(100 * count, found.total)))


def _summary_sentence(plan: Plan, found: Summary) -> str:
    text = f"ดำเนินการแล้ว {found.counts['done']} จาก {found.total} มาตรการ คิดเป็นร้อยละ {parts.points(found.share)}"
    if plan.kind != "action_plan":
        return text
    reached = "ถึงเป้าหมาย" if found.reached else "ยังไม่ถึงเป้าหมาย"
    return f"{text} {reached}ที่กำหนดให้ดำเนินการไม่น้อยกว่าร้อยละ {int(SHARE_TARGET)}"


# --- details


def _details(request: Request, progress: Progress, proof: ProofList) -> list[Block]:
    blocks: list[Block] = [Heading("ผลการดำเนินการรายมาตรการ")]
    order = {inst.code: n for n, inst in enumerate(request.framework.instruments)}
    numbers = [ind.number for inst in request.framework.instruments for ind in inst.indicators]
    points = sorted(
        report.placed(request.framework, progress.plan),
        key=lambda found: numbers.index(found.indicator.number) if found.indicator else len(numbers),
    )
    reported = {measure.id: entry for _, measure, entry in entries(progress)}
    for instrument, of_instrument in groupby(
        points, key=lambda found: found.instrument.code if found.instrument else ""
    ):
        own = list(of_instrument)
        name = report.instrument_name(request.framework.instruments[order[instrument]]) if instrument else "ประเด็นอื่น"
        blocks.append(Heading(name, 2))
        for _, of_indicator in groupby(own, key=lambda found: found.indicator.number if found.indicator else ""):
            same = list(of_indicator)
            indicator = same[0].indicator
            if indicator:
                blocks.append(Heading(report.indicator_name(indicator), 3))
            rows = [line for found in same for line in _rows(request, found.point, reported, proof)]
            widths = (0.16, 0.17, 0.12, 0.2, 0.14, 0.21)
            name = f"ผล {report.indicator_name(indicator) if indicator else 'ประเด็นอื่น'}"
            blocks.append(Table(tuple(map(Column, widths)), (report.head(*HEAD),), tuple(rows), name=name))
    if not points:
        blocks.append(Paragraph("แผนยังไม่มีประเด็นและมาตรการ", indent=True))
    return blocks


def _rows(
    request: Request, point: Point, reported: dict[str, MeasureProgress], proof: ProofList
) -> Iterable[tuple[Cell, ...]]:
    rowspan = max(1, len(point.measures))
    weak = Cell(tuple(_weak(request, point)), rowspan=rowspan)
    shows = Cell(tuple(_shows(point)), rowspan=rowspan)
    if not point.measures:
        yield row(weak, shows, Cell("ยังไม่กำหนดมาตรการ", colspan=4, tone="warn"))
        return
    for position, measure in enumerate(point.measures):
        first = position == 0
        yield row(
            weak if first else None,
            shows if first else None,
            Cell(tuple(report.measure_lines(request, measure))),
            Cell(tuple(step_paragraphs(measure))),
            units_cell(measure),
            _result(reported[measure.id], proof),
        )


def _weak(request: Request, point: Point) -> list[Paragraph]:
    """The topic, then the items with wording and score; the indicators where the point names no item."""
    names = [
        Paragraph((Run(f"ข้อ {parts.item_name(item)} "), Run(report.item_score_text(item), bold=True)))
        for item in report.point_items(request, point)
    ]
    if not names:
        groups = {group.id: group for group in request.indicators}
        names = [
            Paragraph((Run(f"ตัวชี้วัดที่ {group.id} {group.title} "), Run(report.group_text(request, group), bold=True)))
            for number in point.indicators
            if (group := groups.get(number))
        ]
    topic = [Paragraph((Run(point.topic, bold=True),))] if point.topic else []
    return [*topic, *names] or [Paragraph("–")]


def _shows(point: Point) -> list[Paragraph]:
    found = [Paragraph(point.finding)] if point.finding else []
    if point.guideline:
        found.append(labelled("แนวทาง", point.guideline))
    return found or [Paragraph("–")]


def _result(entry: MeasureProgress, proof: ProofList) -> Cell:
    """Status in words, deeds with dates, result, obstacles, and the numbers of the proof."""
    found = [Paragraph((Run(STATUS_TH[entry.status], bold=True),))]
    found += [Paragraph(line) for line in parts.numbered(map(_deed, entry.done)).split("\n") if line]
    if entry.status == "done" and not entry.done and not entry.result:
        found.append(Paragraph("ไม่ได้บันทึกรายละเอียดสิ่งที่ดำเนินการ", style="small"))
    if entry.result:
        found.append(labelled("ผลที่ได้", entry.result))
    if entry.obstacles:
        found.append(labelled("ปัญหาอุปสรรค", entry.obstacles))
    numbers = proof.numbers(entry)
    if numbers:
        found.append(labelled("หลักฐาน", f"เอกสารหมายเลข {', '.join(map(str, numbers))}"))
    elif entry.status == "done":
        found.append(labelled("หลักฐาน", "ยังไม่มีหลักฐานแนบ"))
    return Cell(tuple(found), tone=_TONES[entry.status])


def _deed(deed: Deed) -> str:
    if not deed.date:
        return deed.text
    end = f" – {short_date(deed.end)}" if deed.end and deed.end != deed.date else ""
    return f"{deed.text} ({short_date(deed.date)}{end})"


# --- the sheet to key in


def _e_plan(progress: Progress) -> list[Block]:
    rows = []
    for number, (_, measure, entry) in enumerate(entries(progress), start=1):
        texts = [*map(_deed, entry.done), *([entry.result] if entry.result else [])]
        budget = measure.budget
        rows.append(
            (
                Cell(str(number), number=number),
                Cell(measure.title),
                Cell(f"{budget.amount:,}", number=float(budget.amount)) if budget else Cell("–"),
                Cell(STATUS_TH[entry.status]),
                Cell(parts.numbered(texts) if texts else "–"),
                Cell(entry.obstacles or "–"),
            )
        )
    note = "รายการช่องข้อมูลที่ระบบ E-Plan กำหนดยังไม่เป็นที่ทราบ ตารางนี้จัดตามข้อมูลที่มีในแผน โปรดเทียบกับหน้าจอของระบบก่อนกรอก"
    columns = (
        Column(0.06, "center"),
        Column(0.28),
        Column(0.11, "right"),
        Column(0.13, "center"),
        Column(0.26),
        Column(0.16),
    )
    empty = [] if rows else [Paragraph("แผนยังไม่มีมาตรการที่จะกรอก", indent=True)]
    table = [Table(columns, (report.head(*E_PLAN_HEAD),), tuple(rows), name=E_PLAN)] if rows else []
    return [Heading(E_PLAN), *table, *empty, Paragraph(note, style="small")]
