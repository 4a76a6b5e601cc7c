"""The first day: what happens in the year, with what one starts, whom to ask. It goes away by doing, not by closing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.approval.models import Rank
from prongsai.site.base.text import pick
from prongsai.site.desk.steps import address
from prongsai.site.people.access import roles_of
from prongsai.site.people.models import Person, Role, RoleKind, now_in_force
from prongsai.site.people.permissions import ALLOWED, May
from prongsai.site.rounds.models import Assessment, Round


@dataclass(frozen=True)
class Point:
    """One thing to do first, whether it is done, and where."""

    text: str
    done: bool
    address: str


@dataclass(frozen=True)
class Guide:
    """A list of first things with whom to ask."""

    title: str
    lead: str
    points: tuple[Point, ...]
    ask: str = ""

    @property
    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return all(point.done for point in self.points)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(point.done for point in self.points)


def first_day(person: Person) -> Guide | None:
    """An officer's guide for the newest open year, until the measures were sent up for the first time."""
    role = next((r for r in roles_of(person) if r.agency and May.PLAN in ALLOWED[r.kind]), None)
    if role is None or role.agency is None:
        return None
    years = Assessment.objects.filter(agency=role.agency, round__open=True).select_related("round")
    year = years.order_by("-round__fiscal_year").first()
    if year is None:
        return None
    code, slug = role.agency.code, year.round.slug
    points = (
        Point(
            pick(
                "ตรวจว่ามีรายชื่อสำนัก/กองครบ เพราะทุกมาตรการต้องมีผู้รับผิดชอบ",
                "See that all units are listed: every measure needs an owner",
            ),
            Unit.objects.filter(agency=role.agency, active=True).exists(),
            address("units", code),
        ),
        Point(
            pick(
                "ตรวจสายการพิจารณา ตั้งแต่หัวหน้าหน่วยงานย่อยถึงผู้บริหารสูงสุด",
                "See that the approval chain is right, up to the chief executive",
            ),
            Rank.objects.filter(agency=role.agency).exists(),
            address("chain", code),
        ),
        Point(
            pick("นำเข้าผลการประเมินของปี", "Bring in the year’s results"),
            year.results_at is not None,
            address("results", code, slug),
        ),
        Point(
            pick("จัดทำมาตรการจากจุดอ่อน", "Draw up measures for the weak points"),
            year.plan_at is not None,
            address("plan", code, slug),
        ),
        Point(
            pick("เสนอผู้บริหารพิจารณา", "Send them up for approval"),
            year.submitted_at is not None,
            address("approval", code, slug),
        ),
    )
    guide = Guide(
        pick("เริ่มต้นงาน ITA", "Your first day with ITA"),
        pick(
            "หนึ่งปีของงานนี้: ผลประกาศ → วิเคราะห์จุดอ่อน → จัดทำมาตรการ → ผู้บริหารอนุมัติ → แจ้งเวียนและเผยแพร่ → "
            "รายงานรอบ 6 และ 12 เดือน เริ่มจากข้อแรกที่ยังไม่ทำ",
            "A year of this work: results are announced → weak points → measures → approval → circulation and "
            "publication → reports at 6 and 12 months. Begin with the first thing that is not done.",
        ),
        points,
        _whom_to_ask(role.agency, year),
    )
    return None if guide.finished else guide


def _whom_to_ask(agency: Agency, year: Assessment) -> str:
    """The contact of the round, then the agency's own administrators."""
    roles = Role.objects.filter(now_in_force(timezone.localdate()), agency=agency, kind=RoleKind.AGENCY_ADMIN)
    names = [role.person.full_name for role in roles.select_related("person")[:3]]
    own = pick("ผู้ดูแลระบบของหน่วยงาน: ", "Your agency’s administrator: ") + ", ".join(names) if names else ""
    return " · ".join(text for text in (year.contact, own) if text)


def setting_up(person: Person) -> Guide | None:
    """What an administrator sets up before others can work."""
    kinds = {role.kind for role in roles_of(person)}
    if RoleKind.SYSTEM_ADMIN in kinds:
        return _system()
    role = next((r for r in roles_of(person) if r.kind == RoleKind.AGENCY_ADMIN and r.agency), None)
    return _agency(role.agency) if role and role.agency else None


def _system() -> Guide | None:
    rounds = Round.objects.filter(open=True)
    points = (
        Point(pick("เปิดรอบการประเมินของปี", "Open the year’s round"), rounds.exists(), address("rounds")),
        Point(
            pick("กำหนดปฏิทินของรอบ", "Set the round’s calendar"),
            rounds.filter(stages__isnull=False).exists(),
            address("rounds"),
        ),
        Point(
            pick("เพิ่มหน่วยงานเข้ารอบ", "Add agencies to the round"),
            rounds.filter(assessments__isnull=False).exists(),
            address("agencies"),
        ),
        Point(
            pick("มอบหมายผู้ดูแลระบบของหน่วยงานอย่างน้อยหนึ่งคน", "Appoint an administrator for an agency"),
            Role.objects.filter(kind=RoleKind.AGENCY_ADMIN).exists(),
            address("agencies"),
        ),
    )
    lead = pick("ตั้งค่าให้ครบ หน่วยงานจึงเริ่มทำงานได้", "Once these are set, agencies can begin.")
    guide = Guide(pick("ตั้งค่าระบบ", "Setting up"), lead, points)
    return None if guide.finished else guide


def _agency(agency: Agency) -> Guide | None:
    today = timezone.localdate()
    roles = Role.objects.filter(now_in_force(today), agency=agency).values_list("kind", flat=True).distinct()
    kinds = set(roles.order_by())
    units = Unit.objects.filter(agency=agency, active=True).exists()
    ranks = Rank.objects.filter(agency=agency).exists()
    to_people = address("people", agency.code)
    points = (
        Point(pick("เพิ่มสำนัก/กองตามโครงสร้างจริง", "Add the agency’s units"), units, address("units", agency.code)),
        Point(pick("มอบหมายเจ้าหน้าที่ผู้รับผิดชอบ ITA", "Appoint the ITA officer"), RoleKind.OFFICER in kinds, to_people),
        Point(pick("เพิ่มผู้พิจารณาตามสายบังคับบัญชา", "Add the approvers"), RoleKind.APPROVER in kinds, to_people),
        Point(pick("เพิ่มผู้รับผิดชอบของสำนัก/กอง", "Add the unit owners"), RoleKind.UNIT_OWNER in kinds, to_people),
        Point(pick("ตั้งสายการพิจารณา", "Set the approval chain"), ranks, address("chain", agency.code)),
    )
    lead = pick("เตรียมข้อมูลของหน่วยงานให้พร้อม เจ้าหน้าที่จึงเริ่มงานได้", "Once these are set, the officer can begin.")
    guide = Guide(pick("ตั้งค่าหน่วยงาน", "Setting up the agency"), lead, points)
    return None if guide.finished else guide
