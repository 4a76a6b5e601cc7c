"""The printed numbers of a reading as exact intervals: what each may stand for once rounding is allowed for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from prongsai.framework import Confidence
from prongsai.framework.model import Rule
from prongsai.reading.model import Printed, Reading
from prongsai.scoring.interval import ANY, Interval
from prongsai.scoring.score import combine
from prongsai.scoring.structure import Node, Structure, Way, structure
from prongsai.thai.digits import to_arabic

_YEAR = re.compile(r"(?<!\d)25\d\d(?!\d)")
_PART = re.compile(r"ส่วนที่\s*[12]|EIT\s*(?:ส่วน|part|\.)\s*(?:ที่)?\s*[12]|\bpart\s*[12]", re.IGNORECASE)
_SUPPOSED = re.compile(r"(?:คะแนน|ผล)[ก-๙]{0,12}ที่จะได้|คะแนนที่คาด|คะแนนเป้าหมาย|ค่าเป้าหมาย$")
WHOLE = Fraction(100)
_DEEPEST = 4


@dataclass(frozen=True)
class Choice:
    """One value that a node may have: printed somewhere, or computed from what is printed below it."""

    interval: Interval
    printed: Printed | None = None

    @property
    def exact(self) -> Fraction:
        """The number itself on the scale of 100, rounding aside."""
        if self.printed is None:
            return (self.interval.low + self.interval.high) / 2
        return on_100(self.printed)


def on_100(value: Printed) -> Fraction:
    """The printed number on the scale of 100."""
    return Fraction(value.value) * 100 / Fraction(value.of or 100)


def interval_of(value: Printed) -> Interval:
    """What a printed number may stand for: half a unit of its last digit either way, within 0–100.

    A bare 0 or 100 is meant exactly: nobody writes 99.6 as 100.
    """
    exponent = value.value.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    centre = on_100(value)
    if places >= 0 and centre in (0, WHOLE):
        return Interval(centre, centre)
    half = Fraction(10) ** min(places, 0) / 2 * 100 / Fraction(value.of or 100)
    return Interval(max(centre - half, Fraction(0)), min(centre + half, WHOLE))


def same(first: Interval, second: Interval) -> bool:
    """Whether two printed numbers can be one number, rounded differently."""
    low, high = max(first.low, second.low), min(first.high, second.high)
    return low < high or (low == high and (first.exact or second.exact))


def touch(first: Interval, second: Interval) -> bool:
    """Whether two intervals have a value in common."""
    return max(first.low, second.low) <= min(first.high, second.high)


class Numbers:
    """The values of a reading by node; those of other years, and those only hoped for, left out."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.framework = reading.framework

    @cached_property
    def tree(self) -> Structure | None:
        """The framework's tree, None where the year is not known."""
        return structure(self.framework) if self.framework else None

    @cached_property
    def by_node(self) -> dict[str, list[Printed]]:
        """All values printed for each node, in reading order."""
        found: dict[str, list[Printed]] = {}
        for value in self.reading.values:
            if 0 <= on_100(value) <= WHOLE and not (self._of_another_year(value) or _SUPPOSED.search(value.context)):
                found.setdefault(value.node, []).append(value)
        return found

    def _of_another_year(self, value: Printed) -> bool:
        """Whether the words around a value name a year, but neither the result's nor the action's."""
        years = {int(year) for year in _YEAR.findall(to_arabic(value.context))}
        own = {year for year in (self.reading.fiscal_year, self.reading.action_year) if year}
        return bool(years and own) and not years & own

    def choices(self, node: str) -> list[Choice]:
        """The distinct values printed for a node; of two that differ by rounding alone, the finer one."""
        found: list[Choice] = []
        for value in self.by_node.get(node, []):
            choice = Choice(interval_of(value), value)
            for index, other in enumerate(found):
                if same(choice.interval, other.interval):
                    if _width(choice.interval) < _width(other.interval):
                        found[index] = choice
                    break
            else:
                found.append(choice)
        return found

    def one(self, node: str) -> Choice | None:
        """The value of a node where exactly one is printed."""
        found = self.choices(node)
        return found[0] if len(found) == 1 else None

    def values_of(self, node: str) -> list[Choice]:
        """What may stand for a node: its printed values, else what follows from below, else nothing."""
        if printed := self.choices(node):
            return printed
        computed = self.computed(node)
        return [Choice(computed)] if computed is not None else []

    def computed(self, node: str, depth: int = 0) -> Interval | None:
        """What follows for a node from the values printed below it; None where nothing does."""
        known = self.tree.nodes.get(node) if self.tree else None
        if known is None or depth > _DEEPEST:
            return None
        result: Interval | None = None
        for way in known.ways:
            if self.binds(known, way) is None:
                continue
            below = {}
            for child, name in zip(way.children, way.names, strict=True):
                below[name] = self._span(child, depth + 1) or ANY
            if all(span == ANY for span in below.values()):
                continue
            value = combine(way.rule, below)
            both = value if result is None else result.meet(value)
            result = both or result
        return None if result == ANY else result

    def _span(self, node: str, depth: int) -> Interval | None:
        printed = self.choices(node)
        if printed:
            return Interval(min(c.interval.low for c in printed), max(c.interval.high for c in printed))
        return self.computed(node, depth)

    def binds(self, node: Node, way: Way) -> Confidence | None:
        """How sure it is that a way holds, None where it binds nothing.

        Item scores of an instrument with parts, printed without their part, say nothing of the whole.
        """
        if self.tree is None or self.framework is None:
            return None
        if node.part is None and node.kind in ("indicator", "sub_indicator", "item") and self.has_parts(node):
            children = [self.tree.nodes[child] for child in way.children if child in self.tree.nodes]
            if all(child.part is None for child in children):
                return None
        return confidence_of(way.rule)

    def has_parts(self, node: Node) -> bool:
        """Whether a node belongs to an instrument that is collected in parts."""
        return bool(self.framework) and any(
            instrument.parts and instrument.code == node.instrument
            for instrument in (self.framework.instruments if self.framework else ())
        )

    def names_a_part(self, nodes: Iterable[str]) -> bool:
        """Whether a part is named beside a value of these nodes."""
        return any(_PART.search(to_arabic(value.context)) for node in nodes for value in self.by_node.get(node, []))


_ORDER = list(Confidence)


def confidence_of(rule: Rule) -> Confidence:
    """How sure a rule is. Of an unknown weighting the bounds hold anyway; its shares count as sure as they are."""
    if rule.kind != "unknown":
        return rule.confidence
    return worst([Confidence.CONFIRMED, *(share.confidence for share in rule.shares)])


def worst(found: Iterable[Confidence]) -> Confidence:
    """The least sure of several."""
    return max(found, key=_ORDER.index, default=Confidence.CONFIRMED)


def _width(interval: Interval) -> Fraction:
    return interval.high - interval.low
