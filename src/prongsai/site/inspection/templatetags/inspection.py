"""Badges of OIT pages: the state of an item, and how grave what a check saw is; always with words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from prongsai.site.base.text import T, pick
from prongsai.site.inspection.models import Evidence, State

register = template.Library()
# Words and tone of each severity; those of the command line are the same (``cli/oit.py``).
_SEVERITIES = {
    "fine": (T("ปกติ", "Fine"), "good"),
    "note": (T("หมายเหตุ", "Note"), ""),
    "unknown": (T("ต้องให้คนตรวจ", "A person must look"), ""),
    "warning": (T("ควรตรวจ", "Take a look"), "warn"),
    "error": (T("มีปัญหา", "Problem"), "bad"),
}
_TONES = {State.OPEN: "", State.READY: "brand", State.CONFIRMED: "good", State.FINAL: "good", State.CLARIFYING: "warn"}


@register.simple_tag
def severity_badge(severity: str) -> SafeString:
    """The words of a severity in its tone; nothing seen yet is said as well."""
    words, tone = _SEVERITIES.get(severity, (T("ยังไม่ได้ตรวจ", "Not looked at"), ""))
    return format_html('<span class="badge {}">{}</span>', tone, words)


@register.simple_tag
def state_badge(evidence: Evidence) -> SafeString:
    """The words of an item's state, as far as the agency is told."""
    known = evidence.told_state
    return format_html('<span class="badge {}">{}</span>', _TONES.get(known, ""), known.label)


@register.filter
def finding_text(finding: dict[str, Any]) -> str:
    """What a check said, in the reader's language."""
    return pick(finding.get("th", ""), finding.get("en", ""))


@register.filter
def by_number(forms: list[Any], number: int) -> Any:
    """One of several, counted from 1; None beyond."""
    return forms[number - 1] if 0 < number <= len(forms) else None
