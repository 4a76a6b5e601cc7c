"""Erasing a person from the history: text and salt go, and with them who acted; the chain still proves the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from prongsai.site.history.models import Entry

if TYPE_CHECKING:
    from prongsai.site.people.models import Person

_AT_ONCE = 500


def erase_person(person: Person) -> int:
    """Empty text and salt of every entry that tells of a person; returns how many entries were emptied.

    That is what the person did, what was done to the person's account, and every entry in whose personal part the
    person's name, user name or address stands, whoever acted. Such an entry loses the whole of its personal part, other
    people's names too: one salted hash covers it. Facts, digests and links stay; ``verify`` counts it as erased.

    Call it inside an action's ``do``, before the person's row is changed (the names are read from it). The action's own
    entry is written afterwards and is not emptied: execute it with ``by=None`` where the person asks for themselves,
    and give it no name in ``personal()``; ``{"entries": erase_person(person)}`` is a good fact. Erasing twice is fine.
    """
    about = f"{person._meta.label_lower}:{person.pk}"
    full = Entry.objects.exclude(salt="")
    names = _names(person, full)
    found = [
        pk
        for pk, actor, subject, personal in full.values_list("pk", "actor_id", "subject", "personal").iterator(2000)
        if actor == person.pk or subject == about or _told(names, actor, personal)
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
    return {*before, person.full_name, person.username, "" if shared else person.email, person.external} - {""}


def _told(names: set[str], actor: int | None, personal: dict[str, Any]) -> bool:
    """Whether a personal part names one of ``names``. Who acted is known by number: people may share a name."""
    told = (value for key, value in personal.items() if key != "actor" or actor is None)
    return any(name == text or (" " in name and name in text) for text in _texts(told) for name in names)


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
