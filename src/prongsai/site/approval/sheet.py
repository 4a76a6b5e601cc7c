"""The approval sheet (ใบเสนอพิจารณา): who proposed, who said what and when, bound to the bundle by its digest.

It stands outside the hash, since it is written while the bundle is considered; it is made from the turns alone.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from prongsai.documents.tree import Block, Cell, Column, Document, Gap, Lines, Paragraph, Run, Section, Table
from prongsai.site.approval.models import Bundle, BundleState, Signature, Verb
from prongsai.thai.dates import long_date

_STATES = {
    BundleState.OPEN: "อยู่ระหว่างพิจารณา", BundleState.APPROVED: "อนุมัติแล้ว", BundleState.REFUSED: "ไม่อนุมัติ",
    BundleState.RETURNED: "ส่งคืนแก้ไข", BundleState.SUPERSEDED: "มีฉบับใหม่แทน",
}  # fmt: skip
_VERBS = {
    Verb.PROPOSE: "เสนอ", Verb.FORWARD: "เสนอต่อ", Verb.SUPPORT: "เห็นสมควร", Verb.OPPOSE: "ไม่เห็นสมควร",
    Verb.APPROVE: "อนุมัติ", Verb.REFUSE: "ไม่อนุมัติ", Verb.RETURN: "ส่งคืนแก้ไข",
}  # fmt: skip
_SUBJECTS = {"plan": "มาตรการ", "report_6": "รายงานผลรอบ 6 เดือน", "report_12": "รายงานผลรอบ 12 เดือน"}


def sheet_of(bundle: Bundle) -> Document:
    """The sheet as a document; it is official and therefore Thai."""
    agency = bundle.plan.assessment.agency
    title = f"ใบเสนอพิจารณา{_SUBJECTS[bundle.subject]} ฉบับที่ {bundle.number}"
    blocks: list[Block] = [
        Paragraph((Run("ใบเสนอพิจารณา", bold=True, size=24),), align="center", style="title"),
        Paragraph(f"{agency.name} {agency.place}".strip(), align="center"),
        Lines((("เรื่อง", f"{_SUBJECTS[bundle.subject]} {bundle.plan.assessment.round.name} ฉบับที่ {bundle.number}"),), 16),
        Lines((("บันทึกที่", bundle.memo_number or "–"), ("ลงวันที่", _day(bundle.memo_date))), 16),
        Lines((("ผลการพิจารณา", _STATES[BundleState(bundle.state)]),), 16),
        Gap(0.3),
        _turns(bundle),
        *_signatures(bundle),
        Gap(0.3),
        _files(bundle),
        Paragraph(f"ค่าแฮชของชุดเอกสาร (SHA-256) {bundle.digest}", style="small"),
        Paragraph("การพิจารณาในใบนี้ผูกกับไฟล์ตามค่าแฮชข้างต้นเท่านั้น หากแก้ไขแม้อักษรเดียว ค่าแฮชจะต่างไปและต้องเสนอใหม่", style="small"),
    ]
    # Arabic digits: hashes and times are compared by eye with a screen.
    return Document(title=title, sections=(Section(tuple(blocks)),), agency=agency.name, footer=agency.name)


def _turns(bundle: Bundle) -> Table:
    head = tuple(Cell(text, tone="head") for text in ("ลำดับ", "ตำแหน่ง", "ความเห็นหรือคำสั่ง", "ผู้ลงนาม", "วันเวลา"))
    rows = [(Cell("–"), Cell("ผู้เสนอ"), Cell("เสนอ"), Cell(bundle.signed_as or "–"), Cell(_moment(bundle.at)))]
    for turn in bundle.turns.all():
        said = _VERBS[Verb(turn.verb)] if turn.verb else ("ตามฉบับลงนาม" if bundle.state == "approved" else "–")
        if turn.text:
            said += f" เนื่องจาก {turn.text}" if turn.verb in (Verb.OPPOSE, Verb.REFUSE, Verb.RETURN) else f" {turn.text}"
        rows.append(
            (
                Cell(str(turn.order)),
                Cell(turn.position),
                Cell(said),
                Cell(turn.signed_as or "–"),
                Cell(_moment(turn.at)),
            )
        )
    columns = (Column(0.09, "center"), Column(0.21), Column(0.28), Column(0.24), Column(0.18))
    return Table(columns, (head,), tuple(rows), name="การพิจารณา")


def _signatures(bundle: Bundle) -> list[Block]:
    found: list[Block] = []
    for signature in Signature.objects.filter(bundle=bundle).select_related("file", "by").order_by("at"):
        text = (
            f"ลงนามบนกระดาษเมื่อวันที่ {_day(signature.signed_on)} โดย {signature.signed_as} "
            if signature.method == "scan"
            else f"ลงลายมือชื่อดิจิทัลโดย {signature.signed_as}: {verdict_text(signature.verdict)} "
        )
        by = f"นำเข้าโดย {signature.by.full_name} " if signature.by else ""
        found.append(Paragraph(f"{text}{by}SHA-256 ของไฟล์ลงนาม {signature.file.sha256}", style="small"))
    return found


def verdict_text(verdict: dict[str, Any]) -> str:
    """What was found in a signed PDF, in Thai."""
    if verdict.get("state") == "valid":
        return "ลายมือชื่อสมบูรณ์ และยืนยันตัวผู้ลงนามได้ตามใบรับรองที่ผู้ดูแลระบบกำหนด"
    return "ลายมือชื่อสมบูรณ์ แต่ยังไม่ยืนยันตัวผู้ลงนาม"


def _files(bundle: Bundle) -> Table:
    head = tuple(Cell(text, tone="head") for text in ("ที่", "เอกสาร", "SHA-256"))
    rows = tuple(
        (Cell(str(file.order)), Cell(f"{file.title} ({file.file.kind.upper()})"), Cell(file.file.sha256))
        for file in bundle.files.all()
    )
    return Table((Column(0.08, "center"), Column(0.42), Column(0.5)), (head,), rows, name="เอกสารที่เสนอ", size=12)


def _day(day: Any) -> str:
    return long_date(day) if day else "–"


def _moment(at: Any) -> str:
    if at is None:
        return "–"
    local = timezone.localtime(at)
    return f"{long_date(local.date())} เวลา {local:%H:%M} น."
