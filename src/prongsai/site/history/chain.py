"""The history as a chain: every entry is tied to all before it right after it was committed (``prongsai.ledger``).

Not in the same transaction: actions of different agencies would wait for each other. What a dead process left untied
is tied with the next entry, or by the worker; until then ``verify`` counts it as waiting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from prongsai.ledger.chain import Tip, next_link, reach
from prongsai.ledger.head import Head, make_head
from prongsai.ledger.proof import Proof, prove
from prongsai.ledger.verify import Finding, Report, verify
from prongsai.site.history import vouched
from prongsai.site.history.keys import begun_elsewhere, known_keys, signing_key
from prongsai.site.history.models import Entry
from prongsai.site.history.rows import tied

_AT_ONCE, _MOST = 500, 100


def extend() -> int:
    """Tie every entry that waits; returns how many. Two processes at once: one of them does it.

    A process without the key (a mixer with a data folder of its own) leaves a history that is begun to who has it.
    """
    tied = 0
    while some := _extend():
        tied += some
    return tied


def _extend() -> int:
    if not _waiting().exists() or (begun_elsewhere() and _tied().exists()):
        return 0
    key = signing_key()
    try:
        with transaction.atomic():
            before = _tied().order_by("-number").select_for_update().first()
            tip = _tip(before.number or 0) if before else Tip()
            some = list(_waiting().order_by("pk")[:_AT_ONCE])
            for entry in some:
                link = next_link(tip, entry.digest, key)
                tip = tip.then(link.hash)
                entry.number, entry.link, entry.signature = link.number, link.hash, link.signature.hex()
            Entry.objects.bulk_update(some, ("number", "link", "signature"))
    except IntegrityError:  # the same number, given by another process at the same moment
        return 0
    return len(some)


def _tip(number: int) -> Tip:
    there = _tied().filter(number__in=reach(number)).values_list("number", "link")
    return Tip(number, {one: link for one, link in there if one is not None})


def head(number: int | None = None) -> Head | None:
    """The chain's head now (or as it was at a number), signed; None before the first entry."""
    found = _tied().filter(**({} if number is None else {"number": number})).order_by("-number").first()
    return make_head(found.number or 0, found.link, timezone.localtime(), signing_key()) if found else None


def proof(entry: Entry, under: Head) -> Proof:
    """That a tied entry is in the chain with this head. Raises ``KeyError`` where the chain is not whole."""
    assert entry.number is not None
    record = (entry.number, entry.canonical_facts(), entry.personal_hash)

    def look(numbers: set[int]) -> dict[int, tuple[str, str]]:
        found = _tied().filter(number__in=numbers).values_list("number", "digest", "link")
        return {number: (digest, link) for number, digest, link in found if number is not None}

    return prove(record, under, look)


@dataclass(frozen=True)
class Checked:
    """What verifying found. ``waiting``: entries that are not tied yet, ``since`` the oldest of them."""

    report: Report
    waiting: int
    since: dt.datetime | None


def check(
    heads: Sequence[Head] = (), keys: Sequence[Ed25519PublicKey] = (), start: Head | None = None, *, rows: bool = True
) -> Checked:
    """Verify the database in use, by the keys given or those of this installation.

    ``start``: a head that the caller trusts, behind which the walk begins; from the first link where the chain does
    not have it. ``rows``: also what entries vouch for.
    """
    waiting = _waiting()
    oldest = waiting.order_by("at").first()
    trusted, tip = keys or known_keys(), _start(start)
    report = verify(tied(tip.number or None), trusted, heads, tip, _MOST)
    if tip.number and (_tied().count() != report.links or report.findings):
        # Something older is gone or came in: from the beginning, then.
        report, tip = verify(tied(), trusted, heads, most=_MOST), Tip()
    if rows:
        known = {one.number for one in report.findings}
        report.findings += islice(vouched.look(tip.number, known), _MOST - len(report.findings))
    return Checked(report, waiting.count(), oldest.at if oldest else None)


def check_part(after: int, until: int) -> list[Finding]:
    """What is wrong with the entries of an older part in themselves; how they are tied is ``check``'s."""
    tip = _tip(after)
    if set(tip.hashes) != set(reach(after)):
        return [Finding(after, "", "missing")]
    return verify(tied(after, until), known_keys(), start=tip, older=True).findings


def _start(head: Head | None) -> Tip:
    """Where a walk may begin: behind a trusted head that the chain still has, with all that it skips to."""
    if head is None:
        return Tip()
    tip = _tip(head.number)
    whole = set(tip.hashes) == set(reach(head.number)) and tip.hash == head.hash
    return tip if whole else Tip()


def _tied() -> QuerySet[Entry]:
    return Entry.objects.filter(number__isnull=False)


def _waiting() -> QuerySet[Entry]:
    return Entry.objects.filter(number__isnull=True)
