"""How much of one text stands in another, and the texts of a plan that can name an item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.framework import Framework
from prongsai.improvement.model import Measure, Plan, Point
from prongsai.reading.model import Reading
from prongsai.reading.rules._say import quoted
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

_QUESTION = re.compile(r"มากน้อยเพียงใด|หรือไม่|ของหน่วยงานของท่าน|ในหน่วยงานของท่าน|หน่วยงานของท่าน|ของท่าน|แก่ท่าน|ท่าน")


def contained(short: str, long: str) -> float:
    """The share of a text's runs of three characters that stand in another text, 0 to 1."""
    mine, theirs = _grams(short), _grams(long)
    return len(mine & theirs) / len(mine) if mine else 0.0


def _grams(text: str) -> set[str]:
    plain = squeeze(text)
    return {plain[index : index + 3] for index in range(len(plain) - 2)}


def matter(wording: str) -> str:
    """An item's wording without the words of asking, so that what it asks about is left."""
    return _QUESTION.sub("", wording)


def owners(framework: Framework | None) -> dict[str, str]:
    """Item code → number of its indicator."""
    return {
        item.code: indicator.number
        for instrument in (framework.instruments if framework else ())
        for indicator in instrument.indicators
        for item in indicator.items
    }


def wordings(framework: Framework | None) -> dict[str, str]:
    """Item code → the wording, or the short name where no wording is known."""
    return {
        item.code: item.text or item.short or ""
        for instrument in (framework.instruments if framework else ())
        for indicator in instrument.indicators
        for item in indicator.items
    }


def indicators_of(reading: Reading, point: Point) -> set[str]:
    """The indicators that a point of a plan is about: named, or those of its items."""
    of = owners(reading.framework)
    return set(point.indicators) | {of[code] for code in point.items if code in of}


def measures_of(plan: Plan) -> Iterator[tuple[Point, Measure]]:
    """Every measure with its point."""
    for point in plan.points:
        for measure in point.measures:
            yield point, measure


def measure_name(reading: Reading, measure: str) -> str:
    """How a reader finds a measure: its title, or its id where no title is known. ``p1m2s3`` is a step of ``p1m2``."""
    whole = re.sub(r"s\d+$", "", measure)
    titles = {known.id: known.title for _, known in measures_of(reading.plan)} if reading.plan else {}
    return quoted(titles[whole], 50) if titles.get(whole) else measure


def texts_of(measure: Measure) -> Iterator[str]:
    """What a measure says: its title and steps."""
    yield measure.title
    for step in measure.steps:
        yield step.text


def names_code(text: str, code: str) -> bool:
    """Whether a text names an item by its code, in whatever digits and case."""
    letter, number = code[0], code[1:]
    letters = f"{letter}{letter.upper()}" + ("0" if letter == "o" else "")
    return bool(re.search(rf"(?<![A-Za-z0-9])[{letters}]\s*0*{number}(?![0-9])", to_arabic(text)))
