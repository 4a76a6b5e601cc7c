"""People who answer as if every question asked the same way round."""

from __future__ import annotations

from prongsai.national.signals.fit import excess, fit
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "polarity",
    "ตอบโดยไม่ดูว่าข้อคำถามเป็นเชิงบวกหรือเชิงลบ",
    "Polarity ignored",
    "Weijters, B. & Baumgartner, H. (2012). Misresponse to reversed and negated items in surveys: A review. "
    "Journal of Marketing Research, 49(5), 737-747",
    "ชุดคำตอบที่มีความเป็นไปได้มากขึ้นกว่ายี่สิบเท่าในระดับคะแนนเดียวกัน เมื่ออ่านข้อคำถามเชิงลบเสมือนเป็นเชิงบวก",
    "sheets that are twenty times likelier, given the level, when reversed questions are read as if not reversed",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """How many such sheets beyond the share of its peers, as a normal deviate."""
    return {name: excess(sight.sheets(name), fit(sight, name).other_way) for name in sight.surveys}


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many such sheets, and the nation's share."""
    sheets, found = sight.sheets(container), fit(sight, container)
    seen, usual = int(found.other_way[sheets.of(line)].sum()), 100 * float(found.other_way.mean())
    return (
        f"{seen:,} จาก {sheets.sizes[line]:,} ชุดขัดกันเองระหว่างข้อเชิงบวกกับข้อเชิงลบ ทั้งประเทศมีร้อยละ {usual:.1f}",
        f"{seen:,} of {sheets.sizes[line]:,} sheets contradict themselves between questions asked either way round; "
        f"{usual:.1f} % in the nation",
    )
