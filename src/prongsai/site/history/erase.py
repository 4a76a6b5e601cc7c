"""Erasing a person from the history: text and salt go, and with them who acted; the chain still proves the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from prongsai.site.history.models import Entry

if TYPE_CHECKING:
    from prongsai.site.people.models import Person

_AT_ONCE = 500


def erase_person(person: Person) -> int:
    """Empty text and salt of every entry that tells of a person; returns how many entries were emptied.

    That is what the person did, what was done to the person's account and roles, and every entry in whose personal part
    the person's name, user name or address stands, whoever acted; not the name where somebody else bears the same: such
    entries cannot be told apart. An entry that is emptied loses the whole of its personal part, other
    people's names too: one salted hash covers it. Facts, digests and links stay; ``verify`` counts it as erased.

    Call it inside an action's ``do``, before the person's row is changed (the names are read from it). The action's own
    entry is written afterwards and is not emptied: execute it with ``by=None`` where the person asks for themselves,
    and give it no name in ``personal()``; ``{"entries": erase_person(person)}`` is a good fact. Erasing twice is fine.
    """
    about = {f"{one._meta.label_lower}:{one.pk}" for one in (person, *person.roles.all())}
    full = Entry.objects.exclude(salt="")
    names = _pattern(person, _names(person, full))
    found = [
        pk
        for pk, actor, subject, personal in full.values_list("pk", "actor_id", "subject", "personal").iterator(2000)
        if actor == person.pk or subject in about or _told(names, actor, personal)
    ]
    for start in range(0, len(found), _AT_ONCE):
        Entry.objects.filter(pk__in=found[start : start + _AT_ONCE]).update(personal={}, salt="", actor=None)
    Entry.objects.filter(actor=person, salt="").update(actor=None)
    return len(found)


def _names(person: Person, full: Any) -> set[str]:
    """What the person is called now, and was when acting."""
    acted = full.filter(actor=person).values_list("personal", flat=True)
    before = {str(one["actor"]) for one in acted.iterator(2000) if one.get("actor")}
    shared = type(person)._default_manager.exclude(pk=person.pk).filter(email=person.email).exists()
    names = {*before, person.full_name}
    if person.namesakes().exists():
        names = {name for name in names if f"{person.given_name} {person.family_name}".strip() not in name}
    return {*names, person.username, "" if shared else person.email, person.external} - {""}


def _pattern(person: Person, names: set[str]) -> re.Pattern[str]:
    """One of ``names``: with a space anywhere in a text, otherwise the whole of it. Not in others' longer names."""
    longer = "".join(f"(?!{re.escape(rest)})" for rest in person.longer_names())
    anywhere = [
        re.escape(name) + (longer if name.endswith(person.family_name) else "") for name in names if " " in name
    ]
    return re.compile("|".join([*(rf"\A{re.escape(name)}\Z" for name in names if " " not in name), *anywhere]))


def _told(names: re.Pattern[str], actor: int | None, personal: dict[str, Any]) -> bool:
    """Whether a personal part names the person. Who acted is known by number: people may share a name."""
    told = (value for key, value in personal.items() if key != "actor" or actor is None)
    return any(names.search(text) for text in _texts(told))


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
