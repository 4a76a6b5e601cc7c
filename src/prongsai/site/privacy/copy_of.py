"""A copy of everything that is kept about one person, as JSON for programs and as a page for people.

Rows that point to the person are in it whole, but for secrets (said to be there, not shown) and for other people in
the same row, who have rights of their own: an inspector, for instance, is never shown to the agency.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.models import Person
from prongsai.site.privacy.inventory import Personal, declared, registry
from prongsai.site.privacy.models import Seen
from prongsai.site.privacy.versions import for_person, in_force

_SECRET = frozenset(
    {
        "people.Person.password", "mfa.Authenticator.data", "api.Token.digest", "api.Webhook.secret",
        "people.Session.session_key", "people.Session.session_data", "history.Entry.salt",
        "socialaccount.SocialToken.token", "socialaccount.SocialToken.token_secret", "account.EmailConfirmation.key",
    }
)  # fmt: skip
THERE, OTHER = "(เก็บไว้ ไม่แสดง · kept, not shown)", "(บุคคลอื่น · another person)"


@dataclass(frozen=True)
class Table:
    """The person's rows of one table."""

    label: str
    purposes: dict[str, str]
    rows: list[dict[str, Any]]

    @property
    def why(self) -> str:
        """The purposes of its fields, each once."""
        return " · ".join(dict.fromkeys(self.purposes.values()))


def tables(person: Person) -> list[Table]:
    """Every table with rows that point to the person, and those that know the person by username."""
    found = [_table(Person, Q(pk=person.pk), person)]
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
        links = [f.name for f in model._meta.local_fields if f.is_relation and f.related_model is Person]
        if links and model is not Entry:
            wanted = Q()
            for link in links:
                wanted |= Q(**{link: person})
            found.append(_table(model, wanted, person))
    found += [
        _table(model, Q(username__iexact=person.username), person)
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    ]
    return [one for one in found if one.rows]


def _table(model: type[models.Model], wanted: Q, person: Person) -> Table:
    label = model._meta.label
    personal = (declared(model) or {}).get("personal") or {}
    rows = [
        {field.name: _shown(row, field, person) for field in model._meta.local_fields}
        for row in model._default_manager.filter(wanted).order_by("pk")
    ]
    return Table(label, {name: why["purpose"] for name, why in personal.items()}, rows)


def _shown(row: models.Model, field: models.Field[Any, Any], person: Person) -> Any:
    label = f"{row._meta.label}.{field.name}"
    value = field.value_from_object(row)
    if label in _SECRET:
        return THERE if value else ""
    if field.is_relation and field.related_model is Person and value not in (None, person.pk):
        return OTHER
    if value is None or isinstance(value, bool | int | str | dict | list):
        return value
    return str(value) if not isinstance(value, bytes | memoryview) else THERE


def history(person: Person) -> list[dict[str, Any]]:
    """What the person did, in sentences; and what was done to the account, without who did it."""
    about = f"{person._meta.label_lower}:{person.pk}"
    rows = Entry.objects.filter(Q(actor=person) | Q(subject=about)).order_by("pk")
    return [
        {
            "at": timezone.localtime(entry.at).isoformat(timespec="seconds"),
            "action": entry.action,
            "said": sentence(entry) if entry.actor_id == person.pk else OTHER,
            "facts": entry.facts,
            "words": entry.personal if entry.actor_id == person.pk else {},
        }
        for entry in rows.iterator(1000)
    ]


def everything(person: Person) -> dict[str, Any]:
    """The whole copy: tables, history, notices and, by field, why it is kept, how long and on which basis."""
    found = tables(person)
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
    data = everything(person)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=str))
        packed.writestr("data.html", render_to_string("privacy/copy.html", {"data": data, "tables": tables(person)}))
    return out.getvalue()
