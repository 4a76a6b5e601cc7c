"""Forms of the plan: a measure with its rows of steps, a point, the kind and year of the document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from prongsai.framework import Framework
from prongsai.site.agencies.models import Unit
from prongsai.site.base.fields import ThaiDateField, ThaiIntegerField, ThaiNumberField
from prongsai.site.base.forms import Form
from prongsai.site.base.text import T, pick
from prongsai.site.plans.actions.measures import MeasureValues, StepValues
from prongsai.site.plans.models import Measure, Plan, Point
from prongsai.thai.codes import read_code
from prongsai.thai.fiscal_year import be_year

MOST_STEPS = 40


def _text(rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea({"rows": rows}), **options)


class MeasureForm(Form):
    """A measure without its steps."""

    title = _text(2, label=T("มาตรการ / โครงการ / กิจกรรม", "Measure, project or activity"))
    monitoring = _text(2, required=False, label=T("การกำกับติดตาม", "How it is watched"))
    success_indicator = _text(2, required=False, label=T("ตัวชี้วัดความสำเร็จ", "Success indicator"))
    budget = ThaiNumberField(
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        localize=False,
        label=T("งบประมาณ (บาท)", "Budget (baht)"),
        help_text=T("เว้นว่างได้หากไม่ใช้งบประมาณ", "Leave empty where none is needed."),
        widget=forms.TextInput({"inputmode": "decimal", "size": 16}),
    )
    budget_source = forms.CharField(required=False, max_length=200, label=T("แหล่งงบประมาณ", "Source of the budget"))


class StepForm(Form):
    """One step: what, by which units, when."""

    text = _text(2, label=T("ขั้นตอนหรือวิธีปฏิบัติ", "What is done"))
    units = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=T("ส่วนราชการที่รับผิดชอบ", "Responsible units")
    )
    start = ThaiDateField(required=False, label=T("วันเริ่มต้น", "First day"))
    end = ThaiDateField(required=False, label=T("วันสิ้นสุด", "Last day"))
    period_text = forms.CharField(
        required=False,
        max_length=200,
        label=T("หรือช่วงเวลาเป็นข้อความ", "Or the period in words"),
        help_text=T("เช่น ตลอดปีงบประมาณ", "Such as: all year"),
    )

    def __init__(self, own: list[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(unit.pk), unit.name) for unit in own]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        values = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            self.add_error("end", ValidationError(pick("วันสิ้นสุดอยู่ก่อนวันเริ่มต้น", "The last day is before the first.")))
        return values


class MeasureEditor:
    """A measure's form with its rows of steps. A button named ``rows`` (add, remove-2, up-2, down-2) changes only the
    rows, so that they work without JavaScript; nothing is saved then.
    """

    def __init__(self, own: list[Unit], data: QueryDict | None = None, measure: Measure | None = None) -> None:
        self.own = own
        if data is not None and "rows" not in data:
            self.head = MeasureForm(data)
            self.steps = [
                StepForm(own, data, prefix=f"s{row}") for row in range(_count(data)) if any(_raw(data, row).values())
            ]
        elif data is not None:
            self.head = MeasureForm(initial={name: data.get(name, "") for name in MeasureForm.base_fields})
            self.steps = self._unbound(_rows(data))
        else:
            fields = {name: getattr(measure, name) for name in MeasureForm.base_fields} if measure else {}
            self.head = MeasureForm(initial=fields)
            self.steps = self._unbound([_of_step(step) for step in measure.steps.all()] if measure else [{}])

    def _unbound(self, rows: list[dict[str, Any]]) -> list[StepForm]:
        return [StepForm(self.own, initial=row, prefix=f"s{place}") for place, row in enumerate(rows)]

    @property
    def numbered(self) -> list[tuple[int, str, StepForm]]:
        """Each row with its number from 1 and the one its fields are named by."""
        return [(place, str(step.prefix)[1:], step) for place, step in enumerate(self.steps, start=1)]

    @property
    def rows(self) -> int:
        """How many rows the form posts: one past the highest number in use."""
        return max((int(str(step.prefix)[1:]) + 1 for step in self.steps), default=0)

    def is_valid(self) -> bool:
        """Whether everything can be saved; all rows are judged, so that all errors show at once."""
        return all([self.head.is_valid(), *(step.is_valid() for step in self.steps)])

    def values(self) -> MeasureValues:
        """What the form says, once it is valid."""
        by_pk = {str(unit.pk): unit for unit in self.own}
        steps = [
            StepValues(
                form.cleaned_data["text"],
                [by_pk[pk] for pk in form.cleaned_data["units"]],
                form.cleaned_data["start"],
                form.cleaned_data["end"],
                form.cleaned_data["period_text"],
            )
            for form in self.steps
        ]
        return MeasureValues(dict(self.head.cleaned_data), steps)


def _count(data: QueryDict) -> int:
    typed = data.get("steps", "0")
    return min(int(typed), MOST_STEPS) if typed.isascii() and typed.isdigit() else 0


def _raw(data: QueryDict, row: int) -> dict[str, Any]:
    """What was typed in one row, unread; a date as its three parts."""
    days = {
        name: [data.get(f"s{row}-{name}_{part}", "") for part in ("day", "month", "year")] for name in ("start", "end")
    }
    return {
        "text": data.get(f"s{row}-text", ""),
        "units": data.getlist(f"s{row}-units"),
        **{name: parts if any(parts) else None for name, parts in days.items()},
        "period_text": data.get(f"s{row}-period_text", ""),
    }


def _rows(data: QueryDict) -> list[dict[str, Any]]:
    rows = [_raw(data, row) for row in range(_count(data))]
    act, _, typed = str(data["rows"]).partition("-")
    place = int(typed) if typed.isascii() and typed.isdigit() else -1
    if act == "add" and len(rows) < MOST_STEPS:
        rows.append({})
    elif act == "remove" and 0 <= place < len(rows):
        del rows[place]
    elif act in ("up", "down") and 0 <= place < len(rows):
        target = place + (1 if act == "down" else -1)
        if 0 <= target < len(rows):
            rows[place], rows[target] = rows[target], rows[place]
    return rows


def _of_step(step: Any) -> dict[str, Any]:
    return {
        "text": step.text,
        "units": [str(unit.pk) for unit in step.units.all()],
        "start": step.start,
        "end": step.end,
        "period_text": step.period_text,
    }


class PointForm(Form):
    """A point to raise."""

    topic = _text(2, label=T("ประเด็นที่ต้องยกระดับ", "Point to raise"))
    items = forms.CharField(
        required=False,
        label=T("ข้อที่เกี่ยวข้อง", "Items it is about"),
        help_text=T("เช่น i5 e3 o12 เว้นวรรคระหว่างข้อ", "Such as i5 e3 o12, with spaces between"),
    )
    finding = _text(3, required=False, label=T("ผลการวิเคราะห์", "What the analysis found"))
    guideline = _text(2, required=False, label=T("แนวทางการยกระดับ", "Guideline"))

    def __init__(self, framework: Framework, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {
            item.code: indicator.number
            for inst in framework.instruments
            for indicator in inst.indicators
            for item in indicator.items
        }

    @staticmethod
    def initial_of(point: Point) -> dict[str, Any]:
        """What the form shows of a stored point."""
        return {
            "topic": point.topic,
            "items": " ".join(point.items),
            "finding": point.finding,
            "guideline": point.guideline,
        }

    def clean_items(self) -> list[str]:
        """Codes of the round's framework. Raises ``ValidationError`` that names each unknown one."""
        typed = self.cleaned_data["items"].replace(",", " ").split()
        codes = [read_code(word) for word in typed]
        if unknown := [word for word, code in zip(typed, codes, strict=True) if code not in self._known]:
            names = " ".join(unknown)
            raise ValidationError(
                pick(f"ไม่มีข้อ {names} ในกรอบการประเมินของปีนี้", f"This year's framework has no item {names}.")
            )
        return list(dict.fromkeys(codes))

    def values(self) -> dict[str, Any]:
        """What the form says, with the indicators of its items."""
        items = self.cleaned_data["items"]
        return {**self.cleaned_data, "indicators": list(dict.fromkeys(self._known[code] for code in items))}


class KindForm(Form):
    """What kind of document the plan becomes, and the fiscal year in which it runs."""

    kind = forms.ChoiceField(
        choices=Plan.KINDS,
        widget=forms.RadioSelect,
        label=T("ชนิดเอกสาร", "Kind of document"),
        help_text=T(
            "มาตรการส่งเสริมคุณธรรมฯ รายงานผลเมื่อสิ้นปี แผนปฏิบัติการรายงานผลรอบ 6 และ 12 เดือน",
            "Measures are reported at the end of the year, an action plan at 6 and 12 months.",
        ),
    )
    action_year = ThaiIntegerField(
        label=T("ปีงบประมาณที่ดำเนินการ (พ.ศ.)", "Fiscal year in which it runs (B.E.)"),
        help_text=T("โดยปกติคือปีถัดจากปีของผลการประเมิน", "Usually the year after the results."),
        widget=forms.TextInput({"inputmode": "numeric", "size": 4}),
    )

    def clean_action_year(self) -> int:
        """B.E., whichever era was typed."""
        try:
            return be_year(self.cleaned_data["action_year"])
        except ValueError as error:
            raise ValidationError(pick("โปรดกรอกปี พ.ศ. สี่หลัก", "Please give a four-digit B.E. year.")) from error
