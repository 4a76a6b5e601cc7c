"""Reminders go out once; mail that fails is tried again, and what was given up can be seen and sent again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from cast import Cast
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from prongsai.errors import InputError
from prongsai.site.approval.models import Acknowledgement, Bundle, Circular, Rank, Turn
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.notices import send
from prongsai.site.notices.channels import channel
from prongsai.site.notices.due import remind
from prongsai.site.notices.models import Notice
from prongsai.site.notices.reminders import due_in
from prongsai.site.notices.send import deliver, draft, tell
from prongsai.site.people.models import Delegation
from prongsai.site.plans.models import Report, Step
from prongsai.site.rounds.models import Extension, Stage, StageKind

Clients = Callable[[str], Client]
# The worker closes its connection, which would end the transaction of an ordinary test.
pytestmark = pytest.mark.django_db(transaction=True)


def closes_in(days: int, kind: StageKind = StageKind.PLAN) -> None:
    Stage.objects.filter(kind=kind).update(closes=timezone.localdate() + dt.timedelta(days=days))


class Clock:
    """Time that the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = timezone.now() + dt.timedelta(minutes=1)  # after what the fields' defaults see
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def work_after(self, **span: int) -> None:
        self.now += dt.timedelta(**span)
        call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


def broken_mail(monkeypatch: pytest.MonkeyPatch, failures: int) -> list[int]:
    """A mail server that fails so many times and then works; returns the calls."""
    calls: list[int] = []
    real = mail.get_connection

    def connect(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) <= failures:
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        return real(*args, **kwargs)

    monkeypatch.setattr(mail, "get_connection", connect)
    return calls


def test_a_mail_server_that_fails_twice_then_works(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, calls = Clock(monkeypatch), broken_mail(monkeypatch, 2)
    (notice,) = tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ", "/tasks/", cast.agency)])
    clock.work_after()
    notice.refresh_from_db()
    assert (notice.state, notice.tries) == ("waiting", 1)
    assert "SMTPServerDisconnected" in notice.error
    assert notice.next_try == clock.now + dt.timedelta(minutes=5)
    clock.work_after(minutes=4)
    assert len(calls) == 1
    clock.work_after(minutes=1)
    notice.refresh_from_db()
    assert notice.tries == 2
    assert notice.next_try == clock.now + dt.timedelta(minutes=30)
    clock.work_after(minutes=30)
    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.error) == ("sent", 3, "")
    assert len(mail.outbox) == 1
    clock.work_after(days=1)
    assert len(mail.outbox) == 1


def test_after_five_tries_it_is_given_up_seen_and_sent_again(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, calls = Clock(monkeypatch), broken_mail(monkeypatch, 5)
    (notice,) = tell([draft(cast.officer, "k", "เรื่องสำคัญ", "ข้อความ", "", cast.agency)])
    for hours in (0, 1, 1, 5, 5, 24):
        clock.work_after(hours=hours)
    notice.refresh_from_db()
    assert (notice.state, notice.tries, len(calls)) == ("failed", 5, 5)
    admin = client_of("admin")
    html = admin.get("/system/jobs/").content.decode()
    assert "เรื่องสำคัญ" in html
    assert "SMTPServerDisconnected: Connection unexpectedly closed" in html
    assert admin.post("/system/jobs/", {"notice": notice.pk}).status_code == 302
    clock.work_after()
    notice.refresh_from_db()
    assert (notice.state, len(mail.outbox)) == ("sent", 1)
    assert "สั่งส่งข้อความ “เรื่องสำคัญ” อีกครั้ง" in sentence(Entry.objects.get(action="notices.retry"))
    twice = admin.post("/system/jobs/", {"notice": notice.pk})
    assert twice.status_code == 409
    assert "อาจมีผู้สั่งทำใหม่ไปก่อน" in twice.content.decode()


def test_the_mail_is_thai_has_the_address_and_names_only_its_reader(cast: Cast, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://ita.example.go.th"
    tell([draft(cast.officer, "k", "เรื่อง\nบรรทัดสอง", "ครบกำหนดพรุ่งนี้", "/tasks/", cast.agency)])
    call_command("work", once=True)
    (sent,) = mail.outbox
    assert sent.to == ["officer@example.test"]
    assert sent.subject == "[โปร่งใส] เรื่อง บรรทัดสอง"
    assert "เรียน นางสมหญิง ตัวอย่าง" in sent.body
    assert "https://ita.example.go.th/tasks/" in sent.body
    others = [person.given_name for name, person in cast.people.items() if name not in ("officer", "admin")]
    assert not [name for name in others if name in sent.body]


def test_someone_without_an_address_finds_it_on_the_site(cast: Cast, client_of: Clients) -> None:
    cast.officer.email = ""
    cast.officer.save()
    tell([draft(cast.officer, "k", "เรื่องบนเว็บ", "ข้อความ")])
    call_command("work", once=True)
    assert not mail.outbox
    assert Notice.objects.get().state == "sent"
    assert "เรื่องบนเว็บ" in client_of("officer").get("/notices/").content.decode()


def test_two_jobs_for_one_message_send_it_once(cast: Cast) -> None:
    (notice,) = tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ")])
    deliver.call(notice.pk)
    deliver.call(notice.pk)
    assert len(mail.outbox) == 1


def test_a_message_whose_worker_was_killed_is_taken_up_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ")])
    DBTaskResult.objects.all().delete()
    Notice.objects.update(next_try=clock.now + dt.timedelta(minutes=10))  # claimed, then killed
    call_command("work", once=True)
    assert not mail.outbox
    clock.now += dt.timedelta(minutes=11)
    call_command("work", once=True)
    assert [one.subject for one in mail.outbox].count("[โปร่งใส] เรื่อง") == 1  # a turn may bring reminders, too


def test_an_unknown_channel_is_told(cast: Cast) -> None:
    for name in ("pigeon", "../email", ""):
        with pytest.raises(InputError):
            channel(name)


@pytest.mark.parametrize(
    ("days", "due"),
    [(15, ""), (14, "14"), (8, "14"), (7, "7"), (2, "7"), (1, "1"), (0, "1"), (-1, "over"), (-7, "over"), (-8, "")],
)
def test_which_reminder_is_due(days: int, due: str) -> None:
    assert due_in(days) == due


def test_each_stage_reminder_goes_out_once(cast: Cast) -> None:
    closes_in(7)
    assert remind() == 3  # the agency's two open rounds, and the other agency's officer
    assert remind() == 0
    told = Notice.objects.filter(to=cast.officer, key__contains=":plan:")
    assert told.count() == 2
    assert "อีก 7 วันครบกำหนด: จัดทำมาตรการ" in told.first().subject
    today = timezone.localdate()
    assert remind(today + dt.timedelta(days=1)) == 0
    assert remind(today + dt.timedelta(days=6)) == 3
    assert remind(today + dt.timedelta(days=8)) == 3
    assert "เลยกำหนดแล้ว" in Notice.objects.filter(to=cast.officer, key__contains="over").first().subject
    assert remind(today + dt.timedelta(days=9)) == 0
    call_command("remind")
    assert Notice.objects.count() == 9


def test_what_is_done_or_extended_is_not_reminded_of(cast: Cast) -> None:
    closes_in(7)
    cast.assessment.submitted_at = timezone.now()
    cast.assessment.save()
    stage = Stage.objects.get(round=cast.last_round, kind=StageKind.PLAN)
    Extension.objects.create(stage=stage, closes=timezone.localdate() + dt.timedelta(days=60), reason="ขยาย")
    remind()
    assert not Notice.objects.filter(to=cast.officer).exists()
    assert Notice.objects.filter(to=cast.other_officer).count() == 1
    remind(timezone.localdate() + dt.timedelta(days=46))
    assert Notice.objects.filter(to=cast.officer).count() == 1


def test_closed_rounds_are_quiet(cast: Cast) -> None:
    closes_in(1)
    for each in (cast.round, cast.last_round):
        each.open = False
        each.save()
    assert remind() == 0


def test_a_unit_owner_hears_of_late_steps_and_missing_reports(planned: Cast) -> None:
    measure = planned.extra["plan"].points.first().measures.first()
    Step.objects.update(start=None, end=None)
    step = measure.steps.first()
    step.units.set([planned.units[1]])
    step.end = timezone.localdate() - dt.timedelta(days=2)
    step.save()
    measure.steps.exclude(pk=step.pk).delete()
    closes_in(14, StageKind.REPORT_6)
    remind()
    own = Notice.objects.filter(to=planned.unit_owner)
    late, report = own.get(key__startswith="late:"), own.get(key__startswith="report:")
    assert step.text in late.text
    assert late.link.startswith(f"/tasks/{measure.pk}/")
    assert "รอบ 6 เดือน จำนวน" in report.text
    assert report.link == "/tasks/"
    own.delete()
    for months in (6, 12):
        Report.objects.create(measure=measure, months=months, status="done")
    remind()
    assert not own.filter(key__startswith="late:").exists()


def test_one_reads_ones_own_messages_unread_first(cast: Cast, client_of: Clients) -> None:
    old, new = tell(
        [
            draft(cast.officer, "a", "เก่า", "ข้อความ", "/tasks/"),
            draft(cast.officer, "b", "ใหม่มาก", "ข้อความ", "//evil.example"),
        ]
    )
    (foreign,) = tell([draft(cast.chief, "c", "ของนายก", "ลับ")])
    officer = client_of("officer")
    answer = officer.post(f"/notices/{old.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert officer.post(f"/notices/{new.pk}/")["Location"] == "/notices/"
    assert officer.post(f"/notices/{foreign.pk}/").status_code == 404
    Notice.objects.filter(pk=new.pk).update(read_at=None)
    html = officer.get("/notices/").content.decode()
    assert html.index("ใหม่มาก") < html.index("เก่า")
    assert "ของนายก" not in html
    assert "ยังไม่อ่าน 1" in html
    officer.post("/notices/")
    assert not Notice.objects.filter(to=cast.officer, read_at__isnull=True).exists()
    assert Notice.objects.filter(read_at__isnull=True).count() == 1


def test_other_jobs_that_failed_are_seen_and_run_again(
    cast: Cast, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notice,) = tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ")])
    real = send.Notice.objects.filter
    monkeypatch.setattr(send.Notice.objects, "filter", lambda *_, **__: 1 / 0)
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)
    monkeypatch.setattr(send.Notice.objects, "filter", real)
    job = DBTaskResult.objects.failed().get()
    admin = client_of("admin")
    assert "ZeroDivisionError test_reminders.py:" in admin.get("/system/jobs/").content.decode()
    assert admin.post("/system/jobs/", {"job": job.pk}).status_code == 302
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)
    notice.refresh_from_db()
    assert notice.state == "sent"
    assert admin.post("/system/jobs/", {"job": job.pk}).status_code == 409
    assert admin.post("/system/jobs/", {"job": "nonsense"}).status_code == 302


def test_a_stopped_worker_is_told(cast: Cast, client_of: Clients) -> None:
    tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ")])
    Notice.objects.update(next_try=timezone.now() - dt.timedelta(hours=1))
    assert "ตัวทำงานอาจหยุดอยู่" in client_of("admin").get("/system/jobs/").content.decode()


@pytest.mark.parametrize(("page", "who"), [("/notices/", "officer"), ("/system/jobs/", "admin")])
def test_pages_ask_little(
    page: str, who: str, cast: Cast, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    tell([draft(cast.officer, str(n), "เรื่อง", "ข้อความ", "/", cast.agency) for n in range(120)])
    Notice.objects.update(state="failed", error="x")
    client = client_of(who)
    with django_assert_max_num_queries(20):
        assert client.get(page).status_code == 200


def test_a_bundle_that_waits_and_a_circular_nobody_acknowledged(planned: Cast) -> None:
    now = timezone.now()
    bundle = Bundle.objects.create(
        plan=planned.extra["plan"], number=1, plan_revision=1, digest="x", at=now - dt.timedelta(days=9)
    )
    ranks = list(Rank.objects.filter(agency=planned.agency))
    for rank in ranks:
        Turn.objects.create(bundle=bundle, order=rank.order, position=rank.position, role=rank.role, act=rank.act)
    bundle.turns.filter(order=1).update(verb="support", at=now - dt.timedelta(days=3))
    remind()
    assert not Notice.objects.filter(key__startswith="turn:").exists()
    bundle.turns.filter(order=1).update(at=now - dt.timedelta(days=4))
    Delegation.objects.create(role=ranks[1].role, to=planned.head, start=timezone.localdate(), end=timezone.localdate())
    remind()
    told = Notice.objects.filter(key__startswith="turn:")
    assert {notice.to for notice in told} == {planned.palad, planned.head}
    assert "รอการพิจารณาในลำดับ ปลัดเทศบาล มาแล้ว 4 วัน" in told[0].text
    circular = Circular.objects.create(bundle=bundle, at=now - dt.timedelta(days=5))
    for unit in planned.units:
        Acknowledgement.objects.create(circular=circular, unit=unit, at=now if unit.order == 1 else None)
    remind()
    told = Notice.objects.filter(key__startswith="circular:")
    assert {notice.to for notice in told} == {planned.unit_owner}
    assert "ยังไม่มีผู้รับทราบในนามกองคลัง" in told[0].text
    assert remind() == 0
