"""Who answers for which item, and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from prongsai.evidence.links import checklist_items
from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.history.action import Action, refuse
from prongsai.site.inspection.filing import shut, window
from prongsai.site.inspection.models import Evidence
from prongsai.site.inspection.states import FILLING
from prongsai.site.rounds.models import Assessment


@dataclass(kw_only=True)
class AssignUnits(Action):
    """Set owner unit and due date of items, all at once. ``rows``: item → unit (or None) and day (or None)."""

    assessment: Assessment
    rows: Mapping[str, tuple[Unit | None, dt.date | None]]

    code = "evidence.assign"
    th = "{actor} มอบหมายผู้รับผิดชอบหลักฐาน OIT {count} ข้อ ({items}) {round}"
    en = "{actor} assigned owners of {count} OIT items ({items}), {round}"

    def agency(self) -> Agency:
        """The assessed agency."""
        return self.assessment.agency

    def subject(self) -> models.Model:
        """The assessment."""
        return self.assessment

    def check(self) -> None:
        """Refuses out of time, other agencies' units, unknown items, and a day after the round's own."""
        found = window(self.assessment)
        if reason := shut(found):
            raise reason
        known = checklist_items(self.assessment.round.framework)
        own = set(self.assessment.agency.units.values_list("pk", flat=True))
        if set(self.rows) - set(known) or {unit.pk for unit, _ in self.rows.values() if unit} - own:
            raise refuse("evidence.assign", "ไม่พบข้อหรือส่วนราชการที่เลือก", "no such item or unit in this agency")
        late = [item for item, (_, due) in self.rows.items() if due and found and due > found.closes]
        if late:
            raise refuse(
                "evidence.due_late",
                f"กำหนดส่งของข้อ {', '.join(late)} อยู่หลังวันปิดรับหลักฐาน",
                f"items {', '.join(late)} would be due after evidence closes",
                "โปรดกำหนดวันก่อนวันปิดรับ",
                "Choose a day before it closes.",
            )
        self.old = {one.item: one for one in self.assessment.evidence.select_for_update(of=("self",))}
        self.changed = [item for item, row in self.rows.items() if row != self._now(item)]
        fixed = [item for item in self.changed if item in self.old and self.old[item].state not in FILLING]
        if fixed:
            raise refuse(
                "evidence.confirmed",
                f"ผู้บริหารยืนยันหลักฐานแล้ว จึงเปลี่ยนผู้รับผิดชอบข้อ {', '.join(fixed)} ไม่ได้",
                f"confirmed already: the owners of {', '.join(fixed)} cannot change",
            )

    def _now(self, item: str) -> tuple[Unit | None, dt.date | None]:
        old = self.old.get(item)
        return (old.unit, old.due) if old else (None, None)

    def do(self) -> int:
        """Save what differs; how many items that were."""
        for item in self.changed:
            evidence = self.old.get(item) or Evidence(assessment=self.assessment, item=item)
            evidence.unit, evidence.due = self.rows[item]
            evidence.save()
        return len(self.changed)

    def facts(self) -> dict[str, Any]:
        """Which items, and whose they are now."""
        owners = {item: str(unit.pk) if unit else "" for item, (unit, _) in self.rows.items() if item in self.changed}
        return {
            "count": len(self.changed),
            "items": ", ".join(self.changed),
            "owners": owners,
            "round": self.assessment.round.name,
        }
