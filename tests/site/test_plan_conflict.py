"""Two officers write the same measure or point: the second sees both versions, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast
from django.test import Client
from plan_forms import PLAN, typed

from prongsai.site.people.models import Role, RoleKind
from prongsai.site.plans.models import Measure, Plan

Of = Callable[[str], Client]


@pytest.fixture
def plan(planned: Cast) -> Plan:
    found: Plan = planned.extra["plan"]
    Role.objects.create(person=planned.unit_owner, kind=RoleKind.OFFICER, agency=planned.agency, position="นิติกร")
    return found


@pytest.fixture
def both(plan: Plan, client_of: Of) -> tuple[Client, Client]:
    return client_of("officer"), client_of("unit_owner")


def first_measure() -> Measure:
    found = Measure.objects.first()
    assert found
    return found


def collide(both: tuple[Client, Client], first: dict[str, Any], second: dict[str, Any]) -> Any:
    """Both open the form; one saves, then the other."""
    measure = first_measure()
    opened = typed(measure)
    address = f"{PLAN}measures/{measure.pk}/"
    assert both[0].post(address, opened | first).status_code == 302
    return both[1].post(address, opened | second)


def test_the_second_sees_both_versions_field_by_field(plan: Plan, both: tuple[Client, Client]) -> None:
    answer = collide(both, {"title": "ฉบับของสมหญิง"}, {"title": "ฉบับของวิชัย", "monitoring": "วิชัยติดตาม"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "นางสมหญิง ตัวอย่าง บันทึกเมื่อ" in page
    assert "<mark>ฉบับของสมหญิง</mark>" in page
    assert "<mark>ฉบับของวิชัย</mark>" in page
    assert page.count("ต่างกัน") == 2  # title and monitoring, nothing else
    assert first_measure().title == "ฉบับของสมหญิง"
    assert 'name="version" value="2"' in page


def test_taking_mine_saves_it_over_the_version_that_was_seen(plan: Plan, both: tuple[Client, Client]) -> None:
    mine = {"title": "ฉบับของวิชัย"}
    opened = typed(first_measure())
    collide(both, {"title": "ฉบับของสมหญิง"}, mine)
    again = both[1].post(f"{PLAN}measures/{first_measure().pk}/", opened | mine | {"version": "2"})
    assert again.status_code == 302
    assert (first_measure().title, first_measure().version) == ("ฉบับของวิชัย", 3)


def test_merging_by_editing_keeps_something_of_both(plan: Plan, both: tuple[Client, Client]) -> None:
    opened = typed(first_measure())
    collide(both, {"title": "ฉบับของสมหญิง"}, {"monitoring": "วิชัยติดตาม"})
    merged = opened | {"title": "ฉบับของสมหญิง", "monitoring": "วิชัยติดตาม", "version": "2"}
    both[1].post(f"{PLAN}measures/{first_measure().pk}/", merged)
    assert (first_measure().title, first_measure().monitoring) == ("ฉบับของสมหญิง", "วิชัยติดตาม")


def test_a_third_save_in_between_is_seen_too(plan: Plan, both: tuple[Client, Client]) -> None:
    opened = typed(first_measure())
    collide(both, {"title": "หนึ่ง"}, {"title": "สอง"})
    both[0].post(f"{PLAN}measures/{first_measure().pk}/", opened | {"title": "สาม", "version": "2"})
    late = both[1].post(f"{PLAN}measures/{first_measure().pk}/", opened | {"title": "สอง", "version": "2"})
    assert late.status_code == 409
    assert "<mark>สาม</mark>" in late.content.decode()


def test_steps_of_both_are_shown_and_the_typed_ones_stay_in_the_form(plan: Plan, both: tuple[Client, Client]) -> None:
    answer = collide(both, {"s0-text": "ขั้นตอนของสมหญิง"}, {"s0-text": "ขั้นตอนของวิชัย", "s0-units": []})
    page = answer.content.decode()
    assert "<mark>ขั้นตอนของสมหญิง" in page
    assert "<mark>ขั้นตอนของวิชัย" in page
    assert page.count("ขั้นตอนของวิชัย") == 2  # beside the other, and in the form
    assert first_measure().steps.filter(text="ขั้นตอนของสมหญิง").exists()


def test_a_form_without_version_never_overwrites(plan: Plan, both: tuple[Client, Client]) -> None:
    opened = typed(first_measure())
    del opened["version"]
    before = first_measure().title
    assert both[0].post(f"{PLAN}measures/{first_measure().pk}/", opened | {"title": "ทับ"}).status_code == 409
    assert first_measure().title == before


def test_rows_changed_on_the_conflict_page_keep_the_version(plan: Plan, both: tuple[Client, Client]) -> None:
    opened = typed(first_measure())
    collide(both, {"title": "หนึ่ง"}, {"title": "สอง"})
    page = both[1].post(f"{PLAN}measures/{first_measure().pk}/", opened | {"version": "2", "rows": "add"})
    assert 'name="version" value="2"' in page.content.decode()


def test_a_measure_dropped_meanwhile_keeps_the_text_and_says_so(plan: Plan, both: tuple[Client, Client]) -> None:
    measure = first_measure()
    opened = typed(measure)
    both[0].post(f"{PLAN}measures/{measure.pk}/drop/", {"reason": "ซ้ำ"})
    answer = both[1].post(f"{PLAN}measures/{measure.pk}/", opened | {"title": "ยังใช้อยู่"}, follow=True)
    assert first_measure().title == "ยังใช้อยู่"
    assert "มาตรการนี้ถูกตัดออกอยู่" in answer.content.decode()


def test_points_collide_the_same_way(plan: Plan, both: tuple[Client, Client]) -> None:
    point = plan.points.first()
    assert point
    address = f"{PLAN}points/{point.pk}/"
    opened = {"version": "1", "topic": point.topic, "items": " ".join(point.items), "finding": "", "guideline": ""}
    both[0].post(address, opened | {"topic": "ของสมหญิง"})
    answer = both[1].post(address, opened | {"topic": "ของวิชัย"})
    assert answer.status_code == 409
    assert "<mark>ของสมหญิง</mark>" in answer.content.decode()
    both[1].post(address, opened | {"topic": "ของวิชัย", "version": "2"})
    point.refresh_from_db()
    assert point.topic == "ของวิชัย"
