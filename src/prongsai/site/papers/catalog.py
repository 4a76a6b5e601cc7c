"""What can be made: kinds, layouts, file formats and digits, with the words people read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from prongsai.documents.registry import module, names
from prongsai.documents.request import Digits
from prongsai.documents.writers import formats
from prongsai.site.base.text import T

Months = Literal[6, 12]


@dataclass(frozen=True)
class Wanted:
    """One document as asked for. ``layout`` is empty for kinds without layouts, ``months`` counts for progress."""

    kind: str
    form: str = "docx"
    layout: str = ""
    digits: Digits = "thai"
    months: Months = 12


@dataclass(frozen=True)
class Kind:
    """A kind of document: its words, what it is made from, and who may have it."""

    name: str
    th: Any
    en: Any
    about: Any
    needs: frozenset[str]  # of "plan", "progress"
    public: bool  # whether those outside the agency may have it, once what it is made from is published

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layouts that have this kind."""
        return tuple(name for name in names("layouts") if hasattr(module("layouts", name), self.name))


_PLAN, _BOTH = frozenset({"plan"}), frozenset({"plan", "progress"})
# In the order in which an officer needs them.
_KINDS = (
    Kind("analysis", "รายงานการวิเคราะห์ผลการประเมิน", "Analysis report", T(
        "คะแนน จุดแข็ง จุดอ่อน และแนวทางแก้ไข", "Scores, strengths, weak points and what to do"), frozenset(), True),
    Kind("measures", "มาตรการส่งเสริมคุณธรรมและความโปร่งใส", "Measures", T(
        "บทวิเคราะห์พร้อมมาตรการ ผู้รับผิดชอบ ระยะเวลา และการติดตาม ตามข้อ OIT ที่ใช้เผยแพร่",
        "The analysis with measures, units, periods and monitoring, as the OIT item asks"), _PLAN, True),
    Kind("brief", "บทสรุปหนึ่งหน้าสำหรับผู้บริหาร", "One-page brief", T(
        "ผล ข้อที่ต้องแก้ และสิ่งที่ขอให้สั่งการ ในหนึ่งหน้า", "Result, what to mend and what to decide, on one page"),
        frozenset(), False),
    Kind("memo", "บันทึกข้อความเสนอผู้บริหาร", "Memo to the chief executive", T(
        "บันทึกข้อความพร้อมช่องพิจารณาของแต่ละลำดับ", "The memo with room for every rank"), frozenset(), False),
    Kind("order", "คำสั่งแต่งตั้งคณะทำงาน", "Order appointing the working group", T(
        "คณะทำงานและผู้รับผิดชอบข้อมูล OIT รายข้อ", "The working group and who owns which OIT item"), frozenset(), False),
    Kind("announcement", "ประกาศมาตรการ", "Announcement of the measures", T(
        "ประกาศให้บุคลากรและประชาชนทราบ", "To staff and public"), _PLAN, True),
    Kind("progress", "รายงานผลการดำเนินการตามมาตรการ", "Progress report", T(
        "สิ่งที่ทำ หลักฐาน และภาพ ตามที่ส่วนราชการรายงาน", "What was done, proof and pictures, as units reported"),
        _BOTH, True),
)  # fmt: skip
LAYOUTS: dict[str, Any] = {
    "indicators": T("ตามตัวชี้วัด", "By indicator"),
    "instruments": T("ตามเครื่องมือ (IIT EIT OIT)", "By instrument"),
    "aspects": T("ตามประเด็น 7 ด้าน", "By aspect"),
    "strengths": T("ตามจุดแข็งและจุดอ่อน", "By strengths and weak points"),
}
FORMATS: dict[str, str] = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "html": "HTML"}


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds there are; one without words here (just added) shows by its own name and stays inside."""
    found = {name: Kind(name, name, name, "", frozenset(), False) for name in names("kinds")}
    known = [kind for kind in _KINDS if kind.name in found]
    return (*known, *(kind for name, kind in found.items() if name not in {k.name for k in known}))


def kind_of(name: str) -> Kind | None:
    """A kind by name."""
    return next((kind for kind in kinds() if kind.name == name), None)


def wanted_of(given: Any) -> Wanted | None:
    """What a query or form asks for; None where it names something that there is not."""
    kind = kind_of(given.get("kind", ""))
    form, layout, digits = given.get("form", "docx"), given.get("layout", ""), given.get("digits", "thai")
    months = given.get("months", "12")
    if kind is None or form not in formats() or digits not in ("thai", "arabic") or months not in ("6", "12"):
        return None
    if layout and layout not in kind.layouts:
        return None
    return Wanted(kind.name, form, layout, digits, 6 if months == "6" else 12)
