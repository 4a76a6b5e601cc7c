"""What a device sends: batches of interviews, each answered for itself and safe to send again.

A batch may be cut, come twice or in any order, and from a device with a wrong clock: nothing is decided by its times.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.errors import InputError, Problem
from prongsai.site.fieldwork.actions import ReceiveInterviews
from prongsai.site.fieldwork.models import Assignment, Interview, Seal
from prongsai.site.people.models import Person
from prongsai.site.surveys.models import SurveyState

MOST = 50  # interviews in a batch
LARGEST = 200_000  # bytes of a batch
_OVERHEAD = 32 + 16  # of HPKE: the sender's key and the tag
_ID = re.compile(r"[0-9a-f]{32}")
_DAY = 86_400
_CLOCKS = 2**31 - 1  # seconds that a clock may be wrong and still be written down

Reason = tuple[str, str]
_BROKEN: Reason = (
    "ข้อมูลของแบบสัมภาษณ์นี้ไม่ครบถ้วน โปรดปรับปรุงแอปแล้วส่งอีกครั้ง",
    "this interview is incomplete; update the app and send again",
)
_OTHERS: Reason = (
    "งานสัมภาษณ์นี้ไม่ได้มอบหมายแก่บัญชีที่เข้าสู่ระบบอยู่",
    "this work is not assigned to the account that is signed in",
)
_KEY: Reason = (
    "แบบสัมภาษณ์นี้ปิดผนึกด้วยกุญแจของแบบสำรวจอื่น โปรดแจ้งผู้ควบคุมงานสนาม",
    "sealed with the key of another survey; tell the field supervisor",
)
_CLOSED: Reason = (
    "แบบสำรวจนี้ปิดรับคำตอบแล้ว โปรดแจ้งผู้ควบคุมงานสนาม แบบสัมภาษณ์ยังอยู่ในเครื่อง",
    "this survey takes no more answers; tell the field supervisor. The interview stays on the device",
)
_OTHER_CONTENT: Reason = (
    "มีแบบสัมภาษณ์รหัสเดียวกันที่เนื้อหาต่างกันอยู่แล้ว โปรดแจ้งผู้ควบคุมงานสนาม",
    "another interview has this id already; tell the field supervisor",
)  # fmt: skip


@dataclass(frozen=True)
class Brought:
    """One interview as it came, its shape checked."""

    id: str
    assignment: int
    key: str
    started: dt.datetime | None
    ended: dt.datetime | None
    seconds: int
    sealed: bytes

    @property
    def digest(self) -> str:
        """Of the sealed answer."""
        return hashlib.sha256(self.sealed).hexdigest()


def receive(person: Person, data: Any) -> list[dict[str, str]]:
    """Take a batch; one result per interview: ``stored``, ``here`` (came before) or ``refused`` with the reason.

    Raises ``InputError`` where the batch as a whole cannot be read; then nothing of it was taken.
    """
    listed = data.get("interviews") if isinstance(data, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST or type(data.get("now")) is not int:
        raise InputError(
            Problem(
                "field.batch",
                "",
                "อ่านข้อมูลที่เครื่องส่งมาไม่ได้ แบบสัมภาษณ์ยังอยู่ในเครื่อง",
                f"expected now (milliseconds) and interviews, at most {MOST}; nothing was taken",
                "โปรดปรับปรุงแอปแล้วส่งอีกครั้ง",
            )
        )
    ahead = max(-_CLOCKS, min(_CLOCKS, data["now"] // 1000 - int(timezone.now().timestamp())))
    results: list[dict[str, str]] = []
    by_assignment: dict[int, list[Brought]] = {}
    for raw in listed:
        brought = _read(raw)
        if brought is None:
            name = raw.get("id") if isinstance(raw, dict) else ""
            results.append(_refused(name if isinstance(name, str) else "", _BROKEN))
        else:
            by_assignment.setdefault(brought.assignment, []).append(brought)
    for pk, some in by_assignment.items():
        results += _taken(person, pk, some, ahead)
    return results


def _taken(person: Person, pk: int, some: list[Brought], ahead: int) -> Iterable[dict[str, str]]:
    related = ("survey__form", "survey__seal", "survey__assessment__agency", "survey__assessment__round")
    assignment = Assignment.objects.select_related(*related).filter(pk=pk, surveyor=person).first()
    if assignment is None:
        return [_refused(one.id, _OTHERS) for one in some]
    before = dict(Interview.objects.filter(pk__in=[one.id for one in some]).values_list("pk", "digest"))
    results = [_again(one, before[one.id]) for one in some if one.id in before]
    fresh = {one.id: one for one in some if one.id not in before}
    results += [_again(one, fresh[one.id].digest) for one in some if one.id in fresh and one is not fresh[one.id]]
    seal = Seal.objects.filter(survey=assignment.survey, over=False).first()
    if seal is None or assignment.survey.state != SurveyState.OPEN:
        return results + [_refused(name, _CLOSED) for name in fresh]
    size = _size(assignment)
    good = {n: one for n, one in fresh.items() if one.key == seal.key and len(one.sealed) == size}
    results += [
        _refused(name, _KEY if one.key != seal.key else _BROKEN) for name, one in fresh.items() if name not in good
    ]
    if good:
        rows = [
            Interview(
                id=one.id, assignment=assignment, started=one.started, ended=one.ended, seconds=one.seconds,
                ahead=ahead, sealed=one.sealed, digest=one.digest,
            )
            for one in good.values()
        ]  # fmt: skip
        stored, there = ReceiveInterviews(by=person, assignment=assignment, interviews=rows).execute()
        results += [{"id": name, "outcome": "stored"} for name in stored]
        results += [_again(good[name], digest) for name, digest in there.items()]
        closed = set(good) - set(stored) - set(there)
        results += [_refused(name, _CLOSED) for name in closed]
    return results


def _again(one: Brought, digest: str) -> dict[str, str]:
    return {"id": one.id, "outcome": "here"} if one.digest == digest else _refused(one.id, _OTHER_CONTENT)


def _refused(name: str, reason: Reason) -> dict[str, str]:
    return {"id": name, "outcome": "refused", "th": reason[0], "en": reason[1]}


def _size(assignment: Assignment) -> int:
    """How long a sealed answer of this survey is; all are equally long."""
    form = assignment.survey.form
    return len(f"{form.version}/{form.container}/") + len(form.lines) + _OVERHEAD if form else 0


def _read(raw: Any) -> Brought | None:
    try:
        if not (isinstance(raw, dict) and _ID.fullmatch(raw["id"]) and type(raw["assignment"]) is int):
            return None
        return Brought(
            raw["id"],
            raw["assignment"],
            str(raw["key"]),
            _time(raw["started"]),
            _time(raw["ended"]),
            max(0, min(_DAY, int(raw["seconds"]))),
            base64.b64decode(raw["sealed"], validate=True),
        )
    except (KeyError, TypeError, ValueError, OverflowError, binascii.Error):
        return None


def _time(milliseconds: Any) -> dt.datetime | None:
    """A time as the device's clock told it; none where it told one that no calendar has."""
    if type(milliseconds) not in (int, float):
        return None
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
