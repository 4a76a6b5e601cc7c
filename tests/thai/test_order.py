"""The order of a Thai dictionary."""

from __future__ import annotations

import random

from prongsai.thai.order import key

PROVINCES = ["กระบี่", "กรุงเทพมหานคร", "ชลบุรี", "ชัยนาท", "เชียงราย", "เชียงใหม่", "ตราด", "นครปฐม", "เพชรบุรี", "แพร่", "ภูเก็ต",
             "แม่ฮ่องสอน", "ยะลา", "เลย", "สระแก้ว"]  # fmt: skip
WORDS = ["กา", "ก่า", "ก้า", "กาง", "แก", "ขา"]


def test_provinces_stand_as_in_a_dictionary() -> None:
    mixed = random.Random(1).sample(PROVINCES, len(PROVINCES))
    assert sorted(mixed, key=key) == PROVINCES
    assert sorted(mixed) != PROVINCES


def test_tones_decide_last() -> None:
    mixed = random.Random(2).sample(WORDS, len(WORDS))
    assert sorted(mixed, key=key) == WORDS
