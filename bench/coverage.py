"""How often a 95 % interval holds the truth: ``python bench/coverage.py [SAMPLES]``, a table of docs/statistics.md.

Finite populations of N = n / 0.3 people from a latent level (person, item, chance) cut into 0, 20 … 100, calibrated to
a mean of 80, 94 or 99; n are drawn without putting back; the truth is the population's own mean. Each sample's interval
is made four ways, the last two by the functions of ``analysis.uncertainty``. Below: two surveys of half the score each
(no frame, so the truth is the mean of endless people), combined in three ways.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.analysis.uncertainty import logit_bounds, may_differ, t_quantile

Floats = NDArray[np.float64]
SAMPLES, SEED, FRACTION = 2000, 7, 0.3
MEANS, SIZES = (80, 94, 99), (5, 10, 30, 100)
PAIRS = ((5, 30), (10, 10), (10, 100), (30, 30))
WAYS = ("±1.96 SE", "t", "logit-t", "logit-t + bound")
TOGETHER = ("±1.96 SE", "logit-t, Satterthwaite", "from the surveys' own")


@dataclass(frozen=True)
class Drawn:
    """Samples: the mean and standard error of each, how many were drawn of how many (0: endless), and the truth."""

    mean: Floats
    se: Floats
    n: int
    people: int
    truth: Floats


def people(random: np.random.Generator, shape: tuple[int, int], items: int, shift: float) -> Floats:
    """The score of so many respondents: the mean of their items, whose latent levels correlate by 0.58."""
    person, chance = np.sqrt(0.58), np.sqrt(0.42)
    own = random.normal(size=shape)
    total = np.zeros(shape)
    for item in range(items):
        difficulty = 0.3 * np.sin(item)  # fixed, so that the mean asked for is that of the whole score
        latent = shift + difficulty + person * own + chance * random.normal(size=shape)
        total += np.clip(np.floor(latent / 0.4) * 20, 0, 100)
    return total / items


def calibrated(mean: float, items: int) -> float:
    """The shift of the latent level that gives a mean, by halving."""
    low, high = -5.0, 10.0
    for _ in range(20):
        middle = (low + high) / 2
        found = people(np.random.default_rng(1), (100, 400), items, middle).mean()
        low, high = (middle, high) if found < mean else (low, middle)
    return low


def drawn(random: np.random.Generator, n: int, items: int, shift: float, samples: int) -> Drawn:
    """Samples of n from finite populations: the first n of people who stand in random order anyway."""
    whole = round(n / FRACTION)
    everybody = people(random, (samples, whole), items, shift)
    some = everybody[:, :n]
    se = np.sqrt((1 - n / whole) / n) * some.std(axis=1, ddof=1)
    return Drawn(some.mean(axis=1), np.where(same(some), 0, se), n, whole, everybody.mean(axis=1))


def endless(random: np.random.Generator, n: int, items: int, shift: float, samples: int) -> Drawn:
    """Samples of n where no frame is known."""
    some = people(random, (samples, n), items, shift)
    truth = people(np.random.default_rng(1), (400, 500), items, shift).mean()
    se = np.where(same(some), 0, some.std(axis=1, ddof=1) / np.sqrt(n))
    return Drawn(some.mean(axis=1), se, n, 0, np.full(samples, truth))


def same(some: Floats) -> NDArray[np.bool_]:
    """Where all of a sample are equal: rounding may leave a little of a variance of zero."""
    return np.asarray(np.ptp(some, axis=1) < 1e-9)


def intervals(one: Drawn) -> dict[str, tuple[Floats, Floats]]:
    """Every way's bounds."""
    t = float(t_quantile(one.n - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = logit_bounds(one.mean / 100, 1 - one.mean / 100, one.se, t)
    equal = one.se == 0
    low, high = np.where(equal, one.mean, low), np.where(equal, one.mean, high)
    differ = may_differ(one.n, one.people or None)
    bound = np.where(equal, one.mean * (1 - differ), low), np.where(equal, one.mean + (100 - one.mean) * differ, high)
    return {
        WAYS[0]: (one.mean - 1.96 * one.se, one.mean + 1.96 * one.se),
        WAYS[1]: (one.mean - t * one.se, one.mean + t * one.se),
        WAYS[2]: (low, high),
        WAYS[3]: bound,
    }


def covered(one: Drawn) -> dict[str, float]:
    """The share of samples whose interval holds the truth, by way."""
    return {name: holds(bounds, one.truth) for name, bounds in intervals(one).items()}


def holds(bounds: tuple[Floats, Floats], truth: Floats) -> float:
    """The share of intervals that hold the truth; a hair's breadth is not outside."""
    return float(np.mean((bounds[0] <= truth + 1e-9) & (truth <= bounds[1] + 1e-9)))


def covered_together(first: Drawn, second: Drawn) -> dict[str, float]:
    """The same for the mean of two surveys, as ``analysis.uncertainty.combine`` would make it, and other ways."""
    mean, truth = (first.mean + second.mean) / 2, (first.truth + second.truth) / 2
    parts = [(one.se / 2) ** 2 for one in (first, second)]
    se = np.sqrt(sum(parts))
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = parts[0] ** 2 / (first.n - 1) + parts[1] ** 2 / (second.n - 1)
        degrees = np.where(se > 0, se**4 / squares, 1)
        low, high = logit_bounds(mean / 100, 1 - mean / 100, se, t_quantile(degrees))
    low, high = np.where(se > 0, low, mean), np.where(se > 0, high, mean)
    own = [intervals(one)[WAYS[3]] for one in (first, second)]
    below = np.hypot(*((one.mean - bounds[0]) / 2 for one, bounds in zip((first, second), own, strict=True)))
    above = np.hypot(*((bounds[1] - one.mean) / 2 for one, bounds in zip((first, second), own, strict=True)))
    return {
        TOGETHER[0]: holds((mean - 1.96 * se, mean + 1.96 * se), truth),
        TOGETHER[1]: holds((low, high), truth),
        TOGETHER[2]: holds((mean - below, mean + above), truth),
    }


def main() -> None:
    """Print both tables as they stand in docs/statistics.md."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    random = np.random.default_rng(SEED)
    shifts = {(items, mean): calibrated(mean, items) for items in (1, 15) for mean in MEANS}
    print(f"| score | mean | n | {' | '.join(WAYS)} | samples of equal answers | t bound above 100 |")
    print("|---|---|---|" + "---|" * (len(WAYS) + 2))
    for items in (1, 15):
        for mean in MEANS:
            for n in SIZES:
                one = drawn(random, n, items, shifts[items, mean], samples)
                figures = [f"{share:.3f}" for share in covered(one).values()]
                figures += [f"{np.mean(one.se == 0):.2f}", f"{np.mean(intervals(one)['t'][1] > 100):.2f}"]
                print(f"| {'item' if items == 1 else '15 items'} | {mean} | {n} | {' | '.join(figures)} |")
    print(f"\n| two surveys of 15 items, mean | n | {' | '.join(TOGETHER)} |\n|---|---|" + "---|" * len(TOGETHER))
    for mean in MEANS:
        for pair in PAIRS:
            first, second = (endless(random, n, 15, shifts[15, mean], samples) for n in pair)
            figures = [f"{share:.3f}" for share in covered_together(first, second).values()]
            print(f"| {mean} | {pair[0]} and {pair[1]} | {' | '.join(figures)} |")
    print(f"\n{samples} samples a line, seed {SEED}, {time.strftime('%Y-%m-%d')}")


if __name__ == "__main__":
    main()
