"""Known words found again although a copy lost marks above or below their letters, and codes that lost a digit.

A mark is a small thing: scanners and old fonts drop one in a hundred, and ``ตัวชีวัด`` still means ``ตัวชี้วัด``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from prongsai.reading.squeezed import squeeze

_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_WORD = re.compile(
    rf"\(\?<[!=][^()]*\)|[\u0e01-\u0e4e]{{4,}}[{_MARK}]?(?![?*+{{])"
)  # shorter words are parts of too many others
_EACH = re.compile(rf"([{_MARK}])")
_MARKS = re.compile(rf"[{_MARK}]")


def loose(pattern: str) -> str:
    """A pattern that finds its Thai words of four or more characters with any of their marks missing.

    What must not stand before (a lookbehind) stays as it is: it may have one width only.
    """
    return _WORD.sub(lambda word: word.group() if word.group()[0] == "(" else _EACH.sub(r"\1?", word.group()), pattern)


@lru_cache(maxsize=4096)
def unmarked(text: str) -> str:
    """Text without marks above and below, squeezed: what two copies of a word share."""
    return _MARKS.sub("", squeeze(text))


def covered(part: str, whole: str) -> float:
    """How much of a short wording is in a longer one, 0 to 1, by runs of three characters, marks not counting."""
    short, long = _trigrams(part), _trigrams(whole)
    return len(short & long) / len(short) if short else 0.0


@lru_cache(maxsize=4096)
def _trigrams(text: str) -> frozenset[str]:
    plain = unmarked(text)
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2))


def one_off(figures: str, numbers: Iterable[int]) -> list[int]:
    """The numbers that differ from printed figures in one digit, places kept (``03`` may be 13, not 3 or 30)."""
    return [
        number
        for number in numbers
        if len(other := f"{number:0{len(figures)}d}") == len(figures)
        and sum(a != b for a, b in zip(figures, other, strict=True)) == 1
    ]
