"""Strengths and weaknesses (จุดแข็ง / จุดอ่อนหรือข้อบกพร่อง), each with the numbers it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from prongsai.analysis.disclosure import shown_score
from prongsai.analysis.ranking import Group, ItemScore, by_indicator, item_scores
from prongsai.analysis.themes import Theme, themes
from prongsai.framework import Framework
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet

Among = Literal["all", "known", "equal", "alone"]
FindingKind = Literal["failed", "below", "lowest", "strength"]


@dataclass(frozen=True)
class Thresholds:
    """Below which score an indicator or an item counts as a point to develop."""

    indicator: Decimal = Decimal(85)
    item: Decimal = Decimal(85)


@dataclass(frozen=True)
class Finding:
    """Something the analysis says of one item.

    ``failed``: an OIT item without points. ``below``: under the item threshold. ``lowest``: above it, but
    the lowest of its indicator, hence the first to raise. ``strength``: the highest of its indicator.
    ``among``: what "lowest" and "highest" hold for: all items of the indicator, those known, items that are all
    equal, or this one alone.
    """

    kind: FindingKind
    item: ItemScore
    threshold: Decimal
    theme: Theme | None
    oit: tuple[str, ...]
    among: Among = "all"

    @property
    def weak(self) -> bool:
        """Whether it is something to improve."""
        return self.kind != "strength"

    @property
    def urgent(self) -> bool:
        """Whether it is under the threshold or failed outright."""
        return self.kind in ("failed", "below")


def findings(sheet: ScoreSheet, thresholds: Thresholds | None = None) -> list[Finding]:
    """All findings in the framework's order: per indicator its strengths, then its weaknesses."""
    limits = thresholds or Thresholds()
    result: list[Finding] = []
    for group in by_indicator(sheet):
        result.extend(_of_group(sheet.framework, group, limits))
    return result


def _of_group(framework: Framework, group: Group, limits: Thresholds) -> list[Finding]:
    best, worst = group.best(), group.worst()
    found: list[Finding] = []
    for item in group.known:
        score = item.score
        if score is None:
            continue
        kind: FindingKind | None = None
        if item.failed:
            kind = "failed"
        elif shown(score) < limits.item:
            kind = "below"
        elif item in worst:
            kind = "lowest"
        elif item in best:
            kind = "strength"
        if kind:
            theme = themes().get(item.item.theme or "")
            oit = oit_items(framework, theme.oit if theme else ())
            found.append(Finding(kind, item, limits.item, theme, oit, _among(group)))
    return found


def _among(group: Group) -> Among:
    if len(group.known) == 1 and len(group.items) > 1:
        return "alone"
    if group.best() == group.worst():
        return "equal"
    return "all" if len(group.known) == len(group.items) else "known"


def oit_items(framework: Framework, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The framework's own OIT items (o-codes) that carry the wanted themes."""
    return tuple(
        item.code
        for key in wanted
        for inst in framework.instruments
        for indicator in inst.indicators
        for item in indicator.items
        if item.theme == key
    )


def below_threshold(sheet: ScoreSheet, thresholds: Thresholds) -> tuple[list[str], list[str]]:
    """Numbers of the indicators and codes of the items under their own thresholds, lowest first."""
    indicators = [
        (score, node.id)
        for node in sheet.structure.of_kind("indicator")
        if (score := shown_score(sheet, node.id)) is not None and shown(score) < thresholds.indicator
    ]
    items = [
        (found.score, code)
        for code, found in item_scores(sheet).items()
        if found.score is not None and found.shown and shown(found.score) < thresholds.item
    ]
    return _lowest_first(indicators), _lowest_first(items)


def _lowest_first(scored: list[tuple[Fraction, str]]) -> list[str]:
    """Names by score; equal scores keep the framework's order."""
    return [name for _, name in sorted(scored, key=lambda pair: pair[0])]
