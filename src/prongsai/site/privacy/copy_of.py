"""A copy of everything that is kept about one person, as JSON for programs and as a page for people.

Rows that point to the person are in it whole, but for secrets (said to be there, not shown) and for other people in
the same row, who have rights of their own: an inspector, for instance, is never shown to the agency, and who asked for
something is not shown to all who ever answered.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.models import Person
from prongsai.site.privacy.inventory import Activity, Personal, activities, declared, registry
from prongsai.site.privacy.models import Seen
from prongsai.site.privacy.versions import for_person, in_force

_SECRET = frozenset(
    {
        "people.Person.password", "mfa.Authenticator.data", "api.Token.digest", "api.Webhook.secret",
        "people.Session.session_key", "people.Session.session_data", "history.Entry.salt",
        "socialaccount.SocialToken.token", "socialaccount.SocialToken.token_secret", "account.EmailConfirmation.key",
    }
)  # fmt: skip
# Rows about one person that others work on, too: by which way, and what in them is that person's alone.
_ABOUT = {
    "privacy.Request": ("person", frozenset({"name", "contact", "words", "answer"})),
    "fieldwork.Interview": ("assignment__surveyor", frozenset({"started", "ended", "seconds", "received_at", "alike"})),
    "account.EmailConfirmation": ("email_address__user", frozenset()),
    "socialaccount.SocialToken": ("account__user", frozenset()),
}
_OF_OTHERS = frozenset({"surveys.PeopleList.entries"})
THERE, OTHER = "(เก็บไว้ ไม่แสดง · kept, not shown)", "(บุคคลอื่น · another person)"


@dataclass(frozen=True)
class Table:
    """The person's rows of one table."""

    label: str
    activity: Activity | None
    purposes: dict[str, str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Count:
    """How many rows are kept about a person for one activity, and the purposes of their fields, each once."""

    activity: Activity
    rows: int
    purposes: tuple[str, ...]


def tables(person: Person) -> list[Table]:
    """Every table with rows that point to the person, and those that know the person by username."""
    of = _activities()
    found = [
        Table(
            rows.model._meta.label,
            of.get(rows.model._meta.label),
            _purposes(rows.model),
            [{field.name: _shown(row, field, person) for field in rows.model._meta.local_fields} for row in rows],
        )
        for rows in _rows(person)
    ]
    return [one for one in found if one.rows]


def counted(person: Person) -> list[Count]:
    """The same and the history as numbers by activity, for a page: an assessor may have thousands of rows."""
    of, numbers = _activities(), dict[str, int]()
    purposes: dict[str, list[str]] = {}
    for rows in (*_rows(person), _entries(person)):
        activity, number = of.get(rows.model._meta.label), rows.count()
        if activity is not None and number:
            numbers[activity.name] = numbers.get(activity.name, 0) + number
            purposes.setdefault(activity.name, []).extend(_purposes(rows.model).values())
    return [
        Count(one, numbers[name], tuple(dict.fromkeys(purposes[name])))
        for name, one in activities().items()
        if name in numbers
    ]


def _activities() -> dict[str, Activity]:
    return {label: one for one in activities().values() for label in one.models}


def _purposes(model: type[models.Model]) -> dict[str, str]:
    personal = (declared(model) or {}).get("personal") or {}
    return {name: why["purpose"] for name, why in personal.items()}


def _rows(person: Person) -> Iterator[QuerySet[Any]]:
    """Of each table those that are about the person."""
    yield Person.objects.filter(pk=person.pk)
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
        links = [f.name for f in model._meta.local_fields if f.is_relation and f.related_model is Person]
        links += [_ABOUT[model._meta.label][0]] if model._meta.label in _ABOUT else []
        if links and model is not Entry:
            wanted = Q()
            for link in links:
                wanted |= Q(**{link: person})
            yield model._default_manager.filter(wanted).order_by("pk")
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        yield log.objects.filter(username__iexact=person.username).order_by("pk")


def _entries(person: Person) -> QuerySet[Entry]:
    about = f"{person._meta.label_lower}:{person.pk}"
    return Entry.objects.filter(Q(actor=person) | Q(subject=about)).order_by("pk")


def _shown(row: models.Model, field: models.Field[Any, Any], person: Person) -> Any:
    label = f"{row._meta.label}.{field.name}"
    value = field.value_from_object(row)
    if label in _SECRET:
        return THERE if value else ""
    if field.is_relation and field.related_model is Person and value not in (None, person.pk):
        return OTHER
    if value and (label in _OF_OTHERS or _anothers(row, field.name, person)):
        return OTHER
    if value is None or isinstance(value, bool | int | str | dict | list):
        return value
    return str(value) if not isinstance(value, bytes | memoryview) else THERE


def _anothers(row: models.Model, name: str, person: Person) -> bool:
    way, fields = _ABOUT.get(row._meta.label, ("", frozenset()))
    return name in fields and attrgetter(way.replace("__", "."))(row) != person


def history(person: Person) -> list[dict[str, Any]]:
    """What the person did, in sentences; and what was done to the account, without who did it."""
    return [
        {
            "at": timezone.localtime(entry.at).isoformat(timespec="seconds"),
            "action": entry.action,
            "said": sentence(entry) if entry.actor_id == person.pk else OTHER,
            "facts": entry.facts,
            "words": entry.personal if entry.actor_id == person.pk else {},
        }
        for entry in _entries(person).iterator(1000)
    ]


def everything(person: Person) -> dict[str, Any]:
    """The whole copy: tables, history, notices and, by field, why it is kept, how long and on which basis."""
    return _everything(person, tables(person))


def _everything(person: Person, found: list[Table]) -> dict[str, Any]:
    labels = {one.label for one in found} | {Entry._meta.label}
    seen = Seen.objects.filter(person=person)
    return {
        "made": timezone.localtime().isoformat(timespec="seconds"),
        "account": person.pk,
        "tables": {one.label: one.rows for one in found},
        "history": history(person),
        "notices": {
            name: {
                "in_force": in_force(name).number,
                "seen": [one.version for one in seen if one.audience == name],
            }
            for name in for_person(person)
        },
        "why": [_why(one) for one in registry() if one.model in labels],
    }


def _why(one: Personal) -> dict[str, str]:
    return {
        "field": f"{one.model}.{one.field}",
        "purpose": one.purpose,
        "basis": f"{one.activity.basis.words.th} (มาตรา {one.activity.basis.section})",
        "retention": one.rule.words.th,
        "retention_en": one.rule.words.en,
    }


def archive(person: Person) -> bytes:
    """ZIP bytes: ``data.json`` for programs, ``data.html`` to read."""
    found = tables(person)
    data = _everything(person, found)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
        packed.writestr("data.html", render_to_string("privacy/copy.html", {"data": data, "tables": found}))
    return out.getvalue()
