"""A survey's mean rose from last year far more than peers' did."""

from __future__ import annotations

import numpy as np

from prongsai.national.signals.means import FEWEST, means, spread
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "jump",
    "คะแนนเพิ่มขึ้นผิดปกติจากปีก่อน",
    "Jump from last year",
    "Jacob, B. A. & Levitt, S. D. (2003). Rotten apples: an investigation of the prevalence and predictors of teacher "
    "cheating. Quarterly Journal of Economics, 118(3), 843-877 (unexpected rises as one of the marks)",
    "ค่าเฉลี่ยที่สูงกว่าที่คาดหมายจากค่าเฉลี่ยปีก่อนของหน่วยงานเองอย่างมาก เมื่อเทียบกับหน่วยงานประเภทเดียวกัน",
    "a mean far above what the agency's own mean of last year lets expect among agencies of the same kind",
    "years",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """How far a mean lies above the one expected from last year's, in standard deviations of that.

    Agencies are matched by code. What is expected lies nearer to the peers' median than last year's mean did, as much
    as means do fall back. Surveys that one of the years lacks are left out.
    """
    before = sight.before
    if before is None:
        return {}
    return {name: _above(sight, before, name) for name in sight.surveys if name in before.surveys}


def _above(sight: Sight, before: Sight, name: str) -> Floats:
    now, last, line = means(sight, name), means(before, name), sight.lines_before
    matched = line >= 0
    value, error = np.where(matched, last.value[line], np.nan), np.where(matched, last.error[line], np.nan)
    both = np.isfinite(now.value) & np.isfinite(value)
    if both.sum() < FEWEST:
        return np.full(len(now.value), np.nan)
    here, there = now.value[both], value[both]
    covered = (spread(here + there) ** 2 - spread(here - there) ** 2) / 4
    slope = float(np.clip(covered / max(spread(there) ** 2, 1e-9), 0, 1))
    rest = now.value - slope * value
    by_chance = now.error + slope**2 * error
    more = max(spread(rest[both]) ** 2 - float(np.median(by_chance[both])), 1e-4)
    found: Floats = (rest - np.median(rest[both])) / np.sqrt(more + by_chance)
    return found


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """Both years' means and the peers' change."""
    assert sight.before is not None
    now, last = means(sight, container).points, means(sight.before, container).points
    places = sight.lines_before
    then = last[places[line]]
    usual = float(np.nanmedian(np.where(places >= 0, now - last[places], np.nan)))
    return (
        f"ค่าเฉลี่ยรายชุดคำตอบ {container} เปลี่ยนจาก {then:.1f} เป็น {now[line]:.1f} ({now[line] - then:+.1f}) "
        f"ขณะที่ค่ากลางของทั้งประเทศเปลี่ยน {usual:+.1f}",
        f"mean of {container} sheets went from {then:.1f} to {now[line]:.1f} ({now[line] - then:+.1f}); the nation's "
        f"median change is {usual:+.1f}",
    )
