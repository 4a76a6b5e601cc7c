"""One inspector's way through the queue: the next and the previous within one item, or within one agency."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from prongsai.site.inspection.judging import queue
from prongsai.site.inspection.models import Evidence
from prongsai.site.people.models import Person

WAYS = ("item", "agency")  # one rule over many agencies keeps the rule in mind; one agency over all its items


@dataclass
class Walk:
    """``by``: what stays the same from one decision to the next. The queue is asked for once."""

    person: Person
    by: str

    @cached_property
    def rows(self) -> QuerySet[Evidence]:
        """All that waits for this person."""
        return queue(self.person)

    def _scope(self, of: Evidence) -> QuerySet[Evidence]:
        rows = self.rows.filter(assessment__round=of.assessment.round_id)
        if self.by == "agency":
            return rows.filter(assessment=of.assessment_id)
        return rows.filter(item=of.item)

    def left(self, of: Evidence) -> int:
        """How many wait within this item (or agency)."""
        return self._scope(of).count()

    def next(self, of: Evidence) -> Evidence | None:
        """The one after it; after the last again the first; None where nothing else waits."""
        rows = self._scope(of).exclude(pk=of.pk).order_by("pk")
        return rows.filter(pk__gt=of.pk).first() or rows.first()

    def previous(self, of: Evidence) -> Evidence | None:
        """The one before it."""
        return self._scope(of).filter(pk__lt=of.pk).order_by("-pk").first()

    def address(self, of: Evidence | None) -> str:
        """Where to decide it; the queue where there is none."""
        if of is None:
            return reverse("inspect_queue")
        return f"{reverse('inspect_item', args=(of.pk,))}?{urlencode({'by': self.by})}"


def walk(person: Person, by: str) -> Walk:
    """A way by what an address asks for; by item where it asks for nothing known."""
    return Walk(person, by if by in WAYS else WAYS[0])
