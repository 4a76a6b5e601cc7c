"""The levels of all agencies: ``scoring.level.decide`` on columns of scores as shown."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from prongsai.framework.model import Framework
from prongsai.national.columns import UNIT, Column, Mask, shown
from prongsai.national.counted import Integers

Meets = Callable[[Integers, Decimal], Mask]


def decide(framework: Framework, overall: Column, components: list[Column]) -> tuple[NDArray[np.bool_], Mask]:
    """Which bands some score within the intervals would get (bands × agencies), and where digits cut off may decide."""
    bands = framework.levels.bands
    meets = _shown if framework.levels.decided_on == "shown" else _exact
    lines = len(overall.low)
    possible = np.zeros((len(bands), lines), bool)
    for position, band in enumerate(bands):
        may = meets(overall.high, band.overall_min)
        if band.component_min is not None:
            for one in components:
                may &= meets(one.high, band.component_min) | ~one.present
        reachable = np.ones(lines, bool)  # none of the better bands is certain: each can be escaped
        for other in bands[:position]:
            escaped = ~meets(overall.low, other.overall_min) & (other.overall_min > band.overall_min)
            if other.component_min is not None:
                floor = _units(band.component_min or Decimal(0))
                for one in components:
                    escaped |= ~meets(np.maximum(one.low, floor), other.component_min) & one.present
            reachable &= escaped
        possible[position] = may & reachable
    thresholds = [Decimal(band.overall_min) for band in bands]
    thresholds += [band.component_min for band in bands if band.component_min is not None]
    doubt = np.zeros(lines, bool)
    for column in [overall, *components]:
        for value in (column.low, column.high):
            for threshold in thresholds:
                doubt |= meets(value, threshold) != meets(value + column.error, threshold)
    return possible, doubt


def _shown(value: Integers, threshold: Decimal) -> Mask:
    hundredths = Fraction(threshold) * 100
    return shown(value) >= -(-hundredths.numerator // hundredths.denominator)


def _exact(value: Integers, threshold: Decimal) -> Mask:
    return value >= _units(threshold)


def _units(value: Decimal) -> int:
    """The least number of units that reaches a value."""
    units = Fraction(value) * UNIT
    return -(-units.numerator // units.denominator)
