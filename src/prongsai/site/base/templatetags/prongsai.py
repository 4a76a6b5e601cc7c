"""Tags of the design system; built in, so that no template has to load them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from prongsai.errors import Problem
from prongsai.scoring.interval import shown, written
from prongsai.site.base.text import pick
from prongsai.thai.dates import MONTHS, long_date, short_date

register = template.Library()
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.simple_tag
def t(th: str, en: str, **values: Any) -> str:
    """``{% t "ปี {year}" "Year {year}" year=2568 %}``: the reader's language, values escaped."""
    text = conditional_escape(pick(th, en))  # what a template says itself is safe; what it was given may not be
    if not values:
        return text
    return mark_safe(text.format(**{k: conditional_escape(v) for k, v in values.items()}))  # noqa: S308 - escaped


@register.filter
def both(value: Any) -> str:
    """A thing with ``th``/``en`` or ``name_th``/``name_en`` in the reader's language."""
    th = getattr(value, "th", None) or getattr(value, "name_th", None) or str(value)
    en = getattr(value, "en", None) or getattr(value, "name_en", None) or th
    return pick(th, en)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """``15 ม.ค. 2568`` (``15 Jan 2025`` in English); a dash where there is none."""
    if value is None:
        return "–"
    date = _day(value)
    return pick(short_date(date), f"{date.day}\u00a0{_ENGLISH_MONTHS[date.month - 1]}\u00a0{date.year}")


@register.filter
def full_day(value: dt.date | dt.datetime | None) -> str:
    """``15 มกราคม 2568``; English adds the B.E. year that documents bear."""
    if value is None:
        return "–"
    date = _day(value)
    return pick(long_date(date), f"{date.day} {_ENGLISH_MONTHS[date.month - 1]} {date.year}")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Day and time of Bangkok: ``15 ม.ค. 2568 14:05 น.``."""
    if value is None:
        return "–"
    local = timezone.localtime(value)
    return pick(f"{day(local)} {local:%H:%M} น.", f"{day(local)} {local:%H:%M}")


@register.filter
def score(value: Fraction | Decimal | str | None) -> str:
    """Two decimals, half up; a dash where it is missing (a missing score is never zero)."""
    if value is None or value == "":
        return "–"
    return written(shown(Fraction(value)))


@register.filter
def month_name(number: int) -> str:
    """Name of a month."""
    return pick(MONTHS[number - 1], _ENGLISH_MONTHS[number - 1])


@register.filter
def problem_text(problem: Problem) -> str:
    """A problem in the reader's language."""
    return pick(problem.th, problem.en)


@register.filter
def next_text(problem: Problem) -> str:
    """What to do about a problem, in the reader's language; empty where nothing is said in it."""
    return pick(problem.next_th, problem.next_en)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """``mapping[key]`` or None."""
    try:
        return mapping.get(key)
    except AttributeError:
        return None


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> SafeString:
    """The address's query with some values changed: ``?{% query page=2 %}``; None drops a key."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        asked.pop(key, None)
        if value not in (None, ""):
            asked[key] = value
    return mark_safe(conditional_escape(asked.urlencode()))  # noqa: S308 - escaped


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A sign of our own drawing; with a label it speaks, without it is decoration."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    use = '<svg class="icon" {} width="20" height="20"><use href="/static/prongsai/icons.svg#{}"></use></svg>'
    return format_html(use, role, name)
