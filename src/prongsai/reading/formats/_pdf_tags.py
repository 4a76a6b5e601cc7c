"""Tagged PDFs: the structure says what is a heading, a paragraph, a table, a cell; nothing has to be guessed."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from prongsai.reading.formats._pdf_page import PageText, Segment

MAX_DEPTH = 80


@dataclass(eq=False)
class Node:
    """An element of the structure. Kids are other elements or (page, marked content), by their number.

    ``count`` is how many kids it has: those that are in no page's part of the structure are empty.
    """

    kind: str
    count: int = 0
    kids: dict[int, Node | tuple[int, int]] = field(default_factory=dict)
    alternative: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    box: tuple[float, float, float, float] | None = None

    def children(self) -> Iterator[Node | tuple[int, int]]:
        """Kids in order."""
        for number in sorted(self.kids):
            yield self.kids[number]

    def contents(self) -> Iterator[tuple[int, int]]:
        """All marked contents below, in order."""
        for kid in self.children():
            if isinstance(kid, Node):
                yield from kid.contents()
            else:
                yield kid

    def first_page(self) -> int:
        """The page on which it begins."""
        return min((page for page, _ in self.contents()), default=0)


class Structure:
    """The structure of a whole document, put together from what pdfium gives page by page.

    pdfium keeps every element at its number among its siblings, also where those stand on other pages: so the
    way from the root names an element, and a table that goes over three pages is found to be one.
    """

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium: Any = pdfium
        self.root = Node("Document")
        self.marks: dict[int, set[int]] = {}  # by page
        self.kinds: dict[int, set[str]] = {}

    def add(self, page: PageText) -> None:
        """Add what the structure says of one page."""
        self.marks[page.number], self.kinds[page.number] = set(), set()
        tree = self._pdfium.FPDF_StructTree_GetForPage(page.page.raw)
        if not tree:
            return
        try:
            for index in range(self._pdfium.FPDF_StructTree_CountChildren(tree)):
                self._element(self._pdfium.FPDF_StructTree_GetChildAtIndex(tree, index), self.root, index, page)
        finally:
            self._pdfium.FPDF_StructTree_Close(tree)

    def _element(self, element: Any, parent: Node, index: int, page: PageText, depth: int = 0) -> None:
        if not element or depth > MAX_DEPTH:
            return
        node = parent.kids.get(index)
        if not isinstance(node, Node):
            node = self._node(element)
            parent.kids[index] = node
        self.kinds[page.number].add(node.kind)
        pdfium = self._pdfium
        node.count = max(pdfium.FPDF_StructElement_CountChildren(element), 0)
        for number in range(node.count):
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number)
            if mark >= 0:
                node.kids[number] = (page.number, mark)
                self.marks[page.number].add(mark)
            else:
                child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
                self._element(child, node, number, page, depth + 1)

    def _node(self, element: Any) -> Node:
        pdfium = self._pdfium
        node = Node(_string(pdfium.FPDF_StructElement_GetType, element))
        if node.kind in ("Figure", "Formula"):
            node.alternative = _string(pdfium.FPDF_StructElement_GetAltText, element)
            node.box = self._box(element)
        elif node.kind in ("TH", "TD"):
            for name in ("RowSpan", "ColSpan"):
                if (value := self._number(element, name)) is not None:
                    node.numbers[name] = value
        return node

    def _attributes(self, element: Any, name: bytes) -> Iterator[Any]:
        for index in range(max(self._pdfium.FPDF_StructElement_GetAttributeCount(element), 0)):
            attribute = self._pdfium.FPDF_StructElement_GetAttributeAtIndex(element, index)
            value = self._pdfium.FPDF_StructElement_Attr_GetValue(attribute, name) if attribute else None
            if value:
                yield value

    def _number(self, element: Any, name: str) -> int | None:
        number = ctypes.c_float()
        for value in self._attributes(element, name.encode()):
            if self._pdfium.FPDF_StructElement_Attr_GetNumberValue(value, number):
                return min(max(int(number.value), 1), 1000)
        return None

    def _box(self, element: Any) -> tuple[float, float, float, float] | None:
        number = ctypes.c_float()
        for value in self._attributes(element, b"BBox"):
            sides: list[float] = []
            for index in range(self._pdfium.FPDF_StructElement_Attr_CountChildren(value)):
                child = self._pdfium.FPDF_StructElement_Attr_GetChildAtIndex(value, index)
                if self._pdfium.FPDF_StructElement_Attr_GetNumberValue(child, number):
                    sides.append(number.value)
            if len(sides) == 4:
                return (sides[0], sides[1], sides[2], sides[3])
        return None


def _string(read: Any, element: Any) -> str:
    size = read(element, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(element, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def segments_of(contents: Iterator[tuple[int, int]], pages: dict[int, PageText]) -> list[Segment]:
    """The text of marked contents in the order of the structure."""
    return [segment for page, mark in contents if page in pages for segment in pages[page].segments.get(mark, ())]
