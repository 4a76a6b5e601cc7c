"""Scores put in order: items and indicators high to low, grouped by indicator, component or aspect."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from prongsai.analysis.disclosure import may_show_score, shown_score
from prongsai.framework.model import Instrument, Item
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import at_part

GroupKind = Literal["indicator", "component", "aspect"]


@dataclass(frozen=True)
class ItemScore:
    """One item with its score as far as it is known and may be shown.

    ``part`` names the part where only that part's score is known (the lowest of several); ``shown`` is
    False where a small group must be protected; ``inspected``: judged by an inspector, not asked in a survey.
    """

    item: Item
    instrument: str
    indicator: str
    score: Fraction | None
    part: str | None = None
    shown: bool = True
    absent: bool = False
    inspected: bool = False

    @property
    def code(self) -> str:
        """The item's code."""
        return self.item.code

    @property
    def title(self) -> str:
        """The item's wording, or its short name, or its code where neither is known."""
        return self.item.text or self.item.short or self.item.code

    @property
    def failed(self) -> bool:
        """Whether an inspector gave it no points."""
        return self.inspected and self.score == 0


@dataclass(frozen=True)
class Group:
    """Items that belong together, and the group's own score where it has one."""

    kind: GroupKind
    id: str
    title: str
    score: Fraction | None
    items: tuple[ItemScore, ...]

    @property
    def known(self) -> list[ItemScore]:
        """Items with a score that may be shown, in the framework's order."""
        return [item for item in self.items if item.score is not None and item.shown]

    def best(self) -> list[ItemScore]:
        """The items that share the highest score."""
        top = max((item.score for item in self.known if item.score is not None), default=None)
        return [item for item in self.known if item.score == top]

    def worst(self) -> list[ItemScore]:
        """The items that share the lowest score, unless that is the highest possible."""
        low = min((item.score for item in self.known if item.score is not None), default=None)
        return [item for item in self.known if item.score == low and low != 100]

    def ranked(self) -> list[ItemScore]:
        """Known items from high to low; equal scores keep the framework's order."""
        return sorted(self.known, key=lambda item: -(item.score or Fraction(0)))


def item_scores(sheet: ScoreSheet) -> dict[str, ItemScore]:
    """Every item of the framework with what is known of it."""
    return {
        item.code: _item(sheet, inst, indicator.number, item)
        for inst in sheet.framework.instruments
        for indicator in inst.indicators
        for item in indicator.items
    }


def _item(sheet: ScoreSheet, instrument: Instrument, indicator: str, item: Item) -> ItemScore:
    whole = sheet.values[item.code]
    inspected = instrument.kind == "checklist"
    if whole.score is not None:
        shown = may_show_score(sheet, item.code).shown
        score = whole.score if shown else None
        return ItemScore(item, instrument.code, indicator, score, shown=shown, inspected=inspected)
    parts = [
        (value, part.code)
        for part in instrument.parts
        if (value := sheet.score(at_part(item.code, part.code))) is not None
    ]
    if parts:
        lowest, part = min(parts)
        shown = may_show_score(sheet, at_part(item.code, part)).shown
        return ItemScore(item, instrument.code, indicator, lowest if shown else None, part, shown)
    absent = whole.origin == "absent"
    return ItemScore(item, instrument.code, indicator, None, absent=absent, inspected=inspected)


def by_indicator(sheet: ScoreSheet) -> list[Group]:
    """One group per indicator."""
    scores = item_scores(sheet)
    return [
        Group(
            "indicator",
            indicator.number,
            indicator.name.th,
            shown_score(sheet, indicator.number),
            tuple(scores[item.code] for item in indicator.items),
        )
        for inst in sheet.framework.instruments
        for indicator in inst.indicators
    ]


def by_component(sheet: ScoreSheet) -> list[Group]:
    """One group per instrument."""
    scores = item_scores(sheet)
    return [
        Group(
            "component",
            inst.code,
            inst.name.th,
            shown_score(sheet, inst.code),
            tuple(scores[item.code] for indicator in inst.indicators for item in indicator.items),
        )
        for inst in sheet.framework.instruments
    ]


def by_aspect(sheet: ScoreSheet) -> list[Group]:
    """One group per aspect (ประเด็น); empty where the framework's grouping is not known."""
    scores = item_scores(sheet)
    return [
        Group("aspect", str(aspect.number), aspect.name, None, tuple(scores[code] for code in aspect.items))
        for aspect in sheet.framework.aspects
    ]


def ranked_indicators(sheet: ScoreSheet) -> list[Group]:
    """Indicators with a score that may be shown, from high to low; equal scores keep the framework's order."""
    known = [group for group in by_indicator(sheet) if group.score is not None]
    return sorted(known, key=lambda group: -(group.score or Fraction(0)))


def ranked_items(sheet: ScoreSheet) -> list[ItemScore]:
    """Items with a score that may be shown, from high to low; equal scores keep the framework's order."""
    known = [item for item in item_scores(sheet).values() if item.score is not None and item.shown]
    return sorted(known, key=lambda item: -(item.score or Fraction(0)))
