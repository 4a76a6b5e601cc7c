"""The nation at once: ``make bench-national``. Writes ``build/bench/national.json``.

Simulates a nation of the real size (kept below build/) and times, interleaved in one process, medians of five:
the door's checks, the tally, the scores (by the clock, and by processor time, which other work on the machine blurs
less); beside the I/O floor (polars reading the same columns) and the same tally by
DuckDB SQL, pandas and numpy on the same columns. Then the tally alone on 1 to N times the nation, for its growth; the
peak memory of each is that of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from prongsai.framework import by_id
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import score_nation
from prongsai.scoring.wide import AGENCY
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.simulation.population import whole_nation

OUT = Path("build/bench/national.json")
ROUNDS = 5
FRAMEWORK = "ita-2568"


def main() -> None:
    """Simulate if needed, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=whole_nation())
    parser.add_argument("--growth", type=int, nargs="*", default=[1, 2, 4], help="how many times the nation")
    parser.add_argument("--moments", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        alone(Path(asked.alone), asked.moments)
        return
    folder, seconds = simulated(asked.agencies)
    nation = open_nation(folder)
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "versions": {"polars": pl.__version__, "pandas": pd.__version__, "numpy": np.__version__},
        "date": time.strftime("%Y-%m-%d"),
        "load_before": os.getloadavg()[0],
        "agencies": len(nation.numbers),
        "sheets": {name: survey.sheets for name, survey in nation.surveys.items()},
        "simulation_seconds": seconds,
        **compare(nation),
        "growth": [grown(asked.agencies, times) for times in asked.growth],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    clock, cpu = found["seconds"], found["cpu_seconds"]
    print(f"{'what':24} {'seconds':>9} {'× floor':>8} {'cpu':>9} {'× floor':>8}")
    for name, value in clock.items():
        by_clock, by_cpu = value / clock["floor"], cpu[name] / cpu["floor"]
        print(f"{name:24} {value:9.3f} {by_clock:8.2f} {cpu[name]:9.3f} {by_cpu:8.2f}")
    for line in found["growth"]:
        print(line)


def simulated(agencies: int) -> tuple[Path, float | None]:
    """A nation kept below build/; the seconds it took, or None where it was there."""
    folder = Path(f"build/bench-national-{agencies}")
    if (folder / "nation.yaml").exists():
        return folder, None
    shutil.rmtree(folder, ignore_errors=True)
    began = time.perf_counter()
    write_nation(NationSpec(by_id(FRAMEWORK), agencies, 1), folder)
    return folder, round(time.perf_counter() - began, 2)


def compare(nation: Nation) -> dict[str, Any]:
    """Seconds of everything, in turns, so that a busy moment hits all alike; and that all counted the same."""
    polars, duckdb = engine("polars"), engine("duckdb")
    counted = count(nation, polars)
    with_moments = count(nation, polars, moments=True)
    works: dict[str, Callable[[], Any]] = {
        "floor": lambda: floor(nation),
        "door": lambda: open_nation(nation.folder),
        "tally polars": lambda: count(nation, polars),
        "tally duckdb": lambda: count(nation, duckdb),
        "tally pandas": lambda: by_pandas(nation),
        "tally numpy": lambda: by_numpy(nation),
        "tally polars expressions": lambda: by_expressions(nation),
        "scores": lambda: score_nation(nation, counted),
        "door, tally, scores": lambda: score_nation(fresh := open_nation(nation.folder), count(fresh, polars)),
        "moments polars": lambda: count(nation, polars, moments=True),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    cpu: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(ROUNDS + 1):
        for name, work in works.items():
            began, busy = time.perf_counter(), time.process_time()
            work()
            if turn:  # the first round warms up
                times[name].append(time.perf_counter() - began)
                cpu[name].append(time.process_time() - busy)
    assert all(one.same(counted[name]) for name, one in count(nation, duckdb).items())
    began, busy = time.perf_counter(), time.process_time()  # too slow for five rounds
    by_duckdb = count(nation, duckdb, moments=True)
    times["moments duckdb, once"], cpu["moments duckdb, once"] = (
        [time.perf_counter() - began],
        [time.process_time() - busy],
    )
    assert all(one.same(with_moments[name]) for name, one in by_duckdb.items())
    for other in (by_pandas, by_numpy, by_expressions):
        assert all(np.array_equal(counts, counted[name].counts) for name, counts in other(nation).items()), other
    scores = score_nation(nation, counted)
    return {
        "seconds": {name: round(statistics.median(values), 4) for name, values in times.items()},
        "cpu_seconds": {name: round(statistics.median(values), 4) for name, values in cpu.items()},
        "spread": {name: [round(min(values), 4), round(max(values), 4)] for name, values in times.items()},
        "scored_by_fractions": len(scores.again),
    }


def columns(nation: Nation) -> dict[str, list[str]]:
    """The columns that a tally needs, of each survey."""
    return {name: [AGENCY, *(row.code for row in s.layout.rows)] for name, s in nation.surveys.items()}


def floor(nation: Nation) -> dict[str, pl.DataFrame]:
    """Polars reading the columns of the tally, and nothing more."""
    wanted = columns(nation)
    return {name: pl.read_parquet(list(s.files), columns=wanted[name]) for name, s in nation.surveys.items()}


def by_numpy(nation: Nation) -> dict[str, Any]:
    """One two-dimensional histogram a row over all sheets held at once."""
    found = {}
    for name, table in floor(nation).items():
        layout, lines = nation.surveys[name].layout, len(nation.numbers)
        place = np.searchsorted(nation.numbers, table[AGENCY].to_numpy())
        parts = []
        for row in layout.rows:
            width = len(row.options) + 1
            cells = place * width + table[row.code].fill_null(width - 1).to_numpy()
            parts.append(np.bincount(cells, minlength=lines * width).reshape(lines, width)[:, :-1])
        found[name] = np.hstack(parts)
    return found


def by_pandas(nation: Nation) -> dict[str, Any]:
    """One ``groupby().size()`` a row; -1 stands for no answer, since pandas would turn the column into floats."""
    found = {}
    for name, table in floor(nation).items():
        layout = nation.surveys[name].layout
        frame = pd.DataFrame({column: table[column].fill_null(-1).to_numpy() for column in table.columns})
        parts = []
        for row in layout.rows:
            sizes = frame.groupby([AGENCY, row.code], sort=False).size().unstack(fill_value=0)
            parts.append(sizes.reindex(index=nation.numbers, columns=range(len(row.options)), fill_value=0).to_numpy())
        found[name] = np.hstack(parts)
    return found


def by_expressions(nation: Nation) -> dict[str, Any]:
    """Polars by itself: one ``group_by`` with a sum for every option."""
    found = {}
    for name, survey in nation.surveys.items():
        sums = [
            (pl.col(row.code) == option).sum().cast(pl.Int64).alias(f"{row.code} {option}")
            for row in survey.layout.rows
            for option in range(len(row.options))
        ]
        lazy = pl.scan_parquet(list(survey.files)).group_by(AGENCY).agg(sums)
        agencies = pl.LazyFrame({AGENCY: nation.numbers.astype(np.int32)})
        table = agencies.join(lazy, on=AGENCY, how="left").sort(AGENCY).fill_null(0).collect(engine="streaming")
        found[name] = table.drop(AGENCY).to_numpy()
    return found


def grown(agencies: int, times: int) -> dict[str, Any]:
    """The tally of several nations in one: seconds, and the peak memory of a process that does nothing else."""
    folder, _ = simulated(agencies * times)
    measured = {}
    for name, more in (("tally", []), ("moments", ["--moments"])):
        command = [sys.executable, __file__, "--alone", str(folder), *more]
        measured[name] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"times": times, **measured}


def alone(folder: Path, moments: bool) -> None:
    """In a process of its own: the tally of a nation, and the floor, both by streams."""
    base = peak()
    nation = open_nation(folder)
    tallies, floors, cpu = [], [], []
    counted: dict[str, Counted] = {}
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for name, wanted in columns(nation).items():
            for _batch in pl.scan_parquet(list(nation.surveys[name].files)).select(wanted).collect_batches():
                pass
        floors.append(time.perf_counter() - began)
        began, busy = time.perf_counter(), time.process_time()
        counted = count(nation, engine("polars"), moments=moments)
        tallies.append(time.perf_counter() - began)
        cpu.append(time.process_time() - busy)
    seconds, reading = statistics.median(tallies), statistics.median(floors)
    sheets = sum(int(one.sheets.sum()) for one in counted.values())
    said = {
        "sheets": sheets,
        "seconds": round(seconds, 3),
        "cpu": round(statistics.median(cpu), 3),
        "floor": round(reading, 3),
    }
    print(json.dumps({**said, "ratio": round(seconds / reading, 2), "peak_mb": peak(), "imports_mb": base}))


def peak() -> int:
    """Peak memory of this process in MB."""
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
