"""What people ask about their data, and what is done about it; incidents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prongsai.site.history.action import Action, refuse
from prongsai.site.history.erase import erase_person
from prongsai.site.notices.send import tell
from prongsai.site.people.access import may
from prongsai.site.people.models import Delegation, Person, Role
from prongsai.site.people.permissions import May
from prongsai.site.privacy.anonymous import is_nameless, make_nameless
from prongsai.site.privacy.messages import answered
from prongsai.site.privacy.models import ANSWER_WITHIN, Incident, Request, RequestKind, Seen
from prongsai.site.privacy.traces import Trace, Wanted, take_out, traces
from prongsai.site.privacy.versions import in_force


@dataclass(kw_only=True)
class AskRequest(Action):
    """A person asks about their own data, or an administrator enters what came by letter; the clock begins."""

    kind: RequestKind
    person: Person | None = None
    name: str = ""
    contact: str = ""
    words: str = ""
    received: dt.date | None = None

    code = "privacy.ask"
    th = "{actor} บันทึกคำขอใช้สิทธิของเจ้าของข้อมูล: {kind} ครบกำหนดตอบ {due}"
    en = "{actor} entered a request about personal data: {kind}, answer due {due}"

    def check(self) -> None:
        """Somebody it is about; one open request of a kind at a time."""
        if self.person is None and not self.name:
            raise refuse(
                "privacy.nobody", "ยังไม่ระบุว่าคำขอเป็นของผู้ใด", "the request names nobody", "โปรดกรอกชื่อผู้ขอ", "Give a name."
            )
        if self.person and Request.objects.filter(person=self.person, kind=self.kind, state="open").exists():
            raise refuse(
                "privacy.asked_already",
                "มีคำขอประเภทนี้ที่รอดำเนินการอยู่แล้ว",
                "a request of this kind is open already",
                "โปรดรอคำตอบ หรือติดต่อผู้ดูแลระบบกลาง",
                "Wait for the answer, or ask the system's administrator.",
            )

    def do(self) -> Request:
        """Enter it, with the day on which the answer is due."""
        received = self.received or timezone.localdate()
        self.made = Request.objects.create(
            kind=self.kind, person=self.person, name=self.name, contact=self.contact, words=self.words,
            received=received, due=received + ANSWER_WITHIN,
        )  # fmt: skip
        return self.made

    def subject(self) -> Request:
        """The request."""
        return self.made

    def facts(self) -> dict[str, Any]:
        """Kind and day."""
        return {"kind": RequestKind(self.kind).value, "due": self.made.due.isoformat()}


@dataclass(kw_only=True)
class AnswerRequest(Action):
    """The answer to a request: done, or refused with the reason."""

    request: Request
    done: bool
    answer: str

    code = "privacy.answer"
    th = "{actor} ตอบคำขอใช้สิทธิของเจ้าของข้อมูล: {kind} ({state})"
    en = "{actor} answered a request about personal data: {kind} ({state})"

    def check(self) -> None:
        """Once, and a refusal with its reason."""
        _need_system(self.by)
        if self.request.state != "open":
            raise refuse("privacy.answered", "คำขอนี้ตอบแล้ว", "this request was answered")
        if not self.done and not self.answer.strip():
            raise refuse(
                "privacy.no_reason",
                "การปฏิเสธต้องมีเหตุผล",
                "a refusal needs its reason",
                "โปรดกรอกเหตุผล",
                "Give the reason.",
            )

    def do(self) -> None:
        """Close it."""
        self.request.state = "done" if self.done else "refused"
        self.request.answer, self.request.answered_at, self.request.by = self.answer, timezone.now(), self.by
        self.request.save()
        if self.request.person is not None and self.request.person.is_active:
            tell([answered(self.request, self.request.person)])

    def subject(self) -> Request:
        """The request."""
        return self.request

    def facts(self) -> dict[str, Any]:
        """Kind and outcome."""
        return {"kind": self.request.kind, "state": self.request.state}


@dataclass(kw_only=True)
class WithdrawRequest(Action):
    """A person takes an own request back before it is answered; nothing of it stays but that it was."""

    request: Request

    code = "privacy.withdraw"
    th = "{actor} ถอนคำขอใช้สิทธิของเจ้าของข้อมูล: {kind}"
    en = "{actor} withdrew a request about personal data: {kind}"

    def check(self) -> None:
        """One's own, while it is open."""
        if self.by is None or self.request.person_id != self.by.pk:
            raise refuse("privacy.not_own", "คำขอนี้ไม่ใช่ของท่าน", "this request is not yours")
        if self.request.state != "open":
            raise refuse("privacy.answered", "คำขอนี้ตอบแล้ว", "this request was answered")

    def do(self) -> None:
        """Forget it."""
        Request.objects.filter(pk=self.request.pk, state="open").delete()

    def subject(self) -> Request:
        """The request that was."""
        return self.request

    def facts(self) -> dict[str, Any]:
        """Its kind."""
        return {"kind": self.request.kind}


@dataclass(kw_only=True)
class GiveCopy(Action):
    """A copy of everything that is kept about a person was made, by the person or by an administrator on request."""

    person: Person

    code = "privacy.copy"
    th = "{actor} จัดทำสำเนาข้อมูลส่วนบุคคลของ {person}"
    en = "{actor} made a copy of the personal data of {person}"

    def check(self) -> None:
        """One's own, or by the system's administrator."""
        if self.by is None or self.by.pk != self.person.pk:
            _need_system(self.by)

    def do(self) -> None:
        """Nothing changes; the history tells of the copy."""

    def subject(self) -> Person:
        """Whose."""
        return self.person

    def personal(self) -> dict[str, Any]:
        """The name."""
        return {"person": self.person.full_name}


@dataclass(kw_only=True)
class ErasePerson(Action):
    """Erase a person on request: the account names nobody, names go out of history and texts; what is kept is told.

    ``more``: further words by which the person stands in texts. ``execute`` gives what was left, with its reasons.
    """

    person: Person
    more: tuple[str, ...] = ()
    request: Request | None = None
    left: list[Trace] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    code = "privacy.erase"
    th = "{actor} ลบข้อมูลของบัญชีเลขที่ {account}: ประวัติ {entries} รายการ ข้อความ {texts} แห่ง คงไว้ {kept} แห่ง"
    en = "{actor} erased the data of account {account}: {entries} entries, {texts} texts; {kept} kept with reason"

    def check(self) -> None:
        """Only by the system's administrator, and never while the person has anything to do here."""
        _need_system(self.by)
        if self.by is not None and self.by.pk == self.person.pk:
            raise refuse(
                "privacy.own_erasure",
                "ผู้ดูแลระบบลบข้อมูลของตนเองไม่ได้",
                "an administrator cannot erase themselves",
                "โปรดให้ผู้ดูแลระบบกลางคนอื่นดำเนินการ",
                "Ask another system administrator.",
            )
        if is_nameless(self.person):
            raise refuse("privacy.erased", "บัญชีนี้ถูกลบข้อมูลแล้ว", "this account was erased already")
        today = timezone.localdate()
        lent = Delegation.objects.filter(to=self.person, revoked=False, end__gte=today)
        going = Role.objects.filter(person=self.person, accepted=True).exclude(end__lt=today)
        if lent.exists() or going.exists():
            raise refuse(
                "privacy.has_roles",
                "บุคคลนี้ยังมีบทบาทหรือปฏิบัติแทนผู้อื่นอยู่ จึงยังลบข้อมูลไม่ได้",
                "this person still has a role, or acts for someone",
                "โปรดสิ้นสุดหรือส่งมอบบทบาทก่อน แล้วดำเนินการอีกครั้ง",
                "End or hand over the roles first.",
            )

    def do(self) -> list[Trace]:
        """Names go from the history first, while they can be read from the account; then texts; the account last."""
        wanted = Wanted(self.person, self.more)
        self._counts["entries"] = erase_person(self.person)
        changed = take_out(wanted)
        make_nameless(self.person)
        self.left = traces(wanted)
        if self.request is not None and self.request.state == "open":
            now = timezone.now()
            Request.objects.filter(pk=self.request.pk).update(state="done", answered_at=now, by=self.by)
        self._counts |= {
            "texts": sum(one.count for one in changed),
            "kept": sum(one.count for one in self.left if one.kept),
        }
        return self.left

    def subject(self) -> Person:
        """The account."""
        return self.person

    def facts(self) -> dict[str, Any]:
        """Numbers alone."""
        return {"account": self.person.pk, **self._counts}


@dataclass(kw_only=True)
class PutAway(Action):
    """A person read a new notice and put it away."""

    audience: str

    code = "privacy.seen"
    th = "{actor} รับทราบประกาศความเป็นส่วนตัว {audience} ฉบับที่ {version}"
    en = "{actor} took note of the privacy notice {audience}, version {version}"

    def do(self) -> None:
        """Remember it."""
        assert self.by is not None
        Seen.objects.get_or_create(person=self.by, audience=self.audience, version=in_force(self.audience).number)

    def facts(self) -> dict[str, Any]:
        """Which."""
        return {"audience": self.audience, "version": in_force(self.audience).number}


@dataclass(kw_only=True)
class WriteIncident(Action):
    """An incident is entered, or what is known of it now; the clock runs from when it was known."""

    incident: Incident

    code = "privacy.incident"
    th = "{actor} บันทึกเหตุละเมิดข้อมูลส่วนบุคคลเลขที่ {number}: ความเสี่ยง {risk} แจ้งแล้ว {told}"
    en = "{actor} entered incident {number}: risk {risk}, told {told}"

    def check(self) -> None:
        """Only the system's administrator; nothing before it was known."""
        _need_system(self.by)
        known = self.incident.known_at
        if known > timezone.now() or any(
            one is not None and one < known for one in (self.incident.told_at, self.incident.closed_at)
        ):
            raise refuse(
                "privacy.incident_times",
                "เวลาไม่เรียงกัน: ทราบเหตุต้องไม่อยู่ในอนาคต และการแจ้งกับการปิดต้องไม่ก่อนทราบเหตุ",
                "the times are out of order",
                "โปรดตรวจวันและเวลา",
                "Check days and times.",
            )
        if self.incident.closed_at and self.incident.clock_open:
            raise refuse(
                "privacy.incident_untold",
                "ยังปิดเหตุไม่ได้ เพราะยังไม่ได้แจ้งและยังไม่ได้ประเมินว่าไม่มีความเสี่ยง",
                "it cannot be closed: nobody was told, and it is not judged to be without risk",
                "โปรดบันทึกเวลาที่แจ้ง หรือประเมินความเสี่ยงก่อน",
                "Enter when it was told, or judge the risk first.",
            )

    def do(self) -> Incident:
        """Keep it."""
        self.incident.by = self.by
        self.incident.save()
        return self.incident

    def subject(self) -> Incident:
        """The incident."""
        return self.incident

    def facts(self) -> dict[str, Any]:
        """Number, risk, and whether it was told."""
        told = self.incident.told_at.isoformat() if self.incident.told_at else "–"
        return {"number": self.incident.pk, "risk": self.incident.risk, "told": told}


def _need_system(person: Person | None) -> None:
    if person is None or not may(person, May.MANAGE_SYSTEM):
        raise refuse("privacy.not_yours", "เฉพาะผู้ดูแลระบบกลาง", "for the system's administrator alone")
