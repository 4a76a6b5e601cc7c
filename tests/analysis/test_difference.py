"""The interval of a difference of two published scores."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prongsai.analysis.difference import Sampled, difference


def sampled(score: str, low: str, high: str) -> Sampled:
    return Sampled(Decimal(score), Decimal(low), Decimal(high))


def test_it_is_the_textbook_interval_where_intervals_are_symmetric() -> None:
    found = difference(sampled("90", "87", "93"), sampled("80", "76", "84"))
    assert (found.low, found.high) == pytest.approx((5, 15))  # 10 ± sqrt(3² + 4²)
    assert found.value == 10
    assert found.verdict == "higher"


def test_it_turns_round_with_its_sides() -> None:
    one, two = sampled("91.20", "85.00", "95.10"), sampled("93.00", "90.00", "96.00")
    there, back = difference(one, two), difference(two, one)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.verdict == "open"


def test_bounds_near_the_end_are_kept() -> None:
    """All answered alike: the score is 100, and its interval reaches down only."""
    found = difference(sampled("100", "90", "100"), sampled("99", "98", "99.5"))
    assert found.high == pytest.approx(2)  # the first cannot be higher; the second may be one lower
    assert found.verdict == "open"


def test_scores_of_everybody_differ_when_they_differ() -> None:
    assert difference(sampled("84", "84", "84"), sampled("83.99", "83.99", "83.99")).verdict == "higher"
    assert difference(sampled("84", "84", "84"), sampled("84", "84", "84")).verdict == "open"
