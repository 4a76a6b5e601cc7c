"""One page for the chief executive: level, components, what failed, three decisions asked."""

from __future__ import annotations

from fractions import Fraction

from prongsai.analysis.disclosure import shown_score
from prongsai.analysis.next_level import NextLevel, next_level
from prongsai.documents import parts, ranks
from prongsai.documents.parts_findings import scored
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Bullets, Cell, Column, Document, Heading, Paragraph, Section, Table
from prongsai.scoring.level import meets

MOST_WEAK = 6


def build(request: Request) -> Document:
    """The one-page brief."""
    title = f"สรุปผลการประเมิน ITA {parts.fiscal_year_text(request.result_year)} สำหรับ{ranks.executive(request)}"
    blocks: list[Block] = [
        Paragraph(title, align="center", style="title"),
        Paragraph(" ".join(text for text in (request.agency, request.place) if text), align="center", style="subtitle"),
        _headline(request),
        Heading("คะแนนรายเครื่องมือ", 2),
        _components(request),
        Heading("สิ่งที่ต้องแก้ไขก่อน", 2),
        *_weak(request),
    ]
    ahead = next_level(request.sheet)
    if ahead:
        blocks += [Heading(f"ทางไปสู่{parts.level_phrase(ahead.band.name)}", 2), *_ahead(ahead)]
    blocks += [Heading("ขอให้พิจารณาสั่งการ", 2), Bullets(_decisions(request), numbered=True)]
    found = parts.doubts(request)
    if found:
        blocks.append(Paragraph(f"ข้อสังเกต: {found[0]}" + _more(len(found) - 1), style="small"))
    return Document(title=title, sections=(Section(tuple(blocks), page_numbers=False),), margins=(1.5, 2.0, 1.5, 2.0))


def _more(count: int) -> str:
    return f" (และอีก {count} ข้อสังเกต ดูในรายงานการวิเคราะห์)" if count else ""


def _headline(request: Request) -> Table:
    score = parts.node_text(request, "overall")
    target = request.framework.target
    cells = [("ระดับ", parts.level_text(request)), ("คะแนนรวม", score)]
    if target:
        cells.append(("ค่าเป้าหมาย", str(target.overall_min)))
    head = tuple(Cell(name, tone="head", align="center") for name, _ in cells)
    row = tuple(Cell(value, bold=True, align="center") for _, value in cells)
    return Table(tuple(Column(1 / len(cells), "center") for _ in cells), (head,), (row,), name="ผลรวม", size=18)


def _components(request: Request) -> Table:
    names = request.framework.levels.components or tuple(inst.code for inst in request.framework.instruments)
    target = request.framework.target
    floor = target.component_min if target else None
    head = tuple(Cell(parts.part_name(name), tone="head", align="center") for name in names)
    row = []
    for name in names:
        score = shown_score(request.sheet, name)
        below = floor is not None and score is not None and not meets(request.framework, score, floor)
        text = parts.node_text(request, name) + (f"\nต่ำกว่า {floor}" if below else "")
        row.append(Cell(text, align="center", bold=below, tone="bad" if below else "none"))
    return Table(tuple(Column(1 / len(names), "center") for _ in names), (head,), (tuple(row),), name="เครื่องมือ")


def _weak(request: Request) -> list[Block]:
    weak = [finding for finding in request.findings if finding.urgent]
    weak = weak or [finding for finding in request.findings if finding.weak]
    weak.sort(key=lambda finding: finding.item.score or Fraction(0))
    if not weak:
        return [Paragraph("ไม่พบข้อที่ต้องแก้ไขในคะแนนรายข้อที่ทราบ")]
    lines = []
    for finding in weak[:MOST_WEAK]:
        title = finding.theme.title if finding.theme else finding.item.title
        lines.append(f"{finding.item.code} {title} ({scored(finding.item)})")
    blocks: list[Block] = [Bullets(tuple(lines))]
    if len(weak) > MOST_WEAK:
        blocks.append(Paragraph(f"และอีก {len(weak) - MOST_WEAK} ข้อ ตามรายงานการวิเคราะห์", style="small"))
    return blocks


def _ahead(ahead: NextLevel) -> list[Block]:
    lines = []
    if ahead.overall.reached is False:
        lines.append(f"คะแนนรวมยังขาด {parts.points(ahead.overall.points)} คะแนน (ต้องได้ {ahead.overall.threshold})")
    lines += [
        f"{parts.part_name(gap.node)} ยังขาด {parts.points(gap.points)} คะแนน (ต้องได้ {gap.threshold})"
        for gap in ahead.held_back_by
    ]
    if ahead.not_known:
        lines.append(f"ยังไม่มีคะแนนของ {', '.join(parts.part_name(gap.node) for gap in ahead.not_known)} ให้ตรวจสอบ")
    if ahead.withheld:
        lines.append(parts.lack_not_shown(gap.node for gap in ahead.withheld))
    if ahead.what_if:
        best = ahead.what_if[-1]
        names = ", ".join(best.items)
        lines.append(f"หากแก้ไขข้อ {names} ให้ผ่านทั้งหมด คะแนนรวมจะเป็น {parts.interval_text(best.overall)}")
    return [Bullets(tuple(lines))] if lines else []


def _decisions(request: Request) -> tuple[str, ...]:
    if request.letter.decisions:
        return request.letter.decisions
    failed = [finding.item.code for finding in request.findings if finding.kind == "failed"]
    first = (
        f"มอบหมายผู้รับผิดชอบแก้ไขข้อ {', '.join(failed)} ให้ครบองค์ประกอบ" if failed else "มอบหมายผู้รับผิดชอบรักษาระดับคะแนนรายข้อ"
    )
    year = parts.fiscal_year_text(request.action_year)
    return (
        first,
        f"เห็นชอบมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำ{year}",
        "เห็นชอบให้เผยแพร่ผลการวิเคราะห์และมาตรการบนเว็บไซต์หลักของหน่วยงาน",
    )
