"""Measures that do not fit the weak point: all their names speak of other matters, none of the point's own.

Only matters with words of their own are judged (property, budget); for the others the words are everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from prongsai.framework import Confidence
from prongsai.improvement.model import Point
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading
from prongsai.reading.rules._say import listed, places, quoted
from prongsai.reading.rules._words import indicators_of
from prongsai.yaml_file import read

RULE = Rule("measure.unfit", "warning", "มาตรการไม่ตรงกับจุดอ่อน", "measures that do not fit the weak point")
RULES = (RULE,)
_FILE = Path(__file__).parent / "matters.yaml"


class Matter(BaseModel):
    """A matter that measures speak of. ``own``: any of them shows that a measure is about it; ``telling``: words
    that hardly stand in measures about anything else. Without ``own`` a matter is only ever "another" one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    own: tuple[str, ...] = ()
    telling: tuple[str, ...]


@cache
def matters() -> dict[str, Matter]:
    """All matters by the first word of the themes that they cover."""
    return {key: Matter.model_validate(entry) for key, entry in read(_FILE).data.items()}


def lacks(reading: Reading) -> str | None:
    """Why nothing could be compared."""
    if reading.plan is None:
        return "ไม่พบมาตรการ"
    if not any(_matter(reading, point) for point in reading.plan.points):
        return "ไม่พบประเด็นที่มีถ้อยคำเฉพาะพอจะเทียบกับชื่อมาตรการ"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """Points none of whose measures is named for their matter, while all are named for others."""
    for point in reading.plan.points if reading.plan else ():
        key = _matter(reading, point)
        if key is None or not point.measures:
            continue
        own = matters()[key]
        titles = [measure.title for measure in point.measures]
        others = [_told(title, key) for title in titles]
        if any(word in title for title in titles for word in own.own) or not all(others):
            continue
        about = list(dict.fromkeys(matters()[other].title for other in others if other))
        yield Finding(
            RULE,
            f"จุดอ่อนเป็นเรื่อง{own.title} แต่มาตรการ {listed([quoted(title, 60) for title in titles], 3)} "
            f"เป็นเรื่อง{' และ'.join(about)} ไม่มีมาตรการใดกล่าวถึง{own.title}",
            f"the weak point is about {key}, "
            f"the measures {listed([m.id for m in point.measures])} are named for other matters",
            places(reading.places.get(point.id), *(reading.places.get(measure.id) for measure in point.measures)),
            tuple(titles),
            None,
            Confidence.INFERRED,
            nodes=(*sorted(indicators_of(reading, point)), *(measure.id for measure in point.measures)),
        )


def _matter(reading: Reading, point: Point) -> str | None:
    """The one matter of a point, where all its indicators' items share it and it has words of its own."""
    numbers = indicators_of(reading, point)
    found = {
        (item.theme or "").split(".")[0]
        for instrument in (reading.framework.instruments if reading.framework else ())
        for indicator in instrument.indicators
        if indicator.number in numbers
        for item in indicator.items
        if item.theme
    }
    key = found.pop() if len(found) == 1 else None
    return key if key in matters() and matters()[key].own else None


def _told(title: str, key: str) -> str | None:
    """Another matter that a title speaks of in telling words."""
    for other, matter in matters().items():
        if other != key and any(word in title for word in matter.telling):
            return other
    return None
