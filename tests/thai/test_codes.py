import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.thai.codes import read_code
from prongsai.thai.digits import to_thai


@pytest.mark.parametrize(
    ("text", "letter", "expected"),
    [
        ("i1", None, "i1"),
        ("i๑", None, "i1"),
        ("I1", None, "i1"),
        ("I 1", None, "i1"),
        ("i-1", None, "i1"),
        ("i01", None, "i1"),
        ("(i1)", None, "i1"),
        ("ข้อ i๑๒", None, "i12"),
        ("ข้อคำถาม e2", None, "e2"),
        ("ข้อ ๑", "i", "i1"),
        ("๑", "e", "e1"),
        (6, "o", "o6"),
        ("o11", None, "o11"),
        ("O11", None, "o11"),
        ("๐11", None, "o11"),  # a Thai zero where the letter o is meant
        ("๐๑๑", None, "o11"),
        ("0 11", None, "o11"),
        ("๐11", "o", "o11"),
        ("о11", None, "o11"),  # Cyrillic
        ("Ο11", None, "o11"),  # Greek
        ("ｏ11", None, "o11"),  # full width
        ("І3", None, "i3"),
        ("е4", None, "e4"),
        ("e1.2", None, "e1.2"),
        ("E๑.๒", None, "e1.2"),
        ("9.1", None, "9.1"),
        ("๙.๑", None, "9.1"),
        ("ตัวชี้วัดที่ ๙", None, "9"),
        ("ตัวชี้วัดที่ 10.2", None, "10.2"),
        ("ประเด็นที่ ๓", None, "3"),
        (9, None, "9"),
        ("ไม่ใช่รหัส", None, "ไม่ใช่รหัส"),
        ("", None, ""),
    ],
)
def test_codes_as_people_type_them(text: object, letter: str | None, expected: str) -> None:
    assert read_code(text, letter) == expected


@given(st.sampled_from("ieo"), st.integers(1, 60), st.integers(0, 5), st.sampled_from(["", " ", "-", "\u00a0"]))
def test_one_code_however_it_is_typed(letter: str, number: int, row: int, gap: str) -> None:
    code = f"{letter}{number}" + (f".{row}" if row else "")
    typed = f"{letter.upper()}{gap}{to_thai(str(number))}" + (f".{to_thai(str(row))}" if row else "")
    assert read_code(typed) == code
    assert read_code(f"ข้อ {typed}") == code
    assert read_code(code) == code


@given(st.text(max_size=12))
def test_reading_a_code_twice_changes_nothing(text: str) -> None:
    assert read_code(read_code(text)) == read_code(text)
