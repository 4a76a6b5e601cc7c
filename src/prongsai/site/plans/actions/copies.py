"""Carry measures over from last year's plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from prongsai.site.history.action import refuse
from prongsai.site.plans.actions.base import PlanChange, next_key
from prongsai.site.plans.actions.measures import MeasureValues, StepValues, new_measure
from prongsai.site.plans.effect import successors
from prongsai.site.plans.models import Choice, Measure, Plan, Point


@dataclass(kw_only=True)
class CopyMeasures(PlanChange):
    """Copy measures with their steps, dates moved to the action year, each to the point that has its item now."""

    source: Plan
    measures: list[Measure]
    made: list[Measure] = field(default_factory=list, init=False)

    code = "plan.copy"
    th = "{actor} นำมาตรการจากแผนปีงบประมาณ พ.ศ. {year} มาใช้ต่อ {count} มาตรการ"
    en = "{actor} carried {count} measures over from the plan of fiscal year {year}"

    def allowed(self) -> None:
        """Some must be chosen, and none twice."""
        if not self.measures:
            raise refuse(
                "plan.none_chosen",
                "ยังไม่ได้เลือกมาตรการ",
                "No measure was chosen.",
                "โปรดเลือกอย่างน้อยหนึ่งมาตรการ",
                "Choose at least one measure.",
            )
        again = Measure.objects.filter(point__plan=self.plan, copied_from__in=self.measures).first()
        if again:
            raise refuse(
                "plan.copied_twice",
                f"นำมาตรการ “{again.copied_from}” มาใช้แล้ว",
                f"“{again.copied_from}” was carried over already.",
                "หากตัดออกไปแล้ว โปรดนำกลับมาจากรายการที่ตัดออก",
                "If it was dropped, bring it back from the list of what was dropped.",
            )

    def change(self) -> list[Measure]:
        """Copy."""
        framework = self.plan.assessment.round.framework
        leads = framework.previous == self.source.assessment.round.framework_id
        now = successors(framework) if leads else {}
        for old in self.measures:
            codes = list(dict.fromkeys(code for item in old.point.items for code in now.get(item, [])))
            values = _values(old, self.plan.action_year - self.source.action_year)
            point = self._point(old.point, codes)
            self.made.append(new_measure(point, values, proposal=old.proposal, copied_from=old))
        Plan.objects.filter(pk=self.plan.pk).update(copied_from=self.source)
        return self.made

    def _point(self, old: Point, codes: list[str]) -> Point:
        """The point that has the measure's item now, or one more at the end."""
        standing = list(self.plan.points.filter(dropped=False, merged_into=None))
        for point in standing:
            if set(codes) & set(point.items) or (not codes and point.topic and point.topic == old.topic):
                return point
        taken = set(self.plan.points.values_list("key", flat=True))
        indicators = [
            indicator.number
            for inst in self.plan.assessment.round.framework.instruments
            for indicator in inst.indicators
            if any(item.code in codes for item in indicator.items)
        ]
        last = max((point.order for point in self.plan.points.all()), default=0)
        return Point.objects.create(
            plan=self.plan,
            key=next_key("p", taken),
            order=last + 1,
            items=codes,
            indicators=indicators,
            topic=old.topic,
            guideline=old.guideline,
        )

    def facts(self) -> dict[str, Any]:
        """How many, from which year."""
        return {"year": self.source.action_year, "count": len(self.made)}


def _values(old: Measure, years: int) -> MeasureValues:
    steps = [
        StepValues(
            step.text, list(step.units.all()), _moved(step.start, years), _moved(step.end, years), step.period_text
        )
        for step in old.steps.all()
    ]
    names = ("title", "monitoring", "budget", "budget_source", "success_indicator")
    return MeasureValues({name: getattr(old, name) for name in names}, steps)


def _moved(day: dt.date | None, years: int) -> dt.date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def may_be_copied(source: Plan) -> list[Measure]:
    """The measures of a plan that were in it, in order, with what a copy needs; a few queries."""
    found = Measure.objects.filter(point__plan=source, point__dropped=False, choice=Choice.ACCEPTED)
    found = found.select_related("point").order_by("point__order", "order", "id")
    return list(found.prefetch_related("steps__units", "reports__deeds", "copies__point"))
