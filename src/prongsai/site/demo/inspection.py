"""The inspection in two example agencies: one waits for inspectors, the other reads its preliminary result.

What their pages showed is invented and kept without a network. The round of the demo is still open for others, so these
two are closed by the demo's own hand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.evidence.content import content_of
from prongsai.evidence.fetch import Fetched, Hop
from prongsai.evidence.links import checklist_items
from prongsai.site.demo.actions import OfYear
from prongsai.site.demo.clock import at
from prongsai.site.inspection.actions.mark import MarkItem, OpenPreliminary
from prongsai.site.inspection.copies import copies, remember
from prongsai.site.inspection.judging import is_full, is_sampled, options_of
from prongsai.site.inspection.models import Evidence, Link, State
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Assessment

# first and last day, counted like those of ``calendar.WINDOWS``
INSPECTION, CLARIFICATION = (-12, 20), (-6, 25)
_BEGAN = 3  # days ago
_COPIES = 8  # items of each agency whose links have a preserved copy
_PAGE = (
    "<!doctype html><html lang=th><meta charset=utf-8><title>{title}</title><h1>{title}</h1>"
    "<p>{agency} ปีงบประมาณ พ.ศ. {year} (ข้อมูลสมมติของฐานข้อมูลตัวอย่าง)</p><ul>{elements}</ul>"
)
_LACKING = (1, 4, 9)  # places of the items that do not pass


@dataclass(kw_only=True)
class StoreEvidence(OfYear):
    """An agency's links and copies, closed."""

    code = "demo.evidence"
    th = "หลักฐาน OIT {items} ข้อปิดรับแล้ว (ข้อมูลสมมติ)"
    en = "The OIT evidence of {items} items is closed (invented)"

    def do(self) -> None:
        """Every item with a link; the first ones with what it showed."""
        site = f"https://www.{self.assessment.agency.code}.example/ita/{self.assessment.round.slug}"
        items = checklist_items(self.assessment.round.framework)
        self.items = len(items)
        for place, (code, item) in enumerate(items.items()):
            row = Evidence.objects.create(assessment=self.assessment, item=code, state=State.LOCKED, version=1)
            elements = [one.text for one in item.elements.known] if item.elements else []
            link = Link.objects.create(
                evidence=row, url=f"{site}/{code}", label=(item.text or code)[:300], elements=elements
            )
            if place < _COPIES:
                self._preserve(link, elements[:-1] if place in _LACKING else elements)

    def _preserve(self, link: Link, shown: list[str]) -> None:
        agency, year = self.assessment.agency.name, str(self.assessment.round.fiscal_year)
        told = "".join(f"<li>{one}</li>" for one in shown)
        page = _PAGE.format(title=link.label, agency=agency, year=year, elements=told).encode()
        headers = {"content-type": "text/html; charset=utf-8"}
        fetched = Fetched(link.url, timezone.now(), (Hop(link.url, 200),), headers, page, whole=True)
        store = copies()
        remember(link, "submission", store.finish(store.keep(fetched, content_of(fetched))))

    def facts(self) -> dict[str, Any]:
        """How many."""
        return {"items": self.items}


def waiting(assessment: Assessment, inspector: Person) -> None:
    """All but one item wait for an inspector."""
    began = timezone.now() - dt.timedelta(days=_BEGAN)
    with at(began):
        StoreEvidence(by=None, assessment=assessment).execute()
    with at(began + dt.timedelta(hours=3)):
        _mark(next(row for row in _rows(assessment) if not is_sampled(row)), inspector, "")


def told(assessment: Assessment, inspectors: tuple[Person, Person], assessor: Person) -> None:
    """Everything is marked and open to the agency; three items did not pass."""
    began = timezone.now() - dt.timedelta(days=_BEGAN)
    with at(began):
        StoreEvidence(by=None, assessment=assessment).execute()
    for place, row in enumerate(_rows(assessment)):
        reason = "ไม่พบข้อมูลขององค์ประกอบนี้ในสำเนาที่เก็บไว้ (ข้อมูลสมมติ)" if place in _LACKING else ""
        with at(began + dt.timedelta(hours=1, minutes=7 * place)):
            if _mark(row, inspectors[0], reason) == State.LOCKED:  # drawn for a second mark
                _mark(row, inspectors[1], reason)
    with at(began + dt.timedelta(days=1)):
        OpenPreliminary(by=assessor, assessment=assessment).execute()


def _rows(assessment: Assessment) -> list[Evidence]:
    rows = list(assessment.evidence.order_by("pk"))
    for row in rows:
        row.assessment = assessment
    return rows


def _mark(row: Evidence, inspector: Person, reason: str) -> str:
    """One mark as the item's scale has it; the state of the item afterwards."""
    verdict = next(key for key in options_of(row) if is_full(row, key) != bool(reason))
    item = checklist_items(row.assessment.round.framework)[row.item]
    known = [one.text for one in item.elements.known] if item.elements else []
    missing = (known[-1] if known else "องค์ประกอบของข้อ") if reason else ""
    MarkItem(by=inspector, evidence=row, verdict=verdict, missing=missing[:500], sentence=reason).execute()
    return row.state
