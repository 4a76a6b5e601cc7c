"""How easily one digit is taken for another, and which numbers a misread number may have been.

A cost is the improbability of a confusion in decibans (tenths of a power of ten), so that costs of independent
confusions add up. The pairs are data: ``glyphs.yaml``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from prongsai.thai.digits import to_arabic
from prongsai.yaml_file import read

THAI = "๐๑๒๓๔๕๖๗๘๙"
ARABIC = "0123456789"
MOST_CHANGES = 2  # in one printed number: with three, almost any number becomes any other
_NUMBER = re.compile(r"[0-9๐-๙]+(?:\.[0-9๐-๙]+)?")
# What a document tells of its own confusions is mixed with this many imagined digits read at the usual rate.
_PRIOR_DIGITS = 10
_LEAST_COST = 5


@dataclass(frozen=True)
class Glyph:
    """One glyph that was confused: printed as ``printed`` at ``place`` of the number (from 0), meant ``meant``."""

    place: int
    printed: str
    meant: str
    cost: int


@dataclass(frozen=True)
class Costs:
    """Costs of confusions, (meant, printed) → cost; any other pair of digits costs ``other``."""

    pairs: Mapping[tuple[str, str], int]
    other: int
    _alternatives: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def cheapest(self) -> int:
        """The cost of the most frequent confusion."""
        return min([self.other, *self.pairs.values()])

    def of(self, meant: str, printed: str) -> int:
        """The cost of reading ``meant`` as ``printed``; 0 where they are the same."""
        return 0 if meant == printed else self.pairs.get((meant, printed), self.other)

    def alternatives(self, printed: str) -> tuple[tuple[str, int], ...]:
        """The digits of the same script that a printed digit may have been, likeliest first, with their costs."""
        if printed not in self._alternatives:
            script = THAI if printed in THAI else ARABIC
            found = [(meant, self.of(meant, printed)) for meant in script if meant != printed]
            self._alternatives[printed] = tuple(sorted(found, key=lambda pair: pair[1]))
        return self._alternatives[printed]

    def learned(self, seen: Mapping[tuple[str, str], int], digits: Mapping[str, int]) -> Costs:
        """Costs for a document in which these confusions were seen among so many digits of each kind.

        A document that takes one ๙ for ๘ takes others too: one printer, one scanner, one typist. A cost is
        only ever lowered.
        """
        pairs = dict(self.pairs)
        for (meant, printed), count in seen.items():
            usual = _PRIOR_DIGITS * 10 ** (-self.of(meant, printed) / 10)
            rate = (count + usual) / (max(digits.get(meant, 0), count) + _PRIOR_DIGITS)
            cost = max(_LEAST_COST, round(-10 * math.log10(rate)))
            pairs[meant, printed] = min(self.of(meant, printed), cost)
        return Costs(pairs, self.other)


@cache
def usual_costs() -> Costs:
    """The costs of ``glyphs.yaml``, each pair in both directions."""
    data = read(Path(__file__).with_suffix(".yaml")).data
    pairs: dict[tuple[str, str], int] = {}
    for entry in data["pairs"]:
        first, second = entry["glyphs"]
        pairs[first, second] = pairs[second, first] = int(entry["cost"])
    return Costs(pairs, int(data["other"]))


@dataclass(frozen=True)
class Numeral:
    """A number as its glyphs: ``units`` counts the last printed place (๘๗.๐๒ → 8702 of 2 ``decimals``)."""

    text: str
    units: int
    decimals: int

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.units).scaleb(-self.decimals)

    def rewritten(self, units: int) -> str | None:
        """Another number in the same glyphs and places, or None where it has not the same number of digits."""
        whole = len(self.text) - self.decimals - (1 if self.decimals else 0)
        digits = str(units).zfill(self.decimals + 1)
        if len(digits) != whole + self.decimals:
            return None
        text = f"{digits[:whole]}.{digits[whole:]}" if self.decimals else digits
        return text.translate(str.maketrans(ARABIC, THAI)) if any(c in THAI for c in self.text) else text


def numeral(text: str, value: Decimal | None = None) -> Numeral | None:
    """The number printed in ``text``, or None. Where several stand there, the one that says ``value``."""
    for match in _NUMBER.findall(text):
        plain = to_arabic(match)
        if value is None or Decimal(plain) == value:
            _, _, decimals = plain.partition(".")
            return Numeral(match, int(plain.replace(".", "")), len(decimals))
    return None


Reading = tuple[int, frozenset[tuple[int, str]]]  # cost, and the glyphs meant at their places


def readings(printed: Numeral, costs: Costs, dearest: int, most: int = MOST_CHANGES) -> dict[int, Reading]:
    """Numbers (in units) that ``printed`` may have been, each by its cheapest changes; itself costs 0.

    A number of two digits or more does not begin with 0, and no sum of costs passes ``dearest``.
    """
    if dearest < costs.cheapest:
        return {printed.units: (0, frozenset())}
    glyphs = [(place, glyph) for place, glyph in enumerate(printed.text) if glyph != "."]
    digits = [
        (place, int(glyph), 10 ** (len(glyphs) - 1 - rank), costs.alternatives(glyph))
        for rank, (place, glyph) in enumerate(glyphs)
    ]
    begins_with_zero = len(printed.text.partition(".")[0]) == 1
    found: dict[int, Reading] = {printed.units: (0, frozenset())}
    layer: list[tuple[int, int, Reading]] = [(0, printed.units, (0, frozenset()))]  # first place that may still change
    for _ in range(most):
        following: list[tuple[int, int, Reading]] = []
        for start, units, (cost, changed) in layer:
            for rank in range(start, len(digits)):
                place, own, worth, alternatives = digits[rank]
                for meant, more in alternatives:
                    if cost + more > dearest:
                        break
                    digit = int(meant)
                    if digit or rank or begins_with_zero:
                        new = (cost + more, changed | {(place, meant)})
                        following.append((rank + 1, units + (digit - own) * worth, new))
        for _, units, new in following:
            if units not in found or new[0] < found[units][0]:
                found[units] = new
        layer = following
    return found


def confusions(printed: Numeral, meant: int, costs: Costs) -> tuple[Glyph, ...] | None:
    """The glyphs that differ between what is printed and what was meant (in units); None where not comparable."""
    text = printed.rewritten(meant)
    if text is None:
        return None
    pairs = enumerate(zip(printed.text, text, strict=True))
    return tuple(Glyph(place, old, new, costs.of(new, old)) for place, (old, new) in pairs if old != new)


def count_digits(texts: Iterable[str]) -> Counter[str]:
    """How often each digit glyph occurs."""
    return Counter(glyph for text in texts for glyph in text if glyph != ".")
