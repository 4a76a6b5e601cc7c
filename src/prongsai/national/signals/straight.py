"""The same option all the way down, though the questions do not ask for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prongsai.national.signals.fit import excess
from prongsai.national.signals.sight import Floats, Sheets, Sight, Signal

SIGNAL = Signal(
    "straight",
    "ตอบตัวเลือกเดียวกันทุกข้อ",
    "Straight-lining",
    "Krosnick, J. A. (1991). Response strategies for coping with the cognitive demands of attitude measures in "
    "surveys. Applied Cognitive Psychology, 5(3), 213-236",
    "ชุดคำตอบที่เลือกตัวเลือกเดียวกันทุกแถวของมาตรวัดที่ยาวที่สุด ยกเว้นที่เป็นตัวเลือกดีที่สุดตลอด",
    "sheets with one and the same option in every row of the longest scale, unless it is the best one throughout",
)
_FEWEST = 4  # rows of one scale, below which the same option may well be an opinion


def lines(sheets: Sheets) -> NDArray[np.bool_]:
    """Which sheets are straight lines in the rows of the longest scale: all of them answered with one option."""
    width = max((len(row.options) for row in sheets.layout.rows), default=0)
    long = np.array([len(row.options) == width for row in sheets.layout.rows])
    if long.sum() < _FEWEST:
        return np.zeros(len(sheets.positions), bool)
    answers = sheets.positions[:, long]
    best = (sheets.ranks[:, long] == sheets.best[long]).all(axis=1)
    found: NDArray[np.bool_] = (answers == answers[:, :1]).all(axis=1) & (answers[:, 0] >= 0) & ~best
    return found


def _found(sight: Sight, container: str) -> NDArray[np.bool_]:
    return sight.once(("straight", container), lambda: lines(sight.sheets(container)))


def evidence(sight: Sight) -> dict[str, Floats]:
    """How many straight lines beyond the share of its peers, as a normal deviate."""
    return {name: excess(sight.sheets(name), _found(sight, name)) for name in sight.surveys}


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many straight lines."""
    sheets = sight.sheets(container)
    count, of = int(_found(sight, container)[sheets.of(line)].sum()), int(sheets.sizes[line])
    return (
        f"{count:,} จาก {of:,} ชุดตอบตัวเลือกเดียวกันทุกข้อโดยไม่ใช่ตัวเลือกที่ดีที่สุด",
        f"{count:,} of {of:,} sheets have one option in every row, and not the best one",
    )
