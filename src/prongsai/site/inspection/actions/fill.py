"""What a unit does with one item: fill it in, say that it is ready, take it up again, or get it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from prongsai.errors import Problem
from prongsai.evidence.network import Network
from prongsai.evidence.network import Refused as Unfit
from prongsai.site.agencies.models import Agency
from prongsai.site.history.action import Action, Refused, refuse
from prongsai.site.inspection.filing import barred, window
from prongsai.site.inspection.models import MAX_URL, Evidence, Link, State
from prongsai.site.inspection.states import move

MOST_LINKS = 30


class Changed(Refused):
    """Someone else saved the item since this form was opened. ``evidence``: what is saved now."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        super().__init__(
            Problem(
                "evidence.changed",
                evidence.item,
                "มีผู้บันทึกข้อนี้หลังจากที่ท่านเปิดหน้านี้",
                "someone saved this item after you opened the page",
                "โปรดเปรียบเทียบแล้วบันทึกอีกครั้ง",
                "Compare both, then save again.",
            )
        )


@dataclass(frozen=True)
class LinkData:
    """A link as typed. ``pk``: of the saved one that it changes."""

    url: str
    label: str = ""
    elements: Sequence[str] = ()
    pk: int | None = None


@dataclass(kw_only=True)
class _OfItem(Action):
    """Something done to one item of an agency's checklist."""

    evidence: Evidence

    def agency(self) -> Agency:
        """The assessed agency."""
        return self.evidence.assessment.agency

    def subject(self) -> models.Model | None:
        """The item; before it is first saved, its assessment."""
        return self.evidence if self.evidence.pk else self.evidence.assessment

    def check(self) -> None:
        """Refuses when nothing can be changed; takes hold of the row as it stands now."""
        assessment = self.evidence.assessment
        mine = assessment.evidence.select_for_update(of=("self",)).select_related("unit")
        now = mine.filter(item=self.evidence.item).first()
        if now is not None:
            now.assessment = assessment
            self.evidence = now
        if reason := barred(self.evidence, window(assessment)):
            raise reason

    def facts(self) -> dict[str, Any]:
        """Which item of which round."""
        return {"item": self.evidence.item, "round": self.evidence.assessment.round.name}


def unready(evidence: Evidence, links: int) -> Refused | None:
    """Why an item cannot be handed in as it stands; None where it can."""
    if evidence.not_applicable and not evidence.reason.strip():
        return refuse(
            "evidence.no_reason",
            f"ข้อ {evidence.item} ระบุว่าไม่เข้าข่าย แต่ยังไม่มีเหตุผล",
            f"item {evidence.item} is said not to apply, without a reason",
            "โปรดระบุเหตุผล",
            "Give the reason.",
        )
    if not evidence.not_applicable and not links:
        return refuse(
            "evidence.no_link",
            f"ข้อ {evidence.item} ยังไม่มีลิงก์",
            f"item {evidence.item} has no link",
            "โปรดกรอกอย่างน้อยหนึ่งลิงก์ หรือระบุว่าไม่เข้าข่ายพร้อมเหตุผล",
            "Give at least one link, or say why the item does not apply.",
        )
    return None


@dataclass(kw_only=True)
class FillItem(_OfItem):
    """Save links, effective date, note, or that the item does not apply. ``version``: of what the person saw.

    ``ready``: hand it in as well.
    """

    version: int
    links: Sequence[LinkData] = ()
    not_applicable: bool = False
    reason: str = ""
    effective: dt.date | None = None
    note: str = ""
    ready: bool = False
    was: str = field(default="", init=False)

    code = "evidence.fill"
    th = "{actor} บันทึกหลักฐานข้อ {item} ({links} ลิงก์{more_th}) {round}"
    en = "{actor} saved the evidence of {item} ({links} links{more_en}), {round}"

    def check(self) -> None:
        """Refuses out of time, after someone else's saving, broken or doubled links, and too many."""
        super().check()
        if self.evidence.version != self.version:
            raise Changed(self.evidence)
        if len(self.links) > MOST_LINKS:
            raise refuse(
                "evidence.many_links",
                f"ข้อ {self.evidence.item} มี {len(self.links)} ลิงก์ กรอกได้ไม่เกิน {MOST_LINKS} ลิงก์",
                f"{len(self.links)} links; at most {MOST_LINKS}",
            )
        if self.not_applicable and self.links:
            raise either()
        seen: set[str] = set()
        for number, link in enumerate(self.links, start=1):
            if problem := unfit(link.url) or (twice(number) if link.url in seen else None):
                raise problem
            seen.add(link.url)
        if self.ready or self.evidence.state == State.READY:
            will = Evidence(item=self.evidence.item, not_applicable=self.not_applicable, reason=self.reason)
            if problem := unready(will, len(self.links)):
                raise problem

    def do(self) -> Evidence:
        """Save it."""
        evidence = self.evidence
        evidence.not_applicable, evidence.reason = self.not_applicable, self.reason if self.not_applicable else ""
        evidence.effective, evidence.note = self.effective, self.note
        evidence.by, evidence.at, evidence.version = self.by, timezone.now(), self.version + 1
        if self.ready and evidence.state == State.OPEN:
            move(evidence, State.READY)
        evidence.save()
        saved = {link.pk: link for link in evidence.links.all()}
        kept = set()
        for order, data in enumerate(self.links):
            link = saved.get(data.pk or 0) or Link(evidence=evidence)
            if link.url != data.url:
                link.latest = None  # what was seen of another address says nothing about this one
            link.order, link.url, link.label, link.elements = order, data.url, data.label, list(data.elements)
            link.save()
            kept.add(link.pk)
        evidence.links.exclude(pk__in=kept).delete()
        return evidence

    def facts(self) -> dict[str, Any]:
        """How many links; the addresses themselves, so that the log tells what was filed when."""
        th = [" ไม่เข้าข่าย"] * self.not_applicable + [" พร้อมเสนอ"] * self.ready
        en = [" not applicable"] * self.not_applicable + [" ready"] * self.ready
        return {
            **super().facts(),
            "links": len(self.links),
            "urls": [link.url for link in self.links],
            "more_th": "".join(th),
            "more_en": "".join(en),
        }


def unfit(url: str) -> Refused | None:
    """What is wrong with a link's form, without opening it; None where nothing is."""
    if len(url) > MAX_URL:
        return refuse("link.long", f"ลิงก์ยาวเกิน {MAX_URL} ตัวอักษร", f"longer than {MAX_URL} characters")
    try:
        Network().vetted(url)
    except Unfit as error:
        return refuse(
            f"link.{error.code}",
            error.th,
            error.en,
            "โปรดคัดลอกที่อยู่เต็มจากแถบที่อยู่ของเบราว์เซอร์",
            "Copy the whole address from the browser.",
        )
    return None


def either() -> Refused:
    """An item that does not apply shows the reason; links beside it would be shown to nobody."""
    return refuse(
        "evidence.either",
        "ข้อที่ไม่เข้าข่ายแสดงเหตุผลแทนลิงก์ จึงมีลิงก์ด้วยไม่ได้",
        "an item that does not apply shows its reason instead of links",
        "โปรดลบลิงก์ หรือยกเลิกเครื่องหมายไม่เข้าข่าย",
        "Remove the links, or untick that it does not apply.",
    )


def twice(number: int) -> Refused:
    """The same link stands twice."""
    return refuse(
        "link.twice",
        f"ลิงก์ที่ {number} ซ้ำกับลิงก์ก่อนหน้าในข้อเดียวกัน",
        f"link {number} is the same as one before it",
        "ลิงก์เดียวระบุได้หลายองค์ประกอบ โปรดลบลิงก์ที่ซ้ำ",
        "One link can prove several elements; remove the double one.",
    )


@dataclass(kw_only=True)
class MarkReady(_OfItem):
    """The unit hands the item in."""

    code = "evidence.ready"
    th = "{actor} แจ้งว่าหลักฐานข้อ {item} พร้อมเสนอ {round}"
    en = "{actor} handed in the evidence of {item}, {round}"

    def check(self) -> None:
        """Refuses an empty item."""
        super().check()
        if problem := unready(self.evidence, self.evidence.links.count() if self.evidence.pk else 0):
            raise problem

    def do(self) -> None:
        """Ready."""
        move(self.evidence, State.READY)
        self.evidence.save()


@dataclass(kw_only=True)
class TakeUp(_OfItem):
    """The item is being prepared again. ``reason``: why the officer gives it back to the unit; empty for one's own."""

    reason: str = ""

    code = "evidence.take_up"
    th = "{actor} เปิดหลักฐานข้อ {item} ให้แก้ไขอีกครั้ง {reason} {round}"
    en = "{actor} opened the evidence of {item} again {reason}, {round}"

    def do(self) -> None:
        """Open."""
        move(self.evidence, State.OPEN)
        self.evidence.save()

    def personal(self) -> dict[str, Any]:
        """The typed reason."""
        return {"reason": self.reason}
