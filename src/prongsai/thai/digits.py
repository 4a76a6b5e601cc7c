"""Thai and Arabic digits. Python's ``int`` and ``\\d`` accept Thai digits silently: convert first, then check."""

from __future__ import annotations

import re
from decimal import Decimal

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_THAI = re.compile("[๐-๙]")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")


def to_arabic(text: str) -> str:
    """``๒๕๖๘`` → ``2568``; other characters stay."""
    return text.translate(_TO_ARABIC) if _THAI.search(text) else text  # looking is far quicker than translating


def to_thai(text: str) -> str:
    """``2568`` → ``๒๕๖๘``; other characters stay."""
    return text.translate(_TO_THAI)


def number(text: str) -> Decimal | None:
    """The exact number written in ``text`` (Thai digits, thousands commas allowed), or None."""
    plain = to_arabic(text).strip()
    return Decimal(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None
