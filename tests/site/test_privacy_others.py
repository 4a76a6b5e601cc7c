"""Other people's data stay theirs: in the copy that someone gets, and when someone is erased."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from cast import Cast
from django.utils import timezone

from prongsai.site.fieldwork.models import Assignment, Interview
from prongsai.site.history.models import Entry
from prongsai.site.papers.models import LetterFields
from prongsai.site.people.actions import HandOutPassword
from prongsai.site.people.models import Person
from prongsai.site.plans.models import Comment
from prongsai.site.privacy.actions import AnswerRequest, AskRequest, ErasePerson
from prongsai.site.privacy.copy_of import everything
from prongsai.site.privacy.models import RequestKind
from prongsai.site.surveys.models import PeopleList, Survey

pytestmark = pytest.mark.django_db
SOMEBODY, LETTER_BOX = "นางสาวนภาลัย ผู้ขอทางจดหมาย", "ตู้ ปณ. 7788"


def copy_of(person: Person) -> str:
    return json.dumps(everything(Person.objects.get(pk=person.pk)), ensure_ascii=False, default=str)


def test_the_copy_of_who_answers_requests_tells_nothing_of_who_asked(cast: Cast) -> None:
    asked = AskRequest(
        by=cast.admin, kind=RequestKind.ACCESS, name=SOMEBODY, contact=LETTER_BOX, words="ขอสำเนาเรื่องบุตร"
    ).execute()
    AnswerRequest(by=cast.admin, request=asked, done=True, answer="ส่งสำเนาให้นางสาวนภาลัยแล้ว").execute()
    told = copy_of(cast.admin)
    assert "privacy.Request" in told, "that the administrator answered one is told"
    assert not [word for word in (SOMEBODY, LETTER_BOX, "เรื่องบุตร", "นภาลัย") if word in told]
    own = AskRequest(by=cast.officer, kind=RequestKind.ACCESS, person=cast.officer, words="ขอสำเนาของตน").execute()
    AnswerRequest(by=cast.admin, request=own, done=True, answer="ส่งแล้วทางอีเมล").execute()
    assert "ขอสำเนาของตน" in copy_of(cast.officer)
    assert "ส่งแล้วทางอีเมล" in copy_of(cast.officer)
    assert "ขอสำเนาของตน" not in copy_of(cast.admin)


def test_the_copy_of_who_sent_a_list_for_a_draw_has_nobody_of_the_list(cast: Cast) -> None:
    survey = Survey.objects.create(assessment=cast.assessment, container="IIT")
    PeopleList.objects.create(survey=survey, entries=[SOMEBODY], digest="x", count=1, by=cast.officer)
    told = copy_of(cast.officer)
    assert "surveys.PeopleList" in told
    assert SOMEBODY not in told


def test_the_copy_of_a_surveyor_has_the_times_of_the_interviews(cast: Cast) -> None:
    survey = Survey.objects.create(assessment=cast.assessment, container="EIT.2")
    work = Assignment.objects.create(survey=survey, surveyor=cast.inspector, quota=5)
    began = timezone.now() - dt.timedelta(hours=2)
    Interview.objects.create(
        id="a" * 32, assignment=work, started=began, seconds=777, ahead=0, sealed=b"x", digest="d",
        decided_by=cast.assessor, decided_at=timezone.now(),
    )  # fmt: skip
    (row,) = everything(cast.inspector)["tables"]["fieldwork.Interview"]
    assert row["seconds"] == 777
    assert "sealed" not in row or row["sealed"] != b"x"


@pytest.fixture
def namesake(planned: Cast) -> tuple[Person, Person]:
    """Two people of one name, and a third whose name goes on where theirs ends."""
    made: list[Any] = [
        Person.objects.create(username=f"twin{n}", title="นาย", given_name="สมชาย", family_name=family)
        for n, family in enumerate(("ใจดี", "ใจดี", "ใจดีงาม"))
    ]
    return made[0], made[1]


def test_who_bears_the_same_name_keeps_it(planned: Cast, namesake: tuple[Person, Person]) -> None:
    leaving, other = namesake
    comment = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text="โปรดถามนายสมชาย ใจดี")
    HandOutPassword(by=planned.admin, person=other).execute()
    ErasePerson(by=planned.admin, person=leaving).execute()
    comment.refresh_from_db()
    assert comment.text == "โปรดถามนายสมชาย ใจดี"
    entry = Entry.objects.get(action="people.password_handed_out", subject=f"people.person:{other.pk}")
    assert entry.personal["person"] == "นายสมชาย ใจดี"


def test_a_longer_name_that_begins_alike_stays_whole(planned: Cast, namesake: tuple[Person, Person]) -> None:
    leaving, other = namesake
    other.delete()
    third = Person.objects.get(family_name="ใจดีงาม")
    HandOutPassword(by=planned.admin, person=third).execute()
    longer = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text="นายสมชาย ใจดีงาม")
    own = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text="สมชาย  ใจดีเป็นผู้ประสาน")
    ErasePerson(by=planned.admin, person=leaving).execute()
    longer.refresh_from_db()
    own.refresh_from_db()
    assert longer.text == "นายสมชาย ใจดีงาม"
    entry = Entry.objects.get(action="people.password_handed_out")
    assert entry.personal.get("person") == "นายสมชาย ใจดีงาม"
    assert own.text == "…เป็นผู้ประสาน"


@pytest.mark.parametrize(
    "written",
    [
        "081-777-6543",
        "0817776543",
        "081 777 654 3",
        "(081) 777.6543",
        "+66 81 777 6543",
        "+66817776543",
        "๐๘๑-๗๗๗-๖๕๔๓",
    ],
)  # fmt: skip
def test_a_telephone_number_is_found_however_it_is_written(planned: Cast, written: str) -> None:
    leaving = Person.objects.create(username="leaver", given_name="ก", phone="081-777 6543")
    comment = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text=f"โทร. {written} ค่ะ")
    planned.assessment.contact = f"โทร. {written}"
    planned.assessment.save()
    LetterFields.objects.create(assessment=planned.assessment, kind="memo", data={"phone": written})
    left = ErasePerson(by=planned.admin, person=leaving).execute()
    comment.refresh_from_db()
    assert comment.text == "โทร. … ค่ะ"
    assert [one.column for one in left] == ["papers.LetterFields.data"], "kept, and found in JSON too"


@pytest.mark.parametrize("written", ["1081777654399", "081-777-6544", "x0817776543"])
def test_another_number_stays(planned: Cast, written: str) -> None:
    leaving = Person.objects.create(username="leaver", given_name="ก", phone="081-777-6543")
    comment = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text=written)
    ErasePerson(by=planned.admin, person=leaving).execute()
    comment.refresh_from_db()
    assert comment.text == written


def test_a_number_that_a_colleague_writes_otherwise_is_the_same(planned: Cast) -> None:
    leaving = Person.objects.create(username="leaver", given_name="ก", phone="081-777-6543")
    Person.objects.create(username="stays", given_name="ข", phone="0817776543")
    comment = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text="081 777 6543")
    ErasePerson(by=planned.admin, person=leaving).execute()
    comment.refresh_from_db()
    assert comment.text == "081 777 6543"


@pytest.mark.parametrize("between", [" ", "  ", "", "\u00a0", "\u200b"])
def test_a_name_is_found_whatever_stands_between_its_parts(planned: Cast, between: str) -> None:
    leaving = Person.objects.create(username="leaver", title="นาย", given_name="กอไก่ใหญ่", family_name="ขอไข่")
    text = f"ถามนายกอไก่ใหญ่{between}ขอไข่แล้ว"
    comment = Comment.objects.create(plan=planned.extra["plan"], by=planned.supervisor, text=text)
    ErasePerson(by=planned.admin, person=leaving).execute()
    comment.refresh_from_db()
    assert comment.text == "ถาม…แล้ว"
