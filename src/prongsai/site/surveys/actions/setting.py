"""How an agency's survey is set up: by which doors people answer, and how many must."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from prongsai.site.history.action import refuse
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.models import SurveyState
from prongsai.survey.sample import Required

DOORS = {
    "by_codes": "รหัสครั้งเดียว",
    "by_link": "ลิงก์เปิด",
    "by_places": "จุดบริการ",
    "by_interview": "การสัมภาษณ์",
}


@dataclass(kw_only=True)
class SetUpSurvey(OnSurvey):
    """Doors, head count and required number. Doors are fixed once the survey is open; the numbers until it closes."""

    doors: Collection[str]
    heads: int | None = None
    needed: Required | None = None

    code = "surveys.set_up"
    th = "{actor} ตั้งค่าแบบสำรวจ {container} ของ “{round}”: {doors} ต้องมีผู้ตอบ {required} คน"
    en = "{actor} set up the survey {container} of “{round}”: {doors}; {required} must answer"

    def check(self) -> None:
        """Not closed; doors as they are where people answer already; no more required than there are heads."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        now = {door for door in DOORS if getattr(self.survey, door)}
        if self.survey.state == SurveyState.OPEN and now != set(self.doors):
            raise refuse(
                "survey.doors_fixed",
                "แบบสำรวจเปิดรับคำตอบแล้ว จึงเปลี่ยนช่องทางตอบไม่ได้",
                "people are answering already; the ways to answer are fixed",
                "แก้ไขจำนวนบุคลากรและจำนวนผู้ตอบขั้นต่ำได้ หากต้องเปลี่ยนช่องทาง โปรดปิดแบบสำรวจนี้ก่อน",
                "Head count and required number can still be changed.",
            )

    def do(self) -> None:
        """Set."""
        survey = self.survey
        for door in DOORS:
            setattr(survey, door, door in self.doors)
        survey.heads = self.heads
        survey.required = self.needed.respondents if self.needed else None
        survey.required_source = source_text(self.needed)
        survey.save(update_fields=[*DOORS, "heads", "required", "required_source"])

    def facts(self) -> dict[str, Any]:
        """Doors and number."""
        doors = ", ".join(words for door, words in DOORS.items() if door in self.doors) or "–"
        return {**super().facts(), "doors": doors, "required": self.needed.respondents if self.needed else "–"}


def source_text(needed: Required | None) -> str:
    """Where a required number comes from, and how sure that is."""
    return f"{needed.source} ({needed.confidence.value})"[:300] if needed else ""
