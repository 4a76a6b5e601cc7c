"""What compares agencies, beside counting: groups, ranks, changes, shrunk estimates, and the files.

``measure`` times each step, medians of five, by the clock and by processor time (which other work on the machine blurs
less). The year before is this one with noise added: what a test costs does not depend on what it finds. Alone:
``python bench/compared.py DIR``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from times import in_turns

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
    times = in_turns(works | files, warm=False)
    with tempfile.TemporaryDirectory() as folder:
        times.take("workbook, once", lambda: write_workbook(Path(folder) / "nation.xlsx", all_of_it))
    clock, cpu = times.seconds(), times.cpu_seconds()
    steps = {name: {"clock": clock[name], "cpu": cpu[name]} for name in clock}
    together = {key: round(sum(steps[name][key] for name in works), 3) for key in ("clock", "cpu")}
    return {"agencies": len(nation.numbers), "nodes_ranked": len(ranked), "steps": steps, "computed": together}


def changed(found: Estimates) -> None:
    """Every node against itself with noise: t tests and false discoveries."""
    noise = np.random.default_rng(1).normal(0, 1, found.value.shape)
    p = t_tests(noise, (found.se, found.se), (found.degrees, found.degrees))[-1]
    for values in p:
        false_discovery(values[~np.isnan(values)])


if __name__ == "__main__":
    print(json.dumps(measure(open_nation(Path(sys.argv[1]))), indent=2, ensure_ascii=False))
