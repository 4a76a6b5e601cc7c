"""After an erasure the whole database and every kept file are searched: only what is kept with a reason is left."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cast import Cast
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from prongsai.site.agencies.models import Unit
from prongsai.site.approval.models import Bundle, Turn
from prongsai.site.files.keep import Received, keep
from prongsai.site.history import chain
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.notices.send import draft, tell
from prongsai.site.papers.models import LetterFields
from prongsai.site.people.actions import ChangePerson, EndRole, GiveRole, HandOutPassword
from prongsai.site.people.models import Person, Role
from prongsai.site.plans.models import Comment, Measure, Proof, Report
from prongsai.site.privacy import actions as privacy_actions
from prongsai.site.privacy.actions import AnswerRequest, AskRequest, ErasePerson
from prongsai.site.privacy.anonymous import NAMELESS
from prongsai.site.privacy.copy_of import THERE, archive, everything
from prongsai.site.privacy.models import Request, RequestKind
from prongsai.site.privacy.traces import columns

pytestmark = pytest.mark.django_db
GIVEN, FAMILY, USERNAME = "ปานวาดจันทร์", "ศรีสุขสมบูรณ์ยิ่ง", "panwad.unique.77"
EMAIL, PHONE, NICK = "panwad@unique77.example.test", "081-777-6543", "เจ๊ปานวาด"
FULL = f"{GIVEN} {FAMILY}"
SOUGHT = (GIVEN, FAMILY, USERNAME, EMAIL, PHONE, "0817776543", NICK)


def forms(word: str) -> list[bytes]:
    """A word as it may stand in bytes: as it is, and as JSON escapes it."""
    escaped = json.dumps(word)[1:-1]
    return [word.encode(), escaped.encode(), word.encode("utf-16-le")]


def opened(data: bytes) -> Iterator[bytes]:
    """Bytes, and what they unpack to."""
    yield data
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            yield unpack(data)
        except (zlib.error, OSError, EOFError):
            continue
    if zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as packed:
            for name in packed.namelist():
                yield packed.read(name)


def stands_in() -> dict[str, int]:
    """Every column of every table, and every file, in which one of the words stands; with how often."""
    words, found = [form for word in SOUGHT for form in forms(word)], {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    data = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    if any(word in part for part in opened(data) for word in words):
                        found[f"{table}.{name}"] = found.get(f"{table}.{name}", 0) + 1
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file() and any(word in part for part in opened(path.read_bytes()) for word in words):
            found["files"] = found.get("files", 0) + 1
    return found


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    """Files that other tests left are none of ours: some are damaged on purpose."""
    settings.MEDIA_ROOT = tmp_path / "kept"


@pytest.fixture
def person(planned: Cast) -> Person:
    """Someone who worked here for a year and left traces everywhere; the last role has ended."""
    cast, plan = planned, planned.extra["plan"]
    made = Person.objects.create_user(
        USERNAME, "a long pass phrase", title="นางสาว", given_name=GIVEN, family_name=FAMILY, email=EMAIL, phone=PHONE,
        position="นิติกร", external=f"thaid:{USERNAME}",
    )  # fmt: skip
    role = Role(person=made, kind="officer", agency=cast.agency, position="นิติกร")
    role.start = timezone.localdate() - dt.timedelta(days=400)
    GiveRole(by=cast.agency_admin, role=role, new=True).execute()
    client = Client()
    client.post("/accounts/login/", {"login": USERNAME, "password": "wrong"})
    client.force_login(made, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/me/")
    ChangePerson(by=made, person=made, values={"position": "นิติกรชำนาญการ"}).execute()
    HandOutPassword(by=cast.admin, person=made).execute()
    EmailAddress.objects.create(user=made, email=EMAIL)
    SocialAccount.objects.create(user=made, provider="thaid", uid=USERNAME, extra_data={"name": FULL, "email": EMAIL})
    Authenticator.objects.create(user=made, type="totp", data={"secret": "x"})
    tell([draft(made, "to-her", "เรื่อง", f"เรียน {FULL}", "/", cast.agency)])
    tell([draft(cast.officer, "of-her", f"{GIVEN}  {FAMILY} ส่งแผนแล้ว", f"โทร. {PHONE}", "/", cast.agency)])
    measure = Measure.objects.filter(point__plan=plan).first()
    assert measure is not None
    Comment.objects.create(plan=plan, by=made, text=f"ผู้ประสานงาน นางสาว{FULL} โทร. 081 777 6543")
    Comment.objects.create(plan=plan, by=cast.supervisor, text=f"โปรดถาม{NICK}")
    report = Report.objects.create(measure=measure, months=6, by=made, result=f"{EMAIL} รับผิดชอบ")
    Proof.objects.create(report=report, kind="other", title=f"คำสั่งแต่งตั้ง {FULL}", by=made)
    Unit.objects.filter(pk=cast.units[0].pk).update(email=EMAIL)
    cast.assessment.contact = f"นางสาว{FULL} โทร. {PHONE}"
    cast.assessment.save()
    LetterFields.objects.create(
        assessment=cast.assessment, kind="memo", data={"contact": FULL, "phone": PHONE}, by=made
    )
    bundle = Bundle.objects.create(plan=plan, subject="x", number=1, plan_revision=1, by=made, signed_as=FULL)
    Turn.objects.create(
        bundle=bundle, order=1, position="นิติกร", act="opine", person=made, signed_as=FULL, text="เห็นชอบ"
    )
    keep(Received(f"{FULL}.txt", "txt", f"หลักฐานของ {FULL} {EMAIL}".encode()), cast.agency, made)
    EndRole(by=cast.agency_admin, role=role, last_day=timezone.localdate() - dt.timedelta(days=1)).execute()
    cast.extra["person"] = made
    return made


KEPT = {
    # What stays, and is told with its reason: signed and filed documents, and the bytes of evidence.
    "approval_bundle.signed_as", "approval_turn.signed_as", "papers_letterfields.data", "files_stored.name", "files",
}  # fmt: skip


def test_after_an_erasure_nothing_is_left_but_what_is_kept_with_its_reason(planned: Cast, person: Person) -> None:
    before = stands_in()
    assert len(before) > 20, "the control: traces are found where they were left"
    assert {"people_person.username", "history_entry.personal", "axes_accessattempt.username"} <= set(before)
    asked = AskRequest(by=person, kind=RequestKind.ERASURE, person=person, words=f"ขอลบ {FULL}").execute()
    left = ErasePerson(by=planned.admin, person=person, more=(NICK, USERNAME), request=asked).execute()
    after = stands_in()
    assert set(after) <= KEPT, sorted(set(after) - KEPT)
    assert all(one.kept is not None for one in left)
    told = {one.column.rpartition(".")[2] if "bytes" not in one.column else "files" for one in left}
    assert {one.rpartition(".")[2] for one in after} <= told, "what stays is told"
    asked.refresh_from_db()
    assert (asked.state, asked.words) == ("done", "")
    gone = Person.objects.get(pk=person.pk)
    assert (gone.full_name, gone.is_active, gone.email, gone.phone) == (NAMELESS, False, "", "")
    assert Turn.objects.get(bundle__signed_as=FULL).signed_as == FULL


def test_the_history_stays_whole_and_says_erased(planned: Cast, person: Person, capsys: Any) -> None:
    chain.extend()
    assert chain.check().report.erased == 0
    ErasePerson(by=planned.admin, person=person, more=(NICK,)).execute()
    chain.extend()
    report = chain.check().report
    assert report.whole, report.findings
    assert report.erased >= 3
    assert not Entry.objects.filter(actor=person).exists()
    entry = Entry.objects.get(action="privacy.erase")
    assert entry.facts["entries"] == report.erased
    assert FULL not in json.dumps(entry.personal, ensure_ascii=False)


def test_a_name_in_a_hurry_is_not_erased_from_others(planned: Cast, person: Person) -> None:
    """The given name alone, other people's names and texts without her name stay as they are."""
    Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text="สมหญิง ตัวอย่าง และ 1081777654399")
    ErasePerson(by=planned.admin, person=person).execute()
    assert Comment.objects.filter(text="สมหญิง ตัวอย่าง และ 1081777654399").exists()
    assert Person.objects.get(pk=planned.officer.pk).full_name == "นางสมหญิง ตัวอย่าง"
    assert Entry.objects.filter(actor=planned.agency_admin).exclude(salt="").exists() is False  # both told of her


def test_what_a_colleague_has_too_stays_theirs(planned: Cast, person: Person) -> None:
    """Small offices share one mailbox and one telephone; a username may be the beginning of another's."""
    colleague = Person.objects.create(
        username=f"{USERNAME}.2", email=EMAIL, phone=PHONE, given_name="ก", family_name="ข"
    )
    unit = Unit.objects.create(agency=planned.agency, name="กองกลาง", email=EMAIL, phone=PHONE)
    comment = Comment.objects.filter(text__contains=NICK).first()
    ErasePerson(by=planned.admin, person=person, more=(NICK, USERNAME)).execute()
    colleague.refresh_from_db()
    unit.refresh_from_db()
    assert (colleague.username, colleague.email, colleague.phone) == (f"{USERNAME}.2", EMAIL, PHONE)
    assert (unit.email, unit.phone) == (EMAIL, PHONE)
    assert comment is None or NICK not in Comment.objects.get(pk=comment.pk).text


def test_looking_again_erases_nothing_and_erasing_asks_first(
    planned: Cast, person: Person, client_of: Callable[[str], Client]
) -> None:
    Role.objects.filter(person=person).update(end=timezone.localdate() - dt.timedelta(days=1))
    client, page = client_of("admin"), f"/system/people/{person.pk}/privacy/"
    assert client.post(page, {"more": NICK, "sure": "on", "look": "1"}).status_code == 200
    assert client.post(page, {"more": NICK}).status_code == 422
    person.refresh_from_db()
    assert person.given_name == GIVEN
    assert client.post(page, {"more": NICK, "sure": "on"}).status_code == 200
    person.refresh_from_db()
    assert person.given_name == NAMELESS


def test_an_erasure_that_is_not_possible_changes_nothing(planned: Cast, person: Person) -> None:
    before = stands_in()
    for by, whom in ((planned.agency_admin, person), (planned.admin, planned.officer), (planned.admin, planned.admin)):
        with pytest.raises(Refused):
            ErasePerson(by=by, person=whom).execute()
    assert stands_in() == before
    ErasePerson(by=planned.admin, person=person).execute()
    with pytest.raises(Refused):
        ErasePerson(by=planned.admin, person=Person.objects.get(pk=person.pk)).execute()


def test_an_erasure_that_fails_half_way_leaves_everything(
    planned: Cast, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stands_in()

    def fail(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(privacy_actions, "make_nameless", fail)
    with pytest.raises(RuntimeError):
        ErasePerson(by=planned.admin, person=person).execute()
    assert stands_in() == before


def test_the_copy_has_everything_of_the_person_and_nothing_of_others(planned: Cast, person: Person) -> None:
    told = everything(person)
    text = json.dumps(told, ensure_ascii=False, default=str)
    for word in (GIVEN, FAMILY, USERNAME, EMAIL, PHONE):
        assert word in text
    assert {"people.Person", "people.Role", "notices.Notice", "plans.Comment", "axes.AccessAttempt", "files.Stored",
            "mfa.Authenticator", "papers.LetterFields", "approval.Turn"} <= set(told["tables"])  # fmt: skip
    assert told["tables"]["people.Person"][0]["password"] == THERE
    assert planned.supervisor.email not in text
    assert planned.agency_admin.full_name not in text, "who changed the account is another person"
    assert any("แก้ไขข้อมูล" in one["said"] for one in told["history"])
    assert {one["field"] for one in told["why"]} >= {"people.Person.email", "history.Entry.personal"}
    with zipfile.ZipFile(BytesIO(archive(person))) as packed:
        assert set(packed.namelist()) == {"data.json", "data.html"}
        assert GIVEN in packed.read("data.html").decode()
        assert json.loads(packed.read("data.json"))["account"] == person.pk


def test_no_secret_is_in_the_copy(planned: Cast, client_of: Callable[[str], Client]) -> None:
    client_of("officer").get("/me/")
    officer = Person.objects.get(pk=planned.officer.pk)
    text = json.dumps(everything(officer), ensure_ascii=False, default=str)
    assert officer.password not in text
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM people_session")
        assert all(key not in text for (key,) in cursor.fetchall())


def test_requests_are_answered_once_and_a_refusal_has_its_reason(planned: Cast) -> None:
    asked = AskRequest(by=planned.officer, kind=RequestKind.CORRECTION, person=planned.officer).execute()
    assert asked.due - asked.received == dt.timedelta(days=30)
    with pytest.raises(Refused, match="open already"):
        AskRequest(by=planned.officer, kind=RequestKind.CORRECTION, person=planned.officer).execute()
    with pytest.raises(Refused, match="reason"):
        AnswerRequest(by=planned.admin, request=asked, done=False, answer=" ").execute()
    with pytest.raises(Refused):
        AnswerRequest(by=planned.agency_admin, request=asked, done=True, answer="").execute()
    AnswerRequest(by=planned.admin, request=asked, done=False, answer="ข้อมูลถูกต้องแล้ว").execute()
    with pytest.raises(Refused):
        AnswerRequest(by=planned.admin, request=asked, done=True, answer="").execute()
    assert Request.objects.get(pk=asked.pk).state == "refused"


def test_every_column_of_text_is_looked_at_or_can_hold_no_name() -> None:
    labels = {one.label for one in columns()}
    for wanted in ("plans.Measure.title", "agencies.Unit.email", "notices.Notice.text", "axes.AccessLog.username",
                   "socialaccount.SocialAccount.extra_data",
                   "django_tasks_database.DBTaskResult.traceback"):  # fmt: skip
        assert wanted in labels
    assert call_command  # the command of verification is tested with the ledger
