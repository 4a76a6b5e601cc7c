"""What each person has to do now, most urgent first, by the roles they hold today."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.http import urlencode

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.models import Acknowledgement, Bundle, BundleState
from prongsai.site.approval.seats import seats_of
from prongsai.site.base.text import pick
from prongsai.site.desk.steps import address, next_step
from prongsai.site.fieldwork.progress import still_to_do
from prongsai.site.inspection.chief import signs_as
from prongsai.site.inspection.models import Evidence
from prongsai.site.inspection.models import State as EvidenceState
from prongsai.site.inspection.waiting import answerable, ready_to_confirm, ready_to_open, waiting
from prongsai.site.people.access import agencies_for, may, roles_of
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.people.permissions import ALLOWED, May
from prongsai.site.plans.board import is_late
from prongsai.site.plans.models import Measure, PlanState
from prongsai.site.plans.reminders import measures_in_force
from prongsai.site.rounds.deadlines import Calendar, Deadline, State
from prongsai.site.rounds.models import DONE_AT, IMPROVING, Assessment, Round, Stage, StageKind
from prongsai.site.rounds.progress import in_state

_REPORTS = {StageKind.REPORT_6: 6, StageKind.REPORT_12: 12}
_FAR = dt.date.max


@dataclass(frozen=True)
class Task:
    """One thing to do: what, for which agency and year, by when, and the one button that leads there."""

    title: str
    detail: str
    where: str
    button: str
    address: str
    deadline: Deadline | None = None
    closes: dt.date | None = None
    waits: bool = False
    contact: str = ""

    @property
    def order(self) -> tuple[bool, dt.date]:
        """What only waits stands below what is to be done; within each the nearest day first."""
        day = self.deadline.closes if self.deadline else self.closes
        return (self.waits, day or _FAR)


class Desk:
    """What one person's roles ask for today. Calendars are read once per round."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.roles = roles_of(person)
        self.today = timezone.localdate()
        self._calendars: dict[int, Calendar] = {}

    def tasks(self) -> list[Task]:
        """All tasks, most urgent first."""
        found = [*self._to_decide(), *self._as_officer(), *self._of_own_units(), *self._to_acknowledge()]
        found += [*self._to_confirm(), *self._links_of_own_units(), *self._to_interview()]
        found += [*self._to_answer(), *self._to_inspect(), *self._to_conclude()]
        return sorted(found, key=lambda task: task.order)

    def _with(self, what: May) -> list[Role]:
        return [role for role in self.roles if role.agency_id and what in ALLOWED[role.kind]]

    def _calendar(self, of: Round) -> Calendar:
        if of.pk not in self._calendars:
            self._calendars[of.pk] = Calendar(of)
        return self._calendars[of.pk]

    def _deadline(self, assessment: Assessment, kind: StageKind) -> Deadline | None:
        found = self._calendar(assessment.round).deadlines(assessment)
        return next((one for one in found if one.kind == kind), None)

    # --- officers: the next step of each year

    def _as_officer(self) -> Iterable[Task]:
        agencies = {role.agency_id for role in self._with(May.PLAN)}
        if not agencies:
            return
        years = Assessment.objects.filter(agency__in=agencies, round__open=True).select_related("agency", "round")
        for assessment in years.prefetch_related("plans__bundles__turns"):
            step = next_step(assessment, self._calendar(assessment.round).deadlines(assessment), self.person)
            if step is not None:
                yield Task(
                    step.title, step.detail, where_of(assessment), step.button, step.address, step.deadline,
                    waits=step.waits, contact=assessment.contact,
                )  # fmt: skip

    # --- approvers: what waits for one's act

    def _to_decide(self) -> Iterable[Task]:
        agencies = {role.agency_id for role in self._with(May.DECIDE)}
        if not agencies:
            return
        seats = seats_of(self.person)
        bundles = Bundle.objects.filter(state=BundleState.OPEN, plan__assessment__agency__in=agencies)
        bundles = bundles.select_related("plan__assessment__agency", "plan__assessment__round", "by")
        for bundle in bundles.prefetch_related("turns"):
            turn = current_turn(bundle)
            if turn is None or not any(seat.fits(turn) for seat in seats):
                continue
            assessment = bundle.plan.assessment
            by = bundle.by.full_name if bundle.by else "–"
            yield Task(
                pick(f"พิจารณา{bundle.get_subject_display()}", f"Consider: {bundle.get_subject_display()}"),
                pick(f"{by} เสนอ ในลำดับ {turn.position}", f"Proposed by {by}; your turn as {turn.position}."),
                where_of(assessment),
                pick("อ่านและพิจารณา", "Read and decide"),
                address("inbox") or address("approval", assessment.agency.code, assessment.round.slug),
                self._deadline(assessment, StageKind.APPROVAL),
                contact=assessment.contact,
            )

    # --- evidence: the chief executive confirms it, units give the links of their items

    def _to_confirm(self) -> Iterable[Task]:
        agencies = {role.agency_id for role in self._with(May.DECIDE)}
        if not agencies:
            return
        waiting = Assessment.objects.filter(
            agency__in=agencies, round__open=True, round__stages__kind=StageKind.EVIDENCE, evidence_at=None
        )
        for assessment in waiting.select_related("agency", "round"):
            window = self._deadline(assessment, StageKind.EVIDENCE)
            if window and window.open and signs_as(self.person, assessment.agency):
                yield Task(
                    pick("ยืนยันหลักฐาน OIT", "Confirm the OIT evidence"),
                    pick(
                        "ตรวจความครบถ้วนแล้วยืนยันก่อนปิดรับ",
                        "See whether it is complete and confirm before it closes.",
                    ),
                    where_of(assessment),
                    pick("อ่านและยืนยัน", "Read and confirm"),
                    address("evidence_confirm", assessment.agency.code, assessment.round.slug),
                    window,
                    contact=assessment.contact,
                )

    def _links_of_own_units(self) -> Iterable[Task]:
        units = {role.unit_id for role in self._with(May.REPORT) if role.unit_id and role.kind == RoleKind.UNIT_OWNER}
        open_items = Evidence.objects.filter(unit__in=units, state=EvidenceState.OPEN, assessment__round__open=True)
        by_year: dict[Assessment, list[Evidence]] = defaultdict(list)
        for item in open_items.select_related("assessment__agency", "assessment__round") if units else ():
            by_year[item.assessment].append(item)
        for assessment, items in by_year.items():
            window = self._deadline(assessment, StageKind.EVIDENCE)
            if window is None or window.over:
                continue
            days = [item.due for item in items if item.due]
            yield Task(
                pick(f"กรอกลิงก์หลักฐาน OIT {len(items)} ข้อ", f"Give the links of {len(items)} OIT items"),
                ", ".join(item.item for item in items),
                where_of(assessment),
                pick("เปิดรายการ", "Open the checklist"),
                address("evidence", assessment.agency.code, assessment.round.slug),
                None if days else window,
                min(days, default=None),
                contact=assessment.contact,
            )

    # --- inspection: officers answer, inspectors mark and decide, assessors open and confirm

    def _to_answer(self) -> Iterable[Task]:
        agencies = {role.agency_id for role in self._with(May.PLAN)}
        told = Assessment.objects.filter(
            agency__in=agencies, round__open=True, inspected_at__isnull=False, clarified_at=None
        )
        for assessment in told.select_related("agency", "round") if agencies else ():
            for kind in (StageKind.CLARIFICATION, StageKind.APPEAL):
                window = self._deadline(assessment, kind)
                items = answerable(assessment, kind) if window and window.open else []
                if items:
                    words = pick("อุทธรณ์ได้", "To appeal") if kind == StageKind.APPEAL else pick("ชี้แจงได้", "To clarify")
                    yield Task(
                        pick(f"{words} {len(items)} ข้อ", f"{words}: {len(items)} OIT items"),
                        ", ".join(items),
                        where_of(assessment),
                        pick("อ่านเหตุผลและตอบ", "Read the reasons and answer"),
                        address("evidence_result", assessment.agency.code, assessment.round.slug),
                        window,
                        contact=assessment.contact,
                    )

    def _to_inspect(self) -> Iterable[Task]:
        if not any(May.INSPECT in ALLOWED[role.kind] for role in self.roles):
            return
        found = waiting(self.person)
        stages = Stage.objects.filter(round__open=True, kind=StageKind.INSPECTION, closes__gte=self.today)
        closes = stages.order_by("closes").values_list("closes", flat=True).first()
        where = pick("การตรวจประเมิน OIT", "OIT inspection")
        if found.items:
            yield Task(
                pick(f"รอตรวจ {found.items} ข้อ", f"{found.items} items to mark"), "", where,
                pick("ไปที่คิว", "To the queue"), address("inspect_queue"), closes=closes,
            )  # fmt: skip
        if found.clarifications:
            yield Task(
                pick(f"รอวินิจฉัยคำชี้แจง {found.clarifications} เรื่อง", f"{found.clarifications} clarifications to decide"),
                "", where, pick("ไปที่คิว", "To the queue"), address("inspect_queue"),
            )  # fmt: skip

    def _to_conclude(self) -> Iterable[Task]:
        if not any(May.ASSESS in ALLOWED[role.kind] for role in self.roles):
            return
        reach = agencies_for(self.person, May.MANAGE_ROUNDS)
        for of in Round.objects.filter(open=True, stages__kind=StageKind.EVIDENCE).distinct():
            rows = Assessment.objects.filter(round=of, agency__in=reach) if reach.query.where else of.assessments.all()
            for number, th, en in (
                (ready_to_open(rows).count(), "พร้อมแจ้งผลเบื้องต้น", "Preliminary results to open"),
                (ready_to_confirm(rows).count(), "รอยืนยันผลคะแนน", "Verdicts to confirm"),
            ):
                if number:
                    yield Task(
                        pick(f"{th} {number} แห่ง", f"{en}: {number}"), "", pick(of.name, of.name_en or of.name),
                        pick("เปิดหน้าการตรวจประเมิน", "Open the inspection"), address("inspection_round", of.slug),
                    )  # fmt: skip

    # --- unit owners: own measures

    def _of_own_units(self) -> Iterable[Task]:
        units = {role.unit_id for role in self._with(May.REPORT) if role.unit_id and role.kind == RoleKind.UNIT_OWNER}
        if not units:
            return
        by_year: dict[int, list[Measure]] = defaultdict(list)
        running = (PlanState.APPROVED, PlanState.PUBLISHED)
        own = measures_in_force().filter(steps__units__in=units, point__plan__state__in=running).distinct()
        for measure in own:
            by_year[measure.point.plan.assessment_id].append(measure)
        for measures in by_year.values():
            assessment = measures[0].point.plan.assessment
            late = [measure for measure in measures if self._late(measure)]
            kind = self._report_due(assessment)
            missing = [one for one in measures if kind and _REPORTS[kind] not in {r.months for r in one.reports.all()}]
            if kind and missing:
                yield self._report_task(assessment, kind, missing, late)
            elif late:
                n = len(late)
                yield Task(
                    pick(f"มาตรการเกินกำหนด {n} มาตรการ", f"{n} measures are late"),
                    "; ".join(measure.title for measure in late[:3]),
                    where_of(assessment), pick("รายงานผล", "Report"), address("tasks"), closes=self.today,
                    contact=assessment.contact,
                )  # fmt: skip

    def _late(self, measure: Measure) -> bool:
        newest = max(measure.reports.all(), key=lambda report: report.months, default=None)
        status = newest.status if newest else "not_started"
        return is_late(measure.steps.all(), status, measure.point.plan.action_year, self.today)

    def _report_due(self, assessment: Assessment) -> StageKind | None:
        """The report that is open: its window has begun and it is not closed."""
        for kind in _REPORTS:
            window = self._deadline(assessment, kind)
            if window and window.done_at is None and window.opens <= self.today:
                return kind
        return None

    def _report_task(
        self, assessment: Assessment, kind: StageKind, missing: list[Measure], late: list[Measure]
    ) -> Task:
        n, months = len(missing), _REPORTS[kind]
        detail = "; ".join(measure.title for measure in missing[:2]) + (" …" if n > 2 else "")
        if late:
            detail = pick(f"เกินกำหนดตามขั้นตอน {len(late)} มาตรการ · {detail}", f"{len(late)} late · {detail}")
        return Task(
            pick(f"รายงานผลรอบ {months} เดือน {n} มาตรการ", f"Report at {months} months: {n} measures"),
            detail,
            where_of(assessment),
            pick("รายงานผล", "Report"),
            address("tasks"),
            self._deadline(assessment, kind),
            contact=assessment.contact,
        )

    def _to_interview(self) -> Iterable[Task]:
        if not any(May.INTERVIEW in ALLOWED[role.kind] for role in self.roles):
            return
        for one, left in still_to_do(self.person):
            assessment = one.survey.assessment
            yield Task(
                pick(f"สัมภาษณ์อีก {left} คน", f"{left} more interviews"),
                one.note,
                where_of(assessment),
                pick("ไปที่งานสัมภาษณ์", "To my interviews"),
                address("field"),
                self._deadline(assessment, StageKind.SURVEY),
                contact=assessment.contact,
            )

    def _to_acknowledge(self) -> Iterable[Task]:
        units = {role.unit_id for role in self._with(May.ACKNOWLEDGE) if role.unit_id}
        if not units:
            return
        found = Acknowledgement.objects.filter(unit__in=units, at__isnull=True)
        related = ("unit", "circular__bundle__plan__assessment__agency", "circular__bundle__plan__assessment__round")
        for one in found.select_related(*related):
            bundle = one.circular.bundle
            assessment = bundle.plan.assessment
            yield Task(
                pick(f"รับทราบหนังสือเวียนของ{one.unit.name}", f"Acknowledge the circular for {one.unit.name}"),
                str(bundle.get_subject_display()),
                where_of(assessment),
                pick("อ่านและรับทราบ", "Read and acknowledge"),
                address("approval", assessment.agency.code, assessment.round.slug),
                contact=assessment.contact,
            )


def where_of(assessment: Assessment) -> str:
    """For which agency and year."""
    round_ = assessment.round
    return f"{assessment.agency.name} · {pick(round_.name, round_.name_en or round_.name)}"


# --- assessors and supervisors: every agency at once


@dataclass(frozen=True)
class StepCount:
    """How many agencies did a step, and how many are late with it; each with the list that shows them."""

    kind: StageKind
    done: int
    late: int
    to_waiting: str
    to_late: str


@dataclass(frozen=True)
class RoundCount:
    """One round over the agencies that a person oversees."""

    round: Round
    agencies: int
    steps: tuple[StepCount, ...]
    address: str


_OVERSEERS = (RoleKind.ASSESSOR, RoleKind.SUPERVISOR, RoleKind.INSPECTOR, RoleKind.SYSTEM_ADMIN)
_ROUNDS = 2


def overseen(person: Person) -> list[RoundCount]:
    """The newest open rounds, step by step, over the agencies that a person oversees; three queries a round."""
    if not any(role.kind in _OVERSEERS for role in roles_of(person)):
        return []
    visible = agencies_for(person)
    return [_counted(of, visible) for of in Round.objects.filter(open=True, own=None)[:_ROUNDS]]


def _counted(of: Round, visible: Any) -> RoundCount:
    calendar = Calendar(of)
    asked: dict[str, Count] = {"agencies": Count("pk")}
    for kind, column in DONE_AT.items():
        asked[f"done_{kind}"] = Count(column)
        asked[f"late_{kind}"] = Count("pk", filter=in_state(calendar, kind, State.LATE) & Q(round=of))
    rows = Assessment.objects.filter(round=of)
    if visible.query.where:  # all agencies: nothing to narrow
        rows = rows.filter(agency__in=visible)
    found = rows.aggregate(**asked)
    to_list = address("agencies")
    steps = tuple(
        StepCount(kind, found[f"done_{kind}"], found[f"late_{kind}"],
                  _list(to_list, of, kind, State.OPEN), _list(to_list, of, kind, State.LATE))
        for kind in StageKind
        if kind in IMPROVING or kind in calendar.kinds
    )  # fmt: skip
    return RoundCount(of, found["agencies"], steps, f"{to_list}?{urlencode({'round': of.slug})}" if to_list else "")


def _list(to_list: str, of: Round, kind: StageKind, state: State) -> str:
    return f"{to_list}?{urlencode({'round': of.slug, 'step': kind, 'state': state})}" if to_list else ""


def own_agencies(person: Person) -> list[Agency]:
    """The agencies in which a person holds a role."""
    found = {role.agency_id: role.agency for role in roles_of(person) if role.agency}
    return sorted((agency for agency in found.values() if agency), key=lambda agency: agency.name)


@dataclass(frozen=True)
class Duty:
    """A page that belongs to no single agency, for whoever is charged with it."""

    name: str
    about: str
    address: str


def duties(person: Person) -> list[Duty]:
    """The pages of those who keep rounds, and of the system's administrator."""
    offered = [
        (
            May.INSPECT,
            Duty(
                pick("ตรวจประเมิน OIT", "Inspect OIT"),
                pick("คิวตรวจ คำชี้แจง ความสอดคล้องของผู้ตรวจ", "The queue, clarifications, how well inspectors agree"),
                address("inspect_queue"),
            ),
        ),
        (
            May.MANAGE_ROUNDS,
            Duty(
                pick("รอบการประเมิน", "Rounds"),
                pick("เปิดรอบ ปฏิทิน ขยายเวลา หน่วยงานในรอบ", "Open a round, its calendar, extensions, its agencies"),
                address("rounds"),
            ),
        ),
        (
            May.SUPERVISE_FIELD,
            Duty(
                pick("งานสนาม", "Field work"),
                pick("มอบหมายผู้สำรวจ ตรวจรับหรือส่งคืนแบบสัมภาษณ์", "Quotas of surveyors; accept or return interviews"),
                address("fieldwork"),
            ),
        ),
        (
            May.INTERVIEW,
            Duty(
                pick("งานสัมภาษณ์ของฉัน", "My interviews"),
                pick("งานที่มอบหมาย และแอปสัมภาษณ์ที่ใช้ได้แม้ไม่มีสัญญาณ", "My quotas, and the app that needs no signal"),
                address("field"),
            ),
        ),
        (
            May.MANAGE_SYSTEM,
            Duty(
                pick("หน่วยงานทั้งหมด", "All agencies"),
                pick("เพิ่มหน่วยงาน และดูว่าหน่วยงานใดยังไม่มีผู้ดูแล", "Add agencies; see which lack an administrator"),
                address("system_agencies"),
            ),
        ),
        (
            May.MANAGE_SYSTEM,
            Duty(
                pick("ผู้ปฏิบัติงานส่วนกลาง", "People over many agencies"),
                pick("ผู้ประเมิน ผู้กำกับติดตาม ผู้ตรวจประเมิน", "Assessors, supervisors, inspectors"),
                address("system_people"),
            ),
        ),
        (
            May.MANAGE_SYSTEM,
            Duty(
                pick("งานเบื้องหลัง", "Jobs"),
                pick("ข้อความและงานที่ส่งไม่สำเร็จ", "Messages and jobs that failed"),
                address("jobs"),
            ),
        ),
        (
            May.MANAGE_SYSTEM,
            Duty(
                pick("ข้อมูลส่วนบุคคล", "Personal data"),
                pick("ระยะเวลาเก็บ คำขอใช้สิทธิ การลบ เหตุละเมิด", "Retention, requests, erasure, incidents"),
                address("system_privacy"),
            ),
        ),
        *(
            (
                who,
                Duty(
                    pick("ประวัติที่ผนึก", "The sealed history"),
                    pick("ผลการตรวจล่าสุด และหัวบัญชีสำหรับประกาศ", "The last verification, and the head to post"),
                    address("integrity_chain"),
                ),
            )
            for who in (May.MANAGE_SYSTEM, May.ASSESS)
        ),
        (
            May.MANAGE_SYSTEM,
            Duty(
                pick("นำเข้าหน่วยงาน", "Import an agency"),
                pick("จากไฟล์ที่ส่งออกจากระบบอื่น", "From a file exported elsewhere"),
                address("exchange_import"),
            ),
        ),
    ]
    return [duty for needs, duty in offered if duty.address and may(person, needs)]
