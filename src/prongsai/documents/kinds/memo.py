"""The memo (บันทึกข้อความ) that puts results and measures before the chief executive, in the municipal form."""

from __future__ import annotations

from prongsai.analysis.ranking import ItemScore
from prongsai.documents import parts, parts_memo, ranks
from prongsai.documents.request import Person, Request
from prongsai.documents.tree import (
    Block,
    Bullets,
    Document,
    Gap,
    Paragraph,
    Run,
    Section,
    Signature,
)
from prongsai.improvement.follow_up import summarise


def build(request: Request) -> Document:
    """The memo as a document of its own."""
    return Document(title=subject(request), sections=sections(request), margins=(2.0, 2.0, 2.0, 3.0))


def subject(request: Request) -> str:
    """The subject line: as given, or what is put forward."""
    if request.letter.subject:
        return request.letter.subject
    year = parts.fiscal_year_text(request.result_year)
    if _reports_progress(request):
        action = parts.fiscal_year_text(request.action_year)
        return f"รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำ{action}"
    return f"รายงานการวิเคราะห์ผล{parts.FULL_NAME} ประจำ{year}"


def _reports_progress(request: Request) -> bool:
    """Whether the memo puts a progress report forward; in front of a report on results it never does."""
    return request.progress is not None and request.kind in ("memo", "progress")


def sections(request: Request) -> tuple[Section, ...]:
    """The memo's pages, also put in front of the report by the layout that begins with a memo."""
    author = request.letter.author or Person("เจ้าหน้าที่ผู้รับผิดชอบ")
    blocks: list[Block] = [
        *parts_memo.head(request, subject(request), request.emblem),
        *_attachments(request),
        parts_memo.label("เรื่องเดิม"),
        Paragraph(_background(request), indent=True),
        parts_memo.label("ข้อเท็จจริง"),
        *_facts(request),
        parts_memo.label("ข้อกฎหมายและระเบียบ"),
        *_legal(request),
        parts_memo.label("ข้อเสนอเพื่อพิจารณา"),
        *_proposals(request),
        Paragraph("จึงเรียนมาเพื่อโปรดพิจารณา", indent=True, keep_with_next=True),
        Gap(0.3),
        Signature(author.name, (author.position,)),
        *parts_memo.routing(ranks.route(request)),
    ]
    return (Section(tuple(blocks), page_numbers=False),)


def _background(request: Request) -> str:
    if request.letter.background:
        return request.letter.background
    return (
        f"สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ ได้จัดให้มี{parts.FULL_NAME} "
        f"(Integrity and Transparency Assessment: ITA) ประจำ{parts.fiscal_year_text(request.result_year)} "
        f"และได้แจ้งผลการประเมินให้{request.agency} ทราบแล้ว นั้น"
    )


def _facts(request: Request) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(f"1. {parts.result_sentence(request)}", indent=True),
        Paragraph(f"2. {parts.component_sentence(request)}", indent=True),
        Paragraph(f"3. {parts.best_and_worst(request)}", indent=True),
    ]
    urgent = [finding for finding in request.findings if finding.urgent]
    if urgent:
        names = ", ".join(f"{f.item.code} ({_score(f.item)})" for f in urgent)
        blocks.append(Paragraph(f"4. ข้อที่ไม่ผ่านหรือต่ำกว่าเกณฑ์ จำนวน {len(urgent)} ข้อ ได้แก่ {names}", indent=True))
    else:
        blocks.append(Paragraph("4. ไม่มีข้อที่ต่ำกว่าเกณฑ์ที่กำหนดในคะแนนรายข้อที่ทราบ", indent=True))
    if request.progress and _reports_progress(request):
        found = summarise(request.progress)
        text = (
            f"5. ดำเนินการตามมาตรการแล้ว {found.counts['done']} จาก {found.total} มาตรการ "
            f"อยู่ระหว่างดำเนินการ {found.counts['in_progress']} และยังไม่ดำเนินการ {found.counts['not_started']} มาตรการ"
        )
        blocks.append(Paragraph(text, indent=True))
    elif request.plan:
        count = sum(len(point.measures) for point in request.plan.points)
        text = (
            f"5. ผู้รับผิดชอบได้จัดทำมาตรการเพื่อยกระดับผลการประเมิน จำนวน {len(request.plan.points)} ประเด็น {count} มาตรการ "
            f"สำหรับดำเนินการใน{parts.fiscal_year_text(request.plan.action_year)} รายละเอียดตามสิ่งที่ส่งมาพร้อมนี้"
        )
        blocks.append(Paragraph(text, indent=True))
    return blocks


def _score(item: ItemScore) -> str:
    part = f"{parts.part_name(item.part)} " if item.part else ""
    return f"{part}{parts.points(item.score)}"


def _legal(request: Request) -> list[Block]:
    given: list[Block] = [Paragraph(text, indent=True) for text in request.letter.legal]
    filed = request.plan.filed_as if request.plan else None
    if filed:
        text = (
            f"การเผยแพร่เอกสารนี้บนเว็บไซต์หลักของหน่วยงานเป็นไปตามแบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT) "
            f"ข้อ {filed.item} ประจำ{parts.fiscal_year_text(filed.fiscal_year)}"
        )
        given.append(Paragraph(text, indent=True))
    return given or [Paragraph("(ระบุกฎหมาย ระเบียบ หรือหนังสือสั่งการที่เกี่ยวข้อง)", indent=True)]


def _proposals(request: Request) -> list[Block]:
    if request.letter.decisions:
        texts = request.letter.decisions
    elif _reports_progress(request):
        texts = (
            "รับทราบผลการดำเนินการตามมาตรการ",
            "เห็นชอบให้เผยแพร่รายงานบนเว็บไซต์หลักของหน่วยงาน",
            "มอบหมายส่วนราชการเร่งรัดมาตรการที่ยังไม่แล้วเสร็จ",
        )
    else:
        texts = (
            "รับทราบผลการประเมินและผลการวิเคราะห์",
            "เห็นชอบมาตรการและมอบหมายส่วนราชการที่รับผิดชอบดำเนินการตามระยะเวลาที่กำหนด",
            "เห็นชอบให้เผยแพร่เอกสารบนเว็บไซต์หลักของหน่วยงาน",
        )
    return [Paragraph("เห็นควรพิจารณา ดังนี้", indent=True, keep_with_next=True), Bullets(tuple(texts), numbered=True)]


def _attachments(request: Request) -> list[Block]:
    names = request.letter.attachments or tuple(
        name
        for name, present in (
            (f"รายงานการวิเคราะห์ผลการประเมิน ประจำ{parts.fiscal_year_text(request.result_year)}", True),
            (f"มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำ{parts.fiscal_year_text(request.action_year)}",
             request.plan is not None),
            ("รายงานผลการดำเนินการตามมาตรการ", request.progress is not None),
        )
        if present
    )  # fmt: skip
    return [Paragraph((Run("สิ่งที่ส่งมาด้วย", bold=True),), keep_with_next=True), Bullets(names, numbered=True)]
