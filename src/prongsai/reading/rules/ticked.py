"""A plan that already says done: the column for following it up is ticked in the plan itself."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._say import listed, places
from prongsai.reading.rules._words import measure_name

RULE = Rule("plan.ticked_done", "warning", "แผนทำเครื่องหมายว่าดำเนินการแล้ว", "a plan already ticked as done")
RULES = (RULE,)


def lacks(reading: Reading) -> str | None:
    """Why nothing could be said."""
    return None if reading.ticks else "ไม่พบช่องทำเครื่องหมายการดำเนินการในตารางมาตรการ"


def check(reading: Reading) -> Iterator[Finding]:
    """Ticks in a plan without a report of what was done."""
    done = [name for name, ticked in reading.ticks.items() if ticked]
    if not done or _reports(reading):
        return
    wheres = [reading.places.get(name) or reading.places.get(name.split("m")[0]) for name in done]
    names = listed([measure_name(reading, name) for name in done], 6)
    year = f" พ.ศ. {reading.action_year}" if reading.action_year else ""
    yield Finding(
        RULE,
        f"มาตรการ {names} ทำเครื่องหมายว่าดำเนินการแล้วตั้งแต่ในแผนของปี{year} ทั้งที่แผนยังไม่ได้รายงานสิ่งที่ทำหรือหลักฐาน",
        f"measures {listed(done)} are ticked as done in the plan itself, without anything reported",
        places(*wheres),
        ("✓",),
        nodes=tuple(done),
    )


def _reports(reading: Reading) -> bool:
    """Whether anything beyond the ticks is reported: then the ticks belong to a report, not to a plan."""
    measures = reading.progress.measures if reading.progress else []
    return any(one.done or one.proof or one.result for one in measures)
