from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.yaml_file import MAX_BYTES, YamlFile, dump, parse, read


def refused(text: str) -> str:
    """Where the one problem of a text is, with its code."""
    with pytest.raises(InputError) as caught:
        parse(text, "ผล.yaml")
    (problem,) = caught.value.problems
    assert problem.th
    assert problem.next_th
    return f"{problem.code} {problem.where}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("99.42", Decimal("99.42")),
        ("99.40", Decimal("99.40")),
        ("0.1", Decimal("0.1")),
        (".5", Decimal("0.5")),
        ("100", 100),
        ("-3", -3),
        ("007", 7),
        ("'007'", "007"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("null", None),
        ("''", ""),
        ("๙๙.๔๒", "๙๙.๔๒"),
        ("1e5", "1e5"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        (".nan", ".nan"),
        ("2568-01-15", "2568-01-15"),
        ("9" * 5000, "9" * 5000),
        ("!!python/name:os.system ก", "ก"),
    ],
)
def test_scalars_are_neither_lost_nor_guessed(text: str, expected: Any) -> None:
    found = parse(f"a: {text}", "x.yaml").data["a"]
    assert found == expected
    assert type(found) is type(expected)
    assert not isinstance(expected, Decimal) or str(found) == text.replace(".5", "0.5", text == ".5")


def test_numeric_keys_stay_text_as_written() -> None:
    assert parse("{1: 2, 9.10: 3, 05: 4, yes: 5}", "x.yaml").data == {"1": 2, "9.10": 3, "05": 4, "yes": 5}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x\n", "yaml.broken ผล.yaml:2"),
        ("a: &x [1]\nb:\n  - *x\n", "yaml.broken ผล.yaml:3"),
        ("a: 1\nb: 2\na: 3\n", "yaml.broken ผล.yaml:3"),
        ("x:\n  i1: 1\n  i1: 2\n", "yaml.broken ผล.yaml:3"),
        ("'': 1\n", "yaml.broken ผล.yaml:1"),
        ("? [a]\n: 1\n", "yaml.broken ผล.yaml:1"),
        ("a: [1, 2\nb: 3\n", "yaml.broken ผล.yaml:2"),
        ("a: 1\n\tb: 2\n", "yaml.broken ผล.yaml:2"),
        ("a: 1\n---\nb: 2\n", "yaml.broken ผล.yaml:2"),
        ("a: \x01\n", "yaml.broken ผล.yaml:1"),
        ("a: " + "[" * 61 + "]" * 61, "yaml.broken ผล.yaml:1"),
        ("\n".join("  " * depth + "a:" for depth in range(70)), "yaml.broken ผล.yaml:61"),
        ("", "file.empty ผล.yaml"),
        ("# ว่าง\n\n", "file.empty ผล.yaml"),
    ],
)
def test_what_is_ambiguous_or_broken_is_refused_with_its_line(text: str, expected: str) -> None:
    assert refused(text) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: \xe0\xb8", "file.encoding"),
        ("a: ก".encode("cp874"), "file.encoding"),
        (b"", "file.empty"),
        (b"a: 1 #" + b"x" * MAX_BYTES, "file.too_large"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "ผล.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert [(p.code, p.where) for p in caught.value.problems] == [(code, "ผล.yaml")]


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "ไม่มี.yaml", tmp_path):
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.problems[0].code == "file.unreadable"
        assert str(path) in caught.value.problems[0].where


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes("\ufeffa: ก\r\nb: 2\r\n".encode())
    assert read(path).data == {"a": "ก", "b": 2}


def test_a_key_is_found_by_file_line_and_path() -> None:
    file = parse("a:\n  b: 1\n  c:\n    - x\n    - y: 2\n", "ผล.yaml")
    assert file.where(["a", "b"]) == "ผล.yaml:2 a.b"
    assert file.where(["a", "c", "1", "y"]) == "ผล.yaml:5 a.c.1.y"
    assert file.where(["a", "missing", "deep"]) == "ผล.yaml:1 a.missing.deep"
    assert file.where([]) == "ผล.yaml:1"
    assert YamlFile("ผล.yaml", {}).where(["a"]) == "ผล.yaml a"


def test_a_place_takes_the_place_of_the_line() -> None:
    file = YamlFile("ผล.xlsx", {}, places={("scores", "items", "i1"): 'แผ่น "คะแนน" ช่อง D14'})
    assert file.where(["scores", "items", "i1"]) == 'ผล.xlsx แผ่น "คะแนน" ช่อง D14'
    assert file.where(["scores", "items", "i1", "deeper"]) == 'ผล.xlsx แผ่น "คะแนน" ช่อง D14'
    assert file.where(["scores", "items"]) == "ผล.xlsx scores.items"


TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["yes", "no", "null", "~", "", "1", "1.5", "007", "1e5", "- a", "a: b", "#", "\n", " x ", "๙", "="]
    ),
    st.text(alphabet="กขค ำ้\n#:-'\"0", max_size=200),
)
LEAF = st.one_of(
    TEXT,
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
    st.sampled_from([Decimal(100), Decimal("99.40"), Decimal("1E+2"), Decimal("0.5")]),
    st.booleans(),
    st.none(),
)
KEY = TEXT.filter(bool)
DATA = st.dictionaries(
    KEY,
    st.recursive(
        LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4), max_leaves=8
    ),
    min_size=1,
    max_size=5,
)


@given(DATA)
@example({"a": Decimal(100)})
@example({"a": Decimal("99.40"), "b": ["บรรทัด\nสอง", "  เว้น\n ย่อหน้า\n"]})
def test_what_is_dumped_is_read_back(data: dict[str, Any]) -> None:
    text = dump(data)
    found = parse(text, "x.yaml").data
    assert found == data
    assert repr(types(found)) == repr(types(data))


def types(value: Any) -> Any:
    """The shape of data, whole decimals counting as whole numbers."""
    if isinstance(value, dict):
        return {key: types(child) for key, child in value.items()}
    if isinstance(value, list):
        return [types(child) for child in value]
    if isinstance(value, Decimal) and "." not in f"{value:f}":
        return int
    return type(value)


def test_dumped_text_is_for_people() -> None:
    assert dump({"ชื่อ": "เทศบาล", "คะแนน": Decimal("99.40"), "เต็ม": Decimal(100)}) == (
        "ชื่อ: เทศบาล\nคะแนน: 99.40\nเต็ม: 100\n"
    )
