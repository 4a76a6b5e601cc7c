"""Pairs of first and second marks, counted by the database: what agreement and the clearer rule rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from prongsai.evidence.agreement import Agreement, agreement
from prongsai.site.inspection.models import Evidence, Mark

_Pairs = list[tuple[str | None, str | None]]


@dataclass(frozen=True)
class Counted:
    """Agreement of each item, and of each inspector (by primary key)."""

    items: Mapping[str, Agreement]
    inspectors: Mapping[int, Agreement]


def counted(of: QuerySet[Evidence]) -> Counted:
    """How well the first and the second marker of these items agree; third marks settle a dispute and do not count."""
    rows = (
        two_marks(of)
        .order_by()
        .values_list("item", "one__inspector", "two__inspector", "one__verdict", "two__verdict")
        .annotate(n=Count("pk"))
    )
    items: dict[str, _Pairs] = defaultdict(list)
    people: dict[int, _Pairs] = defaultdict(list)
    for item, one, two, said, said_too, number in rows:
        items[item] += repeat((said, said_too), number)
        if one is not None:
            people[one] += repeat((said, said_too), number)
        if two is not None:
            people[two] += repeat((said_too, said), number)
    by_item = {item: agreement(items[item]) for item in sorted(items, key=natural)}
    return Counted(by_item, {who: agreement(found) for who, found in people.items()})


def two_marks(of: QuerySet[Evidence]) -> QuerySet[Any]:
    """Items that were marked twice at least, the marks as ``one`` and ``two``."""
    joined: QuerySet[Any] = of.annotate(
        one=FilteredRelation("marks", condition=Q(marks__order=1)),
        two=FilteredRelation("marks", condition=Q(marks__order=2)),
    )
    return joined.filter(one__isnull=False, two__isnull=False)


def disputes(of: QuerySet[Evidence]) -> QuerySet[Any]:
    """Items whose first two markers disagreed, newest first, with their marks."""
    found = two_marks(of).exclude(one__verdict=F("two__verdict"))
    return found.prefetch_related("marks").order_by("-pk")


def precedents(item: str, of: QuerySet[Evidence]) -> QuerySet[Mark]:
    """Marks with a reason on one item, newest first: how it was judged before."""
    return Mark.objects.filter(evidence__in=of.filter(item=item)).exclude(sentence="").order_by("-at", "-pk")


def natural(code: str) -> tuple[int, str]:
    """o2 before o10."""
    return len(code), code


def missing_most(item: str, of: QuerySet[Evidence]) -> Sequence[dict[str, Any]]:
    """Which elements were found missing, most often first."""
    marks = Mark.objects.filter(evidence__in=of.filter(item=item)).exclude(missing="")
    found: Any = marks.order_by().values("missing").annotate(n=Count("pk"))
    return list(found.order_by("-n", "missing"))
