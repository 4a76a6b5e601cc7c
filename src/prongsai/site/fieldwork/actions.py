"""What changes field work: quotas; interviews received, accepted, returned, and moved into the letterbox."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from prongsai.site.fieldwork.models import COUNTING, Assignment, Interview, InterviewState
from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import may
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.models import Survey, SurveyState
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.letterbox import LetterboxError, file_open

_random = random.SystemRandom()


@dataclass(kw_only=True)
class _OfSurvey(OnSurvey):
    """Base: something about the interviews of one survey. Its row is locked, so that no two of these overlap.

    Who interviews where, and how many answers came in when, is not the agency's to read.
    """

    told = False

    def _lock(self) -> str:
        return Survey.objects.select_for_update().get(pk=self.survey.pk).state

    def _need_unclosed(self) -> None:
        if self._lock() not in (SurveyState.DRAFT, SurveyState.OPEN):
            raise refuse("field.closed", "แบบสำรวจนี้ปิดรับคำตอบแล้ว", "this survey takes no more answers")


@dataclass(kw_only=True)
class AssignQuota(_OfSurvey):
    """Give a surveyor a quota, or change it: 0 withdraws what is still to be done."""

    surveyor: Person
    quota: int
    note: str = ""

    code = "field.assign"
    th = "{actor} มอบหมายให้ {surveyor} สัมภาษณ์ {quota} คน สำหรับแบบสำรวจ {container} ของ “{round}”"
    en = "{actor} assigned {quota} interviews of the survey {container} of “{round}” to {surveyor}"

    def check(self) -> None:
        """Interviews are a door of the survey, which is not closed; and the person is a surveyor there."""
        self._need_unclosed()
        if not self.survey.by_interview:
            raise refuse("field.no_door", "แบบสำรวจนี้ไม่ใช้การสัมภาษณ์", "this survey takes no interviews",
                         "โปรดเปิดช่องทางสัมภาษณ์ในหน้าแบบสำรวจ", "Choose interviews on the survey’s page.")  # fmt: skip
        if not may(self.surveyor, May.INTERVIEW, self.agency()):
            raise refuse("field.no_surveyor", "บุคคลนี้ไม่มีบทบาทผู้สำรวจ", "this person is no surveyor",
                         "โปรดให้ผู้ดูแลระบบกลางมอบบทบาทก่อน", "Ask the system administrator.")  # fmt: skip

    def do(self) -> Assignment:
        """The assignment, made or changed."""
        values = {"quota": self.quota, "note": self.note}
        return Assignment.objects.update_or_create(surveyor=self.surveyor, survey=self.survey, defaults=values)[0]

    def facts(self) -> dict[str, Any]:
        """With the quota."""
        return {**super().facts(), "quota": self.quota}

    def personal(self) -> dict[str, Any]:
        """Whose."""
        return {"surveyor": self.surveyor.full_name}


@dataclass(kw_only=True)
class MoveQuota(_OfSurvey):
    """Take from one surveyor's quota what is still to be done, and give it to another."""

    assignment: Assignment
    to: Person
    count: int

    code = "field.reassign"
    th = "{actor} โอนงานสัมภาษณ์ {count} คน จาก {surveyor} ให้ {to} สำหรับแบบสำรวจ {container} ของ “{round}”"
    en = "{actor} moved {count} interviews of the survey {container} of “{round}” from {surveyor} to {to}"

    def check(self) -> None:
        """No more than what is still to be done, to another surveyor."""
        self._need_unclosed()
        self.assignment.refresh_from_db()
        left = self.assignment.quota - self.assignment.interviews.filter(state__in=COUNTING).count()
        if not 0 < self.count <= left:
            raise refuse("field.too_many", f"โอนได้ไม่เกิน {max(left, 0)} คน ซึ่งยังไม่ได้สัมภาษณ์",
                         f"{max(left, 0)} interviews are still to be done")  # fmt: skip
        if self.to == self.assignment.surveyor or not may(self.to, May.INTERVIEW, self.agency()):
            raise refuse("field.no_surveyor", "โปรดเลือกผู้สำรวจคนอื่น", "choose another surveyor")

    def do(self) -> None:
        """Both quotas."""
        self.assignment.quota -= self.count
        self.assignment.save(update_fields=["quota"])
        other, _ = Assignment.objects.get_or_create(surveyor=self.to, survey=self.survey, defaults={"quota": 0})
        other.quota += self.count
        other.save(update_fields=["quota"])

    def facts(self) -> dict[str, Any]:
        """With how many."""
        return {**super().facts(), "count": self.count}

    def personal(self) -> dict[str, Any]:
        """Whose, and to whom."""
        return {"surveyor": self.assignment.surveyor.full_name, "to": self.to.full_name}


@dataclass(kw_only=True)
class ReceiveInterviews(Action):
    """Interviews from a device. ``execute`` returns ids that are new, and digests of those that were there.

    Ids in neither were not taken: the survey closed meanwhile. The log belongs to no agency: when a surveyor was
    where is not the agency's to read.
    """

    assignment: Assignment
    interviews: list[Interview]

    code = "field.receive"
    th = "{actor} ส่งแบบสัมภาษณ์ {count} ชุด"
    en = "{actor} sent {count} interviews"

    def subject(self) -> Assignment:
        """The assignment."""
        return self.assignment

    def do(self) -> tuple[list[str], dict[str, str]]:
        """Store what is new, behind the survey's lock."""
        state = Survey.objects.select_for_update().get(pk=self.assignment.survey_id).state
        ids = [one.pk for one in self.interviews]
        there = dict(Interview.objects.filter(pk__in=ids).values_list("pk", "digest"))
        if state != SurveyState.OPEN:
            self.interviews = []
            return [], there
        self.interviews = [one for one in self.interviews if one.pk not in there]
        Interview.objects.bulk_create(self.interviews)
        return [one.pk for one in self.interviews], there

    def facts(self) -> dict[str, Any]:
        """How many."""
        return {"count": len(self.interviews)}


@dataclass(kw_only=True)
class _OnInterviews(_OfSurvey):
    """Base: a supervisor's word on interviews that wait for it; nothing happens unless all of them do."""

    ids: list[str]

    def check(self) -> None:
        """All wait, and are of this survey."""
        if self._lock() != SurveyState.OPEN:
            raise refuse("field.closed", "แบบสำรวจนี้ปิดรับคำตอบแล้ว", "this survey takes no more answers")
        self.found = Interview.objects.filter(
            assignment__survey=self.survey, state=InterviewState.SENT, pk__in=self.ids
        )
        if not self.ids or self.found.count() != len(set(self.ids)):
            raise refuse("field.decided", "แบบสัมภาษณ์ที่เลือกบางชุดตรวจแล้ว หรือยังไม่ได้เลือก",
                         "some of these are decided already, or none is chosen",
                         "โปรดเปิดหน้านี้ใหม่และเลือกอีกครั้ง", "Open the page again and choose.")  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """With how many."""
        return {**super().facts(), "count": len(self.ids)}


@dataclass(kw_only=True)
class AcceptInterviews(_OnInterviews):
    """Accept unread: at the mixer's next turn the answers leave for the letterbox. It cannot be taken back."""

    code = "field.accept"
    th = "{actor} รับแบบสัมภาษณ์ {count} ชุด ของแบบสำรวจ {container} ของ “{round}”"
    en = "{actor} accepted {count} interviews of the survey {container} of “{round}”"

    def do(self) -> None:
        """Accepted."""
        self.found.update(state=InterviewState.ACCEPTED, decided_by=self.by, decided_at=timezone.now())


@dataclass(kw_only=True)
class ReturnInterviews(_OnInterviews):
    """Return to be done again: the sealed answers are destroyed unread, and count nowhere."""

    reason: str

    code = "field.return"
    th = "{actor} ส่งคืนแบบสัมภาษณ์ {count} ชุด ของแบบสำรวจ {container} ของ “{round}” เหตุผล: {reason}"
    en = "{actor} returned {count} interviews of the survey {container} of “{round}”: {reason}"

    def check(self) -> None:
        """With a reason."""
        super().check()
        if not self.reason.strip():
            raise refuse("field.reason", "โปรดระบุเหตุผลที่ส่งคืน", "say why", "", "")

    def do(self) -> None:
        """Returned, and the content gone."""
        self.found.update(
            state=InterviewState.RETURNED, decided_by=self.by, decided_at=timezone.now(), reason=self.reason,
            sealed=None, alike=None,
        )  # fmt: skip

    def personal(self) -> dict[str, Any]:
        """The reason as typed."""
        return {"reason": self.reason}


@dataclass(kw_only=True)
class GiveBackBroken(Action):
    """The mixer could not open an interview, or it is not whole: it must be done again."""

    interview: Interview

    code = "field.broken"
    th = "แบบสัมภาษณ์ 1 ชุดเปิดไม่ได้หรือไม่ครบ ระบบส่งคืนให้สัมภาษณ์ใหม่"
    en = "One interview could not be opened or is incomplete; it was returned"

    def subject(self) -> Assignment:
        """The assignment."""
        return self.interview.assignment

    def do(self) -> None:
        """Returned."""
        one = self.interview
        one.state, one.sealed, one.decided_at = InterviewState.RETURNED, None, timezone.now()
        one.reason = "เครื่องส่งคำตอบมาไม่สมบูรณ์ โปรดปรับปรุงแอปและสัมภาษณ์ใหม่"
        one.save(update_fields=["state", "sealed", "decided_at", "reason"])


@dataclass(kw_only=True)
class AcceptRest(_OfSurvey):
    """At the close, what no supervisor has looked at is accepted: an answer somebody gave is not thrown away."""

    code = "field.accept_rest"
    th = "แบบสำรวจ {container} ของ “{round}” ปิดรับคำตอบ ระบบรับแบบสัมภาษณ์ที่ยังไม่ได้ตรวจ {count} ชุด"
    en = "The survey {container} of “{round}” closed: {count} interviews nobody had reviewed were accepted"

    def do(self) -> None:
        """Accepted."""
        rest = Interview.objects.filter(assignment__survey=self.survey, state=InterviewState.SENT)
        self.count = rest.update(state=InterviewState.ACCEPTED, decided_at=timezone.now())

    def facts(self) -> dict[str, Any]:
        """With how many."""
        return {**super().facts(), "count": self.count}


@dataclass(kw_only=True)
class Move(_OfSurvey):
    """The mixer takes accepted answers to the letterbox, in random order; the interview keeps its times alone.

    One transaction: an answer is in the letterbox or still here, never both, never neither.
    """

    opened: Callable[[Interview], str]

    code = "field.move"
    th = "คำตอบจากการสัมภาษณ์ {count} ชุด ของแบบสำรวจ {container} ของ “{round}” เข้าหีบคำตอบแล้ว"
    en = "{count} answers from interviews of the survey {container} of “{round}” are in the letterbox"

    def do(self) -> int:
        """Move all; raises ``LetterboxError`` where the box takes none, and then nothing moved."""
        self._lock()
        box = self.survey.boxes.get(place=None).pk
        # Those that were accepted before the mixer had looked at them wait for its next turn.
        accepted = Interview.objects.filter(
            assignment__survey=self.survey, state=InterviewState.ACCEPTED, alike__isnull=False
        )
        waiting = list(accepted)
        _random.shuffle(waiting)
        for one in waiting:
            form = hashlib.sha256(b"interview/" + one.pk.encode()).digest()
            if file_open(DatabaseStorage(), keys(), box, form, self.opened(one)).outcome != "filed":
                raise LetterboxError("the box takes no more letters")
        self.count = accepted.update(state=InterviewState.MOVED, sealed=None, alike=None)
        return self.count

    def facts(self) -> dict[str, Any]:
        """With how many."""
        return {**super().facts(), "count": self.count}


def counted(survey: Survey) -> dict[tuple[int, str], int]:
    """Interviews by assignment and state; one query."""
    rows = Interview.objects.filter(assignment__survey=survey).order_by().values_list("assignment", "state")
    return {(pk, state): n for pk, state, n in rows.annotate(n=Count("pk"))}
