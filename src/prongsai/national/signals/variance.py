"""People who differ too little from each other for the agency's level."""

from __future__ import annotations

import numpy as np

from prongsai.national.signals.level import levels
from prongsai.national.signals.peers import typical
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "variance",
    "ผู้ตอบต่างกันน้อยเกินไป",
    "Too little variance",
    "Blasius, J. & Thiessen, V. (2012). Assessing the Quality of Survey Data. London: Sage",
    "ระดับคะแนนของผู้ตอบที่กระจายน้อยกว่าในหน่วยงานซึ่งมีค่าเฉลี่ยเท่ากัน",
    "a spread of people's levels below that of agencies of the same mean",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """How far the spread lies below that of agencies of the same mean, in their own robust deviations."""
    return {name: _below(sight, name) for name in sight.surveys}


def _moments(sight: Sight, container: str) -> tuple[Floats, Floats]:
    level, sheets = np.nan_to_num(levels(sight, container).level), sight.sheets(container)
    mean = sheets.share(level)
    return mean, np.sqrt(np.maximum(sheets.share(level**2) - mean**2, 0))


def _below(sight: Sight, container: str) -> Floats:
    mean, spread = _moments(sight, container)
    sizes = sight.sheets(container).sizes
    middle, scale = typical(spread, mean, np.sqrt(sizes))
    return (middle - spread) * np.sqrt(sizes) / scale


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """The spread, and that of agencies of the same mean."""
    mean, spread = _moments(sight, container)
    middle, _ = typical(spread, mean, np.sqrt(sight.sheets(container).sizes))
    return (
        f"ส่วนเบี่ยงเบนมาตรฐานระหว่างผู้ตอบ {100 * spread[line]:.1f} คะแนน หน่วยงานที่คะแนนใกล้กันมีราว {100 * middle[line]:.1f}",
        f"standard deviation between people {100 * spread[line]:.1f} points; agencies of like mean have "
        f"{100 * middle[line]:.1f}",
    )
