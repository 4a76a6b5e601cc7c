"""No text becomes a formula where people open a CSV file in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from prongsai.cells import harmless, harmless_frame

SOURCE = Path(__file__).parents[1] / "src" / "prongsai"
_WRITES = re.compile(r"\bcsv\.(?:writer|DictWriter)\(|\.write_csv\(")
# What writes CSV and needs no guard, and why.
ONLY_OURS = {
    "national/engines/postgres.py": "numbers on their way into a database",
    "survey/sheets.py": "codes of options, for programs",
    "documents/notices/codes.py": "codes and the address of the survey, both checked",
    "simulation/agency.py": "made by us",
}
TEXTS = st.text(max_size=5).flatmap(
    lambda rest: st.sampled_from([*"=+-@\t\r\n'＝＋－＠a ก", ""]).map(lambda one: one + rest)
)


@given(TEXTS)
def test_a_text_is_no_formula_and_comes_back(text: str) -> None:
    cell = harmless(text)
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell)
    assert cell in (text, f"'{text}")
    assert (cell[1:] if cell[:1] == "'" else cell) == text  # one taken off always gives the text back


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_table_is_guarded_alike_and_its_numbers_stay(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts, "number": [-1.5] * len(texts)})
    assert harmless_frame(frame)["text"].to_list() == [harmless(text) for text in texts]
    assert harmless_frame(frame)["number"].to_list() == [-1.5] * len(texts)


def test_a_frame_of_names_that_are_formulas() -> None:
    out = io.BytesIO()
    harmless_frame(pl.DataFrame({"name": ["=cmd|'/c calc'!A1", "เทศบาล"]})).write_csv(out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode())))
    assert rows[1:] == [["'=cmd|'/c calc'!A1"], ["เทศบาล"]]


def test_whatever_writes_csv_is_guarded_or_says_why_not() -> None:
    writing = {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
        if _WRITES.search(path.read_text(encoding="utf-8"))
    }
    bare = {path for path, text in writing.items() if "from prongsai.cells import" not in text}
    assert bare == set(ONLY_OURS)
