"""How many answered, as far as it may be shown, and what that lets one expect by the last day.

An agency's people see counts of whole days only, and a day (or several together) only once k or more answered in it:
whoever watches a live counter while a colleague sits at the machine learns who answered, and a total that is looked at
every evening is a count of every day. So the total that is shown moves in steps of k people or more. Assessors and
supervisors, who are not in the agency, see every count at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

LEAST_DAYS = 3  # of data: below it a forecast would be a guess
WINDOW = 7  # days whose mean is carried on
_SPREAD = 1.2816  # standard deviations on either side of four fifths of a normal curve


@dataclass(frozen=True)
class Group:
    """Some days in a row (both included) and how many answered in them."""

    first: dt.date
    last: dt.date
    filed: int


def groups(days: Iterable[tuple[dt.date, int]], opened: dt.date, today: dt.date, k: int) -> tuple[Group, ...]:
    """Whole days since the opening, joined until each group has k answers or more; what is left over is not told."""
    filed = dict(days)
    found: list[Group] = []
    first, total = opened, 0
    day = opened
    while day < today:
        total += filed.get(day, 0)
        if total >= k:
            found.append(Group(first, day, total))
            first, total = day + dt.timedelta(days=1), 0
        day += dt.timedelta(days=1)
    return tuple(found)


@dataclass(frozen=True)
class Forecast:
    """How many will have answered by the last day: the daily mean carried on, and where four times in five it lies."""

    expected: int
    low: int
    high: int
    per_day: float
    days: int

    def verdict(self, required: int | None) -> str:
        """``enough``, ``short`` or ``open`` (it can go either way); empty where nothing is required."""
        if not required:
            return ""
        return "enough" if self.low >= required else "short" if self.high < required else "open"


def forecast(daily: Sequence[float], answered: int, days_left: int, most: int | None = None) -> Forecast | None:
    """From answers of the last whole days, oldest first; None below ``LEAST_DAYS``. ``most``: how many could answer.

    The spread is that of the days seen, at least that of counts that come by chance (Poisson), and grows with the
    days to come and with the fewness of days seen.
    """
    if len(daily) < LEAST_DAYS:
        return None
    seen = daily[-WINDOW:]
    mean = sum(seen) / len(seen)
    variance = max(mean, sum((one - mean) ** 2 for one in seen) / (len(seen) - 1))
    left = max(0, days_left)
    spread = _SPREAD * sqrt(variance * left * (1 + left / len(seen)))
    expected = answered + mean * left

    def possible(value: int) -> int:
        return min(max(value, answered), most if most is not None and most >= answered else value)

    low, high = possible(floor(expected - spread)), possible(max(answered, ceil(expected + spread)))
    return Forecast(max(low, min(high, round(expected))), low, high, mean, len(seen))


def spread_over(found: Sequence[Group]) -> list[float]:
    """Groups as days, each with its share: what a forecast may rest on where single days are not told."""
    return [
        group.filed / ((group.last - group.first).days + 1)
        for group in found
        for _ in range((group.last - group.first).days + 1)
    ]


def by_day(days: Iterable[tuple[dt.date, int]], opened: dt.date, today: dt.date) -> list[float]:
    """Every whole day since the opening, days without an answer too."""
    filed = dict(days)
    return [float(filed.get(opened + dt.timedelta(days=n), 0)) for n in range(max(0, (today - opened).days))]
