"""The fixed cast of every test: one agency's people, and those who must stay outside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from prongsai.analysis.findings import findings
from prongsai.framework import for_year
from prongsai.improvement.draft import draft_plan
from prongsai.scoring.score import ScoreSheet
from prongsai.simulation import Spec, simulate
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.approval.models import Rank
from prongsai.site.people import rights
from prongsai.site.people.access import administers
from prongsai.site.people.actions import BeginAdministration
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.plans.convert import store
from prongsai.site.plans.models import Choice, Plan
from prongsai.site.results.models import Result, Source
from prongsai.site.results.sheet import sheet_of
from prongsai.site.rounds.models import IMPROVING, Assessment, Round, Stage

PASSWORD = "a long pass phrase"
# Everyone in the cast; ``nobody`` is not signed in.
CAST = (
    "officer", "unit_owner", "head", "palad", "chief", "other_officer", "assessor", "supervisor", "inspector",
    "agency_admin", "admin", "stranger", "nobody",
)  # fmt: skip
RESULT_YEAR = 2568
UNITS = ("สำนักปลัดเทศบาล", "กองคลัง", "กองช่าง")


@dataclass
class Cast:
    """The people by name, and what they work on."""

    people: dict[str, Person]
    agency: Agency
    other: Agency
    round: Round
    last_round: Round
    assessment: Assessment
    units: list[Unit]
    extra: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def with_a_reason(request: HttpRequest, user: Person, **_: Any) -> None:
    """Administrators of tests say why as they sign in, for otherwise their rights rest; a test may disconnect this."""
    if administers(user):
        rights.hold(request, BeginAdministration(by=user, reason="งานของการทดสอบ").execute())


user_logged_in.connect(with_a_reason, dispatch_uid="tests")


def make_cast() -> Cast:
    """Two agencies, two rounds whose windows are open, and everyone with a role in force. No results yet."""
    agency = Agency.objects.create(
        code="muang", name="เทศบาลเมืองตัวอย่าง", name_en="Example Town Municipality", kind="town_municipality",
        district="เมืองตัวอย่าง", province="นครปฐม", staff=120,
    )  # fmt: skip
    other = Agency.objects.create(
        code="other", name="องค์การบริหารส่วนตำบลอื่น", kind="subdistrict_organization", province="เชียงใหม่"
    )
    units = [Unit.objects.create(agency=agency, name=name, order=n) for n, name in enumerate(UNITS, start=1)]
    this, last = make_round(RESULT_YEAR), make_round(RESULT_YEAR - 1)
    assessment = Assessment.objects.create(round=this, agency=agency, contact="สำนักงานตัวอย่าง โทร. 02 000 0000")
    Assessment.objects.create(round=last, agency=agency)
    Assessment.objects.create(round=this, agency=other)
    people = {name: _person(name, given) for name, given in _NAMES.items()}
    roles = {
        "officer": Role(kind=RoleKind.OFFICER, agency=agency, unit=units[0], position="นักวิเคราะห์นโยบายและแผน"),
        "unit_owner": Role(kind=RoleKind.UNIT_OWNER, agency=agency, unit=units[1], position="ผู้อำนวยการกองคลัง"),
        "head": Role(kind=RoleKind.APPROVER, agency=agency, position="หัวหน้าสำนักปลัดเทศบาล"),
        "palad": Role(kind=RoleKind.APPROVER, agency=agency, position="ปลัดเทศบาล"),
        "chief": Role(kind=RoleKind.APPROVER, agency=agency, position="นายกเทศมนตรี"),
        "other_officer": Role(kind=RoleKind.OFFICER, agency=other, position="นิติกร"),
        "assessor": Role(kind=RoleKind.ASSESSOR),
        "supervisor": Role(kind=RoleKind.SUPERVISOR, province=agency.province),
        "inspector": Role(kind=RoleKind.INSPECTOR),
        "agency_admin": Role(kind=RoleKind.AGENCY_ADMIN, agency=agency),
        "admin": Role(kind=RoleKind.SYSTEM_ADMIN),
    }
    for name, role in roles.items():
        role.person = people[name]
        role.save()
    for order, (name, act) in enumerate((("head", "opine"), ("palad", "opine"), ("chief", "decide")), start=1):
        Rank.objects.create(agency=agency, order=order, position=roles[name].position, role=roles[name], act=act)
    return Cast(people, agency, other, this, last, assessment, units)


_NAMES = {
    "officer": "สมหญิง", "unit_owner": "วิชัย", "head": "มานะ", "palad": "ประสิทธิ์", "chief": "บุญมี",
    "other_officer": "อารี", "assessor": "ศิริ", "supervisor": "พิชิต", "inspector": "จันทร์", "agency_admin": "สุดา",
    "admin": "ระบบ", "stranger": "แปลก",
}  # fmt: skip


def _person(username: str, given: str) -> Person:
    return Person.objects.create_user(
        username, PASSWORD, title="นาง", given_name=given, family_name="ตัวอย่าง", email=f"{username}@example.test"
    )


def make_round(year: int) -> Round:
    """A round whose steps are all open today."""
    framework = for_year(year)
    made = Round.objects.create(
        slug=str(year), name=f"ITA ประจำปีงบประมาณ พ.ศ. {year}", name_en=f"ITA, fiscal year {year}",
        fiscal_year=year, framework_id=framework.id, framework_version=framework.version,
    )  # fmt: skip
    today = timezone.localdate()
    for kind in IMPROVING:
        Stage.objects.create(
            round=made, kind=kind, opens=today - dt.timedelta(days=30), closes=today + dt.timedelta(days=30)
        )
    return made


def results_data(sheet: ScoreSheet, name: str) -> dict[str, Any]:
    """A results file's data that gives the item scores of a simulated agency."""
    items: dict[str, Any] = {}
    for node in sheet.values.values():
        if node.node.kind == "item" and node.score is not None:
            code, _, part = node.node.id.partition("@")
            value = f"{float(node.score):.2f}"
            if part:
                items.setdefault(code, {})[part] = value
            else:
                items[code] = value
    return {"agency": {"name": name}, "fiscal_year": sheet.results.fiscal_year, "scores": {"items": items}}


def give_results(assessment: Assessment, seed: int = 3) -> ScoreSheet:
    """Simulated results for an assessment, as if imported: item scores with a few weak points."""
    from prongsai.scoring.score import score

    simulated = simulate(Spec(for_year(assessment.round.fiscal_year or RESULT_YEAR), seed=seed, quality=0.82))
    data = results_data(score(simulated.results), assessment.agency.name)
    result = Result.objects.create(assessment=assessment, revision=1, source=Source.FILE, data=data)
    assessment.results_at = timezone.now()
    sheet = sheet_of(result)
    assessment.save()
    return sheet


def give_plan(assessment: Assessment) -> Plan:
    """The drafted plan for an assessment's results, all proposals accepted."""
    from prongsai.site.results.sheet import current_sheet

    sheet = current_sheet(assessment) or give_results(assessment)
    drafted = draft_plan(sheet, findings(sheet))
    plan = Plan.objects.create(assessment=assessment, action_year=drafted.action_year)
    store(plan, drafted, Choice.ACCEPTED)
    assessment.plan_at = timezone.now()
    assessment.save()
    return plan
