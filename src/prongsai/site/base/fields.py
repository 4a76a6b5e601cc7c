"""Form fields that take what Thai officers type: B.E. dates in three parts, Thai digits everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from prongsai.site.base.text import T, pick
from prongsai.thai.dates import MONTHS
from prongsai.thai.digits import to_arabic
from prongsai.thai.fiscal_year import BE_OFFSET, be_year

_DIGITS = 4  # of a year, the longest part: more are no date, and too many are no number


class ThaiDateWidget(forms.MultiWidget):
    """Day, month by name, B.E. year; a line below says the date as it was understood (``data-thai-date``)."""

    template_name = "base/thai_date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        months = [("", T("เดือน", "Month")), *((str(i), _month(i)) for i in range(1, 13))]
        super().__init__(
            {
                "day": forms.TextInput({"inputmode": "numeric", "size": 2, "maxlength": 2, "autocomplete": "off"}),
                "month": forms.Select(choices=months),
                "year": forms.TextInput({"inputmode": "numeric", "size": 4, "maxlength": 4, "autocomplete": "off"}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """The three parts of a day, the year in B.E."""
        return [value.day, str(value.month), value.year + BE_OFFSET] if isinstance(value, dt.date) else ["", "", ""]


def _month(number: int) -> Any:
    return T(MONTHS[number - 1], dt.date(2000, number, 1).strftime("%B"))


class ThaiDateField(forms.MultiValueField):
    """A day, stored as an ISO date. Years from 2400 are B.E., 1900–2200 C.E., anything else is asked about."""

    widget = ThaiDateWidget

    def __init__(self, **options: Any) -> None:
        parts = (forms.CharField(required=False), forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(parts, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> dt.date | None:
        """The date of the three parts. Raises ``ValidationError`` that names what is wrong."""
        if not any(data_list or []):
            return None
        texts = [to_arabic(str(part or "")).strip() for part in data_list]
        if not all(text.isascii() and text.isdigit() and len(text) <= _DIGITS for text in texts):
            raise ValidationError(pick("โปรดกรอกวัน เดือน และปีให้ครบ", "Please give day, month and year."))
        number, month, year = (int(text) for text in texts)
        if not (2400 <= year <= 2700 or 1900 <= year <= 2200):
            raise ValidationError(
                pick(
                    f"ไม่แน่ใจว่าปี {year} คือปีใด โปรดกรอกปี พ.ศ. สี่หลัก", f"Unclear year {year}: give a four-digit B.E. year."
                )
            )
        try:
            return dt.date(be_year(year) - BE_OFFSET, month, number)
        except ValueError as error:
            raise ValidationError(
                pick(f"ไม่มีวันที่ {number} ในเดือนนั้น", f"There is no day {number} in that month.")
            ) from error


class ThaiTimeField(forms.TimeField):
    """A time of day as it is written in Thai: ``14.05 น.``, with a colon or a full stop, in Thai or Arabic digits."""

    def to_python(self, value: Any) -> Any:
        """Normalise, then read."""
        if isinstance(value, str):
            value = to_arabic(value).strip().removesuffix(".").removesuffix("น").strip().replace(".", ":")
        return super().to_python(value)


class ThaiNumberField(forms.DecimalField):
    """A number in Thai or Arabic digits, with or without thousands separators."""

    def to_python(self, value: Any) -> Any:
        """Normalise the digits, then read."""
        return super().to_python(to_arabic(str(value)).replace(",", "").strip() if value not in (None, "") else value)


class ThaiIntegerField(forms.IntegerField):
    """A whole number in Thai or Arabic digits."""

    def to_python(self, value: Any) -> Any:
        """Normalise the digits, then read."""
        return super().to_python(to_arabic(str(value)).replace(",", "").strip() if value not in (None, "") else value)
