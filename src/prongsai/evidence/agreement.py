"""How well inspectors agree beyond chance: Cohen's kappa, exact, per item and per inspector.

Cohen, J. (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, 37–46:
kappa = (observed − expected) / (1 − expected), where *expected* is what two inspectors with these habits would agree on
by chance. Where all marks are equal both are 1 and kappa is undefined (0/0): that is said, never shown as 1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

CUT = Fraction(61, 100)
CUT_SOURCE = (
    "Landis & Koch (1977), Biometrics 33, 159–174: “substantial” agreement begins at 0.61. "
    "That an item below it is flagged, and only from ENOUGH pairs on, is our choice."
)
ENOUGH = 20  # pairs; ours


@dataclass(frozen=True)
class Mark:
    """One inspector's verdict on one item of one agency; marks are given in the order in which they were made."""

    item: str
    agency: str
    inspector: str
    verdict: str


@dataclass(frozen=True)
class Agreement:
    """Of ``pairs`` marked twice ``same`` were marked alike; ``single``: marked once, so they say nothing.

    ``kappa`` is None where it is undefined: no pairs, or all marks equal.
    """

    pairs: int
    same: int
    single: int
    expected: Fraction | None
    kappa: Fraction | None

    @property
    def observed(self) -> Fraction | None:
        """The share of pairs marked alike, None without pairs."""
        return Fraction(self.same, self.pairs) if self.pairs else None

    @property
    def low(self) -> bool:
        """Whether the rule of the item should be made clearer (see ``CUT_SOURCE``); never with few pairs."""
        return self.pairs >= ENOUGH and self.kappa is not None and self.kappa < CUT


def agreement(pairs: Iterable[tuple[str | None, str | None]]) -> Agreement:
    """Of pairs of verdicts by a first and a second marker; a pair with a None counts as ``single``."""
    counted = Counter(pairs)
    both = {pair: count for pair, count in counted.items() if None not in pair}
    total, all_of_them = sum(both.values()), sum(counted.values())
    if not total:
        return Agreement(0, 0, all_of_them, None, None)
    first: Counter[str | None] = Counter()
    second: Counter[str | None] = Counter()
    for (one, other), count in both.items():
        first[one] += count
        second[other] += count
    same = sum(count for (one, other), count in both.items() if one == other)
    expected = Fraction(sum(first[verdict] * second[verdict] for verdict in first), total * total)
    kappa = (Fraction(same, total) - expected) / (1 - expected) if expected != 1 else None
    return Agreement(total, same, all_of_them - total, expected, kappa)


def by_item(marks: Iterable[Mark]) -> dict[str, Agreement]:
    """Of each item: the first mark of each agency beside the second; later marks settle a dispute and do not count."""
    pairs: dict[tuple[str, ...], tuple[str | None, str | None]] = {
        key: (given[0].verdict, given[1].verdict if len(given) > 1 else None)
        for key, given in _first_two(marks).items()
    }
    return _grouped(pairs, lambda key: key[0])


def by_inspector(marks: Iterable[Mark]) -> dict[str, Agreement]:
    """Of each inspector: the own mark beside the other's, over all items and agencies, first or second."""
    pairs: dict[tuple[str, ...], tuple[str | None, str | None]] = {}
    for key, given in _first_two(marks).items():
        if len(given) == 1:
            pairs[(given[0].inspector, *key)] = (given[0].verdict, None)
        for own, other in permutations(given, 2):
            pairs[(own.inspector, *key)] = (own.verdict, other.verdict)
    return _grouped(pairs, lambda key: key[0])


def _first_two(marks: Iterable[Mark]) -> Mapping[tuple[str, str], list[Mark]]:
    """Of each item and agency the first marks of the first two inspectors; a changed mind does not count."""
    found: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        given = found[mark.item, mark.agency]
        if len(given) < 2 and mark.inspector not in {one.inspector for one in given}:
            given.append(mark)
    return found


def _grouped(
    pairs: Mapping[tuple[str, ...], tuple[str | None, str | None]], name: Callable[[tuple[str, ...]], str]
) -> dict[str, Agreement]:
    groups: dict[str, list[tuple[str | None, str | None]]] = defaultdict(list)
    for key, pair in pairs.items():
        groups[name(key)].append(pair)
    return {group: agreement(found) for group, found in sorted(groups.items())}
