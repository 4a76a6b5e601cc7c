"""Everything that a framework file says, statement by statement, each with its source and how sure it is.

Walks the typed model, so nothing that a file can say is left out: a field that has no name here is an error, not a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prongsai.framework import Framework
from prongsai.framework.model import Band, Confidence, Option, SampleRow, Sourced, Strict, Title

Pair = tuple[str, str]  # Thai, English; equal where a value has one language only

_SELF = {"source", "confidence", "note", "marks", "code", "number", "of", "document"}  # who says it, or the subject
_SELF |= {"theme"}  # leads to advice of ours, and to no number
_HEAD = {"id", "version", "title", "fiscal_year", "previous", "sources"}  # the head of the file
_MAYBE = {"short", "nickname", "measures", "rule", "component_min", "previous", "layout", "weights"}
_MAYBE |= {"sub_indicator", "rows", "parts", "above", "respondents", "size", "agencies", "mean", "passed"}
_MAYBE |= {"passed_percent", "elements", "start", "end"}  # None here says nothing; elsewhere it is something not known
_USUAL = (("over", "items"), ("pooled", False))  # what goes without saying

FIELDS: dict[str, Pair] = {
    "above": ("เมื่อมีคนมากกว่า", "above (people)"),
    "agencies": ("จำนวนหน่วยงาน", "agencies"),
    "appeal": ("อุทธรณ์ได้", "may be appealed"),
    "at_least": ("อย่างน้อย (คน)", "at least (people)"),
    "below_k": ("สิ่งที่แสดงเมื่อน้อยกว่า k", "shown below k"),
    "clarify_on": ("ชี้แจงด้วย", "clarified with"),
    "comparable": ("เทียบกับปีก่อนได้", "comparable with the year before"),
    "complete": ("ทราบครบทุกองค์ประกอบ", "all elements known"),
    "component_min": ("คะแนนขั้นต่ำของทุกองค์ประกอบ", "least score of every component"),
    "components": ("องค์ประกอบที่ใช้ตัดสิน", "components"),
    "decided_on": ("ตัดสินจาก", "decided on"),
    "eligible": ("ผู้มีสิทธิตอบ", "who may answer"),
    "end": ("สิ้นสุด", "end"),
    "item": ("ข้อที่ยื่น", "filed under item"),
    "items": ("ข้อ", "items"),
    "k": ("กลุ่มเล็กที่สุดที่แสดงรายละเอียด (k)", "smallest group shown in detail (k)"),
    "kind": ("วิธี", "how"),
    "layout": ("รูปแบบเอกสาร", "layout"),
    "mean": ("คะแนนเฉลี่ย", "mean"),
    "measures": ("สิ่งที่วัด", "what it measures"),
    "minimum": ("จำนวนผู้ตอบขั้นต่ำ", "least respondents"),
    "name": ("ชื่อ", "name"),
    "nickname": ("เรียกโดยย่อ", "called"),
    "options": ("ตัวเลือกและคะแนน", "options and points"),
    "other_names": ("ชื่ออื่นที่พบ", "other names"),
    "over": ("คำนวณจาก", "made of"),
    "overall_min": ("คะแนนรวมขั้นต่ำ", "least total"),
    "passed": ("จำนวนหน่วยงานที่ผ่าน", "agencies that passed"),
    "passed_percent": ("ร้อยละที่ผ่าน", "per cent passed"),
    "passes": ("ผ่านเกณฑ์", "passes"),
    "percent": ("ร้อยละ", "per cent"),
    "polarity": ("ทิศทางของคำถาม", "polarity"),
    "pooled": ("รวมตามจำนวนผู้ตอบ", "pooled by respondents"),
    "reason": ("เหตุผล", "reason"),
    "respondents": ("จำนวนผู้ตอบ", "respondents"),
    "result_year_offset": ("ผลของปีก่อนปีที่ยื่น (ปี)", "years from result to filing"),
    "scale": ("มาตราวัด", "scale"),
    "short": ("เรียกโดยย่อ", "in short"),
    "silence": ("ไม่ชี้แจงหมายถึง", "silence means"),
    "start": ("เริ่ม", "start"),
    "table": ("ตารางจำนวนผู้ตอบ", "table of sizes"),
    "text": ("ถ้อยคำ", "wording"),
    "title": ("ชื่อ", "name"),
    "value": ("ค่า", "value"),
    "weights": ("น้ำหนัก (ร้อยละ)", "weights (per cent)"),
}
WORDS: dict[str, Pair] = {
    "mean": ("ค่าเฉลี่ย", "plain mean"),
    "weights": ("ถ่วงน้ำหนัก", "weighted sum"),
    "unknown": ("ไม่ทราบ", "unknown"),
    "items": ("ข้อ", "items"),
    "sub_indicators": ("ตัวชี้วัดย่อย", "sub-indicators"),
    "yes": ("ได้", "yes"),
    "no": ("ไม่ได้", "no"),
    "positive": ("เชิงบวก", "positive"),
    "negative": ("เชิงลบ (คะแนนกลับด้าน)", "negative (points reversed)"),
    "shown": ("คะแนนที่แสดง ทศนิยมสองตำแหน่ง", "the score as shown, two decimals"),
    "exact": ("คะแนนก่อนปัดเศษ", "the score before rounding"),
    "filed": ("ลิงก์ที่ยื่นไว้แล้วเท่านั้น", "links filed before only"),
    "new": ("ลิงก์ใหม่ได้", "new links too"),
    "accepts": ("ยอมรับผลเบื้องต้น", "the preliminary result is accepted"),
    "survey": ("แบบสำรวจ", "survey"),
    "checklist": ("แบบตรวจ", "checklist"),
    "measures": ("มาตรการส่งเสริมคุณธรรม", "measures"),
    "measures_progress": ("รายงานผลตามมาตรการ", "report on the measures"),
    "action_plan": ("แผนปฏิบัติการป้องกันการทุจริต", "action plan against corruption"),
    "action_plan_progress": ("รายงานผลตามแผนปฏิบัติการ", "report on the action plan"),
    "aspects": ("ตามประเด็น", "by aspect"),
    "indicators": ("ตามตัวชี้วัด", "by indicator"),
    "instruments": ("ตามเครื่องมือ", "by instrument"),
    "strengths": ("ตามจุดแข็ง", "by strength"),
}
SUBJECTS: dict[str, Pair] = {
    "overall": ("วิธีรวมเป็นคะแนนรวม", "How the total is made"),
    "levels": ("เกณฑ์ระดับผลการประเมิน", "The level rules"),
    "bands": ("ระดับ", "Level"),
    "target": ("เป้าหมาย", "Target"),
    "instruments": ("เครื่องมือ", "Instrument"),
    "instrument": ("จากตัวชี้วัดเป็นคะแนนเครื่องมือ", "From indicators to the instrument"),
    "indicator": ("จากข้อเป็นคะแนนตัวชี้วัด", "From items to an indicator"),
    "sub_indicator": ("จากข้อเป็นคะแนนตัวชี้วัดย่อย", "From items to a sub-indicator"),
    "rows": ("ข้อย่อย", "Row"),
    "parts": ("ส่วน", "Part"),
    "indicators": ("ตัวชี้วัดที่", "Indicator"),
    "sub_indicators": ("ตัวชี้วัดย่อย", "Sub-indicator"),
    "items": ("ข้อ", "Item"),
    "rule": ("วิธีคำนวณเฉพาะ", "Its own rule"),
    "shares": ("น้ำหนักรวมที่ทราบ", "Weight known together"),
    "hypotheses": ("สมมติฐานที่เลือกใช้ได้", "Hypothesis that may be chosen"),
    "previous": ("ข้อของปีก่อน", "Item of the year before"),
    "elements": ("องค์ประกอบที่ต้องเปิดเผย", "Elements to disclose"),
    "known": ("องค์ประกอบ", "Element"),
    "scales": ("มาตราวัด", "Scale"),
    "aspects": ("ประเด็นที่", "Aspect"),
    "filings": ("เอกสารที่ยื่น", "Document filed"),
    "sampling": ("ผู้ตอบของ", "Respondents of"),
    "calendar": ("ขั้นตอน", "Stage"),
    "disclosure": ("สิ่งที่เปิดเผยได้", "What may be shown"),
    "inspection": ("หลังผลตรวจเบื้องต้น", "After a preliminary verdict"),
    "national": ("ผลทั้งประเทศที่ประกาศ", "Published national figures"),
}
KIND: Pair = ("ชนิด", "kind")
RULES_PARTS: Pair = ("จากส่วนเป็นคะแนน", "How parts combine")
RULES_ROWS: Pair = ("จากข้อย่อยเป็นคะแนนข้อ", "From rows to an item")
SAMPLE_RULE: Pair = ("จำนวนขั้นต่ำเป็นตัวเลข", "The minimum in numbers")
NOT_KNOWN: Pair = ("ไม่ทราบ", "unknown")


@dataclass(frozen=True)
class Fact:
    """One value of a statement. ``confidence`` and ``source``: its own mark, where it differs from the statement's."""

    field: str
    label: Pair
    value: Pair
    known: bool
    confidence: Confidence
    source: tuple[str, ...] = ()
    note: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Statement:
    """One node of the file. ``path``: where it stands (``instruments.IIT.indicators.1.items.i1``)."""

    path: str
    subject: Pair
    facts: tuple[Fact, ...]
    source: tuple[str, ...]
    confidence: Confidence
    note: str

    @property
    def group(self) -> str:
        """The part of the file that it belongs to; an instrument's name is part of it."""
        parts = self.path.split(".")
        return ".".join(parts[:2]) if parts[0] == "instruments" else parts[0]


def statements(framework: Framework) -> list[Statement]:
    """All statements of a framework in the order of its file."""
    found: list[Statement] = []
    for name in type(framework).model_fields:
        if name not in _HEAD:
            found += _below(name, name, getattr(framework, name))
    return found


def _below(name: str, path: str, value: Any, subject: Pair | None = None) -> Iterator[Statement]:
    """The statements in one field."""
    if isinstance(value, tuple | list):
        for place, one in enumerate(value):
            yield from _below(name, f"{path}.{_segment(one, place)}", one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _below(name, f"{path}.{key}", one, _joined(SUBJECTS[name], (key, key)))
    elif isinstance(value, Strict):
        if isinstance(value, Sourced):
            yield _statement(name, path, value, subject)
        for field in type(value).model_fields:
            inner = getattr(value, field)
            if _nested(inner):
                yield from _below(field, f"{path}.{field}", inner, _special(type(value).__name__, field))


def _special(owner: str, field: str) -> Pair | None:
    return {
        ("Rules", "parts"): RULES_PARTS,
        ("Rules", "rows"): RULES_ROWS,
        ("Sampling", "rule"): SAMPLE_RULE,
    }.get((owner, field))


def _nested(value: Any) -> bool:
    """Whether statements stand in a value."""
    if isinstance(value, dict):
        return any(isinstance(one, Sourced) for one in value.values()) and not _marks(value)
    if isinstance(value, tuple):
        return any(isinstance(one, Sourced) for one in value)
    return isinstance(value, Strict) and not isinstance(value, Title)


def _marks(value: dict[str, Any]) -> bool:
    return any(type(one).__name__ == "Mark" for one in value.values())


def _segment(node: Any, place: int) -> str:
    for name in ("code", "number", "of"):
        said = getattr(node, name, None)
        if isinstance(said, str | int):
            return str(said)
    return str(place)


def _statement(name: str, path: str, node: Sourced, subject: Pair | None) -> Statement:
    facts = tuple(
        _fact(field, getattr(node, field), node)
        for field in type(node).model_fields
        if field not in _SELF and not _nested(getattr(node, field)) and _says(field, node)
    )
    return Statement(path, _subject(name, node, subject), facts, node.source, node.confidence, node.note or "")


def _says(field: str, node: Sourced) -> bool:
    value = getattr(node, field)
    if field in node.marks:
        return True
    if value is None:
        return field not in _MAYBE
    return not (value in ((), {}) or (field, value) in _USUAL)


def _subject(name: str, node: Sourced, subject: Pair | None) -> Pair:
    if subject is not None:
        return subject
    base = SUBJECTS[name]
    for field in ("code", "number", "of", "document"):
        said = getattr(node, field, None)
        if isinstance(said, tuple):
            said = ", ".join(said)
        if said is not None:
            return _joined(base, WORDS.get(str(said), (str(said), str(said))))
    if isinstance(node, Band):
        return _joined(base, (node.name, node.name))
    return base


def _joined(one: Pair, other: Pair) -> Pair:
    return f"{one[0]} {other[0]}", f"{one[1]} {other[1]}"


def _fact(field: str, value: Any, node: Sourced) -> Fact:
    mark = node.marks.get(field)
    known = value is not None
    return Fact(
        field,
        KIND if field == "kind" and type(node).__name__ == "Instrument" else FIELDS[field],
        _text(value) if known else NOT_KNOWN,
        known,
        node.confidence_of(field),
        mark.source if mark else (),
        (mark.note or "") if mark else "",
        mark is not None,
    )


def _text(value: Any) -> Pair:
    """A value for people."""
    if isinstance(value, bool):
        return ("ใช่", "yes") if value else ("ไม่ใช่", "no")
    if isinstance(value, Title):
        return value.th, value.en or value.th
    if isinstance(value, Decimal | int):
        return (number(value),) * 2
    if isinstance(value, dict):
        return (", ".join(f"{key} {number(one)}" for key, one in value.items()),) * 2
    if isinstance(value, tuple):
        each = [_one(one) for one in value]
        return ", ".join(th for th, _ in each), ", ".join(en for _, en in each)
    return WORDS.get(value, (value, value))


def _one(value: Any) -> Pair:
    if isinstance(value, Option):
        label = f" {value.label}" if value.label else ""
        return f"{value.key}{label} = {number(value.points)}", f"{value.key}{label} = {number(value.points)}"
    if isinstance(value, SampleRow):
        group = f"{value.group} {value.size or ''}".strip()
        return f"{group} = {value.respondents}", f"{group} = {value.respondents}"
    return value, value


def number(value: Decimal | int) -> str:
    """A number as the file has it, without trailing zeros: ``30``, ``13.5``."""
    return f"{Decimal(value).normalize():f}"
