"""Blocks of the tree as the data that the Typst prelude draws, with sizes in points of the face at hand."""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, ClassVar

from prongsai.documents.charts import chart_svg
from prongsai.documents.errors import PdfError
from prongsai.documents.fonts import SARABUN_SCALE
from prongsai.documents.grid import Place, lay_out
from prongsai.documents.qr import qr_svg
from prongsai.documents.svg_labels import Drawing, split_svg
from prongsai.documents.tree import (
    Block,
    Bullets,
    Chart,
    Contents,
    Document,
    Emblem,
    Gap,
    Heading,
    Inline,
    Lines,
    Paragraph,
    Picture,
    QrCode,
    Section,
    Signature,
    Slips,
    Table,
)
from prongsai.documents.walk import cell_paragraphs, check_image, clean, headings, plain, runs, scheme
from prongsai.documents.wrapping import width_of
from prongsai.documents.writers._pdf_text import Speller, printable
from prongsai.documents.writers._pdf_words import kept

POINTS = 72 / 2.54
LINK_SCHEMES = frozenset({"http", "https", "mailto"})
CHART_UNITS = 760
PITCH, TABLE_PITCH, INSET = 1.9, 1.55, (8.0, 4.0)
_BREAKS = re.compile("(\n)")

Data = dict[str, Any]


def scaled(size: float) -> float:
    """TH Sarabun points as points of the face."""
    return round(size * SARABUN_SCALE, 3)


# size, space above and below in points, bold, kept with what follows.
STYLES = {
    "body": (16, 10.2, 10.2, False, False),
    "small": (14, 6.0, 6.0, False, False),
    "title": (24, 8.0, 9.0, True, False),
    "subtitle": (20, 8.0, 9.0, True, False),
    "caption": (15, 10.0, 6.0, True, True),
    "contents": (20, 0.0, 14.0, True, True),
}


def document_data(document: Document, speller: Speller) -> Data:
    """The whole document for the prelude; ``speller`` learns what must be read back."""
    return {
        "title": _stored(document.title) or kept("เอกสาร"),
        "author": _stored(document.agency),
        "thai": document.digits == "thai",
        "paper": document.paper,
        "margins": document.margins,
        "size": scaled(16),
        "sizes": [scaled(20), scaled(18), scaled(16)],
        "furniture": scaled(14),
        "header": _line(speller.shown(document.header or "")),
        "footer": _line(speller.shown(document.footer or "")),
        "styles": {
            name: {
                "size": scaled(size),
                "above": above,
                "below": below,
                "bold": bold,
                "keep": keep,
                "plain": name == "body",
            }
            for name, (size, above, below, bold, keep) in STYLES.items()
        },
        "sections": [_Pages(document, section, speller).data() for section in document.sections],
    }


def _stored(text: str) -> str:
    """Text that is stored in the file and not set."""
    return kept(" ".join(printable(text).split()))


def _line(text: str) -> str:
    return text.replace("\n", " ")


class _Pages:
    """One section on its way into data. Knows the room its blocks have."""

    def __init__(self, document: Document, section: Section, speller: Speller) -> None:
        self.document, self.section, self.say = document, section, speller
        width, height = document.sides(section.landscape)
        top, right, bottom, left = document.margins
        self.width, self.height = (width - left - right) * POINTS, (height - top - bottom) * POINTS

    def data(self) -> Data:
        section = self.section
        return {
            "landscape": section.landscape,
            "numbered": section.page_numbers,
            "middle": section.vertical_center,
            "blocks": list(self._blocks(section.blocks)),
        }

    def _blocks(self, blocks: tuple[Block, ...]) -> Iterator[Data]:
        emblem: Emblem | None = None
        for number, block in enumerate(blocks):
            after = blocks[number + 1] if number + 1 < len(blocks) else None
            if isinstance(block, Emblem):
                if block.align == "left" and isinstance(after, Paragraph) and after.style == "title":
                    emblem = block
                else:
                    yield self._emblem(block)
            elif emblem is not None and isinstance(block, Paragraph):
                yield self._letterhead(emblem, block)
                emblem = None
            else:
                yield from self._writers[type(block)](self, block)

    def _inline(self, text: Inline, *, record: bool = True) -> str | list[Any]:
        """Runs for the prelude; a plain text stays a string, which is what most are."""
        if record:
            self.say.expect(plain(text))
        if isinstance(text, str):
            shown = self.say.shown(text)
            return shown if "\n" not in shown else [None if part == "\n" else part for part in _BREAKS.split(shown)]
        found: list[Any] = []
        for run in runs(text):
            look: Data = {}
            if run.bold:
                look["b"] = 1
            if run.italic:
                look["i"] = 1
            if run.mono:
                look["m"] = 1
            if run.size:
                look["s"] = scaled(run.size)
            if run.link and scheme(run.link) in LINK_SCHEMES:
                look["l"] = kept(run.link)
            for part in _BREAKS.split(self.say.shown(run.text)):
                if part:
                    found.append(None if part == "\n" else {"t": part, **look} if look else part)
        return found or ""

    def _paragraph(self, block: Paragraph) -> Iterator[Data]:
        found: Data = {"kind": "paragraph", "s": block.style, "t": self._inline(block.text)}
        if block.align != "left":
            found["a"] = block.align
        if block.indent:
            found["n"] = True
        if block.keep_with_next:
            found["k"] = True
        yield found

    def _heading(self, block: Heading) -> Iterator[Data]:
        """PDF/UA wants no level skipped, and no heading without words."""
        text = heading_text(block)
        if not text:
            return
        before = self.say.levels[-1] if self.say.levels else 0
        level = min(max(block.level, 1), before + 1, 3)
        self.say.levels.append(level)
        yield {"kind": "heading", "level": level, "t": self._inline(text)}

    def _bullets(self, block: Bullets) -> Iterator[Data]:
        items: list[Any] = []
        for number, item in enumerate(block.items, 1):
            self.say.expect(f"{self.say.number(number)}." if block.numbered else "–")
            items.append(self._inline(item))
        if items:
            yield {"kind": "items", "numbered": block.numbered, "items": items}

    def _gap(self, block: Gap) -> Iterator[Data]:
        yield {"kind": "page"} if block.page else {"kind": "gap", "height": block.height * POINTS}

    def _lines(self, block: Lines) -> Iterator[Data]:
        pairs = [[self._pair(label), self._pair(text)] for label, text in block.pairs]
        yield {"kind": "lines", "size": scaled(block.label_size), "pairs": pairs}

    def _pair(self, text: str) -> str:
        return _line(self.say.say(text))

    def _signature(self, block: Signature) -> Iterator[Data]:
        found: Data = {"kind": "signature", "align": block.align, "label": self.say.say("ลงชื่อ"), "name": None}
        if block.name:
            found["name"] = self._inline(f"({block.name})")
        else:
            self.say.expect("()")
        found["position"] = [self._inline(line) for line in block.position]
        if block.date:
            found["date"] = self.say.shown("วันที่")
            self.say.expect("วันที่//")
        yield found

    def _contents(self, block: Contents) -> Iterator[Data]:
        self.say.contents.append(block.depth)
        yield {"kind": "contents", "depth": block.depth, "title": self._inline(block.title)}

    # --- pictures -------------------------------------------------------------------------------------------------

    def _drawn(self, data: bytes, alternative: str, width: float | None, height: float | None) -> Data:
        """An image as an SVG that holds it: Typst takes text as input, and reads the bytes inside by itself."""
        across, down = _size_of(data)
        if width is None:
            width = (height or 0.0) * across / down
        width = min(width, self.width)
        kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="0 0 {across} {down}"><image width="{across}" height="{down}" '
            f'xlink:href="data:image/{kind};base64,{base64.b64encode(data).decode()}"/></svg>'
        )
        return {"svg": svg, "width": width, "height": width * down / across, "alt": _stored(alternative) or kept("ภาพ")}

    def _picture(self, block: Picture) -> Iterator[Data]:
        drawn = self._drawn(block.data, block.alternative, block.width * POINTS, None)
        yield {"kind": "picture", "align": block.align, "sticky": bool(block.caption), **drawn}
        if block.caption:
            yield {"kind": "paragraph", "s": "small", "a": block.align, "t": self._inline(block.caption)}

    def _emblem(self, block: Emblem) -> Data:
        if block.data is None:
            return {"kind": "gap", "height": block.height * POINTS}
        drawn = self._drawn(block.data, "ตราครุฑ", None, block.height * POINTS)
        return {"kind": "picture", "align": block.align, "sticky": True, **drawn}

    def _letterhead(self, emblem: Emblem, title: Paragraph) -> Data:
        height = emblem.height * POINTS
        sizes = [run.size for run in runs(title.text) if run.size]
        found: Data = {"kind": "letterhead", "size": scaled(max([24.0, *sizes])), "t": self._inline(title.text)}
        if emblem.data is not None:
            found |= self._drawn(emblem.data, "ตราครุฑ", None, height)
        return {**found, "height": height}

    def _qr(self, block: QrCode) -> Iterator[Data]:
        side = min(block.width * POINTS, self.width)
        drawn = {"svg": qr_svg(block.address), "width": side, "height": side, "alt": _qr_words(block.address)}
        yield {"kind": "picture", "align": block.align, "sticky": False, **drawn}

    def _slips(self, block: Slips) -> Iterator[Data]:
        """The drawing is given once for all slips: Typst then draws it once, too."""
        yield {
            "kind": "slips",
            "across": block.across,
            "down": block.down,
            "beside": block.beside,
            "width": self.width / block.across,
            "height": self.height / block.down,
            "svg": qr_svg(block.address),
            "alt": _qr_words(block.address),
            "slips": [[part for line in slip for part in self._paragraph(line)] for slip in block.slips],
        }

    def _chart(self, block: Chart) -> Iterator[Data]:
        yield {"kind": "paragraph", "s": "caption", "t": self._inline(block.title)}
        drawing = _drawing(block, self.document.digits)
        width = min(self.width, 17.0 * POINTS)
        height = width * drawing.ratio
        if height > self.height * 0.85:
            width, height = width * self.height * 0.85 / height, self.height * 0.85
        labels = [
            {
                "text": _line(self.say.say(label.text)),
                "x": round(label.x * width, 2),
                "y": round(label.y * height, 2),
                "size": round(label.size * width * SARABUN_SCALE * 1.35, 2),
                "align": label.align,
                "weight": "bold" if label.weight >= 600 else "regular",
                "fill": label.fill,
                "halo": label.halo,
            }
            for label in drawing.labels
        ]
        alternative = _stored(block.alternative) or _stored(block.title) or kept("แผนภูมิ")
        yield {
            "kind": "chart",
            "svg": drawing.svg,
            "width": width,
            "height": height,
            "alt": alternative,
            "labels": labels,
        }
        yield {"kind": "paragraph", "s": "small", "t": self._inline(block.alternative)}

    # --- tables ---------------------------------------------------------------------------------------------------

    def _table(self, block: Table) -> Iterator[Data]:
        whole = sum(column.width for column in block.columns) or 1
        widths = [column.width / whole * self.width for column in block.columns]
        laid = lay_out(block)
        heights = [self._row_height(block, row, widths) for row in laid]
        head = len(block.head)
        before = len(self.say.expected)
        head_rows = [self._row(row, heights, True) for row in laid[:head]]
        texts = tuple(self.say.expected[before:])
        repeat = sum(heights[:head]) < self.height / 2
        if texts and repeat:
            self.say.heads.append(texts)
        found: Data = {
            "kind": "table",
            "widths": [round(width, 2) for width in widths],
            "align": [column.align for column in block.columns],
            "size": scaled(block.size),
            "repeat": repeat,
            "head": head_rows,
            "rows": [self._row(row, heights, False) for row in laid[head:]],
        }
        if block.caption:
            caption = self._inline(block.caption)
            self.say.expected.insert(before, self.say.expected.pop())
            found["caption"] = caption
        yield found

    def _row(self, row: tuple[Place, ...], heights: list[float], head: bool) -> list[Any]:
        return [self._cell(place, heights, head) for place in row if place.first]

    def _cell(self, place: Place, heights: list[float], head: bool) -> Any:
        cell = place.cell
        tall = not head and sum(heights[place.row : place.row + cell.rowspan]) > self.height / 2
        paragraphs = cell_paragraphs(cell)
        look: Data = {}
        if cell.colspan > 1:
            look["c"] = cell.colspan
        if cell.rowspan > 1:
            look["r"] = cell.rowspan
        tone = "head" if head and cell.tone == "none" else cell.tone
        if tone != "none":
            look["f"] = tone
        if head or cell.bold:
            look["b"] = 1
        if tall:
            look["x"] = 1
            self.say.loose.update(plain(paragraph.text) for paragraph in paragraphs)
        single = paragraphs[0] if len(paragraphs) == 1 else None
        align = cell.align or (single.align if single and single.align != "left" else None)
        default = "center" if head else "left" if cell.colspan > 1 else None
        if align or default:
            look["a"] = align or default
        if single is not None:
            text = self._inline(single.text)
            return {**look, "t": text} if look or not isinstance(text, str) else text
        parts: list[Data] = []
        for paragraph in paragraphs:
            part: Data = {"t": self._inline(paragraph.text)}
            if paragraph.align != "left":
                part["a"] = paragraph.align
            parts.append(part)
        return {**look, "p": parts}

    def _row_height(self, table: Table, row: tuple[Place, ...], widths: list[float]) -> float:
        """About how tall a row is, in points: only to know which rows can be too tall for a page."""
        size = scaled(table.size)
        tallest = 1
        for place in row:
            if not place.first or place.cell.rowspan > 1:
                continue
            room = sum(widths[place.column : place.column + place.cell.colspan]) - INSET[0]
            tallest = max(tallest, _lines_of(place, max(room / size, 1.0)))
        return tallest * TABLE_PITCH * size + INSET[1]

    _writers: ClassVar[dict[type, Callable[[_Pages, Any], Iterator[Data]]]] = {
        Paragraph: _paragraph,
        Heading: _heading,
        Bullets: _bullets,
        Table: _table,
        Chart: _chart,
        Picture: _picture,
        QrCode: _qr,
        Slips: _slips,
        Lines: _lines,
        Signature: _signature,
        Gap: _gap,
        Contents: _contents,
    }


def _qr_words(address: str) -> str:
    return _stored(f"คิวอาร์โค้ดของ {address}")


def _lines_of(place: Place, room: float) -> int:
    texts = (plain(paragraph.text) for paragraph in cell_paragraphs(place.cell))
    return sum(
        math.ceil(width_of(line) * 1.1 / room) or 1 if len(line) * 0.7 > room else 1
        for text in texts
        for line in text.split("\n")
    )


@lru_cache(maxsize=64)
def _drawing(chart: Chart, digits: Any) -> Drawing:
    return split_svg(clean(chart_svg(chart, digits)))


def _size_of(data: bytes) -> tuple[int, int]:
    """Width and height of an image; a file that only pretends to be one is refused here, not in the compiler."""
    from PIL import Image, UnidentifiedImageError

    check_image(data, "picture")
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except (UnidentifiedImageError, OSError) as error:
        raise PdfError(
            "เปิดไฟล์ภาพไม่ได้ โปรดบันทึกภาพใหม่เป็น PNG หรือ JPEG", "the image cannot be read; save it again", "picture"
        ) from error


def heading_text(heading: Heading) -> str:
    """A heading on one line, as it is shown."""
    return " ".join(printable(heading.text).split())


def contents_texts(document: Document, speller: Speller, pages: list[int]) -> list[str]:
    """What each table of contents says once the pages of the headings are known."""
    found: list[str] = []
    texts = [text for text in map(heading_text, headings(document)) if text]
    for depth in speller.contents:
        for text, level, page in zip(texts, speller.levels, pages, strict=True):
            if level <= depth:
                found += [text, speller.number(page)]
    return found
