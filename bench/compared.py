"""What compares agencies, beside counting: groups, ranks, changes, shrunk estimates, and the files.

``measure`` times each step, medians of five, by the clock and by processor time (which other work on the machine blurs
less). The year before is this one with noise added: what a test costs does not depend on what it finds. Alone:
``python bench/compared.py DIR``.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from prongsai.national import tables
from prongsai.national.aggregates import BY, aggregates, grouped
from prongsai.national.change import false_discovery, t_tests
from prongsai.national.compared import Asked, compare, whole
from prongsai.national.disclosed import shown_estimates, withheld
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.ranks import league
from prongsai.national.score import score_nation
from prongsai.national.small_area import shrink
from prongsai.national.uncertain import Estimates, estimates
from prongsai.national.workbook import write_workbook

ROUNDS = 5
ASSUME = ("eit-mean-of-parts",)  # EIT is known then, and has ranks and changes


def measure(nation: Nation) -> dict[str, Any]:
    """Seconds of every step, and of all that is computed together."""
    counted = count(nation, engine("polars"), moments=True)
    known = {one.name for node in nation.tree.nodes.values() for way in node.ways for one in way.rule.hypotheses}
    scores = score_nation(nation, counted, [name for name in ASSUME if name in known])
    every, hidden = estimates(scores, counted), withheld(scores, counted)
    found, (_, kind) = shown_estimates(every, scores, counted, hidden), grouped(scores, "kind")
    ranked = [node for node in whole(scores) if not np.isnan(found.value[found.line(node)]).all()]
    all_of_it = compare(scores, counted, Asked(small_area=True), "polars")
    works: dict[str, Callable[[], Any]] = {
        "what may be shown": lambda: shown_estimates(every, scores, counted, withheld(scores, counted)),
        "groups": lambda: [aggregates(scores, counted, by, hidden) for by in BY],
        "ranks": lambda: [(league(found, node), league(found, node, kind)) for node in ranked],
        "changes": lambda: changed(found),
        "shrunk": lambda: [shrink(found, node, kind) for node in ranked],
    }
    files: dict[str, Callable[[], Any]] = {
        "scores": lambda: tables.scores_table(all_of_it),
        "agencies": lambda: tables.agencies_table(all_of_it),
        "aggregates": lambda: [tables.aggregates_table(groups) for groups in all_of_it.groups.values()],
    }
    times = {name: timed(work) for name, work in (works | files).items()}
    with tempfile.TemporaryDirectory() as folder:
        times["workbook, once"] = timed(lambda: write_workbook(Path(folder) / "nation.xlsx", all_of_it), rounds=1)
    together = {key: round(sum(times[name][key] for name in works), 3) for key in ("clock", "cpu")}
    return {"agencies": len(nation.numbers), "nodes_ranked": len(ranked), "steps": times, "computed": together}


def changed(found: Estimates) -> None:
    """Every node against itself with noise: t tests and false discoveries."""
    noise = np.random.default_rng(1).normal(0, 1, found.value.shape)
    p = t_tests(noise, (found.se, found.se), (found.degrees, found.degrees))[-1]
    for values in p:
        false_discovery(values[~np.isnan(values)])


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> dict[str, float]:
    """The medians of a few rounds."""
    clock, cpu = [], []
    for _ in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began)
        cpu.append(time.process_time() - busy)
    return {"clock": round(statistics.median(clock), 4), "cpu": round(statistics.median(cpu), 4)}


if __name__ == "__main__":
    print(json.dumps(measure(open_nation(Path(sys.argv[1]))), indent=2, ensure_ascii=False))
