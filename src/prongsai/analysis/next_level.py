"""The distance to the next level, what holds it back, and what would get there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from prongsai.analysis.disclosure import may_show_score, shown_score
from prongsai.analysis.ranking import item_scores
from prongsai.framework.model import Band
from prongsai.scoring.interval import Interval
from prongsai.scoring.level import decide, meets
from prongsai.scoring.score import ScoreSheet, Value, combine


@dataclass(frozen=True)
class Gap:
    """How far one score is below what the next level asks; ``reached`` as the framework decides it (on the score
    shown, or the exact one), None where the score is not known. ``withheld``: it may not be shown, nor what it lacks.
    """

    node: str
    threshold: Decimal
    score: Fraction | None
    reached: bool | None
    withheld: bool = False

    @property
    def points(self) -> Fraction | None:
        """Points missing (0 or less: enough), or None where the score is not known."""
        return None if self.score is None else Fraction(self.threshold) - self.score


@dataclass(frozen=True)
class WhatIf:
    """What passing one failed item, or all of them, would do to the overall score and the level."""

    items: tuple[str, ...]
    overall: Interval
    levels: tuple[str, ...]


@dataclass(frozen=True)
class NextLevel:
    """The next better band, the gaps to it, the components that hold it back, and what would help."""

    band: Band
    overall: Gap
    components: tuple[Gap, ...]
    what_if: tuple[WhatIf, ...]

    @property
    def held_back_by(self) -> list[Gap]:
        """Components known to be below what the band asks."""
        return [gap for gap in self.components if gap.reached is False]

    @property
    def not_known(self) -> list[Gap]:
        """Components that the band asks for and whose score is not known."""
        return [gap for gap in self.components if gap.reached is None and not gap.withheld]

    @property
    def withheld(self) -> list[Gap]:
        """What the band asks for and whose score may not be shown, the overall score first."""
        return [gap for gap in (self.overall, *self.components) if gap.withheld]


def next_level(sheet: ScoreSheet) -> NextLevel | None:
    """The next level up from the (worst possible) level; None at the top."""
    bands = sheet.framework.levels.bands
    names = [band.name for band in bands]
    position = max(names.index(name) for name in sheet.level.names)
    if position == 0:
        return None
    band = bands[position - 1]
    gaps = tuple(
        _gap(sheet, name, band.component_min)
        for name in sheet.framework.levels.components
        if band.component_min is not None and sheet.values[name].origin != "absent"
    )
    overall = _gap(sheet, "overall", band.overall_min)
    return NextLevel(band, overall, gaps, tuple(_what_ifs(sheet)))


def _gap(sheet: ScoreSheet, node: str, threshold: Decimal) -> Gap:
    score = shown_score(sheet, node)
    reached = None if score is None else meets(sheet.framework, score, threshold)
    return Gap(node, threshold, score, reached, not may_show_score(sheet, node).shown)


def _what_ifs(sheet: ScoreSheet) -> list[WhatIf]:
    """None where the overall score may not be shown: what it would be less what was gained is what it is."""
    if not may_show_score(sheet, "overall").shown:
        return []
    failed = [found.code for found in item_scores(sheet).values() if found.failed]
    groups: list[tuple[str, ...]] = [(code,) for code in failed]
    if len(failed) > 1:
        groups.append(tuple(failed))
    return [_what_if(sheet, codes) for codes in groups]


def _what_if(sheet: ScoreSheet, codes: tuple[str, ...]) -> WhatIf:
    """Scores are linear, so differences climb the tree by the same rules: what is now, plus the difference."""
    gain: dict[str, Interval] = {code: Interval.exactly(100) for code in codes}
    after: dict[str, Interval] = {}
    for name, value in sheet.values.items():
        if name not in gain:
            gain[name] = _gain(sheet, value, gain)
        low, high = value.interval.low + gain[name].low, value.interval.high + gain[name].high
        after[name] = Interval(min(low, Fraction(100)), min(high, Fraction(100)))
    components = {
        name: after[name] for name in sheet.framework.levels.components if sheet.values[name].origin != "absent"
    }
    return WhatIf(codes, after["overall"], decide(sheet.framework, after["overall"], components).names)


_NOTHING = Interval.exactly(0)


def _gain(sheet: ScoreSheet, value: Value, gain: dict[str, Interval]) -> Interval:
    for way in value.node.ways:
        named = zip(way.children, way.names, strict=True)
        present = {name: gain[child] for child, name in named if sheet.values[child].origin != "absent"}
        if any(found != _NOTHING for found in present.values()):
            return combine(way.rule, present, absent=[name for name in way.names if name not in present])
    return _NOTHING
