"""The rights of the system's administrator are used for a reason and a time, and rest otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from prongsai.site.history.action import Action, refuse
from prongsai.site.people.access import administers
from prongsai.site.people.models import Administration, Person

SHORTEST = 10  # letters of a reason
# Why it ended: for the log, in both languages.
ENDED = {
    "asked": ("ผู้ใช้สั่งสิ้นสุด", "ended by the person"),
    "time": ("ครบเวลา", "time over"),
    "out": ("ออกจากระบบ หรือการเข้าสู่ระบบสิ้นสุด", "signed out, or the session ended"),
}


@dataclass(kw_only=True)
class BeginAdministration(Action):
    """From now on, for ``settings.ADMINISTRATION``, a person uses the rights. ``execute`` gives the row."""

    reason: str

    code = "people.administration_begun"
    th = "{actor} เริ่มใช้สิทธิผู้ดูแลระบบกลาง ไม่เกิน {minutes} นาที เหตุผล: {reason}"
    en = "{actor} began to use the rights of the system administrator, for {minutes} minutes at most; reason: {reason}"

    def check(self) -> None:
        """Only who has the rights, and not without a reason."""
        if self.by is None or not administers(self.by):
            raise refuse("people.no_administrator", "ท่านไม่ใช่ผู้ดูแลระบบกลาง", "you are not an administrator of the system")
        if len(self.reason.strip()) < SHORTEST:
            raise refuse(
                "people.no_reason",
                f"โปรดระบุเหตุผลอย่างน้อย {SHORTEST} ตัวอักษร",
                f"give a reason of {SHORTEST} letters or more",
                "เช่น เลขที่หนังสือ เรื่องที่ได้รับแจ้ง หรืองานที่จะทำ",
                "For example the letter's number, what was reported, or what you are going to do.",
            )

    def do(self) -> Administration:
        """Keep it for as long as it lasts."""
        now = timezone.now()
        assert self.by is not None
        return Administration.objects.create(
            person=self.by, reason=self.reason.strip(), begun=now, until=now + settings.ADMINISTRATION
        )

    def facts(self) -> dict[str, Any]:
        """For how long at most."""
        return {"minutes": int(settings.ADMINISTRATION.total_seconds() // 60)}

    def personal(self) -> dict[str, Any]:
        """Why: a typed text may name people."""
        return {"reason": self.reason.strip()}


@dataclass(kw_only=True)
class EndAdministration(Action):
    """The rights rest again. ``why``: a key of ``ENDED``."""

    administration: Administration
    why: str

    code = "people.administration_ended"
    th = "{person} สิ้นสุดการใช้สิทธิผู้ดูแลระบบกลาง ({why}) หลังใช้ {minutes} นาที เหตุผลที่แจ้งไว้: {reason}"
    en = (
        "{person} no longer uses the rights of the system administrator ({why_en}) after {minutes} minutes; "
        "the reason given: {reason}"
    )

    def do(self) -> None:
        """Forget it: what happened stands in the history."""
        self.over_at = min(timezone.now(), self.administration.until)
        self.pk = self.administration.pk
        Administration.objects.filter(pk=self.pk).delete()

    def facts(self) -> dict[str, Any]:
        """Why and after how long."""
        used = self.over_at - self.administration.begun
        th, en = ENDED[self.why]
        return {"why": th, "why_en": en, "minutes": round(used.total_seconds() / 60)}

    def personal(self) -> dict[str, Any]:
        """Whose, and the reason."""
        return {"person": self.administration.person.full_name, "reason": self.administration.reason}


def end_overdue() -> int:
    """End what nobody ended (the browser was closed). How many."""
    found = list(Administration.objects.filter(until__lte=timezone.now()).select_related("person"))
    for one in found:
        EndAdministration(by=None, administration=one, why="time").execute()
    return len(found)


def end_of(person: Person) -> None:
    """End all that a person has begun, since the sessions end."""
    for one in person.administrations.all():
        EndAdministration(by=None, administration=one, why="out").execute()
