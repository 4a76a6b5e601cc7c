"""The table of an agency's OIT links, for its own website: as a document, a flat sheet, and a fragment to embed.

All three are made of the same ``LinkTable``, so they say what was submitted and nothing else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from prongsai.documents import parts
from prongsai.documents.notices import finished
from prongsai.documents.request import Digits
from prongsai.documents.tree import Cell, Column, Document, Paragraph, Run, Section, Table
from prongsai.documents.walk import clean
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, Item
from prongsai.framework.model import Indicator
from prongsai.thai.dates import long_date, short_date
from prongsai.thai.digits import to_thai

NOT_FILED = "ยังไม่ได้ระบุลิงก์"
NOT_APPLICABLE = "ไม่เข้าข่าย"
_WEB = ("http", "https")


@dataclass(frozen=True)
class Link:
    """One address, and the required element it proves (in the framework's words, or the officer's)."""

    url: str
    label: str = ""

    @property
    def shown(self) -> str:
        """What the link is called; its address where it has no label."""
        return " ".join(clean(self.label).split()) or self.url

    @property
    def web(self) -> bool:
        """Whether it may be a link: anything but http(s) is shown as text."""
        try:
            return urlsplit(self.url).scheme in _WEB
        except ValueError:
            return False


@dataclass(frozen=True)
class Disclosed:
    """One item as submitted: its links, from when it holds, or the reason why it does not apply."""

    item: str
    links: tuple[Link, ...] = ()
    effective: dt.date | None = None
    not_applicable: str | None = None


@dataclass(frozen=True)
class LinkTable:
    """All that was submitted, in any order; ``as_of`` is the day it was taken from the system."""

    agency: str
    framework: Framework
    items: tuple[Disclosed, ...]
    as_of: dt.date | None = None
    digits: Digits = "arabic"


def build(table: LinkTable) -> Document:
    """The table by indicator, for DOCX, PDF and the whole HTML page.

    Raises ``InputError`` for an item that the framework has not, or that comes twice.
    """
    given = _given(table)
    rows: list[tuple[Cell, ...]] = []
    for indicator in _indicators(table.framework):
        rows.append((Cell(_indicator(indicator), colspan=4, bold=True, tone="group"),))
        rows += [_row(item, given.get(item.code)) for item in indicator.items]
    return _document(table, _table(("ข้อ", "ข้อมูลที่เปิดเผย", "ลิงก์", "มีผลวันที่"), (0.08, 0.36, 0.42, 0.14), rows))


def as_rows(table: LinkTable) -> Document:
    """The same, one row a link, for the workbook: every address in a cell of its own, as text."""
    given = _given(table)
    rows: list[tuple[Cell, ...]] = []
    for indicator in _indicators(table.framework):
        for item in indicator.items:
            found = given.get(item.code, Disclosed(item.code))
            day = short_date(found.effective) if found.effective else ""
            links = found.links if not found.not_applicable else ()
            for link in links or (Link(""),):
                texts = (item.code, _wording(item), link.label, link.url, day, "" if link.url else _reason(found))
                rows.append((*map(Cell, texts[:3]), Cell((Run(texts[3], mono=True),)), *map(Cell, texts[4:])))
    head = ("ข้อ", "ข้อมูลที่เปิดเผย", "องค์ประกอบที่แสดง", "ที่อยู่เว็บ", "มีผลวันที่", "หมายเหตุ")
    return _document(table, _table(head, (0.06, 0.26, 0.2, 0.28, 0.1, 0.1), rows))


def fragment(table: LinkTable) -> str:
    """The table as HTML to paste into a page of the agency: no script, no style, no request, everything escaped."""
    given = _given(table)

    def text(value: str) -> str:
        return escape(to_thai(clean(value)) if table.digits == "thai" else clean(value))

    lines: list[str] = []
    for indicator in _indicators(table.framework):
        lines.append(f'<tr><th colspan="4" scope="rowgroup">{text(_indicator(indicator))}</th></tr>')
        for item in indicator.items:
            found = given.get(item.code, Disclosed(item.code))
            links = "".join(
                f'<li><a href="{escape(clean(link.url))}" rel="noopener">'
                f"{escape(link.url) if link.shown == link.url else text(link.shown)}</a></li>"
                if link.web
                else f"<li>{text(link.shown)}</li>"
                for link in found.links
            )
            shown = f"<ul>{links}</ul>" if links and not found.not_applicable else text(_reason(found))
            day = found.effective
            moment = f'<time datetime="{day.isoformat()}">{text(short_date(day))}</time>' if day else "–"
            lines.append(
                f'<tr><th scope="row">{escape(item.code)}</th><td>{text(_wording(item))}</td>'
                f"<td>{shown}</td><td>{moment}</td></tr>"
            )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("ข้อ", "ข้อมูลที่เปิดเผย", "ลิงก์", "มีผลวันที่"))
    note = f"<p>{text(_as_of(table))}</p>" if table.as_of else ""
    return (
        f'<section lang="th" class="oit-links"><h2>{text(_title(table))}</h2>{note}'
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n" + "\n".join(lines) + "\n</tbody></table></section>\n"
    )


def _document(table: LinkTable, body: Table) -> Document:
    heading = Paragraph((Run(_title(table), bold=True, size=20),), align="center", style="title")
    blocks = [heading, Paragraph(table.agency, align="center")]
    blocks += [Paragraph(_as_of(table), align="center", style="small")] if table.as_of else []
    lead = (_as_of(table),) if table.as_of else ()
    page = Section((*blocks, body), landscape=True)
    made = Document(title=f"{_title(table)} {table.agency}", sections=(page,), margins=(2.0, 1.5, 1.5, 1.5), lead=lead)
    return finished(made, table.agency, "links", table.digits)


def _table(head: tuple[str, ...], widths: tuple[float, ...], rows: list[tuple[Cell, ...]]) -> Table:
    columns = tuple(Column(width, "center" if n == 0 else "left") for n, width in enumerate(widths))
    heads = (tuple(Cell(text, tone="head") for text in head),)
    return Table(columns, heads, tuple(rows), name="ลิงก์การเปิดเผยข้อมูล")


def _row(item: Item, found: Disclosed | None) -> tuple[Cell, ...]:
    found = found or Disclosed(item.code)
    lines: list[Paragraph] = []
    for link in found.links if not found.not_applicable else ():
        target = link.url if link.web else None
        lines.append(Paragraph((Run(link.shown, link=target, mono=link.shown == link.url),)))
    cell = Cell(tuple(lines)) if lines else Cell(_reason(found))
    day = short_date(found.effective) if found.effective else "–"
    return (Cell(item.code), Cell(_wording(item)), cell, Cell(day))


def _reason(found: Disclosed) -> str:
    return f"{NOT_APPLICABLE}: {found.not_applicable}" if found.not_applicable else "" if found.links else NOT_FILED


def _wording(item: Item) -> str:
    return item.text or item.short or "(ไม่พบถ้อยคำที่เผยแพร่)"


def _indicator(indicator: Indicator) -> str:
    return f"ตัวชี้วัดที่ {indicator.number} {indicator.name.th}"


def _indicators(framework: Framework) -> list[Indicator]:
    return [ind for inst in framework.instruments if inst.kind == "checklist" for ind in inst.indicators]


def _title(table: LinkTable) -> str:
    year = table.framework.fiscal_year
    return "การเปิดเผยข้อมูลสาธารณะ (OIT)" + (f" ประจำ{parts.fiscal_year_text(year)}" if year else "")


def _as_of(table: LinkTable) -> str:
    return f"ข้อมูล ณ วันที่ {long_date(table.as_of)}" if table.as_of else ""


def _given(table: LinkTable) -> dict[str, Disclosed]:
    known = {item.code for indicator in _indicators(table.framework) for item in indicator.items}
    found: dict[str, Disclosed] = {}
    problems: list[Problem] = []
    for one in table.items:
        if one.item not in known or one.item in found:
            th, en = ("มาซ้ำ", "comes twice") if one.item in found else ("ไม่มีในกรอบการประเมิน", "is not in the framework")
            where = f"{table.framework.id} {one.item}"
            problems.append(Problem("documents.links", where, f"ข้อ {one.item} {th}", f"item {one.item!r} {en}", ""))
        found[one.item] = one
    if problems:
        raise InputError(problems)
    return found
