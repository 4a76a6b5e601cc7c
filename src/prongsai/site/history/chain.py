"""The history as a chain: every entry is tied to all before it right after it was committed (``prongsai.ledger``).

Not in the same transaction: actions of different agencies would wait for each other. What a dead process left untied
is tied with the next entry, or by the worker; until then ``verify`` counts it as waiting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from prongsai.ledger.chain import Link, next_link
from prongsai.ledger.head import Head, make_head
from prongsai.ledger.verify import Record, Report, verify
from prongsai.site.history.keys import known_keys, signing_key
from prongsai.site.history.models import Entry

_AT_ONCE = 500


def extend() -> int:
    """Tie every entry that waits; returns how many. Two processes at once: one of them does it."""
    tied = 0
    while some := _extend():
        tied += some
    return tied


def _extend() -> int:
    if not _waiting().exists():
        return 0
    key = signing_key()
    try:
        with transaction.atomic():
            before = _tied().order_by("-number").select_for_update().first()
            last = before.as_link() if before else None
            some = list(_waiting().order_by("pk")[:_AT_ONCE])
            for entry in some:
                last = next_link(last, entry.digest, key)
                entry.number, entry.link, entry.signature = last.number, last.hash, last.signature.hex()
            Entry.objects.bulk_update(some, ("number", "link", "signature"))
    except IntegrityError:  # the same number, given by another process at the same moment
        return 0
    return len(some)


def head() -> Head | None:
    """The chain's head now, signed; None before the first entry."""
    last = _tied().order_by("-number").first()
    return make_head(last.as_link().number, last.link, timezone.localtime(), signing_key()) if last else None


@dataclass(frozen=True)
class Checked:
    """What verifying found. ``waiting``: entries that are not tied yet, ``since`` the oldest of them."""

    report: Report
    waiting: int
    since: dt.datetime | None


def check(heads: tuple[Head, ...] = (), keys: tuple[Ed25519PublicKey, ...] = ()) -> Checked:
    """Verify the database in use, by the keys given or those of this installation."""
    waiting = _waiting()
    oldest = waiting.order_by("at").first()
    report = verify(_chain(), keys or known_keys(), heads)
    return Checked(report, waiting.count(), oldest.at if oldest else None)


def _chain() -> Iterator[tuple[Link, Record]]:
    for entry in _tied().order_by("number").select_related("agency").iterator(chunk_size=2000):
        yield entry.as_link(), entry.as_record()


def _tied() -> QuerySet[Entry]:
    return Entry.objects.filter(number__isnull=False)


def _waiting() -> QuerySet[Entry]:
    return Entry.objects.filter(number__isnull=True)
