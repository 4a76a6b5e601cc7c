"""HTML: one file, valid, nothing fetched, nothing run, in order for those who listen."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from document_sample import CHART, SAMPLE
from lxml import etree, html

from prongsai.documents.tree import Document, Heading, Paragraph, Run, Section
from prongsai.documents.writers import write


@pytest.fixture(scope="module")
def text() -> str:
    return write(SAMPLE, "html").decode()


@pytest.fixture(scope="module")
def tree(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def test_well_formed_for_a_strict_parser(text: str) -> None:
    html5lib = pytest.importorskip("html5lib")
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(text)


def test_frame_of_the_page(tree: html.HtmlElement) -> None:
    assert tree.get("lang") == "th"
    assert tree.findtext(".//title") == SAMPLE.title
    assert len(tree.findall(".//main")) == 1
    assert tree.find(".//a[@class='skip']").get("href") == "#content"
    assert tree.get_element_by_id("content").tag == "main"


def test_one_title_and_headings_in_order(tree: html.HtmlElement) -> None:
    levels = [int(e.tag[1]) for e in tree.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_skipped_level_is_closed_up_and_title_is_added() -> None:
    document = Document("ชื่อ", (Section((Heading("ก", 3), Heading("ข", 3), Heading("ค", 1))),))
    page = html.document_fromstring(write(document, "html").decode())
    assert [e.tag for e in page.iter("h1", "h2", "h3", "h4")] == ["h1", "h2", "h3", "h2"]
    assert page.findtext(".//h1") == "ชื่อ"
    assert page.find(".//nav") is not None


def test_ids_are_unique_and_references_resolve(tree: html.HtmlElement) -> None:
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for link in tree.iterfind(".//nav//a"):
        assert link.get("href")[1:] in ids
    for drawing in tree.iter("svg"):
        assert set(drawing.get("aria-labelledby").split()) <= set(ids)


def test_nothing_is_fetched_or_run(tree: html.HtmlElement, text: str) -> None:
    assert not list(tree.iter("script", "link", "iframe", "object", "embed", "base", "form"))
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in {"src", "srcset", "poster", "data"}:
                assert value.startswith("data:image/")
    style = tree.findtext(".//style")
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", text)


def test_tables_have_names_scopes_and_a_box_to_scroll(tree: html.HtmlElement) -> None:
    names = []
    for table in tree.iter("table"):
        box = table.getparent()
        assert box.get("tabindex") == "0"
        names.append(box.get("aria-label"))
        assert table.find("caption") is not None
        assert all(th.get("scope") for th in table.iter("th"))
        assert table.findall("thead//th")
    assert len(names) == len(set(names)) == 4


def test_charts_say_their_numbers(tree: html.HtmlElement) -> None:
    drawings = list(tree.iter("svg"))
    assert len(drawings) == 4  # a broad and a narrow drawing of each
    assert all(d.get("role") == "img" and d.find("title") is not None for d in drawings)
    first = tree.findall(".//figure")[0]
    assert CHART.alternative in first.text_content()
    rows = [[c.text_content() for c in row] for row in first.iterfind(".//tbody/tr")]
    assert rows[2] == ["การใช้อำนาจ", "๙๑.๐๑"]
    assert rows[7] == ["การปรับปรุงระบบการทำงาน", "ไม่มีข้อมูล"]


def test_text_is_text(text: str, tree: html.HtmlElement) -> None:
    assert "&lt;b&gt;ไม่ใช่แท็ก" in text
    evil = '"><script>alert(1)</script>'
    document = Document(
        evil, (Section((Paragraph((Run(evil, link="javascript:alert(1)"),)), Heading(evil))),), agency=evil
    )
    page = html.document_fromstring(write(document, "html").decode())
    assert not list(page.iter("script"))
    assert not [a for a in page.iter("a") if "javascript" in a.get("href")]


def test_paper(text: str) -> None:
    assert "counter(page, thai)" in text
    assert "counter(page, decimal)" in write(replace(SAMPLE, digits="arabic"), "html").decode()
    assert 'class="page landscape"' in text
    assert "@page landscape" in text


def test_drawings_are_xml() -> None:
    from prongsai.documents.charts import chart_svg

    etree.fromstring(chart_svg(CHART).encode())


def test_contrast_of_every_pair_of_colours() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    style = write(SAMPLE, "html").decode()
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style))
    grounds = [colours[n] for n in ("paper", "ground", "head", "group", "good", "warn", "bad")]
    for ink in ("ink", "muted", "deep", "link"):
        for ground in grounds:
            high, low = sorted((light(colours[ink]), light(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)
