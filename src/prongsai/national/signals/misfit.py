"""Answers that do not hang together: unlikely for a person of that level."""

from __future__ import annotations

from prongsai.national.signals.fit import excess, fit
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "misfit",
    "คำตอบแต่ละข้อไม่สอดคล้องกัน",
    "Answers that do not fit the person",
    "the person-fit index of Drasgow, F., Levine, M. V. & Williams, E. A. (1985). Appropriateness measurement with "
    "polychotomous item response models and standardized indices. British Journal of Mathematical and Statistical "
    "Psychology, 38(1), 67-86; here with counted curves, ranked within the band",
    "ชุดคำตอบจำนวนมากที่พบได้ยากที่สุดในระดับคะแนนนั้น ดังที่เกิดจากการตอบโดยไม่อ่านหรือตอบแบบสุ่ม",
    "many sheets among the least likely of their level, as careless or random answers are",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """How many such sheets beyond those expected, as a normal deviate."""
    return {name: excess(sight.sheets(name), fit(sight, name).unlikely, fit(sight, name).few) for name in sight.surveys}


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many such sheets, and how many there should be."""
    sheets, found = sight.sheets(container), fit(sight, container)
    seen, should = int(found.unlikely[sheets.of(line)].sum()), float(found.few[sheets.of(line)].sum())
    return (
        f"{seen:,} จาก {sheets.sizes[line]:,} ชุดมีคำตอบที่ไม่สอดคล้องกันเองอย่างมาก ทั้งที่ควรมีราว {should:.1f} ชุด",
        f"{seen:,} of {sheets.sizes[line]:,} sheets are among the least likely of their level; {should:.1f} expected",
    )
