"""The fields of a letter that no data can give: typed by an officer, remembered, never invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from prongsai.documents.request import Letter, Person
from prongsai.site.agencies.models import Agency
from prongsai.site.papers.models import LetterFields
from prongsai.site.rounds.models import Assessment

# Of one paper alone: next year's form leaves them empty.
YEARLY = frozenset({"number", "date", "subject", "attachments", "background", "decisions"})
FIELDS = (
    "unit", "phone", "email", "number", "date", "to", "subject", "author_name", "author_position", "attachments",
    "background", "legal", "decisions", "committee", "owners",
)  # fmt: skip


def _no_route(_agency: Agency) -> tuple[Person, ...]:
    return ()


class Route:
    """Where the ranks of a letter come from: the approval room, which stands above this one, gives its own."""

    of: Callable[[Agency], tuple[Person, ...]] = staticmethod(_no_route)


def fields_of(assessment: Assessment, kind: str) -> dict[str, str]:
    """What the letter of a kind says this year; until it is filled in, what last year's said of things that stay."""
    return all_fields(assessment).get(kind, {})


def all_fields(assessment: Assessment) -> dict[str, dict[str, str]]:
    """The fields of every kind; one query."""
    rows = LetterFields.objects.filter(assessment__agency_id=assessment.agency_id).order_by("at")
    found: dict[str, dict[str, str]] = {}
    for row in rows:  # later ones replace earlier ones
        found[row.kind] = {key: value for key, value in row.data.items() if key not in YEARLY}
    own = {row.kind: row.data for row in rows if row.assessment_id == assessment.pk}
    return {**found, **own}


def letter_of(fields: dict[str, str], agency: Agency) -> Letter:
    """The letter that documents take; what is empty stays a blank to write in."""
    given: Callable[[str], Any] = lambda name: fields.get(name) or None  # noqa: E731
    author = Person(fields.get("author_position", ""), given("author_name")) if given("author_position") else None
    return Letter(
        unit=given("unit"),
        phone=given("phone"),
        email=given("email"),
        number=given("number"),
        date=dt.date.fromisoformat(fields["date"]) if given("date") else None,
        to=given("to"),
        subject=given("subject"),
        author=author,
        route=Route.of(agency),
        attachments=_lines(fields, "attachments"),
        background=given("background"),
        legal=_lines(fields, "legal"),
        committee=tuple((a, b) for a, b in _pairs(fields, "committee")),
        owners=dict(_pairs(fields, "owners")),
        decisions=_lines(fields, "decisions"),
    )


def _lines(fields: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in fields.get(name, "").splitlines() if line.strip())


def _pairs(fields: dict[str, str], name: str) -> list[tuple[str, str]]:
    """Lines of ``left = right``."""
    cut = [line.partition("=") for line in _lines(fields, name)]
    return [(left.strip(), right.strip()) for left, sign, right in cut if sign]
