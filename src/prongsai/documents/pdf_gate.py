"""Read a PDF back and compare it with the texts it was made from: the gate every PDF passes before it is handed out."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal

import pypdfium2
import pypdfium2.raw

_NEAR = 2000  # characters: a short text (a number) must not be taken for one that stands much further on
_ENOUGH = 20  # differences: a broken file has as many as it has texts


@dataclass(frozen=True, slots=True)
class Difference:
    """A text that is not in the PDF as it should be, or characters there are too many or too few of."""

    kind: Literal["missing text", "missing characters", "extra characters"]
    text: str


def _in_order(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> str:
    """A page's text in the order the page draws it.

    pdfium puts objects next to each other in the stream that stand on one line in order from left to right. When the
    last line of a merged cell stands level with the next row, that mixes the two cells; the text itself is whole.
    """
    found: list[str] = []
    for text in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_TEXT,)):
        size = pypdfium2.raw.FPDFTextObj_GetText(text.raw, text_page.raw, None, 0)
        buffer = (ctypes.c_ushort * (size // 2 + 1))()
        pypdfium2.raw.FPDFTextObj_GetText(text.raw, text_page.raw, buffer, size)
        found.append(bytes(buffer)[: max(0, size - 2)].decode("utf-16-le", "replace"))
    return "".join(found).replace("\ufffe", "-")


@dataclass(frozen=True)
class Expected:
    """What a PDF must say: ``texts`` whole and once each, header and footer (``running``, by page number) on any page,
    header rows again.

    ``loose`` are texts of cells that may go on overleaf, with other cells' text between the parts.
    """

    texts: Sequence[str]
    running: Callable[[int], tuple[str, str]]
    heads: Sequence[tuple[str, ...]] = ()
    loose: frozenset[str] = frozenset()


@dataclass
class Reading:
    """A PDF as pdfium reads it. Pages are read once; in order of writing only where something is missing."""

    pdf: pypdfium2.PdfDocument
    _ordered: dict[int, str] = field(default_factory=dict)

    @cached_property
    def _opened(self) -> list[tuple[pypdfium2.PdfPage, pypdfium2.PdfTextPage]]:
        return [(page, page.get_textpage()) for page in self.pdf]

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page without whitespace; pdfium writes a hyphen at the end of a line as U+FFFE."""
        return [_bare(text.get_text_range().replace("\ufffe", "-")) for _, text in self._opened]

    def heading_pages(self) -> list[int]:
        """The page numbers that the outline points to, from 1."""
        targets = [entry.get_dest() for entry in self.pdf.get_toc()]
        return [(target.get_index() or 0) + 1 if target else 0 for target in targets]

    def differences(self, expected: Expected) -> list[Difference]:
        """What reads otherwise than expected: nothing, or the PDF is not to be handed out."""
        pages = [_without_running(text, *map(_bare, expected.running(n))) for n, text in enumerate(self.pages, 1)]
        found, wanted = "".join(pages), [_bare(text) for text in expected.texts]
        loose = {_bare(text) for text in expected.loose}
        result: list[Difference] = []
        between: list[str] = []  # what stands between texts found in order: other texts, or what should not be there
        others: list[str] = []
        at = 0
        for text in wanted:
            place = found.find(text, at, at + len(text) + _NEAR)
            if place >= 0:
                between.append(found[at:place])
                at = place + len(text)
                continue
            others.append(text)
            if text not in found and not self._elsewhere(text, at, pages, loose):
                result.append(Difference("missing text", text))
                if len(result) == _ENOUGH:
                    break
        there, due = Counter("".join((*between, found[at:]))), Counter("".join(others))
        if lost := due - there:
            result.append(Difference("missing characters", "".join(sorted(lost.elements()))))
        heads = {"".join(sorted(_bare("".join(head)))) for head in expected.heads}
        if (surplus := there - due) and not _made_of(surplus, sorted(heads, key=len, reverse=True)):
            result.append(Difference("extra characters", "".join(sorted(surplus.elements()))))
        return result

    def _elsewhere(self, text: str, at: int, pages: list[str], loose: set[str]) -> bool:
        ends = list(accumulate(map(len, pages)))
        here = bisect_right(ends, at)  # it stands near the text before it
        start, end = text[:5], text[-5:]
        likely = sorted(range(len(pages)), key=lambda n: (start not in pages[n] and end not in pages[n], abs(n - here)))
        if text in loose and _in_parts(text, pages):  # first, for it draws no page
            return True
        if any(text in self._drawn(number) for number in likely):
            return True
        return text in loose and _in_parts(text, [self._drawn(number) for number in range(len(pages))])

    def _drawn(self, number: int) -> str:
        """The text of a page in the order it is drawn, without whitespace."""
        if number not in self._ordered:
            self._ordered[number] = _bare(_in_order(*self._opened[number]))
        return self._ordered[number]


def _bare(text: str) -> str:
    """Without whitespace: a Thai line may break between any two words."""
    return "".join(text.split())


def _without_running(page: str, header: str, footer: str) -> str:
    """A page without its header and footer, if it has them; some readers put both at one end."""
    if page.startswith(header) and page.endswith(footer):
        return page[len(header) : len(page) - len(footer)]
    due, size = Counter(header + footer), len(header) + len(footer)
    for before in (size, 0, len(header), len(footer)):
        after = len(page) - (size - before)
        if after >= before and Counter(page[:before] + page[after:]) == due:
            return page[before:after]
    return page


def _in_parts(text: str, pages: list[str]) -> bool:
    """Whether the text goes on from page to page, a part of it whole on each page from its first to its last."""
    for first in range(len(pages)):
        at = 0
        for page in pages[first:]:
            size = _beginning(text, at, page)
            if not size:
                break  # a later start may be right
            at += size
            if at == len(text):
                return True
        else:
            return False  # a later start is never further on than this one, which came to the last page too early
    return False


def _beginning(text: str, at: int, page: str) -> int:
    """How many characters of the text from ``at`` on stand together on the page, at most.

    A longer beginning is found only where a shorter one is, so the size is doubled, then halved.
    """
    most, size = len(text) - at, 1
    while size < most and text[at : at + size] in page:
        size *= 2
    sizes = range(size // 2 + 1, min(size, most) + 1)
    return size // 2 + bisect_right(sizes, False, key=lambda size: text[at : at + size] not in page)


def _made_of(surplus: Counter[str], heads: list[str]) -> bool:
    """Whether the characters too many are those of header rows, each any number of times."""
    if not surplus:
        return True
    for number, head in enumerate(heads):
        part = Counter(head)
        if part and part <= surplus and _made_of(surplus - part, heads[number:]):
            return True
    return False
