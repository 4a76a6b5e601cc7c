"""May the agency's evidence change now, and by whom: the window, the state of the item, the unit that owns it."""

from __future__ import annotations

from prongsai.site.history.action import Refused, refuse
from prongsai.site.inspection.models import Evidence
from prongsai.site.inspection.states import FILLING
from prongsai.site.people.access import may, units_for
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.deadlines import Deadline, deadline
from prongsai.site.rounds.models import Assessment, StageKind
from prongsai.thai.dates import long_date

ASK_FOR_TIME = (
    "หากจำเป็นต้องส่งเพิ่ม โปรดขอขยายเวลากับผู้ประเมิน",
    "If you need more time, ask the assessor for an extension.",
)


def window(assessment: Assessment) -> Deadline | None:
    """When evidence is taken; None where the round has no such step."""
    return deadline(assessment, StageKind.EVIDENCE)


def shut(found: Deadline | None) -> Refused | None:
    """Why nothing is taken now; None while it is. Evidence may be prepared before the window opens."""
    if found is None:
        return refuse(
            "evidence.no_stage",
            "การประเมินรอบนี้ไม่ได้รับหลักฐาน OIT ผ่านระบบนี้",
            "No OIT evidence is taken here for this round.",
            "โปรดสอบถามผู้ประเมิน",
            "Please ask the assessor.",
        )
    if found.over:
        return refuse(
            "evidence.closed",
            f"ปิดรับหลักฐานเมื่อวันที่ {long_date(found.closes)} เวลา 23:59:59 น. จึงแก้ไขไม่ได้",
            f"Evidence closed on {found.closes.isoformat()} at 23:59:59 Bangkok time: nothing can be changed.",
            *ASK_FOR_TIME,
        )
    return None


def barred(evidence: Evidence, found: Deadline | None) -> Refused | None:
    """Why this item cannot change now; None while it can."""
    if evidence.state in FILLING or shut(found):
        return shut(found)
    return refuse(
        "evidence.confirmed",
        f"ผู้บริหารยืนยันหลักฐานแล้ว ข้อ {evidence.item} จึงแก้ไขไม่ได้",
        f"The chief executive has confirmed the evidence: item {evidence.item} cannot be changed.",
        "หากต้องแก้ไข โปรดให้ผู้บริหารถอนการยืนยันก่อนหมดเวลา",
        "To change it, have the confirmation taken back before the window closes.",
    )


def may_fill(person: Person, evidence: Evidence) -> bool:
    """Officers fill every item, unit owners those of their own units."""
    agency = evidence.assessment.agency
    if may(person, May.PLAN, agency):
        return True
    return evidence.unit_id is not None and evidence.unit_id in {unit.pk for unit in units_for(person, agency)}
