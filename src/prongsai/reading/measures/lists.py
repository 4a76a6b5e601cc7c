"""Lists inside one cell or paragraph: ``1. … 2. …``, ``๑) …``, ``(1) …``, ``- …``, on lines or run together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prongsai.thai.digits import to_arabic

_NUMBERED = (
    re.compile(r"(?<![^\s>])([0-9]{1,2})\)\s*"),
    re.compile(r"(?<![^\s>])\(([0-9]{1,2})\)\s*"),
    re.compile(r"(?<![^\s>])([0-9]{1,2})\.(?![0-9])\s*"),
)
_BULLET = r"\-–—•●▪○◦*➢"
_DASH_AT_START = re.compile(rf"\s*[{_BULLET}]\s*(?=[^\s{_BULLET}])")
_DASH_ON_LINE = re.compile(rf"\n\s*[{_BULLET}]\s*(?=[^\s{_BULLET}])")
# Between two words only: a dash between numbers or months is a span.
_DASH_INSIDE = re.compile(r"(?<![0-9.\s])\s+[-–•●▪]\s*(?=[ก-๙A-Za-z“\"(])")
_SPACES = re.compile(r"[ \t]*\n[ \t]*|[ \t]{2,}")


@dataclass(frozen=True)
class Listing:
    """The items of a list; ``lead``: text before the first; ``numbers`` as printed (empty for bullets).

    Text that is no list is one item without marks (``marked`` False).
    """

    items: tuple[str, ...]
    lead: str = ""
    numbers: tuple[int, ...] = ()
    marked: bool = False

    @property
    def continued(self) -> bool:
        """Whether the numbering goes on from an earlier place."""
        return bool(self.numbers) and self.numbers[0] > 1


def plain(text: str) -> str:
    """Text on one line."""
    return _SPACES.sub(" ", text).strip()


def listing(text: str) -> Listing:
    """The list that a text is. Numbers count only in order, so that ``9.1`` or a year is no list."""
    text = text.strip()
    if not text:
        return Listing(())
    if _DASH_AT_START.match(text):
        return _bullets(text)
    best = max((_numbered(text, pattern) for pattern in _NUMBERED), key=lambda found: len(found.numbers))
    if best.numbers:
        return best
    if _DASH_ON_LINE.search(text):
        return _bullets(text)
    return Listing((plain(text),))


def is_marked(text: str) -> bool:
    """Whether a text begins with a number or bullet of a list."""
    text = to_arabic(text.strip())
    return bool(_DASH_AT_START.match(text)) or any(pattern.match(text) for pattern in _NUMBERED)


def unmarked(text: str) -> str:
    """Text without the one number or bullet it begins with."""
    text = text.strip()
    for pattern in (*_NUMBERED, _DASH_AT_START):
        if match := pattern.match(to_arabic(text)):
            return text[match.end() :].strip()
    return text


def _bullets(text: str) -> Listing:
    marks = [*([first] if (first := _DASH_AT_START.match(text)) else []), *_DASH_ON_LINE.finditer(text)]
    if first:
        marks += _DASH_INSIDE.finditer(text)
    found: list[re.Match[str]] = []
    for mark in sorted(marks, key=lambda mark: mark.start()):
        if not found or mark.start() >= found[-1].end():
            found.append(mark)
    return _cut(text, found, ())


def _numbered(text: str, pattern: re.Pattern[str]) -> Listing:
    """The longest run of numbers each one more than the last; from 1, or going on where the text or a line begins."""
    arabic = to_arabic(text)
    marks: list[re.Match[str]] = []
    for mark in pattern.finditer(arabic):
        number = int(mark.group(1))
        if marks:
            if number == int(marks[-1].group(1)) + 1:
                marks.append(mark)
        elif number == 1 or mark.start() == 0 or arabic[: mark.start()].rstrip(" \t").endswith("\n"):
            marks.append(mark)
    if len(marks) == 1 and marks[0].start() and not (_on_line(arabic, marks[0])):
        return Listing(())  # one number in running text is no list
    return _cut(text, marks, tuple(int(mark.group(1)) for mark in marks))


def _on_line(text: str, mark: re.Match[str]) -> bool:
    return text[: mark.start()].rstrip(" \t").endswith("\n")


def _cut(text: str, marks: list[re.Match[str]], numbers: tuple[int, ...]) -> Listing:
    if not marks:
        return Listing(())
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    items = tuple(plain(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True))
    return Listing(tuple(item for item in items if item), plain(text[: marks[0].start()]), numbers, marked=True)
