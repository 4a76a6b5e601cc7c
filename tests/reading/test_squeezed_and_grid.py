"""Text without spaces that can be found again, tables as full grids, and input that is only large."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_sample import covered, read_text

from prongsai.reading.grid import grid, text_at
from prongsai.reading.source import Cell, Line, Table, Where
from prongsai.reading.squeezed import passage, squeeze

HERE = Where("here")


def test_spaces_go_except_between_figures_and_latin() -> None:
    assert squeeze("ตัวชี้วัด ที่ ๑ ได้ ๘๗.๐๒ คะแนน") == "ตัวชี้วัดที่1ได้87.02คะแนน"
    assert squeeze("๘๘.๒๘ ๘๖.๕๖ No Gift") == "88.28 86.56 No Gift"


def test_a_place_of_the_squeezed_text_is_found_in_the_printed_one() -> None:
    text = passage([Line("ก ข", HERE), Line("คะแนน ๘๗.๐๒  ของ IIT", HERE)])
    at = text.plain.index("87.02")
    assert text.printed(at, at + 5) == "๘๗.๐๒"
    assert text.line(at).text.startswith("คะแนน")


@given(st.lists(st.text(alphabet="กขi1๑.  \u00a0*", max_size=12), min_size=1, max_size=4))
def test_every_line_is_printed_again_whole(lines: list[str]) -> None:
    text = passage([Line(line, HERE) for line in lines])
    for index, line in enumerate(lines):
        start, end = text.span(index)
        if end > start:
            assert squeeze(text.printed(start, end)) == squeeze(line)


def test_merged_cells_stand_in_all_their_places() -> None:
    def cell(text: str, rows: int = 1, columns: int = 1) -> Cell:
        return Cell(text, HERE, rowspan=rows, colspan=columns)

    cells = grid(
        Table(((cell("IIT", 2), cell("1"), cell("90")), (cell("2"), cell("91")), (cell("รวม", 1, 2), cell("92"))), HERE)
    )
    assert [[text_at(row, x) for x in range(3)] for row in cells] == [
        ["IIT", "1", "90"],
        ["IIT", "2", "91"],
        ["รวม", "รวม", "92"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "( " * 30_000,
        "“" * 30_000,
        "ที่ได้รับ" * 4_000 + "X 90.11 คะแนน",
        "ข้อ i1 " * 10_000,
        "9" * 30_000,
        "ได้คะแนน" * 10_000,
    ],
)
def test_text_that_is_only_long_is_read_to_its_end(tmp_path: Path, text: str) -> None:
    report = covered(text)
    assert read_text(tmp_path, report).values == []
