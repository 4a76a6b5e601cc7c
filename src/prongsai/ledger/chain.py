"""The chain: every record's digest tied to all before it, so that changing one breaks every link after it.

A link's hash covers its number, the record's digest, the hash of the link before, and the hash of an earlier link to
which it skips: from any link one comes to any earlier one in few steps, so that a short proof shows that a record is
in the chain (``proof.py``). A link is signed, so that a chain cannot be made anew without the key; whoever has the key,
too, is held by the heads that were posted elsewhere (``head.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Tip:
    """The end of a chain and what the next links need: ``hashes`` of the links that ``reach`` names, by number."""

    number: int = 0
    hashes: Mapping[int, str] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """Of the last link."""
        return self.at(self.number)

    def at(self, number: int) -> str:
        """The hash of a link within reach; ``NOTHING`` before the first."""
        return self.hashes[number] if number else NOTHING

    def then(self, found: str) -> Tip:
        """The end when one more link was made."""
        number = self.number + 1
        return Tip(number, {one: found if one == number else self.hashes[one] for one in reach(number)})


def skip(number: int) -> int:
    """The earlier link that a link skips to: its number without the lowest bit that is set; 0 is before the first."""
    return number & (number - 1)


def reach(number: int) -> list[int]:
    """A link, what it skips to, what that skips to, and so on: all that links after it may name. At most 64."""
    found = []
    while number:
        found.append(number)
        number = skip(number)
    return found


def link_hash(number: int, digest: str, previous: str, earlier: str) -> str:
    """The hash of a link: of its number, the digest, and the hashes of the link before and of that it skips to."""
    said = canonical({"digest": digest, "earlier": earlier, "number": number, "previous": previous})
    return hashlib.sha256(said).hexdigest()


def plain_hash(number: int, digest: str, previous: str) -> str:
    """The hash of a link of the first chains, which skipped to none. Such links stand before all others, or nowhere."""
    return hashlib.sha256(canonical({"digest": digest, "number": number, "previous": previous})).hexdigest()


def next_link(tip: Tip, digest: str, key: Ed25519PrivateKey) -> Link:
    """The link for a record's digest behind the last one."""
    number = tip.number + 1
    found = link_hash(number, digest, tip.hash, tip.at(skip(number)))
    return Link(number, digest, found, key.sign(bytes.fromhex(found)))


def signed(message: bytes, signature: bytes, keys: Sequence[Ed25519PublicKey]) -> bool:
    """Whether one of the keys signed a message."""
    for key in keys:
        with suppress(InvalidSignature):
            key.verify(signature, message)
            return True
    return False
