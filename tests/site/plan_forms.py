"""What a browser would send from the plan's forms."""

from __future__ import annotations

from typing import Any

from django.test import Client

from prongsai.site.plans.models import Measure
from prongsai.thai.fiscal_year import BE_OFFSET

PLAN = "/agencies/muang/2568/plan/"


def typed(measure: Measure) -> dict[str, Any]:
    """The measure's form as it is opened, ready to be changed and sent."""
    data: dict[str, Any] = {
        "version": str(measure.version),
        "title": measure.title,
        "monitoring": measure.monitoring,
        "success_indicator": measure.success_indicator,
        "budget": "" if measure.budget is None else str(measure.budget),
        "budget_source": measure.budget_source,
        "steps": str(measure.steps.count()),
    }
    for row, step in enumerate(measure.steps.all()):
        data[f"s{row}-text"] = step.text
        data[f"s{row}-units"] = [str(unit.pk) for unit in step.units.all()]
        data[f"s{row}-period_text"] = step.period_text
        for name, day in (("start", step.start), ("end", step.end)):
            if day:
                data[f"s{row}-{name}_day"] = str(day.day)
                data[f"s{row}-{name}_month"] = str(day.month)
                data[f"s{row}-{name}_year"] = str(day.year + BE_OFFSET)
    return data


def act(client: Client, what: str, pk: int, verb: str, **data: str) -> Any:
    """Press a one-button act of a point or a measure (``what``: points, measures)."""
    return client.post(f"{PLAN}{what}/{pk}/{verb}/", data)
