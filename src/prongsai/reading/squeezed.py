"""Text without the spaces that Thai does not need, with Arabic digits, and the way back to the printed place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from prongsai.reading.source import Line, Where
from prongsai.thai.digits import to_arabic

_KEEP = re.compile(r"(?<=[0-9A-Za-z.,%])[ \t\u00a0]+(?=[0-9A-Za-z.,])")
_SPACE = re.compile(r"[ \t\u00a0\r*]+")
# A mark for a space that stays (between figures or Latin words); no text holds it.
_HELD = "\ue000"


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """Arabic digits, no spaces except between figures or Latin letters. Line breaks stay."""
    return _SPACE.sub("", _KEEP.sub(_HELD, to_arabic(text))).replace(_HELD, " ")


@dataclass(frozen=True)
class Passage:
    """Lines that stand together (no table between), squeezed into one text with a line break between each two.

    Patterns then need not care for spaces or for where a line was broken; ``where`` finds the line again.
    """

    lines: tuple[Line, ...]
    plain: str = field(init=False, repr=False)
    starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = [squeeze(line.text).replace("\n", " ") for line in self.lines]
        starts, at = [], 0
        for part in parts:
            starts.append(at)
            at += len(part) + 1
        object.__setattr__(self, "plain", "\n".join(parts))
        object.__setattr__(self, "starts", tuple(starts))

    def index(self, at: int) -> int:
        """Which line a place of ``plain`` is in."""
        return max(0, bisect_right(self.starts, at) - 1)

    def span(self, index: int) -> tuple[int, int]:
        """Where a line begins and ends in ``plain``."""
        following = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.plain)
        return self.starts[index], following

    def line(self, at: int) -> Line:
        """The line of a place of ``plain``."""
        return self.lines[self.index(at)]

    def where(self, at: int) -> Where:
        """Where that line stands in the file."""
        return self.line(at).where

    @cached_property
    def _maps(self) -> dict[int, list[int]]:
        return {}

    def _origin_of(self, index: int) -> list[int]:
        if index not in self._maps:
            self._maps[index] = _origin(self.lines[index].text)
        return self._maps[index]

    def near(self, at: int, size: int) -> str:
        """What is printed at a place: its line, or so many characters of a longer one, most of them before it."""
        text = self.line(at).text.strip()
        if len(text) <= size:
            return text
        index = self.index(at)
        origin = self._origin_of(index)
        place = origin[min(at - self.starts[index], len(origin) - 1)]
        first = max(0, place - size * 3 // 4)
        return text[first : first + size]

    def printed(self, start: int, end: int) -> str:
        """The text as printed (Thai digits and spaces as they were) between two places of one line."""
        index = self.index(start)
        origin = self._origin_of(index)
        first, last = start - self.starts[index], end - self.starts[index] - 1
        if not origin or first >= len(origin):
            return ""
        return self.lines[index].text[origin[first] : origin[min(last, len(origin) - 1)] + 1].strip()


def _origin(text: str) -> list[int]:
    """For each character of the squeezed text, its place in the text (digits are translated one to one)."""
    held = _KEEP.sub(lambda match: _HELD * len(match.group()), to_arabic(text))
    places: list[int] = []
    for at, character in enumerate(held):
        if character == _HELD:
            if at == 0 or held[at - 1] != _HELD:
                places.append(at)
        elif not _SPACE.fullmatch(character):
            places.append(at)
    return places


def passage(lines: Sequence[Line]) -> Passage:
    """A passage of lines."""
    return Passage(tuple(lines))
