"""Faults of stated kinds, put into the sheets of one agency. One function per kind; the names are the truth file's.

Each takes an office with its honest sheets and returns the sheets with a mask of those it made. ``KINDS`` are those
that signals were tuned on; ``HELD_OUT`` were kept away from tuning, so that tests on them say what a signal is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prongsai.simulation.answers import Form, Ranks

Mask = NDArray[np.bool_]
Survey = Literal["inside", "outside", "interviews"]
Pace = Literal["usual", "desk", "hurried"]


@dataclass(frozen=True)
class Office:
    """Where a fault is planted: the form, the honest ranks, how many sheets to spoil, the dice.

    ``neighbour`` draws the honest sheets of another agency of the same kind: the very ones that stand in its own file.
    """

    form: Form
    ranks: Ranks
    count: int
    dice: np.random.Generator
    neighbour: Callable[[], Ranks]


@dataclass(frozen=True)
class Kind:
    """One kind of fault. ``adds``: spoiled sheets come on top of the honest ones instead of replacing some; ``days``:
    they come in on so many days (0: like all others); ``pace``: how spoiled interviews were held: as usual, one after
    the other at a desk, or hurried.
    """

    survey: Survey
    spoil: Callable[[Office], tuple[Ranks, Mask]]
    adds: bool = False
    days: int = 0
    pace: Pace = "usual"

    def count(self, sheets: int, share: float) -> int:
        """How many sheets to spoil, to be this share (below 1) of all that lie there afterwards; at least one."""
        return max(1, round(sheets * (share / (1 - share) if self.adds else share)))


def coached(office: Office) -> tuple[Ranks, Mask]:
    """An office told to give one high sheet; one answer in ten is still people's own."""
    told = office.form.best - (office.dice.random(len(office.form.best)) < 0.2).astype(np.int8)
    mask = _some(office)
    own = office.dice.random(office.ranks.shape) < 0.1
    return np.where(mask[:, None] & ~own, np.maximum(told, 0), office.ranks).astype(np.int8), mask


def all_best(office: Office) -> tuple[Ranks, Mask]:
    """Everybody told to answer 100."""
    mask = _some(office)
    return np.where(mask[:, None], office.form.best, office.ranks).astype(np.int8), mask


def copied(office: Office) -> tuple[Ranks, Mask]:
    """One sheet of the agency copied; in half of the copies one answer is changed."""
    mask = _some(office)
    copies = np.repeat(office.ranks[office.dice.integers(len(office.ranks))][None, :], int(mask.sum()), axis=0)
    changed = np.flatnonzero(office.dice.random(len(copies)) < 0.5)
    where = office.dice.integers(copies.shape[1], size=len(changed))
    copies[changed, where] = office.dice.integers(0, office.form.best[where] + 1)
    spoiled = office.ranks.copy()
    spoiled[mask] = copies
    return spoiled, mask


def straight(office: Office) -> tuple[Ranks, Mask]:
    """The same option all the way down, whatever the question asks: polarity is ignored."""
    mask = _some(office)
    options = office.dice.integers(0, office.form.rank_of.shape[1], int(mask.sum()))
    spoiled = office.ranks.copy()
    spoiled[mask] = office.form.rank_of.T[options]
    return spoiled, mask


def stuffed(office: Office) -> tuple[Ranks, Mask]:
    """Sheets added by one hand: nearly all best, besides the honest ones."""
    added = np.repeat(office.form.best[None, :], office.count, axis=0)
    added -= ((office.dice.random(added.shape) < 0.04) & (added > 0)).astype(np.int8)
    return np.vstack([office.ranks, added]), np.repeat([False, True], [len(office.ranks), office.count])


def invented(office: Office) -> tuple[Ranks, Mask]:
    """Interviews that never were: around what the surveyor thinks typical, with too little variety."""
    mask = _some(office)
    typical = np.clip(np.round(office.form.best * 0.85), 0, office.form.best)
    drawn = typical + office.dice.choice([-1, 0, 1], (len(office.ranks), len(typical)), p=[0.12, 0.76, 0.12])
    return np.where(mask[:, None], np.clip(drawn, 0, office.form.best), office.ranks).astype(np.int8), mask


def speeding(office: Office) -> tuple[Ranks, Mask]:
    """Interviews hurried through: half of the answers are whatever the surveyor ticked, in the upper options."""
    mask = _some(office)
    ticked = office.form.best - office.dice.integers(0, np.minimum(office.form.best, 2) + 1, office.ranks.shape)
    hurried = mask[:, None] & (office.dice.random(office.ranks.shape) < 0.5)
    return np.where(hurried, ticked, office.ranks).astype(np.int8), mask


def versions(office: Office) -> tuple[Ranks, Mask]:
    """An office told to give one of several sheets, so that no two neighbours hand in the same."""
    best = office.form.best
    told = np.maximum(best - (office.dice.random((4, len(best))) < 0.25).astype(np.int8), 0)
    mask = _some(office)
    given = told[office.dice.integers(len(told), size=len(mask))]
    own = office.dice.random(office.ranks.shape) < 0.1
    return np.where(mask[:, None] & ~own, given, office.ranks).astype(np.int8), mask


def two_hands(office: Office) -> tuple[Ranks, Mask]:
    """Sheets added by two hands over some days: one marks all best, the other a good but mixed sheet."""
    best = office.form.best
    second = np.maximum(best - (office.dice.random(len(best)) < 0.4).astype(np.int8), 0)
    added = np.where(office.dice.random((office.count, 1)) < 0.5, best, second)
    slips = (office.dice.random(added.shape) < 0.12) & (added > 0)
    added = (added - slips).astype(np.int8)
    return np.vstack([office.ranks, added]), np.repeat([False, True], [len(office.ranks), office.count])


def retold(office: Office) -> tuple[Ranks, Mask]:
    """A surveyor who fills in earlier interviews again, with two or three answers changed in each."""
    mask = _some(office)
    told = office.ranks[office.dice.integers(len(office.ranks), size=len(mask))]
    step = office.dice.choice([-1, 1], told.shape)
    changed = office.dice.random(told.shape) < 2.5 / told.shape[1]
    moved = np.clip(np.where(changed & (told >= 0), told + step, told), -1, office.form.best)
    return np.where(mask[:, None], moved, office.ranks).astype(np.int8), mask


def neighbour(office: Office) -> tuple[Ranks, Mask]:
    """Sheets taken over from a neighbouring office, each once: within the agency nothing repeats."""
    mask = _some(office)
    theirs = office.neighbour()
    count = min(int(mask.sum()), len(theirs))
    mask[np.flatnonzero(mask)[count:]] = False
    spoiled = office.ranks.copy()
    spoiled[mask] = theirs[office.dice.permutation(len(theirs))[:count]]
    return spoiled, mask


def midpoint(office: Office) -> tuple[Ranks, Mask]:
    """Sheets filled in around the middle of the scale, to say nothing."""
    mask = _some(office)
    middle = office.form.best / 2 + office.dice.choice([-0.5, 0.5], office.ranks.shape)
    filled = np.clip(np.round(middle), 0, office.form.best)
    return np.where(mask[:, None], filled, office.ranks).astype(np.int8), mask


# New kinds go to the end: the agencies that get each kind follow from the order.
KINDS: dict[str, Kind] = {
    "coached": Kind("inside", coached, days=1),
    "all_best": Kind("inside", all_best),
    "copied": Kind("inside", copied, days=1),
    "straight": Kind("inside", straight),
    "stuffed": Kind("outside", stuffed, adds=True, days=1),
    "invented": Kind("interviews", invented, pace="desk"),
    "speeding": Kind("interviews", speeding, pace="hurried"),
}
HELD_OUT: dict[str, Kind] = {
    "versions": Kind("inside", versions),
    "two_hands": Kind("outside", two_hands, adds=True, days=5),
    "retold": Kind("interviews", retold),
    "neighbour": Kind("inside", neighbour, days=1),
    "midpoint": Kind("inside", midpoint),
}
# What is planted beside the answers: links that are dead though every verdict is the best, measures copied whole.
BESIDE = ("dead_links", "copied_texts")


def _some(office: Office) -> Mask:
    sheets = len(office.ranks)
    mask = np.zeros(sheets, bool)
    mask[office.dice.permutation(sheets)[: office.count]] = True
    return mask
