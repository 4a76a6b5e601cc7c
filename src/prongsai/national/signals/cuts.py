"""How odd a deviate is among clean agencies, and where the line is drawn. No signal itself.

Deviates of clean agencies have a tail of their own for each signal and size class: beyond their 95 % quantile it falls
exponentially. What simulated people hardly ever answer (straight lines) says nothing of how often real ones do: there
the tail is that of a normal deviate. ``cuts.yaml`` holds where it begins, the chance to be beyond, and the mean
excess; a *handicap* for each signal, which is its share of the false alarms
(signals that tell faults from chance get more of them); and the one cut for all. It is made from simulated nations by
``learn`` (``bench/signals.py --tune``), never from those on which signals are evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prongsai.national.counted import Integers
from prongsai.national.signals.peers import SIZES
from prongsai.national.signals.sight import Floats
from prongsai.yaml_file import dump, read

CLASSES = len(SIZES) + 1
FALSE_ALARMS = 0.01
_BEYOND = 0.95
_FEWEST = 300  # clean values of a class, below which all classes stand in
_NARROWEST, _SOME = 0.15, 10  # mean excess, and values from which it is taken
Tail = tuple[float, float, float]  # begins, chance, excess
_NORMAL: Tail = (
    1.0,
    0.1587,
    0.525,
)  # of a normal deviate
_STEPS = (-0.5, -0.2, 0.2, 0.5, 1.0)
_MOST = (
    1.0  # a signal's share of the false alarms may be a tenth of another's, and no less: faults not thought of may come
)
_ROUNDS = 6
_NOTHING = -99.0
_FILE = Path(__file__).parent / "cuts.yaml"
Mask = NDArray[np.bool_]
_KEYS = ("begins", "chance", "excess")


@dataclass(frozen=True)
class Cuts:
    """``tails``: signal → the tail of each size class; ``handicap`` of each signal; the ``cut``."""

    tails: dict[str, tuple[Tail, ...]]
    handicap: dict[str, float]
    cut: float

    def rareness(self, names: Sequence[str], value: Floats, classes: Integers) -> Floats:
        """-log10 of the chance of as much in a clean agency: signals × containers × agencies."""
        found = np.full_like(value, np.nan)
        for line, name in enumerate(names):
            if name in self.tails:
                begins, chance, excess = np.array(self.tails[name]).T
                beyond = (value[line] - begins[classes]) / excess[classes]
                found[line] = np.where(beyond > 0, beyond / np.log(10) - np.log10(chance[classes]), 0)
                found[line][~np.isfinite(value[line])] = np.nan
        return found

    def strength(self, names: Sequence[str], value: Floats, classes: Integers) -> Floats:
        """0 at the cut, rising by one as the chance in a clean agency falls to a tenth."""
        handicap = np.array([self.handicap.get(name, 0.0) for name in names])
        found: Floats = self.rareness(names, value, classes) - handicap[:, None, None] - self.cut
        return found

    def write(self, about: str) -> None:
        """Keep them as the ones in use."""
        data = {
            "made": about,
            "cut": round(self.cut, 3),
            "signals": {
                name: {
                    "handicap": round(self.handicap.get(name, 0.0), 3),
                    **{key: [float(f"{one[k]:.3g}") for one in tail] for k, key in enumerate(_KEYS)},
                }
                for name, tail in self.tails.items()
            },
        }
        _FILE.write_text(dump(data), encoding="utf-8")


@cache
def cuts() -> Cuts:
    """The cuts in use."""
    data = read(_FILE).data
    assert isinstance(data, dict)
    signals = data["signals"]
    return Cuts(
        {
            name: tuple(
                (float(begins), float(chance), float(excess))
                for begins, chance, excess in zip(*(one[key] for key in _KEYS), strict=True)
            )
            for name, one in signals.items()
        },
        {name: float(one["handicap"]) for name, one in signals.items()},
        float(data["cut"]),
    )


@dataclass(frozen=True, eq=False)
class Lesson:
    """One simulated nation to learn from: deviates beside peers, the clean agencies, and the faulty ones by kind.

    ``answers``: which signals look at what people answer. ``kinds``: masks over agencies whose recall counts, with the
    weight of each.
    """

    names: tuple[str, ...]
    answers: tuple[bool, ...]
    value: Floats
    classes: Integers
    clean: Mask
    kinds: dict[str, tuple[Mask, float]]


def learn(lessons: Sequence[Lesson]) -> Cuts:
    """Tails from clean agencies; then handicaps, by one at a time, for the greatest weighted recall at the cut.

    The cut is such that no nation has more than one false alarm in a hundred clean agencies. Faulty agencies widen what
    their peers are compared with, so an honest nation, which has none, should be among them.
    """
    names = list(lessons[0].names)
    tails = {name: tail for line, name in enumerate(names) if (tail := _tail(lessons, line))}
    start = Cuts(tails, {}, 0.0)
    each = [np.nan_to_num(start.rareness(names, one.value, one.classes), nan=_NOTHING).max(axis=1) for one in lessons]
    known = [line for line, name in enumerate(names) if name in tails]

    def cut_at(handicap: Floats) -> float:
        clean = [(r - handicap[:, None]).max(axis=0)[one.clean] for r, one in zip(each, lessons, strict=True)]
        return max(float(np.quantile(values, 1 - FALSE_ALARMS)) for values in clean)

    def recall(handicap: Floats) -> float:
        cut = cut_at(handicap)
        hit: dict[str, list[float]] = {}
        for rareness, one in zip(each, lessons, strict=True):
            found = (rareness - handicap[:, None]).max(axis=0) > cut
            for kind, (mask, weight) in one.kinds.items():
                tally = hit.setdefault(kind, [0, 0, weight])
                tally[0] += float(found[mask].sum())
                tally[1] += float(mask.sum())
        return sum(weight * found / of for found, of, weight in hit.values() if of)

    handicap = _climb(np.zeros(len(names)), known, recall)
    return Cuts(tails, dict(zip(names, handicap.tolist(), strict=True)), cut_at(handicap))


def _climb(at: Floats, places: list[int], value: Callable[[Floats], float]) -> Floats:
    best = value(at)
    for _ in range(_ROUNDS):
        before = best
        for place in places:
            for step in _STEPS:
                tried = at.copy()
                tried[place] += step
                if abs(tried[place]) <= _MOST and (found := value(tried)) > best + 1e-9:
                    at, best = tried, found
        if best == before:
            break
    return at


def _tail(lessons: Sequence[Lesson], line: int) -> tuple[Tail, ...]:
    """The tail of each class; empty where the signal said nothing of clean agencies."""
    values = np.concatenate([one.value[line][:, one.clean].ravel() for one in lessons])
    classes = np.concatenate([one.classes[:, one.clean].ravel() for one in lessons])
    known = np.isfinite(values)
    if known.sum() < _FEWEST:
        return ()
    found = []
    for one in range(CLASSES):
        here = values[known & (classes == one)]
        peers = here if len(here) >= _FEWEST else values[known]
        begins = max(float(np.quantile(peers, _BEYOND)), _NORMAL[0])
        excess = peers[peers > begins] - begins
        if begins == _NORMAL[0] and lessons[0].answers[line]:
            found.append(_NORMAL)
        else:
            mean = max(float(excess.mean()), _NARROWEST) if len(excess) >= _SOME else _NORMAL[2]
            found.append((begins, max(len(excess), 1) / len(peers), mean))
    return tuple(found)
