"""The order (คำสั่ง) that appoints the ITA working group, with who owns which OIT item."""

from __future__ import annotations

from prongsai.documents import parts, ranks
from prongsai.documents.build import filing_framework
from prongsai.documents.request import Request
from prongsai.documents.tree import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Emblem,
    Gap,
    Heading,
    Paragraph,
    Run,
    Section,
    Signature,
    Table,
)
from prongsai.framework.model import Framework, Item
from prongsai.thai.dates import long_date

_BLANK = "…………………………"
_DUTIES = (
    "ขับเคลื่อนและกำกับติดตามการเตรียมการรับการประเมินของทุกส่วนราชการ",
    "ตรวจสอบข้อมูลที่เปิดเผยบนเว็บไซต์หลักให้ครบองค์ประกอบและตรงปีงบประมาณก่อนนำส่ง",
    "ประชาสัมพันธ์ช่องทางตอบแบบวัดโดยไม่ชี้นำคำตอบและไม่ติดตามว่าผู้ใดตอบอย่างไร",
    "รายงานความก้าวหน้า ปัญหา และข้อเสนอต่อผู้บริหารสูงสุดของหน่วยงาน",
)


def build(request: Request) -> Document:
    """The order. The committee and the owners come from the request's letter; what is missing stays blank."""
    framework = filing_framework(request) or request.framework
    year = parts.fiscal_year_text(framework.fiscal_year)
    title = f"แต่งตั้งคณะทำงานขับเคลื่อน{parts.FULL_NAME} ประจำ{year}"
    results = f"ประจำ{parts.fiscal_year_text(request.result_year)} " if request.result_year else ""
    letter = request.letter
    date = long_date(letter.date) if letter.date else f"วันที่ {_BLANK}"
    blocks: list[Block] = [
        Emblem(request.emblem, height=3, align="center"),
        Paragraph((Run(f"คำสั่ง{request.agency}", bold=True, size=18),), align="center"),
        Paragraph(f"ที่ {letter.number or '………… / …………'}", align="center"),
        Paragraph((Run(f"เรื่อง {title}", bold=True),), align="center"),
        Paragraph("_" * 30, align="center"),
        Paragraph(
            f"เพื่อให้การเตรียมการรับ{parts.FULL_NAME} ประจำ{year} ของ{request.agency} เป็นไปด้วยความเรียบร้อย "
            f"มีผู้รับผิดชอบชัดเจน และนำผลการประเมิน{results}ไปสู่การพัฒนาหน่วยงาน จึงแต่งตั้งคณะทำงานและกำหนดผู้รับผิดชอบ ดังนี้",
            indent=True,
        ),
        Heading("1. องค์ประกอบคณะทำงาน", 2),
        _committee(request),
        Heading("2. หน้าที่และอำนาจ", 2),
        Bullets(_DUTIES, numbered=True),
        Heading("3. ผู้รับผิดชอบข้อมูลการเปิดเผยข้อมูลสาธารณะรายข้อ", 2),
        _owners(request, framework),
        Paragraph("ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป", indent=True, keep_with_next=True),
        Paragraph(f"สั่ง ณ {date}", align="center", keep_with_next=True),
        Gap(1),
        Signature(letter.route[-1].name if letter.route else None, (ranks.executive(request),)),
    ]
    return Document(title=f"คำสั่ง{request.agency} เรื่อง {title}", sections=(Section(tuple(blocks)),))


def _committee(request: Request) -> Table:
    members = request.letter.committee or (
        (ranks.executive(request), "ที่ปรึกษาคณะทำงาน"),
        *(
            (person.position, "ประธานคณะทำงาน" if position == 0 else "คณะทำงาน")
            for position, person in enumerate(reversed(ranks.route(request)[:-1]))
        ),
        ("ผู้อำนวยการกองหรือหัวหน้าส่วนราชการทุกส่วน", "คณะทำงาน"),
        ("เจ้าหน้าที่ผู้รับผิดชอบงาน ITA", "คณะทำงานและเลขานุการ"),
    )
    head = tuple(Cell(text, tone="head") for text in ("ที่", "ตำแหน่ง", "หน้าที่ในคณะทำงาน"))
    rows = tuple(
        (Cell(str(number)), Cell(position), Cell(duty)) for number, (position, duty) in enumerate(members, start=1)
    )
    return Table((Column(0.1, "center"), Column(0.55), Column(0.35)), (head,), rows, name="คณะทำงาน")


def _owners(request: Request, framework: Framework) -> Table:
    """Every item of the checklists with its owner; shared owners are written on each row, so none is missed."""
    head = tuple(Cell(text, tone="head") for text in ("ข้อ", "ข้อมูลที่ต้องเปิดเผย", "ผู้รับผิดชอบ"))
    rows: list[tuple[Cell, ...]] = []
    for inst in framework.instruments:
        if inst.kind != "checklist":
            continue
        for indicator in inst.indicators:
            title = f"ตัวชี้วัดที่ {indicator.number} {indicator.name.th}"
            rows.append((Cell(title, colspan=3, bold=True, tone="group"),))
            rows += [_owner(request, item) for item in indicator.items]
    return Table((Column(0.1, "center"), Column(0.55), Column(0.35)), (head,), tuple(rows), name="ผู้รับผิดชอบ OIT")


def _owner(request: Request, item: Item) -> tuple[Cell, ...]:
    return (Cell(item.code), Cell(item.text or item.short or "–"), Cell(request.letter.owners.get(item.code, _BLANK)))
