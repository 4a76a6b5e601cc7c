"""Whom the demo signs in: every role once for each agency, and those who look after many. All names are invented."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from prongsai.improvement import model
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.approval.chain import usual_positions
from prongsai.site.people.models import Person, Role, RoleKind

PASSWORD = "prongsai-demo"  # noqa: S105 - known to everybody: fill_demo refuses where HTTPS is on
FAMILY_NAME = "สมมติ"
_NAMES = (
    "นางสาวกานดา", "นายขจร", "นายคมสัน", "นางจิตรา", "นายณรงค์", "นางสาวชลธิชา",
    "นางสาวดวงใจ", "นายธนากร", "นางนภา", "นายบัญชา", "นางปราณี", "นายพรชัย",
    "นายภาณุ", "นายมนตรี", "นางยุพิน", "นางสาวรัชนี", "นายวีระ", "นางลัดดา",
    "นางสาวศศิธร", "นายสมพร", "นางหทัย", "นายอรุณ", "นางแก้วตา", "นายเกษม",
    "นางสาวโสภา", "นายไพโรจน์", "นายกิตติ", "นางจารุณี", "นายทวี", "นางสาวนิภา",
    "นางประไพ", "นายวันชัย", "นางสาวมาลี", "นายสุรชัย", "นายสุทัศน์", "นางสาวอัมพร",
)  # fmt: skip
_TITLES = ("นางสาว", "นาย", "นาง")  # the longest that fits first
# end of the user name, role, post (empty: it follows from the agency's kind or from the unit)
INSIDE = (
    ("officer", RoleKind.OFFICER, "นักวิเคราะห์นโยบายและแผน"),
    ("unit", RoleKind.UNIT_OWNER, ""),
    ("head", RoleKind.APPROVER, ""),
    ("palad", RoleKind.APPROVER, ""),
    ("chief", RoleKind.APPROVER, ""),
    ("admin", RoleKind.AGENCY_ADMIN, "เจ้าพนักงานธุรการ"),
)
OUTSIDE = (
    ("assessor", RoleKind.ASSESSOR, "ผู้ประเมิน"),
    ("supervisor", RoleKind.SUPERVISOR, "ท้องถิ่นจังหวัด"),
    ("inspector", RoleKind.INSPECTOR, "ผู้ตรวจประเมิน"),
    ("system", RoleKind.SYSTEM_ADMIN, "ผู้ดูแลระบบกลาง"),
    ("inspector2", RoleKind.INSPECTOR, "ผู้ตรวจประเมิน"),  # decides what the first has marked
    ("surveyor", RoleKind.SURVEYOR, "ผู้สำรวจ"),
)
_EVERY_UNIT = ("ทุก", "แต่ละ")  # "all units" as plans write it is no unit of its own


@dataclass(frozen=True)
class Account:
    """A row of the table that is printed: who it is, and how to sign in."""

    who: str
    agency: str
    username: str
    role: Role


@cache
def _hash() -> str:
    return make_password(PASSWORD)


def _person(username: str, number: int, position: str) -> Person:
    name = _NAMES[number % len(_NAMES)]
    title = next(title for title in _TITLES if name.startswith(title))
    person = Person(
        username=username,
        password=_hash(),
        title=title,
        given_name=name.removeprefix(title),
        family_name=FAMILY_NAME,
        position=position,
        email=f"{username}@example.org",
    )
    person.save()
    return person


def units_of(agency: Agency, plan: model.Plan | None) -> list[Unit]:
    """The units that a plan names, the busiest first; "all units" stays a name in the plan and is no active unit."""
    steps = [step for point in (plan.points if plan else []) for measure in point.measures for step in measure.steps]
    named = [name for name, _ in Counter(name for step in steps for name in step.units).most_common()]
    rows = [
        Unit(agency=agency, name=name, order=order, active=not name.startswith(_EVERY_UNIT))
        for order, name in enumerate(sorted(named, key=lambda n: n.startswith(_EVERY_UNIT)), start=1)
    ]
    return Unit.objects.bulk_create(rows)


def people_of(agency: Agency, units: list[Unit], number: int) -> dict[str, Role]:
    """One person for every role of an agency."""
    posts = dict(zip(("head", "palad", "chief"), usual_positions(agency), strict=True))
    active = [unit for unit in units if unit.active]
    office = next((unit for unit in active if "ปลัด" in unit.name), None)
    others = [unit for unit in active if unit != office]
    division = next((unit for unit in others if unit.name.startswith("กอง")), others[0] if others else office)
    own_unit = {"officer": office, "unit": division}
    found = {}
    for offset, (name, kind, position) in enumerate(INSIDE):
        own = own_unit.get(name)
        held = posts.get(name) or position or _head_of(own)
        person = _person(f"{agency.code}-{name}", number * len(INSIDE) + offset, held)
        found[name] = Role.objects.create(person=person, kind=kind, agency=agency, unit=own, position=held)
    return found


def _head_of(unit: Unit | None) -> str:
    name = unit.name if unit else ""
    return f"ผู้อำนวยการ{name}" if name.startswith("กอง") else f"หัวหน้า{name}"


def people_above(province: str) -> dict[str, Role]:
    """Those who look after many agencies; the supervisor sees one province."""
    found = {}
    for offset, (name, kind, position) in enumerate(OUTSIDE):
        person = _person(name, len(_NAMES) - len(OUTSIDE) + offset, position)
        where = province if kind == RoleKind.SUPERVISOR else ""
        found[name] = Role.objects.create(person=person, kind=kind, province=where, position=position)
    return found


def accounts() -> list[Account]:
    """All demo accounts as they stand in the database: those above first, then agency by agency."""
    names = [name for name, *_ in INSIDE]
    roles = Role.objects.filter(person__family_name=FAMILY_NAME).select_related("person", "agency", "unit")
    found = []
    for role in roles:
        where = role.agency.name if role.agency else f"จังหวัด{role.province}" if role.province else "ทุกหน่วยงาน"
        found.append(Account(f"{role.person} {role.post}", where, role.person.username, role))

    def place(account: Account) -> tuple[str, int]:
        code = account.role.agency.code if account.role.agency else ""
        return code, names.index(account.username.rpartition("-")[2]) if code else account.role.pk

    return sorted(found, key=place)
