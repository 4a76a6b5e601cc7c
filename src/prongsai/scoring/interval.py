"""Exact intervals: what a score must lie in when something below it is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

CENT = Decimal("0.01")


def shown(value: Fraction) -> Decimal:
    """The score as it is shown: two decimals, half up (the rule of the design, ``decided_on: shown``)."""
    scaled = value * 100
    return (Decimal((scaled + Fraction(1, 2)).__floor__()) / 100).quantize(CENT, ROUND_HALF_UP)


def written(value: Decimal) -> str:
    """A number as it was given, with two decimals at least: ``100`` → ``100.00``, ``84.995`` stays."""
    places = value.as_tuple().exponent
    return f"{value.quantize(CENT) if isinstance(places, int) and places > -2 else value:f}"


@dataclass(frozen=True)
class Interval:
    """A score known to lie between ``low`` and ``high`` inclusive; exact when they are equal."""

    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction | Decimal | int) -> Interval:
        """A score that is known."""
        return cls(Fraction(value), Fraction(value))

    @property
    def exact(self) -> bool:
        """Whether the score is known."""
        return self.low == self.high

    def meet(self, other: Interval) -> Interval | None:
        """What both say, or None where they contradict each other."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else None

    def as_json(self) -> dict[str, str]:
        """``score``, or ``low`` and ``high``: strings with two decimals."""
        if self.exact:
            return {"score": str(shown(self.low))}
        return {"low": str(shown(self.low)), "high": str(shown(self.high))}


ANY = Interval(Fraction(0), Fraction(100))


def mean(values: Sequence[Interval]) -> Interval:
    """Plain mean. ``values`` is not empty."""
    return weighted([(Fraction(1), value) for value in values])


def weighted(values: Sequence[tuple[Fraction, Interval]]) -> Interval:
    """Weighted mean; weights need not add up to 100, so a child that left the denominator just drops out."""
    total = sum((weight for weight, _ in values), Fraction(0))
    low = sum((weight * value.low for weight, value in values), Fraction(0))
    high = sum((weight * value.high for weight, value in values), Fraction(0))
    return Interval(low / total, high / total)


@dataclass(frozen=True)
class Group:
    """Children of which only the weight together is known: exactly, or (``most``) an upper limit."""

    least: Fraction
    most: Fraction
    values: Sequence[Interval]


def between(groups: Sequence[Group]) -> Interval:
    """The score when only the weight of each *group* of children is known, not how it is split inside.

    Any split with no negative weight is possible, so a group contributes at least its lowest child and at
    most its highest. With one group this is the plain "somewhere between the children". A weight known by
    its limits is tried at both, which is where a weighted mean has its extremes.
    """
    hulls = [Interval(min(v.low for v in g.values), max(v.high for v in g.values)) for g in groups]
    found = [
        weighted(list(zip(weights, hulls, strict=True)))
        for weights in product(*({g.least, g.most} for g in groups))
        if any(weights)
    ]
    return Interval(min(value.low for value in found), max(value.high for value in found))
