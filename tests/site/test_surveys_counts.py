"""Counts in steps of k, and the forecast that rests on them."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import pytest

from prongsai.site.surveys.counts import by_day, forecast, groups, spread_over

FIRST = dt.date(2026, 11, 2)


def days(*filed: int) -> list[tuple[dt.date, int]]:
    return [(FIRST + dt.timedelta(days=n), count) for n, count in enumerate(filed)]


def test_a_day_is_told_once_k_answered_together() -> None:
    told = groups(days(12, 4, 3, 5, 2), FIRST, FIRST + dt.timedelta(days=5), 10)
    assert [(group.first, group.last, group.filed) for group in told] == [
        (FIRST, FIRST, 12),
        (FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=3), 12),
    ]


def test_today_is_never_told() -> None:
    assert groups(days(30), FIRST, FIRST, 10) == ()


def test_looking_every_day_gives_no_smaller_steps() -> None:
    """The total that one sees from day to day moves by k or more, or not at all."""
    draw = random.Random(5)
    filed = days(*(draw.randint(0, 9) for _ in range(60)))
    seen = [sum(group.filed for group in groups(filed, FIRST, FIRST + dt.timedelta(days=n), 10)) for n in range(61)]
    steps = [after - before for before, after in pairwise(seen)]
    assert all(step == 0 or step >= 10 for step in steps)
    assert any(steps)


def test_no_forecast_below_three_days() -> None:
    assert forecast([5, 6], 11, 10) is None
    assert forecast([5, 6, 4], 15, 10) is not None


def test_the_forecast_carries_the_mean_on() -> None:
    seen = forecast([10.0] * 7, 70, 10)
    assert seen is not None
    assert seen.expected == 170
    assert 70 <= seen.low < 170 < seen.high
    assert (seen.verdict(100), seen.verdict(170), seen.verdict(400)) == ("enough", "open", "short")
    assert seen.verdict(None) == ""


def test_a_forecast_stays_within_what_can_be() -> None:
    seen = forecast([20, 20, 20], 60, 10, most=90)
    assert seen is not None
    assert (seen.expected, seen.high) == (90, 90)
    nothing = forecast([0, 0, 0], 5, 4)
    assert nothing is not None
    assert (nothing.low, nothing.expected, nothing.high) == (5, 5, 5)


@pytest.mark.parametrize("rate", [2, 15])
def test_four_times_in_five_the_truth_lies_inside(rate: int) -> None:
    draw = random.Random(11)

    def a_day() -> int:
        return sum(draw.random() < rate / 100 for _ in range(100))

    inside = 0
    for _ in range(400):
        past, future = [a_day() for _ in range(7)], sum(a_day() for _ in range(10))
        seen = forecast(past, sum(past), 10)
        assert seen is not None
        inside += seen.low <= sum(past) + future <= seen.high
    assert 0.72 <= inside / 400 <= 0.92


def test_groups_and_days_lead_to_the_same_number_of_days() -> None:
    filed = days(12, 4, 3, 5)
    told = groups(filed, FIRST, FIRST + dt.timedelta(days=4), 10)
    assert len(spread_over(told)) == len(by_day(filed, FIRST, FIRST + dt.timedelta(days=4))) == 4
    assert sum(spread_over(told)) == pytest.approx(24)
