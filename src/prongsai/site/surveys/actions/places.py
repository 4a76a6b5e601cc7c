"""Service points of a survey: added, and named anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prongsai.site.agencies.models import Unit
from prongsai.site.history.action import refuse
from prongsai.site.surveys.actions.base import OnSurvey
from prongsai.site.surveys.models import Box, Place, SurveyState

MOST = 300  # service points of one survey


@dataclass(kw_only=True)
class AddPlace(OnSurvey):
    """Another service point, with an address of its own; also while the survey is open."""

    name: str
    unit: Unit | None = None

    code = "surveys.add_place"
    th = "{actor} เพิ่มจุดบริการ “{place}” ของแบบสำรวจ {container} “{round}”"
    en = "{actor} added the service point “{place}” to the survey {container} of “{round}”"

    def check(self) -> None:
        """A name that no other service point of the survey bears."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        _check_name(self)
        if self.survey.places.count() >= MOST:
            raise refuse(
                "survey.places",
                f"มีจุดบริการครบ {MOST} จุดแล้ว",
                f"there are {MOST} service points already",
                "โปรดรวมช่องบริการที่อยู่ด้วยกันเป็นจุดเดียว",
                "Join counters that stand together into one.",
            )

    def do(self) -> Place:
        """The service point; with a box at once where the survey is open."""
        place = Place.objects.create(survey=self.survey, unit=self.unit, name=self.name.strip())
        if self.survey.state == SurveyState.OPEN:
            Box.objects.create(survey=self.survey, place=place)
        return place

    def facts(self) -> dict[str, Any]:
        """With its name."""
        return {**super().facts(), "place": self.name.strip()}


@dataclass(kw_only=True)
class RenamePlace(OnSurvey):
    """Another name or unit for a service point; its address and answers stay."""

    place: Place
    name: str
    unit: Unit | None = None

    code = "surveys.rename_place"
    th = "{actor} เปลี่ยนชื่อจุดบริการ “{old}” เป็น “{place}” ของแบบสำรวจ {container} “{round}”"
    en = "{actor} renamed the service point “{old}” to “{place}”, survey {container} of “{round}”"

    _old = ""

    def check(self) -> None:
        """A name that no other service point of the survey bears, before the close."""
        self.need(SurveyState.DRAFT, SurveyState.OPEN)
        _check_name(self, self.place)

    def do(self) -> None:
        """Renamed."""
        self._old = self.place.name
        self.place.name, self.place.unit = self.name.strip(), self.unit
        self.place.save(update_fields=["name", "unit"])

    def facts(self) -> dict[str, Any]:
        """With both names."""
        return {**super().facts(), "old": self._old, "place": self.name.strip()}


def _check_name(action: AddPlace | RenamePlace, but: Place | None = None) -> None:
    same = action.survey.places.filter(name=action.name.strip())
    if (same.exclude(pk=but.pk) if but else same).exists() or not action.name.strip():
        raise refuse(
            "survey.place_name",
            f"มีจุดบริการชื่อ “{action.name.strip()}” แล้ว หรือยังไม่ได้ตั้งชื่อ",
            f"there is a service point {action.name.strip()!r} already, or it has no name",
            "โปรดตั้งชื่อที่ผู้รับบริการรู้ว่าเป็นช่องใด",
            "Give a name by which visitors know the counter.",
        )
