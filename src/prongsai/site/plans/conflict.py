"""Two people wrote the same thing: both versions side by side, and the second person's text ready to be saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.site.base.templatetags.prongsai import day
from prongsai.site.base.text import pick
from prongsai.site.history.models import Entry
from prongsai.site.plans.actions.measures import MeasureValues, StepValues
from prongsai.site.plans.editing import address
from prongsai.site.plans.forms import MeasureForm, PointForm
from prongsai.site.plans.models import Measure, Plan, Point


@dataclass(frozen=True)
class Field:
    """One field in both versions, as people read it."""

    label: Any
    stored: str
    mine: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.stored.split() != self.mine.split()


def conflict(
    request: HttpRequest, plan: Plan, stored: Measure | Point, fields: list[Field], form: dict[str, Any]
) -> HttpResponse:
    """The page with both versions; saving it again counts as having seen the stored one."""
    entry = Entry.objects.filter(subject=f"{stored._meta.label_lower}:{stored.pk}").select_related("actor").first()
    context = {
        "assessment": plan.assessment,
        "agency": plan.assessment.agency,
        "plan": plan,
        "stored": stored,
        "entry": entry,
        "fields": fields,
        "version": stored.version,
        "kept": address(plan, f"{'measure' if isinstance(stored, Measure) else 'point'}-{stored.pk}"),
        "measure": stored if isinstance(stored, Measure) else None,
        **form,
    }
    return render(request, "plans/conflict.html", context, status=409)


def both_points(stored: Point, form: PointForm) -> list[Field]:
    """A point's fields, stored and typed."""
    now, mine = PointForm.initial_of(stored), {**form.cleaned_data, "items": " ".join(form.cleaned_data["items"])}
    return [Field(form.fields[name].label, str(now[name] or ""), str(mine[name] or "")) for name in form.fields]


def both_measures(stored: Measure, mine: MeasureValues) -> list[Field]:
    """A measure's fields and each of its steps, stored and typed."""
    found = [
        Field(field.label, _shown(getattr(stored, name)), _shown(mine.fields[name]))
        for name, field in MeasureForm.base_fields.items()
    ]
    then = [_step(StepValues(s.text, list(s.units.all()), s.start, s.end, s.period_text)) for s in stored.steps.all()]
    now = [_step(step) for step in mine.steps]
    for place in range(max(len(then), len(now))):
        label = pick(f"ขั้นตอนที่ {place + 1}", f"Step {place + 1}")
        found.append(Field(label, _at(then, place), _at(now, place)))
    return found


def _at(texts: list[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}" if hasattr(value, "as_tuple") else str(value)


def _step(step: StepValues) -> str:
    period = " – ".join(day(date) for date in (step.start, step.end) if date)
    units = ", ".join(sorted(unit.name for unit in step.units))
    return " · ".join(part for part in (step.text, units, period, step.period_text) if part)
