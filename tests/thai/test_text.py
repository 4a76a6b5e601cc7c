import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prongsai.thai.text import likeness, repair, squeeze

THAI = st.text(alphabet=[*map(chr, range(0x0E01, 0x0E5C)), " ", "\u00a0", "\u2003", "\u200b", "\uf70a", "a", "\n"])


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("ดําเนินการ", "ดำเนินการ"),
        ("นํ้า", "น้ำ"),
        ("น้ํา", "น้ำ"),
        ("ท่ี", "ที่"),
        ("ข้ึน", "ขึ้น"),
        ("เเผน", "แผน"),
        ("ท ี่", "ที่"),
        ("ค\u00a0ุณธรรม", "คุณธรรม"),
        ("หน่วย\u200bงาน", "หน่วยงาน"),
        ("ปี\uf70a", "ปี่"),
        ("ก่่ิ", "กิ่่"),
        ("คุณธรรม  และ\u2003ความโปร่งใส", "คุณธรรม และ ความโปร่งใส"),
        ("บรรทัดหนึ่ง\nบรรทัดสอง", "บรรทัดหนึ่ง\nบรรทัดสอง"),
        ("Integrity 2568", "Integrity 2568"),
    ],
)
def test_repairs_what_old_files_break(broken: str, whole: str) -> None:
    assert repair(broken) == whole


@given(st.one_of(THAI, st.text()))
@example("ก่่ิ")
@example("ก\u2003ิ")
@example("e\u200b\u0301")
@example("กุ\u0e4c\u0e3a")
def test_repairing_twice_changes_nothing(text: str) -> None:
    once = repair(text)
    assert repair(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet="กขคงจฉชaeo "))
def test_repair_leaves_sound_letters_alone(text: str) -> None:
    assert squeeze(text) == text.replace(" ", "")


def test_squeeze_takes_all_white_space() -> None:
    assert squeeze(" การ ดํา\nเนิน\tการ ") == "การดำเนินการ"


@given(THAI, THAI)
def test_likeness_is_symmetric_and_lies_between_0_and_1(first: str, second: str) -> None:
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, second) == likeness(second, first)
    assert likeness(first, first) == 1


def test_likeness_ignores_spaces_and_sees_small_changes() -> None:
    text = "หน่วยงานของท่าน ใช้จ่ายงบประมาณเป็นไปตามวัตถุประสงค์"
    assert likeness(text, text.replace(" ", "")) == 1
    assert likeness(text, text.replace("วัตถุประสงค์", "แผน")) > 0.6
    assert likeness(text, "เจ้าหน้าที่เรียกรับสินบน") < 0.3
    assert likeness("", "") == 1
    assert likeness("ก", "ข") == 0
