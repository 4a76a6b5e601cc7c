"""A checklist to test with: the evidence window open, owners given, a few links filed. No network."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cast import Cast
from django.utils import timezone

from prongsai.site.inspection.actions.assign import AssignUnits
from prongsai.site.inspection.actions.confirm import ConfirmEvidence
from prongsai.site.inspection.actions.fill import FillItem, LinkData
from prongsai.site.inspection.frozen import content_of, digest_of
from prongsai.site.inspection.models import Confirmation, Evidence
from prongsai.site.rounds.models import Assessment, Round, Stage, StageKind

SITE = "https://www.muang.example.go.th"


def open_window(of: Round, opens: int = -10, closes: int = 10) -> Stage:
    """The evidence step of a round, from and until so many days from today."""
    today = timezone.localdate()
    days = {"opens": today + dt.timedelta(days=opens), "closes": today + dt.timedelta(days=closes)}
    return Stage.objects.update_or_create(round=of, kind=StageKind.EVIDENCE, defaults=days)[0]


def item(assessment: Assessment, code: str) -> Evidence:
    """An item's row as it stands now, or an unsaved one."""
    found = Evidence.objects.select_related("assessment__agency", "assessment__round", "unit")
    return found.filter(assessment=assessment, item=code).first() or Evidence(assessment=assessment, item=code)


def fill(cast: Cast, code: str, *urls: str, **more: Any) -> Evidence:
    """The officer files links for an item, on top of what is there."""
    evidence = item(cast.assessment, code)
    filed = () if more.get("not_applicable") else urls or (f"{SITE}/{code}",)
    links = [LinkData(url, f"เอกสาร {code}") for url in filed]
    action = FillItem(by=cast.officer, evidence=evidence, version=evidence.version, links=links, **more)
    saved: Evidence = action.execute()
    return saved


def assign(cast: Cast, **units: int) -> None:
    """Items to units by their place in the cast: ``o1=1``."""
    due = timezone.localdate() + dt.timedelta(days=5)
    rows = {code: (cast.units[place], due) for code, place in units.items()}
    AssignUnits(by=cast.officer, assessment=cast.assessment, rows=rows).execute()


def started(cast: Cast) -> Cast:
    """The window is open; the treasury owns o1 and o2, the office o3; o1 is handed in, o3 does not apply."""
    open_window(cast.round)
    assign(cast, o1=1, o2=1, o3=0)
    fill(cast, "o1", f"{SITE}/structure", f"{SITE}/powers.pdf", ready=True)
    fill(cast, "o3", not_applicable=True, reason="หน่วยงานไม่มีภารกิจนี้ (สมมติ)")
    return cast


def confirm(cast: Cast) -> Confirmation:
    """The chief executive confirms what there is."""
    digest = digest_of(content_of(cast.assessment))
    action = ConfirmEvidence(
        by=cast.chief,
        assessment=cast.assessment,
        signed_as="นางบุญมี ตัวอย่าง นายกเทศมนตรี",
        digest=digest,
        accepts_missing=True,
    )
    made: Confirmation = action.execute()
    return made
