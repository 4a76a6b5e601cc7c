"""Where a person stands in the database: every column of text of every table is searched, and told by table and column.

What is searched: the full name (with whatever spaces), the e-mail address, the telephone number (however it is
grouped), and words that somebody adds: nicknames, former names. A given name alone is not; others have it, too. Nor is
a name that another account bears as well, nor an address or a number: small offices share one mailbox. Who erases is
told of namesakes, and may add the name as a word. Accounts are not searched: the person's own is emptied by the erasure
itself, and nobody else's may change by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from prongsai.site.files.models import Stored
from prongsai.site.history.models import Entry
from prongsai.site.people.models import Person
from prongsai.site.privacy.inventory import HERE, Words, activities, declared, rules
from prongsai.thai.digits import to_arabic, to_thai
from prongsai.yaml_file import read

GONE = "…"  # in the place of what was taken out; never longer than what stood there
LEAST = 4  # characters of a word that is searched for; a shorter one is part of too many others
_TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField)
_ESCAPED = r"\\u0e5"  # and the digit: a Thai digit as SQLite keeps JSON
_READ = frozenset({"txt", "csv", "json", "yaml", "html"})  # kinds of kept files whose bytes are their words


@dataclass(frozen=True)
class Column:
    """One column of text. ``kept``: why an erasure leaves it; None where it takes the words out."""

    model: type[models.Model]
    name: str
    kept: Words | None

    @property
    def label(self) -> str:
        """``app.Model.field``."""
        return f"{self.model._meta.label}.{self.name}"


@dataclass(frozen=True)
class Trace:
    """In how many rows of a column the person stands."""

    column: str
    count: int
    kept: Words | None

    @property
    def activity(self) -> Words | None:
        """For what the table is used, in words that people know."""
        model = ".".join(self.column.split(" ")[0].split(".")[:2])
        return next((one.words for one in activities().values() if model in one.models), None)


class Wanted:
    """What is searched for: ``of`` a person, and words that somebody added."""

    def __init__(self, of: Person, more: Iterable[str] = ()) -> None:
        self._patterns = [re.compile(one, re.IGNORECASE) for one in _patterns(of, more)]
        self._hints = {hint for hint in _hints(of, more) if hint}
        self._numbers = [_written(number) for number in _own_numbers(of)]

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def inside(self, value: Any) -> bool:
        """Whether it stands in a text, or in any text of a list or mapping."""
        return any(pattern.search(text) for text in _strings(value) for pattern in self._patterns)

    def without(self, value: Any) -> Any:
        """The same value without it."""
        if isinstance(value, str):
            for pattern in self._patterns:
                value = pattern.sub(GONE, value)
            return value
        if isinstance(value, dict):
            return {self.without(key): self.without(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.without(one) for one in value]
        return value

    def rows(self, column: Column) -> Iterator[models.Model]:
        """The rows in whose column it stands. The database finds those that may, by a part of each word."""
        may = Q()
        for number in self._numbers:
            may |= Q(_text__regex=number)
        for hint in self._hints:
            escaped = hint.encode("unicode_escape").decode().replace("\\x", "\\u00")  # as SQLite keeps JSON
            may |= Q(_text__icontains=hint) | Q(_text__icontains=escaped)
        found = column.model._default_manager.annotate(_text=Cast(column.name, models.TextField())).filter(may)
        for row in found.order_by("pk").iterator(500):
            if self.inside(_plain(getattr(row, column.name))):
                yield row


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, models.fields.files.FieldFile) else value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _strings(key)
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _patterns(person: Person, more: Iterable[str]) -> Iterator[str]:
    if person.given_name and person.family_name and not person.namesakes().exists():
        title = f"(?:{re.escape(person.title)}\\s*)?" if person.title else ""
        longer = "".join(f"(?!{re.escape(rest)})" for rest in person.longer_names())  # of somebody else
        yield f"{title}{re.escape(person.given_name)}[\\s\u200b]*{re.escape(person.family_name)}{longer}"
    if address := _own_address(person):
        yield _whole(re.escape(address))
    yield from (_whole(rf"\(?{_written(number)}") for number in _own_numbers(person))
    yield from (_whole(re.escape(word)) for word in more if len(word) >= LEAST)


def _whole(pattern: str) -> str:
    """Not as a part of a longer Latin word; Thai words stand beside each other without a space."""
    return rf"(?<![0-9A-Za-z_]){pattern}(?![0-9A-Za-z_])"


def _own_address(person: Person) -> str:
    """The address, where no colleague has the same; otherwise nothing."""
    return "" if Person.objects.exclude(pk=person.pk).filter(email=person.email).exists() else person.email


def _own_numbers(person: Person) -> list[str]:
    """The telephone numbers that no colleague has, too, as digits with a zero in front."""
    others = Person.objects.exclude(pk=person.pk).exclude(phone="").values_list("phone", flat=True)
    mine = _numbers(person.phone)
    return sorted(mine.difference(*map(_numbers, others))) if mine else []


def _numbers(text: str) -> set[str]:
    found = (re.sub(r"[\s.()-]", "", one) for one in re.findall(r"\+?[\d(][\d\s.()-]+", to_arabic(text)))
    return {re.sub(r"^\+66", "0", one) for one in found if len(one) > LEAST}


def _written(number: str) -> str:
    """A pattern for a number however it is grouped, in Arabic or Thai digits, with a zero or the country in front."""
    between = r"[\s.()-]*"
    each = [f"(?:{digit}|{to_thai(digit)}|{_ESCAPED}{int(digit)})" for digit in number.removeprefix("+")]
    if number.startswith("0"):
        each[0] = rf"(?:{each[0]}|\+66{between}{each[0]}?)"
    return between.join(each)


def _hints(person: Person, more: Iterable[str]) -> Iterator[str]:
    yield from (person.given_name if person.family_name else "", _own_address(person))
    yield from (word for word in more if len(word) >= LEAST)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read(HERE / "kept.yaml").data
    return data


@cache
def columns() -> tuple[Column, ...]:
    """Every column of text that can hold a name, of our tables and of libraries'."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label in _data()["never"]:
            continue
        for field in model._meta.local_fields:
            told = isinstance(field, _TEXTS) and not field.primary_key and not field.choices
            if told and f"{model._meta.label}.{field.name}" not in _data()["never"]:
                found.append(Column(model, field.name, _why_kept(model, field.name)))
    return tuple(found)


def _why_kept(model: type[models.Model], name: str) -> Words | None:
    said = _data()["kept"].get(f"{model._meta.label}.{name}")
    if said:
        return Words(**said)
    why = ((declared(model) or {}).get("personal") or {}).get(name)
    rule = rules()[why["retention"]] if why else None
    return rule.words if rule is not None and rule.shredder == "none" and rule.name == "official" else None


def traces(wanted: Wanted) -> list[Trace]:
    """Where it stands, column by column; kept files whose bytes are words are searched, too."""
    if not wanted:
        return []
    found = [Trace(one.label, sum(1 for _ in wanted.rows(one)), one.kept) for one in columns()]
    files = sum(1 for stored in Stored.objects.filter(kind__in=_READ).iterator(100) if wanted.inside(_content(stored)))
    found.append(Trace("files.Stored (bytes)", files, rules()["official"].words))
    return [one for one in found if one.count]


def _content(stored: Stored) -> str:
    try:
        return stored.read().decode("utf-8", "replace")
    except OSError:
        return ""


def take_out(wanted: Wanted) -> list[Trace]:
    """Take it out of every column that is not kept; what was changed, column by column."""
    changed = []
    for column in columns() if wanted else ():
        if column.kept is not None:
            continue
        rows = list(wanted.rows(column))
        if column.model is Entry:  # one salted hash covers the whole of it: it goes as a whole
            Entry.objects.filter(pk__in=[row.pk for row in rows]).update(personal={}, salt="", actor=None)
        for row in rows if column.model is not Entry else ():
            value = wanted.without(_plain(getattr(row, column.name)))
            type(row)._default_manager.filter(pk=row.pk).update(**{column.name: value})
        if rows:
            changed.append(Trace(column.label, len(rows), None))
    return changed
