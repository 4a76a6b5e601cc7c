"""What printed item scores say of the number of respondents: a score is whole steps of points over that number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from prongsai.analysis.respondents import LARGEST, fits, step_of
from prongsai.reading.model import Printed, Reading
from prongsai.scoring.structure import structure


def step(reading: Reading, node: str) -> int | None:
    """The step of an item's points, None where its options are not known."""
    known = structure(reading.framework).nodes.get(node) if reading.framework else None
    return step_of(known.leaf) if known and known.leaf else None


def gap(reading: Reading, node: str) -> float:
    """The least difference between the points of two options: what one more or less generous answer changes."""
    known = structure(reading.framework).nodes.get(node) if reading.framework else None
    scale = known.leaf.scale if known and known.leaf else None
    points = sorted({option.points for option in scale.options}) if scale else []
    return float(min((b - a for a, b in pairwise(points)), default=Decimal(1)))


def with_steps(reading: Reading, values: Mapping[str, Printed]) -> dict[str, tuple[Decimal, int]]:
    """Scores strictly between 0 and 100, which alone tell something, with their steps."""
    return {
        node: (value.value, points)
        for node, value in values.items()
        if (points := step(reading, node)) and value.of in (None, 100) and 0 < value.value < 100
    }


def stated(reading: Reading, container: str) -> int | None:
    """The number of respondents printed for an instrument or part, where it is printed once."""
    found = {int(one.value) for one in reading.respondents if one.node == container and one.value > 0}
    return found.pop() if len(found) == 1 else None


def smallest_number(reading: Reading, values: Mapping[str, Printed]) -> int | None:
    """The smallest number of respondents that gives all printed scores; None where none up to 5,000 does."""
    scores = set(with_steps(reading, values).values())
    if not scores:
        return None
    return next((n for n in range(1, LARGEST + 1) if all(fits(score, points, n) for score, points in scores)), None)
