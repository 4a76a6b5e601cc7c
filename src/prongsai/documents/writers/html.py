"""HTML: one file that needs nothing else, readable by eye, by ear, on a phone and on paper.

No script, no request, no style attribute but sizes that belong to one document. The title is the one first-level
heading; headings of the document follow one level below it and never skip a level. Wide tables scroll in a box
of their own that can be reached and moved by keyboard. A chart is a drawing with a name, a sentence and its
numbers as a table.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from html import escape
from importlib import resources

from prongsai.documents.charts import chart_svg, figures
from prongsai.documents.grid import lay_out
from prongsai.documents.qr import qr_svg
from prongsai.documents.tree import (
    Block,
    Bullets,
    Cell,
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
    Section,
    Signature,
    Slips,
    Table,
)
from prongsai.documents.walk import cell_paragraphs, check_image, clean, headings, runs, scheme
from prongsai.documents.writers import WriteOptions

SCHEMES = frozenset({"http", "https", "mailto"})
_ALIGN = {"left": "l", "center": "c", "right": "r"}


def write(document: Document, options: WriteOptions) -> bytes:
    """The document as UTF-8 HTML. Options are not needed: there is one look."""
    del options
    return _Page(document).html().encode("utf-8", errors="replace")


class _Page:
    """One document on its way into one page; counts what needs an id."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.titled = False
        self.headings = 0
        self.level = 1
        self.charts = 0
        self.tables = 0

    def html(self) -> str:
        document = self.document
        title = _attribute(document.title)
        sections = "".join(self._section(section) for section in document.sections)
        top = f'<header class="top"><p>{_text(document.agency)}</p></header>' if document.agency else ""
        first = "" if self.titled else f"<h1>{title}</h1>"
        has_contents = any(isinstance(b, Contents) for s in document.sections for b in s.blocks)
        nav = "" if has_contents or self.headings < 3 else self._navigation("สารบัญ", 2)
        intro = f'<section class="page">{first}{nav}</section>' if first or nav else ""
        return (
            '<!DOCTYPE html>\n<html lang="th"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{title}</title><meta name="author" content="{_attribute(document.agency)}">'
            f"<style>\n{_style()}{self._paper()}</style></head><body>"
            f'<a class="skip" href="#content">ข้ามไปยังเนื้อหา</a>{top}'
            f'<main id="content" tabindex="-1">{intro}{sections}</main></body></html>\n'
        )

    def _paper(self) -> str:
        """Margins and page numbers as the document wants them on paper."""
        sides = " ".join(f"{side:g}cm" for side in self.document.margins)
        kind = "thai" if self.document.digits == "thai" else "decimal"
        size = self.document.paper.upper()
        return f"@page {{ size: {size}; margin: {sides}; @top-right {{ content: counter(page, {kind}); }} }}\n"

    def _section(self, section: Section) -> str:
        classes = "page" + (" landscape" if section.landscape else "") + (" middle" if section.vertical_center else "")
        found: list[str] = []
        for number, block in enumerate(section.blocks):
            after = section.blocks[number + 1] if number + 1 < len(section.blocks) else None
            found.append(self._emblem(block, after) if isinstance(block, Emblem) else self._block(block))
        return f'<section class="{classes}">{"".join(found)}</section>\n'

    def _block(self, block: Block) -> str:
        writers: dict[type, Callable[..., str]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            Bullets: self._bullets,
            Table: self._table,
            Chart: self._chart,
            Picture: self._picture,
            QrCode: self._qr,
            Slips: self._slips,
            Lines: self._lines,
            Signature: self._signature,
            Gap: self._gap,
            Contents: lambda contents: self._navigation(contents.title, contents.depth),
        }
        return writers[type(block)](block)

    def _paragraph(self, block: Paragraph) -> str:
        if block.style == "title" and not self.titled:
            self.titled = True
            return f'<h1 class="{block.align} memo-title">{_inline(block.text)}</h1>'
        style = {"body": "", "title": "subtitle"}.get(block.style, block.style)
        names = " ".join(n for n in (style, block.align if block.align != "left" else "", "indent" * block.indent) if n)
        return f"<p{_class(names)}>{_inline(block.text)}</p>"

    def _heading(self, block: Heading) -> str:
        """One level below the title, and never more than one below the heading before it."""
        self.level = min(max(block.level, 1) + 1, self.level + 1, 4)
        self.headings += 1
        return f'<h{self.level} id="h{self.headings}">{_text(block.text)}</h{self.level}>'

    def _bullets(self, block: Bullets) -> str:
        items = "".join(f"<li>{_inline(item)}</li>" for item in block.items)
        if not block.numbered:
            return f"<ul>{items}</ul>"
        return f"<ol{_class('thai' if self.document.digits == 'thai' else '')}>{items}</ol>"

    def _navigation(self, title: str, depth: int) -> str:
        entries = "".join(
            f'<li class="deep{heading.level}"><a href="#h{number}">{_text(heading.text)}</a></li>'
            for number, heading in enumerate(headings(self.document), 1)
            if heading.level <= depth
        )
        name = f'<p class="subtitle">{_text(title)}</p>'
        return f'<nav class="contents" aria-label="{_attribute(title)}">{name}<ul>{entries}</ul></nav>'

    def _table(self, block: Table) -> str:
        lay_out(block)  # refuses a crooked table, as the other writers do
        self.tables += 1
        name = _attribute(block.name or block.caption or "เลื่อนดูได้")
        caption = f"<caption>{_text(block.caption)}</caption>" if block.caption else ""
        whole = sum(column.width for column in block.columns) or 1
        columns = "".join(f'<col style="width:{c.width / whole * 100:.1f}%">' for c in block.columns)
        laid = lay_out(block)
        rows = [
            "".join(self._cell(block, place.cell, place.column, n < len(block.head)) for place in row if place.first)
            for n, row in enumerate(laid)
        ]
        head = "".join(f"<tr>{row}</tr>" for row in rows[: len(block.head)])
        body = "".join(f"<tr>{row}</tr>" for row in rows[len(block.head) :])
        wide = ' class="wide"' if len(block.columns) > 3 else ""
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="ตาราง {self.tables}: {name}">'
            f"<table{wide}>{caption}<colgroup>{columns}</colgroup><thead>{head}</thead><tbody>{body}</tbody></table></div>"
        )

    def _cell(self, table: Table, cell: Cell, column: int, head: bool) -> str:
        spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        paragraphs = cell_paragraphs(cell)
        content = _inline(paragraphs[0].text) if len(paragraphs) == 1 else "".join(map(self._paragraph, paragraphs))
        if cell.bold and not head:
            content = f"<strong>{content}</strong>"
        align = cell.align or ("left" if cell.colspan > 1 else table.columns[column].align)
        if head:
            scope = "colgroup" if cell.colspan > 1 else "col"
            return f'<th scope="{scope}"{spans}{_class(_ALIGN[cell.align] if cell.align else "")}>{content}</th>'
        names = f"{_ALIGN[align] if align != 'left' else ''} {'' if cell.tone == 'none' else 't-' + cell.tone}".strip()
        if cell.tone in {"head", "group"} and cell.colspan == len(table.columns):
            return f'<th scope="rowgroup"{spans}{_class(names)}>{content}</th>'
        return f"<td{spans}{_class(names)}>{content}</td>"

    def _chart(self, block: Chart) -> str:
        self.charts += 1
        ident, digits = f"chart{self.charts}", self.document.digits
        broad = chart_svg(block, digits, 760, f"{ident}w").replace("<svg ", '<svg class="broad" ', 1)
        narrow = chart_svg(block, digits, 360, f"{ident}n").replace("<svg ", '<svg class="narrow" ', 1)
        return (
            f"<figure><figcaption>{_text(block.title)}</figcaption>{broad}{narrow}<p>{_text(block.alternative)}</p>"
            f"<details><summary>ตารางข้อมูลของ{_text(block.title)}</summary>{self._numbers(block)}</details></figure>"
        )

    def _numbers(self, chart: Chart) -> str:
        names = "".join(f'<th scope="col">{_text(series.name)}</th>' for series in chart.series)
        rows: list[str] = []
        for number, label in enumerate(chart.labels):
            values = (s.values[number] if number < len(s.values) else None for s in chart.series)
            shown = ("ไม่มีข้อมูล" if v is None else figures(v, self.document.digits) for v in values)
            cells = "".join(f'<td class="r">{value}</td>' for value in shown)
            rows.append(f'<tr><th scope="row">{_text(label)}</th>{cells}</tr>')
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="ตารางข้อมูลของแผนภูมิ {self.charts}"><table>'
            f'<caption>{_text(chart.title)}</caption><thead><tr><th scope="col">รายการ</th>{names}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def _picture(self, block: Picture) -> str:
        caption = f"<figcaption>{_text(block.caption)}</figcaption>" if block.caption else ""
        source = _data_address(block.data)
        return (
            f'<figure{_class(block.align if block.align != "left" else "")}><img src="{source}" '
            f'alt="{_attribute(block.alternative)}" style="width:{block.width:g}cm">{caption}</figure>'
        )

    def _qr(self, block: QrCode) -> str:
        name = _attribute(f"คิวอาร์โค้ดของ {block.address}")
        drawing = qr_svg(block.address).replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
        return f'<figure class="{block.align}"><div style="width:{block.width:g}cm">{drawing}</div></figure>'

    def _slips(self, block: Slips) -> str:
        code = self._qr(QrCode(block.address, 2.6, "right"))
        slips = "".join(f"<li>{''.join(map(self._paragraph, slip))}{code}</li>" for slip in block.slips)
        return f'<ul class="slips">{slips}</ul>'

    def _lines(self, block: Lines) -> str:
        pairs = "".join(f"<div><dt>{_text(label)}</dt><dd>{_text(text)}</dd></div>" for label, text in block.pairs)
        return f'<dl class="memo">{pairs}</dl>'

    def _signature(self, block: Signature) -> str:
        rows = ["ลงชื่อ " + "." * 40, f"({block.name or '.' * 44})", *block.position]
        if block.date:
            rows.append("วันที่ ........ / ................ / ..........")
        content = "".join(f"<p>{_text(row)}</p>" for row in rows)
        return f'<div class="signature {block.align}">{content}</div>'

    def _gap(self, block: Gap) -> str:
        return '<div class="page-break"></div>' if block.page else f'<div style="height:{block.height:g}cm"></div>'

    def _emblem(self, block: Emblem, after: Block | None) -> str:
        beside = block.align == "left" and isinstance(after, Paragraph) and after.style == "title"
        if block.data is None:
            return "" if beside else f'<div style="height:{block.height:g}cm"></div>'
        names = "emblem beside" if beside else f"emblem {block.align}"
        return f'<img class="{names}" src="{_data_address(block.data)}" alt="ตราครุฑ" style="height:{block.height:g}cm">'


@cache
def _style() -> str:
    return resources.files(__package__ or "").joinpath("document.css").read_text(encoding="utf-8")


def _text(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")


def _attribute(text: str) -> str:
    return escape(" ".join(clean(text).split()))


def _inline(text: Inline) -> str:
    return "".join(map(_run, runs(text)))


def _run(run: Run) -> str:
    found = _text(run.text)
    found = f'<span class="large">{found}</span>' if run.size and run.size >= 20 else found
    found = f"<code>{found}</code>" if run.mono else found
    found = f"<em>{found}</em>" if run.italic else found
    found = f"<strong>{found}</strong>" if run.bold else found
    if run.link and scheme(run.link) in SCHEMES:
        found = f'<a href="{escape(clean(run.link))}" rel="noreferrer">{found}</a>'
    return found


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _data_address(data: bytes) -> str:
    check_image(data, "picture")
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
