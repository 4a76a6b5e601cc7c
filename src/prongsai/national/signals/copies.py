"""One sheet that many others agree with, beyond what people of their levels would by chance."""

from __future__ import annotations

import numpy as np

from prongsai.national.signals.agreement import agreement
from prongsai.national.signals.sight import Floats, Sight, Signal
from prongsai.national.signals.tails import deviate

SIGNAL = Signal(
    "copies",
    "คำตอบซ้ำหรือเกือบซ้ำกันหลายชุด",
    "Copied sheets",
    "the generalised binomial test of van der Linden, W. J. & Sotaridona, L. (2006). Detecting answer copying when the "
    "regular response process follows a known response model. Journal of Educational and Behavioral Statistics, 31(3), "
    "283-304; here with a counted null, over all pairs of an agency",
    "คำตอบชุดหนึ่งที่มีชุดซ้ำหรือเกือบซ้ำในหน่วยงานเดียวกันมากกว่าที่ผู้ตอบซึ่งมีระดับคะแนนเท่ากันจะให้",
    "one sheet with more exact or nearly exact copies in the agency than people of the same levels would give",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """The greatest surprise of any sheet of the agency, as a normal deviate, for the number of sheets looked at."""
    return {name: _most(sight, name) for name in sight.surveys}


def _most(sight: Sight, container: str) -> Floats:
    found, sizes = agreement(sight, container), sight.sheets(container).sizes
    most = np.zeros(len(sizes))
    np.maximum.at(most, found.owner, found.surprise)
    looked = np.maximum(np.bincount(found.owner, minlength=len(sizes)), 1)
    chance = -np.expm1(looked * np.log1p(-np.minimum(10.0**-most, 1 - 1e-12)))
    return np.where(sizes > 0, deviate(chance), np.nan)


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many colleagues agree with the sheet that most agree with, and how many should."""
    found = agreement(sight, container)
    mine = np.flatnonzero(found.owner == line)
    if not len(mine):
        return "ไม่มีคำตอบที่เทียบกันได้", "no sheets to compare"
    one = mine[np.argmax(found.surprise[mine])]
    at = int(np.argmax(found.surprising[:, one]))
    seen, expected = int(found.seen[at, one]), float(found.expected[at, one])
    alike = found.rows - found.may_differ[at]
    return (
        f"มีคำตอบ {seen + 1:,} ชุดที่เหมือนกันอย่างน้อย {alike} จาก {found.rows} ข้อ "
        f"ทั้งที่โดยบังเอิญควรมีราว {expected + 1:.1f} ชุด (ไม่นับชุดที่ตอบตัวเลือกเดียวหรือดีที่สุดทุกข้อ)",
        f"{seen + 1:,} sheets agree in at least {alike} of {found.rows} rows where chance would give "
        f"{expected + 1:.1f} (straight lines not counted)",
    )
