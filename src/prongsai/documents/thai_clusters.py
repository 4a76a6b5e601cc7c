"""The units that the PDF faces draw Thai with, each one glyph and one reading, and the codes that ask for them.

A text layer is exact when one glyph is one reading. Thai shaping makes several glyphs of ขึ้ that only together
read as ขึ้, and PDF writers get that wrong. The faces that ``faces/`` makes have a glyph for every cluster Thai is
written with, so there is nothing to get wrong. A mark too many (a second tone mark, a mark on a digit) is a unit by
itself.

A unit has a code of its own in the private use area, so that the typesetter takes a word for plain letters: finding
Thai words is most of its work, and here it is done once for every phrase that is met (``_pdf_words``). Where a word
ends inside a phrase, ``WORD_END`` follows, which allows a line to break and joins with the unit into a second glyph.
``pdf_unicode`` makes the glyphs read as the Thai they show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

SARA_AM, NIKHAHIT = "\u0e33", "\u0e4d"
CONSONANTS = tuple(map(chr, range(0x0E01, 0x0E2F)))
VOWELS = tuple("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e38\u0e39\u0e3a")
TONES = tuple("\u0e48\u0e49\u0e4a\u0e4b")
THANTHAKHAT = "\u0e4c"
MARKS = (*VOWELS, *TONES, THANTHAKHAT, NIKHAHIT, "\u0e4e")
LETTERS = (*CONSONANTS, *"\u0e2f\u0e30\u0e32\u0e33\u0e40\u0e41\u0e42\u0e43\u0e44\u0e45\u0e46")
WORD_END = "\u2027"
PHRASE = "[\u0e01-\u0e3a\u0e40-\u0e4e]+"
_FIRST_CODE = 0xE000

_TONE, _VOWEL = f"[{''.join(TONES)}]", f"[{''.join(VOWELS)}]"
UNIT = re.compile(
    f"[\u0e01-\u0e2e](?:{_TONE}?{SARA_AM}|{NIKHAHIT}{_TONE}?|{_VOWEL}?(?:{_TONE}|{THANTHAKHAT})?)|[\u0e2f-\u0e4e]"
)


def clusters() -> Iterator[str]:
    """Every cluster of more than one character, as it is written."""
    for consonant in CONSONANTS:
        for vowel in ("", *VOWELS):
            for top in ("", *TONES, THANTHAKHAT):
                if vowel or top:
                    yield consonant + vowel + top
        for tone in ("", *TONES):
            yield consonant + NIKHAHIT + tone
            yield consonant + tone + SARA_AM


@cache
def codes() -> dict[str, str]:
    """The code of every unit."""
    return {unit: chr(_FIRST_CODE + number) for number, unit in enumerate((*LETTERS, *MARKS, *clusters()))}


@cache
def readings() -> dict[str, str]:
    """What every code reads as; the end of a word has no reading."""
    return {code: unit for unit, code in codes().items()} | {WORD_END: ""}
