"""Numbers that Word counts itself: they are printed before a paragraph and stand nowhere in its text."""

from __future__ import annotations

import re
from typing import Any

from prongsai.thai.digits import to_thai

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = "กขคงจฉชซฌญฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Lists:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._list_of: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int]] = {}
        self._begun: set[str] = set()
        for abstract in root.iter(f"{W}abstractNum") if root is not None else ():
            self._levels[abstract.get(f"{W}abstractNumId", "")] = {
                _whole(level.get(f"{W}ilvl"), 0): _level(level) for level in abstract.iter(f"{W}lvl")
            }
        for number in root.iter(f"{W}num") if root is not None else ():
            abstract = number.find(f"{W}abstractNumId")
            ident = number.get(f"{W}numId", "")
            self._list_of[ident] = abstract.get(f"{W}val", "") if abstract is not None else ""
            for override in number.iter(f"{W}lvlOverride"):
                start = override.find(f"{W}startOverride")
                if start is not None:
                    level = _whole(override.get(f"{W}ilvl"), 0)
                    self._starts.setdefault(ident, {})[level] = _whole(start.get(f"{W}val"), 1)

    def mark(self, ident: str, level: int) -> str:
        """The mark of the next paragraph of a list: ``๑.``, ``2.1)``, ``-`` for bullets; empty if it has none."""
        abstract = self._list_of.get(ident, "")
        levels = self._levels.get(abstract)
        if not levels or level not in levels or not 0 <= level < 9:
            return ""
        counts = self._counts.setdefault(abstract, [0] * 9)
        if ident not in self._begun:
            self._begun.add(ident)
            for at, start in self._starts.get(ident, {}).items():
                if 0 <= at < 9:
                    counts[at] = start - 1
        kind, text, start = levels[level]
        if kind == "none":
            return ""
        counts[level] = max(counts[level] + 1, start)
        counts[level + 1 :] = [0] * (8 - level)
        if kind == "bullet":
            return "-"
        return _PLACE.sub(lambda place: self._number(levels, counts, int(place.group(1)) - 1), text)

    @staticmethod
    def _number(levels: dict[int, tuple[str, str, int]], counts: list[int], level: int) -> str:
        kind, _, start = levels.get(level, ("decimal", "", 1))
        return _shown(counts[level] or start, kind)


def _level(level: Any) -> tuple[str, str, int]:
    def value(name: str, default: str) -> str:
        found = level.find(f"{W}{name}")
        return default if found is None else str(found.get(f"{W}val") or default)

    return value("numFmt", "decimal"), value("lvlText", ""), _whole(value("start", "1"), 1)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default


def _shown(number: int, kind: str) -> str:
    if kind in ("thaiNumbers", "thaiCounting"):
        return to_thai(str(number))
    if kind == "thaiLetters":
        return _LETTERS[(number - 1) % len(_LETTERS)]
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if kind == "upperRoman" else _roman(number)
    return str(number)


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        while number >= value and len(found) < 20:
            found, number = found + letters, number - value
    return found
