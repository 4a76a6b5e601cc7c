"""The nation at once: ``make bench-national``. Writes ``build/bench/national.json``.

Simulates a nation of the real size (kept below build/ while the simulator stays the same) and times, interleaved in one
process, medians of five: the door's checks, the tally, the scores (by the clock, and by processor time, which other
work on the machine blurs less); beside the I/O floor (polars reading the same columns) and the same tally by DuckDB
SQL, pandas and numpy on the same columns. Then the same nation 1 to 20 times over, for the growth; the peak memory of
each is that of a process of its own. Last what other files measure on the same nation (``OTHERS``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from times import ROUNDS, Times, in_turns

import prongsai.simulation
from prongsai.framework import by_id
from prongsai.national.engines import count, engine
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import NationScores, score_nation
from prongsai.scoring.wide import AGENCIES_FILE, AGENCY, NATION_FILE, RESPONDENT
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.simulation.population import whole_nation
from prongsai.yaml_file import dump, read

OUT = Path("build/bench/national.json")
FRAMEWORK = "ita-2568"
GROWTH = (1, 2, 4, 10, 20)
# Files beside this one that may be there, each with ``measure(nation) -> dict``: errors and intervals, signals, pages.
OTHERS = ("uncertainty", "compared", "signals", "pages")


def main() -> None:
    """Simulate if needed, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=whole_nation())
    parser.add_argument("--growth", type=int, nargs="*", default=GROWTH, help="how many times the nation")
    parser.add_argument("--others", nargs="*", default=OTHERS, help="what else to measure on the same nation")
    parser.add_argument("--alone", nargs=2, metavar=("WHAT", "DIR"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone[0], Path(asked.alone[1]))
        return
    folder, seconds = simulated(asked.agencies)
    nation = open_nation(folder)
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "versions": {name: metadata.version(name) for name in ("polars", "duckdb", "pandas", "numpy")},
        "date": time.strftime("%Y-%m-%d"),
        "load_before": os.getloadavg()[0],
        "agencies": len(nation.numbers),
        "sheets": {name: survey.sheets for name, survey in nation.surveys.items()},
        "simulation_seconds": seconds,
        **compare(nation),
        "growth": [grown(folder, times) for times in asked.growth],
        **{name: other(name, nation) for name in asked.others},
        "load_after": os.getloadavg()[0],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(found)


def show(found: dict[str, Any]) -> None:
    """The tables of a run."""
    clock, cpu = found["seconds"], found["cpu_seconds"]
    print(f"{'what':34} {'seconds':>9} {'× floor':>8} {'cpu':>9} {'× floor':>8}")
    for name, value in clock.items():
        by_clock, by_cpu = value / clock["floor"], cpu[name] / cpu["floor"]
        print(f"{name:34} {value:9.3f} {by_clock:8.2f} {cpu[name]:9.3f} {by_cpu:8.2f}")
    names = ("seconds", "cpu", "floor", "floor_cpu", "peak_mb")
    print(f"\n{'times':>5} {'sheets':>11} {'what':12}", *(f"{name:>9}" for name in names), "× floor", "  cpu ×")
    for line in found["growth"]:
        for what, one in line["measured"].items():
            ratios = f"{one['seconds'] / one['floor']:7.2f} {one['cpu'] / one['floor_cpu']:7.2f}"
            print(f"{line['times']:5} {line['sheets']:11,} {what:12}", *(f"{one[name]:9}" for name in names), ratios)
    for name in OTHERS:
        if name in found:
            print(f"\n{name}: {json.dumps(found[name], indent=2, ensure_ascii=False)}")


def other(name: str, nation: Nation) -> dict[str, Any] | str:
    """What another file measures, or that there is none: never left out in silence."""
    if not (Path(__file__).parent / f"{name}.py").exists():
        return "not measured"
    measured: dict[str, Any] = import_module(name).measure(nation)
    return measured


def simulated(agencies: int) -> tuple[Path, float | None]:
    """A nation kept below build/; the seconds it took, or None where it was there, made by the same simulator."""
    folder = Path(f"build/bench-national-{agencies}")
    made_by = folder / "simulator.sha256"
    if made_by.exists() and made_by.read_text("ascii") == simulator():
        return folder, None
    for old in folder.parent.glob(f"{folder.name}*"):  # its multiples, too
        shutil.rmtree(old)
    began = time.perf_counter()
    write_nation(NationSpec(by_id(FRAMEWORK), agencies, 1), folder)
    seconds = round(time.perf_counter() - began, 2)
    made_by.write_text(simulator(), "ascii")
    return folder, seconds


def simulator() -> str:
    """The digest of the simulator's files."""
    room = Path(next(iter(prongsai.simulation.__path__)))
    files = sorted(path for path in room.iterdir() if path.suffix in (".py", ".yaml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def multiplied(folder: Path, times: int) -> Path:
    """The same nation several times over: copies of the sheets with other numbers of agencies and respondents."""
    if times == 1:
        return folder
    target = folder.with_name(f"{folder.name}-x{times}")
    if (target / NATION_FILE).exists():
        return target
    shutil.rmtree(target, ignore_errors=True)
    for path in (
        folder / AGENCIES_FILE,
        *(folder / "verdicts").glob("*.parquet"),
        *(folder / "sheets").glob("*/*.parquet"),
    ):
        table = pl.read_parquet(path)
        says = {key: value for key, value in pl.read_parquet_metadata(path).items() if key.startswith("prongsai")}
        for turn in range(times):
            shifted = table.with_columns(pl.col(AGENCY) + turn * 10**6)
            if RESPONDENT in table.columns:
                shifted = shifted.with_columns(pl.col(RESPONDENT) + turn * 10**8)
            if "code" in table.columns:
                shifted = shifted.with_columns(pl.col("code") + f"-{turn}")
            out = target / path.relative_to(folder).with_stem(f"{turn:03d}-{path.stem}")
            out.parent.mkdir(parents=True, exist_ok=True)
            shifted.write_parquet(out, metadata=says)
    for whole in ("", "verdicts/"):  # one file for all agencies
        for name in {path.name.partition("-")[2] for path in target.glob(f"{whole}*.parquet")}:
            parts = sorted(target.glob(f"{whole}*-{name}"))
            says = {
                key: value for key, value in pl.read_parquet_metadata(parts[0]).items() if key.startswith("prongsai")
            }
            pl.concat([pl.read_parquet(part) for part in parts]).write_parquet(target / whole / name, metadata=says)
            for part in parts:
                part.unlink()
    about = read(folder / NATION_FILE).data
    about["sheets"] = {name: count * times for name, count in about["sheets"].items()}
    (target / NATION_FILE).write_text(dump(about), "utf-8")  # last: what is not whole is made again
    return target


def compare(nation: Nation) -> dict[str, Any]:
    """Seconds of everything, in turns, so that a busy moment hits all alike; and that all counted the same."""
    from prongsai.national.compared import Asked  # here, as pandas below: what runs alone does without
    from prongsai.national.compared import compare as compared
    from prongsai.national.summary import summary

    polars, duckdb = engine("polars"), engine("duckdb")
    counted = count(nation, polars)
    with_moments = count(nation, polars, moments=True)
    scores = score_nation(nation, counted)

    def everything() -> NationScores:
        fresh = open_nation(nation.folder)
        return score_nation(fresh, count(fresh, polars))

    works: dict[str, Callable[[], Any]] = {
        "floor": lambda: floor(nation),
        "door": lambda: open_nation(nation.folder),
        "tally, ours": lambda: count(nation, polars),
        "tally, DuckDB SQL": lambda: count(nation, duckdb),
        "tally, pandas": lambda: by_pandas(nation),
        "tally, numpy": lambda: by_numpy(nation),
        "tally, polars expressions": lambda: by_expressions(nation),
        "scores at every level": lambda: score_nation(nation, counted),
        "door, tally, scores": everything,
        "summary by all groups": lambda: summary(compared(scores, counted, Asked(uncertainty=False))),
        "tally and moments, ours": lambda: count(nation, polars, moments=True),
    }
    times = in_turns(works)
    assert all(one.same(counted[name]) for name, one in count(nation, duckdb).items())
    slow = "tally and moments, DuckDB, once"  # too slow for five rounds
    by_duckdb = times.take(slow, lambda: count(nation, duckdb, moments=True))
    assert all(one.same(with_moments[name]) for name, one in by_duckdb.items())
    for peer in (by_pandas, by_numpy, by_expressions):
        assert all(np.array_equal(counts, counted[name].counts) for name, counts in peer(nation).items()), peer
    return {
        "seconds": times.seconds(),
        "cpu_seconds": times.cpu_seconds(),
        "spread": times.spread(),
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
    import pandas as pd

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


def grown(folder: Path, times: int) -> dict[str, Any]:
    """The nation several times over: each work in a process that does nothing else."""
    larger = multiplied(folder, times)
    measured = {}
    for what in WORKS:
        command = [sys.executable, __file__, "--alone", what, str(larger)]
        measured[what] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"times": times, "sheets": measured["tally"]["sheets"], "measured": measured}


def tally(nation: Nation) -> int:
    """The tally of the whole at once."""
    return sum(int(one.sheets.sum()) for one in count(nation, engine("polars")).values())


def door(nation: Nation) -> int:
    """Every value checked again."""
    return sum(survey.sheets for survey in open_nation(nation.folder).surveys.values())


def scored(nation: Nation) -> int:
    """Tally, moments and scores at every level, a nation's worth of agencies at a time."""
    sheets = 0
    for mine in nation.slices(whole_nation()):
        counted = count(mine, engine("polars"), moments=True)
        score_nation(mine, counted)
        sheets += sum(int(one.sheets.sum()) for one in counted.values())
    return sheets


WORKS: dict[str, Callable[[Nation], int]] = {"tally": tally, "door": door, "all, sliced": scored}


def in_batches(nation: Nation) -> None:
    """Read the columns that a tally needs, and nothing else."""
    for name, wanted in columns(nation).items():
        for _batch in pl.scan_parquet(list(nation.surveys[name].files)).select(wanted).collect_batches():
            pass


def alone(what: str, folder: Path) -> None:
    """In a process of its own: one work on a nation, in turns with reading the same columns in batches."""
    base = peak()
    nation = open_nation(folder)
    times, sheets = Times(), 0
    for _ in range(ROUNDS):
        times.take("floor", lambda: in_batches(nation))
        sheets = times.take("work", lambda: WORKS[what](nation))
    clock, cpu = times.seconds(3), times.cpu_seconds(3)
    medians = {"seconds": clock["work"], "cpu": cpu["work"], "floor": clock["floor"], "floor_cpu": cpu["floor"]}
    print(json.dumps({"sheets": sheets, **medians, "peak_mb": peak(), "imports_mb": base}))


def peak() -> int:
    """Peak memory of this process in MB."""
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
