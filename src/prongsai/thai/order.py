"""The order of a Thai dictionary: a vowel written first counts after its consonant, tone marks decide last."""

from __future__ import annotations

import re

_LEADING = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_TONES = re.compile("[\u0e47-\u0e4e]")


def key(text: str) -> tuple[str, str]:
    """What to sort by: ``sorted(names, key=order.key)`` puts เชียงราย below ช, and ก้าว right after กาว.

    The Royal Institute's rule: consonants first, then vowels in their order, marks only where all else is equal.
    """
    turned = _LEADING.sub(r"\2\1", text.lower())
    return _TONES.sub("", turned), turned
