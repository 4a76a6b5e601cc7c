"""What a document must show before it is filed: the required elements of its OIT item, and our own checks.

The framework holds the elements as far as they are published. Where they are not known completely this is
said, never guessed: an element that no check recognises is handed to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, Literal

from prongsai.analysis.disclosure import shown_score
from prongsai.documents.parts import points
from prongsai.documents.parts_plan import filed_item, filing
from prongsai.documents.request import Request
from prongsai.documents.tree import Document
from prongsai.framework.model import Confidence, Element, Item
from prongsai.improvement.filing import filed_as
from prongsai.improvement.model import FiledAs, Measure, Plan, Step
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

Severity = Literal["error", "warning", "note"]
_NOT_TEXT = {"link", "data", "tone", "align", "style", "digits", "kind", "slots"}
_SURE_TH = {Confidence.INFERRED: " (อนุมาน)", Confidence.RECALLED: " (ยังไม่พบแหล่งอ้างอิง)", Confidence.UNKNOWN: " (ไม่ยืนยัน)"}


@dataclass(frozen=True)
class Missing:
    """Something the document lacks or that a person must look at. ``where``: an o-item, a measure, a step.

    ``error``: it must be there and is not; ``warning``: it should; ``note``: it cannot be checked here.
    """

    code: str
    severity: Severity
    where: str
    th: str
    en: str

    def as_json(self) -> dict[str, str]:
        """The stable shape for programs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "message_th": self.th,
            "message_en": self.en,
        }


def required_elements(request: Request, document: Document) -> list[Missing]:
    """Everything a document lacks: elements of the OIT item it is filed as, then our structural checks.

    Kinds that are not filed by themselves (analysis, memo, brief …) are only checked against the results.
    """
    seen = _Seen(request, document)
    found = [*_elements(seen), *_agency(request)]
    if request.kind in ("analysis", "measures"):
        found += _result(seen)
    if request.kind == "measures" and request.plan:
        found += [*_plan(seen, request.plan), *_steps(seen, request.plan)]
    return found


@dataclass(frozen=True)
class _Seen:
    """A document with its text, so that a check can ask whether something is in it."""

    request: Request
    document: Document

    @cached_property
    def text(self) -> str:
        """All text a reader sees, Arabic digits, no spaces."""
        return squeeze(to_arabic("\n".join(_texts(self.document))))

    def shows(self, text: str) -> bool:
        """Whether the document contains a text, however it is spaced and whichever digits it uses."""
        return squeeze(to_arabic(text)) in self.text

    def names(self, code: str) -> bool:
        """Whether an item is named: ``i1`` is not in ``i10``."""
        return re.search(rf"(?<![a-z0-9]){re.escape(code)}(?![0-9])", self.text) is not None

    @property
    def measures(self) -> list[Measure]:
        return (
            [measure for point in self.request.plan.points for measure in point.measures] if self.request.plan else []
        )

    @property
    def steps(self) -> list[Step]:
        return [step for measure in self.measures for step in measure.steps]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for entry in fields(value):
            if entry.name not in _NOT_TEXT:
                yield from _texts(getattr(value, entry.name))


def _elements(seen: _Seen) -> Iterator[Missing]:
    """The known elements of the OIT item; what is not known of them; what no check recognises."""
    if seen.request.kind not in ("measures", "progress"):
        return
    filed = _filed(seen.request)
    if filed is None:
        th = "ยังไม่ทราบว่าเอกสารนี้ใช้เปิดเผยเป็นข้อใด จึงตรวจองค์ประกอบที่กำหนดไม่ได้ โปรดระบุ filed_as ในแผน"
        yield Missing("required.filing", "warning", "plan", th, "not known which OIT item this is filed as")
        return
    name = f"ข้อ {filed.item} ปีงบประมาณ พ.ศ. {filed.fiscal_year}"
    found = filed_item(filed)
    if found is None:
        th = f"ไม่มีกรอบการประเมินของปีงบประมาณ พ.ศ. {filed.fiscal_year} จึงตรวจองค์ประกอบของ{name}ไม่ได้"
        yield Missing("required.no_framework", "note", filed.item, th, f"no framework for {filed.fiscal_year}")
    elif found[1] is None:
        th = f"กรอบการประเมินไม่มี{name} โปรดแก้ filed_as ในแผน"
        yield Missing("required.no_item", "error", filed.item, th, f"{found[0].id} has no item {filed.item}")
    else:
        yield from _item_elements(seen, found[1], name)


def _filed(request: Request) -> FiledAs | None:
    if request.plan is None:
        return None
    if request.kind == "progress":
        return filed_as(f"{request.plan.kind}_progress", request.plan.result_year, request.plan.action_year)
    return filing(request.plan)


def _item_elements(seen: _Seen, item: Item, name: str) -> Iterator[Missing]:
    elements = item.elements
    if elements is None or not elements.known:
        th = f"ยังไม่ทราบองค์ประกอบที่กำหนดของ{name} ตรวจได้เฉพาะโครงสร้างทั่วไป โปรดตรวจกับคู่มือของปีนั้น"
        yield Missing("required.unknown", "note", item.code, th, f"elements of {item.code} are not known")
        return
    if not elements.complete:
        th = f"องค์ประกอบของ{name} ที่ทราบอาจยังไม่ครบ โปรดตรวจกับคู่มือของปีนั้น"
        yield Missing("required.incomplete", "note", item.code, th, f"elements of {item.code} may be incomplete")
    for element in elements.known:
        yield from _element(seen, item.code, element)


def _element(seen: _Seen, code: str, element: Element) -> Iterator[Missing]:
    sure = _SURE_TH.get(element.confidence, "")
    checks = [entry for entry in _CHECKS if entry[0] in element.text] if seen.request.kind == "measures" else []
    lacking = [word for word, check in checks if not check(seen)]
    if not checks:
        th = f"โปรดตรวจด้วยตนเองว่ามีองค์ประกอบ “{element.text}”{sure}"
        yield Missing("required.by_hand", "note", code, th, f"check by hand: {element.text}")
    elif lacking:
        severity: Severity = "error" if element.confidence is Confidence.CONFIRMED else "warning"
        th = f"องค์ประกอบ “{element.text}”{sure} ยังไม่ครบในส่วนของ {', '.join(lacking)}"
        yield Missing("required.element", severity, code, th, f"element missing or incomplete: {element.text}")


def _weak_shown(seen: _Seen) -> bool:
    urgent = [found for found in seen.request.findings if found.urgent]
    return all(seen.names(found.item.code) for found in urgent)


def _analysed(seen: _Seen) -> bool:
    overall = shown_score(seen.request.sheet, "overall")
    return "วิเคราะห์" in seen.text and (overall is None or seen.shows(points(overall)))


def _guided(seen: _Seen) -> bool:
    wanted = [point.guideline for point in seen.request.plan.points if point.guideline] if seen.request.plan else []
    return bool(wanted) and all(seen.shows(text) for text in wanted)


def _monitored(seen: _Seen) -> bool:
    return bool(seen.measures) and all(m.monitoring and seen.shows(m.monitoring) for m in seen.measures)


def _owned(seen: _Seen) -> bool:
    return bool(seen.steps) and all(step.units and all(map(seen.shows, step.units)) for step in seen.steps)


def _stepped(seen: _Seen) -> bool:
    return bool(seen.measures) and all(m.steps and all(seen.shows(s.text) for s in m.steps) for m in seen.measures)


# What in the wording of an element leads to which check; an element may ask for several things at once.
_CHECKS: tuple[tuple[str, Callable[[_Seen], bool]], ...] = (
    ("ผลการวิเคราะห์ผลการประเมิน", _analysed),
    ("ข้อบกพร่องหรือจุดอ่อน", _weak_shown),
    ("พัฒนาให้ดีขึ้น", _weak_shown),
    ("แนวทางการนำผลการวิเคราะห์", _guided),
    ("ผู้รับผิดชอบ", _owned),
    ("ขั้นตอน", _stepped),
    ("การกำกับติดตาม", _monitored),
)


def _agency(request: Request) -> Iterator[Missing]:
    plan, name = request.plan, request.agency
    if plan and squeeze(plan.agency.name) != squeeze(name):
        th = f"แผนเป็นของ “{plan.agency.name}” แต่ไฟล์ผลเป็นของ “{name}” โปรดตรวจว่าเป็นหน่วยงานเดียวกัน"
        yield Missing("required.agency", "error", "plan", th, "plan and results name different agencies")


def _result(seen: _Seen) -> Iterator[Missing]:
    """The result is in the document, and every item under the threshold is named."""
    request = seen.request
    overall = shown_score(request.sheet, "overall")
    if not request.sheet.values["overall"].informative:
        th = "ไม่มีคะแนนรวมในไฟล์ผล เอกสารจึงไม่แสดงผลการประเมินในภาพรวม"
        yield Missing("required.result", "warning", "overall", th, "no overall score in the results")
    elif overall is not None and not seen.shows(points(overall)):
        th = f"เอกสารไม่แสดงคะแนนรวม {points(overall)} คะแนน"
        yield Missing("required.result", "error", "overall", th, "the overall score is not in the document")
    for found in request.findings:
        if found.urgent and not seen.names(found.item.code):
            code = found.item.code
            th = f"ข้อ {code} ({points(found.item.score)} คะแนน) ต่ำกว่าเกณฑ์ แต่เอกสารไม่ได้กล่าวถึง"
            yield Missing("required.weakness", "error", code, th, f"weak item {code} is not named")


def _plan(seen: _Seen, plan: Plan) -> Iterator[Missing]:
    """Every point has measures, and every measure is shown with steps and how it is watched."""
    if not seen.measures:
        yield Missing("required.measures", "error", "plan", "แผนยังไม่มีมาตรการ", "the plan has no measures")
    for point in plan.points:
        if not point.measures:
            topic = point.topic or ", ".join(point.items) or point.id
            th = f"ประเด็น “{topic}” ยังไม่มีมาตรการ"
            yield Missing("required.measure", "error", point.id, th, "point without measures")
    for measure in seen.measures:
        if not seen.shows(measure.title):
            th = f"เอกสารไม่แสดงมาตรการ “{measure.title}”"
            yield Missing("required.measure_lost", "error", measure.id, th, "measure not in the document")
        if not measure.steps:
            th = f"มาตรการ “{measure.title}” ยังไม่มีขั้นตอนหรือวิธีปฏิบัติ"
            yield Missing("required.steps", "error", measure.id, th, "measure without steps")
        if not measure.monitoring:
            th = f"มาตรการ “{measure.title}” ยังไม่ระบุการกำกับติดตามและการรายงานผล"
            yield Missing("required.monitoring", "warning", measure.id, th, "measure without monitoring")
        elif not seen.shows(measure.monitoring):
            th = f"เอกสารไม่แสดงการกำกับติดตามของมาตรการ “{measure.title}”"
            yield Missing("required.monitoring_lost", "warning", measure.id, th, "monitoring not in the document")


def _steps(seen: _Seen, plan: Plan) -> Iterator[Missing]:
    """Every step is shown, with a unit and a period."""
    for measure in (measure for point in plan.points for measure in point.measures):
        for number, step in enumerate(measure.steps, start=1):
            where = f"{measure.id} ขั้นตอนที่ {number}"
            if not seen.shows(step.text):
                yield Missing("required.step_lost", "error", where, f"เอกสารไม่แสดง{where}", "step not in the document")
            if not step.units:
                yield Missing("required.unit", "error", where, f"{where} ยังไม่ระบุผู้รับผิดชอบ", "no responsible unit")
            period = step.period
            if period is None or not (period.text or period.start or period.end):
                yield Missing("required.period", "error", where, f"{where} ยังไม่ระบุช่วงระยะเวลา", "no period")
