"""The chain: every record's digest tied to all before it, so that changing one breaks every link after it.

A link's hash covers its number, the record's digest and the hash before. A link is signed, so that a chain cannot be
made anew without the key; whoever has the key, too, is held by the heads that were posted elsewhere (``head.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from prongsai.ledger.record import canonical

NOTHING = "0" * 64  # what stands before the first link


@dataclass(frozen=True)
class Link:
    """One link. ``number`` from 1, ``digest`` of the record, ``hash`` of the link (SHA-256, hexadecimal)."""

    number: int
    digest: str
    hash: str
    signature: bytes


def link_hash(number: int, digest: str, previous: str) -> str:
    """The hash of a link: of its number, the digest and the hash of the link before (``NOTHING`` for the first)."""
    return hashlib.sha256(canonical({"digest": digest, "number": number, "previous": previous})).hexdigest()


def next_link(last: Link | None, digest: str, key: Ed25519PrivateKey) -> Link:
    """The link for a record's digest behind the last one."""
    number, previous = (last.number + 1, last.hash) if last else (1, NOTHING)
    found = link_hash(number, digest, previous)
    return Link(number, digest, found, key.sign(bytes.fromhex(found)))


def signed(message: bytes, signature: bytes, keys: Sequence[Ed25519PublicKey]) -> bool:
    """Whether one of the keys signed a message."""
    for key in keys:
        with suppress(InvalidSignature):
            key.verify(signature, message)
            return True
    return False
