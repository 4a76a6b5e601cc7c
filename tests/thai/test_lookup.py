"""Abbreviations written out, names folded to what one hears, and the name meant found among many."""

from __future__ import annotations

import pytest

from prongsai.thai.abbreviations import written_out
from prongsai.thai.lookup import Names, folded


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("อบต.บางปลา", "องค์การบริหารส่วนตำบล บางปลา"),
        ("อ.บ.ต. บางปลา", "องค์การบริหารส่วนตำบล บางปลา"),
        ("อบตบางปลา", "องค์การบริหารส่วนตำบล บางปลา"),
        ("ทต. บางปลา จ.นครปฐม", "เทศบาลตำบล บางปลา จังหวัด นครปฐม"),
        ("ทนงศักดิ์", "ทนงศักดิ์"),  # ทน without its stop begins many words
        ("ตำบลอบต", "ตำบลอบต"),  # only at the beginning of a word
        ("", ""),
    ],
)
def test_abbreviations_are_written_out(typed: str, written: str) -> None:
    assert written_out(typed) == written


@pytest.mark.parametrize(
    ("one", "other"),
    [("ศรีราชา", "สรีราชา"), ("น้ำใส", "นำใส"), ("โพธิ์ทอง", "โพ ทอง"), ("ราษฎร์", "ราสด"), ("(อบต.)", "อบต")],
)
def test_spellings_of_one_sound_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


PLACES = [
    f"{first}{second}" for first in ("บาง", "หนอง", "คลอง", "ท่า", "วัง") for second in ("ปลา", "ทราย", "ม่วง", "แก้ว")
]
ALL = [f"{kind}{place}" for kind in ("องค์การบริหารส่วนตำบล", "เทศบาลตำบล") for place in PLACES]


@pytest.mark.parametrize("place", range(len(ALL)))
def test_every_name_finds_itself_first_whole_and_misspelt(place: int) -> None:
    names = Names(ALL, ["นครปฐม"] * len(ALL))
    assert names.find(ALL[place])[0].place == place
    shorter = ALL[place][:-1]
    assert names.find(shorter)[0].place == place


def test_the_place_beside_a_name_tells_two_apart() -> None:
    names = Names(["เทศบาลตำบลบางปลา", "เทศบาลตำบลบางปลา"], ["ยะลา", "นครปฐม"])
    assert names.find("บางปลา นครปฐม")[0].place == 1


def test_what_nothing_answers_finds_nothing() -> None:
    names = Names(ALL, [""] * len(ALL))
    assert names.find("qqqqqq") == names.find("") == Names([], []).find("บางปลา") == []
