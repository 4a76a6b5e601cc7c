"""The one document tree: every kind of document is built into it, every writer reads nothing else.

Text is plain Thai; digits are already as the document wants them. Lengths are centimetres, sizes are
points of TH Sarabun (writers scale to the face they use). Widths of columns are shares of the text width.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style. ``mono``: to be typed exactly as it stands, so monospaced, its digits kept."""

    text: str
    bold: bool = False
    italic: bool = False
    size: float | None = None
    link: str | None = None
    mono: bool = False


Inline = str | tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. ``indent``: first line indented 2.5 cm, as official Thai text is."""

    text: Inline
    align: Align = "left"
    indent: bool = False
    style: Literal["body", "small", "title", "subtitle", "caption"] = "body"
    keep_with_next: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3; goes into the contents and the navigation."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Bullets:
    """A list; ``numbered`` counts with the document's digits, else dashes."""

    items: tuple[Inline, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Cell:
    """A table cell: one or more paragraphs. ``tone`` shades it (never the only carrier of meaning)."""

    text: Inline | tuple[Paragraph, ...]
    colspan: int = 1
    rowspan: int = 1
    align: Align | None = None
    bold: bool = False
    tone: Literal["none", "head", "group", "good", "warn", "bad"] = "none"
    number: float | None = None


@dataclass(frozen=True)
class Column:
    """A column: share of the table's width, and how its cells are aligned."""

    width: float
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table. ``head`` rows repeat on every page; cells under a rowspan are left out of their row.

    ``name`` is the sheet name in XLSX and the accessible name elsewhere.
    """

    columns: tuple[Column, ...]
    head: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str | None = None
    name: str | None = None
    size: float = 14


@dataclass(frozen=True)
class Series:
    """One set of bars; a value is None where there is none. Values only draw, they are never computed with."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """A bar chart and the text that says the same for those who do not see it.

    ``line`` is a reference (the 85 line); ``low`` the left end of the axis.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    alternative: str
    line: float | None = None
    line_label: str | None = None
    low: float = 0
    high: float = 100


@dataclass(frozen=True)
class Picture:
    """An image file of the agency (PNG or JPEG bytes) with its text alternative; width in cm."""

    data: bytes
    alternative: str
    width: float = 12
    caption: str | None = None
    align: Align = "center"


@dataclass(frozen=True)
class QrCode:
    """A QR code of a web address, with its quiet zone; width in cm. The address itself stands in the text beside it."""

    address: str
    width: float = 6
    align: Align = "center"


@dataclass(frozen=True)
class Slips:
    """Slips of one size to cut out, ``across`` × ``down`` on a page, dashed lines between.

    A slip is its paragraphs, and the QR code of ``address``, which is the same on all of them: it stands to the
    right of the first ``beside`` paragraphs, the others have the whole width.
    """

    slips: tuple[tuple[Paragraph, ...], ...]
    address: str
    across: int = 2
    down: int = 5
    beside: int = 4


@dataclass(frozen=True)
class Lines:
    """Label and text over a dotted leader, as at the head of a memo. Several pairs share one line."""

    pairs: tuple[tuple[str, str], ...]
    label_size: float = 20


@dataclass(frozen=True)
class Signature:
    """A signature block, centred right: dotted line, (name), position lines."""

    name: str | None
    position: tuple[str, ...]
    date: bool = False
    align: Align = "right"


@dataclass(frozen=True)
class Gap:
    """Empty height in cm (``page``: the rest of the page)."""

    height: float = 0.5
    page: bool = False


@dataclass(frozen=True)
class Contents:
    """The table of contents with page numbers, made of the headings to ``depth``."""

    title: str = "สารบัญ"
    depth: int = 2


@dataclass(frozen=True)
class Emblem:
    """The Garuda: the image the agency gives, else its empty space of the same height (cm)."""

    data: bytes | None = None
    height: float = 1.5
    align: Align = "left"


Block = (
    Paragraph
    | Heading
    | Bullets
    | Table
    | Chart
    | Picture
    | QrCode
    | Slips
    | Lines
    | Signature
    | Gap
    | Contents
    | Emblem
)


@dataclass(frozen=True)
class Section:
    """A run of pages of one orientation. A new section begins on a new page."""

    blocks: tuple[Block, ...]
    landscape: bool = False
    page_numbers: bool = True
    vertical_center: bool = False


@dataclass(frozen=True)
class Document:
    """A whole document. ``margins`` are top, right, bottom, left in cm; ``digits`` is how pages are counted.

    ``lead``: what a reader must know of a document of which a format keeps only the tables: a workbook's first lines.
    """

    title: str
    sections: tuple[Section, ...]
    agency: str = ""
    kind: str = ""
    header: str | None = None
    footer: str | None = None
    digits: Literal["thai", "arabic"] = "arabic"
    margins: tuple[float, float, float, float] = (2.0, 2.0, 2.0, 3.0)
    slots: dict[str, str] = field(default_factory=dict)
    lead: tuple[str, ...] = ()
    paper: Literal["a4", "a5"] = "a4"

    def sides(self, landscape: bool) -> tuple[float, float]:
        """Width and height of a page in cm."""
        short, long = {"a4": (21.0, 29.7), "a5": (14.8, 21.0)}[self.paper]
        return (long, short) if landscape else (short, long)
