"""The canonical form of a log entry and its digest, so that entries can be chained and personal parts erased.

A digest covers the facts as they are and the personal parts only through a salted hash: erasing text and salt
leaves the digest as it was, and nobody can guess the text from it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any


def canonical(value: Mapping[str, Any]) -> bytes:
    """One byte string for equal contents: sorted keys, no spaces, UTF-8. Numbers must be integers or strings.

    Raises ``ValueError`` for a float, whose text differs between machines.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"a float has no canonical form: {value!r}; give a string or a Decimal's text")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _refuse_floats(part)


def new_salt() -> str:
    """A random salt, hexadecimal."""
    return secrets.token_hex(16)


def personal_digest(personal: Mapping[str, Any], salt: str) -> str:
    """The salted hash of the personal parts; empty where there are none."""
    return hashlib.sha256(salt.encode() + canonical(personal)).hexdigest() if personal else ""


def sealed(facts: Mapping[str, Any], personal_hash: str) -> str:
    """The digest of a record from its facts and the hash of its personal parts, which outlives them."""
    return hashlib.sha256(canonical({**facts, "personal": personal_hash})).hexdigest()


def digest(facts: Mapping[str, Any], personal: Mapping[str, Any], salt: str) -> str:
    """SHA-256 of an entry, hexadecimal."""
    return sealed(facts, personal_digest(personal, salt))
