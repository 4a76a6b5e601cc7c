"""Repairs Thai text once, at the door, and says how alike two texts are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Old fonts put raised and lowered marks into the private use area (Windows F700–F71A).
_PRIVATE = str.maketrans(
    {
        0xF700: "ฐ", 0xF701: "ิ", 0xF702: "ี", 0xF703: "ึ", 0xF704: "ื", 0xF705: "่", 0xF706: "้",
        0xF707: "๊", 0xF708: "๋", 0xF709: "์", 0xF70A: "่", 0xF70B: "้", 0xF70C: "๊", 0xF70D: "๋",
        0xF70E: "์", 0xF70F: "ญ", 0xF710: "ั", 0xF711: "ํ", 0xF712: "็", 0xF713: "่", 0xF714: "้",
        0xF715: "๊", 0xF716: "๋", 0xF717: "์", 0xF718: "ุ", 0xF719: "ู", 0xF71A: "ฺ",
    }
)  # fmt: skip
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4c]{2,}")
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_NIKHAHIT_AFTER_TONE = re.compile("([\u0e48-\u0e4b])\u0e4d\u0e32")
_DOUBLED_E = re.compile("เเ")
_SPACE_BEFORE_MARK = re.compile("[ \u00a0]+(?=[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e])")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")


def repair(text: str) -> str:
    """Text in the one form Prongsai stores: whole sara am, marks in order, no invisible characters.

    Repairs what PDFs and old systems break (Unicode normal forms do not): private-use glyphs, ํ+า, a tone
    typed before its vowel, two เ for แ, a space before a mark. Line breaks stay; runs of spaces become one.
    Repairing twice changes nothing.
    """
    while (better := _repair_once(text)) != text:
        text = better  # one repair may make room for another; nearly always the second round changes nothing
    return text


def _repair_once(text: str) -> str:
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text.translate(_PRIVATE)))
    text = unicodedata.normalize("NFC", text)
    text = _SPACE_BEFORE_MARK.sub("", text)
    text = _MARKS.sub(_vowels_first, text)
    text = _NIKHAHIT_AFTER_TONE.sub("\\1\u0e33", text)
    text = _SPLIT_SARA_AM.sub("\\1\u0e33", text)
    return _DOUBLED_E.sub("แ", text)


def _vowels_first(match: re.Match[str]) -> str:
    return "".join(sorted(match.group(), key=lambda mark: "\u0e48" <= mark <= "\u0e4c"))


def squeeze(text: str) -> str:
    """Repaired text without any white space: what comparing and searching use."""
    return re.sub(r"\s+", "", repair(text))


def likeness(first: str, second: str) -> float:
    """How alike two texts are, 0 to 1, by shared runs of three characters (Dice), spaces ignored.

    Independent of word breaks, which Thai does not write.
    """
    grams_first, grams_second = _trigrams(first), _trigrams(second)
    if not grams_first or not grams_second:
        return 1.0 if squeeze(first) == squeeze(second) else 0.0
    return 2 * len(grams_first & grams_second) / (len(grams_first) + len(grams_second))


@lru_cache(maxsize=4096)  # a known text is compared with many others
def _trigrams(text: str) -> frozenset[str]:
    plain = squeeze(text)
    return frozenset(plain[index : index + 3] for index in range(len(plain) - 2))
