"""What changed in a plan between two bundles, as lines that people read."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from prongsai.improvement.model import Plan, Step
from prongsai.thai.dates import short_date


@dataclass(frozen=True)
class Line:
    """A line that was added, taken out, or stands around a change."""

    kind: Literal["added", "removed", "same", "gap"]
    text: str


def lines_of(plan: Plan) -> list[str]:
    """A plan as lines: points, measures, steps with units and period."""
    found = []
    for point in plan.points:
        found.append(f"■ {' '.join(point.items)} {point.topic or ''}".strip())
        for measure in point.measures:
            found.append(f"มาตรการ: {measure.title}")
            found += [f"ขั้นตอน: {_step(step)}" for step in measure.steps]
            if measure.monitoring:
                found.append(f"การติดตาม: {measure.monitoring}")
            if measure.success_indicator:
                found.append(f"ตัวชี้วัดความสำเร็จ: {measure.success_indicator}")
            if measure.budget:
                found.append(f"งบประมาณ: {measure.budget.amount:,.2f} บาท {measure.budget.source or ''}".strip())
    return found


def _step(step: Step) -> str:
    period = step.period
    days = [short_date(day) for day in (period.start, period.end) if day] if period else []
    when = " – ".join(days) or (period.text if period else "") or ""
    units = ", ".join(step.units)
    return step.text + (f" ({units})" if units else "") + (f" [{when}]" if when else "")


def difference(before: Plan, after: Plan) -> list[Line]:
    """Added and removed lines, each with a line around it; empty where nothing changed."""
    old, new = lines_of(before), lines_of(after)
    found: list[Line] = []
    for group in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(1):
        if found:
            found.append(Line("gap", ""))
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                found += [Line("same", text) for text in old[a1:a2]]
            else:
                found += [Line("removed", text) for text in old[a1:a2]]
                found += [Line("added", text) for text in new[b1:b2]]
    return found
