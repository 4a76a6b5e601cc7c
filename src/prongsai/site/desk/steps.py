"""The steps of an agency's year, and the one thing that comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.models import Bundle
from prongsai.site.approval.seats import seat_for
from prongsai.site.base.text import T, pick
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.plans.models import Plan
from prongsai.site.rounds.deadlines import Deadline
from prongsai.site.rounds.models import ASSESSING, IMPROVING, Assessment, StageKind

PAGES = {
    StageKind.SURVEY: "surveys",
    StageKind.EVIDENCE: "evidence",
    StageKind.INSPECTION: "evidence",
    StageKind.CLARIFICATION: "evidence_result",
    StageKind.APPEAL: "evidence_result",
    StageKind.RESULTS: "results",
    StageKind.PLAN: "plan",
    StageKind.APPROVAL: "approval",
    StageKind.PUBLICATION: "approval",
    StageKind.REPORT_6: "progress",
    StageKind.REPORT_12: "progress",
}
# What one must be allowed to do to carry a step further, and what one must be allowed to do to open its page.
_NEEDS = {
    StageKind.SURVEY: May.PLAN,
    StageKind.EVIDENCE: May.PLAN,
    StageKind.INSPECTION: May.INSPECT,
    StageKind.CLARIFICATION: May.PLAN,
    StageKind.APPEAL: May.PLAN,
    StageKind.RESULTS: May.IMPORT,
    StageKind.PLAN: May.PLAN,
    StageKind.APPROVAL: May.SUBMIT,
    StageKind.PUBLICATION: May.SUBMIT,
    StageKind.REPORT_6: May.PLAN,
    StageKind.REPORT_12: May.PLAN,
}


def address(name: str, *args: object) -> str:
    """A page's address; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def page_of(assessment: Assessment, kind: StageKind, person: Person) -> str:
    """The page on which a step is worked on, for those who may open it."""
    name = PAGES[kind]
    if name in ("approval", "evidence_result") and not may(person, May.SEE_DRAFTS, assessment.agency):
        return ""
    return address(name, assessment.agency.code, assessment.round.slug)


@dataclass(frozen=True)
class NextStep:
    """The one thing that comes next in an agency's year. ``waits``: it is someone else's turn, there is nothing to do.

    ``own``: the reader may do it; else the button only leads to the page.
    """

    kind: StageKind
    title: str
    detail: str
    button: str
    address: str
    deadline: Deadline | None
    waits: bool = False
    own: bool = False


def plan_of(assessment: Assessment) -> Plan | None:
    """The assessment's plan, from what was fetched with it."""
    return next(iter(assessment.plans.all()), None)


def next_step(assessment: Assessment, found: list[Deadline], person: Person) -> NextStep | None:
    """What comes next; None when the year is finished."""
    kind = next((step for step in _to_do(assessment, found) if assessment.done_at(step) is None), None)
    if kind is None:
        return None
    plan = plan_of(assessment)
    bundle = _open_bundle(plan)
    if bundle is not None and kind in (StageKind.PLAN, StageKind.APPROVAL):
        kind = StageKind.APPROVAL
    deadline = next((one for one in found if one.kind == kind), None)
    title, detail, button = _ASSESSING_WORDS[kind] if kind in ASSESSING else _words(kind, plan, bundle)
    own = may(person, _NEEDS[kind], assessment.agency)
    waits = kind == StageKind.INSPECTION or (kind == StageKind.APPROVAL and bundle is not None)
    if bundle is not None and waits and _turn_of(bundle, person, assessment):
        own, waits = True, False
        title, button = (
            pick("ถึงลำดับการพิจารณาของท่าน", "It is your turn to consider"),
            pick("อ่านและพิจารณา", "Read and decide"),
        )
    if waits or not own:
        button = pick("เปิดดู", "Open")
    to_page = page_of(assessment, kind, person)
    if kind == StageKind.RESULTS and own:
        to_page = address("import", assessment.agency.code, assessment.round.slug) or to_page
    return NextStep(kind, str(title), str(detail), str(button), to_page, deadline, waits, own)


def _to_do(assessment: Assessment, found: list[Deadline]) -> list[StageKind]:
    """The steps that count now: of assessing only those whose window is not over, while there is no result.

    A round that an agency runs for itself ends with its survey: nothing is brought in or approved.
    """
    if assessment.round.own_id is not None:
        return [StageKind.SURVEY]
    going_on = {one.kind for one in found if not one.over} if assessment.results_at is None else set()
    return [kind for kind in StageKind if kind in IMPROVING or kind in going_on]


def _turn_of(bundle: Bundle, person: Person, assessment: Assessment) -> bool:
    turn = current_turn(bundle)
    if turn is None or not may(person, May.DECIDE, assessment.agency):
        return False
    return seat_for(person, turn, assessment.agency) is not None


def _open_bundle(plan: Plan | None) -> Bundle | None:
    bundles = plan.bundles.all() if plan else ()
    return next((one for one in bundles if one.state == "open" and one.subject == "plan"), None)


_ASSESSING_WORDS = {
    StageKind.SURVEY: (
        T("สำรวจความคิดเห็น", "Ask staff and the public"),
        T(
            "แจกรหัสแก่บุคลากรและติดป้าย QR ให้ผู้รับบริการ ติดตามจำนวนผู้ตอบได้ที่หน้านี้",
            "Hand out the codes and put up the QR posters; this page shows how many have answered.",
        ),
        T("ไปที่แบบสำรวจ", "Go to the surveys"),
    ),
    StageKind.EVIDENCE: (
        T("เปิดเผยข้อมูลและส่งลิงก์หลักฐาน", "Disclose and submit the links"),
        T(
            "กรอกลิงก์ของแต่ละข้อ ตรวจสอบ แล้วเสนอผู้บริหารยืนยันก่อนหมดเวลา",
            "Give the links of each item, check them, and have the chief executive confirm before it closes.",
        ),
        T("ไปที่รายการหลักฐาน", "Go to the checklist"),
    ),
    StageKind.INSPECTION: (
        T("อยู่ระหว่างการตรวจประเมิน OIT", "OIT is being inspected"),
        T("ผู้ตรวจประเมินกำลังพิจารณาสำเนาที่เก็บไว้", "Inspectors judge the preserved copies."),
        T("ดูรายการหลักฐาน", "See the checklist"),
    ),
    StageKind.CLARIFICATION: (
        T("ตรวจผลเบื้องต้นและชี้แจงเพิ่มเติม", "Read the preliminary result and clarify"),
        T(
            "อ่านเหตุผลของแต่ละข้อ ชี้แจงได้ภายในกำหนด หากไม่ชี้แจงถือว่ายอมรับผล",
            "Read the reasons of each item; clarify in time, or the result stands as accepted.",
        ),
        T("ไปที่ผลเบื้องต้น", "Go to the preliminary result"),
    ),
    StageKind.APPEAL: (
        T("อุทธรณ์ผลการตรวจประเมิน", "Appeal"),
        T("ยื่นได้ภายในกำหนด", "It can be filed while the window is open."),
        T("ไปที่รายการหลักฐาน", "Go to the checklist"),
    ),
}


def _words(kind: StageKind, plan: Plan | None, bundle: Bundle | None) -> tuple[str, str, str]:
    """Title, one sentence, and the words on the button."""
    if kind == StageKind.RESULTS:
        return (
            pick("นำเข้าผลการประเมิน", "Bring in the results"),
            pick(
                "เริ่มจากไฟล์ผลหรือรายงานที่เผยแพร่ ระบบแสดงสิ่งที่จะเปลี่ยนให้ตรวจก่อนบันทึก",
                "Begin with the results file or the published report; you see what would change before it is saved.",
            ),
            pick("นำเข้าผล", "Bring in the results"),
        )
    if kind == StageKind.PLAN:
        return _plan_words(plan)
    if kind == StageKind.APPROVAL:
        turn = current_turn(bundle) if bundle else None
        if turn is None:
            return (
                pick("เสนอผู้บริหารพิจารณา", "Send for approval"),
                pick("มาตรการพร้อมแล้วและยังไม่ได้รับอนุมัติ", "The measures are ready and not approved yet."),
                pick("ไปที่การเสนออนุมัติ", "Go to the approval"),
            )
        return (
            pick("อยู่ระหว่างการพิจารณา", "Under consideration"),
            pick(f"รอการพิจารณาของ {turn.position}", f"Waiting for {turn.position}."),
            pick("ดูความคืบหน้า", "See how far it is"),
        )
    if kind == StageKind.PUBLICATION:
        return (
            pick("แจ้งเวียนและเผยแพร่", "Circulate and publish"),
            pick(
                "อนุมัติแล้ว ให้แจ้งเวียนทุกสำนัก/กองและเผยแพร่บนเว็บไซต์ของหน่วยงาน",
                "Approved. Now circulate it to all units and publish it on the agency’s website.",
            ),
            pick("แจ้งเวียนและเผยแพร่", "Circulate and publish"),
        )
    months = 6 if kind == StageKind.REPORT_6 else 12
    return (
        pick(f"รายงานผลรอบ {months} เดือน", f"Report at {months} months"),
        pick(
            "รวบรวมผลจากส่วนราชการ ตรวจหลักฐาน แล้วปิดรายงาน",
            "Gather what the units report, check the proofs, then close the report.",
        ),
        pick("ไปที่การติดตามผล", "Go to the progress"),
    )


def _plan_words(plan: Plan | None) -> tuple[str, str, str]:
    if plan is None:
        return (
            pick("จัดทำมาตรการจากจุดอ่อน", "Draw up measures for the weak points"),
            pick(
                "ระบบเสนอมาตรการจากผลคะแนนให้ ท่านเลือกรับ แก้ไข หรือตัดออก",
                "Measures are proposed from the scores; you accept, edit or drop them.",
            ),
            pick("เริ่มจัดทำมาตรการ", "Begin the measures"),
        )
    if plan.returned_at is not None:
        return (
            pick("แก้ไขมาตรการที่ส่งคืน", "Mend the measures that were returned"),
            pick("ผู้พิจารณาส่งคืนพร้อมเหตุผล แก้ไขแล้วเสนอใหม่", "Returned with a reason. Mend them, then propose anew."),
            pick("แก้ไขมาตรการ", "Mend the measures"),
        )
    return (
        pick("ทำมาตรการให้ครบและเสนอ", "Finish the measures and propose them"),
        pick(
            "มอบหมายส่วนราชการ กำหนดขั้นตอนและวันที่ให้ครบ แล้วเสนอผู้บริหาร",
            "Assign units, steps and dates, then send the measures up.",
        ),
        pick("ทำมาตรการต่อ", "Go on with the measures"),
    )
