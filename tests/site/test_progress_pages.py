"""A unit owner reports from a phone; the officer follows the board and draws up the reports."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast, give_plan, give_results
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from prongsai.site.files.models import Stored
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.plans.board import is_late
from prongsai.site.plans.models import Deed, Measure, Proof, Report, Step
from prongsai.site.rounds.models import Extension, Stage, StageKind

PROGRESS = "/agencies/muang/2568/progress/"
Clients = Callable[[str], Client]


@pytest.fixture
def measure(planned: Cast) -> Measure:
    """A measure in which the unit owner's unit has a step."""
    found = planned.extra["plan"].points.first().measures.first()
    found.steps.first().units.add(planned.units[1])
    return Measure.objects.get(pk=found.pk)


def jpeg(name: str = "IMG_0001.jpg", colour: tuple[int, int, int] = (10, 120, 200)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def typed(version: int = 0, **more: Any) -> dict[str, Any]:
    """What a browser sends for one deed on 15 January 2568."""
    return {
        "version": version, "status": "in_progress", "result": "มีผู้เข้าร่วม 45 คน", "obstacles": "",
        "deed": ["0"], "deed-0-text": "จัดประชุมชี้แจงทุกกอง",
        "deed-0-date_day": "๑๕", "deed-0-date_month": "1", "deed-0-date_year": "2568",
    } | more  # fmt: skip


def close(kind: StageKind) -> None:
    Stage.objects.filter(kind=kind).update(closes=timezone.localdate() - dt.timedelta(days=1))


def test_a_report_is_saved_as_one_action_with_pictures_and_papers(measure: Measure, client_of: Clients) -> None:
    sent = typed(
        pictures=[jpeg(), jpeg(colour=(200, 10, 10))],
        proof=["0", "1"],
        **{
            "proof-0-kind": "order", "proof-0-number": "123/2568", "proof-0-subject": "แต่งตั้งคณะทำงาน",
            "proof-0-date_day": "1", "proof-0-date_month": "12", "proof-0-date_year": "2567",
            "proof-1-kind": "link", "proof-1-url": "https://example.go.th/news/1",
        },
    )  # fmt: skip
    answer = client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", sent)
    assert answer.status_code == 302
    report = Report.objects.get(measure=measure, months=6)
    deed = report.deeds.get()
    assert (report.status, report.version, deed.date) == ("in_progress", 1, dt.date(2025, 1, 15))
    assert [proof.kind for proof in report.proofs.all()] == ["order", "link", "picture", "picture"]
    assert report.proofs.first().date == dt.date(2024, 12, 1)
    entry = Entry.objects.get(action="progress.report")
    assert entry.agency == measure.point.plan.assessment.agency
    assert "นางวิชัย ตัวอย่าง รายงานผลรอบ 6 เดือน" in sentence(entry)
    assert "หลักฐาน 4 รายการ" in sentence(entry)
    page = client_of("unit_owner").get(f"/tasks/{measure.pk}/6/")
    picture = report.proofs.filter(kind="picture").first()
    assert f'src="{reverse("picture", args=(picture.file_id,))}"' in page.content.decode()


def test_rows_change_and_go_without_touching_the_rest(measure: Measure, planned: Cast, client_of: Clients) -> None:
    report = Report.objects.create(measure=measure, months=6)
    first = Deed.objects.create(report=report, text="หนึ่ง", by=planned.officer)
    second = Deed.objects.create(report=report, text="สอง", by=planned.officer)
    proof = Proof.objects.create(report=report, kind="letter", number="นฐ 1/2568", by=planned.officer)
    sent = typed(1, deed=["0", "1"], proof=["0"]) | {
        "deed-0-pk": first.pk, "deed-0-text": "หนึ่ง", "deed-0-date_day": "", "deed-0-date_month": "",
        "deed-0-date_year": "", "deed-1-pk": second.pk, "deed-1-text": "", "deed-1-remove": "on",
        "proof-0-pk": proof.pk, "proof-0-kind": "letter", "proof-0-number": "นฐ 2/2568",
    }  # fmt: skip
    assert client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", sent).status_code == 302
    kept = report.deeds.get()
    assert (kept.pk, kept.text, kept.by) == (first.pk, "หนึ่ง", planned.officer)
    proof.refresh_from_db()
    assert (proof.number, proof.by) == ("นฐ 2/2568", planned.unit_owner)


def test_adding_a_row_without_javascript_keeps_text_and_pictures(measure: Measure, client_of: Clients) -> None:
    client = client_of("unit_owner")
    page = client.post(f"/tasks/{measure.pk}/6/", typed(add="deed", pictures=[jpeg()]))
    html = page.content.decode()
    assert page.status_code == 200
    assert 'name="deed" value="1"' in html
    assert "จัดประชุมชี้แจงทุกกอง" in html
    assert "โปรดกรอกช่องนี้" not in html
    held = page.context["sheet"].proofs[0]["held"].value()
    sent = typed(proof=["0"]) | {"proof-0-kind": "picture", "proof-0-held": held, "proof-0-title": "ประชุม"}
    assert client.post(f"/tasks/{measure.pk}/6/", sent).status_code == 302
    assert Proof.objects.get().file.name == "IMG_0001.jpg"


def test_a_held_file_of_somebody_else_is_not_taken(measure: Measure, client_of: Clients) -> None:
    page = client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", typed(add="deed", pictures=[jpeg()]))
    held = page.context["sheet"].proofs[0]["held"].value()
    sent = typed(proof=["0"]) | {"proof-0-kind": "picture", "proof-0-held": held}
    answer = client_of("officer").post(f"/tasks/{measure.pk}/6/", sent)
    assert answer.status_code == 422
    assert not Proof.objects.exists()


def test_two_people_on_one_measure_see_the_difference_and_lose_nothing(
    measure: Measure, planned: Cast, client_of: Clients
) -> None:
    report = Report.objects.create(measure=measure, months=6)
    gone = Proof.objects.create(report=report, kind="order", number="9/2568")
    officer, owner = client_of("officer"), client_of("unit_owner")
    theirs = typed(1, result="ผลของเจ้าหน้าที่", status="done") | {"deed-0-text": "งานของเจ้าหน้าที่"}
    assert officer.post(f"/tasks/{measure.pk}/6/", theirs).status_code == 302
    assert not Proof.objects.filter(pk=gone.pk).exists()
    mine = typed(1, result="ผลของกองคลัง", pictures=[jpeg()], proof=["0"]) | {
        "proof-0-pk": gone.pk, "proof-0-kind": "order", "proof-0-number": "9/2568"
    }  # fmt: skip
    page = owner.post(f"/tasks/{measure.pk}/6/", mine)
    html = page.content.decode()
    assert page.status_code == 409
    assert "มีผู้บันทึกรายงานนี้ก่อนท่าน" in html
    assert "นางสมหญิง ตัวอย่าง" in html
    for text in ("ผลของเจ้าหน้าที่", "ผลของกองคลัง", "งานของเจ้าหน้าที่", "จัดประชุมชี้แจงทุกกอง", "9/2568"):
        assert text in html
    sheet = page.context["sheet"]
    again = {"version": sheet.main["version"].value(), "status": "done", "result": "รวมทั้งสอง", "obstacles": ""}
    for name, rows in (("deed", sheet.deeds), ("proof", sheet.proofs)):
        again[name] = [form.prefix.split("-")[1] for form in rows]
        for form in rows:
            for bound in form:
                value = bound.value()
                if bound.name in ("date", "end"):
                    for part, text in zip(("day", "month", "year"), value or ("", "", ""), strict=True):
                        again[f"{bound.html_name}_{part}"] = text or ""
                elif bound.name != "remove":
                    again[bound.html_name] = value or ""
    assert owner.post(f"/tasks/{measure.pk}/6/", again).status_code == 302
    report.refresh_from_db()
    assert {deed.text for deed in report.deeds.all()} == {"งานของเจ้าหน้าที่", "จัดประชุมชี้แจงทุกกอง"}
    assert {proof.kind for proof in report.proofs.all()} == {"order", "picture"}
    assert report.version == 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("photo.jpg", b"<svg><script>alert(1)</script></svg>"),
        ("photo.png", b"<!doctype html><html><script>alert(1)</script></html>"),
        ("photo.jpg", b"\xff\xd8\xff<script>alert(1)</script>"),
        ("photo.html", b"<!doctype html><html><body>no</body></html>"),
    ],
)
def test_what_only_poses_as_a_picture_is_refused_and_the_rest_is_kept(
    measure: Measure, client_of: Clients, name: str, data: bytes
) -> None:
    sent = typed(pictures=[SimpleUploadedFile(name, data, "image/jpeg"), jpeg("good.jpg")])
    page = client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", sent)
    html = page.content.decode()
    assert page.status_code == 422
    assert name in html
    assert "JPEG PNG" in html
    assert "จัดประชุมชี้แจงทุกกอง" in html
    assert "good.jpg" in html
    assert not Report.objects.exists()
    assert [stored.name for stored in Stored.objects.all()] == ["good.jpg"]


def test_a_file_of_100_mb_is_refused_with_the_limit(measure: Measure, client_of: Clients) -> None:
    big = SimpleUploadedFile("video.jpg", b"\xff\xd8\xff" + b"0" * (100 * 1024 * 1024), "image/jpeg")
    page = client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", typed(pictures=[big]))
    assert page.status_code == 422
    assert "100 เมกะไบต์ ระบบรับได้ไม่เกิน 20 เมกะไบต์" in page.content.decode()
    assert not Stored.objects.exists()


def test_where_a_picture_was_taken_is_not_shown(measure: Measure, client_of: Clients) -> None:
    out, place = io.BytesIO(), Image.Exif()
    place[0x010E] = "13.75 N 100.5 E"
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=place)
    client = client_of("unit_owner")
    client.post(f"/tasks/{measure.pk}/6/", typed(pictures=[SimpleUploadedFile("a.jpg", out.getvalue())]))
    shown = client.get(reverse("picture", args=(Stored.objects.get().pk,))).content
    assert b"13.75" in Stored.objects.get().read()
    assert b"13.75" not in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"deed-0-date_month": "2", "deed-0-date_day": "30"}, "ไม่มีวันที่ 30"),
        ({"deed-0-date_year": "2600"}, "วันที่นี้ยังมาไม่ถึง"),
        ({"deed-0-date_year": "68"}, "ไม่แน่ใจว่าปี 68"),
        ({"deed-0-date_day": "๕" * 20}, "โปรดกรอกวัน เดือน และปีให้ครบ"),
        ({"deed-0-date_day": "5" * 5000}, "โปรดกรอกวัน เดือน และปีให้ครบ"),
        ({"deed-0-end_day": "1", "deed-0-end_month": "1", "deed-0-end_year": "2568"}, "วันสิ้นสุดอยู่ก่อน"),
        ({"status": "finished"}, "finished"),
        ({"proof": ["0"], "proof-0-kind": "link"}, "โปรดใส่ลิงก์"),
        ({"proof": ["0"], "proof-0-kind": "link", "proof-0-url": "javascript:alert(1)"}, "URL"),
        ({"proof": ["0"], "proof-0-kind": "link", "proof-0-url": "ftp://example.go.th/a"}, "https://"),
        ({"proof": ["0"], "proof-0-kind": "order"}, "โปรดระบุเลขที่ เรื่อง หรือแนบไฟล์"),
    ],
)
def test_what_cannot_be_right_is_told_beside_its_field(
    measure: Measure, client_of: Clients, change: dict[str, Any], said: str
) -> None:
    page = client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", typed() | change)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Report.objects.exists()


def test_a_session_that_ended_keeps_the_text(measure: Measure, client_of: Clients) -> None:
    client = client_of("unit_owner")
    client.logout()
    page = client.post(f"/tasks/{measure.pk}/6/", typed())
    assert page.status_code == 403
    html = page.content.decode()
    assert 'name="deed-0-text" value="จัดประชุมชี้แจงทุกกอง"' in html
    assert f'action="/tasks/{measure.pk}/6/"' in html
    assert not Report.objects.exists()


def test_after_the_deadline_the_reason_and_the_way_out_are_told(
    measure: Measure, planned: Cast, client_of: Clients
) -> None:
    close(StageKind.REPORT_6)
    owner = client_of("unit_owner")
    answer = owner.post(f"/tasks/{measure.pk}/6/", typed())
    assert answer.status_code == 409
    assert "ปิดรับเมื่อวันที่" in answer.content.decode()
    assert "ขอขยายเวลา" in answer.content.decode()
    assert "ขอขยายเวลา" in owner.get(f"/tasks/{measure.pk}/6/").content.decode()
    assert owner.post(f"/tasks/{measure.pk}/12/", typed()).status_code == 302
    stage = Stage.objects.get(round=planned.round, kind=StageKind.REPORT_6)
    Extension.objects.create(stage=stage, agency=planned.agency, closes=timezone.localdate(), reason="น้ำท่วม")
    assert owner.post(f"/tasks/{measure.pk}/6/", typed()).status_code == 302


def test_the_twelve_month_report_begins_with_the_six_month_one(measure: Measure, client_of: Clients) -> None:
    owner = client_of("unit_owner")
    owner.post(f"/tasks/{measure.pk}/6/", typed(pictures=[jpeg()]))
    page = owner.get(f"/tasks/{measure.pk}/12/")
    html = page.content.decode()
    assert "เริ่มจากรายงานรอบ 6 เดือน" in html
    assert "จัดประชุมชี้แจงทุกกอง" in html
    held = page.context["sheet"].proofs[0]["held"].value()
    sent = typed(proof=["0"], status="done") | {"proof-0-kind": "picture", "proof-0-held": held}
    assert owner.post(f"/tasks/{measure.pk}/12/", sent).status_code == 302
    assert Proof.objects.filter(report__months=6).count() == Proof.objects.filter(report__months=12).count() == 1


def test_tasks_are_those_of_ones_own_unit(measure: Measure, planned: Cast, client_of: Clients) -> None:
    for step in Step.objects.exclude(measure=measure):
        step.units.set([planned.units[0]])
    html = client_of("unit_owner").get("/tasks/").content.decode()
    assert html.count('class="card task"') == 1
    assert measure.title in html
    assert client_of("officer").get("/tasks/").content.decode().count('class="card task"') > 1
    assert "ไม่มีงานรายงานผล" in client_of("assessor").get("/tasks/").content.decode()


def test_the_board_says_who_stands_where(measure: Measure, planned: Cast, client_of: Clients) -> None:
    today = timezone.localdate()
    Step.objects.update(start=today, end=today + dt.timedelta(days=30))
    Report.objects.create(measure=measure, months=6, status="in_progress")
    page = client_of("officer").get(PROGRESS)
    columns = {column["key"]: [card.measure for card in column["cards"]] for column in page.context["columns"]}
    assert columns["in_progress"] == [measure]
    assert columns["late"] == []
    measure.steps.update(end=today - dt.timedelta(days=1))
    page = client_of("officer").get(PROGRESS, {"unit": planned.units[1].pk})
    columns = {column["key"]: [card.measure for card in column["cards"]] for column in page.context["columns"]}
    assert columns["late"] == [measure]
    assert "สิ่งที่ยังขาด" in page.content.decode()


def test_one_in_progress_is_late_only_when_its_last_step_is_over() -> None:
    day = dt.date(2026, 3, 1)
    first, last = Step(end=dt.date(2026, 1, 31)), Step(end=dt.date(2026, 6, 30))
    assert is_late([first, last], "not_started", 2569, day)
    assert not is_late([first, last], "in_progress", 2569, day)
    assert is_late([first, last], "in_progress", 2569, dt.date(2026, 7, 1))
    assert not is_late([first, last], "done", 2569, dt.date(2026, 7, 1))
    words = [Step(period_text="ตลอดปีงบประมาณ")]
    assert not is_late(words, "not_started", 2569, dt.date(2026, 9, 30))
    assert is_late(words, "not_started", 2569, dt.date(2026, 10, 1))


def test_drawing_up_is_refused_until_nothing_is_wrong_and_says_what(measure: Measure, client_of: Clients) -> None:
    officer = client_of("officer")
    Report.objects.create(measure=measure, months=6, status="done")
    refused = officer.post(f"{PROGRESS}6/")
    html = refused.content.decode()
    assert refused.status_code == 409
    assert measure.title in html
    assert "ระบุว่าดำเนินการแล้ว แต่ยังไม่มีหลักฐาน" in html
    sent = typed(1, status="done", proof=["0"]) | {"proof-0-kind": "order", "proof-0-number": "1/2568"}
    assert officer.post(f"/tasks/{measure.pk}/6/", sent).status_code == 302
    assert officer.post(f"{PROGRESS}6/").status_code == 302
    assessment = measure.point.plan.assessment
    assessment.refresh_from_db()
    assert assessment.reported_6_at
    assert assessment.reported_12_at is None
    assert "จัดทำรายงานผลรอบ 6 เดือน" in sentence(Entry.objects.get(action="progress.close"))
    twice = officer.post(f"{PROGRESS}6/")
    assert twice.status_code == 409
    assert "จัดทำรายงานรอบ 6 เดือนแล้ว" in twice.content.decode()
    assert client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", typed(2)).status_code == 409
    assert officer.post(f"{PROGRESS}6/", {"do": "reopen"}).status_code == 302
    assert client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", typed(2)).status_code == 302


def test_a_dropped_measure_takes_no_report(measure: Measure, client_of: Clients) -> None:
    Measure.objects.filter(pk=measure.pk).update(choice="dropped")
    answer = client_of("unit_owner").post(f"/tasks/{measure.pk}/6/", typed())
    assert answer.status_code == 409
    assert "ไม่อยู่ในแผนแล้ว" in answer.content.decode()


def test_next_years_result_stands_beside_the_measure(cast: Cast, client_of: Clients) -> None:
    before = cast.agency.assessments.get(round=cast.last_round)
    give_results(before, seed=5)
    give_plan(before)
    assert "effect" not in client_of("officer").get("/agencies/muang/2567/progress/").content.decode()
    give_results(cast.assessment)
    page = client_of("officer").get("/agencies/muang/2567/progress/")
    assert page.context["effect_year"] == 2568
    assert page.context["effects"]
    assert "ผลการประเมินปีงบประมาณ พ.ศ. 2568 เทียบกับก่อนดำเนินการ" in page.content.decode()


def test_the_calendar_is_a_file_that_calendars_read(measure: Measure, client_of: Clients) -> None:
    step = measure.steps.first()
    step.text = "ประชุม, ชี้แจง; แล้วรายงานผลต่อผู้บริหารท้องถิ่นให้ทราบโดยทั่วกันภายในเวลาที่กำหนด"
    step.start, step.end = dt.date(2025, 11, 1), dt.date(2025, 11, 30)
    step.save()
    body = client_of("chief").get(f"{PROGRESS}calendar.ics").content
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    whole = body.replace(b"\r\n ", b"").decode()
    assert "DTSTART;VALUE=DATE:20251130\r\nDTEND;VALUE=DATE:20251201" in whole
    assert "SUMMARY:ประชุม\\, ชี้แจง\\; แล้ว" in whole
    assert whole.count("BEGIN:VEVENT") == Step.objects.filter(end__isnull=False).count()


def test_an_unpublished_plan_is_nothing_to_those_outside(planned: Cast, client_of: Clients) -> None:
    page = client_of("assessor").get(PROGRESS)
    assert "ยังไม่ได้เผยแพร่มาตรการ" in page.content.decode()
    planned.extra["plan"].state = "published"
    planned.extra["plan"].save()
    html = client_of("assessor").get(PROGRESS).content.decode()
    assert "กระดานติดตาม" in html
    assert "/tasks/" not in html


@pytest.mark.parametrize("page", [PROGRESS, "/tasks/", f"{PROGRESS}calendar.ics"])
def test_pages_ask_little_of_the_database(
    page: str, measure: Measure, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    for each in Measure.objects.all():
        report = Report.objects.create(measure=each, months=6, status="done")
        Deed.objects.create(report=report, text="ทำ")
        Proof.objects.create(report=report, kind="order", number="1")
    client = client_of("officer")
    with django_assert_max_num_queries(20):
        assert client.get(page).status_code == 200


def test_the_report_asks_little_with_many_pictures(
    measure: Measure, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    owner = client_of("unit_owner")
    owner.post(f"/tasks/{measure.pk}/6/", typed(pictures=[jpeg(f"{n}.jpg", (n, n, n)) for n in range(12)]))
    for months in (6, 12):
        with django_assert_max_num_queries(20):
            assert owner.get(f"/tasks/{measure.pk}/{months}/").status_code == 200
