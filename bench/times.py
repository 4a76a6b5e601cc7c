"""How long works take, by the clock and by processor time, which other work on the machine blurs less."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

Works = dict[str, Callable[[], Any]]
ROUNDS = 5


class Times:
    """Seconds of works by their names, in the order in which they were taken."""

    def __init__(self) -> None:
        self.clock: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    def take(self, name: str, work: Callable[[], Any]) -> Any:
        """Do a work and keep how long it took; returns what it returns."""
        began, busy = time.perf_counter(), time.process_time()
        made = work()
        self.clock.setdefault(name, []).append(time.perf_counter() - began)
        self.cpu.setdefault(name, []).append(time.process_time() - busy)
        return made

    def seconds(self, digits: int = 4) -> dict[str, float]:
        """Medians by the clock."""
        return {name: round(median(values), digits) for name, values in self.clock.items()}

    def cpu_seconds(self, digits: int = 4) -> dict[str, float]:
        """Medians of processor time."""
        return {name: round(median(values), digits) for name, values in self.cpu.items()}

    def spread(self, digits: int = 4) -> dict[str, list[float]]:
        """Least and most by the clock."""
        return {name: [round(min(each), digits), round(max(each), digits)] for name, each in self.clock.items()}


def in_turns(works: Works, rounds: int = ROUNDS, *, warm: bool = True) -> Times:
    """Each work once in every round, so that none has a quieter machine than another; ``warm``: one round before."""
    if warm:
        for work in works.values():
            work()
    found = Times()
    for _ in range(rounds):
        for name, work in works.items():
            found.take(name, work)
    return found
