"""Every rule with a period: a day too young stays, a day too old goes, and the history says how many."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from cast import Cast
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from prongsai.site.agencies.models import Unit
from prongsai.site.api.models import Sent, Token
from prongsai.site.files.keep import Received, keep
from prongsai.site.files.models import Stored
from prongsai.site.history import chain
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.notices.models import Notice
from prongsai.site.people.models import Administration, Delegation, Person, Role, Session
from prongsai.site.plans.models import Comment
from prongsai.site.privacy import retention
from prongsai.site.privacy.anonymous import NAMELESS
from prongsai.site.privacy.inventory import OUTSIDE, rules
from prongsai.site.privacy.models import Request
from prongsai.site.privacy.reminders import over_their_time
from prongsai.site.privacy.retention import dry_run, retain
from prongsai.site.results.models import Import
from prongsai.site.rounds.models import Extension, Round, Stage
from prongsai.site.surveys.models import PeopleList, Survey

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Seen = Callable[[], bool]  # whether what was made is still there


def moved(model: Any, pk: Any, **values: Any) -> Seen:
    """Times that the database would set by itself are set afterwards; the result asks whether the row is there."""
    model.objects.filter(pk=pk).update(**values)
    return lambda: model.objects.filter(pk=pk).exists()


def account(cast: Cast, at: dt.datetime) -> Seen:
    person = Person.objects.create_user(f"old{at:%j}", given_name="เก่า", family_name="ตัวอย่าง", joined=at - 900 * DAY)
    Role.objects.create(person=person, kind="officer", agency=cast.agency, end=timezone.localtime(at).date())
    return lambda: Person.objects.get(pk=person.pk).given_name != NAMELESS


def history(cast: Cast, at: dt.datetime) -> Seen:
    entry = Entry(
        at=at, actor=cast.officer, action="people.change", subject="", facts={}, personal={"person": "นางเก่า"}
    )
    entry.seal()
    entry.save()
    return lambda: "นางเก่า" in json.dumps(Entry.objects.get(pk=entry.pk).personal, ensure_ascii=False)


def round_(cast: Cast, at: dt.datetime) -> Seen:
    made = Round.objects.create(slug=f"r{at:%Y%m%d}", name="รอบ", framework_id="x", framework_version=1)
    day = timezone.localtime(at).date()
    first = Stage.objects.create(round=made, kind="plan", opens=day - 90 * DAY, closes=day - 40 * DAY)
    Extension.objects.create(stage=first, closes=day, reason="ขยายเวลา")
    of = made.assessments.create(agency=cast.agency, contact="คุณเก่า")
    return lambda: type(of).objects.get(pk=of.pk).contact == "คุณเก่า"


def session(cast: Cast, at: dt.datetime) -> Seen:
    key = f"k{at:%d%H%M%S%f}"
    made = Session(session_key=key, session_data="x", person=cast.officer, expire_date=at)
    made.save()
    return lambda: Session.objects.filter(pk=key).exists()


def sign_in(_cast: Cast, at: dt.datetime) -> Seen:
    rows = [
        model.objects.create(username=f"u{at:%j}", ip_address="203.0.113.7", user_agent=f"x{at:%j}", **more)
        for model, more in ((AccessAttempt, {"failures_since_start": 1}), (AccessFailureLog, {}), (AccessLog, {}))
    ]
    seen = [moved(type(row), row.pk, attempt_time=at) for row in rows]
    return lambda: _same(one() for one in seen)


def _same(found: Any) -> bool:
    every = list(found)
    assert len(set(every)) == 1, "all three tables go together"
    return bool(every[0])


def job(_cast: Cast, at: dt.datetime) -> Seen:
    made = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default", run_after=at, status="FAILED",
        exception_class_path="", traceback="planted", priority=0, queue_name="default",
    )  # fmt: skip
    return moved(DBTaskResult, made.pk, finished_at=at)


def notice(cast: Cast, at: dt.datetime) -> Seen:
    made = Notice.objects.create(to=cast.officer, key=f"n{at}", subject="x", text="y", sent_at=at, state="sent")
    return moved(Notice, made.pk, at=at - 50 * DAY)


def token(cast: Cast, at: dt.datetime, **values: Any) -> Token:
    return Token.objects.create(
        agency=cast.agency, name="x", hint="x", digest=sha256(f"{at}{values}".encode()).hexdigest(), by=cast.officer,
        expires=timezone.localdate() + 99 * DAY, **values,
    )  # fmt: skip


def api_answer(cast: Cast, at: dt.datetime) -> Seen:
    made = Sent.objects.create(token=token(cast, at), key="k", request="r")
    return moved(Sent, made.pk, at=at)


def token_revoked(cast: Cast, at: dt.datetime) -> Seen:
    return _there(token(cast, at, revoked_at=at))


def _there(row: Any) -> Seen:
    return lambda: type(row).objects.filter(pk=row.pk).exists()


def draft(cast: Cast, at: dt.datetime) -> Seen:
    stored = keep(Received("ร่าง.txt", "txt", f"draft of {at}".encode()), cast.agency, cast.officer)
    made = Import.objects.create(assessment=cast.assessment, source="file", file=stored, by=cast.officer)
    row = moved(Import, made.pk, at=at)
    return lambda: _same((row(), Stored.objects.filter(pk=stored.pk).exists()))


def people_list(cast: Cast, at: dt.datetime) -> Seen:
    survey = Survey.objects.create(
        assessment=cast.assessment, container=f"I{at:%j}", state="closed", closed_at=at, token=f"t{at:%j}"
    )
    return _there(PeopleList.objects.create(survey=survey, entries=["นางเก่า"], digest="x", count=1))


def request(cast: Cast, at: dt.datetime) -> Seen:
    day = timezone.localtime(at).date()
    made = Request.objects.create(kind="access", name="เก่า", received=day, due=day, state="done", answered_at=at)
    return _there(made)


MAKE: dict[str, Callable[[Cast, dt.datetime], Seen]] = {
    "account": account, "history": history, "round": round_, "session": session, "sign_in": sign_in, "job": job,
    "notice": notice, "api_answer": api_answer, "token": token_revoked, "draft": draft, "people_list": people_list,
    "request": request,
}  # fmt: skip
COUNTED = [rule for rule in rules().values() if rule.days is not None and rule.shredder != OUTSIDE]


@pytest.mark.parametrize("rule", COUNTED, ids=lambda rule: rule.name)
def test_a_day_too_young_stays_and_a_day_too_old_goes(cast: Cast, rule: Any) -> None:
    assert set(MAKE) == {one.name for one in COUNTED}, "a rule without a row of its own here"
    edge = timezone.now() - dt.timedelta(days=rule.days or 0)
    young, old = MAKE[rule.name](cast, edge + DAY), MAKE[rule.name](cast, edge - DAY)
    assert young()
    assert old()
    expected = {one.rule.name: one.count for one in dry_run()}
    assert old(), "a dry run changes nothing"
    assert expected[rule.name] == (3 if rule.name == "sign_in" else 1)
    gone = {one.rule.name: one.count for one in retain()}
    assert young()
    assert not old()
    assert gone == expected
    entry = Entry.objects.filter(action="privacy.retain").latest("pk")
    assert entry.facts["rule"] == rule.name
    assert entry.facts["count"] == 1
    assert "ระบบลบข้อมูลที่ครบกำหนด" in sentence(entry)
    again = retain()
    assert sum(one.count for one in again) == 0
    chain.extend()
    assert chain.check().report.whole


def test_a_clock_that_leaps_after_the_day_was_read_erases_nothing_early(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rule,) = (one for one in COUNTED if one.name == "notice")
    young = MAKE["notice"](cast, timezone.now() - dt.timedelta(days=rule.days or 0) + 2 * DAY)
    today, leapt = timezone.localdate(), timezone.now() + 3 * DAY
    monkeypatch.setattr("django.utils.timezone.now", lambda: leapt)
    over_their_time(today)
    assert young()
    over_their_time(timezone.localdate())
    assert not young()


def test_contacts_of_a_retired_unit_go_and_of_others_stay(cast: Cast) -> None:
    Unit.objects.update(phone="02 111 1111", email="unit@example.test")
    Unit.objects.filter(pk=cast.units[0].pk).update(active=False)
    retain()
    assert [(one.phone, one.email) for one in Unit.objects.order_by("order")][:2] == [
        ("", ""),
        ("02 111 1111", "unit@example.test"),
    ]


def test_an_account_stays_while_a_role_or_a_loan_goes_on(cast: Cast) -> None:
    Person.objects.update(joined=timezone.now() - 2000 * DAY)
    today = timezone.localdate()
    Role.objects.filter(person=cast.chief).update(end=today - 500 * DAY)
    Role.objects.filter(person=cast.head).update(end=today - 500 * DAY)
    Delegation.objects.create(
        role=cast.palad.roles.get(), to=cast.head, start=today - 400 * DAY, end=today - 10 * DAY, reason="x"
    )
    retain()
    nameless = set(Person.objects.filter(given_name=NAMELESS).values_list("pk", flat=True))
    assert nameless == {cast.chief.pk, cast.stranger.pk}  # a stranger has no role, and never signed in
    gone = Person.objects.get(pk=cast.chief.pk)
    assert (gone.email, gone.family_name, gone.is_active, gone.has_usable_password()) == ("", "", False, False)


def test_an_invitation_that_nobody_answers_keeps_no_account(cast: Cast) -> None:
    today = timezone.localdate()
    Person.objects.update(joined=timezone.now() - 2000 * DAY)
    Role.objects.filter(person=cast.chief).update(end=today - 500 * DAY)
    for person, since in ((cast.chief, 400), (cast.stranger, 300)):
        Role.objects.create(
            person=person, kind="officer", agency=cast.agency, start=today - since * DAY, accepted=False
        )
    retain()
    nameless = set(Person.objects.filter(given_name=NAMELESS).values_list("pk", flat=True))
    assert nameless == {cast.chief.pk}  # the stranger was invited within the year
    assert not Role.objects.filter(person=cast.chief, accepted=False).exists()
    Role.objects.filter(person=cast.stranger).update(start=today - 400 * DAY)
    Person.objects.filter(pk=cast.stranger.pk).update(last_login=timezone.now())
    retain()
    assert Person.objects.get(pk=cast.stranger.pk).given_name != NAMELESS  # who signs in is there


def test_an_administrators_rights_that_are_over_go(cast: Cast) -> None:
    now = timezone.now()
    old, young = (Administration.objects.create(person=cast.admin, reason="x", until=now + n * DAY) for n in (-1, 1))
    retain()
    assert list(Administration.objects.values_list("pk", flat=True)) == [young.pk]
    assert old.pk != young.pk


def test_heaps_are_bounded_and_the_next_turn_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    monkeypatch.setattr(retention, "MOST", 2)
    for n in range(5):
        notice(cast, timezone.now() - (400 + n) * DAY)
    left = Notice.objects.count()
    assert [one.count for one in retain() if one.rule.name == "notice"] == [4]
    assert Notice.objects.count() == left - 4
    assert [one.count for one in retain() if one.rule.name == "notice"] == [1]


def test_the_worker_does_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    notice(cast, timezone.now() - 400 * DAY)
    call_command("remind")
    assert not Notice.objects.filter(key__startswith="n").exists()


def test_typed_words_of_a_round_go_wherever_they_stand(planned: Cast) -> None:
    comment = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text="คุณเก่าควรแก้ไข")
    Stage.objects.filter(round=planned.round).update(closes=timezone.localdate() - 3651 * DAY)
    retain()
    comment.refresh_from_db()
    assert comment.text == ""
