"""Whether two published scores differ by more than chance, from their published intervals alone.

The interval of a difference is put together from those of the two scores (MOVER: Zou and Donner, Statistics in
Medicine 27, 2008), so that bounds near 100 stay what they are. It holds for one pair, not for the greatest of many.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import hypot
from typing import Literal


@dataclass(frozen=True)
class Sampled:
    """A score with its 95 % interval, in points."""

    score: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Difference:
    """First less second, in points, with its 95 % interval."""

    value: Decimal
    low: float
    high: float

    @property
    def verdict(self) -> Literal["higher", "lower", "open"]:
        """Whether the first is surely higher or lower; ``open`` where chance alone may have made the difference."""
        return "higher" if self.low > 0 else "lower" if self.high < 0 else "open"


def difference(first: Sampled, second: Sampled) -> Difference:
    """The difference of two scores of different, independent groups of people."""
    value = first.score - second.score
    below = hypot(float(first.score - first.low), float(second.high - second.score))
    above = hypot(float(first.high - first.score), float(second.score - second.low))
    return Difference(value, float(value) - below, float(value) + above)
