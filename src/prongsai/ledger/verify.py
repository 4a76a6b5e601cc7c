"""Verify records against the chain: which row is the first that is not what was sealed.

Personal parts are covered by a salted hash only. Where text and salt were erased together the record still verifies,
and the report says "erased"; a changed text, or a text without its salt, does not.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prongsai.ledger.chain import NOTHING, Link, link_hash, signed
from prongsai.ledger.head import Head
from prongsai.ledger.record import personal_digest, sealed

Fault = Literal["missing", "altered", "personal", "link", "signature", "shorter", "head"]


@dataclass(frozen=True)
class Record:
    """One sealed row. ``name`` is what people call it (table and number); ``personal_hash`` was kept when sealed."""

    name: str
    facts: Mapping[str, Any]
    personal: Mapping[str, Any]
    salt: str
    personal_hash: str
    digest: str


@dataclass(frozen=True)
class Finding:
    """What is wrong. ``number``: of the link; ``name``: of its record, empty where that is gone."""

    number: int
    name: str
    fault: Fault


@dataclass
class Report:
    """What was found, in the order of the chain. ``last``: the last link's hash."""

    links: int = 0
    last: str = NOTHING
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was changed."""
        return not self.findings


def verify(
    chain: Iterable[tuple[Link, Record]],
    keys: Sequence[Ed25519PublicKey],
    heads: Sequence[Head] = (),
    most: int = 100,
) -> Report:
    """Walk the chain from its first link. ``heads`` are those that were posted; at most ``most`` findings are kept.

    After what does not fit the walk goes on from what stands there, so that one change is told once.
    """
    report = Report()
    posted: dict[int, list[Head]] = {}
    for head in heads:
        posted.setdefault(head.number, []).append(head)

    def say(number: int, name: str, fault: Fault) -> None:
        if len(report.findings) < most:
            report.findings.append(Finding(number, name, fault))

    for link, record in chain:
        if link.number != report.links + 1:
            say(report.links + 1, "", "missing")  # the hash before is not known, then
        elif link.hash != link_hash(link.number, link.digest, report.last):
            say(link.number, record.name, "link")
        if not signed(bytes.fromhex(link.hash), link.signature, keys):
            say(link.number, record.name, "signature")
        if fault := _fault(record, link.digest):
            say(link.number, record.name, fault)
        elif record.personal_hash and not record.salt:
            report.erased += 1
        report.links, report.last = link.number, link.hash
        for head in posted.pop(link.number, []):
            if head.hash != link.hash or not head.by(keys):
                say(link.number, record.name, "head")
    for number in sorted(posted):
        say(number, "", "shorter" if number > report.links else "missing")
    return report


def _fault(record: Record, digest: str) -> Fault | None:
    if not hmac.compare_digest(sealed(record.facts, record.personal_hash), digest) or record.digest != digest:
        return "altered"
    if not record.salt:
        return "personal" if record.personal else None
    if personal_digest(record.personal, record.salt) != record.personal_hash:
        return "personal"
    return None
