"""What changed in the rules, in words: for the layout that tells it before the results."""

from __future__ import annotations

from prongsai.documents import parts
from prongsai.documents import parts_report as report
from prongsai.documents.build import filing_framework
from prongsai.documents.parts_findings import code_ranges
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Bullets, Cell, Column, Paragraph, Table
from prongsai.errors import InputError
from prongsai.framework import Framework, previous_of
from prongsai.framework.changes import Changes, Filed, LevelRule, changes

_DOCUMENT_TH = {
    "measures": "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
    "measures_progress": "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
    "action_plan": "แผนปฏิบัติการป้องกันการทุจริต",
    "action_plan_progress": "รายงานผลการดำเนินการป้องกันการทุจริต",
}
_NOTE = "สรุปจากกรอบการประเมินของทั้งสองปีเท่าที่รวบรวมได้ โปรดตรวจสอบกับคู่มือการประเมินฉบับทางการก่อนนำไปใช้"


def compared(request: Request) -> Changes | None:
    """The changes that concern the reader: from the year assessed to the year of filing, else from the year before."""
    later = filing_framework(request)
    found = changes(request.framework, later) if later else None
    if found:
        return found
    before = _previous(request.framework)
    return changes(before, request.framework) if before else None


def _previous(framework: Framework) -> Framework | None:
    try:
        return previous_of(framework)
    except InputError:  # a framework of one's own may name one that is not shipped
        return None


def blocks(found: Changes) -> list[Block]:
    """Counts as a table, everything else as short sentences."""
    old, new = _year(found.before), _year(found.after)
    return [
        Paragraph(f"เมื่อเปรียบเทียบกรอบการประเมิน{old} กับ{new} มีสาระสำคัญ ดังนี้", indent=True),
        _count_table(found),
        Bullets((*_item_sentences(found), *_indicator_sentences(found), _levels(found), *_filing_sentences(found))),
        Paragraph(_NOTE, style="small"),
    ]


def _year(framework: Framework) -> str:
    return (
        f"ประจำ{parts.fiscal_year_text(framework.fiscal_year)}" if framework.fiscal_year else f" {framework.title.th}"
    )


def _short(framework: Framework) -> str:
    return str(framework.fiscal_year) if framework.fiscal_year else framework.id


def _count_table(found: Changes) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            Cell(f"{count.name} ({count.code})"),
            _number(count.before),
            _number(count.after),
            _change(count.before, count.after),
        )
        for count in found.counts
    ]
    total = (found.items_before, found.items_after)
    rows.append((Cell("รวม", bold=True, tone="group"), *map(_number, total), _change(*total)))
    head = report.head("เครื่องมือ", f"จำนวนข้อ ปี {_short(found.before)}", f"จำนวนข้อ ปี {_short(found.after)}", "เปลี่ยนแปลง")
    columns = (Column(0.52), *(Column(0.16, "center") for _ in range(3)))
    return Table(columns, (head,), tuple(rows), name="จำนวนข้อที่เปลี่ยนแปลง")


def _number(count: int | None) -> Cell:
    return Cell("–") if count is None else Cell(str(count), number=count)


def _change(before: int | None, after: int | None) -> Cell:
    if before is None or after is None:
        return Cell("เพิ่มใหม่" if before is None else "ไม่มีแล้ว")
    if before == after:
        return Cell("คงเดิม")
    return Cell(f"{'เพิ่ม' if after > before else 'ลด'} {abs(after - before)} ข้อ")


def _item_sentences(found: Changes) -> list[str]:
    year = _short(found.after)
    if found.comparable == found.items_after:
        return [f"ทุกข้อของปี {year} มีข้อของปีก่อนที่เทียบคะแนนกันได้"]
    lead = f"ข้อของปี {year} ที่เทียบคะแนนกับปีก่อนได้มี {found.comparable} จาก {found.items_after} ข้อ ข้ออื่นไม่ควรนำคะแนนมาเทียบกัน"
    return [
        lead,
        *(f"ข้อ {code_ranges(group.codes)} ({len(group.codes)} ข้อ): {group.reason}" for group in found.unmatched),
    ]


def _indicator_sentences(found: Changes) -> list[str]:
    texts = [f"ตัวชี้วัดที่ {one.number} เปลี่ยนชื่อจาก “{one.before}” เป็น “{one.after}”" for one in found.renamed]
    texts += [f"เพิ่มตัวชี้วัดที่ {number} {name}" for number, name in found.indicators_added]
    return texts + [f"ไม่มีตัวชี้วัดที่ {number} {name} แล้ว" for number, name in found.indicators_dropped]


def _levels(found: Changes) -> str:
    rules = found.levels
    unsure = "" if rules.sure else " (ยังไม่พบเอกสารยืนยันครบทุกระดับของทั้งสองปี)"
    if not rules.changed:
        return f"เกณฑ์ระดับผลการประเมินที่ใช้ในเอกสารนี้เหมือนกันทั้งสองปี{unsure}"
    before, after = ", ".join(map(_band, rules.before)), ", ".join(map(_band, rules.after))
    text = f"เกณฑ์ระดับผลการประเมินเปลี่ยนจาก {before} เป็น {after}"
    if rules.components_after and rules.components_after != rules.components_before:
        text += f" โดยองค์ประกอบที่นำมาพิจารณาได้แก่ {', '.join(map(parts.part_name, rules.components_after))}"
    return text + unsure


def _band(rule: LevelRule) -> str:
    if rule.overall_min == 0:
        return f"{rule.name} (ต่ำกว่านั้น)"
    each = ""
    if rule.component_min is not None:
        each = " และทุกองค์ประกอบ" if rule.component_min == rule.overall_min else f" ทุกองค์ประกอบ {rule.component_min}"
    return f"{rule.name} (คะแนนรวม{each} {rule.overall_min} ขึ้นไป)" if each else f"{rule.name} ({rule.overall_min} ขึ้นไป)"


def _filing_sentences(found: Changes) -> list[str]:
    return [_filing(found, filed) for filed in found.filings if filed.changed]


def _filing(found: Changes, filed: Filed) -> str:
    name = _DOCUMENT_TH.get(filed.document, filed.document)
    unsure = "" if filed.sure else " (เลขข้อยังไม่มีเอกสารยืนยันครบถ้วน)"
    before, after = " และ ".join(filed.before), " และ ".join(filed.after)
    if not before:
        return f"{name} เผยแพร่เป็นข้อ {after} ในปี {_short(found.after)} โดยไม่พบข้อที่ตรงกันในปีก่อน{unsure}"
    if not after:
        return f"{name} ซึ่งเดิมเผยแพร่เป็นข้อ {before} ไม่พบข้อที่ตรงกันในปี {_short(found.after)}{unsure}"
    return f"{name} เดิมเผยแพร่เป็นข้อ {before} เปลี่ยนเป็นข้อ {after}{unsure}"
