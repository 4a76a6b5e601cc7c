"""What the writers write comes back: every cell with its spans, every paragraph, in every format."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_sample import lines, opened, tables

from prongsai.documents import tree
from prongsai.documents.walk import cell_text, plain
from prongsai.documents.writers import write
from prongsai.reading.source import Source
from prongsai.thai.text import squeeze

sys.path.insert(0, str(Path(__file__).parents[2] / "documents"))
from document_sample import SAMPLE

FORMATS = ("docx", "html", "pdf", "xlsx")
Grid = list[list[tuple[str, int, int]]]
_POINT = re.compile(r"^(?:[0-9๐-๙]+\.|[-–])\s*")


def written(table: tree.Table) -> Grid:
    return [[(squeeze(cell_text(c)), c.rowspan, c.colspan) for c in row] for row in (*table.head, *table.rows)]


def read(source: Source) -> list[Grid]:
    return [[[(squeeze(c.text), c.rowspan, c.colspan) for c in row] for row in table.rows] for table in tables(source)]


def document(*blocks: tree.Block) -> tree.Document:
    return tree.Document("ทดสอบ", (tree.Section(blocks),), agency="เทศบาลตัวอย่าง", header="หัวกระดาษ", footer="ท้ายกระดาษ")


def untagged(data: bytes) -> bytes:
    """The same PDF without its structure, as most programs write them."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", FORMATS[:3])
def test_the_sample_comes_back(tmp_path: Path, name: str) -> None:
    source = opened(tmp_path, f"ก.{name}", write(SAMPLE, name))
    blocks = [block for section in SAMPLE.sections for block in section.blocks]
    wanted = [written(block) for block in blocks if isinstance(block, tree.Table)]
    charts = {block.title for block in blocks if isinstance(block, tree.Chart)}
    found = [grid for grid, table in zip(read(source), tables(source), strict=True) if table.name not in charts]
    assert found == wanted
    said = {squeeze(_POINT.sub("", line)) for line in lines(source)} | {squeeze(line) for line in lines(source)}
    for block in blocks:
        if isinstance(block, tree.Paragraph):
            assert all(squeeze(line) in said for line in plain(block.text).split("\n"))
        elif isinstance(block, tree.Heading):
            assert squeeze(block.text) in said
        elif isinstance(block, tree.Bullets):
            assert all(squeeze(plain(item)) in said for item in block.items)
    assert source.title == SAMPLE.title


def test_numbered_points_and_pages_of_a_pdf(tmp_path: Path) -> None:
    made = document(tree.Bullets(("แต่งตั้ง", "ประชุม"), numbered=True), tree.Gap(page=True), tree.Heading("หน้าใหม่"))
    source = opened(tmp_path, "ก.pdf", write(made, "pdf"))
    assert lines(source) == ["1. แต่งตั้ง", "2. ประชุม", "หน้าใหม่"]
    assert [block.where.page for block in source.blocks] == [1, 1, 2]
    assert source.pages == 2


def turned(data: bytes) -> bytes:
    """The same PDF without structure, each page's text running upwards, as wide tables are often put in."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(untagged(data))) as pdf:
        for page in pdf.pages:
            _, _, width, height = (float(side) for side in page.mediabox)
            page.contents_add(f"q 0 1 -1 0 {height} 0 cm".encode(), prepend=True)
            page.contents_add(b"Q")
            page.mediabox = [0, 0, height, width]
        pdf.save(buffer)
    return buffer.getvalue()


def long_table(rows: int) -> tree.Table:
    head = (tuple(map(tree.Cell, ("ที่", "ขั้นตอนหรือวิธีปฏิบัติ", "คะแนน"))),)
    body = tuple(
        (tree.Cell(str(n)), tree.Cell(f"จัดทำคู่มือการปฏิบัติงานฉบับที่ {n} แล้วเผยแพร่"), tree.Cell(f"{n}.50"))
        for n in range(rows)
    )
    return tree.Table((tree.Column(1), tree.Column(4), tree.Column(1)), head, body)


@pytest.mark.parametrize("change", [lambda data: data, untagged, turned], ids=["tagged", "untagged", "turned"])
def test_a_table_over_pages_is_one(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    table = long_table(150)
    data = change(write(document(tree.Paragraph("ก่อน"), table, tree.Paragraph("หลัง")), "pdf"))
    source = opened(tmp_path, "ก.pdf", data)
    (found,) = tables(source)
    assert read(source) == [written(table)]
    assert found.head == 1
    assert len(found.breaks) == (source.pages or 0) - 1
    assert [squeeze(line) for line in lines(source)] == ["ก่อน", "หลัง"]


def drawn_over(data: bytes, *lines: tuple[float, float, float, float]) -> bytes:
    """The same PDF without structure, with lines drawn on its first page (from x, y to x, y in points)."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(untagged(data))) as pdf:
        strokes = " ".join("{} {} m {} {} l S".format(*line) for line in lines)
        pdf.pages[0].contents_add(f"q {strokes} Q".encode())
        pdf.save(buffer)
    return buffer.getvalue()


def test_lines_of_a_drawing_cut_no_number(tmp_path: Path) -> None:
    """Axes and bars may meet like the lines of a table and run through the numbers that stand beside them."""
    numbers = ("33.95", "๗๘.๘๓", "41.34")
    data = write(document(*(tree.Paragraph(f"คะแนน {number}") for number in numbers)), "pdf")
    plain_source = opened(tmp_path, "ข.pdf", untagged(data))
    assert [squeeze(line) for line in lines(plain_source)] == [f"คะแนน{number}" for number in numbers]
    with pdfium.PdfDocument(data) as pdf:
        page = pdf[0].get_textpage()
        at = page.get_text_range().index("33.95")
        boxes = [page.get_charbox(at + place) for place in range(5)]
        bottom, top = 10, boxes[0][3] + 20
    for first in range(5):
        xs = [boxes[first][0] - 0.3, (boxes[first][0] + boxes[first][2]) / 2 + 6, boxes[first][2] + 12]
        drawing = [(x, bottom, x, top) for x in xs] + [(xs[0], y, xs[-1], y) for y in (bottom, top)]
        source = opened(tmp_path, "ก.pdf", drawn_over(data, *drawing))
        said = squeeze(" ".join([*lines(source), *(c.text for t in tables(source) for row in t.rows for c in row)]))
        assert all(number in said for number in numbers), (first, said)


@pytest.mark.parametrize(
    "last",
    [
        (tree.Cell("", colspan=2), tree.Cell("4"), tree.Cell("5")),
        (tree.Cell(""), tree.Cell("3"), tree.Cell("4"), tree.Cell("")),
        (tree.Cell(""),) * 4,
    ],
)
def test_empty_cells_of_a_tagged_pdf_of_which_its_structure_says_nothing(
    tmp_path: Path, last: tuple[tree.Cell, ...]
) -> None:
    cell = tree.Cell
    table = tree.Table(
        (tree.Column(1),) * 4,
        (tuple(map(cell, "กขคง")),),
        (
            (cell("1", rowspan=2), cell("", rowspan=2), cell("2"), cell("")),
            (cell("3"), cell("")),
            tuple(map(cell, "5678")),
            last,
        ),
    )
    source = opened(tmp_path, "ก.pdf", write(document(table), "pdf"))
    assert read(source) == [written(table)]


WORDS = st.text(st.sampled_from("กขคจชดตนบปมยรลวสหอาิีืุูเแโ่้ 0123456789๐๑๘๙ABi.()%"), min_size=1, max_size=40)
TEXTS = WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: re.match("[ก-ฮ0-9A-Z]", text))


@st.composite
def grids(draw: st.DrawFn) -> tree.Table:
    """A table of two to four columns; some cells cover two rows or two columns."""
    width, height = draw(st.integers(2, 4)), draw(st.integers(2, 6))
    covered: set[tuple[int, int]] = set()
    rows: list[tuple[tree.Cell, ...]] = []
    for row in range(height):
        cells: list[tree.Cell] = []
        for column in range(width):
            if (row, column) in covered:
                continue
            free = column + 1 < width and (row, column + 1) not in covered
            wide = 2 if free and len(cells) > 0 and draw(st.integers(0, 4)) == 0 else 1
            tall = 2 if wide == 1 and column == 0 and row + 1 < height and draw(st.integers(0, 3)) == 0 else 1
            covered |= {(row + down, column + right) for down in range(tall) for right in range(wide)}
            cells.append(tree.Cell(draw(TEXTS), colspan=wide, rowspan=tall))
        rows.append(tuple(cells))
    head = (tuple(tree.Cell(f"หัว {number}") for number in range(width)),)
    return tree.Table((tree.Column(1),) * width, head, tuple(rows))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25)
@given(table=grids())
def test_any_table_comes_back(name: str, table: tree.Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = opened(Path(folder), f"ก.{name}", write(document(tree.Paragraph("ก่อน"), table), name))
    assert read(source)[-1] == written(table)
    assert tables(source)[-1].head == 1
