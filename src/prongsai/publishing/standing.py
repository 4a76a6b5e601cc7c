"""How an agency stands against the rules of the levels, from its scores as far as they may be shown.

Shared by the agency's own pages (which hold a score sheet) and the portal (which holds what was published).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from prongsai.framework import Framework
from prongsai.framework.model import Band


class Measured(Protocol):
    """A score as far as it may be shown."""

    def meets(self, framework: Framework, threshold: Decimal) -> bool | None:
        """Whether it reaches a threshold; None where that is open."""


Score = TypeVar("Score", bound=Measured)


@dataclass(frozen=True)
class Condition(Generic[Score]):
    """What a level asks of one score. ``floor`` None: nothing; ``met`` None: that is open."""

    node: str
    score: Score
    floor: Decimal | None
    met: bool | None


def band_of(framework: Framework, levels: Sequence[str]) -> Band | None:
    """The level's rule, where the level is determined."""
    found = levels[0] if len(levels) == 1 else None
    return next((band for band in framework.levels.bands if band.name == found), None)


def better_than(framework: Framework, band: Band | None) -> Band | None:
    """The next better level's rule; None at the top, and where the level is open."""
    bands = framework.levels.bands
    return bands[bands.index(band) - 1] if band is not None and band != bands[0] else None


def conditions(framework: Framework, band: Band, shows: Callable[[str], Score]) -> list[Condition[Score]]:
    """What a level asks of the total and of every component, and whether it is reached."""
    found = []
    for node in ("overall", *framework.levels.components):
        floor, score = (band.overall_min if node == "overall" else band.component_min), shows(node)
        found.append(Condition(node, score, floor, None if floor is None else score.meets(framework, floor)))
    return found


def lacking(framework: Framework, band: Band, shows: Callable[[str], Score]) -> list[Condition[Score]]:
    """What surely is not reached of what a level asks."""
    return [one for one in conditions(framework, band, shows) if one.met is False]
