"""The level of a score sheet: the first band that fits, or the set of bands still possible."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from prongsai.framework.model import Band, Framework
from prongsai.scoring.interval import Interval, shown


@dataclass(frozen=True)
class LevelResult:
    """``computed``: levels that the scores allow, best first. ``given``: the official one, if any.

    ``names`` is the answer: the official level where the scores allow it, else the computed ones.
    """

    computed: tuple[str, ...]
    given: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The level, or the levels still possible."""
        if self.given and self.given in self.computed:
            return (self.given,)
        return self.computed

    @property
    def name(self) -> str | None:
        """The level, where it is determined."""
        return self.names[0] if len(self.names) == 1 else None

    def as_json(self) -> dict[str, object]:
        """``level``, or ``levels`` where several are possible."""
        return {"level": self.name} if self.name else {"levels": list(self.names)}


def decide(
    framework: Framework, overall: Interval, components: dict[str, Interval], given: str | None = None
) -> LevelResult:
    """All levels that some score within the intervals would get. Bands are tried best first."""
    levels = framework.levels
    possible: list[str] = []
    for position, band in enumerate(levels.bands):
        if (
            _may(band, overall, components, levels.decided_on)
            and not any(_must(better, overall, components, levels.decided_on) for better in levels.bands[:position])
            and _reachable(levels.bands[:position], band, overall, components, levels.decided_on)
        ):
            possible.append(band.name)
    return LevelResult(tuple(possible), given)


def meets(framework: Framework, score: Fraction, threshold: Decimal) -> bool:
    """Whether a score reaches a threshold, as the framework decides it: on the score shown, or the exact one."""
    return _meets(score, threshold, framework.levels.decided_on)


DecidedOn = Literal["shown", "exact"]


def _meets(value: Fraction, threshold: Decimal, decided_on: DecidedOn) -> bool:
    return (shown(value) if decided_on == "shown" else value) >= Fraction(threshold)


def _may(band: Band, overall: Interval, components: dict[str, Interval], on: DecidedOn) -> bool:
    """Whether the band is met at the top of every interval."""
    floor = band.component_min
    return _meets(overall.high, band.overall_min, on) and (
        floor is None or all(_meets(c.high, floor, on) for c in components.values())
    )


def _must(band: Band, overall: Interval, components: dict[str, Interval], on: DecidedOn) -> bool:
    """Whether the band is met even at the bottom of every interval."""
    floor = band.component_min
    return _meets(overall.low, band.overall_min, on) and (
        floor is None or all(_meets(c.low, floor, on) for c in components.values())
    )


def _reachable(
    better: tuple[Band, ...], band: Band, overall: Interval, components: dict[str, Interval], on: DecidedOn
) -> bool:
    """Whether some score meets ``band`` and none of the better bands.

    A better band is escaped by a low overall (which must still meet ``band``) or, if it asks components,
    by a low component (which must still meet ``band``'s own component floor).
    """
    for other in better:
        by_overall = not _meets(overall.low, other.overall_min, on) and other.overall_min > band.overall_min
        by_component = other.component_min is not None and any(
            not _meets(max(c.low, Fraction(band.component_min or 0)), other.component_min, on)
            for c in components.values()
        )
        if not by_overall and not by_component:
            return False
    return True
