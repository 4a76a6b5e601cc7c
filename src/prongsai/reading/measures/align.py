"""Which step belongs to which measure, and which unit and period to which step, where one cell holds several."""

from __future__ import annotations

from collections.abc import Sequence

from prongsai.improvement.model import Period
from prongsai.reading.measures.draft import MeasureDraft, StepDraft
from prongsai.reading.measures.periods import When
from prongsai.thai.text import likeness


def give(steps: Sequence[StepDraft], groups: list[list[str]], when: list[When]) -> None:
    """Give units and periods to steps.

    One unit or period is for all steps. Several are one per step, in order, where both columns count the same,
    where they are as many as the steps, or where a unit is repeated (a list of who is responsible would not).
    Else the units are all responsible for all.
    """
    count = len(steps)
    together = len(groups) == len(when) > 1
    repeated = len({tuple(group) for group in groups}) < len(groups)
    by_place = 1 < len(groups) <= count and (together or (repeated and len(groups) == count))
    flat = list(dict.fromkeys(unit for group in groups for unit in group))
    for place, step in enumerate(steps):
        if by_place:
            step.units = list(groups[place]) if place < len(groups) else []
        else:
            step.units = list(flat)
        found = _when(place, count, when, by_place)
        step.period, step.when = (found.period, found.text) if found else (None, "")


def _when(place: int, count: int, when: list[When], by_place: bool) -> When | None:
    if not when:
        return None
    if len(when) == 1:
        return when[0]
    if len(when) == count or (by_place and len(when) <= count):
        return when[place] if place < len(when) else None
    if all(one.period == when[0].period for one in when):
        return when[0]
    printed = " ".join(one.text for one in when)
    return When(Period(text=printed), printed)


def distribute(measures: Sequence[MeasureDraft], steps: Sequence[StepDraft]) -> None:
    """Give the steps of one cell to the measures of the cell beside it, both in order.

    As many steps as measures: one each. Else the cut into runs whose words are most alike to the titles; no
    measure stays without a step while there are enough.
    """
    if not measures:
        return
    if len(steps) == len(measures):
        for measure, step in zip(measures, steps, strict=True):
            measure.steps.append(step)
        return
    for step, owner in zip(steps, _runs([m.title for m in measures], [s.text for s in steps]), strict=True):
        measures[owner].steps.append(step)


def _runs(titles: Sequence[str], texts: Sequence[str]) -> list[int]:
    """For each text the title it goes to, never backwards, with the greatest likeness in all."""
    if not texts:
        return []
    each = len(texts) >= len(titles)
    # best[column]: likeness so far with the last text at this title, and the titles of all texts up to it
    best: dict[int, tuple[float, list[int]]] = {}
    for row, text in enumerate(texts):
        scores = [likeness(title, text) for title in titles]
        line: dict[int, tuple[float, list[int]]] = {}
        for column, score in enumerate(scores):
            if row == 0:
                if column == 0 or not each:
                    line[column] = (score, [column])
                continue
            reach = range(column - 1, column + 1) if each else range(column + 1)
            ways = [best[at] for at in reach if at in best]
            if ways:
                total, path = max(ways, key=lambda way: way[0])
                line[column] = (total + score, [*path, column])
        best = line
    if each:
        return best[len(titles) - 1][1]
    return max(best.values(), key=lambda way: way[0])[1]
