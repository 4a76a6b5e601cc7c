"""When sheets come in and interviews are held: a day's count, and of interviews the times of surveyors' devices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prongsai.simulation.faults import Kind, Mask

Integers = NDArray[np.int64]
_DAYS, _SURVEYORS = 75, 4
_BREAK = 60  # seconds that a surveyor needs from one person to the next


def arrivals(spoiled: Mask, kind: Kind | None, dice: np.random.Generator, gatherings: float) -> Integers:
    """Sheets per day of a self-answered survey: more as the close comes near; stuffed sheets come in on few days."""
    weights = np.linspace(0.3, 1.7, _DAYS) * dice.gamma(1.5, 1, _DAYS)
    counts = dice.multinomial(int((~spoiled).sum()), weights / weights.sum())
    first, days, made = int(dice.integers(_DAYS)), kind.days if kind else 0, int(spoiled.sum())
    if days == 1:
        counts[first] += made
    elif days:
        np.add.at(counts, (first + dice.integers(0, days, made)) % _DAYS, 1)
    else:
        counts += dice.multinomial(made, weights / weights.sum())
    if gatherings and dice.random() < gatherings:  # everybody answers after a meeting
        moved = dice.binomial(counts, dice.uniform(0.2, 0.6))
        counts += int(moved.sum()) * (np.arange(_DAYS) == dice.integers(_DAYS)) - moved
    return counts


def interviews(spoiled: Mask, kind: Kind | None, dice: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Surveyor, start (seconds after the survey opened) and length (seconds) of each interview.

    A surveyor comes on a few days and speaks with one person after another, with waits between them.
    """
    count = len(spoiled)
    visits = dice.integers(0, _DAYS, (_SURVEYORS + 1, 1 + count // 40))
    day = dice.integers(0, visits.shape[1], count)
    hour = dice.integers(9 * 3600, 17 * 3600, count)
    seconds = np.round(np.exp(dice.normal(5.6, 0.35, count))).astype(np.int64)
    surveyor = dice.integers(1, _SURVEYORS + 1, count)
    started = visits[surveyor, day] * 86_400 + hour
    which = np.flatnonzero(spoiled)
    pace = kind.pace if kind else "usual"
    if pace == "desk":  # at a desk, one after the other, by one surveyor
        start = int(dice.integers(_DAYS)) * 86_400 + 13 * 3600
        started[which] = start + 300 * np.arange(len(which)) + dice.integers(0, 20, len(which))
        seconds[which] = 230 + dice.integers(0, 25, len(which))
        surveyor[which] = 1
    elif pace == "hurried":
        seconds[which] = 25 + dice.integers(0, 40, len(which))
        surveyor[which] = 1
    honest = np.flatnonzero(~spoiled) if pace == "desk" else np.arange(count)
    started[honest] = _one_after_another(surveyor[honest], started[honest], seconds[honest])
    return {
        "surveyor": surveyor.astype(np.uint8),
        "started": started.astype(np.int32),
        "seconds": seconds.astype(np.int32),
    }


def _one_after_another(surveyor: Integers, started: Integers, seconds: Integers) -> Integers:
    """Starts moved back where the surveyor was still with somebody else: nobody holds two interviews at once."""
    moved = started.copy()
    for one in np.unique(surveyor):
        own = np.flatnonzero(surveyor == one)
        own = own[np.argsort(started[own], kind="stable")]
        taken = np.concatenate([[0], np.cumsum(seconds[own] + _BREAK)[:-1]])
        moved[own] = np.maximum.accumulate(started[own] - taken) + taken
    return moved
