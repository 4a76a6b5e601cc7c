"""How much time is left, in words and a tone."""

from __future__ import annotations

from django import template

from prongsai.site.base.text import pick
from prongsai.site.rounds.deadlines import Deadline

register = template.Library()
_SOON = 7  # days


@register.filter
def days_text(deadline: Deadline) -> str:
    """``เหลือ 12 วัน``, ``วันนี้เป็นวันสุดท้าย``, ``เลยกำหนด 3 วัน``."""
    left = deadline.days_left
    if left < 0:
        return pick(f"เลยกำหนด {-left} วัน", f"{-left} days overdue" if left < -1 else "1 day overdue")
    if left == 0:
        return pick("วันนี้เป็นวันสุดท้าย", "Today is the last day")
    return pick(f"เหลือ {left} วัน", f"{left} days left" if left > 1 else "1 day left")


@register.filter
def tone(deadline: Deadline) -> str:
    """The tone of a deadline: bad when it has passed, warn in its last week."""
    if deadline.over:
        return "bad"
    return "warn" if deadline.days_left <= _SOON else ""
