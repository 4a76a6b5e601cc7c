"""The desk: what each member of the cast has to do now, an agency's years, and a year's steps."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from cast import CAST, Cast, give_results, make_round
from django.test import Client
from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.approval.models import Acknowledgement, Bundle, Circular, Rank, Turn
from prongsai.site.history.models import Entry
from prongsai.site.people.models import Role, RoleKind
from prongsai.site.plans.models import Measure, PlanState, Report
from prongsai.site.rounds.models import Assessment, Extension, Round, Stage, StageKind

ClientOf = Callable[[str], Client]


def text(response: Any) -> str:
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def home(client_of: ClientOf, name: str, english: bool = False) -> str:
    client = client_of(name)
    if english:
        client.cookies["language"] = "en"
    return text(client.get("/"))


def bundle_of(cast: Cast) -> Bundle:
    """A bundle under way: the head's turn."""
    plan = cast.extra["plan"]
    bundle = Bundle.objects.create(plan=plan, number=1, plan_revision=1, digest="0" * 64, by=cast.officer)
    for rank in Rank.objects.filter(agency=cast.agency):
        Turn.objects.create(bundle=bundle, order=rank.order, position=rank.position, role=rank.role, act=rank.act)
    return bundle


def move(days: int, *kinds: str) -> None:
    """Move the closing days of some stages."""
    today = timezone.localdate()
    Stage.objects.filter(kind__in=kinds or StageKind.values).update(
        opens=today - dt.timedelta(days=60), closes=today + dt.timedelta(days=days)
    )


def test_a_stranger_to_the_site_reads_what_this_is(db: None, client: Client) -> None:
    response = client.get("/")
    assert "หน่วยงานของท่านโปร่งใสเพียงใด" in text(response)
    assert "เข้าสู่ระบบ" in response.content.decode()


def test_someone_without_a_role_is_told_whom_to_ask(cast: Cast, client_of: ClientOf) -> None:
    assert "ยังไม่มีบทบาทในหน่วยงานใด" in home(client_of, "stranger")


@pytest.mark.parametrize(
    ("done", "title", "button", "page"),
    [
        ((), "นำเข้าผลการประเมิน", "นำเข้าผล", "import/"),
        (("results_at",), "จัดทำมาตรการจากจุดอ่อน", "เริ่มจัดทำมาตรการ", "plan/"),
        (("results_at", "submitted_at"), "เสนอผู้บริหารพิจารณา", "ไปที่การเสนออนุมัติ", "approval/"),
        (("results_at", "submitted_at", "approved_at"), "แจ้งเวียนและเผยแพร่", "แจ้งเวียนและเผยแพร่", "approval/"),
        (
            ("results_at", "submitted_at", "approved_at", "published_at"),
            "รายงานผลรอบ 6 เดือน", "ไปที่การติดตามผล", "progress/",
        ),
        (
            ("results_at", "submitted_at", "approved_at", "published_at", "reported_6_at"),
            "รายงานผลรอบ 12 เดือน", "ไปที่การติดตามผล", "progress/",
        ),
    ],
)  # fmt: skip
def test_an_officer_sees_the_next_step_of_the_year(
    done: tuple[str, ...], title: str, button: str, page: str, cast: Cast, client_of: ClientOf
) -> None:
    Assessment.objects.filter(pk=cast.assessment.pk).update(**dict.fromkeys(done, timezone.now()))
    cast.last_round.open = False
    cast.last_round.save()
    client = client_of("officer")
    response = client.get("/")
    seen = text(response)
    assert title in seen
    assert "เหลือ 30 วัน" in seen
    assert "เวลา 23:59:59 น." in seen
    assert "สอบถาม: สำนักงานตัวอย่าง" in seen
    assert re.search(rf'href="/agencies/muang/2568/{page}">{button}', response.content.decode())
    year = text(client.get("/agencies/muang/2568/"))
    assert title in year
    assert button in year


def test_a_finished_year_asks_nothing(cast: Cast, client_of: ClientOf) -> None:
    columns = (
        "results_at",
        "plan_at",
        "submitted_at",
        "approved_at",
        "published_at",
        "reported_6_at",
        "reported_12_at",
    )
    Assessment.objects.update(**dict.fromkeys(columns, timezone.now()))
    assert "ไม่มีงานที่ต้องทำในขณะนี้" in home(client_of, "officer")
    assert "ทำครบทุกขั้นตอนของปีนี้แล้ว" in text(client_of("officer").get("/agencies/muang/2568/"))


def test_the_most_urgent_stands_first_and_a_late_one_says_so(cast: Cast, client_of: ClientOf) -> None:
    today = timezone.localdate()
    Stage.objects.filter(round=cast.last_round, kind=StageKind.RESULTS).update(closes=today - dt.timedelta(days=3))
    seen = home(client_of, "officer")
    assert seen.index("พ.ศ. 2567") < seen.index("พ.ศ. 2568")
    assert "เลยกำหนด 3 วัน" in seen
    Stage.objects.filter(round=cast.last_round, kind=StageKind.RESULTS).update(closes=today)
    assert "วันนี้เป็นวันสุดท้าย" in home(client_of, "officer")
    assert "Today is the last day" in home(client_of, "officer", english=True)


def test_a_returned_plan_is_to_be_mended(planned: Cast, client_of: ClientOf) -> None:
    assert "ทำมาตรการให้ครบและเสนอ" in home(client_of, "officer")
    planned.extra["plan"].returned_at = timezone.now()
    planned.extra["plan"].save()
    assert "แก้ไขมาตรการที่ส่งคืน" in home(client_of, "officer")


def test_a_bundle_waits_for_the_one_whose_turn_it_is(planned: Cast, client_of: ClientOf) -> None:
    bundle = bundle_of(planned)
    assert "พิจารณามาตรการ" in home(client_of, "head")
    for other in ("palad", "chief", "other_officer", "unit_owner"):
        assert "พิจารณามาตรการ" not in home(client_of, other)
    assert "ถึงลำดับการพิจารณาของท่าน" in text(client_of("head").get("/agencies/muang/2568/"))
    assert "ถึงลำดับการพิจารณาของท่าน" not in text(client_of("palad").get("/agencies/muang/2568/"))
    seen = home(client_of, "officer")
    assert "รอผู้อื่น" in seen
    assert "รอการพิจารณาของ หัวหน้าสำนักปลัดเทศบาล" in seen
    bundle.turns.filter(order=1).update(verb="support", at=timezone.now())
    assert "พิจารณามาตรการ" not in home(client_of, "head")
    assert "พิจารณามาตรการ" in home(client_of, "palad")
    assert "Consider: Measures" in home(client_of, "palad", english=True)
    bundle.state = "returned"
    bundle.save()
    assert "พิจารณามาตรการ" not in home(client_of, "palad")


def test_a_unit_owner_sees_own_measures_to_report(planned: Cast, client_of: ClientOf) -> None:
    measure = Measure.objects.filter(choice="accepted").first()
    assert measure
    Measure.objects.exclude(pk=measure.pk).update(choice="dropped")
    for step in measure.steps.all():
        step.units.set([planned.units[1]])
    assert "รายงานผลรอบ" not in home(client_of, "unit_owner")  # the plan is not approved yet
    planned.extra["plan"].state = PlanState.PUBLISHED
    planned.extra["plan"].save()
    seen = home(client_of, "unit_owner")
    assert "รายงานผลรอบ 6 เดือน 1 มาตรการ" in seen
    assert measure.title[:30] in seen
    Report.objects.create(measure=measure, months=6, status="done", by=planned.unit_owner)
    assert "รายงานผลรอบ 6 เดือน" not in home(client_of, "unit_owner")
    for step in measure.steps.all():
        step.units.set([planned.units[2]])
    Report.objects.all().delete()
    assert "รายงานผลรอบ" not in home(client_of, "unit_owner")  # another unit's now


def test_a_circular_waits_for_the_unit(planned: Cast, client_of: ClientOf) -> None:
    circular = Circular.objects.create(bundle=bundle_of(planned))
    Acknowledgement.objects.create(circular=circular, unit=planned.units[1])
    assert "รับทราบหนังสือเวียนของกองคลัง" in home(client_of, "unit_owner")
    Acknowledgement.objects.update(at=timezone.now())
    assert "รับทราบหนังสือเวียน" not in home(client_of, "unit_owner")


def test_overseers_see_counts_and_the_late_with_links(cast: Cast, client_of: ClientOf) -> None:
    move(-1, StageKind.RESULTS)
    give_results(cast.assessment)
    response = client_of("assessor").get("/")
    seen = text(response)
    assert "2 หน่วยงาน" in seen
    assert "นำเข้าผลการประเมิน 1 / 2" in seen
    assert "/agencies/?round=2568&amp;step=results&amp;state=late" in response.content.decode()
    supervised = home(client_of, "supervisor")  # one province
    assert "นำเข้าผลการประเมิน 1 / 1" in supervised


def test_a_new_officer_is_guided_until_it_is_done(cast: Cast, client_of: ClientOf) -> None:
    Assessment.objects.filter(round=cast.last_round).delete()
    seen = home(client_of, "officer")
    assert "เริ่มต้นงาน ITA 2 / 5" in seen  # units and chain are there
    assert "นำเข้าผลการประเมินของปี ยังไม่ทำ" in seen
    assert "ผู้ดูแลระบบของหน่วยงาน: นางสุดา ตัวอย่าง" in seen
    now = timezone.now()
    Assessment.objects.filter(pk=cast.assessment.pk).update(results_at=now, plan_at=now, submitted_at=now)
    assert "เริ่มต้นงาน ITA" not in home(client_of, "officer")


def test_administrators_see_what_is_not_set_up(cast: Cast, client_of: ClientOf) -> None:
    assert "ตั้งค่า" not in home(client_of, "agency_admin")
    assert "ตั้งค่า" not in home(client_of, "admin")
    Role.objects.filter(kind=RoleKind.UNIT_OWNER).delete()
    Role.objects.update(unit=None)
    Unit.objects.all().delete()
    assert "ตั้งค่าหน่วยงาน 3 / 5" in home(client_of, "agency_admin")
    Round.objects.update(open=False)
    assert "ตั้งค่าระบบ 1 / 4" in home(client_of, "admin")


def test_the_agency_shows_its_years_with_progress(scored: Cast, client_of: ClientOf) -> None:
    Assessment.objects.filter(pk=scored.assessment.pk).update(overall="92.89", level="ผ่าน")
    seen = text(client_of("chief").get("/agencies/muang/"))
    assert "92.89 ผ่าน" in seen
    assert seen.index("2568") < seen.index("2567")
    assert "นำเข้าผลการประเมิน : ทำแล้ว" in seen
    assert "ยังไม่มีผล" in seen  # last year


def test_an_agency_in_no_round_says_who_adds_it(cast: Cast, client_of: ClientOf) -> None:
    Agency.objects.create(code="new", name="เทศบาลใหม่", province="นครปฐม")
    assert "ยังไม่อยู่ในรอบการประเมินใด" in text(client_of("admin").get("/agencies/new/"))


def test_the_year_shows_steps_extension_and_history(scored: Cast, client_of: ClientOf) -> None:
    stage = Stage.objects.get(round=scored.round, kind=StageKind.PLAN)
    later = stage.closes + dt.timedelta(days=10)
    Extension.objects.create(stage=stage, agency=scored.agency, closes=later, reason="น้ำท่วมสำนักงาน", by=scored.admin)
    entry = Entry(actor=scored.officer, agency=scored.agency, action="nothing.known", subject="", facts={}, personal={})
    entry.seal()
    entry.save()
    seen = text(client_of("officer").get("/agencies/muang/2568/"))
    assert "เหลือ 40 วัน" in seen
    assert "เหตุผล: น้ำท่วมสำนักงาน" in seen
    assert "✓ ทำแล้ว" in seen
    assert "สอบถาม: สำนักงานตัวอย่าง" in seen
    assert "ความเคลื่อนไหวล่าสุด" in seen
    outside = text(client_of("assessor").get("/agencies/muang/2568/"))
    assert "ความเคลื่อนไหวล่าสุด" not in outside  # the log is the agency's own
    assert "เปิดดู" in outside  # and the button only leads there
    assert (
        'href="/agencies/muang/2568/approval/"'
        not in client_of("assessor").get("/agencies/muang/2568/").content.decode()
    )


def test_a_step_done_late_says_so(scored: Cast, client_of: ClientOf) -> None:
    move(-5, StageKind.RESULTS)
    assert "หลังกำหนด" in text(client_of("officer").get("/agencies/muang/2568/"))


def test_a_round_without_a_calendar_says_so(cast: Cast, client_of: ClientOf) -> None:
    Stage.objects.all().delete()
    assert "รอบนี้ยังไม่มีปฏิทิน" in text(client_of("officer").get("/agencies/muang/2568/"))
    assert "ไม่มีวันกำหนด" in home(client_of, "officer")


@pytest.mark.parametrize("name", [name for name in CAST if name != "nobody"])
def test_no_page_asks_more_than_twenty_queries(
    name: str, planned: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    bundle_of(planned)
    Circular.objects.create(bundle=planned.extra["plan"].bundles.get())
    planned.extra["plan"].state = PlanState.PUBLISHED
    planned.extra["plan"].save()
    for year in (2565, 2566):
        Assessment.objects.create(round=make_round(year), agency=planned.agency)
        Round.objects.filter(slug=str(year)).update(open=False)
    pages = ["/"] if name in ("stranger", "other_officer") else ["/", "/agencies/muang/", "/agencies/muang/2568/"]
    client = client_of(name)
    for page in pages:
        with django_assert_max_num_queries(20):
            assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("name", [name for name in CAST if name != "nobody"])
def test_home_speaks_english(name: str, planned: Cast, client_of: ClientOf) -> None:
    bundle_of(planned)
    seen = home(client_of, name, english=True)
    assert "My work" in seen
    for word in ("ต้องทำ", "ภายใน", "สอบถาม", "เหลือ", "หน่วยงานของฉัน", "ตั้งค่า"):
        assert word not in seen


def test_another_agencys_tasks_are_not_seen(planned: Cast, client_of: ClientOf) -> None:
    bundle_of(planned)
    seen = home(client_of, "other_officer")
    assert "เทศบาลเมืองตัวอย่าง" not in seen
