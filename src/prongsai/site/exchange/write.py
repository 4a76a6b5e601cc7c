"""From the database to the archive of one agency. People go out as names and posts, never as accounts.

What was counted here goes out as it may be shown: the archive's reader is whom the answers are protected from.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from django.db import models

from prongsai.site.agencies.models import Agency
from prongsai.site.exchange.archive import Writer
from prongsai.site.exchange.parts import BY_LABEL, PARTS, PERSON, Part
from prongsai.site.files.models import Stored
from prongsai.site.history.models import ACTOR
from prongsai.site.inspection.told import untell
from prongsai.site.results.models import Result
from prongsai.site.results.shown_data import outgoing

ERASED = "erased"  # on a log entry: its personal part was taken out


class Numbers:
    """Rows are named by their place in their table, so that equal contents give equal archives anywhere.

    People get theirs in the order in which they are met.
    """

    def __init__(self) -> None:
        self.of: dict[str, dict[int, int]] = {part.label: {} for part in PARTS}

    def number(self, label: str, pk: int | None) -> int | None:
        """The number of a row, or None where it is not part of the export."""
        if pk is None or label not in self.of:
            return None
        if label == PERSON:
            return self.of[label].setdefault(pk, len(self.of[label]) + 1)
        return self.of[label].get(pk)


def write_agency(agency: Agency, target: BinaryIO | Path) -> dict[str, Any]:
    """Write the archive and return what its manifest says of the tables and files."""
    numbers, tables = Numbers(), _tables(agency)
    for label, found in tables.items():
        numbers.of[label].update({row.pk: place for place, row in enumerate(found, start=1)})
    writer = Writer(target)
    for part in PARTS:
        if part.label != PERSON:
            writer.rows(part.file, [_row(part, row, numbers) for row in tables[part.label]])
    writer.rows(BY_LABEL[PERSON].file, _people(numbers))
    for stored in {row.sha256: row for row in tables["files.Stored"]}.values():
        writer.add(f"files/{stored.sha256}", stored.read())
    writer.close(
        {"agency": {"code": agency.code, "name": agency.name, "parent": agency.parent.code if agency.parent else None}}
    )
    return writer.files


def _tables(agency: Agency) -> dict[str, list[Any]]:
    """The rows of every part. Kept files are those of the agency, and any other that a row of it points to."""
    found: dict[str, list[Any]] = {}
    for part in PARTS:
        rows = part.model._default_manager.filter(part.rows(agency)).distinct().order_by(*part.order)
        found[part.label] = list(rows.prefetch_related(*(f.name for f in part.lists)))
    there = {row.pk for row in found["files.Stored"]}
    extra = {
        getattr(row, field.attname)
        for part in PARTS
        for field in part.fields
        if field.related_model is Stored
        for row in found[part.label]
    }
    if more := extra - there - {None}:
        found["files.Stored"] = list(Stored.objects.filter(pk__in=there | more).order_by("pk"))
    _hold_back(found["results.Result"])
    for row in found["inspection.Evidence"]:
        untell(row)
    return found


def _hold_back(results: list[Result]) -> None:
    """Nothing leaves that ``analysis.disclosure`` does not show. The rows are this export's own and never saved."""
    together: dict[int, list[Result]] = {}
    for row in results:
        together.setdefault(row.assessment_id, []).append(row)
    going = {pk: data for revisions in together.values() for pk, data in outgoing(revisions).items()}
    for row in results:
        row.data = going[row.pk]


def _row(part: Part, row: Any, numbers: Numbers) -> dict[str, Any]:
    written = {field.name: _value(field, row, numbers) for field in part.fields}
    for many in part.lists:
        written[many.name] = sorted(
            filter(None, (numbers.number(_label(many), other.pk) for other in getattr(row, many.name).all()))
        )
    if part.label == "history.Entry":
        written["subject"] = _subject(row.subject, numbers)
        written["personal"] = {key: value for key, value in row.personal.items() if key != ACTOR}
        del written["salt"]
        written[ERASED] = bool(row.personal_hash) and not row.salt
    return written


def _label(field: Any) -> str:
    return str(field.related_model._meta.label)


def _value(field: Any, row: Any, numbers: Numbers) -> Any:
    if field.is_relation:
        return numbers.number(_label(field), getattr(row, field.attname))
    value = field.value_from_object(row)
    plain = value is None or isinstance(value, bool | int | str | list | dict)
    return value if plain or isinstance(field, models.JSONField) else field.value_to_string(row)


def _subject(subject: str, numbers: Numbers) -> str:
    """``plans.plan:12`` → ``plans.plan:#3``; without a number where that row is not part of the export."""
    label, _, pk = subject.partition(":")
    if not pk:
        return subject
    known = next((part.label for part in PARTS if part.label.lower() == label), "")
    number = numbers.of[known].get(int(pk)) if known and pk.isdigit() else None
    return f"{label}:#{number or ''}"


def _people(numbers: Numbers) -> list[dict[str, Any]]:
    part = BY_LABEL[PERSON]
    found = part.model._default_manager.in_bulk(numbers.of[PERSON])
    return [{f.name: f.value_from_object(found[pk]) for f in part.fields} for pk in numbers.of[PERSON]]


def counts(agency: Agency, labels: Iterable[str]) -> list[tuple[str, int]]:
    """How many rows of some parts an export would have; one query each."""
    parts = (BY_LABEL[label] for label in labels)
    return [(part.label, part.model._default_manager.filter(part.rows(agency)).distinct().count()) for part in parts]
