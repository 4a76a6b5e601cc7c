"""Charts: the numbers shown, what is below the line, and Thai that is neither cut nor misplaced."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from document_sample import CHART, INDICATORS, PAIRED
from lxml import etree

from prongsai.documents.charts import chart_png, chart_svg, figures
from prongsai.documents.fonts import SARABUN_SCALE, scale_of, thai_face
from prongsai.documents.tree import Chart, Series
from prongsai.documents.wrapping import pieces, width_of, wrap

MARKS = {chr(c) for c in (0x0E31, *range(0x0E33, 0x0E3B), *range(0x0E47, 0x0E4F))}


def texts(svg: str) -> list[str]:
    return [e.text or "" for e in etree.fromstring(svg.encode()).iter("{*}text")]


@pytest.mark.parametrize(("value", "shown"), [(91.005, "91.01"), (84.995, "85.00"), (0.125, "0.13"), (100.0, "100.00")])
def test_figures_round_half_up(value: float, shown: str) -> None:
    assert figures(value, "arabic") == shown


def test_every_value_is_written_in_the_documents_digits() -> None:
    thai, arabic = texts(chart_svg(CHART, "thai")), texts(chart_svg(CHART, "arabic"))
    assert {"๙๖.๔๒", "๖๒.๕๐", "ไม่มีข้อมูล"} <= set(thai)
    assert {"96.42", "62.50"} <= set(arabic)


def test_below_the_line_is_said_three_ways() -> None:
    svg = chart_svg(CHART)
    assert svg.count("h10l-5 9z") == 3  # a mark beside 84.99, 79.30 and 62.50; 85.00 has none
    assert svg.count('stroke-width="1.8"') == 4  # hatching of those and of the legend
    assert "ต่ำกว่า 85.00" in svg
    assert CHART.line_label in svg


def test_names_and_description() -> None:
    root = etree.fromstring(chart_svg(CHART, ident="x").encode())
    assert root.get("role") == "img"
    assert root.findtext("{*}title") == CHART.title
    assert root.findtext("{*}desc") == CHART.alternative
    assert root.get("aria-labelledby") == "x-title x-desc"


@pytest.mark.parametrize("width", [320, 360, 760])
@pytest.mark.parametrize("chart", [CHART, PAIRED])
def test_nothing_leaves_the_drawing(chart: Chart, width: int) -> None:
    root = etree.fromstring(chart_svg(chart, "thai", width).encode())
    height = float(root.get("height"))
    for text in root.iter("{*}text"):
        x, y, room = float(text.get("x")), float(text.get("y")), width_of(text.text) * float(text.get("font-size", 17))
        left = {"end": x - room, "middle": x - room / 2}.get(text.get("text-anchor", ""), x)
        assert left >= -8
        assert left + room <= width + 12
        assert 0 < y < height
    for box in root.iter("{*}rect"):
        assert float(box.get("x")) + float(box.get("width")) <= width


def test_odd_charts_still_draw() -> None:
    empty = Chart("ก", (), (), "ข")
    assert texts(chart_svg(empty))
    outside = Chart("ก", ("ต่ำ", "สูง"), (Series("x", (10.0, 120.0)),), "ข", low=50)
    assert {"10.00", "120.00"} <= set(texts(chart_svg(outside)))
    short = Chart("ก", ("a", "b"), (Series("x", (1.0,)), Series("<y>", (2.0, 3.0))), "ข & ค", high=0)
    assert "ไม่มีข้อมูล" in texts(chart_svg(short))


def test_png_has_the_asked_size() -> None:
    data = chart_png(replace(PAIRED), "thai", 16, 200)
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 1260


def test_sara_am_and_stacks_are_shaped() -> None:
    """The engine must shape: ำ written whole and written as its two parts give the same picture."""
    whole = Chart("ก", ("น้ำ กำกับ ปิ่ ที่",), (Series("x", (50.0,)),), "ข")
    parts = replace(whole, labels=("น\u0e4d\u0e49า ก\u0e4dากับ ปิ่ ที่",))
    unmarked = replace(whole, labels=("นา กากับ ปิ ที",))
    assert chart_png(unmarked) != chart_png(whole)
    assert chart_png(parts) == chart_png(whole)


def test_wrapping_keeps_letters_whole() -> None:
    long = INDICATORS[6][0]
    for width in (6, 9, 14, 30):
        lines = wrap(long, width)
        assert "".join(lines).replace(" ", "") == long.replace(" ", "")
        assert not [line for line in lines if line[0] in MARKS or line[0] in "ะาๆฯ"]
        assert not [line for line in lines if line[-1] in "เแโใไ"]
    assert "".join(pieces(long)) == long
    assert wrap("การปรับปรุงระบบการทำงาน", 9)[0] in {"การปรับปรุง", "การปรับปรุงระบบ"}
    assert wrap("", 5) == [""]


def test_fonts() -> None:
    face = thai_face()
    assert all(path.is_file() for path in face.files)
    assert scale_of("TH SarabunPSK") == 1
    assert scale_of("Sarabun") == SARABUN_SCALE


def test_scale_agrees_with_the_font_file() -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    face = thai_face()
    if face.family != "Sarabun":
        pytest.skip("measured for Sarabun")
    font = ttlib.TTFont(face.regular)
    height = font["OS/2"].sCapHeight / font["head"].unitsPerEm
    advance = sum(font["hmtx"][font.getBestCmap()[ord(c)]][0] for c in "การประเมน") / font["head"].unitsPerEm
    official = (386 + 316 + 322 + 381 + 322 + 357 + 203 + 400 + 420) / 1000  # advances of TH SarabunPSK
    assert re.fullmatch(r"0\.6\d", str(SARABUN_SCALE))
    assert official / advance <= SARABUN_SCALE + 0.015
    assert 0.476 / height >= SARABUN_SCALE - 0.015
