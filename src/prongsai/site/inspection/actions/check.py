"""Asking for a look at links; the job that looks is in ``jobs.py``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.base.jobs import UNDER_WAY
from prongsai.site.history.action import Action, refuse
from prongsai.site.inspection.models import CheckRun, Evidence, Link
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Assessment

LOST = dt.timedelta(minutes=20)  # without a sign of life: its worker was killed


@dataclass(kw_only=True)
class CheckLinks(Action):
    """Have the links of one item, or of all, looked at in the background."""

    assessment: Assessment
    evidence: Evidence | None = None
    occasion: str = "asked"

    code = "evidence.check"
    th = "{actor} สั่งตรวจสอบลิงก์หลักฐาน {of_th} ({links} ลิงก์) {round}"
    en = "{actor} had the links of {of_en} looked at ({links}), {round}"

    def agency(self) -> Agency:
        """The assessed agency."""
        return self.assessment.agency

    def subject(self) -> models.Model:
        """The item, or the assessment."""
        return self.evidence or self.assessment

    def check(self) -> None:
        """Refuses where there is no link, or a look is under way."""
        self.links = links_of(self.assessment, self.evidence).count()
        if not self.links:
            raise refuse(
                "check.no_link", "ยังไม่มีลิงก์ให้ตรวจสอบ", "there is no link to look at", "โปรดกรอกลิงก์ก่อน", "Add a link."
            )
        if running(self.assessment, self.evidence):
            raise refuse(
                "check.running",
                "กำลังตรวจสอบลิงก์อยู่แล้ว",
                "the links are being looked at already",
                "โปรดรอให้เสร็จ หน้านี้แสดงความคืบหน้า",
                "Please wait; the page shows how far it is.",
            )

    def do(self) -> CheckRun:
        """Ask a worker."""
        return start_look(self.assessment, self.evidence, self.occasion, self.by)

    def facts(self) -> dict[str, Any]:
        """How many links of what."""
        return {
            "links": self.links,
            "of_th": f"ข้อ {self.evidence.item}" if self.evidence else "ทุกข้อ",
            "of_en": self.evidence.item if self.evidence else "all items",
            "round": self.assessment.round.name,
        }


def start_look(assessment: Assessment, evidence: Evidence | None, occasion: str, by: Person | None) -> CheckRun:
    """A look that a worker takes up; part of whatever action asks for it."""
    from prongsai.site.inspection.jobs import look

    total = links_of(assessment, evidence).count()
    run = CheckRun.objects.create(assessment=assessment, evidence=evidence, occasion=occasion, total=total, by=by)
    transaction.on_commit(lambda: look.enqueue(run.pk))
    return run


def links_of(assessment: Assessment, evidence: Evidence | None) -> models.QuerySet[Link]:
    """The links of one item, or of all."""
    of_all = Link.objects.filter(evidence__assessment=assessment).select_related("evidence")
    return of_all if evidence is None else of_all.filter(evidence_id=evidence.pk)


def running(assessment: Assessment, evidence: Evidence | None = None) -> CheckRun | None:
    """The look that is under way, at this item or at all; for the whole checklist any look counts."""
    found = assessment.check_runs.filter(state__in=UNDER_WAY, at__gte=timezone.now() - LOST)
    if evidence is not None:
        found = found.filter(models.Q(evidence_id=evidence.pk) | models.Q(evidence=None))
    return found.first()
