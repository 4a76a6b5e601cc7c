"""The banner: exact size, nothing from outside, everything inside its frame, the same said in words."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from html5lib import parse
from notice_sample import ADDRESS, AGENCY, LONG_ADDRESS, LONG_NAME, TYPED
from PIL import Image

from prongsai.documents.errors import DocumentError
from prongsai.documents.notices.banner import Banner, Size, _fitted, _Line, html, html_text, png, svg
from prongsai.documents.outlines import outline

BANNER = Banner(AGENCY, "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)", ADDRESS)
LONG = Banner(LONG_NAME, LONG_NAME, LONG_ADDRESS)
SIZES: list[Size] = ["728x90", "300x250"]


@pytest.mark.parametrize("size", SIZES)
def test_it_needs_nothing_from_outside(size: Size) -> None:
    drawing = svg(BANNER, size)
    root = ElementTree.fromstring(drawing)
    assert (root.get("width"), root.get("height")) == tuple(size.split("x"))
    assert not re.search(r"href|font|<text|<style|<script|<image|url\(", drawing)
    assert len(drawing) < 120_000


@pytest.mark.parametrize("size", SIZES)
def test_it_is_said_in_words(size: Size) -> None:
    root = ElementTree.fromstring(svg(BANNER, size))
    texts = {child.get("id"): child.text or "" for child in root if child.get("id")}
    assert root.get("role") == "img"
    assert set((root.get("aria-labelledby") or "").split()) == set(texts)
    assert AGENCY in texts["banner-title"]
    assert TYPED in texts["banner-desc"]


@pytest.mark.parametrize("banner", [BANNER, LONG], ids=["usual", "long"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_into_the_frame_or_the_code(banner: Banner, size: Size) -> None:
    picture = Image.open(io.BytesIO(png(banner, size, scale=1))).convert("L")
    width, height = map(int, size.split("x"))
    assert picture.size == (width, height)
    ring = [(x, y) for x in range(3, width - 3) for y in (3, height - 4)]
    ring += [(x, y) for y in range(3, height - 3) for x in (3, width - 4)]
    assert all(picture.getpixel(at) == 255 for at in ring)
    assert sum(picture.histogram()[:100]) > 800  # and there is something inside


def test_a_long_name_is_cut_with_an_ellipsis_but_said_whole() -> None:
    drawing = svg(LONG)
    assert LONG_NAME in drawing  # in title and description
    assert outline(LONG_NAME, True).width * 24 > 728


@pytest.mark.parametrize("lines", [1, 2])
@pytest.mark.parametrize("text", [LONG_NAME, "x" * 300, "กี่ " * 99, "สั้น", ""])
def test_no_line_is_wider_than_its_room(text: str, lines: int) -> None:
    placed = _fitted(_Line(text, 20, True, "#000000", lines), 250)
    assert len(placed) <= lines
    assert all(outline(one, True).width * size <= 250 for size, one in placed)
    assert (placed[-1][1].endswith("…")) == (len(text) > 50)


def test_outlines_are_measured() -> None:
    assert outline("กก").width == pytest.approx(2 * outline("ก").width)
    assert outline("กี่").width == outline("ก").width  # marks take no room
    assert outline("").path == ""


def test_the_snippet_is_a_link_with_its_words() -> None:
    banner = Banner('เทศบาล "ก" & <b>', "ก'ข", ADDRESS)
    for snippet in (html(banner, 'a".png'), html_text(banner)):
        tree = parse(snippet, namespaceHTMLElements=False)
        (link,) = tree.iter("a")
        assert link.attrib == {"href": ADDRESS, "rel": "noopener"}
        assert {element.tag for element in tree.iter()} <= {"html", "head", "body", "a", "img", "p"}
    (image,) = parse(html(banner, 'a".png'), namespaceHTMLElements=False).iter("img")
    assert image.get("alt") == banner.alternative
    assert image.get("src") == 'a".png'
    assert (image.get("width"), image.get("height")) == ("728", "90")


def test_a_bad_address_is_refused_everywhere() -> None:
    bad = Banner(AGENCY, "ก", "javascript:alert(1)")
    for make in (svg, png, html_text, lambda banner: html(banner, "a.png")):
        with pytest.raises(DocumentError):
            make(bad)
