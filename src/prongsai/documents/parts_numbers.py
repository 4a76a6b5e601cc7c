"""How far the next level is, how sure the scores are, and how many answered: the numbers behind the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from prongsai.analysis.disclosure import may_show_score, respondents
from prongsai.analysis.next_level import Gap, NextLevel, WhatIf, next_level
from prongsai.analysis.respondents import implied_respondents
from prongsai.analysis.uncertainty import Uncertainty, uncertainty
from prongsai.documents.parts import interval_text, lack_not_shown, level_phrase, part_name, points
from prongsai.documents.parts_findings import code_ranges
from prongsai.documents.request import Request
from prongsai.documents.tree import Block, Cell, Column, Paragraph, Table
from prongsai.scoring.interval import shown
from prongsai.scoring.structure import Node

MOST_WHAT_IFS = 10


def next_level_blocks(request: Request) -> list[Block]:
    """The next level: what it asks, what is missing, what holds back, and what would get there."""
    if not request.sheet.values["overall"].informative:
        return [_paragraph("ยังไม่ทราบคะแนนรวม จึงยังคำนวณระยะห่างจากระดับถัดไปไม่ได้")]
    ahead = next_level(request.sheet)
    if ahead is None:
        level = request.framework.levels.bands[0].name
        return [_paragraph(f"หน่วยงานอยู่ใน{level_phrase(level)} ซึ่งเป็นระดับสูงสุดของเกณฑ์ จึงมุ่งรักษาระดับไว้")]
    blocks: list[Block] = [_paragraph(_asked(ahead)), _paragraph(_missing(ahead))]
    if ahead.what_if:
        blocks.append(_paragraph("หากข้อที่ได้ 0 คะแนนกลับมาได้คะแนนเต็มโดยคะแนนส่วนอื่นคงเดิม ผลจะเป็นดังตาราง"))
        blocks.append(_what_if_table(ahead.what_if))
        if any(not found.overall.exact for found in ahead.what_if):
            text = "คะแนนที่แสดงเป็นช่วง เพราะไม่มีการเผยแพร่น้ำหนักของบางข้อ หรือยังไม่ทราบคะแนนบางส่วน"
            blocks.append(Paragraph(text, style="small"))
    return blocks


def _paragraph(text: str) -> Paragraph:
    return Paragraph(text, indent=True)


def _asked(ahead: NextLevel) -> str:
    text = f"ระดับถัดไปคือ {level_phrase(ahead.band.name)} ซึ่งต้องมีคะแนนรวมตั้งแต่ {ahead.band.overall_min} คะแนนขึ้นไป"
    if ahead.band.component_min is not None and ahead.components:
        names = ", ".join(part_name(gap.node) for gap in ahead.components)
        text += f" และคะแนนทุกองค์ประกอบ ({names}) ตั้งแต่ {ahead.band.component_min} คะแนนขึ้นไป"
    return text


def _lack(gap: Gap) -> Decimal | None:
    """Points missing as the reader sees them: between two shown numbers. None where enough or not known."""
    if gap.score is None:
        return None
    lack = gap.threshold - shown(gap.score)
    return lack if lack > 0 else None


def _missing(ahead: NextLevel) -> str:
    overall = _lack(ahead.overall)
    if ahead.overall.withheld:
        texts = []
    elif ahead.overall.score is None:
        texts = ["ยังไม่ทราบคะแนนรวมที่แน่นอน จึงบอกคะแนนที่ขาดไม่ได้"]
    elif overall is None:
        texts = [f"คะแนนรวม {points(ahead.overall.score)} คะแนน ถึงเกณฑ์แล้ว"]
    else:
        texts = [f"คะแนนรวม {points(ahead.overall.score)} คะแนน ยังขาดอีก {overall:.2f} คะแนน"]
    low = [(gap, lack) for gap in ahead.components if (lack := _lack(gap)) is not None]
    if low:
        named = ", ".join(f"{part_name(gap.node)} {points(gap.score)} คะแนน (ขาด {lack:.2f})" for gap, lack in low)
        texts.append(f"องค์ประกอบที่ยังไม่ถึงเกณฑ์ ได้แก่ {named}")
    if ahead.not_known:
        named = " และ ".join(part_name(gap.node) for gap in ahead.not_known)
        texts.append(f"ยังไม่ทราบคะแนน {named} จึงยังสรุปไม่ได้ว่าถึงเกณฑ์หรือไม่")
    if ahead.withheld:
        texts.append(lack_not_shown(gap.node for gap in ahead.withheld))
    return " ".join(texts)


def _what_if_table(found: tuple[WhatIf, ...]) -> Table:
    single = sorted((entry for entry in found if len(entry.items) == 1), key=lambda entry: -entry.overall.low)
    rows = [*single[:MOST_WHAT_IFS], *(entry for entry in found if len(entry.items) > 1)]
    head = tuple(Cell(text, tone="head") for text in ("ข้อที่ได้คะแนนเต็ม", "คะแนนรวมที่จะได้", "ระดับที่เป็นไปได้"))
    body = tuple(
        (
            Cell(f"ข้อ {code_ranges(entry.items)}" + (" (ทุกข้อที่ได้ 0 คะแนน)" if len(entry.items) > 1 else "")),
            Cell(interval_text(entry.overall), number=_number(entry)),
            Cell(" หรือ ".join(entry.levels)),
        )
        for entry in rows
    )
    columns = (Column(0.4), Column(0.24, "center"), Column(0.36, "center"))
    return Table(columns, (head,), body, name="ผลหากได้คะแนนเต็ม")


def _number(entry: WhatIf) -> float | None:
    return float(shown(entry.overall.low)) if entry.overall.exact else None


def uncertainty_blocks(request: Request) -> list[Block]:
    """Standard errors and intervals of the survey scores, or what is missing to compute them."""
    containers = _containers(request)
    given = [node for node in containers if node.id in request.sheet.results.moments]
    blocks: list[Block] = []
    if not given:
        text = (
            "ข้อมูลที่ใช้จัดทำเอกสารมีเฉพาะคะแนน ไม่มีคำตอบรายชุดของแบบวัด จึงคำนวณความคลาดเคลื่อนมาตรฐานและช่วงความเชื่อมั่นของคะแนนไม่ได้"
        )
        return [_paragraph(text), *_implied(request, containers)]
    wide = [node for node in given if _large_enough(request, node)]
    rows = [found for node in wide for name in _nodes(request, node) if (found := uncertainty(request.sheet, name))]
    if rows:
        blocks += [
            _paragraph(
                "ช่วงความเชื่อมั่นร้อยละ 95 คำนวณจากคำตอบรายชุด บอกว่าหากเก็บข้อมูลซ้ำด้วยวิธีเดิม "
                "คะแนนน่าจะอยู่ในช่วงใด คะแนนที่ช่วงซ้อนกันมากไม่ควรตีความว่าต่างกัน"
            ),
            _uncertainty_table(request, rows),
        ]
        if any(found.population is None for found in rows):
            text = "รายการที่ไม่ทราบจำนวนประชากร ช่วงความเชื่อมั่นสะท้อนเฉพาะความผันแปรจากการสุ่ม"
            blocks.append(Paragraph(text, style="small"))
    for node in given:
        if node not in wide:
            k = request.framework.disclosure.k
            text = f"{part_name(node.id)} มีผู้ตอบน้อยกว่า {k} คน จึงไม่แสดงความคลาดเคลื่อน เพื่อมิให้ย้อนรู้คำตอบของรายบุคคล"
            blocks.append(_paragraph(text))
    return [*blocks, *_implied(request, [node for node in containers if node not in given])]


def _containers(request: Request) -> list[Node]:
    """What sheets are given for: parts, or whole survey instruments where there are none (or none were kept apart)."""
    found: list[Node] = []
    for inst in request.framework.instruments:
        if inst.kind == "survey":
            parts = [part.code for part in inst.parts]
            whole = [inst.code] if not parts or inst.code in request.sheet.results.moments else []
            found += [request.sheet.structure.nodes[code] for code in (*parts, *whole)]
    return found


def _large_enough(request: Request, node: Node) -> bool:
    count = respondents(request.sheet, node)
    return count is not None and count >= request.framework.disclosure.k


def _nodes(request: Request, container: Node) -> Iterable[str]:
    """The container and its indicators."""
    yield container.id
    part = container.id if container.kind == "part" else None
    for node in request.sheet.structure.of_kind("indicator", part=part):
        if node.instrument == (container.instrument or container.id) and may_show_score(request.sheet, node.id).shown:
            yield node.id


def _uncertainty_table(request: Request, rows: list[Uncertainty]) -> Table:
    names = ("รายการ", "คะแนน", "ความคลาดเคลื่อนมาตรฐาน", "ช่วงความเชื่อมั่นร้อยละ 95", "จำนวนชุดคำตอบ")
    body = []
    for found in rows:
        node = request.sheet.structure.nodes[found.node]
        whole = node.kind in ("instrument", "part")
        name = part_name(node.id) if whole else f"ตัวชี้วัดที่ {node.code} {node.title}"
        body.append(
            (
                Cell(name, bold=whole, tone="group" if whole else "none"),
                Cell(points(found.estimate), number=float(shown(found.estimate))),
                *_spread(found),
                Cell(f"{found.sheets:,}" if whole else "", number=float(found.sheets) if whole else None),
            )
        )
    columns = (
        Column(0.36),
        Column(0.13, "center"),
        Column(0.17, "center"),
        Column(0.2, "center"),
        Column(0.14, "center"),
    )
    head = tuple(Cell(text, tone="head") for text in names)
    return Table(columns, (head,), tuple(body), name="ความคลาดเคลื่อนของคะแนน")


def _spread(found: Uncertainty) -> tuple[Cell, ...]:
    """Standard error and interval; where all answers are equal neither is shown, so that this is not told."""
    if found.se is None and found.reason_th:
        return (Cell(found.reason_th, colspan=2, align="left"),)
    if not found.se or found.low is None or found.high is None:
        return (Cell("–"), Cell("–"))
    return (Cell(f"{found.se:.2f}", number=round(found.se, 2)), Cell(f"{found.low:.2f}–{found.high:.2f}"))


def _implied(request: Request, containers: Iterable[Node]) -> list[Block]:
    """A note on how many answers the published scores imply, where the number itself is not given."""
    blocks: list[Block] = []
    sheet = request.sheet
    counted = {sheet.structure.nodes[name].instrument for name in sheet.results.tallies}
    names = list(dict.fromkeys(name for node in containers for name in (node.id, node.instrument or node.id)))
    for name in names:
        if sheet.results.respondents.get(name) or sheet.structure.nodes[name].instrument in counted:
            continue
        found = implied_respondents(sheet, name)
        if found is None or found.respondents < request.framework.disclosure.k:
            continue
        text = (
            f"คะแนนรายข้อของ {part_name(name)} สอดคล้องกับจำนวนผู้ตอบ {found.respondents:,} คน "
            "(ประมาณจากเศษทศนิยมของคะแนน มิใช่จำนวนที่เป็นทางการ)"
        )
        if found.misfits:
            codes = code_ranges(sheet.structure.nodes[node].code for node in found.misfits)
            text += f" ยกเว้นข้อ {codes} ซึ่งตัวเลขอาจคลาดเคลื่อน โปรดตรวจสอบ"
        blocks.append(Paragraph(text, style="small"))
    return blocks
