"""Plan files in and out: a preview first, then all or nothing; a stored plan is the plan it was made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import RESULT_YEAR, Cast, give_plan
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_forms import PLAN

from prongsai.analysis.findings import findings
from prongsai.framework import for_year
from prongsai.improvement.draft import DraftOptions, draft_plan
from prongsai.improvement.files import read_plan, to_yaml
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate
from prongsai.site.agencies.models import Unit
from prongsai.site.files.models import Stored
from prongsai.site.history.models import Entry
from prongsai.site.plans import states
from prongsai.site.plans.convert import as_plan, store
from prongsai.site.plans.models import Choice, Comment, Measure, Plan

Of = Callable[[str], Client]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    quality=st.floats(0.3, 0.98),
    kind=st.sampled_from(["measures", "action_plan"]),
    many=st.integers(1, 3),
)
def test_a_stored_plan_is_the_plan_it_was_made_from(
    cast: Cast, seed: int, quality: float, kind: str, many: int
) -> None:
    sheet = score(simulate(Spec(for_year(RESULT_YEAR), seed=seed, quality=quality)).results)
    names = tuple(unit.name for unit in cast.units)
    shape = draft_plan(sheet, findings(sheet), DraftOptions(kind, units=names, measures_per_point=many))
    agency = shape.agency.model_copy(
        update={
            "name": cast.agency.name,
            "kind": cast.agency.kind,
            "district": cast.agency.district,
            "province": cast.agency.province,
        }
    )
    shape = shape.model_copy(update={"agency": agency})
    Plan.objects.all().delete()
    plan = Plan.objects.create(
        assessment=cast.assessment,
        kind=kind,
        action_year=shape.action_year,
        filed_year=shape.filed_as.fiscal_year if shape.filed_as else None,
        filed_item=shape.filed_as.item if shape.filed_as else "",
    )
    store(plan, shape, Choice.ACCEPTED)
    assert as_plan(plan) == shape


@pytest.fixture
def plan(planned: Cast) -> Plan:
    found: Plan = planned.extra["plan"]
    return found


def upload(client: Client, text: str | bytes, name: str = "แผน.yaml") -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(f"{PLAN}import/", {"file": SimpleUploadedFile(name, data)})


def take(client: Client, plan: Plan, **extra: str) -> Any:
    plan.refresh_from_db()
    stored = Stored.objects.latest("pk")
    return client.post(f"{PLAN}import/take/", {"file": str(stored.pk), "revision": str(plan.revision), **extra})


def test_export_is_what_the_command_line_reads(plan: Plan, client_of: Of, tmp_path: Path) -> None:
    answer = client_of("officer").get(f"{PLAN}plan.yaml")
    (tmp_path / "plan.yaml").write_bytes(answer.content)
    assert read_plan(tmp_path / "plan.yaml") == as_plan(plan)
    assert "attachment" in answer["Content-Disposition"]


def test_import_shows_first_and_changes_all_at_once(plan: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    before = as_plan(plan)
    kept = Measure.objects.first()
    assert kept
    Comment.objects.create(plan=plan, measure=kept, text="คงอยู่")
    points = list(before.points)
    first = points[0].measures[0].model_copy(update={"title": "ชื่อใหม่"})
    step = first.steps[0].model_copy(update={"units": ["กองใหม่"]})
    first = first.model_copy(update={"steps": [step]})
    points[0] = points[0].model_copy(update={"measures": [first]})
    gone = points.pop()
    wanted = before.model_copy(update={"points": points})
    page = upload(officer, to_yaml(wanted)).content.decode()
    assert "ชื่อใหม่" in page
    assert "กองใหม่" in page
    assert all(m.title in page for m in gone.measures)
    assert as_plan(plan) == before  # a preview changes nothing
    assert take(officer, plan).status_code == 302
    assert as_plan(plan) == wanted
    assert Unit.objects.filter(name="กองใหม่", agency=plan.assessment.agency).exists()
    assert Comment.objects.get(text="คงอยู่").measure_id == kept.pk
    dropped = Measure.objects.filter(point__key=gone.id)
    assert dropped.count() == len(gone.measures)  # still there, to be restored
    entry = Entry.objects.filter(action="plan.import").get()
    assert entry.facts["count"] == len(points)


def test_export_then_import_changes_nothing(plan: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    before = as_plan(plan)
    page = upload(officer, officer.get(f"{PLAN}plan.yaml").content).content.decode()
    assert "ตรงกับแผนปัจจุบันทุกมาตรการ" in page
    take(officer, plan)
    assert as_plan(plan) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("name: เทศบาลเมืองตัวอย่าง", "name: เทศบาลอื่น"), "ไฟล์นี้เป็นของ “เทศบาลอื่น”"),
        (lambda text: text.replace(f"result_year: {RESULT_YEAR}", "result_year: 2567"), "ปีของผลการประเมินในไฟล์คือ 2567"),
        (lambda text: text.replace("framework: ita-2568", "framework: ita-2567"), "กรอบการประเมินในไฟล์คือ ita-2567"),
        (lambda text: text + "\nextra: 1\n", "extra"),
        (lambda text: text.replace("id: p2\n", "id: p1\n"), "ใช้ซ้ำ"),
        (lambda text: "[]", "error"),
        (lambda text: "a: [", "error"),
        (lambda text: "<svg/>", "error"),
        (lambda text: "", "ไฟล์ว่างเปล่า"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused_with_the_place(
    plan: Plan, client_of: Of, change: Callable[[str], str], words: str
) -> None:
    officer = client_of("officer")
    text = officer.get(f"{PLAN}plan.yaml").content.decode()
    assert change(text) != text
    answer = upload(officer, change(text))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "ยังไม่มีข้อมูลใดเปลี่ยนแปลง" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.revision == 1
    assert not Stored.objects.exists()


def test_no_file_and_another_kind_of_file(plan: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    assert "โปรดเลือกไฟล์" in officer.post(f"{PLAN}import/").content.decode()
    assert upload(officer, b"%PDF-1.7 x", "plan.yaml").status_code == 400


def test_a_plan_changed_since_the_preview_is_previewed_again(plan: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    upload(officer, to_yaml(as_plan(plan)))
    measure = Measure.objects.first()
    assert measure
    officer.post(f"{PLAN}measures/{measure.pk}/drop/", {"reason": "ระหว่างนั้น"})
    answer = take(officer, plan, revision="1")
    assert answer.status_code == 200
    assert "แผนเปลี่ยนไปหลังจากที่แสดงตัวอย่าง" in answer.content.decode()
    measure.refresh_from_db()
    assert measure.choice == Choice.DROPPED


def test_importing_over_a_submitted_plan_warns_first(plan: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    upload(officer, to_yaml(as_plan(plan)))
    states.mark_submitted(plan)
    assert take(officer, plan).status_code == 409
    assert take(officer, plan, confirmed="1").status_code == 302
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_another_agencys_upload_is_not_there(plan: Plan, planned: Cast, client_of: Of) -> None:
    give_plan(planned.other.assessments.get())
    upload(client_of("officer"), to_yaml(as_plan(plan)))
    stored = Stored.objects.latest("pk")
    address = "/agencies/other/2568/plan/import/take/"
    assert client_of("other_officer").post(address, {"file": str(stored.pk), "revision": "1"}).status_code == 404


def test_a_file_brings_back_what_was_dropped_or_merged(plan: Plan, client_of: Of) -> None:
    officer = client_of("officer")
    before = as_plan(plan)
    one, two, three = list(plan.points.all())[:3]
    officer.post(f"{PLAN}points/{one.pk}/drop/", {"reason": "ทดลอง"})
    officer.post(f"{PLAN}points/{three.pk}/merge/", {"into": str(two.pk)})
    assert as_plan(plan) != before
    upload(officer, to_yaml(before))
    assert take(officer, plan).status_code == 302
    assert as_plan(plan) == before
