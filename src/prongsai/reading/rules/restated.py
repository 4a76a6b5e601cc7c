"""Results that say the plan again: the words of a step with "done" before them, no date, number, link or count."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.improvement.model import Deed, Measure, MeasureProgress
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._say import places, quoted
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import likeness, squeeze

RULE = Rule("progress.restates_plan", "warning", "ผลการดำเนินการกล่าวซ้ำแผน", "results that restate the plan")
RULES = (RULE,)
ALIKE = 0.75
_SHORTEST = 30
_FACT = re.compile(
    r"\d{1,2}\s*(?:ม|ก|มี|เม|พ|มิ|ส|ต|ธ)[ก-๙.]*\.?\s*\d{2,4}|https?://|\d+\s*(?:คน|ครั้ง|ราย|แห่ง|ฉบับ|บาท)|ลงวันที่|/25\d\d"
)
_DONE = re.compile(r"^(?:ได้)?(?:มี)?(?:การ)?ดำเนินการ(?:แล้ว)?|^(?:ได้|มีการ|มี)")


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.progress is None:
        return "ไม่พบรายงานผลการดำเนินการ"
    return None if any(m.done or m.result for m in reading.progress.measures) else "ไม่พบข้อความผลการดำเนินการ"


def check(reading: Reading) -> Iterator[Finding]:
    """One finding per measure whose reported deeds all restate its steps."""
    if reading.progress is None:
        return
    plan = reading.plan or reading.progress.plan
    measures = {measure.id: measure for point in plan.points for measure in point.measures}
    for progress in reading.progress.measures:
        measure = measures.get(progress.measure)
        if measure is None:
            continue
        again = _restated(measure, progress)
        if again:
            deed, step, alike = again
            yield Finding(
                RULE,
                f"ผลการดำเนินการของมาตรการ {quoted(measure.title, 60)} กล่าวซ้ำขั้นตอนในแผน โดยไม่มีวันที่ จำนวน หรือหลักฐาน: "
                f"{quoted(deed)}",
                f"what is reported for measure {measure.id} repeats the step of the plan, without date, count or proof",
                places(reading.places.get(f"{measure.id}:progress") or reading.places.get(measure.id)),
                (deed,),
                f"เหมือนขั้นตอน {quoted(step)} ร้อยละ {round(alike * 100)}",
                nodes=(measure.id,),
            )


def _restated(measure: Measure, progress: MeasureProgress) -> tuple[str, str, float] | None:
    """The most alike deed and step, where every deed restates some step and none has a fact of its own."""
    texts = [deed.text for deed in progress.done] or ([progress.result] if progress.result else [])
    if not texts or any(_has_fact(deed) for deed in progress.done) or any(_FACT.search(to_arabic(t)) for t in texts):
        return None
    if any(proof.url or proof.number or proof.date for proof in progress.proof):
        return None
    best: list[tuple[float, str, str]] = []
    for text in texts:
        found = max(((_alike(text, step.text), text, step.text) for step in measure.steps), default=None)
        if found is None or found[0] < ALIKE or len(squeeze(text)) < _SHORTEST:
            return None
        best.append(found)
    alike, deed, step = max(best)
    return deed, step, alike


def _has_fact(deed: Deed) -> bool:
    return deed.date is not None or deed.end is not None


def _alike(deed: str, step: str) -> float:
    """Likeness with the words "has been done" taken off the report."""
    return max(likeness(deed, step), likeness(_DONE.sub("", squeeze(deed)), squeeze(step)))
