"""Item codes as scanners and typists leave them: ``111`` for i11, ``๐8`` or ``114`` for an o item, ``l2`` for i2.

What a figure stands for is decided by where it stands: the indicator, aspect or instrument around it, the items
that the framework has, and the wording beside it. What these do not decide stays undecided (None).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from prongsai.reading.loosely import covered, one_off
from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary
from prongsai.thai.text import likeness

# A wording must be this much alike to an item's text, and this much more than to any other item's.
WORDING_ALIKE, WORDING_AHEAD = 0.45, 0.06
_CODE = re.compile(r"(?:ข้อ(?:คำถาม|ที่)?:?)?\(?([A-Za-z])[ \-]?0*([1-9]\d?)\)?(?:\.(\d))?\)?")
_FIGURES = re.compile(r"(?:ข้อ(?:คำถาม|ที่)?:?)?\(?([l|!]?\d{1,3})\)?\.?")


@dataclass(frozen=True)
class Around:
    """What is known at a place: the instrument, part, indicator and aspect that it stands under."""

    instrument: str | None = None
    part: str | None = None
    indicator: str | None = None
    aspect: int | None = None
    ranked: bool = False  # inside a list said to be in order
    annex: bool = False
    contents: bool = False  # inside the table of contents


def understood(printed: str, words: Vocabulary, around: Around, wording: str = "") -> str | None:
    """The item that a printed code means, or None where the place does not decide it."""
    plain = squeeze(printed).strip()
    if match := _CODE.fullmatch(plain):
        code = f"{match.group(1).lower()}{int(match.group(2))}"
        if code in words.items:
            return f"{code}.{match.group(3)}" if match.group(3) else code
        if match.group(1) in "lL" and "i1" in words.items:
            return decide([f"i{int(match.group(2))}"], words, around, wording)
        return misread(match.group(1).lower(), match.group(2), words, around, wording)
    if match := _FIGURES.fullmatch(plain):
        return decide(candidates(match.group(1), words), words, around, wording)
    return None


def misread(letter: str, figures: str, words: Vocabulary, around: Around, wording: str) -> str | None:
    """The item meant by a code that no item has: of those one digit away the indicator's only one, or by wording."""
    found = [
        code for n in one_off(figures, range(1, words.count(letter) + 1)) if (code := f"{letter}{n}") in words.items
    ]
    own = _of_indicator(words, around)
    found = [code for code in found if own is None or code in own]
    if own and len(found) == 1:
        return found[0]
    texts = texts_of(words)
    held = sorted(((max((covered(wording, t) for t in texts.get(c, ())), default=0.0), c) for c in found), reverse=True)
    if not held or held[0][0] < WORDING_ALIKE or len(squeeze(wording)) < 3:
        return None
    second = held[1][0] if len(held) > 1 else 0.0
    return held[0][1] if held[0][0] - second >= WORDING_AHEAD else None


def candidates(figures: str, words: Vocabulary) -> list[str]:
    """The items that bare figures may stand for: as a number, or with the letter read as a figure."""
    letters = sorted({code[0] for code in words.items})
    found: list[str] = []
    if figures[0] in "l|!":
        found += [f"i{int(figures[1:])}"] if figures[1:] else []
    else:
        if figures[0] == "0" and len(figures) > 1:
            return [code for code in (f"o{int(figures)}",) if code in words.items]
        found += [f"{letter}{int(figures)}" for letter in letters]
        if figures[0] == "1" and len(figures) > 1 and figures[1] != "0":
            # 1 stands for the letter: i as a rule, o where a Thai ๑ was read for ๐
            found += [f"{letter}{int(figures[1:])}" for letter in ("i", "o")]
    return [code for code in dict.fromkeys(found) if code in words.items]


def decide(found: Sequence[str], words: Vocabulary, around: Around, wording: str = "") -> str | None:
    """One of several possible items: the only one of the indicator, else by wording, aspect, instrument."""
    if not found:
        return None
    own = _of_indicator(words, around) or set()
    if len(held := [code for code in found if code in own]) == 1:
        return held[0]
    if wording and (best := by_wording(wording, words, found)):
        return best
    left = list(found)
    for holds in (own, _of_aspect(words, around), _of_instrument(words, around)):
        kept = [code for code in left if code in holds] if holds else left
        left = kept or left
        if holds and len(kept) == 1:
            return kept[0]
    known = own or around.aspect or around.instrument
    return left[0] if len(left) == 1 and not known else None


def _of_indicator(words: Vocabulary, around: Around) -> set[str] | None:
    if around.indicator is None:
        return None
    return {code for code, indicator in words.items.items() if indicator == around.indicator}


def _of_aspect(words: Vocabulary, around: Around) -> set[str] | None:
    for aspect in words.framework.aspects:
        if aspect.number == around.aspect:
            return set(aspect.items)
    return None


def _of_instrument(words: Vocabulary, around: Around) -> set[str] | None:
    if around.instrument is None:
        return None
    return {code for code in words.items if words.instrument_of[code] == around.instrument}


def by_wording(wording: str, words: Vocabulary, among: Iterable[str] | None = None) -> str | None:
    """The item whose text is most alike to a wording, or None where none is clearly ahead.

    Items with a known text only; rows (aspects of a question) are looked at too, since reports print them.
    """
    if len(squeeze(wording)) < 6:
        return None
    texts = texts_of(words)
    only = set(among) if among is not None else None
    scored = sorted(
        (
            (max(likeness(wording, text) for text in texts[code]), code)
            for code in texts
            if only is None or code in only
        ),
        reverse=True,
    )
    if not scored or scored[0][0] < WORDING_ALIKE:
        return None
    second = scored[1][0] if len(scored) > 1 else 0.0
    return scored[0][1] if scored[0][0] - second >= WORDING_AHEAD else None


@lru_cache(maxsize=32)
def texts_of(words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The known texts of every item that has one: its wording and its short name."""
    return {
        item.code: tuple(text for text in (item.text, item.short) if text)
        for instrument in words.framework.instruments
        for indicator in instrument.indicators
        for item in indicator.items
        if item.text or item.short
    }
