"""What a closed survey leaves in the history: that its answers and its tally were not changed afterwards, and no more.

Everything is keyed with a random secret that lies beside the answers and goes with them. A plain hash would let whoever
reads the history test a guess: of ten answers a chief may know nine, and a box of few people has few possible contents.
With the secret one has the answers anyway; without it, the seal is a random number.

Answers are sealed box by box, sorted by what they say. Nothing in the seal comes from a code, a letter, a row's number,
a time or an order of arrival: mixing the same answers in any other way gives the same seal.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from prongsai.ledger.record import canonical


def new_secret() -> str:
    """256 random bits, hexadecimal."""
    return secrets.token_hex(32)


def of_box(secret: str, box: str, answers: Iterable[tuple[str, str]]) -> str:
    """The seal of one box's mixed answers (version of the form, packed answer)."""
    return _keyed(secret, {"box": box, "answers": sorted([version, packed] for version, packed in answers)})


def of_tally(secret: str, tally: Mapping[str, Mapping[str, int]]) -> str:
    """The seal of how many chose what (line → option → respondents)."""
    return _keyed(secret, {"tally": {line: dict(options) for line, options in tally.items()}})


def root(boxes: Mapping[str, str]) -> str:
    """One hash over the seals of all boxes."""
    return hashlib.sha256(canonical({"boxes": dict(boxes)})).hexdigest()


def _keyed(secret: str, value: Mapping[str, Any]) -> str:
    return hmac.new(bytes.fromhex(secret), canonical(value), hashlib.sha256).hexdigest()
