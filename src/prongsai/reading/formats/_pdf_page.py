"""One page of a PDF as pdfium gives it: characters with their boxes, and which marked content each belongs to."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

SOFT = "\x02"  # a space that pdfium made of a gap: one inside a line, none at its end
_HYPHENS = {0x02, 0xFFFE, 0xAD}  # what pdfium makes of a hyphen at the end of a line
Box = tuple[float, float, float, float]  # left, bottom, right, top


class Segment(NamedTuple):
    """A stretch of marked content on one line: its text and its first and last character on the page."""

    line: int
    text: str
    first: int
    last: int
    page: PageText


@dataclass(eq=False)
class PageText:
    """The characters of one page, in pdfium's order. Everything is read once, when it is asked for."""

    number: int
    page: Any
    chars: list[str] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    _handles: dict[int, Any] = field(default_factory=dict)
    _bold: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        import pypdfium2.raw as pdfium

        self._text = self.page.get_textpage()
        raw = self._text.raw
        count = max(pdfium.FPDFText_CountChars(raw), 0)
        unicode, made, owner = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_IsGenerated, pdfium.FPDFText_GetTextObject
        for index in range(count):
            code = unicode(raw, index)
            if made(raw, index) == 1:
                self.chars.append(SOFT if code == 0x20 else "-" if code in _HYPHENS else chr(code))
                self.objects.append(0)
                continue
            handle = owner(raw, index)
            address = ctypes.cast(handle, ctypes.c_void_p).value or 0
            if address not in self._handles:
                self._handles[address] = handle
            self.chars.append("-" if code in _HYPHENS else chr(code) if 0 < code < 0x110000 else "")
            self.objects.append(address)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        width, height = self.page.get_size()
        return float(width), float(height)

    @cached_property
    def content(self) -> dict[int, int]:
        """Marked content id of each text object, -1 for none."""
        import pypdfium2.raw as pdfium

        return {
            address: pdfium.FPDFPageObj_GetMarkedContentID(handle) if address else -1
            for address, handle in self._handles.items()
        }

    @cached_property
    def boxes(self) -> list[Box]:
        """The box of each character."""
        import pypdfium2.raw as pdfium

        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw, box = self._text.raw, pdfium.FPDFText_GetCharBox
        found: list[Box] = []
        for index in range(len(self.chars)):
            box(raw, index, left, right, bottom, top)
            found.append((left.value, bottom.value, right.value, top.value))
        return found

    @cached_property
    def loose(self) -> list[Box]:
        """The box of each character with the height of its line, which marks above and below do not change."""
        import pypdfium2.raw as pdfium

        rect = pdfium.FS_RECTF()
        raw, box = self._text.raw, pdfium.FPDFText_GetLooseCharBox
        found: list[Box] = []
        for index in range(len(self.chars)):
            box(raw, index, rect)
            found.append((rect.left, rect.bottom, rect.right, rect.top))
        return found

    @cached_property
    def angles(self) -> dict[int, int]:
        """How far each text object is turned clockwise, in quarters of a circle."""
        import pypdfium2.raw as pdfium

        found: dict[int, int] = {}
        for index, address in enumerate(self.objects):
            if address and address not in found:
                angle = pdfium.FPDFText_GetCharAngle(self._text.raw, index)
                found[address] = round(angle / 1.5707963) % 4 if angle >= 0 else 0
        return found

    @cached_property
    def segments(self) -> dict[int, list[Segment]]:
        """The text of each marked content, line by line."""
        found: dict[int, list[Segment]] = {}
        line, mark, start, text = 0, -1, 0, ""
        last = 0

        def close() -> None:
            if text and mark >= 0:
                found.setdefault(mark, []).append(Segment(line, text, start, last, self))

        for index, (char, address) in enumerate(zip(self.chars, self.objects, strict=True)):
            if not address:
                if char in "\r\n":
                    close()
                    text = ""
                    line += char == "\n"
                elif text:
                    text += char
                continue
            here = self.content[address]
            if here != mark or not text:
                close()
                mark, start, text = here, index, ""
            text += char
            last = index
        close()
        return found

    def is_artifact(self, address: int) -> bool:
        """Whether a text object is marked as no part of the text (page header, footer, page number)."""
        import pypdfium2.raw as pdfium

        handle = self._handles[address]
        buffer, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
        for number in range(pdfium.FPDFPageObj_CountMarks(handle)):
            mark = pdfium.FPDFPageObj_GetMark(handle, number)
            wide = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
            if pdfium.FPDFPageObjMark_GetName(mark, wide, 64, size) and b"A\0r\0t\0i\0f\0a\0c\0t\0" in buffer.raw:
                return True
        return False

    def is_bold(self, address: int) -> bool:
        """Whether a text object is set in a bold face, by the weight or the name of the face."""
        if address not in self._bold:
            import pypdfium2.raw as pdfium

            buffer = ctypes.create_string_buffer(128)
            font = pdfium.FPDFTextObj_GetFont(self._handles[address]) if address in self._handles else None
            if font:
                pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
            heavy = bool(font) and pdfium.FPDFFont_GetWeight(font) >= 600
            self._bold[address] = heavy or b"bold" in buffer.value.lower()
        return self._bold[address]

    @cached_property
    def artifacts(self) -> set[int]:
        """Text objects that are no part of the text; none where most of the page would be left out."""
        counts = Counter(address for char, address in zip(self.chars, self.objects, strict=True) if char.strip())
        found = {address for address in counts if address and self.is_artifact(address)}
        return found if sum(counts[address] for address in found) * 2 < sum(counts.values()) else set()

    def ink(self, marks: Iterable[int]) -> tuple[int, int]:
        """How many characters stand in these marked contents, and how many of the text in none of them."""
        wanted, inside, outside = set(marks), 0, 0
        chars = zip(self.chars, self.objects, strict=True)
        counts = Counter(address for char, address in chars if address and char.strip())
        for address, count in counts.items():
            if self.content[address] in wanted:
                inside += count
            elif not self.is_artifact(address):
                outside += count
        return inside, outside


def flowed(segments: list[Segment], keeps_spaces: bool) -> str:
    """Segments of one paragraph as running text: lines joined, gaps as spaces.

    ``keeps_spaces``: the file writes the space at the end of a line, so that a line that ends without one
    goes on within a word. Else a space is put back where Latin letters or digits meet.
    """
    found = ""
    before: Segment | None = None
    for segment in segments:
        if before is not None and (before.page is not segment.page or before.line != segment.line):
            found = found.rstrip(SOFT)
            if not keeps_spaces and needs_space(found, segment.text):
                found += " "
        found += segment.text
        before = segment
    return found.strip(SOFT).replace(SOFT, " ")


def needs_space(before: str, after: str) -> bool:
    """Whether a line break between two texts stands for a space: Thai does not write one within a sentence."""
    if not before or not after or before[-1].isspace() or after[0].isspace() or before[-1] in "-–—/(“":
        return False
    return not (_is_thai(before[-1]) and _is_thai(after[0])) and after[0] not in ".,)”%"


def _is_thai(char: str) -> bool:
    return "\u0e01" <= char <= "\u0e4e" or char == "\u0e2f"
