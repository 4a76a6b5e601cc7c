"""Points to raise: write, merge, drop, restore, put in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from prongsai.site.history.action import refuse
from prongsai.site.plans.actions.base import PlanChange, mandatory, next_key, same_version, swap
from prongsai.site.plans.models import Point


@dataclass(kw_only=True)
class AddPoint(PlanChange):
    """A point of the agency's own. ``values``: topic, finding, guideline, items, indicators."""

    values: dict[str, Any]
    made: Point | None = field(default=None, init=False)

    code = "plan.point.add"
    th = "{actor} เพิ่มประเด็น “{point}”"
    en = "{actor} added the point “{point}”"

    def change(self) -> Point:
        """The new point, at the end."""
        taken = set(self.plan.points.values_list("key", flat=True))
        last = self.plan.points.order_by("-order").values_list("order", flat=True).first() or 0
        self.made = Point.objects.create(plan=self.plan, key=next_key("p", taken), order=last + 1, **self.values)
        return self.made

    def subject(self) -> models.Model:
        """The new point."""
        return self.made or self.plan

    def facts(self) -> dict[str, Any]:
        """What the point is."""
        return {"point": str(self.values.get("topic", ""))}


@dataclass(kw_only=True)
class PointChange(PlanChange):
    """A change of one point."""

    point: Point

    def subject(self) -> models.Model:
        """The point."""
        return self.point

    def facts(self) -> dict[str, Any]:
        """Which point."""
        return {"point": str(self.point)}


@dataclass(kw_only=True)
class EditPoint(PointChange):
    """Write over a point's texts. Refuses a stale ``version``."""

    values: dict[str, Any]
    version: int

    code = "plan.point.edit"
    th = "{actor} แก้ไขประเด็น “{point}”"
    en = "{actor} edited the point “{point}”"

    def allowed(self) -> None:
        """Only over the version the form showed."""
        same_version(self.point, self.version)

    def change(self) -> None:
        """Save."""
        for name, value in self.values.items():
            setattr(self.point, name, value)
        self.point.version = self.version + 1
        self.point.save(update_fields=(*self.values, "version"))


@dataclass(kw_only=True)
class DropPoint(PointChange):
    """Take a point out of the plan, with the reason. Its measures stay as they are, for when it is restored."""

    reason: str

    code = "plan.point.drop"
    th = "{actor} ตัดประเด็น “{point}” ออก เหตุผล: {reason}"
    en = "{actor} dropped the point “{point}”. Reason: {reason}"

    def allowed(self) -> None:
        """A reason is needed."""
        self.reason = mandatory(self.reason)

    def change(self) -> None:
        """Drop."""
        Point.objects.filter(pk=self.point.pk).update(dropped=True, reason=self.reason)

    def personal(self) -> dict[str, Any]:
        """The reason as typed."""
        return {"reason": self.reason}


@dataclass(kw_only=True)
class RestorePoint(PointChange):
    """Undo a drop or a merge."""

    code = "plan.point.restore"
    th = "{actor} นำประเด็น “{point}” กลับมาเป็นประเด็นของแผน"
    en = "{actor} brought back the point “{point}”"

    def change(self) -> None:
        """It stands by itself again."""
        Point.objects.filter(pk=self.point.pk).update(dropped=False, reason="", merged_into=None)


@dataclass(kw_only=True)
class MergePoint(PointChange):
    """Answer a point together with another one: its items and measures count there."""

    into: Point

    code = "plan.point.merge"
    th = "{actor} รวมประเด็น “{point}” เข้ากับประเด็น “{into}”"
    en = "{actor} merged the point “{point}” into “{into}”"

    def allowed(self) -> None:
        """Into a point that stands, and not into itself."""
        into = Point.objects.select_for_update().get(pk=self.into.pk)
        if into.plan_id != self.plan.pk or into.pk == self.point.pk or into.merged_into_id or into.dropped:
            raise refuse(
                "plan.merge",
                "รวมเข้ากับประเด็นนั้นไม่ได้ เพราะถูกรวมหรือถูกตัดออกไปแล้ว หรือเป็นประเด็นเดียวกัน",
                "It cannot be merged into that point, which is merged or dropped itself, or the same.",
                "โปรดเลือกประเด็นอื่นที่ยังอยู่ในแผน",
                "Choose another point that is still in the plan.",
            )

    def change(self) -> None:
        """Merge; a merge undoes a drop."""
        Point.objects.filter(pk=self.point.pk).update(merged_into=self.into, dropped=False, reason="")

    def facts(self) -> dict[str, Any]:
        """Both points."""
        return {"point": str(self.point), "into": str(self.into)}


@dataclass(kw_only=True)
class MovePoint(PointChange):
    """One place up (-1) or down (1) among the points that stand by themselves."""

    step: int

    code = "plan.point.move"
    th = "{actor} เลื่อนลำดับประเด็น “{point}”"
    en = "{actor} moved the point “{point}”"

    def change(self) -> None:
        """Swap with the neighbour; merged points have no place of their own, dropped ones none in the plan."""
        rest = [p for p in self.plan.points.all() if (p.merged_into_id or p.dropped) and p.pk != self.point.pk]
        rows = [p for p in self.plan.points.all() if p not in rest]
        swap(rows, self.point, self.step)
        for number, point in enumerate(rest, start=len(rows) + 1):
            Point.objects.filter(pk=point.pk).update(order=number)
