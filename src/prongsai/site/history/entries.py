"""Which entries an agency reads: what happened in it, but not what others do about it before they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from prongsai.site.history.action import UNTOLD
from prongsai.site.history.models import Entry

if TYPE_CHECKING:
    from prongsai.site.agencies.models import Agency


def told(agency: Agency) -> Q:
    """The condition for entries that this agency reads."""
    return Q(agency=agency) & ~Q(action__in=UNTOLD)


def told_to(agency: Agency) -> QuerySet[Entry]:
    """These entries, newest first."""
    return Entry.objects.filter(told(agency))
