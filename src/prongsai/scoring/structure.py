"""The tree that scores climb: a framework unfolded into nodes, each with the ways its score follows.

Node ids: ``overall``, ``IIT`` (instrument), ``EIT.1`` (part), ``6`` (indicator), ``9.1`` (sub-indicator),
``i1`` (item), ``i1.2`` (row 2 of an item); ``@EIT.1`` is appended for the same node within one part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from prongsai.framework.model import Framework, Indicator, Instrument, Item, Polarity, Rule, Scale

_Add = Callable[["Node", "Way | None"], None]
Kind = Literal["overall", "instrument", "part", "indicator", "sub_indicator", "item", "row"]


@dataclass(frozen=True)
class Way:
    """One way in which a node's score follows from its children, by a rule of the framework."""

    rule: Rule
    children: tuple[str, ...]
    # The children's names as the rule's weights and shares write them, in the same order.
    names: tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """What a node that is counted directly needs: its options and how they earn."""

    scale: Scale | None
    polarity: Polarity

    def points(self, option: str) -> Decimal | None:
        """Points earned by an option key, or None where scale or polarity is unknown or has no such option."""
        if self.scale is None or self.polarity == "unknown":
            return None
        for known in self.scale.options:
            if known.key == option:
                return known.points if self.polarity == "positive" else 100 - known.points
        return None


@dataclass(frozen=True)
class Node:
    """One place in the tree. ``code`` is the id without its part."""

    id: str
    kind: Kind
    code: str
    title: str
    part: str | None = None
    ways: tuple[Way, ...] = ()
    leaf: Leaf | None = None
    instrument: str | None = None


@dataclass(frozen=True)
class Structure:
    """All nodes of a framework, children before parents."""

    framework: Framework
    nodes: dict[str, Node]

    def of_kind(self, *kinds: Kind, part: str | None = None) -> list[Node]:
        """Nodes of these kinds, in the framework's order, within one part (None: the whole)."""
        return [node for node in self.nodes.values() if node.kind in kinds and node.part == part]


def at_part(code: str, part: str | None) -> str:
    """The id of a node within a part."""
    return f"{code}@{part}" if part else code


def structure(framework: Framework) -> Structure:
    """The framework's tree; unfolded once per framework object."""
    return _unfolded(_SameObject(framework))


@dataclass(frozen=True, eq=False)
class _SameObject:
    """Lets a cache know a framework by identity: frameworks hold dicts, so they have no hash of their own."""

    framework: Framework

    def __hash__(self) -> int:
        return id(self.framework)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameObject) and other.framework is self.framework


@lru_cache(maxsize=64)
def _unfolded(same: _SameObject) -> Structure:
    return _unfold(same.framework)


def _unfold(framework: Framework) -> Structure:
    nodes: dict[str, Node] = {}
    for instrument in framework.instruments:
        for part in instrument.parts:
            _instrument(framework, instrument, part.code, nodes)
        _instrument(framework, instrument, None, nodes)
    codes = tuple(instrument.code for instrument in framework.instruments)
    nodes["overall"] = Node(
        "overall", "overall", "overall", framework.title.th, ways=(Way(framework.overall, codes, codes),)
    )
    return Structure(framework, nodes)


def _instrument(framework: Framework, instrument: Instrument, part: str | None, nodes: dict[str, Node]) -> None:
    """Add an instrument's nodes: of one part, or of the whole (whose nodes also follow from its parts)."""

    def add(node: Node, own: Way | None) -> None:
        ways = [own] if own else []
        if part is None and instrument.parts and instrument.rules.parts:
            parts = tuple(p.code for p in instrument.parts)
            children = parts if node.kind == "instrument" else tuple(at_part(node.code, p) for p in parts)
            ways.append(Way(instrument.rules.parts, children, parts))
        nodes[node.id] = Node(node.id, node.kind, node.code, node.title, part, tuple(ways), node.leaf, instrument.code)

    for indicator in instrument.indicators:
        for item in indicator.items:
            _item(framework, instrument, item, part, add)
        for sub in indicator.sub_indicators:
            rule = instrument.rules.sub_indicator
            way = Way(rule, tuple(at_part(code, part) for code in sub.items), sub.items) if rule else None
            add(Node(at_part(sub.number, part), "sub_indicator", sub.number, sub.name.th), way)
        add(
            Node(at_part(indicator.number, part), "indicator", indicator.number, indicator.name.th),
            _indicator_way(instrument, indicator, part),
        )
    numbers = tuple(indicator.number for indicator in instrument.indicators)
    way = Way(instrument.rules.instrument, tuple(at_part(number, part) for number in numbers), numbers)
    if part:
        title = next(p.name.th for p in instrument.parts if p.code == part)
        add(Node(part, "part", part, title), way)
    else:
        add(Node(instrument.code, "instrument", instrument.code, instrument.name.th), way)


def _indicator_way(instrument: Instrument, indicator: Indicator, part: str | None) -> Way:
    rule = indicator.rule or instrument.rules.indicator
    if rule.over == "sub_indicators":
        names = tuple(sub.number for sub in indicator.sub_indicators)
    else:
        names = tuple(item.code for item in indicator.items)
    return Way(rule, tuple(at_part(name, part) for name in names), names)


def _item(framework: Framework, instrument: Instrument, item: Item, part: str | None, add: _Add) -> None:
    title = item.text or item.short or item.code
    if not item.rows:
        leaf = Leaf(framework.scales.get(item.scale or ""), item.polarity)
        add(Node(at_part(item.code, part), "item", item.code, title, leaf=leaf), None)
        return
    rows = tuple(f"{item.code}.{row.number}" for row in item.rows)
    for code, row in zip(rows, item.rows, strict=True):
        leaf = Leaf(framework.scales.get(row.scale or item.scale or ""), row.polarity)
        add(Node(at_part(code, part), "row", code, row.text or code, leaf=leaf), None)
    rule = instrument.rules.rows
    way = Way(rule, tuple(at_part(row, part) for row in rows), rows) if rule else None
    add(Node(at_part(item.code, part), "item", item.code, title), way)
