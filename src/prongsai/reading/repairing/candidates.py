"""What each printed score may have been: its candidates, each with the interval of exact scores it stands for.

A number with two decimals stands for every score that is shown so (half up). Numbers of one node that are printed
on different scales, or with a different number of decimals, bind one another through that interval.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from prongsai.reading.glyphs import Costs, Numeral, numeral, readings

# Costs in decibans, as in ``glyphs.py``.
WRONG_NUMBER = 70  # the only number printed for a node is another one altogether, not a confusion of glyphs
WRONG_OF_SEVERAL = 40  # one of two numbers printed for a node is another one (copied from a neighbour, say)
AGAIN = 12  # at most: the same misreading at another place, which may be a copy; counted once
MISFIT_AS_PRINTED = 15  # a printed score that cannot come from the number of respondents
MISFIT_CHANGED = 30  # a changed score that cannot
LOW = 50
RARE = 12  # a score below LOW where a higher one is printed: few published scores are so low
AGAINST_LEVEL = 15  # a score that the printed level does not allow
DEAREST = 62  # two confusions of glyphs of which at least one is common; more for a number printed differently again


@dataclass(frozen=True)
class Shown:
    """One number printed for a node. ``of`` is the full mark of its scale."""

    node: str
    text: str
    value: Decimal | None = None
    of: Decimal = Decimal(100)


class Candidate(NamedTuple):
    """What a node may show: one number per scale it is printed on, and the scores (``low`` ≤ score < ``high``).

    ``cost`` includes what speaks against it beside its glyphs. ``changed``: the glyphs that differ from the nearest
    print, as (scale, place, glyph); a candidate is gratuitous where one with fewer of the same changes does.
    """

    numbers: tuple[Decimal, ...]
    low: int
    high: int
    cost: int
    changed: frozenset[tuple[int, int, str]] = frozenset()


@dataclass(frozen=True)
class Scale:
    """The numbers printed for a node on one scale with the same number of decimals; at least one."""

    of: Decimal
    decimals: int
    prints: tuple[tuple[Numeral, int], ...]  # each different text once, with how often it was printed

    @cached_property
    def half(self) -> Fraction:
        """Half a unit of the last place, as a score out of 100."""
        return Fraction(50) / Fraction(self.of) / Fraction(10) ** self.decimals

    def number(self, units: int) -> Decimal:
        """Units of the last place as a number."""
        return Decimal(units).scaleb(-self.decimals)


_TIERS = (0, 20, 40, DEAREST)
Against = Callable[[Decimal, bool], int]  # a number, whether it is a changed one → what speaks against it


def scales_of(prints: Iterable[Shown]) -> dict[str, tuple[Scale, ...]]:
    """The prints by node and scale, texts that say no number left out. 0 and full marks count as two decimals."""
    found: dict[str, dict[tuple[Decimal, int], Counter[Numeral]]] = {}
    for shown in prints:
        number = numeral(shown.text, shown.value) or (
            numeral(f"{shown.value:f}") if shown.value is not None and shown.value >= 0 else None
        )
        if number is None:
            continue
        if number.decimals < 2 and number.value in (0, shown.of):
            more = 2 - number.decimals
            point = "" if number.decimals else "."
            zero = "๐" if any(c in "๐๑๒๓๔๕๖๗๘๙" for c in number.text) else "0"
            number = Numeral(number.text + point + zero * more, number.units * 10**more, 2)
        scales = found.setdefault(shown.node, {})
        scales.setdefault((shown.of, number.decimals), Counter())[number] += 1
    return {
        node: tuple(
            Scale(of, decimals, tuple(texts.items())) for (of, decimals), texts in sorted(scales.items(), key=_by_use)
        )
        for node, scales in found.items()
    }


def _by_use(entry: tuple[tuple[Decimal, int], Counter[Numeral]]) -> tuple[bool, int, int]:
    """The scale of 100 first, then the one used more, then the finer one."""
    (of, decimals), texts = entry
    return of != 100, -texts.total(), -decimals


FINER = 1000  # the unit is so much finer than the numbers need, for scores that are no printed number


def unit_of(scales: Iterable[tuple[Scale, ...]]) -> int:
    """How many whole units a score of 1 has, so that every edge of every interval is a whole number."""
    return FINER * math.lcm(1, *(scale.half.denominator for group in set(scales) for scale in group))


class Slot:
    """A node with all that it may show, in whole ``unit``. Candidates are worked out only as far as they are asked for.

    ``single`` is the candidate as printed, where one number was.
    """

    def __init__(
        self, node: str, scales: tuple[Scale, ...], unit: int, costs: Costs, against: Against | None = None
    ) -> None:
        self.node = node
        self.scales = scales
        self.single = as_printed(scales, unit)
        self._unit = unit
        self._costs = costs
        self._against = against
        self._known: dict[int, list[Candidate]] = {}

    @property
    def wrong(self) -> int:
        """What it costs to give up all that was printed for the node."""
        prints = sum(len(scale.prints) for scale in self.scales)
        return WRONG_NUMBER + WRONG_OF_SEVERAL * (prints - 1)

    def within(self, allowance: int) -> list[Candidate]:
        """The candidates that cost at most ``allowance``, and maybe dearer ones; cheapest first."""
        tier = next((tier for tier in _TIERS if allowance <= tier), DEAREST) if self.single else DEAREST
        if tier not in self._known:
            self._known[tier] = self._candidates(tier)
        return self._known[tier]

    def _candidates(self, dearest: int) -> list[Candidate]:
        found = _on_scale(self.scales[0], self._unit, self._costs, (0, dearest))
        for rank, scale in enumerate(self.scales[1:], 1):
            found = [
                Candidate(
                    known.numbers + new.numbers,
                    max(known.low, new.low),
                    min(known.high, new.high),
                    known.cost + new.cost,
                    known.changed | new.changed,
                )
                for known in found
                for new in _on_scale(scale, self._unit, self._costs, (rank, dearest))
                if max(known.low, new.low) < min(known.high, new.high)
            ]
        known = ((candidate, self._against_it(candidate)) for candidate in found)
        found = [candidate._replace(cost=candidate.cost + more) if more else candidate for candidate, more in known]
        return sorted(found, key=lambda candidate: (candidate.cost, candidate.numbers))

    def _against_it(self, candidate: Candidate) -> int:
        """What speaks against a candidate beside its glyphs."""
        scale, number = self.scales[0], candidate.numbers[0]
        printed = [print_.value for print_, _ in scale.prints]
        low = LOW * scale.of / 100
        rare = RARE if number < low and min(printed) >= low else 0
        if self._against is None or scale.of != 100:
            return rare
        return rare + self._against(number, number not in printed)


def as_printed(scales: Sequence[Scale], unit: int) -> Candidate | None:
    """The candidate that takes every print as it stands; None where two prints of one scale differ."""
    if any(len({print_.value for print_, _ in scale.prints}) > 1 for scale in scales):
        return None
    middles = [(2 * scale.prints[0][0].units, int(scale.half * unit)) for scale in scales]
    low = max((middle - 1) * half for middle, half in middles)
    high = min((middle + 1) * half for middle, half in middles)
    return Candidate(tuple(scale.prints[0][0].value for scale in scales), low, high, 0) if low < high else None


def _on_scale(scale: Scale, unit: int, costs: Costs, which: tuple[int, int]) -> list[Candidate]:
    """Every number that at least one print may have been; the others may be another number altogether.

    ``which``: the scale's rank, and the dearest confusion of one print that is wanted.
    """
    if len(scale.prints) == 1:
        return _alone(scale, unit, costs, which)
    rank, reach = which
    dearest = DEAREST + (WRONG_OF_SEVERAL + AGAIN) * (len(scale.prints) - 1) + AGAIN
    found = [(readings(print_, costs, reach), count) for print_, count in scale.prints]
    most = int(scale.of * 10**scale.decimals)
    half = int(scale.half * unit)
    candidates: list[Candidate] = []
    for units in set().union(*(texts.keys() for texts, _ in found)):
        if units > most:
            continue
        nearest, changed = min((texts[units] for texts, _ in found if units in texts), key=itemgetter(0))
        cost = max(0, nearest - WRONG_OF_SEVERAL)
        for texts, count in found:
            known = texts.get(units)
            own = WRONG_OF_SEVERAL if known is None or known[0] > WRONG_OF_SEVERAL else known[0]
            cost += own + (min(own, AGAIN) if count > 1 else 0)
        if cost <= dearest:
            marks = frozenset((rank, place, meant) for place, meant in changed)
            candidates.append(
                Candidate((scale.number(units),), (2 * units - 1) * half, (2 * units + 1) * half, cost, marks)
            )
    return candidates


def _alone(scale: Scale, unit: int, costs: Costs, which: tuple[int, int]) -> list[Candidate]:
    """The same where one text was printed: what it may have been."""
    (print_, count), (rank, reach) = scale.prints[0], which
    most, half = int(scale.of * 10**scale.decimals), int(scale.half * unit)
    return [
        Candidate(
            (scale.number(units),),
            (2 * units - 1) * half,
            (2 * units + 1) * half,
            cost + (min(cost, AGAIN) if count > 1 else 0),
            frozenset((rank, place, meant) for place, meant in changed),
        )
        for units, (cost, changed) in readings(print_, costs, reach).items()
        if units <= most
    ]


def texts_of(scales: Sequence[Scale]) -> list[str]:
    """All texts printed, as often as they were."""
    return [print_.text for scale in scales for print_, count in scale.prints for _ in range(count)]
