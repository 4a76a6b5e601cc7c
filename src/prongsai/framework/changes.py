"""What changed in the rules from one framework to the next: counted and compared, never guessed.

Only what both files state is compared. Where one of them is not sure (``confidence`` below confirmed) the change
says so, because "the same" may only mean that the year before was assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from prongsai.framework.model import Confidence, Filing, Framework, Indicator, Instrument, Item


@dataclass(frozen=True)
class ItemCount:
    """How many items an instrument has; None in the year that does not have the instrument."""

    code: str
    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Unmatched:
    """Items of the later year that share a reason for not being compared with the year before.

    ``predecessor`` False: none is known, so the reason also says whether the item is new or its wording not found.
    """

    reason: str
    codes: tuple[str, ...]
    predecessor: bool


@dataclass(frozen=True)
class Renamed:
    """An indicator whose name is new: not one that was already in use for it."""

    number: str
    before: str
    after: str


@dataclass(frozen=True)
class LevelRule:
    """One level as both years can be compared by: its name and what it asks."""

    name: str
    overall_min: Decimal
    component_min: Decimal | None


@dataclass(frozen=True)
class LevelRules:
    """The level rules of both years; ``sure`` when both are confirmed in every band."""

    before: tuple[LevelRule, ...]
    after: tuple[LevelRule, ...]
    components_before: tuple[str, ...]
    components_after: tuple[str, ...]
    sure: bool

    @property
    def changed(self) -> bool:
        """Whether any level, threshold or component differs."""
        return self.before != self.after or self.components_before != self.components_after


@dataclass(frozen=True)
class Filed:
    """The OIT items under which one kind of document is filed in both years; empty where none is known."""

    document: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    sure: bool

    @property
    def changed(self) -> bool:
        """Whether the items differ."""
        return self.before != self.after


@dataclass(frozen=True)
class Changes:
    """All that changed from ``before`` to ``after``."""

    before: Framework
    after: Framework
    counts: tuple[ItemCount, ...]
    unmatched: tuple[Unmatched, ...]
    comparable: int
    renamed: tuple[Renamed, ...]
    indicators_added: tuple[tuple[str, str], ...]
    indicators_dropped: tuple[tuple[str, str], ...]
    levels: LevelRules
    filings: tuple[Filed, ...]

    @property
    def items_before(self) -> int:
        """All items of the earlier year."""
        return sum(count.before or 0 for count in self.counts)

    @property
    def items_after(self) -> int:
        """All items of the later year."""
        return sum(count.after or 0 for count in self.counts)


def changes(before: Framework, after: Framework) -> Changes | None:
    """What changed; None where ``after`` does not name ``before`` as its previous framework: no map leads there."""
    if after.previous != before.id:
        return None
    old, new = _indicators(before), _indicators(after)
    items = [item for indicator in new.values() for item in indicator.items]
    return Changes(
        before,
        after,
        counts=tuple(_counts(before, after)),
        unmatched=_unmatched(items),
        comparable=sum(1 for item in items if _comparable(item)),
        renamed=tuple(_renamed(old, new)),
        indicators_added=tuple((number, ind.name.th) for number, ind in new.items() if number not in old),
        indicators_dropped=tuple((number, ind.name.th) for number, ind in old.items() if number not in new),
        levels=_levels(before, after),
        filings=tuple(_filings(before, after)),
    )


def _indicators(framework: Framework) -> dict[str, Indicator]:
    return {ind.number: ind for inst in framework.instruments for ind in inst.indicators}


def _comparable(item: Item) -> bool:
    """The rule of the trend: the map says yes, and one item stands against one."""
    link = item.previous
    return link is not None and link.comparable == "yes" and len(link.items) == 1


def _counts(before: Framework, after: Framework) -> Iterable[ItemCount]:
    old = {inst.code: inst for inst in before.instruments}
    new = {inst.code: inst for inst in after.instruments}
    for code in dict.fromkeys([*old, *new]):
        name = new[code].name.th if code in new else old[code].name.th
        yield ItemCount(code, name, _size(old.get(code)), _size(new.get(code)))


def _size(instrument: Instrument | None) -> int | None:
    return sum(len(indicator.items) for indicator in instrument.indicators) if instrument else None


def _unmatched(items: list[Item]) -> tuple[Unmatched, ...]:
    groups: dict[tuple[str, bool], list[str]] = {}
    for item in items:
        if _comparable(item):
            continue
        link = item.previous
        reason = link.reason if link else "ไม่มีข้อมูลว่าตรงกับข้อใดของปีก่อน"
        groups.setdefault((reason, bool(link and link.items)), []).append(item.code)
    return tuple(Unmatched(reason, tuple(codes), known) for (reason, known), codes in groups.items())


def _renamed(old: dict[str, Indicator], new: dict[str, Indicator]) -> Iterable[Renamed]:
    for number, indicator in new.items():
        earlier = old.get(number)
        if earlier is None or indicator.name.th == earlier.name.th:
            continue
        if indicator.name.th not in earlier.other_names and earlier.name.th not in indicator.other_names:
            yield Renamed(number, earlier.name.th, indicator.name.th)


def _levels(before: Framework, after: Framework) -> LevelRules:
    sure = all(
        node.confidence is Confidence.CONFIRMED
        for framework in (before, after)
        for node in (framework.levels, *framework.levels.bands)
    )
    return LevelRules(_bands(before), _bands(after), before.levels.components, after.levels.components, sure)


def _bands(framework: Framework) -> tuple[LevelRule, ...]:
    return tuple(LevelRule(band.name, band.overall_min, band.component_min) for band in framework.levels.bands)


def _filings(before: Framework, after: Framework) -> Iterable[Filed]:
    for document in dict.fromkeys(filing.document for filing in (*before.filings, *after.filings)):
        old, new = _of(before, document), _of(after, document)
        sure = all(filing.confidence is Confidence.CONFIRMED for filing in (*old, *new))
        yield Filed(document, tuple(f.item for f in old), tuple(f.item for f in new), sure)


def _of(framework: Framework, document: str) -> list[Filing]:
    return [filing for filing in framework.filings if filing.document == document]
