"""Faults of stated kinds, put into the sheets of one agency. One function per kind; the names are the truth file's.

Each takes the form, the honest ranks, how many sheets to spoil and the dice, and returns the sheets with a mask of
those it made. Which survey a kind spoils stands in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prongsai.simulation.answers import Form, Ranks

Mask = NDArray[np.bool_]
Spoil = Callable[[Form, Ranks, int, np.random.Generator], tuple[Ranks, Mask]]
Survey = Literal["inside", "outside", "interviews"]


def coached(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """An office told to give one high sheet; one answer in ten is still people's own."""
    told = form.best - (dice.random(len(form.best)) < 0.2).astype(np.int8)
    mask = _some(len(ranks), count, dice)
    own = dice.random(ranks.shape) < 0.1
    return np.where(mask[:, None] & ~own, np.maximum(told, 0), ranks).astype(np.int8), mask


def all_best(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """Everybody told to answer 100."""
    mask = _some(len(ranks), count, dice)
    return np.where(mask[:, None], form.best, ranks).astype(np.int8), mask


def copied(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """One sheet of the agency copied; in half of the copies one answer is changed."""
    mask = _some(len(ranks), count, dice)
    copies = np.repeat(ranks[dice.integers(len(ranks))][None, :], int(mask.sum()), axis=0)
    changed = np.flatnonzero(dice.random(len(copies)) < 0.5)
    where = dice.integers(copies.shape[1], size=len(changed))
    copies[changed, where] = dice.integers(0, form.best[where] + 1)
    spoiled = ranks.copy()
    spoiled[mask] = copies
    return spoiled, mask


def straight(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """The same option all the way down, whatever the question asks: polarity is ignored."""
    mask = _some(len(ranks), count, dice)
    options = dice.integers(0, form.rank_of.shape[1], int(mask.sum()))
    spoiled = ranks.copy()
    spoiled[mask] = form.rank_of.T[options]
    return spoiled, mask


def stuffed(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """Sheets added by one hand: nearly all best, besides the honest ones."""
    added = np.repeat(form.best[None, :], count, axis=0)
    added -= ((dice.random(added.shape) < 0.04) & (added > 0)).astype(np.int8)
    return np.vstack([ranks, added]), np.repeat([False, True], [len(ranks), count])


def invented(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """Interviews that never were: around what the surveyor thinks typical, with too little variety."""
    mask = _some(len(ranks), count, dice)
    typical = np.clip(np.round(form.best * 0.85), 0, form.best)
    drawn = typical + dice.choice([-1, 0, 1], (len(ranks), len(typical)), p=[0.12, 0.76, 0.12])
    return np.where(mask[:, None], np.clip(drawn, 0, form.best), ranks).astype(np.int8), mask


def speeding(form: Form, ranks: Ranks, count: int, dice: np.random.Generator) -> tuple[Ranks, Mask]:
    """Interviews hurried through: half of the answers are whatever the surveyor ticked, in the upper options."""
    mask = _some(len(ranks), count, dice)
    ticked = form.best - dice.integers(0, np.minimum(form.best, 2) + 1, ranks.shape)
    hurried = mask[:, None] & (dice.random(ranks.shape) < 0.5)
    return np.where(hurried, ticked, ranks).astype(np.int8), mask


KINDS: dict[str, tuple[Survey, Spoil]] = {
    "coached": ("inside", coached),
    "all_best": ("inside", all_best),
    "copied": ("inside", copied),
    "straight": ("inside", straight),
    "stuffed": ("outside", stuffed),
    "invented": ("interviews", invented),
    "speeding": ("interviews", speeding),
}


def _some(sheets: int, count: int, dice: np.random.Generator) -> Mask:
    mask = np.zeros(sheets, bool)
    mask[dice.permutation(sheets)[:count]] = True
    return mask
