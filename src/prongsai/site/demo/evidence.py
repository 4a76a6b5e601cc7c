"""The round that comes next in one example agency: units give the links of the checklist, and some are looked at.

Addresses end in ``.example``, which leads nowhere; what the checks saw of them is invented and nothing is fetched.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.evidence.links import checklist_items
from prongsai.site.demo.actions import OfYear
from prongsai.site.demo.clock import at
from prongsai.site.inspection.actions.assign import AssignUnits
from prongsai.site.inspection.actions.fill import FillItem, LinkData
from prongsai.site.inspection.models import Check, CheckRun, Link
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Assessment

WINDOW = (-30, 15)  # first and last day, counted like those of ``calendar.WINDOWS``
_BEGAN = 4  # days ago
_SEEN = (
    ("fine", "reachable.ok", "เปิดได้ตามปกติ (ข้อมูลสมมติ)", "reachable (invented)"),
    ("warning", "text_layer.scan", "ไฟล์เป็นภาพสแกน ค้นหาข้อความไม่ได้ (ข้อมูลสมมติ)", "a scan without text (invented)"),
    ("fine", "public.open", "เห็นได้โดยไม่ต้องเข้าสู่ระบบ (ข้อมูลสมมติ)", "seen without a login (invented)"),
    ("error", "reachable.status", "เว็บไซต์ตอบว่าไม่พบหน้านี้ (404) (ข้อมูลสมมติ)", "not found: 404 (invented)"),
    ("fine", "fiscal_year.found", "พบปีงบประมาณในเอกสาร (ข้อมูลสมมติ)", "the fiscal year is named (invented)"),
)


@dataclass(kw_only=True)
class StoreChecks(OfYear):
    """A look at all links as a worker would have had it."""

    code = "demo.checks"
    th = "{actor} สั่งตรวจสอบลิงก์ {links} ลิงก์ (ผลสมมติ)"
    en = "{actor} had {links} links looked at (invented results)"

    def do(self) -> None:
        """One finding a link."""
        links = list(Link.objects.filter(evidence__assessment=self.assessment).select_related("evidence"))
        self.links, now = len(links), timezone.now()
        run = CheckRun.objects.create(
            assessment=self.assessment, state="done", total=self.links, done=self.links, by=self.by, ended_at=now
        )
        for number, link in enumerate(links):
            severity, code, th, en = _SEEN[number % len(_SEEN)]
            data = {"findings": [{"code": code, "severity": severity, "th": th, "en": en}]}
            link.latest = Check.objects.create(link=link, run=run, url=link.url, at=now, severity=severity, data=data)
        Link.objects.bulk_update(links, ("latest",))

    def facts(self) -> dict[str, Any]:
        """How many."""
        return {"links": self.links}


def disclosing(assessment: Assessment, officer: Person) -> None:
    """Four days ago the officer assigned the items; since then most have got their links."""
    began = timezone.now() - dt.timedelta(days=_BEGAN)
    units = list(assessment.agency.units.filter(active=True)[:5])
    items = checklist_items(assessment.round.framework)
    due = timezone.localdate() + dt.timedelta(days=7)
    if not units:
        return
    rows = {code: (units[place % len(units)], due) for place, code in enumerate(items)}
    with at(began):
        AssignUnits(by=officer, assessment=assessment, rows=rows).execute()
    year, site = assessment.round.slug, f"https://www.{assessment.agency.code}.example/ita"
    for place, (code, item) in enumerate(items.items()):
        if place % 6 == 5:  # some are still waited for
            continue
        elements = [one.text for one in item.elements.known] if item.elements else []
        links = [LinkData(f"{site}/{year}/{code}", item.text or code, elements)]
        if place % 4 == 1:
            links.append(LinkData(f"{site}/files/{code}-{year}.pdf", "ไฟล์ประกอบ", elements[:1]))
        evidence = assessment.evidence.get(item=code)
        evidence.assessment = assessment
        with at(began + dt.timedelta(hours=1 + place)):
            FillItem(by=officer, evidence=evidence, version=0, links=links, ready=place % 3 != 2).execute()
    with at(began + dt.timedelta(hours=2 + len(items))):
        StoreChecks(by=officer, assessment=assessment).execute()
