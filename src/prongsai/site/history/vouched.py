"""What entries vouch for besides themselves: rows and files whose digests are facts of the entry that made them.

An app says how its own are looked at in a module ``vouches`` (``@vouches``), loaded with the actions.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterator

from django.db import DatabaseError
from django.db.models import QuerySet

from prongsai.ledger.verify import Finding
from prongsai.site.files.models import Stored
from prongsai.site.history.models import Entry

Look = Callable[[Entry], Iterator[str]]
_LOG = logging.getLogger(__name__)
LOOKS: dict[str, Look] = {}
ROWS: dict[str, Callable[[], QuerySet]] = {}  # type: ignore[type-arg]


def vouches(action: str, rows: Callable[[], QuerySet] | None = None) -> Callable[[Look], Look]:  # type: ignore[type-arg]
    """Register how to look at what entries of one action vouch for: it yields the names of what is not as they say.

    A name is a table and a row's number, or a file's path, with what differs. ``rows``: rows that only such an action
    makes, so that one which is no entry's subject was put there by somebody else.
    """

    def keep(look: Look) -> Look:
        LOOKS[action] = look
        if rows:
            ROWS[action] = rows
        return look

    return keep


def look(after: int = 0, known: Collection[int] = (), until: int | None = None) -> Iterator[Finding]:
    """What is not as entries behind a number say, in the order of the chain; then rows that nobody vouches for.

    ``known``: entries that are not as they were sealed themselves, and so say nothing. With ``until`` only those up to
    there, and no such rows.
    """
    entries = Entry.objects.filter(action__in=LOOKS, number__gt=after)
    if until is not None:
        entries = entries.filter(number__lte=until)
    for pk, number in list(entries.order_by("number").values_list("pk", "number")):
        if number is not None and number not in known:
            yield from (Finding(number, name, "covered") for name in _names(pk))
    for action, rows in ROWS.items() if until is None else ():
        subjects = set(Entry.objects.filter(action=action).values_list("subject", flat=True))
        for row in rows().order_by("pk"):
            if (name := f"{row._meta.label_lower}:{row.pk}") not in subjects:
                yield Finding(0, name, "inserted")


def _names(pk: int) -> list[str]:
    """What one entry finds wrong. Rows hold whatever somebody wrote into them: what cannot be read is wrong, too."""
    try:
        entry = Entry.objects.select_related("agency").get(pk=pk)
        return list(LOOKS[entry.action](entry))
    except DatabaseError:
        raise
    except Exception:
        _LOG.exception("what history entry %s vouches for cannot be read", pk)
        return [f"history.entry:{pk}"]


def row_of(entry: Entry) -> int:
    """The number of the row that an entry is about; 0 where it names none that this site has."""
    number = entry.subject.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def kept(stored: Stored | None, sha256: str | None = None) -> Iterator[str]:
    """The name of a kept file that is gone, or whose bytes or row are not as its hash (or the one given) says."""
    if stored is None:
        if sha256:
            yield f"files.stored {sha256}"
        return
    name = f"files.stored:{stored.pk} files/{stored.content.name}"
    try:
        with stored.content.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        found = ""
    if not found == stored.sha256 == (sha256 or found):
        yield name
