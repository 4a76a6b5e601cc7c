"""Confusable digits: the table, its costs, and what a misread number may have been."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.reading.glyphs import ARABIC, THAI, confusions, numeral, readings, usual_costs
from prongsai.thai.digits import to_arabic, to_thai

COSTS = usual_costs()


@pytest.mark.parametrize("pair", ["๘๙", "๐๗", "๓๗", "๑๕", "๑๒", "๓๕", "๔๕", "08", "17", "38", "56"])
def test_confusable_pairs_cost_less_than_others_in_both_directions(pair: str) -> None:
    first, second = pair
    assert COSTS.of(first, second) == COSTS.of(second, first) < COSTS.other
    assert COSTS.of(first, first) == 0


def test_every_digit_has_nine_alternatives_of_its_own_script() -> None:
    for script in (THAI, ARABIC):
        for glyph in script:
            found = COSTS.alternatives(glyph)
            assert {meant for meant, _ in found} == set(script) - {glyph}
            assert [cost for _, cost in found] == sorted(cost for _, cost in found)
    assert all(isinstance(cost, int) for cost in COSTS.pairs.values())


def test_a_number_is_found_inside_its_text() -> None:
    found = numeral("ร้อยละ ๘๗.๐๒ คะแนน")
    assert found
    assert (found.text, found.units, found.decimals, found.value) == ("๘๗.๐๒", 8702, 2, Decimal("87.02"))
    assert numeral("25.04 จาก 30", Decimal(30)).text == "30"  # type: ignore[union-attr]
    assert numeral("ไม่มี") is None


def test_a_number_is_rewritten_in_its_own_glyphs() -> None:
    found = numeral("๘๗.๐๒")
    assert found
    assert found.rewritten(9772) == "๙๗.๗๒"
    assert found.rewritten(10_000) is None  # one place more
    assert [(g.place, g.printed, g.meant) for g in confusions(found, 9772, COSTS) or ()] == [
        (0, "๘", "๙"),
        (3, "๐", "๗"),
    ]


def test_readings_never_begin_with_zero_and_stay_within_the_cost() -> None:
    found = numeral("91.50")
    assert found
    known = readings(found, COSTS, 100)
    assert known[9150] == (0, frozenset())
    assert all(units >= 1000 for units in known)
    assert readings(found, COSTS, 0) == {9150: (0, frozenset())}
    zero = numeral("8.28")
    assert zero
    assert 28 in readings(zero, COSTS, 100)  # 0.28 is a number


@given(st.integers(1000, 9999), st.booleans())
def test_readings_agree_with_the_glyphs_that_differ(units: int, thai: bool) -> None:
    text = f"{units // 100}.{units % 100:02d}"
    found = numeral(to_thai(text) if thai else text)
    assert found
    for other, (cost, changed) in readings(found, COSTS, 62).items():
        glyphs = confusions(found, other, COSTS)
        assert glyphs is not None
        assert sum(glyph.cost for glyph in glyphs) == cost
        assert {(glyph.place, glyph.meant) for glyph in glyphs} == set(changed)
        assert len(changed) <= 2
        rewritten = found.rewritten(other)
        assert rewritten
        assert Decimal(to_arabic(rewritten)) == Decimal(other) / 100


def test_a_document_that_repeats_a_confusion_makes_it_cheaper_never_dearer() -> None:
    learned = COSTS.learned({("๙", "๘"): 5}, {"๙": 30, "๘": 20})
    assert learned.of("๙", "๘") < COSTS.of("๙", "๘")
    assert learned.of("๘", "๙") == COSTS.of("๘", "๙")
    assert COSTS.learned({("๙", "๘"): 1}, {"๙": 5000}).of("๙", "๘") == COSTS.of("๙", "๘")
