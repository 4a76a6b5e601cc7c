"""Answer sheets in a CSV file: counted whole, or refused with file, line and column."""

from pathlib import Path

import pytest

from prongsai.errors import InputError, Problem
from prongsai.scoring.results import Results, from_yaml
from prongsai.yaml_file import YamlFile
from result_sample import NAME


def load(folder: Path, content: bytes | str, container: str = "IIT") -> Results:
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / "คำตอบ.csv").write_bytes(raw)
    data = {"agency": {"name": NAME}, "fiscal_year": 2568, "sheets": {container: "คำตอบ.csv"}}
    return from_yaml(YamlFile("ผล.yaml", data), folder)


def refused(folder: Path, content: bytes | str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load(folder, content)
    return list(caught.value.problems)


def test_one_row_per_respondent_is_counted(tmp_path: Path) -> None:
    found = load(tmp_path, "\ufeffi1,ข้อ i๒,I3\r\n5,๔,no\r\n5,,yes\r\n0,4,\r\n,,\r\n")
    assert {node: tally.counts for node, tally in found.tallies.items()} == {
        "i1": {"5": 2, "0": 1},
        "i2": {"4": 2},
        "i3": {"no": 1, "yes": 1},
    }
    moments = found.moments["IIT"]
    assert moments.sheets == 4, "an empty sheet counts"
    assert moments.n[("i1", "i2")] == 2
    # i1 and i2 were both answered on two sheets: 100 and 80, 0 and 80 points
    assert moments.first[("i1", "i2")] == 100 * moments.scale
    assert moments.second[("i1", "i2")] == 160 * moments.scale
    assert moments.product[("i1", "i2")] == 100 * 80 * moments.scale**2


def test_a_part_is_counted_at_its_own_nodes(tmp_path: Path) -> None:
    found = load(tmp_path, "e1,e9\n5,yes\n4,no\n", "EIT ส่วนที่ 2")
    assert {node: tally.counts for node, tally in found.tallies.items()} == {
        "e1@EIT.2": {"5": 1, "4": 1},
        "e9@EIT.2": {"yes": 1, "no": 1},
    }


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("i1,i99\n5,5\n", ["sheets.column คำตอบ.csv:1 i99"]),
        ("i1,e1\n5,5\n", ["sheets.column คำตอบ.csv:1 e1"]),
        ("i1,ชื่อ\n5,ก\n", ["sheets.column คำตอบ.csv:1 ชื่อ"]),
        ("i1,i2\n5,5\n5,9\nx,5\n", ["sheets.option คำตอบ.csv:3 i2", "sheets.option คำตอบ.csv:4 i1"]),
        ("i1,i1\n5,4\n", ["sheets.repeated คำตอบ.csv:1 i1"]),
        ("i1,I๑\n5,4\n", ["sheets.repeated คำตอบ.csv:1 I๑"]),
        ("i1\nไม่".encode("cp874"), ["sheets.unreadable คำตอบ.csv"]),
    ],
)
def test_what_cannot_be_counted_is_named(tmp_path: Path, content: bytes | str, places: list[str]) -> None:
    assert [f"{problem.code} {problem.where}" for problem in refused(tmp_path, content)] == places


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    data = {"agency": {"name": NAME}, "fiscal_year": 2568, "sheets": {"IIT": "ไม่มี.csv"}}
    with pytest.raises(InputError) as caught:
        from_yaml(YamlFile("ผล.yaml", data), tmp_path)
    assert [(p.code, p.where) for p in caught.value.problems] == [("sheets.unreadable", "ไม่มี.csv")]
