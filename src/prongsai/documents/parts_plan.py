"""What kinds and layouts share of a plan: titles, what it is filed as, and its measures as table cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from prongsai.documents.parts import FULL_NAME, NBSP, assessment_name, fiscal_year_text, period_text
from prongsai.documents.parts_findings import labelled
from prongsai.documents.parts_report import budget_text
from prongsai.documents.request import Request
from prongsai.documents.tree import Cell, Paragraph, Run
from prongsai.errors import InputError, Problem
from prongsai.framework import for_year
from prongsai.framework.model import Framework, Item
from prongsai.improvement.filing import filed_as
from prongsai.improvement.model import FiledAs, Measure, Period, Plan, Point, Step
from prongsai.thai.dates import long_date

NOT_SET = "ยังไม่กำหนด"
_TITLES = {
    "measures": "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
    "action_plan": "แผนปฏิบัติการป้องกันการทุจริต",
}


def analysis_title(request: Request) -> str:
    """``รายงานการวิเคราะห์ผลการประเมิน… ประจำปีงบประมาณ พ.ศ. 2568``."""
    year = f" ประจำ{fiscal_year_text(request.result_year)}" if request.result_year else ""
    return f"รายงานการวิเคราะห์ผล{assessment_name(request)}{year}"


def measures_title(request: Request) -> str:
    """``มาตรการส่งเสริมคุณธรรม… ประจำปีงบประมาณ พ.ศ. 2569``: the year in which the measures run."""
    kind = request.plan.kind if request.plan else "measures"
    return f"{_TITLES[kind]} ประจำ{fiscal_year_text(request.action_year)}"


def results_line(request: Request) -> str:
    """``จากผลการประเมิน… ประจำปีงบประมาณ พ.ศ. 2568``: what a document rests on; empty where no year is known."""
    if not request.result_year:
        return ""
    return f"จากผล{FULL_NAME} ประจำ{fiscal_year_text(request.result_year)}"


def plan_of(request: Request) -> Plan:
    """The plan of a request. Raises ``InputError`` where there is none, or one for another year's results."""
    plan = request.plan
    if plan is None:
        raise InputError(
            Problem(
                "documents.plan",
                request.kind,
                "เอกสารชนิดนี้ต้องมีแผน แต่ไม่ได้ระบุไฟล์แผน",
                f"a {request.kind} document needs a plan",
                "โปรดร่างแผนด้วยคำสั่ง prongsai plan FILE -o PLAN แก้ไขให้ตรงกับหน่วยงาน แล้วระบุ --plan PLAN",
            )
        )
    if request.result_year and plan.result_year != request.result_year:
        raise InputError(
            Problem(
                "documents.plan_year",
                request.kind,
                f"แผนจัดทำจากผลปีงบประมาณ พ.ศ. {plan.result_year} แต่ไฟล์ผลเป็นของปีงบประมาณ พ.ศ. {request.result_year}",
                f"the plan answers results of {plan.result_year}, the results are of {request.result_year}",
                "โปรดเลือกไฟล์ผลและแผนของปีเดียวกัน",
            )
        )
    return plan


def filing(plan: Plan) -> FiledAs | None:
    """The OIT item the plan is filed as: what the plan says, else what follows from its year."""
    return plan.filed_as or filed_as(plan.kind, plan.result_year, plan.action_year)


def filed_item(filed: FiledAs) -> tuple[Framework, Item | None] | None:
    """The framework of the filing year and the item in it; None where that year has no framework."""
    try:
        framework = for_year(filed.fiscal_year)
    except InputError:
        return None
    items = (item for inst in framework.instruments for ind in inst.indicators for item in ind.items)
    return framework, next((item for item in items if item.code == filed.item), None)


def filed_short(plan: Plan) -> str:
    """``เปิดเผยเป็นข้อ o25 ปีงบประมาณ พ.ศ. 2569``; empty where not known."""
    filed = filing(plan)
    return f"เปิดเผยเป็นข้อ {filed.item} {fiscal_year_text(filed.fiscal_year)}" if filed else ""


def filed_sentence(plan: Plan) -> str:
    """The three years of a plan in one sentence: results of, runs in, filed as."""
    text = (
        f"เอกสารนี้วิเคราะห์ผลการประเมินประจำ{fiscal_year_text(plan.result_year)} "
        f"และกำหนดมาตรการที่ดำเนินการใน{fiscal_year_text(plan.action_year)}"
    )
    filed = filing(plan)
    if filed is None:
        return f"{text} ทั้งนี้ ยังไม่ได้ระบุข้อที่ใช้เปิดเผยเอกสาร"
    found = filed_item(filed)
    name = f" {found[1].text}" if found and found[1] and found[1].text else ""
    return f"{text} จัดทำเพื่อเปิดเผยเป็นข้อ {filed.item}{name} ของการประเมินประจำ{fiscal_year_text(filed.fiscal_year)}"


@dataclass(frozen=True)
class Line:
    """One step of a measure as cells; None where a cell above reaches down."""

    measure: Cell | None
    step: Cell
    period: Cell | None
    units: Cell | None


def lines(request: Request, point: Point, *, full_dates: bool = False) -> list[Line]:
    """A point's measures, one line per step; equal neighbouring periods and units of a measure are one cell.

    What is missing in the plan is said, so a point without measures still has one line.
    """
    if not point.measures:
        dash = Cell("–", align="center")
        return [Line(Cell("ยังไม่กำหนดมาตรการ", tone="warn"), dash, dash, dash)]
    found: list[Line] = []
    for position, measure in enumerate(point.measures, start=1):
        number = f"{position}) " if len(point.measures) > 1 else ""
        found += _measure_lines(request, measure, number, full_dates)
    return found


def _measure_lines(request: Request, measure: Measure, number: str, full_dates: bool) -> list[Line]:
    steps = measure.steps or [Step(text="ยังไม่กำหนดขั้นตอน")]
    dates = full_period if full_dates else period_text
    when = merged([dates(step.period) for step in steps])
    who = merged([", ".join(step.units) or NOT_SET for step in steps])
    cell = measure_cell(request, measure, number, len(steps))
    return [
        Line(
            cell if position == 0 else None,
            Cell(f"{position + 1}) {step.text}" if len(steps) > 1 else step.text),
            when[position],
            who[position],
        )
        for position, step in enumerate(steps)
    ]


def measure_cell(request: Request, measure: Measure, number: str = "", rowspan: int = 1) -> Cell:
    """A measure's title, and below it how success is told, what it costs, and who watches it."""
    paragraphs = [Paragraph((Run(f"{number}{measure.title}", bold=True),))]
    if measure.success_indicator and request.success_indicators:
        paragraphs.append(labelled("ตัวชี้วัดความสำเร็จ", measure.success_indicator))
    if measure.budget and request.budget:
        paragraphs.append(Paragraph(budget_text(measure)))
    if measure.monitoring:
        paragraphs.append(labelled("การกำกับติดตาม", measure.monitoring))
    return Cell(tuple(paragraphs), rowspan=rowspan)


def step_paragraphs(measure: Measure) -> list[Paragraph]:
    """A measure's steps, numbered, in one cell: a period all share once below them, else each behind its step."""
    if not measure.steps:
        return [Paragraph("ยังไม่กำหนดขั้นตอน")]
    when = [period_text(step.period) for step in measure.steps]
    shared = len(set(when)) == 1
    behind = ["" if shared else f" ({text})" for text in when]
    found = [
        Paragraph(f"{number}) {step.text}{after}")
        for number, (step, after) in enumerate(zip(measure.steps, behind, strict=True), start=1)
    ]
    return [*found, Paragraph(f"ระยะเวลา: {when[0]}", style="small")] if shared else found


def units_cell(measure: Measure) -> Cell:
    """Who does a measure: once where all steps have the same units, else a line for each run of steps that do.

    ``ขั้นตอนที่ 1–2: กองคลัง``
    """
    texts = [", ".join(step.units) or NOT_SET for step in measure.steps]
    if len(set(texts)) <= 1:
        return Cell(texts[0] if texts else NOT_SET)
    found, last = [], 0
    for text, run in groupby(texts):
        first, last = last + 1, last + len(list(run))
        steps = f"{first}–{last}" if last > first else f"{first}"
        found.append(labelled(f"ขั้นตอนที่{NBSP}{steps}", text))
    return Cell(tuple(found))


def merged(texts: Sequence[str]) -> list[Cell | None]:
    """A column of cells with equal neighbours as one; None where the cell above covers the row."""
    cells: list[Cell | None] = []
    for text, run in groupby(texts):
        height = len(list(run))
        cells += [Cell(text, rowspan=height, tone="warn" if text == NOT_SET else "none"), *([None] * (height - 1))]
    return cells


def full_period(period: Period | None) -> str:
    """A period with day, month and year at both ends, as the column วัน เดือน ปี ที่ดำเนินการ asks."""
    if period is None or period.text or not (period.start and period.end) or period.start == period.end:
        return period_text(period)
    return f"{long_date(period.start)} ถึง {long_date(period.end)}"


def row(*cells: Cell | None) -> tuple[Cell, ...]:
    """The cells of a row without those that a cell above reaches into."""
    return tuple(cell for cell in cells if cell is not None)
