"""Options chosen in other shares than people of the same levels choose them: the digit test for an answer scale."""

from __future__ import annotations

import numpy as np

from prongsai.national.signals.level import Levels, levels
from prongsai.national.signals.peers import above_typical
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "digits",
    "สัดส่วนตัวเลือกต่างจากหน่วยงานที่ระดับเดียวกัน",
    "Odd shares of options",
    "digit tests as in Mebane, W. R. (2011). Comment on 'Benford's Law and the Detection of Election Fraud'. Political "
    "Analysis, 19(3), 269-272; here chi-square against the options that people of the same levels choose",
    "ตัวเลือกของบางข้อคำถามที่มีผู้เลือกมากหรือน้อยเกินกว่าที่ระดับคะแนนของผู้ตอบอธิบายได้มาก",
    "options of single questions that are chosen far more or less often than levels explain",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """The cube root of chi-square, which is nearly normal, beside agencies with as many sheets."""
    return {
        name: above_typical(np.cbrt(_parts(sight, name).sum(axis=1)), sight.sheets(name).sizes.astype(np.float64))
        for name in sight.surveys
    }


def _parts(sight: Sight, container: str) -> Floats:
    """Agencies × cells: each option's part of chi-square, NaN where no sheet came."""
    return sight.once(("digits", container), lambda: _chi_square(levels(sight, container)))


def _chi_square(found: Levels) -> Floats:
    seen, expected = seen_and_expected(found)
    parts: Floats = (seen - expected) ** 2 / (expected + 0.5)
    parts[:, found.first] = 0  # how many leave a row empty is no option
    parts[found.sheets.sizes == 0] = np.nan
    return parts


def seen_and_expected(found: Levels) -> tuple[Floats, Floats]:
    """Agencies × cells: how many chose each option, and how many people of those levels would."""
    sheets, agencies = found.sheets, len(found.sheets.sizes)
    kept = found.band >= 0
    seen = np.zeros((agencies, found.chance.shape[1]))
    for k, first in enumerate(found.first):
        width = int(sheets.best[k]) + 2
        cells = sheets.owner[kept] * width + sheets.ranks[kept, k] + 1
        seen[:, first : first + width] = np.bincount(cells, minlength=agencies * width).reshape(agencies, width)
    return seen, found.mixture @ found.chance


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """The option that stands out most."""
    found = levels(sight, container)
    cell = int(np.argmax(np.nan_to_num(_parts(sight, container)[line])))
    k = int(np.searchsorted(found.first, cell, side="right")) - 1
    row, rank = found.sheets.layout.rows[k], cell - int(found.first[k]) - 1
    seen, expected = (round(float(one[line, cell])) for one in seen_and_expected(found))
    position = int(np.argsort(row.points, kind="stable")[rank])
    points = row.points[position] / found.sheets.layout.scale
    return (
        f"ข้อ {row.code} ตัวเลือกที่ได้ {points:g} คะแนน {seen:,} ชุด ทั้งที่ผู้ตอบระดับเดียวกันควรตอบราว {expected:,} ชุด",
        f"{row.code}: {seen:,} sheets chose the option of {points:g} points; people of the same levels would be "
        f"{expected:,}",
    )
