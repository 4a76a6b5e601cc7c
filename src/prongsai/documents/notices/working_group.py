"""The order (คำสั่ง) that appoints the ITA working group: its members, and who owes which disclosed item by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from prongsai.documents import parts, ranks
from prongsai.documents.notices import finished
from prongsai.documents.request import Digits, Letter
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
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, Item
from prongsai.thai.dates import long_date, short_date

BLANK = "…………………………"
NO_LAW = "[ระบุบทกฎหมายหรือระเบียบที่ให้อำนาจออกคำสั่ง]"
_DUTIES = (
    "ขับเคลื่อนและกำกับติดตามการเตรียมการรับการประเมินของทุกส่วนราชการ",
    "ตรวจสอบข้อมูลที่เปิดเผยบนเว็บไซต์หลักให้ครบองค์ประกอบและตรงปีงบประมาณก่อนนำส่ง",
    "ประชาสัมพันธ์ช่องทางตอบแบบวัดโดยไม่ชี้นำคำตอบและไม่ติดตามว่าผู้ใดตอบอย่างไร",
    "รายงานความก้าวหน้า ปัญหา และข้อเสนอต่อผู้บริหารสูงสุดของหน่วยงาน",
)


@dataclass(frozen=True)
class Member:
    """One member; a name is the agency's to give."""

    position: str
    duty: str
    name: str | None = None


@dataclass(frozen=True)
class Owner:
    """Who discloses one item: the unit, the people in it, and the day it is due. None: a blank to write in."""

    item: str
    unit: str | None = None
    people: tuple[str, ...] = ()
    due: dt.date | None = None


@dataclass(frozen=True)
class WorkingGroup:
    """What the order says. Items and their wording come from ``framework``; items without an owner stay blank.

    ``letter``: number, date, who signs (the last of ``route``), and ``legal``, the law that gives the power to order.
    Our sources name none, so without it a bracketed blank stands in its place.
    """

    agency: str
    framework: Framework
    members: tuple[Member, ...] = ()
    owners: tuple[Owner, ...] = ()
    letter: Letter = field(default_factory=Letter)
    agency_kind: str | None = None
    result_year: int | None = None
    emblem: bytes | None = None
    digits: Digits = "arabic"


def build(group: WorkingGroup) -> Document:
    """The order. Raises ``InputError`` for an owner of an item that the framework has not, or has an owner already."""
    return finished(draft(group), group.agency, "order", group.digits)


def draft(group: WorkingGroup) -> Document:
    """The order before its last step, for the kind of the same name."""
    owners = _by_item(group)
    year = parts.fiscal_year_text(group.framework.fiscal_year)
    title = f"แต่งตั้งคณะทำงานขับเคลื่อน{parts.FULL_NAME} ประจำ{year}"
    results = f"ประจำ{parts.fiscal_year_text(group.result_year)} " if group.result_year else ""
    letter = group.letter
    date = long_date(letter.date) if letter.date else f"วันที่ {BLANK}"
    blocks: list[Block] = [
        Emblem(group.emblem, height=3, align="center"),
        Paragraph((Run(f"คำสั่ง{group.agency}", bold=True, size=18),), align="center"),
        Paragraph(f"ที่ {letter.number or '………… / …………'}", align="center"),
        Paragraph((Run(f"เรื่อง {title}", bold=True),), align="center"),
        Paragraph("_" * 30, align="center"),
        Paragraph(
            f"เพื่อให้การเตรียมการรับ{parts.FULL_NAME} ประจำ{year} ของ{group.agency} เป็นไปด้วยความเรียบร้อย "
            f"มีผู้รับผิดชอบชัดเจน และนำผลการประเมิน{results}ไปสู่การพัฒนาหน่วยงาน "
            f"อาศัยอำนาจตาม{' และ'.join(letter.legal) or f' {NO_LAW}'} "
            "จึงแต่งตั้งคณะทำงานและกำหนดผู้รับผิดชอบ ดังนี้",
            indent=True,
        ),
        Heading("1. องค์ประกอบคณะทำงาน", 2),
        _members(group),
        Heading("2. หน้าที่และอำนาจ", 2),
        Bullets(_DUTIES, numbered=True),
        *_items(group, owners),
        Paragraph("ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป", indent=True, keep_with_next=True),
        Paragraph(f"สั่ง ณ {date}", align="center", keep_with_next=True),
        Gap(1),
        Signature(letter.route[-1].name if letter.route else None, (ranks.executive(group),)),
    ]
    return Document(title=f"คำสั่ง{group.agency} เรื่อง {title}", sections=(Section(tuple(blocks)),))


def _by_item(group: WorkingGroup) -> dict[str, Owner]:
    known = [item.code for inst in group.framework.instruments if inst.kind == "checklist"
             for indicator in inst.indicators for item in indicator.items]  # fmt: skip
    found: dict[str, Owner] = {}
    problems: list[Problem] = []
    for owner in group.owners:
        if owner.item not in known or owner.item in found:
            th, en = (
                ("มีผู้รับผิดชอบแล้ว", "has an owner already")
                if owner.item in found
                else ("ไม่มีในกรอบการประเมิน", "is unknown")
            )
            span = f"{known[0]}–{known[-1]}" if known else "–"
            problems.append(Problem("documents.owner", owner.item, f"ข้อ {owner.item} {th}",
                                    f"item {owner.item!r} {en}; there are {span}", f"ข้อที่มี คือ {span}"))  # fmt: skip
        found[owner.item] = owner
    if problems:
        raise InputError(problems)
    return found


def _members(group: WorkingGroup) -> Table:
    members = group.members or (
        Member(ranks.executive(group), "ที่ปรึกษาคณะทำงาน"),
        *(
            Member(person.position, "ประธานคณะทำงาน" if position == 0 else "คณะทำงาน")
            for position, person in enumerate(reversed(ranks.route(group)[:-1]))
        ),
        Member("ผู้อำนวยการกองหรือหัวหน้าส่วนราชการทุกส่วน", "คณะทำงาน"),
        Member("เจ้าหน้าที่ผู้รับผิดชอบงาน ITA", "คณะทำงานและเลขานุการ"),
    )
    named = any(member.name for member in members)
    head = ("ที่", *(("ชื่อ",) if named else ()), "ตำแหน่ง", "หน้าที่ในคณะทำงาน")
    rows = tuple(
        tuple(map(Cell, (str(number), *((member.name or BLANK,) if named else ()), member.position, member.duty)))
        for number, member in enumerate(members, start=1)
    )
    widths = (0.08, 0.3, 0.34, 0.28) if named else (0.1, 0.55, 0.35)
    columns = (Column(widths[0], "center"), *(Column(width) for width in widths[1:]))
    return Table(columns, (tuple(Cell(text, tone="head") for text in head),), rows, name="คณะทำงาน")


def _items(group: WorkingGroup, owners: dict[str, Owner]) -> list[Block]:
    """Every item of the checklists with its owner; people and days have columns where any is given."""
    people, due = any(o.people for o in group.owners), any(o.due for o in group.owners)
    head = ["ข้อ", "ข้อมูลที่ต้องเปิดเผย", "ส่วนราชการเจ้าของข้อมูล" if people else "ผู้รับผิดชอบ"]
    head += ["ผู้รับผิดชอบ"] * people + ["กำหนดส่ง"] * due
    widths = [0.08, 0.33, 0.2, *([0.23] * people), *([0.17] * due)]

    def row(item: Item) -> tuple[Cell, ...]:
        owner = owners.get(item.code, Owner(item.code))
        texts = [item.code, item.text or item.short or "–", owner.unit or BLANK]
        texts += ["\n".join(owner.people) or BLANK] * people
        texts += [short_date(owner.due) if owner.due else BLANK[:8]] * due
        return tuple(map(Cell, texts))

    rows: list[tuple[Cell, ...]] = []
    for inst in group.framework.instruments:
        if inst.kind == "checklist":
            for indicator in inst.indicators:
                title = f"ตัวชี้วัดที่ {indicator.number} {indicator.name.th}"
                rows.append((Cell(title, colspan=len(head), bold=True, tone="group"),))
                rows += map(row, indicator.items)
    if not rows:
        return []
    columns = tuple(Column(width, "center" if n == 0 else "left") for n, width in enumerate(widths))
    heads = (tuple(Cell(text, tone="head") for text in head),)
    table = Table(columns, heads, tuple(rows), name="ผู้รับผิดชอบ OIT")
    return [Heading("3. ผู้รับผิดชอบข้อมูลการเปิดเผยข้อมูลสาธารณะรายข้อ", 2), table]
