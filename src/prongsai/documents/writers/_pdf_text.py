"""Text on its way into a PDF: what the faces have, hyphens that end no line, and a record of what must be read back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from prongsai.documents.faces import faces_folder
from prongsai.documents.walk import clean

KEPT_HYPHEN = "\u2011"
UNKNOWN = "\u25a1"
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

# Without ink and without meaning on paper.
_UNSEEN = dict.fromkeys(
    (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFE0E, 0xFE0F, 0xFEFF)
)
_SPACES = {0x09: " ", 0x202F: "\u00a0", 0x2007: "\u00a0", 0x205F: " ", 0x3000: " "} | dict.fromkeys(
    (*range(0x2000, 0x2007), *range(0x2008, 0x200B)), " "
)
_LINES = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
# Text copied from older Thai PDFs holds marks at the private places that fonts of Windows kept for shifted ones.
_SHIFTED = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d"
        "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
_ALIKE = {0x21D2: "→", 0x21D0: "←", 0x2705: "✓", 0x2B1C: "□", 0x25FB: "□", 0x2B1B: "■", 0x26AB: "●"}
_ACCENTED = re.compile("[A-Za-z][\u0300-\u036f]+")
_MAP: dict[int, str | None] = {**_UNSEEN, **_SPACES, **_LINES, **_SHIFTED, **_ALIKE}


@cache
def _strange() -> re.Pattern[str]:
    """What the faces have no glyph for."""
    text = (faces_folder() / "characters.txt").read_text(encoding="utf-8")
    return re.compile(f"[^\n{re.escape(''.join(char for char in text if ord(char) not in _MAP))}]")


def printable(text: str) -> str:
    """The text as the faces can show it: look-alikes for what they lack, an empty box where there is none."""
    if not _strange().search(text):
        return text
    text = clean(text).replace("\r\n", "\n").translate(_MAP)
    text = _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)
    return _strange().sub(_nearest, text)


def _nearest(match: re.Match[str]) -> str:
    for form in ("NFC", "NFKC"):
        text = unicodedata.normalize(form, match.group())
        if not _strange().search(text):
            return text
    return UNKNOWN


@dataclass
class Speller:
    """Prepares the texts of one document and remembers what a reader must find.

    ``loose`` are texts that may be parted by a page's end with other cells between, ``heads`` header rows that recur,
    ``levels`` those of the headings, ``contents`` the depths of the tables of contents.
    """

    digits: Literal["thai", "arabic"]
    expected: list[str] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)
    heads: list[tuple[str, ...]] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    contents: list[int] = field(default_factory=list)

    def shown(self, text: str) -> str:
        """The text as Typst gets it, without a record. A hyphen holds to what follows, a space after it too."""
        text = printable(text)
        return text.replace("- ", f"{KEPT_HYPHEN}\u00a0").replace("-", KEPT_HYPHEN) if "-" in text else text

    @staticmethod
    def plain(text: str) -> str:
        """The text as a reader must find it."""
        return printable(text)

    def say(self, text: str) -> str:
        """The text as Typst gets it, recorded as one to be found whole."""
        self.expect(text)
        return self.shown(text)

    def expect(self, text: str) -> None:
        """Record a text that will be on the page."""
        self.expected.append(printable(text))

    def number(self, value: int) -> str:
        """A number in the document's digits."""
        return str(value).translate(_THAI_DIGITS) if self.digits == "thai" else str(value)
