"""Rounds: opening one, extending a step with its reason, closing; and who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from django.utils import timezone

from prongsai.framework import for_year
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.models import Role, RoleKind
from prongsai.site.rounds.actions import AddAgencies, CloseRound, CreateRound, ExtendStage, ReopenRound
from prongsai.site.rounds.deadlines import Calendar, State, deadline
from prongsai.site.rounds.models import Assessment, Round, Stage, StageKind
from prongsai.site.rounds.progress import counts, in_state

ClientOf = Callable[[str], Client]
PARTS = ("day", "month", "year")


def day(name: str, value: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year + 543)}


def form(**changes: Any) -> dict[str, Any]:
    """A round as an assessor fills it in, in B.E. years."""
    return {
        "framework": "ita-2567",
        "fiscal_year": "",
        "name": "การประเมินซ้อม",
        "name_en": "",
        "scope": "all",
        **day("opens_results", dt.date(2027, 1, 1)),
        **day("closes_results", dt.date(2027, 1, 31)),
        **changes,
    }


def test_an_assessor_opens_a_round(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of("assessor").post("/rounds/new/", form())
    assert answer.status_code == 302
    made = Round.objects.get(name="การประเมินซ้อม")
    assert answer["Location"] == f"/rounds/{made.slug}/"
    assert made.slug == "2567-2"  # 2567 is taken
    assert (made.framework_id, made.framework_version, made.fiscal_year) == ("ita-2567", for_year(2567).version, 2567)
    assert made.assessments.count() == Agency.objects.count()
    stage = made.stages.get()
    assert (stage.kind, stage.opens, stage.closes) == ("results", dt.date(2027, 1, 1), dt.date(2027, 1, 31))
    said = sentence(Entry.objects.get(action="rounds.create"))
    assert "การประเมินซ้อม" in said
    assert "ita-2567" in said
    assert "2 หน่วยงาน" in said


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"scope": "kinds", "kinds": ["town_municipality"]}, {"เทศบาลเมืองตัวอย่าง"}),
        ({"scope": "provinces", "provinces": ["เชียงใหม่"]}, {"องค์การบริหารส่วนตำบลอื่น"}),
        ({"scope": "chosen", "listed": "อบต. อื่น\n\nmuang"}, {"เทศบาลเมืองตัวอย่าง", "องค์การบริหารส่วนตำบลอื่น"}),
    ],
)
def test_agencies_by_kind_province_and_list(
    changes: dict[str, Any], names: set[str], cast: Cast, client_of: ClientOf
) -> None:
    assert client_of("assessor").post("/rounds/new/", form(**changes)).status_code == 302
    made = Round.objects.get(name="การประเมินซ้อม")
    assert set(made.assessments.values_list("agency__name", flat=True)) == names


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (day("closes_results", dt.date(2026, 12, 31)), "วันปิดอยู่ก่อนวันเปิด"),
        ({f"closes_results_{part}": "" for part in PARTS}, "โปรดกรอกทั้งวันเปิดและวันปิด"),
        ({"opens_results_day": "31", "opens_results_month": "2"}, "ไม่มีวันที่ 31 ในเดือนนั้น"),
        ({"fiscal_year": "๒๕๖๘"}, "กรอบนี้เป็นของปีงบประมาณ พ.ศ. 2567"),
        ({"scope": "chosen", "listed": "เทศบาลเมืองตัวอย่าง\nเทศบาลไม่มี"}, "บรรทัดที่ 2: ไม่พบหน่วยงาน “เทศบาลไม่มี”"),
        ({"scope": "kinds"}, "โปรดเลือกหรือกรอกอย่างน้อยหนึ่งรายการ"),
        ({"scope": "kinds", "kinds": ["fund"]}, "ยังไม่มีหน่วยงานในการประเมินนี้"),
        (
            {f"{end}_results_{part}": "" for end in ("opens", "closes") for part in PARTS},
            "โปรดกำหนดวันของขั้นตอนอย่างน้อยหนึ่งขั้น",
        ),
    ],
)
def test_a_wrong_round_is_not_opened(changes: dict[str, Any], words: str, cast: Cast, client_of: ClientOf) -> None:
    before = Round.objects.count()
    answer = client_of("assessor").post("/rounds/new/", form(**changes))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert "การประเมินซ้อม" in page  # what was typed is still there
    assert Round.objects.count() == before


def test_the_action_refuses_days_out_of_order_too(cast: Cast) -> None:
    days = {StageKind.PLAN: (dt.date(2027, 2, 1), dt.date(2027, 1, 1))}
    action = CreateRound(
        by=cast.assessor,
        name="x",
        name_en="",
        fiscal_year=2568,
        framework=for_year(2568),
        calendar=days,
        agencies=[cast.agency],
    )
    with pytest.raises(Refused, match="before it opens") as refused:
        action.execute()
    assert "จัดทำมาตรการ" in refused.value.problems[0].th


def test_extending_for_all_and_for_one(cast: Cast, client_of: ClientOf) -> None:
    stage = Stage.objects.get(round=cast.round, kind="plan")
    address = "/rounds/2568/extend/plan/"
    later = stage.closes + dt.timedelta(days=7)
    answer = client_of("assessor").post(address, {"agency": "", **day("closes", later), "reason": "อุทกภัยในหลายจังหวัด"})
    assert answer.status_code == 302
    still_later = later + dt.timedelta(days=3)
    data = {"agency": "ทม.ตัวอย่าง", **day("closes", still_later), "reason": "เอกสารเสียหาย"}
    assert client_of("assessor").post(address, data).status_code == 302
    mine = deadline(cast.assessment, StageKind.PLAN)
    assert mine
    assert mine.closes == still_later
    assert mine.extension
    assert mine.extension.reason == "เอกสารเสียหาย"
    others = deadline(Assessment.objects.get(round=cast.round, agency=cast.other), StageKind.PLAN)
    assert others
    assert others.closes == later
    entries = Entry.objects.filter(action="rounds.extend").order_by("id")
    assert "ของทุกหน่วยงาน" in sentence(entries[0])
    assert "เพราะอุทกภัยในหลายจังหวัด" in sentence(entries[0])
    assert entries[1].agency == cast.agency
    assert "เทศบาลเมืองตัวอย่าง" in sentence(entries[1])
    page = client_of("assessor").get("/rounds/2568/").content.decode()
    assert "เพราะอุทกภัยในหลายจังหวัด" in page
    assert "เพราะเอกสารเสียหาย" in page


def test_agencies_read_why_a_step_was_extended(cast: Cast, client_of: ClientOf) -> None:
    stage = Stage.objects.get(round=cast.round, kind="results")
    ExtendStage(
        by=cast.assessor, stage=stage, only=None, closes=stage.closes + dt.timedelta(days=1), reason="ระบบขัดข้อง"
    ).execute()
    page = client_of("officer").get("/agencies/muang/2568/import/").content.decode()
    assert "ขยายเวลาถึง" in page
    assert "เพราะระบบขัดข้อง" in page


@pytest.mark.parametrize(
    ("shift", "reason", "agency", "words"),
    [
        (0, "เหตุผล", "", "ไม่หลังวันปิดที่ใช้อยู่"),
        (-3, "เหตุผล", "muang", "ไม่หลังวันปิดที่ใช้อยู่"),
        (5, "", "", "โปรดกรอกช่องนี้"),
        (5, "เหตุผล", "ไม่มีแห่งนี้", "ไม่พบ “ไม่มีแห่งนี้” ในการประเมินนี้"),
    ],
)
def test_an_extension_that_is_refused(
    shift: int, reason: str, agency: str, words: str, cast: Cast, client_of: ClientOf
) -> None:
    stage = Stage.objects.get(round=cast.round, kind="plan")
    data = {"agency": agency, **day("closes", stage.closes + dt.timedelta(days=shift)), "reason": reason}
    answer = client_of("assessor").post("/rounds/2568/extend/plan/", data)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not stage.extensions.exists()


def test_an_extension_has_to_be_later_than_the_last_one(cast: Cast) -> None:
    stage = Stage.objects.get(round=cast.round, kind="plan")
    far, near = stage.closes + dt.timedelta(days=20), stage.closes + dt.timedelta(days=10)
    ExtendStage(by=cast.assessor, stage=stage, only=None, closes=far, reason="ก").execute()
    with pytest.raises(Refused, match="not after"):
        ExtendStage(by=cast.assessor, stage=stage, only=cast.agency, closes=near, reason="ข").execute()


def test_an_assessor_of_one_province_acts_on_its_agencies_alone(cast: Cast) -> None:
    Role.objects.filter(person=cast.stranger).delete()
    Role.objects.create(person=cast.stranger, kind=RoleKind.ASSESSOR, province="นครปฐม")
    stage = Stage.objects.get(round=cast.round, kind="plan")
    later = stage.closes + dt.timedelta(days=7)
    with pytest.raises(Refused, match="some of its agencies"):
        ExtendStage(by=cast.stranger, stage=stage, only=None, closes=later, reason="ก").execute()
    with pytest.raises(Refused, match="do not run rounds"):
        ExtendStage(by=cast.stranger, stage=stage, only=cast.other, closes=later, reason="ก").execute()
    ExtendStage(by=cast.stranger, stage=stage, only=cast.agency, closes=later, reason="ก").execute()
    with pytest.raises(Refused, match="some of its agencies"):
        CloseRound(by=cast.stranger, round=cast.round).execute()


def test_closing_asks_first_stops_changes_and_can_be_undone(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("admin")
    assert "หรือไม่" in client.get("/rounds/2568/close/").content.decode()
    cast.round.refresh_from_db()
    assert cast.round.open
    assert client.post("/rounds/2568/close/").status_code == 302
    stage = Stage.objects.get(round=cast.round, kind="plan")
    with pytest.raises(Refused, match="is closed"):
        ExtendStage(
            by=cast.admin, stage=stage, only=None, closes=stage.closes + dt.timedelta(days=1), reason="ก"
        ).execute()
    with pytest.raises(Refused, match="is closed"):
        AddAgencies(by=cast.admin, round=stage.round, agencies=[cast.other]).execute()
    assert client.post("/rounds/2568/close/").status_code == 409
    assert client.post("/rounds/2568/reopen/").status_code == 302
    cast.round.refresh_from_db()
    assert cast.round.open
    with pytest.raises(Refused):
        ReopenRound(by=cast.admin, round=cast.round).execute()


def test_adding_agencies(cast: Cast, client_of: ClientOf) -> None:
    new = Agency.objects.create(code="new", name="เทศบาลตำบลใหม่", kind="subdistrict_municipality")
    answer = client_of("assessor").post("/rounds/2568/agencies/", {"scope": "all"})
    assert answer.status_code == 302
    assert Assessment.objects.filter(round=cast.round, agency=new).exists()
    again = client_of("assessor").post("/rounds/2568/agencies/", {"scope": "all"})
    assert again.status_code == 400
    assert "อยู่ในการประเมินนี้แล้วทุกแห่ง" in again.content.decode()


def test_another_framework_version_is_said_and_stops_imports(cast: Cast, client_of: ClientOf) -> None:
    Round.objects.filter(pk=cast.round.pk).update(framework_version=99)
    page = client_of("assessor").get("/rounds/2568/").content.decode()
    assert "ตรึงไว้กับรุ่นที่ 99" in page
    assert "ตรึงกรอบ ita-2568 รุ่นที่ 99" in client_of("officer").get("/agencies/muang/2568/import/").content.decode()
    assert client_of("assessor").post("/rounds/2568/framework/").status_code == 302
    cast.round.refresh_from_db()
    assert cast.round.framework_version == for_year(2568).version


def test_a_framework_that_is_not_installed_is_said(cast: Cast, client_of: ClientOf) -> None:
    Round.objects.filter(pk=cast.round.pk).update(framework_id="ita-3000")
    assert "ไม่มีกรอบ ita-3000" in client_of("assessor").get("/rounds/2568/").content.decode()
    assert client_of("assessor").get("/agencies/?round=2568").status_code == 200
    assert client_of("officer").get("/agencies/muang/2568/import/").status_code == 200


def test_states_by_the_database_agree_with_deadlines(cast: Cast) -> None:
    """For every step, done or not, with the general and one's own last day before or after today."""
    today = timezone.localdate()
    stage = Stage.objects.get(round=cast.round, kind="approval")
    stage.closes = today - dt.timedelta(days=5)
    stage.opens = today - dt.timedelta(days=30)
    stage.save()
    days = [None, today - dt.timedelta(days=7), today - dt.timedelta(days=3), today]
    own = [None, today - dt.timedelta(days=2), today + dt.timedelta(days=2)]
    made = []
    for n, (done, until) in enumerate([(d, u) for d in days for u in own]):
        agency = Agency.objects.create(code=f"s{n}", name=f"แห่งที่ {n}")
        at = timezone.make_aware(dt.datetime.combine(done, dt.time(23, 59))) if done else None
        made.append(Assessment.objects.create(round=cast.round, agency=agency, approved_at=at))
        if until:
            stage.extensions.create(agency=agency, closes=until, reason="ก")
    calendar = Calendar(cast.round)
    seen = set()
    for state in State:
        meant = in_state(calendar, StageKind.APPROVAL, state)
        found = set(Assessment.objects.filter(meant, agency__code__startswith="s"))
        for one in made:
            step = next(d for d in calendar.deadlines(one) if d.kind == StageKind.APPROVAL)
            assert (one in found) == (step.state == state), (one, state)
        seen |= {state} if found else set()
    assert seen == set(State)
    assert counts(cast.round).done[StageKind.APPROVAL] == 9


@pytest.mark.parametrize("address", ["/rounds/", "/rounds/2568/", "/rounds/new/", "/rounds/2568/extend/plan/"])
def test_round_pages_take_few_queries(
    address: str, cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client = client_of("assessor")
    stage = Stage.objects.get(round=cast.round, kind="plan")
    for n in range(1, 6):
        ExtendStage(
            by=cast.assessor, stage=stage, only=cast.agency, closes=stage.closes + dt.timedelta(days=n), reason="ก"
        ).execute()
    with django_assert_max_num_queries(20):
        assert client.get(address).status_code == 200


def test_agencies_are_told_whom_to_ask(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of("assessor").post("/rounds/2568/contact/", {"contact": "สำนักงานกลาง โทร. 02 111 1111"})
    assert answer.status_code == 302
    assert "สำนักงานกลาง โทร. 02 111 1111" in client_of("other_officer").get("/agencies/other/2568/").content.decode()
    assert "กำหนดผู้ที่หน่วยงาน 2 แห่งสอบถามได้" in sentence(Entry.objects.get(action="rounds.contact"))
