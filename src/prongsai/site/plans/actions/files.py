"""Take a plan file over into the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prongsai.improvement import model
from prongsai.site.agencies.models import Unit
from prongsai.site.base.text import pick
from prongsai.site.plans.actions.base import PlanChange
from prongsai.site.plans.actions.measures import values_of_shape, write_steps
from prongsai.site.plans.actions.whole import file_under
from prongsai.site.plans.convert import known_units
from prongsai.site.plans.models import Choice, Measure, Point


@dataclass(kw_only=True)
class ImportPlan(PlanChange):
    """Make the plan what the file says. What the file lacks is dropped with that reason, so that it can be restored;
    measures keep their reports and comments, since they are known by their id.
    """

    shape: model.Plan
    sha256: str

    code = "plan.import"
    th = "{actor} นำเข้ามาตรการจากไฟล์ ({count} ประเด็น)"
    en = "{actor} imported the plan from a file ({count} points)"

    def change(self) -> None:
        """Write points and measures by their ids."""
        self.plan.kind, self.plan.action_year = self.shape.kind, self.shape.action_year
        self.plan.save(update_fields=("kind", "action_year"))
        file_under(self.plan, self.shape.filed_as)
        points = {point.key: point for point in self.plan.points.all()}
        measures = {m.key: m for m in Measure.objects.filter(point__plan=self.plan)}
        units = self._units()
        for order, shape in enumerate(self.shape.points, start=1):
            point = points.pop(shape.id, None) or Point(plan=self.plan, key=shape.id)
            _write_point(point, shape, order)
            for place, wanted in enumerate(shape.measures, start=1):
                self._measure(measures.pop(wanted.id, None), point, place, wanted, units)
        reason = pick("ไม่มีในไฟล์ที่นำเข้า", "Not in the imported file")
        left = [point.pk for point in points.values() if not point.dropped]
        Point.objects.filter(pk__in=left).update(dropped=True, merged_into=None, reason=reason)
        gone = [m.pk for m in measures.values() if m.choice == Choice.ACCEPTED]
        Measure.objects.filter(pk__in=gone).update(choice=Choice.DROPPED, reason=reason)

    def _units(self) -> dict[str, Unit]:
        agency = self.plan.assessment.agency
        units = {unit.name: unit for unit in agency.units.all()}
        known_units(agency, units, new_units(self.shape, set(units)))
        return units

    @staticmethod
    def _measure(found: Measure | None, point: Point, place: int, shape: model.Measure, units: dict[str, Unit]) -> None:
        row = found or Measure(key=shape.id)
        values = values_of_shape(shape, units)
        row.point, row.order, row.choice, row.reason = point, place, Choice.ACCEPTED, ""
        row.proposal = shape.proposal or ""
        row.version += 1 if found else 0
        for name, value in values.fields.items():
            setattr(row, name, value)
        row.save()
        write_steps(row, values.steps)

    def facts(self) -> dict[str, Any]:
        """Size, and the file's hash."""
        return {"count": len(self.shape.points), "sha256": self.sha256}


def _write_point(point: Point, shape: model.Point, order: int) -> None:
    point.version += 1 if point.pk else 0
    point.order, point.items, point.indicators = order, shape.items, shape.indicators
    point.topic, point.finding = shape.topic or "", shape.finding or ""
    point.guideline = shape.guideline or ""
    point.merged_into, point.dropped, point.reason = None, False, ""
    point.save()


def new_units(shape: model.Plan, known: set[str]) -> list[str]:
    """Units a plan names that the agency does not have, in the order of their first mention."""
    named = (name for p in shape.points for m in p.measures for s in m.steps for name in s.units)
    return [name for name in dict.fromkeys(named) if name not in known]
