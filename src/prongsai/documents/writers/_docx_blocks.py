"""Blocks of the tree as WordprocessingML. Text goes in as text: nothing here interprets what it says.

The XML is built as strings and parsed once per document: a table of five hundred cells through the object
model of python-docx takes a second, this way a hundredth of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from prongsai.documents.charts import chart_png
from prongsai.documents.grid import Place, lay_out
from prongsai.documents.qr import qr_png
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
    Run,
    Signature,
    Slips,
    Table,
)
from prongsai.documents.walk import cell_paragraphs, clean, headings, runs, scheme
from prongsai.documents.writers._docx_base import DASH_LIST, NUMBER_LIST, THAI_LIST, size_xml
from prongsai.thai.digits import to_thai

TWIPS, EMU = 567, 360000
MONO = "Consolas"
BOOKMARKS = 900000  # ours begin here, clear of those a template has
TONES = {"head": "DCE9E6", "group": "EEF3F2", "good": "DFF1E3", "warn": "FCEFCF", "bad": "F9DEDC"}
STYLE_OF = {"body": "Normal", "small": "Small", "title": "Title", "subtitle": "Subtitle", "caption": "Caption"}
LINK_SCHEMES = frozenset({"http", "https", "mailto"})


class Package(Protocol):
    """What blocks need of the file they go into."""

    def image(self, data: bytes) -> tuple[str, float]:
        """Relationship id of the image and its height over its width."""

    def link(self, target: str) -> str:
        """Relationship id of a hyperlink."""

    def numbering(self, kind: int) -> int:
        """A new list of a kind, counting from one."""


@dataclass
class Body:
    """Writes the blocks of one document. ``styles`` maps our style ids to those of the file at hand."""

    document: Document
    package: Package
    face: str
    styles: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] | None = None
    width: float = 16.0
    _drawings: int = 0
    _headings: int = 0

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """All blocks, one after the other."""
        found: list[str] = []
        for number, block in enumerate(blocks):
            after = blocks[number + 1] if number + 1 < len(blocks) else None
            if isinstance(block, Emblem):
                found.append(self._emblem(block, after))
            else:
                found.append(self._writers[type(block)](self, block))
            if isinstance(block, Table) and not isinstance(after, Heading | Paragraph | Gap):
                found.append(self.p("TableText", ""))
        return "".join(found)

    def p(self, style: str, content: str, extra: str = "", align: str | None = None) -> str:
        """A paragraph. ``extra`` holds properties that stand between the style and the alignment."""
        jc = f'<w:jc w:val="{align}"/>' if align else ""
        name = self.styles.get(style, style)
        return f'<w:p><w:pPr><w:pStyle w:val="{name}"/>{extra}{jc}</w:pPr>{content}</w:p>'

    def inline(self, text: Inline, bold: bool = False, size: float | None = None) -> str:
        """Runs with their properties; links as hyperlinks when their scheme is harmless."""
        found: list[str] = []
        for run in runs(text):
            xml = self._run(run, bold, size)
            if run.link and scheme(run.link) in LINK_SCHEMES:
                xml = f'<w:hyperlink r:id="{self.package.link(run.link)}">{xml}</w:hyperlink>'
            found.append(xml)
        return "".join(found)

    def _run(self, run: Run, bold: bool, size: float | None) -> str:
        properties = '<w:rStyle w:val="Hyperlink"/>' if run.link else ""
        properties += f'<w:rFonts w:ascii="{MONO}" w:hAnsi="{MONO}"/>' if run.mono else ""
        properties += "<w:b/><w:bCs/>" if bold or run.bold else ""
        properties += "<w:i/><w:iCs/>" if run.italic else ""
        wanted = run.size or size
        properties += size_xml(wanted, self.face) if wanted else ""
        return (
            f"<w:r><w:rPr>{properties}</w:rPr>{_text(run.text)}</w:r>"
            if properties
            else f"<w:r>{_text(run.text)}</w:r>"
        )

    def _paragraph(self, block: Paragraph) -> str:
        style = "BodyIndent" if block.indent and block.style == "body" else STYLE_OF[block.style]
        extra = "<w:keepNext/>" if block.keep_with_next else ""
        sizes = [run.size for run in runs(block.text) if run.size]
        if block.style == "title" and sizes and max(sizes) >= 29:
            extra += '<w:spacing w:after="0" w:line="700" w:lineRule="exact"/>'  # the memo head: 35 pt exactly
        if block.indent and style != "BodyIndent":
            extra += '<w:ind w:firstLine="1418"/>'
        return self.p(style, self.inline(block.text), extra, block.align if block.align != "left" else None)

    def _heading(self, block: Heading) -> str:
        number = self._headings
        self._headings += 1
        mark = (
            f'<w:bookmarkStart w:id="{BOOKMARKS + number}" w:name="{_bookmark(number)}"/>'
            f'<w:r>{_text(block.text)}</w:r><w:bookmarkEnd w:id="{BOOKMARKS + number}"/>'
        )
        return self.p(f"Heading{min(max(block.level, 1), 3)}", mark)

    def _bullets(self, block: Bullets) -> str:
        numbered = THAI_LIST if self.document.digits == "thai" else NUMBER_LIST
        number = self.package.numbering(numbered if block.numbered else DASH_LIST)
        extra = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        return "".join(self.p("ListText", self.inline(item), extra) for item in block.items)

    def _lines(self, block: Lines) -> str:
        share = round(self.width * TWIPS / max(len(block.pairs), 1))
        stops = "".join(
            f'<w:tab w:val="{"right" if n == len(block.pairs) else "left"}" w:leader="dot" w:pos="{share * n}"/>'
            for n in range(1, len(block.pairs) + 1)
        )
        content = "".join(
            self.inline((Run(f" {label}" if n else label, bold=True, size=block.label_size), Run(f"  {text} ")))
            + "<w:r><w:tab/></w:r>"
            for n, (label, text) in enumerate(block.pairs)
        )
        return self.p("MemoLine", content, f"<w:tabs>{stops}</w:tabs>")

    def _signature(self, block: Signature) -> str:
        room = round(self.width * TWIPS * 0.45)
        indent = {"right": (room, 0), "left": (0, room), "center": (0, 0)}[block.align]
        name = block.name or "." * 46
        rows = ["ลงชื่อ " + "." * 42, f"({name})", *block.position]
        if block.date:
            rows.append("วันที่ ........ / ................ / ..........")
        found: list[str] = []
        for number, row in enumerate(rows):
            keep = "<w:keepNext/>" if number + 1 < len(rows) else ""
            before = '<w:spacing w:before="480"/>' if number == 0 else ""
            extra = f'{keep}<w:keepLines/>{before}<w:ind w:left="{indent[0]}" w:right="{indent[1]}"/>'
            found.append(self.p("Signature", self.inline(row), extra))
        return "".join(found)

    def _gap(self, block: Gap) -> str:
        if block.page:
            return self.p("TableText", '<w:r><w:br w:type="page"/></w:r>')
        return self._space(block.height)

    def _space(self, height: float) -> str:
        line = max(round(height * TWIPS), 20)
        return self.p("TableText", "", f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>')

    def _emblem(self, block: Emblem, after: Block | None) -> str:
        """A left emblem before a title stands beside it, as at the head of a memo; else it has its own line."""
        beside = block.align == "left" and isinstance(after, Paragraph) and after.style == "title"
        if beside:
            drawing = self._float(block) if block.data else ""
            line = max(round((block.height - 35 / 72 * 2.54) * TWIPS), 20)
            spacing = f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
            return self.p("TableText", drawing, spacing)
        if block.data is None:
            return self._space(block.height)
        rel, ratio = self.package.image(block.data)
        picture = self._drawing(rel, (block.height / ratio, block.height), "ตราครุฑ")
        return self.p("Picture", picture, align=block.align)

    def _picture(self, block: Picture) -> str:
        rel, ratio = self.package.image(block.data)
        width = min(block.width, self.width)
        found = self.p("Picture", self._drawing(rel, (width, width * ratio), block.alternative), align=block.align)
        if block.caption:
            found += self.p("Caption", self.inline(block.caption), align=block.align)
        return found

    def _qr(self, block: QrCode) -> str:
        width = min(block.width, self.width)
        return self.p("Picture", self._code(block.address, width), align=block.align)

    def _code(self, address: str, width: float) -> str:
        rel, _ = self.package.image(qr_png(address))
        return self._drawing(rel, (width, width), f"คิวอาร์โค้ดของ {address}")

    def _slips(self, block: Slips) -> str:
        """One table, each slip a cell; a sheet to cut exactly is the PDF."""
        width = round(self.width * TWIPS / block.across)
        sides = "".join(
            f'<w:{side} w:val="dashed" w:sz="4" w:space="0" w:color="5B6B73"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        cells = [
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(map(self._paragraph, slip))}'
            f"{self.p('Picture', self._code(block.address, 2.6), align='right')}</w:tc>"
            for slip in block.slips
        ]
        cells += [f"<w:tc>{self.p('TableText', '')}</w:tc>"] * (-len(cells) % block.across)
        rows = "".join(
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells[n : n + block.across])}</w:tr>"
            for n in range(0, len(cells), block.across)
        )
        grid = f'<w:gridCol w:w="{width}"/>' * block.across
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{width * block.across}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
            + self.p("TableText", "")
        )

    def _chart(self, block: Chart) -> str:
        width = min(self.width, 17.0)
        rel, ratio = self.package.image(chart_png(block, self.document.digits, width))
        return (
            self.p("Caption", self.inline(block.title), "<w:keepNext/>")
            + self.p("Picture", self._drawing(rel, (width, width * ratio), block.alternative), "<w:keepNext/>")
            + self.p("Small", self.inline(block.alternative))
        )

    def _drawing(self, rel: str, size: tuple[float, float], alternative: str) -> str:
        extent, properties, graphic = self._graphic(rel, size, alternative)
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">{extent}{properties}{graphic}'
            "</wp:inline></w:drawing></w:r>"
        )

    def _float(self, block: Emblem) -> str:
        rel, ratio = self.package.image(block.data or b"")
        extent, properties, graphic = self._graphic(rel, (block.height / ratio, block.height), "ตราครุฑ")
        return (
            '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
            'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            '<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
            '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
            f"{extent}<wp:wrapNone/>{properties}{graphic}</wp:anchor></w:drawing></w:r>"
        )

    def _graphic(self, rel: str, size: tuple[float, float], alternative: str) -> tuple[str, str, str]:
        self._drawings += 1
        cx, cy = (round(side * EMU) for side in size)
        graphic = (
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{self._drawings}" name="image{self._drawings}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{rel}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
            f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        )
        words = quoteattr(clean(alternative))
        properties = (
            f'<wp:docPr id="{self._drawings}" name="Picture {self._drawings}" descr={words}/><wp:cNvGraphicFramePr/>'
        )
        return f'<wp:extent cx="{cx}" cy="{cy}"/>', properties, graphic

    def _contents(self, block: Contents) -> str:
        """A real contents field whose result is already there, so that it can be read before it is updated.

        Page numbers are references to the headings: engines that resolve them on opening show them, Word
        shows the numbers given to the writer, or none until the reader updates the field.
        """
        title = self.p("ContentsTitle", self.inline(block.title))
        entries = [(n, h) for n, h in enumerate(headings(self.document)) if h.level <= block.depth]
        stop = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{round(self.width * TWIPS)}"/></w:tabs>'
        begin = _field_char("begin") + _instruction(f'TOC \\o "1-{block.depth}" \\h \\z \\u') + _field_char("separate")
        found: list[str] = [] if entries else [self.p("TOC1", begin + _field_char("end"))]
        for place, (number, heading) in enumerate(entries):
            page = str(self.pages[number]) if self.pages and number < len(self.pages) else ""
            reference = _instruction(f"PAGEREF {_bookmark(number)} \\h")
            entry = (
                f'<w:hyperlink w:anchor="{_bookmark(number)}" w:history="1"><w:r>{_text(heading.text)}</w:r>'
                f"<w:r><w:tab/></w:r>{_field_char('begin')}{reference}"
                f"{_field_char('separate')}<w:r>{_text(self._figure(page))}</w:r>{_field_char('end')}</w:hyperlink>"
            )
            content = (begin if place == 0 else "") + entry
            content += _field_char("end") if place == len(entries) - 1 else ""
            found.append(self.p(f"TOC{min(heading.level, 3)}", content, stop))
        return title + "".join(found)

    def _figure(self, number: str) -> str:
        return to_thai(number) if self.document.digits == "thai" else number

    def _table(self, block: Table) -> str:
        whole = sum(column.width for column in block.columns) or 1
        widths = [round(column.width / whole * self.width * TWIPS) for column in block.columns]
        caption = self.p("Caption", self.inline(block.caption), "<w:keepNext/>") if block.caption else ""
        words = quoteattr(clean(block.name or block.caption or ""))
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = len(block.head)
        rows = "".join(self._row(block, places, widths, n < head) for n, places in enumerate(lay_out(block)))
        return (
            f'{caption}<w:tbl><w:tblPr><w:tblStyle w:val="{self.styles.get("PlainGrid", "PlainGrid")}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="0020" w:firstRow="1" w:noVBand="1"/><w:tblCaption w:val={words}/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )

    def _row(self, table: Table, places: tuple[Place, ...], widths: list[int], head: bool) -> str:
        repeat = "<w:tblHeader/>" if head else ""
        cells = "".join(self._cell(table, place, widths, head) for place in places)
        return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"

    def _cell(self, table: Table, place: Place, widths: list[int], head: bool) -> str:
        cell = place.cell
        width = sum(widths[place.column : place.column + cell.colspan])
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
        if cell.rowspan > 1:
            properties += '<w:vMerge w:val="restart"/>' if place.first else "<w:vMerge/>"
        tone = "head" if head and cell.tone == "none" else cell.tone
        if tone != "none":
            properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{TONES[tone]}"/>'
        properties += '<w:vAlign w:val="center"/>' if head else ""
        size = None if table.size == 14 else table.size
        content = self.p("TableText", "")
        if place.first:
            spanning = "center" if head else "left" if cell.colspan > 1 else None
            default = spanning or table.columns[place.column].align
            content = "".join(
                self.p(
                    "TableText",
                    self.inline(paragraph.text, bold=head or cell.bold, size=size),
                    align=cell.align or (paragraph.align if paragraph.align != "left" else default),
                )
                for paragraph in cell_paragraphs(cell)
            )
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"

    _writers: Mapping[type, Callable[..., str]] = field(
        default_factory=lambda: {
            Paragraph: Body._paragraph,
            Heading: Body._heading,
            Bullets: Body._bullets,
            Table: Body._table,
            Chart: Body._chart,
            Picture: Body._picture,
            QrCode: Body._qr,
            Slips: Body._slips,
            Lines: Body._lines,
            Signature: Body._signature,
            Gap: Body._gap,
            Contents: Body._contents,
        }
    )


def field_xml(instruction: str, result: str = "") -> str:
    """A complex field with a result to show until it is updated."""
    shown = f"<w:r>{_text(result)}</w:r>" if result else ""
    return _field_char("begin") + _instruction(instruction) + _field_char("separate") + shown + _field_char("end")


def _field_char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve"> {escape(text)} </w:instrText></w:r>'


def _bookmark(number: int) -> str:
    return f"_Toc{BOOKMARKS + number}"


def _text(text: str) -> str:
    """Text with its tabs and line ends as Word has them."""
    pieces: list[str] = []
    for row, line in enumerate(clean(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        pieces.append("<w:br/>" if row else "")
        for column, part in enumerate(line.split("\t")):
            pieces.append("<w:tab/>" if column else "")
            pieces.append(f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "")
    return "".join(pieces)
