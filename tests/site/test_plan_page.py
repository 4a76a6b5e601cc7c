"""The plan page: draw up, accept, edit, drop, restore, merge, order; what is lacking; who may and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from cast import RESULT_YEAR, UNITS, Cast
from django.test import Client
from django.utils import timezone
from plan_forms import PLAN, act, typed

from prongsai.analysis.findings import findings
from prongsai.site.agencies.models import Unit
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.plans import states
from prongsai.site.plans.convert import as_plan
from prongsai.site.plans.models import Choice, Comment, Measure, Plan, PlanState, Point, Step
from prongsai.site.plans.readiness import problems
from prongsai.site.results.sheet import current_sheet
from prongsai.site.rounds.models import Extension, Stage, StageKind

Of = Callable[[str], Client]


@pytest.fixture
def officer(client_of: Of) -> Client:
    return client_of("officer")


@pytest.fixture
def plan(planned: Cast) -> Plan:
    found: Plan = planned.extra["plan"]
    return found


def last_sentence() -> str:
    entry = Entry.objects.first()
    assert entry
    return sentence(entry)


def first_measure() -> Measure:
    found = Measure.objects.first()
    assert found
    return found


# --- drawing up


def test_without_results_the_page_says_what_comes_first(cast: Cast, officer: Client) -> None:
    page = officer.get(PLAN).content.decode()
    assert "ยังไม่มีผลการประเมินของปีนี้" in page
    assert "plan/draft/" not in page


def test_one_button_draws_up_every_weak_point(scored: Cast, officer: Client) -> None:
    assert "ร่างมาตรการจากผลการประเมิน" in officer.get(PLAN).content.decode()
    answer = officer.post(f"{PLAN}draft/", {"kind": "measures", "action_year": str(RESULT_YEAR + 1)}, follow=True)
    plan = Plan.objects.get()
    sheet = current_sheet(scored.assessment)
    assert sheet
    weak = {finding.item.code for finding in findings(sheet) if finding.weak}
    assert {code for point in plan.points.all() for code in point.items} == weak
    assert set(Measure.objects.values_list("choice", flat=True)) == {Choice.PROPOSED}
    assert Step.objects.filter(units__name__in=UNITS).exists()  # the agency's own names where they fit
    assert "ร่างมาตรการแล้ว" in answer.content.decode()
    assert "นางสมหญิง ตัวอย่าง ร่างมาตรการจากผลการประเมิน" in last_sentence()
    scored.assessment.refresh_from_db()
    assert scored.assessment.plan_at


def test_kind_and_year_are_chosen_and_a_year_before_the_results_is_refused(scored: Cast, officer: Client) -> None:
    refused = officer.post(f"{PLAN}draft/", {"kind": "action_plan", "action_year": str(RESULT_YEAR)})
    assert refused.status_code == 409
    assert "ต้องอยู่หลังปีของผลการประเมิน" in refused.content.decode()
    officer.post(f"{PLAN}draft/", {"kind": "action_plan", "action_year": "๒๕๗๐"})
    assert Plan.objects.values_list("kind", "action_year").get() == ("action_plan", RESULT_YEAR + 2)


def test_a_second_draft_is_refused(plan: Plan, officer: Client) -> None:
    answer = officer.post(f"{PLAN}draft/", {"kind": "measures", "action_year": str(RESULT_YEAR + 1)})
    assert answer.status_code == 409
    assert "มีร่างมาตรการของปีนี้แล้ว" in answer.content.decode()
    assert Plan.objects.count() == 1


def test_kind_and_year_can_be_changed_later(plan: Plan, officer: Client) -> None:
    officer.post(f"{PLAN}kind/", {"kind": "action_plan", "action_year": str(RESULT_YEAR + 1)})
    plan.refresh_from_db()
    assert (plan.kind, plan.revision) == ("action_plan", 2)
    assert "action_plan" not in last_sentence()  # people read words, not codes


# --- measures


def test_accept_then_undo(plan: Plan, officer: Client) -> None:
    measure = first_measure()
    Measure.objects.update(choice=Choice.PROPOSED)
    answer = act(officer, "measures", measure.pk, "accept", anchor=f"measure-{measure.pk}")
    assert answer["Location"].endswith(f"#measure-{measure.pk}")
    assert first_measure().choice == Choice.ACCEPTED
    assert f"รับมาตรการ “{measure.title}”" in last_sentence()
    act(officer, "measures", measure.pk, "restore")
    assert first_measure().choice == Choice.PROPOSED
    plan.refresh_from_db()
    assert plan.revision == 3  # each change counts


def test_htmx_gets_the_changed_card_and_the_new_state_only(plan: Plan, officer: Client) -> None:
    measure = first_measure()
    address = f"{PLAN}measures/{measure.pk}/restore/"
    answer = officer.post(address, headers={"HX-Request": "true"}).content.decode()
    assert answer.count("<article") == 1
    assert f'id="point-{measure.point_id}"' in answer
    assert 'id="plan-head"' in answer
    assert "hx-swap-oob" in answer
    assert "<html" not in answer


def test_accept_all_takes_only_what_waits(plan: Plan, officer: Client) -> None:
    ours = list(Measure.objects.all())
    Measure.objects.filter(pk__in=[m.pk for m in ours[1:3]]).update(choice=Choice.PROPOSED)
    Measure.objects.filter(pk=ours[0].pk).update(choice=Choice.DROPPED, reason="ซ้ำ")
    officer.post(f"{PLAN}accept/")
    assert first_measure().choice == Choice.DROPPED
    assert not Measure.objects.filter(choice=Choice.PROPOSED).exists()
    assert "2 มาตรการ" in last_sentence()


def test_dropping_needs_a_reason_and_can_be_undone(plan: Plan, officer: Client) -> None:
    measure = first_measure()
    answer = act(officer, "measures", measure.pk, "drop", reason="  ")
    assert answer.status_code == 409
    assert "โปรดระบุเหตุผล" in answer.content.decode()
    assert first_measure().choice == Choice.ACCEPTED
    act(officer, "measures", measure.pk, "drop", reason="ทำไปแล้วในปีก่อน")
    assert first_measure().reason == "ทำไปแล้วในปีก่อน"
    assert "เหตุผล: ทำไปแล้วในปีก่อน" in last_sentence()
    assert measure.key not in {m.id for p in as_plan(plan).points for m in p.measures}
    assert "เหตุผล: ทำไปแล้วในปีก่อน" in officer.get(PLAN).content.decode()
    act(officer, "measures", measure.pk, "restore")
    assert first_measure().choice == Choice.PROPOSED


def test_edit_a_measure_with_thai_digits_dates_and_units(plan: Plan, officer: Client, planned: Cast) -> None:
    measure = first_measure()
    data = typed(measure) | {
        "title": "มาตรการใหม่",
        "budget": "๑๒,๕๐๐.๕๐",
        "budget_source": "ข้อบัญญัติ",
        "s0-text": "ทำก่อน",
        "s0-units": [str(unit.pk) for unit in planned.units[:2]],
        "s0-start_day": "๑",
        "s0-start_month": "10",
        "s0-start_year": "2568",
    }
    answer = officer.post(f"{PLAN}measures/{measure.pk}/", data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    saved = first_measure()
    assert (saved.title, saved.budget, saved.version) == ("มาตรการใหม่", Decimal("12500.50"), 2)
    step = saved.steps.first()
    assert step
    assert (step.text, step.start) == ("ทำก่อน", dt.date(2025, 10, 1))
    assert [unit.name for unit in step.units.all()] == list(UNITS[:2])
    assert saved.key == measure.key
    assert "แก้ไขมาตรการ “มาตรการใหม่”" in last_sentence()


def test_editing_a_proposal_accepts_it(plan: Plan, officer: Client) -> None:
    Measure.objects.update(choice=Choice.PROPOSED)
    officer.post(f"{PLAN}measures/{first_measure().pk}/", typed(first_measure()))
    assert first_measure().choice == Choice.ACCEPTED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "โปรดกรอกช่องนี้"),
        ({"budget": "-5"}, "0"),
        ({"budget": "มาก"}, "has-error"),
        ({"s0-start_day": "31", "s0-start_month": "2", "s0-start_year": "2569"}, "ไม่มีวันที่ 31 ในเดือนนั้น"),
        (
            {
                "s0-start_day": "2", "s0-start_month": "1", "s0-start_year": "2569",
                "s0-end_day": "1", "s0-end_month": "1", "s0-end_year": "2569",
            },
            "วันสิ้นสุดอยู่ก่อนวันเริ่มต้น",
        ),
        ({"s0-units": ["999999"]}, "has-error"),
    ],
)  # fmt: skip
def test_bad_input_is_shown_at_the_field_and_keeps_what_was_typed(
    plan: Plan, officer: Client, wrong: dict[str, str], words: str
) -> None:
    measure = first_measure()
    answer = officer.post(f"{PLAN}measures/{measure.pk}/", typed(measure) | {"monitoring": "ข้อความที่พิมพ์ไว้"} | wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert "ข้อความที่พิมพ์ไว้" in page
    assert first_measure().version == 1


def test_rows_of_steps_change_without_saving_and_without_javascript(plan: Plan, officer: Client) -> None:
    measure = first_measure()
    data = typed(measure) | {"s0-text": "ขั้นตอนแรก", "s1-text": "ขั้นตอนสอง"}
    before = list(measure.steps.values_list("text", flat=True))
    more = officer.post(f"{PLAN}measures/{measure.pk}/", data | {"rows": "add"}).content.decode()
    assert f"ขั้นตอนที่ {len(before) + 1}" in more
    assert "ขั้นตอนแรก" in more
    assert "โปรดกรอกช่องนี้" not in more
    moved = officer.post(f"{PLAN}measures/{measure.pk}/", data | {"rows": "down-0"}).content.decode()
    assert moved.index("ขั้นตอนสอง") < moved.index("ขั้นตอนแรก")
    fewer = officer.post(f"{PLAN}measures/{measure.pk}/", data | {"rows": "remove-0"}).content.decode()
    assert "ขั้นตอนแรก" not in fewer
    assert list(measure.steps.values_list("text", flat=True)) == before


def test_a_measure_of_ones_own(plan: Plan, officer: Client, planned: Cast) -> None:
    point = Point.objects.first()
    assert point
    data = {"title": "ทำเอง", "steps": "2", "s0-text": "เริ่ม", "s0-units": str(planned.units[0].pk), "s1-text": ""}
    officer.post(f"{PLAN}points/{point.pk}/measures/add/", data)
    made = Measure.objects.get(title="ทำเอง")
    assert (made.choice, made.steps.count()) == (Choice.ACCEPTED, 1)  # the empty row is no step
    assert Measure.objects.filter(key=made.key).count() == 1


def test_other_proposals_of_the_theme_can_be_taken(plan: Plan, officer: Client) -> None:
    measure = Measure.objects.exclude(proposal="").first()
    assert measure
    proposal = measure.proposal
    measure.delete()
    assert f'value="{proposal}"' in officer.get(PLAN).content.decode()
    act(officer, "points", measure.point_id, "propose", proposal=proposal)
    taken = Measure.objects.get(proposal=proposal)
    assert taken.choice == Choice.ACCEPTED
    assert taken.steps.exists()
    assert f'value="{proposal}"' not in officer.get(PLAN).content.decode()


def test_measures_and_points_are_put_in_order_by_buttons(plan: Plan, officer: Client) -> None:
    one, two = list(plan.points.all())[:2]
    act(officer, "points", one.pk, "down")
    assert [p.pk for p in plan.points.all()][:2] == [two.pk, one.pk]
    assert act(officer, "points", two.pk, "up").status_code == 409
    with_two = next(p for p in plan.points.all() if p.measures.count() > 1)
    first, second = list(with_two.measures.all())[:2]
    act(officer, "measures", second.pk, "up")
    assert [m.pk for m in with_two.measures.all()][:2] == [second.pk, first.pk]


# --- points


def test_merge_answers_both_points_and_can_be_undone(plan: Plan, officer: Client) -> None:
    one, two = list(plan.points.all())[:2]
    before = as_plan(plan)
    act(officer, "points", two.pk, "merge", into=str(one.pk))
    merged = as_plan(plan).points
    assert len(merged) == len(before.points) - 1
    assert set(merged[0].items) == {*one.items, *two.items}
    assert {m.id for m in merged[0].measures} == {m.id for p in before.points[:2] for m in p.measures}
    assert f"“{two}” เข้ากับประเด็น “{one}”" in last_sentence()
    assert "แยกกลับ" in officer.get(PLAN).content.decode()
    # a point that was merged away takes no other, nor itself
    three = plan.points.last()
    assert three
    assert act(officer, "points", three.pk, "merge", into=str(two.pk)).status_code == 409
    assert act(officer, "points", one.pk, "merge", into=str(one.pk)).status_code == 409
    act(officer, "points", two.pk, "restore")
    assert as_plan(plan) == before


def test_drop_and_restore_a_point(plan: Plan, officer: Client) -> None:
    point = plan.points.first()
    assert point
    assert act(officer, "points", point.pk, "drop").status_code == 409
    act(officer, "points", point.pk, "drop", reason="ไม่อยู่ในอำนาจ")
    assert "ไม่อยู่ในอำนาจ" in officer.get(PLAN).content.decode()
    assert len(as_plan(plan).points) == plan.points.count() - 1
    act(officer, "points", point.pk, "restore")
    assert len(as_plan(plan).points) == plan.points.count()


def test_a_point_of_ones_own_with_items_of_this_year(plan: Plan, officer: Client) -> None:
    wrong = officer.post(f"{PLAN}points/add/", {"topic": "เรื่องใหม่", "items": "i1 z9"})
    assert wrong.status_code == 400
    assert "ไม่มีข้อ z9" in wrong.content.decode()
    officer.post(f"{PLAN}points/add/", {"topic": "เรื่องใหม่", "items": "I๑, i2"})
    made = Point.objects.get(topic="เรื่องใหม่")
    assert made.items == ["i1", "i2"]
    assert made.indicators == ["1"]
    assert made.order > 1


# --- what is lacking


def test_what_is_lacking_links_to_its_place(plan: Plan, officer: Client) -> None:
    point = next(p for p in plan.points.all() if p.measures.exists())
    point.measures.update(choice=Choice.DROPPED, reason="x")
    other = Measure.objects.filter(choice=Choice.ACCEPTED).first()
    assert other
    Step.objects.filter(measure=other).update(start=dt.date(2020, 1, 1))
    page = officer.get(PLAN).content.decode()
    assert f'href="#point-{point.pk}">ประเด็นนี้ยังไม่มีมาตรการ' in page
    assert f'href="#point-{point.pk}">ข้อ {point.items[0]} ' in page  # an unanswered item leads to its point
    outside = page[page.index(f'href="#measure-{other.pk}"') :]
    assert f"อยู่นอกปีงบประมาณ พ.ศ. {plan.action_year}" in outside[:200]
    codes = {problem.code for problem in problems(plan)}
    assert {"plan.unanswered", "plan.no_measure", "plan.period_outside"} <= codes


def test_a_wrong_filing_and_copied_text_are_found(plan: Plan, officer: Client) -> None:
    one, two = list(Measure.objects.all())[:2]
    one.title = two.title = "มาตรการที่มีข้อความยาวพอสมควรเพื่อให้ตรวจได้ว่าคัดลอกซ้ำกันทั้งข้อความ"
    one.save()
    two.save()
    Plan.objects.filter(pk=plan.pk).update(filed_year=RESULT_YEAR - 3, filed_item="o1")
    plan.refresh_from_db()
    assert "plan.copied" in {problem.code for problem in problems(plan)}
    assert f'href="#measure-{two.pk}">ข้อความซ้ำกับ' in officer.get(PLAN).content.decode()


# --- states and deadlines


@pytest.mark.parametrize("mark", [states.mark_submitted, states.mark_approved, states.mark_published])
def test_an_edit_of_a_plan_that_stands_warns_first_and_then_needs_approval_anew(
    plan: Plan, officer: Client, mark: Callable[[Plan], None]
) -> None:
    states.mark_submitted(plan)
    mark(plan)
    measure = first_measure()
    data = typed(measure) | {"title": "แก้หลังเสนอ"}
    warned = officer.post(f"{PLAN}measures/{measure.pk}/", data)
    page = warned.content.decode()
    assert warned.status_code == 409
    assert "ต้องเสนออนุมัติใหม่" in page
    assert "แก้หลังเสนอ" in page  # what was typed goes along
    assert first_measure().title == measure.title
    officer.post(f"{PLAN}measures/{measure.pk}/", data | {"confirmed": "1"})
    assert first_measure().title == "แก้หลังเสนอ"
    plan.refresh_from_db()
    assert (plan.state, plan.revision) == (PlanState.DRAFT, 2)
    plan.assessment.refresh_from_db()
    found = plan.assessment
    assert (found.submitted_at, found.approved_at, found.published_at) == (None, None, None)


def close(kind: StageKind, days_ago: int = 1) -> None:
    Stage.objects.filter(kind=kind).update(closes=timezone.localdate() - dt.timedelta(days=days_ago))


def test_after_the_deadline_nothing_changes_and_the_way_out_is_said(plan: Plan, officer: Client, planned: Cast) -> None:
    close(StageKind.PLAN)
    measure = first_measure()
    answer = officer.post(f"{PLAN}measures/{measure.pk}/", typed(measure) | {"title": "สาย"})
    assert answer.status_code == 409
    assert "ปิดรับเมื่อวันที่" in answer.content.decode()
    assert "ขอขยายเวลา" in answer.content.decode()
    assert first_measure().title == measure.title
    assert "ขอขยายเวลา" in officer.get(PLAN).content.decode()
    stage = Stage.objects.get(kind=StageKind.PLAN, round=planned.round)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    Extension.objects.create(stage=stage, agency=planned.agency, closes=tomorrow, reason="น้ำท่วม")
    assert officer.post(f"{PLAN}measures/{measure.pk}/", typed(measure) | {"title": "ทัน"}).status_code == 302


def test_drafting_after_the_deadline_is_refused(scored: Cast, officer: Client) -> None:
    close(StageKind.PLAN)
    answer = officer.post(f"{PLAN}draft/", {"kind": "measures", "action_year": str(RESULT_YEAR + 1)})
    assert answer.status_code == 409
    assert not Plan.objects.exists()


def test_a_plan_sent_back_may_be_corrected_until_the_approval_step_closes(plan: Plan, officer: Client) -> None:
    states.mark_submitted(plan)
    states.mark_returned(plan)
    close(StageKind.PLAN)
    measure = first_measure()
    assert act(officer, "measures", measure.pk, "drop", reason="ตามความเห็น").status_code == 302
    assert "ส่งคืนให้แก้ไข" in officer.get(PLAN).content.decode()
    close(StageKind.APPROVAL)
    assert act(officer, "measures", measure.pk, "restore").status_code == 409
    states.mark_submitted(plan)
    assert plan.returned_at is None


# --- who


@pytest.mark.parametrize("member", ["unit_owner", "head", "supervisor", "agency_admin", "other_officer", "stranger"])
def test_only_officers_change_a_plan(plan: Plan, client_of: Of, member: str) -> None:
    measure = first_measure()
    client = client_of(member)
    assert act(client, "measures", measure.pk, "drop", reason="x").status_code == 404
    assert client.post(f"{PLAN}measures/{measure.pk}/", typed(measure)).status_code == 404
    assert first_measure().choice == Choice.ACCEPTED


def test_a_reader_sees_no_buttons(plan: Plan, client_of: Of) -> None:
    page = client_of("head").get(PLAN).content.decode()
    assert first_measure().title in page
    assert "ตัดออก" not in page
    assert "measures/add" not in page


def test_a_draft_is_not_there_for_an_assessor_until_it_is_published(plan: Plan, client_of: Of) -> None:
    title = first_measure().title
    assessor = client_of("assessor")
    assert title not in assessor.get(PLAN).content.decode()
    assert "ยังไม่ได้เผยแพร่มาตรการ" in assessor.get(PLAN).content.decode()
    assert assessor.get(f"{PLAN}plan.yaml").status_code == 404
    states.mark_published(plan)
    assert title in assessor.get(PLAN).content.decode()
    assert assessor.get(f"{PLAN}plan.yaml").status_code == 200


def test_a_measure_of_another_agencys_plan_is_not_there(plan: Plan, officer: Client, planned: Cast) -> None:
    from cast import give_plan

    other = give_plan(planned.other.assessments.get())
    theirs = Measure.objects.filter(point__plan=other).first()
    assert theirs
    assert act(officer, "measures", theirs.pk, "drop", reason="x").status_code == 404
    assert officer.get(f"{PLAN}measures/{theirs.pk}/").status_code == 404
    point = plan.points.first()
    assert point
    assert act(officer, "points", point.pk, "merge", into=str(theirs.point_id)).status_code == 404


def test_advice_and_the_answer_to_it(plan: Plan, client_of: Of) -> None:
    measure = first_measure()
    client_of("supervisor").post(f"{PLAN}comments/", {"measure": str(measure.pk), "text": "ควรระบุวัน"})
    page = client_of("officer").get(PLAN).content.decode()
    assert "ควรระบุวัน" in page
    assert f"ให้ความเห็นต่อ “{measure.title}”" in last_sentence()
    assert "ควรระบุวัน" not in last_sentence()
    client_of("officer").post(f"{PLAN}comments/", {"text": "รับทราบ"})
    assert Comment.objects.filter(measure=None, text="รับทราบ").exists()
    plan.refresh_from_db()
    assert plan.revision == 1  # words about a plan do not change it
    assert "ควรระบุวัน" not in client_of("inspector").get(PLAN).content.decode()


# --- size


def test_a_large_plan_takes_few_queries(
    planned: Cast, plan: Plan, officer: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    from cast import give_plan, give_results

    plan.points.all().delete()
    units = list(Unit.objects.filter(agency=planned.agency))
    for p in range(1, 31):
        point = Point.objects.create(plan=plan, order=p, key=f"p{p}", items=["i1"], topic=f"ประเด็น {p}")
        for m in range(1, 4):
            measure = Measure.objects.create(
                point=point, order=m, key=f"p{p}m{m}", title=f"มาตรการ {p}.{m}", choice=Choice.ACCEPTED
            )
            for s in range(1, 5):
                Step.objects.create(measure=measure, order=s, text=f"ขั้นตอน {s}").units.add(units[s % len(units)])
    before = planned.last_round.assessments.get(agency=planned.agency)
    give_results(before, seed=5)
    give_plan(before)
    for who in ("first", "second"):
        with django_assert_max_num_queries(20):
            page = officer.get(PLAN).content.decode()
        assert page.count('class="plan-measure') == 90, who
    measure = first_measure()
    with django_assert_max_num_queries(20):
        officer.get(f"{PLAN}measures/{measure.pk}/")
    with django_assert_max_num_queries(20):
        officer.get(f"{PLAN}copy/")
