"""Sheets of an agency too much alike on the whole, though no single one stands out."""

from __future__ import annotations

import numpy as np

from prongsai.national.signals.agreement import agreement
from prongsai.national.signals.peers import above_typical
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "alike",
    "คำตอบทั้งกลุ่มคล้ายกันเกินปกติ",
    "Sheets too much alike",
    "Kuriakose, N. & Robbins, M. (2016). Don't get duped: Fraud through duplication in public opinion surveys. "
    "Statistical Journal of the IAOS, 32(3), 283-291; here with the level of each person taken out",
    "คำตอบทั้งกลุ่มตรงกันโดยเฉลี่ยมากกว่าที่ผู้ตอบซึ่งมีระดับคะแนนเท่ากันจะตรงกัน",
    "a group of sheets that agree with each other more than people of the same levels would, on average",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """The mean surprise of the agency's sheets beside agencies with as many, in their robust deviations."""
    return {name: _mean(sight, name) for name in sight.surveys}


def _mean(sight: Sight, container: str) -> Floats:
    found, sizes = agreement(sight, container), sight.sheets(container).sizes
    total = np.bincount(found.owner, found.surprise, len(sizes))
    compared = np.bincount(found.owner, minlength=len(sizes)).astype(np.float64)
    mean = np.where(compared > 1, total / np.maximum(compared, 1), np.nan)
    return above_typical(mean, compared)


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many pairs agree, and how many should."""
    found = agreement(sight, container)
    mine = found.owner == line
    seen, expected = found.seen[:, mine].sum(axis=1) / 2, found.expected[:, mine].sum(axis=1) / 2
    at = int(np.argmax((seen - expected) / np.sqrt(expected + 1)))
    alike = found.rows - found.may_differ[at]
    return (
        f"มีคำตอบ {seen[at]:,.0f} คู่ที่เหมือนกันอย่างน้อย {alike} จาก {found.rows} ข้อ "
        f"ทั้งที่โดยบังเอิญควรมีราว {expected[at]:,.0f} คู่ (ไม่นับชุดที่ตอบตัวเลือกเดียวหรือดีที่สุดทุกข้อ)",
        f"{seen[at]:,.0f} pairs agree in at least {alike} of {found.rows} rows where chance would give about "
        f"{expected[at]:,.0f} (straight lines not counted)",
    )
