"""The announcement (ประกาศ) of the measures to staff and public."""

from __future__ import annotations

from prongsai.documents import parts, ranks
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Bullets, Document, Emblem, Gap, Paragraph, Run, Section, Signature
from prongsai.errors import InputError, Problem
from prongsai.thai.dates import long_date


def build(request: Request) -> Document:
    """The announcement of a plan. Raises ``InputError`` without a plan: there would be nothing to announce."""
    plan = request.plan
    if plan is None:
        raise InputError(
            Problem(
                "documents.no_plan",
                "announcement",
                "ประกาศมาตรการต้องมีแผนมาตรการ",
                "an announcement needs a plan",
                "โปรดจัดทำแผนด้วยคำสั่ง prongsai plan แล้วระบุ --plan",
            )
        )
    year = parts.fiscal_year_text(plan.action_year)
    title = request.letter.subject or f"มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำ{year}"
    date = long_date(request.letter.date) if request.letter.date else "วันที่ …………………………"
    measures = tuple(
        f"{measure.title} (ผู้รับผิดชอบ: {parts.step_units(measure.steps)})"
        for point in plan.points
        for measure in point.measures
    )
    blocks: list[Block] = [
        Emblem(request.emblem, height=3, align="center"),
        Paragraph((Run(f"ประกาศ{request.agency}", bold=True, size=18),), align="center"),
        Paragraph((Run(f"เรื่อง {title}", bold=True),), align="center"),
        Paragraph("_" * 30, align="center"),
        Paragraph(
            f"ตามที่{request.agency}ได้วิเคราะห์ผล{parts.FULL_NAME} "
            f"ประจำ{parts.fiscal_year_text(request.result_year)} เพื่อยกระดับการปฏิบัติงานให้โปร่งใสและตรวจสอบได้ "
            f"จึงประกาศมาตรการที่จะดำเนินการในปีงบประมาณ {parts.year_text(plan.action_year)} ดังต่อไปนี้",
            indent=True,
        ),
        Bullets(measures, numbered=True),
        Paragraph("ให้ทุกส่วนราชการถือปฏิบัติและรายงานผลตามระยะเวลาที่กำหนดในแผน", indent=True),
        Paragraph("จึงประกาศให้ทราบโดยทั่วกัน", indent=True, keep_with_next=True),
        Paragraph(f"ประกาศ ณ {date}", align="center", keep_with_next=True),
        Gap(1),
        Signature(request.letter.route[-1].name if request.letter.route else None, (ranks.executive(request),)),
    ]
    return Document(title=f"ประกาศ{request.agency} เรื่อง {title}", sections=(Section(tuple(blocks)),))
