from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.thai.digits import number, to_arabic, to_thai


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("99.42", Decimal("99.42")),
        ("๙๙.๔๒", Decimal("99.42")),
        ("๙9.4๒", Decimal("99.42")),
        (" 1,234,567.50 ", Decimal("1234567.50")),
        ("-3", Decimal(-3)),
        ("100", Decimal(100)),
        ("1,23", None),
        ("1 000", None),
        ("9.", None),
        ("1e3", None),
        ("nan", None),
        ("", None),
        ("ร้อย", None),
        ("٣", None),  # an Arabic-Indic digit, which Decimal would take
        ("９", None),  # a full-width digit
    ],
)
def test_number_reads_thai_and_arabic_digits_and_nothing_else(text: str, expected: Decimal | None) -> None:
    found = number(text)
    assert found == expected
    assert expected is None or str(found) == str(expected)  # 1.50 keeps its zero


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_survives_thai_digits(value: Decimal) -> None:
    assert number(to_thai(f"{value:,}")) == value


@given(st.text())
def test_digits_there_and_back(text: str) -> None:
    assert to_arabic(to_thai(text)) == to_arabic(text)
    assert to_thai(to_arabic(text)) == to_thai(text)
    assert not set(to_arabic(text)) & set("๐๑๒๓๔๕๖๗๘๙")
