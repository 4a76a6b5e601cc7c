"""The link table: what was submitted, everywhere the same, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from html5lib import parse
from notice_sample import AGENCY, LONG_NAME, bare, pages, workbook

from prongsai.documents.notices.links import NOT_FILED, Disclosed, Link, LinkTable, as_rows, build, fragment
from prongsai.documents.walk import cell_text, tables
from prongsai.documents.writers import write
from prongsai.errors import InputError
from prongsai.framework import by_id, for_year

FRAMEWORK = for_year(2568)
CODES = [item.code for inst in FRAMEWORK.instruments if inst.kind == "checklist"
         for indicator in inst.indicators for item in indicator.items]  # fmt: skip
TABLE = LinkTable(
    AGENCY,
    FRAMEWORK,
    (
        Disclosed("o2", (Link("https://example.go.th/o2", "ชื่อ ตำแหน่ง และรูปถ่าย"), Link("https://example.go.th/2568/b?x=1&y=2"))),
        Disclosed("o1", (Link("https://example.go.th/o1", "แผนผังโครงสร้าง"),), dt.date(2025, 4, 1)),
        Disclosed("o5", not_applicable="ไม่มีภารกิจนี้"),
    ),
    as_of=dt.date(2025, 4, 30),
)  # fmt: skip
NASTY = Disclosed(
    "o3",
    (
        Link("javascript:alert(1)", "<script>alert(1)</script>"),
        Link('https://example.go.th/"onmouseover="x', "=HYPERLINK(1)"),
        Link("data:text/html,x"),
        Link("https://[", "-1+1"),
    ),
)
MANY = Disclosed(
    "o4", tuple(Link(f"https://example.go.th/{n}/{'x' * 120}", f"ลิงก์ที่ {n}" if n % 2 else "") for n in range(300))
)


def rows_of(html: str) -> dict[str, list[str]]:
    tree = parse(html, namespaceHTMLElements=False)
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]
    return {row[0]: row[1:] for row in rows if row[0] in CODES}


def test_every_item_stands_in_order_of_the_framework() -> None:
    assert list(rows_of(fragment(TABLE))) == CODES
    assert list(rows_of(write(build(TABLE), "html").decode())) == CODES


def test_fragment_page_and_sheet_say_the_same() -> None:
    page, part = rows_of(write(build(TABLE), "html").decode()), rows_of(fragment(TABLE))
    assert {code: list(map(bare, row)) for code, row in page.items()} == {
        code: list(map(bare, row)) for code, row in part.items()
    }
    sheet = workbook(as_rows(TABLE))["ลิงก์การเปิดเผยข้อมูล"]
    filed = [(row[0], row[2], row[3]) for row in sheet if row[0] in CODES and row[3]]
    assert filed == [(code, link.label, link.url) for code in ("o1", "o2") for one in TABLE.items if one.item == code
                     for link in one.links]  # fmt: skip
    assert [row[0] for row in sheet if row[5] == "ไม่เข้าข่าย: ไม่มีภารกิจนี้"] == ["o5"]


def test_what_was_not_filed_and_what_does_not_apply_are_told_apart() -> None:
    found = rows_of(fragment(TABLE))
    assert found["o5"][1] == "ไม่เข้าข่าย: ไม่มีภารกิจนี้"
    assert found["o6"][1] == NOT_FILED
    assert found["o1"] == ["โครงสร้างและอำนาจหน้าที่", "แผนผังโครงสร้าง", "1\u00a0เม.ย.\u00a02568"]


def test_links_keep_their_addresses() -> None:
    links = [
        (link.get("href"), link.get("rel")) for link in parse(fragment(TABLE), namespaceHTMLElements=False).iter("a")
    ]
    assert links == [
        ("https://example.go.th/o1", "noopener"),
        ("https://example.go.th/o2", "noopener"),
        ("https://example.go.th/2568/b?x=1&y=2", "noopener"),
    ]
    with zipfile.ZipFile(io.BytesIO(write(build(TABLE), "docx"))) as file:
        relations = ElementTree.fromstring(file.read("word/_rels/document.xml.rels"))
    targets = {one.get("Target") for one in relations if one.get("TargetMode") == "External"}
    assert targets == {url for url, _ in links}


def test_nothing_in_it_runs() -> None:
    table = replace(TABLE, items=(*TABLE.items, NASTY), agency="<img src=x onerror=alert(1)>")
    for html in (fragment(table), write(build(table), "html").decode()):
        tree = parse(html, namespaceHTMLElements=False)
        assert not [one for one in tree.iter() if one.tag in ("script", "img", "iframe", "form")]
        assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
        assert {link.get("href", "").partition(":")[0] for link in tree.iter("a")} <= {"https", "#content"}
    assert "<script>alert(1)</script>" in "".join(rows_of(fragment(table))["o3"])  # shown, as text
    assert bare("<script>alert(1)</script>") in "".join(pages(write(build(table), "pdf")))


def test_no_cell_is_a_formula() -> None:
    data = write(as_rows(replace(TABLE, items=(NASTY,))), "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in sheet for sheet in sheets)
    cells = [
        cell for rows in workbook(as_rows(replace(TABLE, items=(NASTY,)))).values() for row in rows for cell in row
    ]
    assert "=HYPERLINK(1)" in cells
    assert "-1+1" in cells


def test_three_hundred_long_links() -> None:
    table = replace(TABLE, items=(MANY,))
    text = "".join(pages(write(build(table), "pdf")))
    assert all(bare(link.shown) in text for link in MANY.links)
    assert len(workbook(as_rows(table))["ลิงก์การเปิดเผยข้อมูล"]) > 300
    assert fragment(table).count("<a ") == 300


def test_thai_digits_spare_addresses() -> None:
    thai = replace(TABLE, digits="thai")
    found = rows_of(fragment(thai))
    assert found["o2"][1].endswith("https://example.go.th/2568/b?x=1&y=2")
    assert found["o1"][2] == "๑\u00a0เม.ย.\u00a0๒๕๖๘"
    assert "https://example.go.th/2568/b?x=1&y=2" in "".join(pages(write(build(thai), "pdf")))
    assert any("https://example.go.th/2568/b?x=1&y=2" in row for row in workbook(as_rows(thai))["ลิงก์การเปิดเผยข้อมูล"])


def test_nothing_filed_and_long_names() -> None:
    empty = LinkTable(LONG_NAME, FRAMEWORK, ())
    assert {row[1] for row in rows_of(fragment(empty)).values()} == {NOT_FILED}
    assert bare(LONG_NAME) in "".join(pages(write(build(empty), "pdf")))
    none = LinkTable("", by_id("service-point"), ())
    assert [cell_text(row[0]) for table, _ in tables(build(none)) for row in table.rows] == []
    assert write(build(none), "docx")


@pytest.mark.parametrize("item", ["o1", "o99", "i1"])
def test_items_twice_or_unknown_are_refused(item: str) -> None:
    with pytest.raises(InputError, match=item):
        fragment(replace(TABLE, items=(*TABLE.items, Disclosed(item))))
